"""A file (notebook, Markdown, LaTeX, plain text) -> its formulas in order, with headings and labels.

Each kind of file has a module of its own. What a formula means is decided in `reader`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePath

from .events import Closing, DocumentError, Event, Formula, Heading, Opening, Target, Unit
from .latex import read_latex
from .markdown import normal, read_markdown
from .notebook import read_notebook

__all__ = [
    "LAYOUTS",
    "Closing",
    "Document",
    "DocumentError",
    "Event",
    "Formula",
    "Heading",
    "Opening",
    "Target",
    "Unit",
    "read_document",
]

LAYOUTS = ("numerator", "denominator")


@dataclass(frozen=True)
class Document:
    """A file, read as far as its layout of formulas goes."""

    path: str
    units: tuple[Unit, ...]
    layout: str | None = None
    macros: dict[str, str] = field(default_factory=dict)


def read_document(text: str, path: str = "<text>", *, lenient: bool = False) -> Document:
    """Split a text into formulas by the kind of file that the ending of `path` tells (else Markdown).

    Raises `DocumentError` for a notebook that is not one, or an unknown layout in its metadata.
    """
    try:
        return _read(text, path, lenient)
    except RecursionError:
        raise DocumentError(f"{path}: nested too deeply") from None


def _read(text: str, path: str, lenient: bool) -> Document:
    kind = PurePath(path).suffix.lower()
    if kind == ".ipynb":
        units, layout = read_notebook(text, path, lenient=lenient)
        return Document(path, units, _checked_layout(layout, path))
    if kind == ".tex":
        unit, macros = read_latex(text)
        return Document(path, (unit,), None, macros)
    front = _FRONT_MATTER.match(normal(text))
    skip = front.end() if front else 0
    unit = read_markdown(text, lenient=lenient, plain=kind not in (".md", ".markdown"), skip=skip)
    return Document(path, (unit,), _checked_layout(_layout(front[1]) if front else None, path))


def _checked_layout(layout: object, path: str) -> str | None:
    for known in LAYOUTS:
        if layout == known:
            return known
    if layout is None:
        return None
    raise DocumentError(f"{path}: layout {layout!r}; expected {' or '.join(LAYOUTS)}")


_FRONT_MATTER = re.compile(  # a key, a comment or nothing stands on its first line
    r"\A\ufeff?---[ \t]*\n(?=[ \t]*(?:[\w\"'.-]+[ \t]*:|[#{]|---|\.\.\.))(.*?)^(?:---|\.\.\.)[ \t]*$\n?",
    re.DOTALL | re.MULTILINE,
)
_OURS = re.compile(r"[ \t]*matproof:[ \t]*(.*)")
_LAYOUT = re.compile(r"(?:^|[{,\s])layout:[ \t]*['\"]?([\w-]+)")


def _layout(front: str) -> str | None:
    """matproof: {layout: ...}, on one line or on two."""
    ours = False
    for line in front.split("\n"):
        own = _OURS.match(line)
        ours = bool(own) or (ours and line.startswith((" ", "\t")))
        if ours and (found := _LAYOUT.search(own[1] if own else line)):
            return found[1]
    return None

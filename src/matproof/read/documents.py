"""A file (notebook, Markdown, LaTeX, plain text) -> its formulas in order, with headings and labels.

Each kind of file has a module of its own. What a formula means is decided in `reader`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from .events import Closing, DocumentError, Event, Formula, Heading, Inclusion, Macro, Opening, Target, Unit
from .files import find_included, read_text
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
    "Macro",
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


def read_document(
    text: str, path: str = "<text>", *, lenient: bool = False, folder: Path | None = None
) -> Document:
    """Split a text into formulas by the kind of file that the ending of `path` tells (else Markdown).

    What a LaTeX document includes is looked for in `folder` and below it; without one, nothing is included.
    Raises `DocumentError` for a notebook that is not one, or an unknown layout in its metadata.
    """
    try:
        return _read(text, path, lenient, folder)
    except RecursionError:
        raise DocumentError(f"{path}: nested too deeply") from None


def _read(text: str, path: str, lenient: bool, folder: Path | None) -> Document:
    kind = PurePath(path).suffix.lower()
    if kind == ".ipynb":
        units, layout = read_notebook(text, path, lenient=lenient)
        return Document(path, units, _checked_layout(layout, path))
    if kind == ".tex":
        return Document(path, tuple(_with_inclusions(read_latex(text), folder, [])))
    front = _FRONT_MATTER.match(normal(text))
    skip = front.end() if front else 0
    unit = read_markdown(text, lenient=lenient, plain=kind not in (".md", ".markdown"), skip=skip)
    return Document(path, (unit,), _checked_layout(_layout(front[1]) if front else None, path))


MAX_INCLUSIONS = 200  # of one document


def _with_inclusions(unit: Unit, folder: Path | None, seen: list[Path]) -> Iterator[Unit]:
    """A unit, cut where it includes another file; each file is included once."""
    events: list[Event] = []
    for event in unit.events:
        file = find_included(event.name, folder) if isinstance(event, Inclusion) and folder else None
        if file is None or folder is None or file.resolve() in seen or len(seen) >= MAX_INCLUSIONS:
            events.append(event)
            continue
        seen.append(file.resolve())
        yield replace(unit, events=tuple(events))
        inner = replace(read_latex(read_text(file)), path=str(file))
        yield from _with_inclusions(inner, folder, seen)
        events = []
    yield replace(unit, events=tuple(events))


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

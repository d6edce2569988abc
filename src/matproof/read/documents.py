r"""A file (notebook, Markdown, LaTeX, plain text) -> its formulas in order, with headings and labels.

Code, comments and options are blanked out first, character for character, so that every offset stays valid;
one pass over what is left finds the formulas. What a formula means is decided in `reading`.
"""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from pathlib import PurePath

LAYOUTS = ("numerator", "denominator")


class DocumentError(ValueError):
    """A file that cannot be read at all."""


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 6."""

    start: int
    level: int
    text: str


@dataclass(frozen=True)
class Opening:
    """The beginning of a directive or environment, such as a theorem."""

    start: int
    name: str
    label: str | None
    argument: str


@dataclass(frozen=True)
class Closing:
    """The end of the innermost open directive."""

    start: int


@dataclass(frozen=True)
class Target:
    """(label)= on a line of its own."""

    start: int
    label: str


@dataclass(frozen=True)
class Formula:
    """Mathematics from `start` to `end`; `problem` says why it cannot be read (a missing delimiter)."""

    start: int
    end: int
    display: bool
    label: str | None = None
    problem: str = ""


Event = Heading | Opening | Closing | Target | Formula


@dataclass(frozen=True)
class Unit:
    """The text of a file, or of one cell of a notebook (counted from 1), and the events in it."""

    text: str
    events: tuple[Event, ...]
    cell: int | None = None

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.text.split("\n"))][:-1]

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return bisect.bisect_right(self._line_starts, offset)

    def row(self, offset: int) -> tuple[str, int]:
        """The line around an offset, without its end, and where it starts."""
        start = self._line_starts[self.line(offset) - 1]
        return self.text[start:].split("\n", 1)[0].rstrip("\r"), start


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
    kind = PurePath(path).suffix.lower()
    if kind == ".ipynb":
        return _read_notebook(text, path, lenient)
    if kind == ".tex":
        masked, macros = _mask_latex(text)
        events = sorted(
            [*_latex_structure(masked), *_Scanner(masked).formulas()], key=lambda event: event.start
        )
        return Document(path, (Unit(text, tuple(events)),), None, macros)
    return Document(path, (_read_markdown(text, lenient),), _front_matter_layout(text, path))


# ----------------------------------------------------------------------------------------- notebooks


def _read_notebook(text: str, path: str, lenient: bool) -> Document:
    try:
        notebook = json.loads(text)
        cells = [(number, cell) for number, cell in enumerate(notebook["cells"], start=1)]
        sources = [
            (number, "".join(cell["source"])) for number, cell in cells if cell["cell_type"] == "markdown"
        ]
        settings = notebook.get("metadata", {}).get("matproof", {})
        layout = settings.get("layout")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DocumentError(f"{path}: not a notebook ({type(error).__name__}: {error})") from None
    units = tuple(_read_markdown(source, lenient, number) for number, source in sources)
    return Document(path, units, _checked_layout(layout, path))


def _checked_layout(layout: object, path: str) -> str | None:
    if layout is not None and layout not in LAYOUTS:
        raise DocumentError(f"{path}: layout {layout!r}; expected {' or '.join(LAYOUTS)}")
    return layout


_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_LAYOUT = re.compile(  # matproof: {layout: ...}, on one line or on two
    r"^[ \t]*matproof:[ \t]*(?:\{[^}\n]*?|\n(?:[ \t]+\w+:.*\n)*?[ \t]+)layout:[ \t]*['\"]?([\w-]+)", re.M
)


def _front_matter_layout(text: str, path: str) -> str | None:
    front = _FRONT_MATTER.match(text)
    found = _LAYOUT.search(front[1]) if front else None
    return _checked_layout(found[1], path) if found else None


# ------------------------------------------------------------------------------------------ Markdown

_FENCE = re.compile(r"[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(`{3,}|~{3,}|:{3,})[ \t]*(.*?)[ \t]*$")
_DIRECTIVE = re.compile(r"\{([\w:.+-]+)\}[ \t]*(.*)$")
_OPTION = re.compile(r"[ \t]*:([\w-]+):[ \t]*(.*?)[ \t]*$")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")
_TARGET = re.compile(r"[ \t]*\(([^()\s]+)\)=[ \t]*$")
_CODE = {
    "code-cell", "code-block", "code", "sourcecode", "literalinclude", "raw", "mermaid", "graphviz",
    "eval-rst", "bibliography", "toctree", "include", "tableofcontents",
}  # fmt: skip


@dataclass
class _Fence:
    mark: str
    kind: str  # code, math or text
    start: int = 0
    label: str | None = None


class _MarkdownLines:
    """Line by line: fences, options, headings, targets. `masked` keeps what may contain formulas."""

    def __init__(self, text: str) -> None:
        self.events: list[Event] = []
        self.fences: list[_Fence] = []
        self.masked: list[str] = []
        self.options = False  # directly behind the first line of a directive
        at = 0
        front = _FRONT_MATTER.match(text)
        for line in text.splitlines(keepends=True):
            hidden = bool(front and at < front.end()) or self._hides(line, at)
            self.masked.append(_blank(line) if hidden else line)
            at += len(line)
        self._close_all(at)

    def _hides(self, line: str, at: int) -> bool:
        """Note what the line says about structure; True if no formula can stand in it."""
        bare = line.rstrip("\r\n")
        fence = _FENCE.match(bare)
        inside = self.fences[-1] if self.fences else None
        if (
            inside
            and fence
            and not fence[2]
            and fence[1][0] == inside.mark[0]
            and len(fence[1]) >= len(inside.mark)
        ):
            self._close(at)
            return True
        if inside and inside.kind == "code":
            return True
        if self.options and self._option(bare):
            if inside.kind == "math":
                inside.start = at + len(line)
            return True
        self.options = False
        if inside and inside.kind == "math":
            return True
        if fence and (fence[2] or fence[1][0] != ":"):
            return self._open(fence, at, at + len(line))
        return self._mark(bare, at)

    def _option(self, bare: str) -> bool:
        option = _OPTION.match(bare)
        if option and option[1] in ("label", "name"):
            self.fences[-1].label = option[2]
            if self.events and isinstance(self.events[-1], Opening):
                opened = self.events.pop()
                self.events.append(Opening(opened.start, opened.name, option[2], opened.argument))
        return bool(option)

    def _open(self, fence: re.Match, at: int, after: int) -> bool:
        directive = _DIRECTIVE.match(fence[2])
        name = directive[1] if directive else ""
        if fence[1][0] != ":" and (not directive or name in _CODE):
            kind = "code"
        else:
            kind = "code" if name in _CODE else "math" if name == "math" else "text"
        self.fences.append(_Fence(fence[1], kind, after))
        self.options = kind != "code"
        if kind == "text":
            self.events.append(Opening(at, name, None, directive[2].strip() if directive else fence[2]))
        # the title of a theorem may contain a formula
        return kind != "text"

    def _close(self, at: int) -> None:
        fence = self.fences.pop()
        self.options = False
        if fence.kind == "math":
            self.events.append(Formula(fence.start, max(at, fence.start), True, fence.label))
        elif fence.kind == "text":
            self.events.append(Closing(at))

    def _close_all(self, at: int) -> None:
        while self.fences:
            self._close(at)

    def _mark(self, bare: str, at: int) -> bool:
        if heading := _HEADING.match(bare):
            self.events.append(Heading(at, len(heading[1]), heading[2]))
        elif target := _TARGET.match(bare):
            self.events.append(Target(at, target[1]))
            return True
        return bare.startswith("%")


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)


def _read_markdown(text: str, lenient: bool, cell: int | None = None) -> Unit:
    lines = _MarkdownLines(text)
    masked = "".join(lines.masked)
    formulas = list(_Scanner(masked).formulas())
    if lenient:
        formulas.extend(_bare_formulas(masked, formulas))
    events = sorted([*lines.events, *formulas], key=lambda event: event.start)
    return Unit(text, tuple(events), cell)


# ------------------------------------------------------------------------------------------- formulas

_DISPLAYS = (
    r"(?:equation|align|alignat|gather|multline|eqnarray|flalign|displaymath|math|aligned|gathered|split)\*?"
)
_START = re.compile(
    rf"""(?P<comment><!--) | (?P<role>\{{math\}}`) | (?P<code>`+) | (?P<escape>\\[\\$`]) | (?P<dollars>\$\$)
       | (?P<dollar>\$) | (?P<bracket>\\\[) | (?P<round>\\\() | \\begin\{{(?P<environment>{_DISPLAYS})\}}""",
    re.VERBOSE,
)
_EQUATION_LABEL = re.compile(r"[ \t]*\(([\w:.+-]+)\)[ \t]*$", re.MULTILINE)
_LATEX_LABEL = re.compile(r"\\label\{([^}]*)\}")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n|\Z")


class _Scanner:
    """Formulas of a masked text, left to right. What is missing once is not searched for again."""

    def __init__(self, masked: str) -> None:
        self.masked = masked
        self.missing: dict[str, int] = {}
        self.paragraph = (0, -1)  # the part of the text whose end is known

    def find(self, closing: str, start: int, end: int | None = None) -> int:
        """Like `str.find`, but each hopeless search is made only once."""
        end = len(self.masked) if end is None else end
        if self.missing.get(closing, -1) >= end:
            return -1
        found = self.masked.find(closing, start, end)
        if found < 0:
            self.missing[closing] = max(end, self.missing.get(closing, -1))
        return found

    def paragraph_end(self, start: int) -> int:
        if not self.paragraph[0] <= start <= self.paragraph[1]:
            self.paragraph = (start, _PARAGRAPH_END.search(self.masked, start).start())
        return self.paragraph[1]

    def formulas(self) -> Iterator[Formula]:
        at = 0
        while match := _START.search(self.masked, at):
            formula, at = self._read(match)
            if formula:
                yield formula

    def _read(self, match: re.Match) -> tuple[Formula | None, int]:
        kind, start = match.lastgroup, match.end()
        if kind == "escape":
            return None, start
        if kind == "comment":
            end = self.find("-->", start)
            return None, end + 3 if end >= 0 else len(self.masked)
        if kind == "code":
            return None, self._code_end(match[0], start)
        if kind == "role":
            return self._closed(start, "`", False, "{math}`")
        if kind == "dollar":
            return self._dollar(start)
        if kind == "environment":
            return self._environment(match)
        closing = {"dollars": "$$", "bracket": r"\]", "round": r"\)"}[kind]
        return self._closed(start, closing, kind != "round", match[0])

    def _code_end(self, ticks: str, start: int) -> int:
        """Code reaches to the next run of equally many backticks; without one, the backticks are text."""
        run = re.compile(rf"(?<!`){ticks}(?!`)")
        if self.missing.get(ticks, -1) >= len(self.masked):
            return start
        end = run.search(self.masked, start)
        if end is None:
            self.missing[ticks] = len(self.masked)
        return end.end() if end else start

    def _closed(self, start: int, closing: str, display: bool, opening: str) -> tuple[Formula, int]:
        end = self.find(closing, start)
        if end < 0:
            end = self.paragraph_end(start)
            return Formula(start, end, display, problem=f"{opening} without {closing}"), end
        after = end + len(closing)
        label = _EQUATION_LABEL.match(self.masked, after) if display else None
        inner = _LATEX_LABEL.search(self.masked, start, end) if display else None
        name = label[1] if label else inner[1] if inner else None
        return Formula(start, end, display, name), label.end() if label else after

    def _dollar(self, start: int) -> tuple[Formula | None, int]:
        """$...$ within a paragraph; a lone dollar sign matters only if an equals sign follows it."""
        end = start
        limit = self.paragraph_end(start)
        while (end := self.masked.find("$", end, limit)) >= 0:
            if not _is_escaped(self.masked, end):
                return Formula(start, end, False), end + 1
            end += 1
        if "=" in self.masked[start:limit]:
            return Formula(start, limit, False, problem="$ without $"), limit
        return None, limit

    def _environment(self, match: re.Match) -> tuple[Formula, int]:
        name = match["environment"]
        closing = rf"\end{{{name}}}"
        end = self.find(closing, match.end())
        if end < 0:
            end = self.paragraph_end(match.end())
            return Formula(match.start(), end, True, problem=rf"\begin{{{name}}} without {closing}"), end
        label = _LATEX_LABEL.search(self.masked, match.end(), end)
        return Formula(match.start(), end + len(closing), True, label[1] if label else None), end + len(
            closing
        )


def _is_escaped(text: str, place: int) -> bool:
    before = 0
    while place - before > 0 and text[place - before - 1] == "\\":
        before += 1
    return before % 2 == 1


_PRINTABLE = re.compile(r"[\x20-\x7e]+")
_ANY_COMMAND = re.compile(r"\\[A-Za-z]")


def _bare_formulas(masked: str, formulas: list[Formula]) -> Iterator[Formula]:
    """Lenient mode: LaTeX with an equals sign on a line of its own, without delimiters."""
    parts, at = [], 0
    for formula in formulas:
        parts += [masked[at : formula.start], _blank(masked[formula.start : formula.end])]
        at = formula.end
    for match in _PRINTABLE.finditer("".join([*parts, masked[at:]])):
        if "=" in match[0] and _ANY_COMMAND.search(match[0]) and "$" not in match[0] and "`" not in match[0]:
            yield Formula(match.start(), match.end(), True)


# --------------------------------------------------------------------------------------------- LaTeX

MAX_MACRO = 2_000  # characters in the body of a macro
_COMMENT = re.compile(r"(?<!\\)%.*")
_VERBATIM = re.compile(r"\\begin\{(verbatim|lstlisting|minted|comment)\*?\}.*?\\end\{\1\*?\}", re.DOTALL)
_MACRO = re.compile(
    r"\\(?:(?:re)?newcommand\*?|providecommand\*?|def)\s*(?:\{(\\[A-Za-z]+)\}|(\\[A-Za-z]+))\s*(?=\{)"
)
_OPERATOR = re.compile(r"\\DeclareMathOperator\*?\s*\{?(\\[A-Za-z]+)\}?\s*\{([A-Za-z]+)\}")
_SECTIONS = {"part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5}
_THEOREMS = "theorem|lemma|proposition|corollary|definition|example|remark|exercise|solution|proof"
_LATEX_STRUCTURE = re.compile(
    rf"\\(?P<section>{'|'.join(_SECTIONS)})\*?\s*(?:\[[^\]]*\])?\{{(?P<title>[^}}]*)\}}"
    rf"|\\begin\{{(?P<begin>{_THEOREMS})\*?\}}(?P<rest>(?:\[[^\]]*\])?(?:\s*\\label\{{[^}}]*\}})?)"
    rf"|\\end\{{(?P<end>{_THEOREMS})\*?\}}"
)


def _mask_latex(text: str) -> tuple[str, dict[str, str]]:
    """Blank comments, verbatim text and the preamble; collect the macros without arguments."""
    masked = _VERBATIM.sub(lambda match: _blank(match[0]), text)
    masked = _COMMENT.sub(lambda match: _blank(match[0]), masked)
    macros = {match[1]: rf"\operatorname{{{match[2]}}}" for match in _OPERATOR.finditer(masked)}
    parts, at = [], 0
    for match in _MACRO.finditer(masked):
        body_end = _matching_brace(masked, match.end())
        if body_end and match.start() >= at:
            macros[match[1] or match[2]] = masked[match.end() + 1 : body_end - 1]
            parts += [masked[at : match.start()], _blank(masked[match.start() : body_end])]
            at = body_end
    masked = "".join([*parts, masked[at:]])
    begin = masked.find(r"\begin{document}")
    return (_blank(masked[:begin]) + masked[begin:] if begin >= 0 else masked), macros


def _matching_brace(text: str, start: int) -> int:
    depth = 0
    for place in range(start, min(start + MAX_MACRO, len(text))):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    return 0


def _latex_structure(masked: str) -> Iterator[Event]:
    for match in _LATEX_STRUCTURE.finditer(masked):
        if match["section"]:
            yield Heading(match.start(), _SECTIONS[match["section"]], match["title"])
        elif match["begin"]:
            label = _LATEX_LABEL.search(match["rest"])
            kind = match["begin"]
            name = kind if kind in ("exercise", "solution") else f"prf:{kind}"
            yield Opening(match.start(), name, label[1] if label else None, "")
        else:
            yield Closing(match.start())

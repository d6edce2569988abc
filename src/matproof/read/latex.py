"""LaTeX -> its formulas and structure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .events import Closing, Event, Formula, Heading, Opening, Unit, blank, in_order

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
    masked = _VERBATIM.sub(lambda match: blank(match[0]), text)
    masked = _COMMENT.sub(lambda match: blank(match[0]), masked)
    macros = {match[1]: rf"\operatorname{{{match[2]}}}" for match in _OPERATOR.finditer(masked)}
    parts, at = [], 0
    for match in _MACRO.finditer(masked):
        body_end = _matching_brace(masked, match.end())
        if body_end and match.start() >= at:
            macros[match[1] or match[2]] = masked[match.end() + 1 : body_end - 1]
            parts += [masked[at : match.start()], blank(masked[match.start() : body_end])]
            at = body_end
    masked = "".join([*parts, masked[at:]])
    begin = masked.find(r"\begin{document}")
    return (blank(masked[:begin]) + masked[begin:] if begin >= 0 else masked), macros


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


def read_latex(text: str) -> tuple[Unit, dict[str, str]]:
    """The formulas of a text, and its macros."""
    masked, macros = _mask_latex(text)
    return Unit(text, in_order([*_latex_structure(masked), *_Scanner(masked).formulas()])), macros

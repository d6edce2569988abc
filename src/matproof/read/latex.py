r"""LaTeX -> its formulas and structure, in one pass from left to right.

What TeX does not print is left out: comments, verbatim text, addresses, the preamble. Braces and environments
are counted, so that a dollar sign within \text{...} does not end a formula. An environment that nobody knows
is taken for text; an equals sign in it, outside of formulas, is noted as unreadable.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

from .environments import DISPLAYS, THEOREMS, VERBATIM, is_text
from .events import Closing, Heading, Inclusion, Opening, Unit, blank, in_order
from .excerpt import Excerpt
from .macros import group, read_macro
from .markdown import normal
from .writer import RELATION, Stretch, Writer

_TOKEN = re.compile(
    r"""(?P<comment>%[^\n]*)
      | (?P<paragraph>\n[ \t]*(?=\n))
      | \\(?P<edge>begin|end)\s*\{\s*(?P<name>[^{}\s]*)\s*\}
      | (?P<verb>\\(?:verb|lstinline|mintinline)(?![A-Za-z]))
      | (?P<command>\\(?:[A-Za-z@]+|.|\Z))
      | (?P<dollars>\$\$) | (?P<dollar>\$) | (?P<open>\{) | (?P<close>\})""",
    re.VERBOSE | re.DOTALL,
)
_SECTIONS = {"part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5}
_HIDDEN = {  # commands whose arguments are not printed, or not as they stand
    "url", "href", "path", "nolinkurl", "label", "ref", "eqref", "cref", "Cref", "autoref", "pageref",
    "cite", "citep", "citet", "parencite", "textcite", "includegraphics", "usepackage", "documentclass",
    "bibliography", "bibliographystyle", "addbibresource", "hypersetup", "lstset", "setlength",
    "vspace", "hspace", "pagestyle", "geometry", "graphicspath", "RequirePackage", "tikzset",
    "usetikzlibrary", "definecolor", "color", "textcolor", "hyperref", "captionsetup", "sisetup",
}  # fmt: skip
MAX_TITLE = 500  # characters
_ARGUMENT = re.compile(r"\s*(?:\[[^\[\]]*\]|\{[^{}]*\})")
_OPTIONS = re.compile(r"\s*\[(?:[^\[\]{}]|\{[^{}]*\})*\]")
_SECTION = re.compile(r"\*?\s*(?:\[[^\]]*\])?\s*(?=\{)")
_VERB_OPTIONS = re.compile(r"\*?(?:\[[^\]]*\])?(?:(?<=e)\{[^{}]*\}(?=\S))?")
_LABELLED = re.compile(r"(?:\s*\[[^\]]*\])?(?:\s|%[^\n]*\n)*\\label\s*\{([^}]*)\}")
_INPUT = re.compile(r"\s*\{([^{}]*)\}|\s+([^\s\\{}%]+)")
_SIGN = re.compile(RELATION)
_WRAPPED = {  # these stay around their formula
    "equation", "align", "gather", "multline", "eqnarray", "flalign", "displaymath", "math", "aligned",
    "gathered", "split", "cases", "array",
}  # fmt: skip
_ARGUMENTS = {"alignat": 1, "alignedat": 1, "xalignat": 1, "xxalignat": 1, "IEEEeqnarray": 1, "empheq": 1}
_DIGIT = re.compile(r"[ \t]*\n?[ \t]*\d")  # TeX takes it for the argument where there are no braces
_CLOSERS = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}
_ENVIRONMENT_MAKERS = {r"\newenvironment", r"\renewenvironment", r"\NewDocumentEnvironment"}
_BOX_MAKERS = {"\\newtheorem", "\\newtcolorbox", "\\newtcbtheorem", "\\newmdenv", "\\declaretheorem"}


def read_latex(text: str) -> Unit:
    """The formulas, boxes, headings, macros and inclusions of a text."""
    source = normal(text)
    reader = _Reader(source)
    reader.read()
    return Unit(text, in_order(reader.events), None, "".join(reader.shown))


@dataclass
class _Mathematics:
    """A formula that is being read; `braces` and `inner` count what is open in it."""

    start: int
    inner: int
    closing: str  # "$", "\\)", ..., "}" or the name of an environment
    display: bool
    braces: int = 0
    same: int = 0


class _Reader(Writer):
    """Walks through the tokens; `math` is the formula that is open."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.source, self.at = source, 0
        self.stretches: list[Stretch] = []
        self.math: _Mathematics | None = None
        self.comments: deque[tuple[int, int]] = deque()  # in formulas
        self.unknown: list[tuple[str, int]] = []  # environments that are open, and known to nobody
        self.regions: list[tuple[int, int, str]] = []
        self.boxes: dict[str, str] = {name: name for name in THEOREMS}
        self.displays: set[str] = set(DISPLAYS)
        self.lasts: dict[str, int] = {}
        begin = re.search(r"^[^%\n]*\\begin\s*\{document\}", source, re.MULTILINE)
        self.begin = begin.end() if begin else 0

    def read(self) -> None:
        for match in iter(lambda: _TOKEN.search(self.source, self.at), None):
            self.at = match.end()
            if self.math:
                self.in_math(match, self.math)
            elif self.begin > match.start():
                self.in_preamble(match)
            else:
                self.in_text(match)
        if self.math:
            self.unclosed(self.math, len(self.source))
        self.regions += [(start, len(self.source), name) for name, start in self.unknown[:1]]
        self.write()

    def write(self) -> None:
        """Note all formulas, and the equals signs that stand in environments that nobody knows."""
        rest = self.passage(Excerpt(self.source), self.stretches)
        gaps = deque(rest)
        for start, end, name in self.regions:
            while gaps and gaps[0][0] < end:
                low, high = gaps.popleft()
                part = (max(low, start), min(high, end))
                if part[0] < part[1] and _SIGN.search(self.source, *part):
                    self.formula(Excerpt(self.source), *part, True, problem=f"the environment {name}")
                if high > end:  # the rest of the gap stands behind the environment
                    gaps.appendleft((end, high))

    def hide(self, start: int, end: int) -> None:
        self.stretches.append(Stretch(start, end, "hidden"))
        self.at = end

    # ---------------------------------------------------------------------------------- text

    def in_preamble(self, match: re.Match[str]) -> None:
        """Only what is defined matters."""
        if match["command"]:
            self.definition(match)

    def in_text(self, match: re.Match[str]) -> None:
        start = match.start()
        if match["comment"]:
            self.hide(start, match.end())
        elif match["verb"]:
            self.verb(start)
        elif match["edge"] == "begin":
            self.begins(match, match["name"])
        elif match["edge"] == "end":
            self.ends(match, match["name"])
        elif match[0] in _CLOSERS:
            self.opens(_Mathematics(start, match.end(), _CLOSERS[match[0]], match[0] in ("$$", r"\[")))
        elif match["command"] and not self.definition(match):
            self.command(match)

    def command(self, match: re.Match[str]) -> None:
        name = match[0]
        section = _SECTION.match(self.source, self.at) if name[1:] in _SECTIONS else None
        if name == r"\ensuremath" and self.source.startswith("{", self.at):
            self.at += 1
            self.opens(_Mathematics(match.start(), self.at, "}", False))
        elif section and (title := group(self.source, section.end(), MAX_TITLE)):
            self.events.append(Heading(match.start(), _SECTIONS[name[1:]], title[0]))
        elif name == r"\iffalse":
            end = self.source.find(r"\fi", self.at + 1)
            self.hide(match.start(), end if end >= 0 else len(self.source))
        elif name in (r"\input", r"\include", r"\subfile") and (file := _INPUT.match(self.source, self.at)):
            self.events.append(Inclusion(match.start(), (file[1] or file[2]).strip()))
            self.hide(match.start(), file.end())
        elif name[1:] in _HIDDEN:
            end = self.at
            for _ in range(1 if name in (r"\href", r"\textcolor", r"\hyperref") else 3):
                options = _OPTIONS.match(self.source, end)
                found = _ARGUMENT.match(self.source, options.end() if options else end)
                end = found.end() if found else options.end() if options else end
            self.hide(match.start(), end)

    def verb(self, start: int) -> None:
        r"""\verb|...|, to the same character on the same line."""
        options = _VERB_OPTIONS.match(self.source, self.at)
        at = options.end() if options else self.at
        closing = {"{": "}"}.get(self.source[at : at + 1], self.source[at : at + 1])
        line = self.source.find("\n", at)
        end = self.source.find(closing, at + 1, line if line >= 0 else len(self.source)) if closing else -1
        self.hide(start, end + 1 if end >= 0 else self.at)

    def begins(self, match: re.Match[str], name: str) -> None:
        plain = name.rstrip("*")
        if plain in VERBATIM:
            end = re.compile(rf"\\end\s*\{{\s*{re.escape(name)}\s*\}}").search(self.source, self.at)
            self.hide(match.start(), end.end() if end else len(self.source))
        elif plain in self.displays:
            inner = self.display_start(match, plain)
            self.opens(_Mathematics(match.start(), inner, name, True))
        elif plain in self.boxes:
            label = _LABELLED.match(self.source, self.at)
            kind = self.boxes[plain]
            box = kind if kind in ("exercise", "solution") else f"prf:{kind}"
            self.events.append(Opening(match.start(), box, label[1] if label else None, ""))
        elif not is_text(name):
            if (
                not self.unknown
                and (options := _OPTIONS.match(self.source, self.at))
                and "$" not in options[0]
            ):
                self.hide(options.start(), options.end())
            self.unknown.append((name, match.start()))

    def display_start(self, match: re.Match[str], name: str) -> int:
        """Where the formula starts: with its environment, or behind that and its options."""
        at = self.at
        if name in _WRAPPED:
            return match.start()
        if option := _OPTIONS.match(self.source, at):
            at = option.end()
        for _ in range(_ARGUMENTS.get(name.rstrip("*"), 0)):
            argument = _ARGUMENT.match(self.source, at) or _DIGIT.match(self.source, at)
            at = argument.end() if argument else at
        return at

    def ends(self, match: re.Match[str], name: str) -> None:
        if name.rstrip("*") in self.boxes:
            self.events.append(Closing(match.start()))
        elif name == "document":
            self.hide(match.start(), len(self.source))
        elif self.unknown and name in (known for known, _ in self.unknown[-20:]):
            while self.unknown:
                last, start = self.unknown.pop()
                if not self.unknown:
                    self.regions.append((start, match.start(), last))
                if last == name:
                    break

    def definition(self, match: re.Match[str]) -> bool:
        """A macro or an environment that the document defines; such a definition is not printed."""
        name = match[0]
        if name in _ENVIRONMENT_MAKERS or name in _BOX_MAKERS:
            return self.environment(match)
        found = read_macro(self.source, match.start())
        if not found:
            return False
        self.events.append(found[0])
        self.hide(match.start(), found[1])
        return True

    def environment(self, match: re.Match[str]) -> bool:
        r"""\newenvironment{name}[1]{...}{...}, \newtheorem{name}[counter]{Title}"""
        at = re.compile(r"\*?(?:\s*\[[^\]]*\])?").match(self.source, self.at)
        name = group(self.source, at.end() if at else self.at)
        if not name:
            return False
        parts, end = [], name[1]
        for _ in range(4):
            options = _OPTIONS.match(self.source, end)
            end = options.end() if options else end
            if found := group(self.source, end):
                parts.append(found[0])
                end = found[1]
        plain = name[0].strip().rstrip("*")
        opening = re.search(r"\\begin\s*\{([A-Za-z]+)\*?\}|\$\$|\\\[", parts[0] if parts else "")
        if match[0] in _BOX_MAKERS:
            title = parts[0].strip().lower() if parts else plain
            self.boxes[plain] = title if title in THEOREMS else plain
        elif opening and (opening[1] is None or opening[1] in self.displays):
            self.displays.add(plain)
        self.hide(match.start(), end)
        return True

    # ------------------------------------------------------------------------------ mathematics

    def opens(self, math: _Mathematics) -> None:
        self.math = math
        if not self.is_closed(math):
            limit = re.compile(r"\n[ \t]*\n|\Z").search(self.source, math.inner)
            self.unclosed(math, limit.start() if limit else len(self.source))

    def is_closed(self, math: _Mathematics) -> bool:
        """Whether what closes it comes at all; the last place of each is found once."""
        if math.closing in ("$", "}"):
            return True  # it ends with its paragraph
        if math.closing not in self.lasts:
            closing = re.escape(math.closing)
            pattern = closing if math.closing in _CLOSERS.values() else rf"\\end\s*\{{\s*{closing}\s*\}}"
            places = [found.start() for found in re.finditer(pattern, self.source)]
            self.lasts[math.closing] = places[-1] if places else -1
        return self.lasts[math.closing] >= math.inner

    def unclosed(self, math: _Mathematics, end: int) -> None:
        """A formula that is not closed; it matters only if an equals sign is in it."""
        opening = self.source[math.start : math.inner] or self.source[math.start : math.start + 20]
        if _SIGN.search(self.source, math.start, end):
            problem = f"{opening.strip()} without its end"
            kind = "display" if math.display else "inline"
            self.stretches.append(Stretch(math.start, end, kind, (math.start, end), problem))
        self.math, self.at = None, end

    def in_math(self, match: re.Match[str], math: _Mathematics) -> None:
        text = match[0]
        if match["comment"]:
            self.comments.append(match.span())
        elif match["paragraph"] and math.closing in ("$", "}"):
            self.unclosed(math, match.start())
        elif match["open"]:
            math.braces += 1
        elif match["close"]:
            if math.closing == "}" and math.braces == 0:
                self.closes(math, match.start(), match.end())
            math.braces = max(math.braces - 1, 0)
        elif match["edge"]:
            self.nested(match, math)
        elif math.braces == 0 and match["dollars"] and math.closing == "$":
            self.closes(math, match.start(), match.start() + 1)  # two formulas side by side
        elif math.braces == 0 and text == math.closing:
            self.closes(math, match.start(), match.end())
        elif match["command"] and (found := read_macro(self.source, match.start())):
            self.at = found[1]

    def nested(self, match: re.Match[str], math: _Mathematics) -> None:
        if match["name"] != math.closing:
            return
        if match["edge"] == "begin":
            math.same += 1
        elif math.same:
            math.same -= 1
        else:
            wrapped = math.inner == math.start
            self.closes(math, match.end() if wrapped else match.start(), match.end())

    def closes(self, math: _Mathematics, end: int, after: int) -> None:
        kind = "display" if math.display else "inline"
        self.stretches.append(Stretch(math.start, after, kind, (math.inner, end)))
        self.math, self.at = None, after

    def show(self, part: Excerpt, start: int, end: int) -> None:
        super().show(part, start, end)
        while self.comments and self.comments[0][1] <= end:
            low, high = self.comments.popleft()
            if low >= start:
                self.shown[low:high] = blank(self.source[low:high])

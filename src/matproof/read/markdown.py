r"""Markdown, as MyST reads it, -> its formulas, headings, directives and targets.

The parser is markdown-it-py with the plugins of MyST; what MyST shows as a formula is read as one, and so is
what other renderers take for one: `$$` in the middle of a line, \( \), \[ \], environments, ```math. The
contents of directives are parsed again, as MyST does.
"""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin

from .environments import is_display, is_text
from .events import Closing, Heading, Opening, Target, Unit, blank, in_order
from .excerpt import Excerpt
from .writer import RELATION, Stretch, Writer

MAX_NESTING = 30  # of quotes and lists
MAX_DIRECTIVES = 8  # directives within directives
MAX_CALLS = 60  # of rules, beyond which markdown-it would go on in silence

_HIDDEN = {
    "code-cell", "code-block", "code", "sourcecode", "literalinclude", "raw", "mermaid", "graphviz",
    "bibliography", "toctree", "include", "tableofcontents",
}  # fmt: skip
_DIRECTIVE = re.compile(r"\{([\w:.+-]+)\}[ \t]*(.*)", re.DOTALL)
_OPTION = re.compile(r"([ \t]*:([\w-]+):[ \t]*)(.*)", re.DOTALL)
_RULED = re.compile(r"-{3,}[ \t]*\Z")
_RST_MATH = re.compile(r":math(?:role)?:`|\.\.[ \t]+math::")
_BEGIN = re.compile(r"\\begin\s*\{([A-Za-z]+\*?)\}")
_LEFT_OPEN = re.compile(r"(?<!\\)\$\$?|\\[(\[]|\\begin\s*\{([A-Za-z]+\*?)\}")
_HTML = re.compile(
    r"<!--(?:-?>|.*?(?:-->|\Z))|<(script|style|pre|textarea)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_PRINTABLE = re.compile(r"[\x20-\x7e]+")
_COMMAND = re.compile(r"\\[A-Za-z]")


def normal(text: str) -> str:
    """The text with one kind of line ends, every character at its place."""
    return text.replace("\r\n", " \n").replace("\r", "\n").replace("\0", "\ufffd")


def read_markdown(
    text: str, *, cell: int | None = None, lenient: bool = False, plain: bool = False, skip: int = 0
) -> Unit:
    """Cut a text (or a cell of a notebook) whose first `skip` characters are front matter.

    In `plain` text nothing is code by its indentation, and a line of equals signs underlines nothing.
    """
    source = normal(text)
    reader = _Reader(blank(source[:skip]) + source[skip:], plain)
    reader.blocks(Excerpt(reader.source), 0)
    if lenient:
        reader.bare_formulas()
    return Unit(text, in_order(reader.events), cell, "".join(reader.shown))


# ---------------------------------------------------------------------------------------- the parser


InlineRule = Callable[[StateInline, bool], bool]
BlockRule = Callable[[StateBlock, int, int, bool], bool]


@cache
def _parser(plain: bool) -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": MAX_CALLS}).enable("table")
    md.use(dollarmath_plugin, double_inline=True).use(colon_fence_plugin).use(myst_block_plugin)
    # links and images are read where they stand; the parser's own rules for them take quadratic time
    md.disable(["image", "link", "reference", "emphasis", *(["code", "lheading"] if plain else [])])
    rules = {rule.name: rule.fn for rule in md.inline.ruler.__rules__}
    dollars = next(rule.fn for rule in md.block.ruler.__rules__ if rule.name == "math_block")
    md.inline.ruler.at("math_inline", _noting(rules["math_inline"], _dollar_span))
    for name in ("backticks", "autolink", "html_inline"):
        md.inline.ruler.at(name, _noting(rules[name], lambda text, start, end: Stretch(start, end, "hidden")))
    md.inline.ruler.before("backticks", "role", _finding(_role))
    md.inline.ruler.before("escape", "brackets", _finding(_brackets))
    md.inline.ruler.before("escape", "environment", _finding(_environment))
    md.inline.ruler.before("link", "link_end", _finding(_link_end))
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    md.block.ruler.at("math_block", _dollar_block(dollars), interrupts)
    md.block.ruler.before("math_block", "display", _display_block, interrupts)
    md.block.ruler.before("reference", "definition", _link_definition)
    md.block.ruler.before("table", "too_deep", _too_deep)
    return md


def _noting(rule: InlineRule, span: Callable[[str, int, int], Stretch]) -> InlineRule:
    """A rule that notes where it succeeded, as tokens within a paragraph have no places."""

    def noting(state: StateInline, silent: bool) -> bool:
        start = state.pos
        found = rule(state, silent)
        if found and not silent:
            state.env["spans"].append(span(state.src, start, state.pos))
        return found

    return noting


def _finding(find: Callable[[StateInline], Stretch | None]) -> InlineRule:
    """A rule of our own."""

    def finding(state: StateInline, silent: bool) -> bool:
        span = find(state)
        if span and not silent:
            state.env["spans"].append(span)
        state.pos = span.end if span else state.pos
        return span is not None

    return finding


def _dollar_span(text: str, start: int, end: int) -> Stretch:
    """Also $`...`$, as GitHub and GitLab have it."""
    width = 2 if text.startswith("$$", start) else 1
    low, high = start + width, end - width
    if width == 1 and high - low > 2 and text[low] == text[high - 1] == "`":
        low, high = low + 1, high - 1
    return Stretch(start, end, "display" if width == 2 else "inline", (low, high))


_TITLE = r"""(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?"""
_LINK_END = re.compile(
    rf"\]\(\s*(?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*){_TITLE}\s*\)|\]\[[^\[\]]*\]"
)


def _link_end(state: StateInline) -> Stretch | None:
    """Where a link leads to; its words are plain text."""
    match = _LINK_END.match(state.src, state.pos)
    return Stretch(*match.span(), "hidden") if match else None


_ROLE = re.compile(r"\{([A-Za-z0-9_+:-]+)\}(`+)")


def _role(state: StateInline) -> Stretch | None:
    match = _ROLE.match(state.src, state.pos)
    end = _find(state, match[2], match.end() + 1) if match else -1
    if match is None or end < 0:
        return None
    kind = "inline" if match[1] == "math" else "hidden"
    return Stretch(match.start(), end + len(match[2]), kind, (match.end(), end))


_BRACKET = re.compile(r"(\\\\?)([(\[])")


def _brackets(state: StateInline) -> Stretch | None:
    r"""\( \) and \[ \], also with two backslashes."""
    match = _BRACKET.match(state.src, state.pos)
    if match is None:
        return None
    closing = match[1] + (")" if match[2] == "(" else "]")
    end = _find(state, closing, match.end())
    kind = "inline" if match[2] == "(" else "display"
    return Stretch(match.start(), end + len(closing), kind, (match.end(), end)) if end >= 0 else None


def _environment(state: StateInline) -> Stretch | None:
    match = _BEGIN.match(state.src, state.pos)
    if match is None or is_text(match[1]):
        return None
    closing = rf"\end{{{match[1]}}}"
    end = _find(state, closing, match.end())
    if end < 0 or not (is_display(match[1]) or "$" not in state.src[match.end() : end]):
        return None
    place = (match.start(), end + len(closing))
    return Stretch(*place, "display", place, "" if is_display(match[1]) else f"the environment {match[1]}")


def _find(state: StateInline, closing: str, start: int) -> int:
    """Like `str.find`; what was not found once is not looked for again."""
    missing: set[str] = state.env["missing"]
    end = -1 if closing in missing else state.src.find(closing, start)
    if end < 0:
        missing.add(closing)
    return end


# ------------------------------------------------------------------------------------- rules of blocks


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _dollar_block(rule: BlockRule) -> BlockRule:
    """The plugin's rule, which may interrupt a paragraph, and ends with the first line that has dollars."""

    def dollar_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        begin = state.bMarks[start] + state.tShift[start]
        if not state.src.startswith("$$", begin):
            return False
        if silent and state.src.count("$$", state.bMarks[state.line], begin) % 2:
            return False  # it closes what was opened in the middle of the paragraph
        last = _next_line(state, "$$", begin + 2)
        if last is None or last >= end or not _DOLLARS_END.search(_line(state, last)):
            return False
        before, line = len(state.tokens), state.line
        found = rule(state, start, last + 1, silent)
        two = found and "$$" in state.tokens[-1].content  # displays on one line, and words between them
        if silent or two:  # the plugin does not know of silent calls
            del state.tokens[before:]
            state.line = line
        return found and not two

    return dollar_block


MAX_LINES = 2_000  # of a display that is interrupted by nothing
_DOLLARS_END = re.compile(r"\$\$\s*(?:\([^()$]*\)\s*)?\Z")
_CLOSERS = re.compile(r"\$\$|\\\\?\]|\\end\{[A-Za-z]+\*?\}")


def _next_line(state: StateBlock, closing: str, behind: int) -> int | None:
    """The line of the first `closing` behind a place. All of them are found once."""
    known = state.env.get("closers")
    if known is None or known[0] is not state:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for match in _CLOSERS.finditer(state.src):
            found[match[0]].append(match.start())
        known = state.env["closers"] = (state, found)
    places = known[1][closing]
    place = bisect.bisect_left(places, behind)
    return bisect.bisect_right(state.bMarks, places[place]) - 1 if place < len(places) else None


def _display_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    r"""\[ ... \] and environments that begin a line and end one."""
    text = _line(state, start)
    match = _BRACKET.match(text) or _BEGIN.match(text)
    if not match or match[0].endswith("(") or state.is_code_block(start):
        return False
    environment = match[0].startswith(r"\begin")
    if environment and not is_display(match[1]):
        return False
    closing = rf"\end{{{match[1]}}}" if environment else match[1] + "]"
    last = _next_line(state, closing, state.bMarks[start] + state.tShift[start] + match.end())
    if (
        last is None
        or last >= min(end, start + MAX_LINES)
        or not _line(state, last).rstrip().endswith(closing)
    ):
        return False
    if any(state.sCount[line] < state.blkIndent for line in range(start + 1, last + 1)):
        return False
    if not silent:
        state.line = last + 1
        token = state.push("display", "math", 0)
        token.map = [start, last + 1]
        token.content = state.getLines(start, last + 1, state.sCount[start], False)
        token.meta = {"opening": "" if environment else match[0], "closing": "" if environment else closing}
    return True


_LINK_DEFINITION = re.compile(rf"\[[^^\[\]][^\[\]]*\]:[ \t]*\S+{_TITLE}[ \t]*\Z")


def _link_definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """[label]: address; a footnote is text."""
    if silent or not _LINK_DEFINITION.match(_line(state, start)):
        return False
    state.line = start + 1
    return True


def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    if silent or state.level < 2 * MAX_NESTING - 2:
        return False
    token = state.push("too_deep", "", 0)
    token.map = [start, end]
    token.content = state.getLines(start, end, 0, False)
    state.line = end
    return True


# ---------------------------------------------------------------------------------------- the reader


@dataclass
class _Options:
    """What stands between the first line of a directive and its contents."""

    label: str | None
    values: list[Excerpt]
    body: int  # the line on which the contents begin


class _Reader(Writer):
    """Walks through the blocks. `shown` gathers what is read as formulas, `plain_text` the rest."""

    def __init__(self, source: str, plain: bool) -> None:
        super().__init__(source)
        self.source, self.parser = source, _parser(plain)
        self.plain_text: list[Excerpt] = []

    # ---------------------------------------------------------------------------------- blocks

    def blocks(self, part: Excerpt, depth: int) -> None:
        """Read a text made of blocks."""
        if depth > MAX_DIRECTIVES:
            self.formula(part, 0, len(part.text), True, problem="directives nested too deeply")
            return
        env: dict[str, Any] = {}
        tokens: list[Token] = []
        self.parser.block.parse(part.text, self.parser, env, tokens)
        cursor = (-1, 0)  # line of a table, and how far it is read
        for before, token in pairwise([Token("", "", 0), *tokens]):
            if token.type == "inline" and before.type in ("th_open", "td_open"):
                at = cursor[1] if cursor[0] == _first(token) else 0
                cell, at = part.cell(token.content, _first(token), at)
                cursor = (_first(token), at)
                self.paragraph(cell, env, in_cell=True)
            elif token.type == "inline":
                self.paragraph(part.lines(token.content, _first(token)), env)
            elif token.type == "heading_open":
                self.pending_heading = (part.origin(part.rows[_first(token)]), int(token.tag[1]))
            else:
                self.block(token, part, depth)
            if before.type == "heading_open":
                self.events.append(Heading(*self.pending_heading, " ".join(token.content.split("\n"))))

    def block(self, token: Token, part: Excerpt, depth: int) -> None:
        match token.type:
            case "math_block" | "math_block_label":
                lines = part.lines(token.content, _first(token), "$$")
                self.formula(lines, 0, len(token.content), True, token.info or None)
            case "display":
                lines = part.lines(token.content, _first(token))
                start = token.content.find(token.meta["opening"]) + len(token.meta["opening"])
                closing = token.meta["closing"]
                end = token.content.rfind(closing) if closing else len(token.content)
                self.formula(lines, start, end, True)
            case "too_deep":
                lines = part.lines(token.content, _first(token))
                self.formula(lines, 0, len(token.content), True, problem="blocks nested too deeply")
            case "fence" | "colon_fence":
                self.fence(token, part, depth)
            case "html_block":
                self.html(part.lines(token.content, _first(token)))
            case "myst_target":
                self.events.append(Target(part.origin(part.rows[_first(token)]), token.content))

    def html(self, part: Excerpt) -> None:
        """Formulas between tags; comments, scripts and the like are none of it."""
        text = _HTML.sub(lambda match: blank(match[0]), part.text)
        self.paragraph(Excerpt(text, part.starts, part.origins), {})

    # ------------------------------------------------------------------------------ directives

    def fence(self, token: Token, part: Excerpt, depth: int) -> None:
        """Code, a display, or a directive whose contents are Markdown."""
        first = _first(token)
        row = part.row(first)
        info = token.info.strip()
        directive = _DIRECTIVE.fullmatch(info)
        name, argument = (directive[1], directive[2].strip()) if directive else ("", info)
        at = max(row.rfind(argument), 0) + part.rows[first]
        head = part.slice(at, at + len(argument))
        contents = part.lines(token.content.removesuffix("\n"), first + 1) if token.content else None
        if name == "math" or (not directive and info == "math"):
            self.math_fence(head if directive else None, contents)
        elif name == "eval-rst":
            self.restructured(contents)
        elif name not in _HIDDEN and (directive or token.type == "colon_fence"):
            self.directive(token, part, name, head, contents, depth)

    def math_fence(self, head: Excerpt | None, contents: Excerpt | None) -> None:
        """A display whose first lines may stand behind the name."""
        options = _options(contents)
        parts = []
        if head and head.text:
            parts.append((head, 0, len(head.text)))
        if contents and contents.rows[options.body] < len(contents.text):
            parts.append((contents, contents.rows[options.body], len(contents.text)))
        self.joined(parts, True, options.label)

    def restructured(self, contents: Excerpt | None) -> None:
        if contents and _RST_MATH.search(contents.text):
            self.formula(contents, 0, len(contents.text), True, problem="mathematics in reStructuredText")

    def directive(
        self, token: Token, part: Excerpt, name: str, head: Excerpt, contents: Excerpt | None, depth: int
    ) -> None:
        first, last = token.map or (0, 0)
        options = _options(contents)
        start = part.origin(part.rows[first])
        self.events.append(Opening(start, name, options.label, head.text))
        for piece in (head, *options.values):
            self.paragraph(piece, {})
        if contents and contents.rows[options.body] < len(contents.text):
            self.blocks(contents.slice(contents.rows[options.body], len(contents.text)), depth + 1)
        closing = first + 1 + token.content.count("\n")
        row = closing if closing < last else last
        at = part.rows[row] if row < len(part.rows) - 1 else len(part.text)
        self.events.append(Closing(part.origin(at)))

    # ------------------------------------------------------------------------------ paragraphs

    def paragraph(self, part: Excerpt, env: dict[str, Any], in_cell: bool = False) -> None:
        """The formulas of a paragraph, a heading, a cell or a title, and the equals signs between them."""
        spans = self.spans(part.text, env)
        rest = self.passage(part, spans)
        self.plain_text += [part.slice(*gap) for gap in rest]
        self.left_open(part, rest, in_cell)

    def spans(self, text: str, env: dict[str, Any]) -> list[Stretch]:
        # the space keeps the plugin from taking the last character for the one before the first
        source = text + " "
        env |= {"spans": [], "missing": set()}
        state = StateInline(source, self.parser, env, [])
        self.parser.inline.tokenize(state)
        return sorted(env["spans"])

    def left_open(self, part: Excerpt, rest: Sequence[tuple[int, int]], in_cell: bool) -> None:
        """What opens a formula that nothing closes matters only if an equals sign follows."""
        openings = (match for gap in rest for match in _LEFT_OPEN.finditer(part.text, *gap))
        match = next((match for match in openings if not (match[1] and is_text(match[1]))), None)
        if match is None:
            return
        start = 0 if in_cell else match.start()  # a cell may hold the second half of a formula
        for low, high in rest:
            if high > start and re.search(RELATION, part.text[max(low, start) : high]):
                problem = f"{match[0]} without {_closing(match[0])}"
                self.formula(part, max(low, start), high, match[0] != "$", problem=problem)

    def bare_formulas(self) -> None:
        """Lenient mode: LaTeX with an equals sign on a line of its own, without delimiters."""
        for part in self.plain_text:
            for match in _PRINTABLE.finditer(part.text):
                words = match[0]
                start, end = match.span()
                if "=" in words and _COMMAND.search(words) and "$" not in words and "`" not in words:
                    self.formula(part, start, end, True)


def _first(token: Token) -> int:
    return token.map[0] if token.map else 0


def _closing(opening: str) -> str:
    if match := _BEGIN.fullmatch(opening):
        return rf"\end{{{match[1]}}}"
    return {r"\(": r"\)", r"\[": r"\]"}.get(opening, opening)


def _options(contents: Excerpt | None) -> _Options:
    """The lines `:key: value`, or those between two rules."""
    options = _Options(None, [], 0)
    if contents is None:
        return options
    count = len(contents.rows) - 1
    if _RULED.match(contents.row(0)):
        rules = (number for number in range(1, count) if _RULED.match(contents.row(number)))
        last = next(rules, count - 1)
        values, options.body = range(1, last), last + 1
    else:
        values = range(0)
        while options.body < count and _OPTION.match(contents.row(options.body)):
            options.body += 1
        values = range(options.body)
    for number in values:
        _note_option(contents, number, options)
    return options


_YAML_OPTION = re.compile(r"([ \t]*:?([\w-]+):[ \t]*)(.*)", re.DOTALL)


def _note_option(contents: Excerpt, number: int, options: _Options) -> None:
    match = _YAML_OPTION.match(contents.row(number))
    if not match:
        return
    if match[2] in ("label", "name"):
        options.label = match[3].strip()
    else:
        start = contents.rows[number] + match.start(3)
        options.values.append(contents.slice(start, start + len(match[3])))

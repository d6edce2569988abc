r"""LaTeX of one formula -> tokens with positions.

Everything that depends on single characters is settled here: spacing commands vanish, `\mathbf{AU}` becomes
two bold letters, `\bigl(`, `\left(` and `(` become one kind of bracket, `\frac`, `\dfrac` and `\tfrac` one
command. Nothing is refused: what is not known becomes a token that the parser refuses at its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..language.nodes import Span

MAX_EXPANSION = 100_000  # tokens that the macros of one formula may expand to


class Token(NamedTuple):
    """A token: `kind` decides how it is read, `text` is its normalised form, `start` and `end` its place.

    kind      text
    number    digits
    letter    a letter or a Greek command; `bold` says so
    command   any other command, with its backslash
    symbol    any other character
    open      ( [ { | \\| < of a bracket that is printed; "." of a value at a point
    close     the matching ) ] } | \\| >
    {  }      the invisible braces of TeX
    relation  = != := in <= < >= > or "other"
    dots      c, v or d
    name      of an operator: tr, det, GL, ...
    bb        letter of a blackboard-bold set
    begin end name of an environment
    text      what is inside \\text
    row  &    row and column separators
    gap       \\quad, arrows of implication and the like
    """

    kind: str
    text: str
    start: int
    end: int
    bold: bool = False

    @property
    def span(self) -> Span:
        return self.start, self.end


_RAW = re.compile(
    r"""(?P<space>\s+|~|\\[,;:!>\s]|%[^\n]*
          |\\(?:displaystyle|textstyle|(?:no)?limits|nonumber|notag)(?![A-Za-z]))
      | (?P<row>\\\\(?:\s*\[-?[\d.]+\s*[a-z]{2}\])?)
      | (?P<decimal>\d+\.\d+)
      | (?P<number>\d+)
      | (?P<letter>[A-Za-z])
      | (?P<command>\\(?:[A-Za-z]+|[^=＝≠≔≡]|$))  # no command swallows a relation, as \= would
      | (?P<symbol>.)""",
    re.VERBOSE | re.DOTALL,
)
# Text recognition reads \f, \t, \r and \b as control characters and drops them.
_DAMAGE = re.compile(
    r"(?<![A-Za-z\\])(?:rac(?=\s*\{)|op(?=\s*\})|ight(?=\s*[)\]|.\\])|ig(?=\s*[()\[\]])|tr(?=\s*\())"
)
_REPAIR = {
    "rac": ("command", r"\frac"),
    "op": ("command", r"\top"),
    "ight": ("command", r"\right"),
    "ig": ("command", r"\big"),
    "tr": ("name", "tr"),
}


def _commands(names: str) -> set[str]:
    return {"\\" + name for name in names.split()}


_GREEK = _commands(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho "
    "sigma tau phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
_SPELLINGS = {
    "=": r"= ＝",
    "!=": r"\neq \ne ≠",
    ":=": r"\coloneqq ≔",
    "equiv": r"\equiv ≡",
    "in": r"\in ∈",
    "<=": r"\le \leq \leqslant ≤",
    "<": r"\lt <",
    ">=": r"\ge \geq \geqslant ≥",
    ">": r"\gt >",
    "other": r"\approx \sim \simeq \propto \to \rightarrow \mapsto \ll \gg \subset \notin",
}
_RELATIONS = {spelling: relation for relation, all_of in _SPELLINGS.items() for spelling in all_of.split()}
_GAPS = _commands(
    "quad qquad implies impliedby iff Rightarrow Longrightarrow Leftrightarrow Longleftrightarrow leadsto "
    "because therefore colon"
)
_DOTS = dict.fromkeys(_commands("cdots dots ldots dotsb dotsc"), "c") | {r"\vdots": "v", r"\ddots": "d"}
_BOLD = {r"\mathbf", r"\boldsymbol", r"\bm", r"\pmb", r"\symbf"}
_UPRIGHT = {r"\mathrm", r"\mathsf", r"\operatorname"}
LABEL = r"\\(?:label|tag)\s*\{[^{}=\\%＝≠≔≡]*\}"  # a name that contains no formula
_ENVIRONMENT = re.compile(r"[A-Za-z]+\*?")
_TEXT = {r"\text", r"\textrm", r"\textit", r"\textbf", r"\mbox", r"\hbox"}
_SIZES = {"\\" + size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("l", "r", "m", "")}
_OPEN = {
    "(": "(",
    "[": "[",
    r"\{": r"\{",
    r"\lbrace": r"\{",
    r"\lVert": r"\|",
    r"\lvert": "|",
    r"\langle": "<",
}
_CLOSE = {
    ")": "(",
    "]": "[",
    r"\}": r"\{",
    r"\rbrace": r"\{",
    r"\rVert": r"\|",
    r"\rvert": "|",
    r"\rangle": "<",
}
_BARS = {"|": "|", r"\|": r"\|", r"\vert": "|", r"\Vert": r"\|"}
_SAME = {
    r"\dfrac": r"\frac",
    r"\tfrac": r"\frac",
    r"\cfrac": r"\frac",
    r"\intercal": r"\top",
    r"\ln": r"\log",
}
_NAMES = {r"\det": "det", r"\exp": "exp", r"\log": "log", r"\ln": "log"}


def tokenize(
    text: str,
    start: int = 0,
    end: int | None = None,
    *,
    macros: Mapping[str, str] | None = None,
    lenient: bool = False,
) -> list[Token]:
    r"""Tokens of `text[start:end]`, with positions in `text`.

    `macros` maps commands without arguments to their bodies, whose tokens stand where the command stood.
    With `lenient`, damage done by text recognition (`rac{`, `op}`, `ight)`) and a bare `tr(` are repaired.
    """
    raw = _raw_tokens(text, start, len(text) if end is None else end, lenient)
    if macros:
        raw = _expand(raw, macros)
    return _pair_points(_Lexer(raw, text).tokens())


def _raw_tokens(text: str, start: int, end: int, lenient: bool) -> list[Token]:
    if not lenient:
        matches = _RAW.finditer(text, start, end)
        return [Token(m.lastgroup, m[0], *m.span()) for m in matches if m.lastgroup != "space"]
    found, at = [], start
    while at < end:
        match = text[at] in "roit" and _DAMAGE.match(text, at, end)
        if match and (match[0] != "op" or text[max(start, at - 9) : at].rstrip().endswith("^{")):
            found.append(Token(*_REPAIR[match[0]], at, match.end()))
        else:
            match = _RAW.match(text, at, end)
            if match.lastgroup != "space":
                found.append(Token(match.lastgroup, match[0], at, match.end()))
        at = match.end()
    return found


def _expand(raw: list[Token], macros: Mapping[str, str]) -> list[Token]:
    """Replace macros, also within macros; a formula that grows beyond all bounds keeps the rest as it is."""
    done: list[Token] = []
    waiting = raw[::-1]
    while waiting:
        token = waiting.pop()
        body = macros.get(token.text) if token.kind == "command" else None
        if body is None or len(done) + len(waiting) > MAX_EXPANSION:
            done.append(token)
        else:
            parts = _raw_tokens(body, 0, len(body), False)
            inner = [
                part._replace(start=token.start, end=token.end) for part in parts if part.text != token.text
            ]
            waiting.extend(reversed(inner))
            # a step costs one, so that macros that call each other come to an end
            done.append(Token("space", "", token.start, token.end))
    return [token for token in done if token.kind != "space"]


class _Lexer:
    """Raw tokens -> tokens, left to right."""

    def __init__(self, raw: list[Token], text: str) -> None:
        self.raw, self.text, self.at = raw, text, 0
        self.partners = _brace_pairs(raw)
        self.out: list[Token] = []

    def tokens(self) -> list[Token]:
        while self.at < len(self.raw):
            token = self.raw[self.at]
            self.at += 1
            self._read(token)
        return self.out

    def _read(self, token: Token) -> None:
        if token.text not in _WITH_NEIGHBOURS:
            self.out.append(_simple(token))
        elif token.text in _BOLD:
            self._argument(token, self._bold)
        elif token.text in _UPRIGHT:
            self._argument(token, self._upright)
        elif token.text in _TEXT or token.text in (r"\label", r"\tag", r"\begin", r"\end"):
            self._with_text(token)
        elif token.text == r"\mathbb":
            self._argument(token, lambda inside: self._word(inside, "bb"))
        elif token.text in (r"\left", r"\right", r"\middle") or token.text in _SIZES:
            self._delimiter(token)
        elif token.text == r"\not" and self._next_is("="):
            self._put(token, "relation", "!=", steps=1)
        elif token.text == ":" and self._next_is("="):
            self._put(token, "relation", ":=", steps=1)
        else:
            self.out.append(_simple(token))

    def _next_is(self, text: str) -> bool:
        return self.at < len(self.raw) and self.raw[self.at].text == text

    def _put(self, token: Token, kind: str, text: str, steps: int = 0) -> None:
        end = self.raw[self.at + steps - 1].end if steps else token.end
        self.at += steps
        self.out.append(Token(kind, text, token.start, end))

    def _inside(self, first: int) -> tuple[list[Token], int]:
        """The raw tokens of the group or token at `first`, and the place behind it; 0 without one."""
        if first < len(self.raw) and self.raw[first].text != "{":
            return self.raw[first : first + 1], first + 1
        closing = self.partners.get(first)
        return ([], 0) if closing is None else (self.raw[first + 1 : closing], closing + 1)

    def _argument(self, token: Token, use: Callable[[list[Token]], list[Token] | None]) -> None:
        """Replace a command and its argument by what `use` makes of the argument.

        None means that the command changes nothing: what is inside is read as if it stood alone.
        """
        inside, after = self._inside(self.at)
        made = use(inside) if after else None
        if made is None:
            if not after:
                self.out.append(_simple(token))
            return
        if made:
            made[0] = made[0]._replace(start=token.start)
            made[-1] = made[-1]._replace(end=self.raw[after - 1].end)
        self.out.extend(made)
        self.at = after

    def _bold(self, inside: list[Token]) -> list[Token]:
        simple = map(_simple, inside)
        return [Token(*t[:4], bold=True) if t.kind in ("letter", "number") else t for t in simple]

    def _upright(self, inside: list[Token]) -> list[Token] | None:
        r"""\mathrm{T} is a transpose; other upright words are names; a misread font keeps what is inside."""
        named = self._word(inside, "name")
        if named and named[0].text == "T":
            return [named[0]._replace(kind="command", text=r"\top")]
        return named

    def _word(self, inside: list[Token], kind: str) -> list[Token] | None:
        if not inside or not all(token.kind == "letter" for token in inside):
            return None
        return [Token(kind, "".join(token.text for token in inside), *inside[0].span)]

    def _with_text(self, token: Token) -> None:
        """Commands whose argument is not mathematics: its text is taken as it stands."""
        inside, after = self._inside(self.at)
        environment, label = token.text in (r"\begin", r"\end"), token.text in (r"\label", r"\tag")
        name = "".join(part.text for part in inside)
        odd = (environment and not _ENVIRONMENT.fullmatch(name)) or (
            label and not self._is_label(token, after)
        )
        if not after or self.raw[self.at].text != "{" or odd:
            self.out.append(Token("command", token.text, *token.span))
            return
        start, end = self.raw[self.at].end, self.raw[after - 1].start
        self.at = after
        if environment:
            self.out.append(Token(token.text[1:], name, token.start, end + 1))
        elif token.text in _TEXT:
            self.out.append(Token("text", self.text[start:end], start, end))

    def _is_label(self, token: Token, after: int) -> bool:
        return bool(after and re.fullmatch(LABEL, self.text[token.start : self.raw[after - 1].end]))

    def _delimiter(self, token: Token) -> None:
        if self.at >= len(self.raw):
            self.out.append(Token("command", token.text, *token.span))
            return
        delimiter = self.raw[self.at].text
        opens, closes = token.text in (r"\left", *_sized("l")), token.text in (r"\right", *_sized("r"))
        if delimiter in _BARS:
            kind = "open" if opens else "close" if closes else "bar"
            self._put(token, kind, _BARS[delimiter], steps=1)
        elif delimiter == "." and (opens or closes):
            self._put(token, "open." if opens else "close.", ".", steps=1)
        elif delimiter in _OPEN and not closes:
            self._put(token, "open", _OPEN[delimiter], steps=1)
        elif delimiter in _CLOSE and not opens:
            self._put(token, "close", _CLOSE[delimiter], steps=1)
        else:
            self.out.append(Token("command", token.text, *token.span))


def _brace_pairs(raw: list[Token]) -> dict[int, int]:
    """Place of each opening brace -> place of the brace that closes it."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(raw):
        if token.text == "{":
            opened.append(place)
        elif token.text == "}" and opened:
            pairs[opened.pop()] = place
    return pairs


def _sized(side: str) -> set[str]:
    return {size for size in _SIZES if size.endswith(side)}


_TABLES = {
    "relation": _RELATIONS,
    "open": _OPEN,
    "close": _CLOSE,
    "bar": _BARS,
    "dots": _DOTS,
    "name": _NAMES,
}


_KNOWN: dict[str, tuple[str, str]] = {
    **{text: ("letter", text) for text in _GREEK},
    **{text: ("gap", text) for text in _GAPS},
    **{text: (text, text) for text in "{}&"},
    **{text: (kind, form) for kind, table in _TABLES.items() for text, form in table.items()},
}
_KNOWN |= {text: _KNOWN.get(same, ("command", same)) for text, same in _SAME.items()}
_WITH_NEIGHBOURS = {
    *_BOLD, *_UPRIGHT, *_TEXT, *_SIZES, ":", *_commands("label tag begin end mathbb left right middle not"),
}  # fmt: skip


def _simple(token: Token) -> Token:
    """A token that needs no look at its neighbours."""
    known = _KNOWN.get(token.text)
    return Token(*known, token.start, token.end) if known else token


def _pair_points(tokens: list[Token]) -> list[Token]:
    r"""Keep `\left.` where `\right|` closes it: a value at a point. Other invisible delimiters vanish."""
    opened: list[int] = []
    dropped: set[int] = set()
    points: dict[int, str] = {}
    for place, token in enumerate(tokens):
        if token.kind in ("open", "open."):
            opened.append(place)
        elif token.kind in ("close", "close."):
            partner = opened.pop() if opened else None
            if partner is not None and tokens[partner].kind == "open." and token.text == "|":
                points |= {partner: "open", place: "close"}
            elif partner is not None and tokens[partner].kind == "open.":
                dropped.add(partner)
        if token.kind in ("open.", "close."):
            dropped.add(place)
    return [
        token._replace(kind=points[place], text=".") if place in points else token
        for place, token in enumerate(tokens)
        if place in points or place not in dropped
    ]

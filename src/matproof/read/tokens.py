r"""LaTeX of one formula -> tokens with positions.

Everything that depends on single characters is settled here: spacing commands vanish, `\mathbf{AU}` becomes
two bold letters, `\bigl(`, `\left(` and `(` become one kind of bracket, `\frac`, `\dfrac` and `\tfrac` one
command. Nothing is refused: what is not known becomes a token that the parser refuses at its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ..language.nodes import Span
from .prose import may_follow, may_lead
from .vocabulary import (
    BARS,
    BOLD,
    BOLD_TEXT,
    CLOSE,
    DAMAGE,
    ENVIRONMENT,
    GAPS,
    KNOWN,
    LABEL,
    LAYOUTS,
    OLD_FONTS,
    OPEN,
    OPERATORS,
    PAUSES,
    REPAIR,
    SIGN_CLASSES,
    SIGNS,
    SIZES,
    TEXT,
    UPRIGHT,
    WITH_NEIGHBOURS,
    sized,
)

__all__ = ["LABEL", "Token", "tokenize"]


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
    text      words in \\text that stand apart from the mathematics
    stuck     words in \\text that do not, and may change what it says; the grammar refuses them
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


class Raw(NamedTuple):
    """What the characters say; `space` is what was skipped before it."""

    kind: str
    text: str
    start: int
    end: int
    space: str = ""


_RAW = re.compile(
    r"""(?P<space>\s+|~|\\[,;:!>\s]|%[^\n]*
          |\\(?:displaystyle|textstyle|(?:no)?limits|nonumber|notag)(?![A-Za-z]))
      | (?P<row>\\\\\*?(?:\[\s*-?(?:\d*\.?\d+\s*)?(?:pt|em|ex|mu|mm|cm|in|bp|pc|dd|cc|sp|\\[A-Za-z]+)\s*\])?)
      | (?P<decimal>\d+\.\d+)
      | (?P<number>\d{1,3}(?:(?:\{,\}|\\,)\d{3})+(?!\d)|\d+)
      | (?P<letter>[A-Za-z])
      | (?P<command>\\(?:[A-Za-z]+|[^=＝≠≔≡]|$))  # no command swallows a relation, as \= would
      | (?P<symbol>.)""",
    re.VERBOSE | re.DOTALL,
)

Use = Callable[[list[Raw]], "list[Token] | None"]


def tokenize(text: str, start: int = 0, end: int | None = None, *, lenient: bool = False) -> list[Token]:
    r"""Tokens of `text[start:end]`, with positions in `text`.

    With `lenient`, damage done by text recognition (`rac{`, `op}`, `ight)`) and a bare `tr(` are repaired.
    """
    raw = _raw_tokens(text, start, len(text) if end is None else end, lenient)
    return _pair_points(_Lexer(raw, text, lenient).tokens())


def _raw_tokens(text: str, start: int, end: int, lenient: bool) -> list[Raw]:
    found: list[Raw] = []
    at, skipped = start, start
    while at < end:
        match = DAMAGE.match(text, at, end) if lenient and text[at] in "roit" else None
        if match and (match[0] != "op" or text[max(start, at - 9) : at].rstrip().endswith("^{")):
            kind, form = REPAIR[match[0]]
        else:
            match = _RAW.match(text, at, end)
            assert match is not None  # its last branch takes any character
            kind, form = match.lastgroup or "symbol", match[0]
        if kind != "space":
            form = re.sub(r"\D", "", form) if kind == "number" else form
            found.append(Raw(kind, form, at, match.end(), text[skipped:at]))
            skipped = match.end()
        at = match.end()
    return found


class _Lexer:
    """Raw tokens -> tokens, left to right."""

    def __init__(self, raw: list[Raw], text: str, lenient: bool) -> None:
        self.raw, self.text, self.lenient, self.at = raw, text, lenient, 0
        self.partners = _brace_pairs(raw)
        self.out: list[Token] = []

    def tokens(self) -> list[Token]:
        while self.at < len(self.raw):
            token = self.raw[self.at]
            self.at += 1
            if token.text in WITH_NEIGHBOURS:
                self._read(token)
            else:
                self.out.append(_simple(token))
        return self.out

    def _read(self, token: Raw) -> None:
        text = token.text
        if text in _ARGUMENTS:
            if text == r"\operatorname" and self._next_is("*"):
                self.at += 1
            self._argument(token, _ARGUMENTS[text])
        elif text in TEXT:
            self._words(token)
        elif text in (r"\label", r"\tag"):
            self._label(token)
        elif text in (r"\begin", r"\end"):
            self._environment(token)
        elif text in SIZES or text in (r"\left", r"\right", r"\middle"):
            self._delimiter(token)
        elif text == "{":
            self._brace(token)
        elif text in (r"\not", ":") and self._next_is("="):
            self._put(token, "relation", "!=" if text != ":" else ":=", steps=1)
        else:
            self.out.append(_simple(token))

    def _next_is(self, text: str) -> bool:
        return self.at < len(self.raw) and self.raw[self.at].text == text

    def _put(self, token: Raw, kind: str, text: str, steps: int = 0) -> None:
        end = self.raw[self.at + steps - 1].end if steps else token.end
        self.at += steps
        self.out.append(Token(kind, text, token.start, end))

    def _refuse(self, token: Raw) -> None:
        """What cannot be read stays a command, which the grammar refuses at its place."""
        self.out.append(Token("command", token.text, token.start, token.end))

    def _inside(self, first: int) -> tuple[list[Raw], int]:
        """The raw tokens of the group or token at `first`, and the place behind it; 0 without one."""
        if first < len(self.raw) and self.raw[first].text != "{":
            return self.raw[first : first + 1], first + 1
        closing = self.partners.get(first)
        return ([], 0) if closing is None else (self.raw[first + 1 : closing], closing + 1)

    def _argument(self, token: Raw, use: Use) -> None:
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

    def _brace(self, brace: Raw) -> None:
        r"""{\bf A} is \mathbf{A}; braces around a sign (a {+} b), or around nothing, only change spaces."""
        first, closing = self.at, self.partners.get(self.at - 1, self.at - 1)
        before = self.raw[self.at - 2].text if self.at > 1 else ""
        if closing == first + 1 and before not in ("^", "_") and not before.startswith("\\"):
            sign = _simple(self.raw[first])
            if sign.kind == "relation" or sign.text in SIGNS:
                self.out.append(sign)
                self.at = closing + 1
                return
        follows = self.raw[closing + 1].text if closing + 1 < len(self.raw) else ""
        bare = before not in ("^", "_", "{", "}", "]") and not before.startswith("\\")
        if closing == first and bare and follows not in ("^", "_", "'"):
            self.at = closing + 1
            return
        font = OLD_FONTS.get(self.raw[first].text) if closing > first else None
        made = _ARGUMENTS[font](self.raw[first + 1 : closing]) if font else None
        if made is None:
            self.out.append(_simple(brace))
        else:
            self.out.extend(made)
            self.at = closing + 1

    # ------------------------------------------------------------------------------------ words

    def _words(self, token: Raw) -> None:
        r"""\text and its like: an operator, letters, spaces, or words."""
        inside, after = self._inside(self.at)
        if not after or self.raw[self.at].text != "{":
            self._refuse(token)
            return
        first, closing = self.raw[self.at], self.raw[after - 1]
        content = self.text[first.end : closing.start] or _joined(inside, closing)
        span = (first.end, max(first.end, closing.start))
        before = self.at - 1
        self.at = after
        stripped = content.strip()
        if not stripped:
            return
        letters = stripped.isascii() and stripped.isalpha()
        is_bold = token.text == BOLD_TEXT and (stripped.isupper() or len(stripped) == 1)
        if letters and (stripped in OPERATORS or is_bold):
            use = _bold if is_bold else _upright
            self.out.extend(use(inside) or [])
        elif stripped in PAUSES:
            self.out.append(Token("symbol", stripped, *span))
        else:
            tolerated = self.lenient and any(letter.isalpha() for letter in stripped)
            kind = "text" if tolerated or self._stands_apart(content, before, after) else "stuck"
            self.out.append(Token(kind, content, *span))

    def _stands_apart(self, content: str, before: int, after: int) -> bool:
        """Whether words leave the mathematics to their left and right as it is."""
        closing = self.raw[after].space if after < len(self.raw) else ""
        space_before = content[0].isspace() or _is_visible(self.raw[before].space)
        space_behind = content[-1].isspace() or content.rstrip()[-1] in ".,;:)" or _is_visible(closing)
        left = not self.out or _is_border(self.out[-1])
        right = after == len(self.raw) or self.raw[after].text in _BORDERS or self.raw[after].kind == "row"
        remark = content.lstrip()[0] in "(["
        return (left or (may_follow(content) and (space_before or not remark))) and (
            right or (may_lead(content) and (space_behind or not remark))
        )

    def _label(self, token: Raw) -> None:
        """A name that contains no formula says nothing."""
        _, after = self._inside(self.at)
        if after and re.fullmatch(LABEL, self.text[token.start : self.raw[after - 1].end]):
            self.at = after
        else:
            self._refuse(token)

    # ----------------------------------------------------------------------- environments, delimiters

    def _environment(self, token: Raw) -> None:
        inside, after = self._inside(self.at)
        name = "".join(part.text for part in inside)
        if not after or self.raw[self.at].text != "{" or not ENVIRONMENT.fullmatch(name):
            self._refuse(token)
            return
        self._put(token, token.text[1:], name, steps=after - self.at)
        if token.text == r"\begin":
            self._skip_options(name)

    def _skip_options(self, name: str) -> None:
        """[t], the number of columns of alignat, the columns of an array: they only arrange."""
        option = self.raw[self.at : self.at + 3]
        texts = [part.text for part in option]
        if texts in (["[", "t", "]"], ["[", "b", "]"], ["[", "c", "]"]) and not option[0].space:
            self.at += 3
        inside, after = self._inside(self.at)
        if "alignat" in name or "alignedat" in name:
            if len(inside) == 1 and inside[0].kind == "number" and after == self.at + 1:
                digits = inside[0]  # without braces the first digit is the argument
                self.raw[self.at] = digits._replace(text=digits.text[1:], start=digits.start + 1)
                after -= len(digits.text) > 1
            self.at = max(self.at, after)
        elif name == "array" and after and all(part.text in ("l", "c", "r", "|") for part in inside):
            self.at = after

    def _delimiter(self, token: Raw) -> None:
        if self.at >= len(self.raw):
            self._refuse(token)
            return
        delimiter = self.raw[self.at].text
        opens, closes = token.text in (r"\left", *sized("l")), token.text in (r"\right", *sized("r"))
        if delimiter in BARS:
            self._put(token, "open" if opens else "close" if closes else "bar", BARS[delimiter], steps=1)
        elif delimiter == "." and (opens or closes):
            self._put(token, "open." if opens else "close.", ".", steps=1)
        elif delimiter in OPEN and not closes:
            self._put(token, "open", OPEN[delimiter], steps=1)
        elif delimiter in CLOSE and not opens:
            self._put(token, "close", CLOSE[delimiter], steps=1)
        else:
            self._refuse(token)


_BORDERS = {"}", "&", r"\end", r"\label", r"\tag", *PAUSES, *TEXT, *GAPS}
_VISIBLE_SPACE = re.compile(r"~|\\[;:>\s]")


def _is_visible(space: str) -> bool:
    """Whether skipped characters print a space as wide as one between words."""
    return bool(_VISIBLE_SPACE.search(space))


def _is_border(token: Token) -> bool:
    """Whether mathematics ends, or has not begun, at this token."""
    if token.kind in ("begin", "end"):
        return token.kind == "begin" or token.text in LAYOUTS
    return token.kind in ("row", "&", "gap", "text", "{") or token.text in PAUSES


def _joined(inside: list[Raw], closing: Raw) -> str:
    """The text of an argument that stands in no document, for it comes from a macro."""
    return "".join(part.space + part.text for part in inside) + closing.space


def _bold(inside: list[Raw]) -> list[Token]:
    simple = map(_simple, inside)
    return [token._replace(bold=token.kind in ("letter", "number")) for token in simple]


def _upright(inside: list[Raw]) -> list[Token] | None:
    r"""\mathrm{T} is a transpose; other upright words are names; a misread font keeps what is inside."""
    named = _word(inside, "name")
    if named and named[0].text == "T":
        return [named[0]._replace(kind="command", text=r"\top")]
    return named


def _blackboard(inside: list[Raw]) -> list[Token] | None:
    return _word(inside, "bb")


def _sign(inside: list[Raw]) -> list[Token] | None:
    return [_simple(token) for token in inside] if len(inside) == 1 else None


def _word(inside: list[Raw], kind: str) -> list[Token] | None:
    if not inside or not all(token.kind == "letter" for token in inside):
        return None
    return [Token(kind, "".join(token.text for token in inside), inside[0].start, inside[0].end)]


_ARGUMENTS: dict[str, Use] = {
    **dict.fromkeys(BOLD, _bold),
    **dict.fromkeys(UPRIGHT, _upright),
    **dict.fromkeys(SIGN_CLASSES, _sign),
    r"\mathbb": _blackboard,
}


def _brace_pairs(raw: list[Raw]) -> dict[int, int]:
    """Place of each opening brace -> place of the brace that closes it."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for place, token in enumerate(raw):
        if token.text == "{":
            opened.append(place)
        elif token.text == "}" and opened:
            pairs[opened.pop()] = place
    return pairs


def _simple(token: Raw) -> Token:
    """A token that needs no look at its neighbours."""
    kind, text = KNOWN.get(token.text, (token.kind, token.text))
    return Token(kind, text, token.start, token.end)


# --------------------------------------------------------------------------- invisible delimiters


def _pair_points(tokens: list[Token]) -> list[Token]:
    r"""Settle what `\left.` and `\right.` mean, each with its partner.

    `\left. ... \right|` is a value at a point, `\left\{ ... \right.` around an environment a system or a case
    distinction; two invisible ones vanish. One without a partner is refused by the grammar.
    """
    if not any(token.kind in ("open.", "close.") for token in tokens):
        return tokens
    out = list(tokens)
    for opening, closing in _printed_pairs(tokens):
        first, last = tokens[opening], tokens[closing]
        if first.kind == "open." and last.text == "|":
            out[opening], out[closing] = _as("open", first), _as("close", last)
            continue
        if last.kind == "close." and first.text == r"\{" and _is_environment(tokens, opening, closing):
            out[opening] = _as("", first)
            for place in (opening + 1, closing - 1):
                if tokens[place].text == "array":
                    out[place] = tokens[place]._replace(text="cases")
        # invisible delimiters vanish, also where a printed pair is broken over two rows
        for place, token in ((opening, first), (closing, last)):
            if token.text == ".":
                out[place] = _as("", token)
    refused = {"open.": r"\left.", "close.": r"\right."}
    return [
        token._replace(kind="command", text=refused[token.kind]) if token.kind in refused else token
        for token in out
        if token.kind
    ]


def _as(kind: str, token: Token) -> Token:
    return token._replace(kind=kind, text=".")


def _printed_pairs(tokens: list[Token]) -> list[tuple[int, int]]:
    """Places of the printed brackets that belong together, whatever their kinds."""
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for place, token in enumerate(tokens):
        if token.kind in ("open", "open."):
            opened.append(place)
        elif token.kind in ("close", "close.") and opened:
            pairs.append((opened.pop(), place))
    return [pair for pair in pairs if "." in tokens[pair[0]].kind + tokens[pair[1]].kind]


def _is_environment(tokens: list[Token], opening: int, closing: int) -> bool:
    """Whether nothing but one environment stands between the two."""
    if tokens[opening + 1].kind != "begin" or tokens[closing - 1].kind != "end":
        return False
    depth = 0
    for place in range(opening + 1, closing):
        depth += {"begin": 1, "end": -1}.get(tokens[place].kind, 0)
        if not depth:
            return place == closing - 1
    return False

r"""Tokens of one formula -> what it states: links of chains, memberships, ranges, and strays.

A display is cut at row ends, commas, wide gaps and words; what is left between them is a piece. Each relation
sign of a formula ends up in exactly one place: a `Link`, a `Membership`, a `Range`, a `Stray`, or among the
annotations (bounds of sums, points of evaluation, cases), so that no equals sign is lost.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ..language.nodes import ReadError
from .tokens import Token

EQUALS = {"=", "!=", ":=", "equiv"}
INEQUALITIES = {"<=", "<", ">=", ">"}
_LAYOUTS = {
    name + star
    for name in (
        "equation",
        "align",
        "aligned",
        "alignat",
        "alignedat",
        "split",
        "gather",
        "gathered",
        "multline",
    )
    for star in ("", "*")
} | {"eqnarray", "eqnarray*", "flalign", "flalign*", "displaymath", "math"}
_CONTINUING = {"+", "-", r"\cdot", r"\times", r"\odot", r"\otimes"}
_PAUSES = {",", ";", ".", "，", "、", "。", "．"}

Tokens = list[Token]


@dataclass
class Piece:
    """Tokens between separators; `breaks` says what stood before them: row, pause, gap, word, &."""

    tokens: Tokens
    breaks: set[str]
    remark: bool = False  # it stood in brackets after a gap

    def relations(self) -> list[int]:
        """Places of the relation signs outside of all brackets."""
        found = _with_brackets(self.tokens)
        return [place for place, token, around in found if token.kind == "relation" and not around]


@dataclass(frozen=True)
class Link:
    """left relation right. `group` numbers the pieces; `alone` says that its formula states nothing else."""

    relation: str
    sign: Token
    left: Tokens
    right: Tokens
    group: int
    remark: bool = False


@dataclass(frozen=True)
class Membership:
    """items \\in space."""

    items: list[Tokens]
    sign: Token
    space: Tokens


@dataclass(frozen=True)
class Range:
    """i = 1, \\dots, m"""

    index: Tokens
    sign: Token
    low: Tokens
    high: Tokens


@dataclass(frozen=True)
class Stray:
    """A relation sign that belongs to nothing."""

    sign: Token
    error: ReadError


@dataclass
class Statements:
    """All that one formula states, in order."""

    found: list[Link | Membership | Range | Stray] = field(default_factory=list)
    annotations: int = 0
    texts: list[Token] = field(default_factory=list)
    mentions: list[Tokens] = field(default_factory=list)  # pieces that state nothing
    listed: list[Tokens] = field(default_factory=list)  # the last of them, joined by commas
    last: Tokens | None = None  # the last expression: a chain may go on from it
    continued: Token | None = None  # the relation sign that goes on from the display before


def read_statements(
    tokens: Sequence[Token], before: Tokens | None = None, lenient: bool = False
) -> Statements:
    """What a formula states. A chain may go on from `before`, the last expression of the display before."""
    result = Statements()
    pieces = _pieces(tokens, result.texts)
    if lenient:
        pieces = list(_without_remarks(pieces))
    result.last = before
    # A formula that is nothing but the sign speaks of the sign.
    if len(tokens) == 1 and tokens[0].kind == "relation" and tokens[0].text in EQUALS:
        result.annotations, pieces = 1, []
    waiting = deque(_join_continuations(pieces))
    while waiting:
        _read_piece(waiting, result, lenient)
    return result


# ------------------------------------------------------------------------------------------- cutting


def _with_brackets(tokens: Sequence[Token]) -> Iterator[tuple[int, Token, list[int]]]:
    """(place, token, places of the brackets around it); the list changes as the iteration goes on."""
    around: list[int] = []
    for place, token in enumerate(tokens):
        if token.kind in ("close", "}", "end") and around:
            around.pop()
        yield place, token, around
        if token.kind in ("open", "{", "begin"):
            around.append(place)


def _pieces(tokens: Sequence[Token], texts: Tokens) -> list[Piece]:
    pieces = [Piece([], set())]
    tokens = _without_layouts(tokens)
    columns = 0
    for _, token, around in _with_brackets(tokens):
        if token.kind == "text":
            texts.append(token)
        if around:
            # in a printed matrix & and \\ separate cells; in other brackets they only break the line
            in_matrix = tokens[around[-1]].kind == "begin" and token.kind in ("row", "&")
            if in_matrix or _separator(token, 0) not in ("row", "&", "gap"):
                pieces[-1].tokens.append(token)
            continue
        columns = 0 if token.kind == "row" else columns + (token.kind == "&")
        separator = _separator(token, columns)
        if separator is None:
            pieces[-1].tokens.append(token)
        elif pieces[-1].tokens and separator != "&":
            pieces.append(Piece([], {separator}))
        elif not pieces[-1].tokens:
            pieces[-1].breaks.add(separator)
    return [piece for piece in pieces if piece.tokens]


def _separator(token: Token, columns: int) -> str | None:
    """What a token separates. Of the & in a row, every second one leaves a gap."""
    if token.kind == "&":
        return "gap" if columns and columns % 2 == 0 else "&"
    if token.kind == "gap":
        return "gap" if token.text in (r"\quad", r"\qquad") else "word"
    if token.kind in ("row", "text"):
        return "row" if token.kind == "row" else "word"
    return "pause" if token.kind == "symbol" and token.text in _PAUSES else None


def _without_layouts(tokens: Sequence[Token]) -> Tokens:
    r"""Environments such as aligned only arrange rows: \begin and \end become row ends."""
    out: Tokens = []
    skip = 0
    for place, token in enumerate(tokens):
        if skip:
            skip -= 1
        elif token.kind in ("begin", "end") and token.text in _LAYOUTS:
            out.append(token._replace(kind="row"))
            if token.kind == "begin":
                skip = _options(tokens, place + 1, token.text)
        else:
            out.append(token)
    return out


def _options(tokens: Sequence[Token], place: int, name: str) -> int:
    r"""How many tokens [t] or, for alignat, {2} take up."""
    texts = [token.text for token in tokens[place : place + 3]]
    option = len(texts) == 3 and ((texts[0] == texts[2] == "[" and texts[1] in "tbc") or "alignat" in name)
    option |= len(texts) == 3 and "alignedat" in name
    return 3 if option else 0


def _without_remarks(pieces: list[Piece]) -> Iterator[Piece]:
    """Lenient mode: a bracket of its own behind a gap, as in "(U = U(x))", is a remark, closed or not."""
    for piece in pieces:
        if piece.tokens[0].kind != "open" or piece.tokens[0].text != "(":
            yield piece
            continue
        last = next(
            (place for place, _, around in _with_brackets(piece.tokens) if place and not around), None
        )
        inside = piece.tokens[1:last]
        after = piece.tokens[last + 1 :] if last else []
        speaks = any(_says_more(token) for token in inside)
        behind_gap = "gap" in piece.breaks and (not after or after[0].kind == "relation")
        if speaks and (behind_gap or not after):
            for part in _pieces(inside, []):
                yield Piece(part.tokens, part.breaks | piece.breaks, remark=behind_gap)
            if after:
                yield Piece(after, {"row"})
        elif last is None and inside:
            yield Piece(inside, piece.breaks)
        else:
            yield piece


def _says_more(token: Token) -> bool:
    """Relations and words do not belong to a factor in brackets."""
    return token.kind in ("relation", "gap") or (token.kind == "symbol" and not token.text.isascii())


def _join_continuations(pieces: list[Piece]) -> list[Piece]:
    """A row, or what follows a gap, goes on with the term before it if it begins with + or -.

    A row without & that is an equation may begin with a sign of its own.
    """
    joined: list[Piece] = []
    for piece in pieces:
        goes_on = piece.tokens[0].text in _CONTINUING and not piece.breaks & {"pause", "word"}
        if joined and goes_on and ("&" in piece.breaks or "row" not in piece.breaks or not piece.relations()):
            joined[-1].tokens.extend(piece.tokens)
        else:
            joined.append(piece)
    return joined


# ----------------------------------------------------------------------------------------- reading


def _read_piece(waiting: deque[Piece], result: Statements, lenient: bool) -> None:
    """Take the first piece, or the pieces that a range is made of."""
    piece = waiting.popleft()
    _read_inside(piece, result)
    places = piece.relations()
    if "pause" not in piece.breaks:
        result.listed.clear()
    if not places and piece.remark:
        return
    if not places:
        if not lenient:
            _refuse_cut_off(piece, waiting, result)
        result.mentions.append(piece.tokens)
        result.listed.append(piece.tokens)
        result.last = piece.tokens
        return
    signs = [piece.tokens[place] for place in places]
    bounds = [-1, *places, len(piece.tokens)]
    parts = [piece.tokens[low + 1 : high] for low, high in pairwise(bounds)]
    if len(signs) == 1 and signs[0].text == "=" and _is_range(waiting):
        waiting.popleft()
        result.found.append(Range(parts[0], signs[0], parts[1], waiting.popleft().tokens))
    else:
        _read_chain(parts, signs, piece, result)
    result.listed.clear()


def _refuse_cut_off(piece: Piece, waiting: deque[Piece], result: Statements) -> None:
    """An expression behind a gap or in a row of its own: does it belong to the equation before it?"""
    before = result.found[-1] if result.found else None
    if not isinstance(before, Link) or result.last is not before.right or before.relation not in EQUALS:
        return
    if piece.breaks & {"pause", "word"}:
        return
    begins_chain = "row" in piece.breaks and waiting and waiting[0].tokens[0].kind == "relation"
    if not begins_chain and any(token.kind != "dots" for token in piece.tokens):
        span = (piece.tokens[0].start, piece.tokens[-1].end)
        error = ReadError("cut off from the equation before it", span, "a sign, a comma or words before it")
        result.found[-1] = Stray(before.sign, error)


def _is_range(waiting: deque[Piece]) -> bool:
    """Whether dots and an upper end follow, separated by commas."""
    if len(waiting) < 2 or any("pause" not in waiting[place].breaks for place in (0, 1)):
        return False
    return [token.kind for token in waiting[0].tokens] == ["dots"] and not waiting[1].relations()


def _read_chain(parts: list[Tokens], signs: Tokens, piece: Piece, result: Statements) -> None:
    if not parts[0]:
        parts[0] = result.last or []
        if not (result.found or result.mentions) and parts[0]:
            result.continued = signs[0]
    known = {sign.text for sign in signs} <= EQUALS | INEQUALITIES | {"in"}
    group = len(result.found)
    for sign, left, right in zip(signs, parts, parts[1:], strict=False):
        if sign.text == "in":
            items = [*result.listed, left] if left is parts[0] else [left]
            result.found.append(Membership(items, sign, right))
        elif sign.text in INEQUALITIES | EQUALS:
            error = _problem(sign, left, right, known)
            if error is None:
                result.found.append(Link(sign.text, sign, left, right, group, piece.remark))
            elif sign.text in EQUALS:
                result.found.append(Stray(sign, error))
    if not piece.remark:
        result.last = parts[-1] or None


def _problem(sign: Token, left: Tokens, right: Tokens, known: bool) -> ReadError | None:
    if not left:
        return ReadError("a relation without a left-hand side", sign.span, "an expression before it")
    if not right:
        return ReadError("a relation without a right-hand side", sign.span, "an expression after it")
    if not known:
        return ReadError("an equation mixed with another relation", sign.span, r"only = and \neq in a chain")
    return None


def _read_inside(piece: Piece, result: Statements) -> None:
    """Relation signs in brackets: annotations where they belong, strays elsewhere."""
    tokens = piece.tokens
    for _, token, around in _with_brackets(tokens):
        if token.kind != "relation" or token.text not in EQUALS or not around:
            continue
        if _is_annotation(tokens, around):
            result.annotations += 1
        else:
            error = ReadError("a relation inside brackets", token.span, "relations in the open, or words")
            result.found.append(Stray(token, error))


def _is_annotation(tokens: Tokens, around: list[int]) -> bool:
    """The lower bound of a sum, the point of a value at a point, the condition of a case."""
    if any(tokens[bracket][:2] == ("begin", "cases") for bracket in around[-2:]):
        return True
    bracket = around[-1]
    before = [token.text for token in tokens[max(bracket - 2, 0) : bracket]]
    return tokens[bracket].kind == "{" and before[1:] == ["_"] and before[0] in (r"\sum", ".")

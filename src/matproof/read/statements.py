r"""Tokens of one formula -> what it states: links of chains, memberships, ranges, and strays.

A display is cut at row ends, commas, wide gaps and words; what is left between them is a piece. Each relation
sign of a formula ends up in exactly one place: a `Link`, a `Membership`, a `Range`, a `Stray`, or among the
annotations (bounds of sums, points of evaluation, cases), so that no equals sign is lost. Each other token
belongs to a side of one of them; a piece that belongs to none makes the statements beside it unreadable.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from ..language.nodes import ReadError
from .groups import Groups
from .prose import sets_condition
from .tokens import Token
from .vocabulary import LAYOUTS, PAUSES

EQUALS = {"=", "!=", ":=", "equiv"}
INEQUALITIES = {"<=", "<", ">=", ">"}
_CONTINUING = {"+", "-", r"\cdot", r"\times", r"\odot", r"\otimes"}
_REASONS = {r"\because", r"\therefore", r"\colon"}  # other arrows say that one claim implies another

Tokens = list[Token]


@dataclass
class Piece:
    """Tokens between separators.

    breaks   what stood before it: row, pause, dot, gap, word, arrow, &
    given    words before it say that it is a condition
    remark   it stood in brackets after a gap
    """

    tokens: Tokens
    breaks: set[str]
    given: bool = False
    remark: bool = False

    @cached_property
    def groups(self) -> Groups:
        return Groups(self.tokens)

    @cached_property
    def relations(self) -> list[int]:
        """Places of the relation signs outside of all brackets."""
        return [place for place, token in self.groups.outermost() if token.kind == "relation"]


@dataclass(frozen=True)
class Link:
    """left relation right.

    group    numbers the pieces
    remark   it stood in brackets after a gap
    given    words say that it is a condition
    aside    it stands behind a gap, beside another equation
    mixed    an inequality in one chain with an equation
    """

    relation: str
    sign: Token
    left: Tokens
    right: Tokens
    group: int
    remark: bool = False
    given: bool = False
    aside: bool = False
    mixed: bool = False


@dataclass(frozen=True)
class Membership:
    """items \\in space."""

    items: list[Tokens]
    sign: Token
    space: Tokens


@dataclass(frozen=True)
class Range:
    """i = 1, \\dots, m, also of several indices."""

    indices: list[Tokens]
    sign: Token
    low: Tokens
    high: Tokens


@dataclass(frozen=True)
class Stray:
    """A relation sign that belongs to nothing, or whose sides are not all that was written."""

    sign: Token
    error: ReadError


Statement = Link | Membership | Range | Stray


@dataclass
class Statements:
    """All that one formula states, in order."""

    found: list[Statement] = field(default_factory=list)
    annotations: int = 0
    texts: list[Token] = field(default_factory=list)
    mentions: list[Tokens] = field(default_factory=list)  # pieces that state nothing
    last: Tokens | None = None  # the last expression: a chain may go on from it
    continued: Token | None = None  # the relation sign that goes on from the display before
    implies: bool = False  # an arrow joins claims: none of them is said to hold by itself

    @property
    def claims(self) -> bool:
        """Whether anything but conditions, ranges and memberships is stated."""
        return any(
            isinstance(one, Stray) or (isinstance(one, Link) and one.relation in EQUALS and not one.given)
            for one in self.found
        )


def read_statements(
    tokens: Sequence[Token], before: Tokens | None = None, lenient: bool = False
) -> Statements:
    """What a formula states. A chain may go on from `before`, the last expression of the display before."""
    # A formula that is nothing but the sign speaks of the sign.
    if len(tokens) == 1 and tokens[0].kind == "relation" and tokens[0].text in EQUALS:
        return Statements(annotations=1, last=before)
    pieces = _pieces(tokens)
    pieces = list(_without_remarks(pieces) if lenient else _with_conditions(pieces))
    reader = _Reader(_join_continuations(pieces), before, lenient)
    reader.result.texts = [token for token in tokens if token.kind in ("text", "stuck")]
    return reader.read()


# ------------------------------------------------------------------------------------------- cutting


def _pieces(tokens: Sequence[Token]) -> list[Piece]:
    cutter = _Cutter()
    tokens = _without_layouts(tokens)
    groups = Groups(tokens)
    for place, token in enumerate(tokens):
        around = groups.around[place]
        if around < 0:
            cutter.take(token)
        elif token.kind not in ("row", "&", "gap") or (
            tokens[around].kind == "begin" and token.kind != "gap"
        ):
            # in a printed matrix & and \\ separate cells; in other brackets they only break the line
            cutter.pieces[-1].tokens.append(token)
    return [piece for piece in cutter.pieces if piece.tokens]


class _Cutter:
    """Cuts the tokens outside of all brackets into pieces."""

    def __init__(self) -> None:
        self.pieces = [Piece([], set())]
        self.columns = 0
        self.words = ""

    def take(self, token: Token) -> None:
        tokens = self.pieces[-1].tokens
        if token.kind == "&" and tokens and tokens[-1].kind == "relation":
            return  # a &=& b
        self.columns = 0 if token.kind == "row" else self.columns + (token.kind == "&")
        if token.kind == "gap" and tokens and tokens[-1].text in ("+", "-"):
            return  # the term that the sign announces is still to come
        separator = _separator(token, self.columns)
        if separator is None:
            tokens.append(token)
            return
        if token.kind == "text":
            self.words = token.text
        if tokens and separator != "&":
            goes_on = separator == "pause" and self.pieces[-1].given
            self.pieces.append(Piece([], set(), given=goes_on))
        if not self.pieces[-1].tokens:
            self.pieces[-1].breaks |= {separator, "dot"} if token.text == "." else {separator}
            if token.kind == "text":
                self.pieces[-1].given = sets_condition(token.text)


def _separator(token: Token, columns: int) -> str | None:
    """What a token separates. Of the & in a row, every second one leaves a gap."""
    if token.kind == "&":
        return "gap" if columns and columns % 2 == 0 else "&"
    if token.kind == "gap":
        if token.text in (r"\quad", r"\qquad"):
            return "gap"
        return "word" if token.text in _REASONS else "arrow"
    if token.kind in ("row", "text"):
        return "row" if token.kind == "row" else "word"
    return "pause" if token.kind == "symbol" and token.text in PAUSES else None


def _without_layouts(tokens: Sequence[Token]) -> Tokens:
    r"""Environments such as aligned only arrange rows: \begin and \end become row ends. So do systems."""
    if not any(token.kind == "begin" for token in tokens):
        return list(tokens)
    groups = Groups(tokens)
    systems = {
        end
        for place, token in enumerate(tokens)
        if token.kind == "begin" and token.text in ("cases", "array") and _is_system(groups, place)
        for end in (place, groups.partner[place])
    }
    return [
        token._replace(kind="row")
        if place in systems or (token.kind in ("begin", "end") and token.text in LAYOUTS)
        else token
        for place, token in enumerate(tokens)
    ]


def _is_system(groups: Groups, begin: int) -> bool:
    r"""Whether the rows of \begin{cases} are equations of their own, not the values of a right-hand side."""
    tokens, end = groups.tokens, groups.partner.get(begin)
    before = [token for token in tokens[:begin] if token.kind not in ("begin", "&")][-1:]
    alone = not before or before[0].kind in ("row", "gap", "text") or before[0].text in PAUSES
    outside = all(tokens[bracket].text in LAYOUTS for bracket in groups.brackets_around(begin))
    if end is None or not alone or not outside:
        return False
    columns = related = 0
    for place in range(begin + 1, end):
        if groups.around[place] != begin:
            continue
        token = tokens[place]
        beside = "relation" in (tokens[place - 1].kind, tokens[place + 1].kind)
        columns = 0 if token.kind == "row" else columns + (token.kind == "&" and not beside)
        related += token.kind == "relation" and not columns
        if columns and related:
            return False  # a second column holds conditions, and then the first one holds values
    return bool(related)


def _with_conditions(pieces: list[Piece]) -> Iterator[Piece]:
    """A relation in brackets of its own behind a gap, as in "a = b    (i < j)", is a condition."""
    for number, piece in enumerate(pieces):
        tokens = piece.tokens
        whole = tokens[0][:2] == ("open", "(") and piece.groups.partner.get(0) == len(tokens) - 1
        if number and whole and "gap" in piece.breaks:
            inside = _pieces(tokens[1:-1])
            if any(part.relations for part in inside):
                yield from (Piece(part.tokens, part.breaks | piece.breaks, given=True) for part in inside)
                continue
        yield piece


def _without_remarks(pieces: list[Piece]) -> Iterator[Piece]:
    """Lenient mode: a bracket of its own behind a gap, as in "(U = U(x))", is a remark, closed or not."""
    for piece in pieces:
        if piece.tokens[0][:2] != ("open", "("):
            yield piece
            continue
        last = piece.groups.partner.get(0)
        inside = piece.tokens[1:last]
        after = piece.tokens[last + 1 :] if last else []
        speaks = any(_says_more(token) for token in inside)
        behind_gap = "gap" in piece.breaks and (not after or after[0].kind == "relation")
        if speaks and (behind_gap or not after):
            for part in _pieces(inside):
                yield Piece(part.tokens, part.breaks | piece.breaks, remark=behind_gap)
            if after:
                yield Piece(after, {"row"})
        elif last is None and inside:
            yield Piece(inside, piece.breaks, remark="gap" in piece.breaks)
        else:
            yield piece


def _says_more(token: Token) -> bool:
    """Relations and words do not belong to a factor in brackets."""
    return token.kind in ("relation", "gap", "text") or (token.kind == "symbol" and not token.text.isascii())


def _join_continuations(pieces: list[Piece]) -> list[Piece]:
    """A row, or what follows a gap, goes on with the term before it if it begins with + or -.

    A row without & that is an equation may begin with a sign of its own.
    """
    joined: list[Piece] = []
    for piece in pieces:
        goes_on = piece.tokens[0].text in _CONTINUING and not piece.breaks & {"pause", "word", "arrow"}
        if joined and goes_on and ("&" in piece.breaks or "row" not in piece.breaks or not piece.relations):
            before = joined[-1]
            joined[-1] = Piece(before.tokens + piece.tokens, before.breaks, before.given, before.remark)
        else:
            joined.append(piece)
    return joined


# ----------------------------------------------------------------------------------------- reading


class _Reader:
    """Pieces -> statements, in order; what belongs to none is kept until the end."""

    def __init__(self, pieces: list[Piece], before: Tokens | None, lenient: bool) -> None:
        self.waiting = deque(pieces)
        self.lenient = lenient
        self.result = Statements(last=before)
        self.listed: list[Piece] = []  # pieces that state nothing, joined by commas
        self.loose: list[tuple[int, Piece]] = []  # the same, with the number of statements before them
        self.doubts: list[tuple[int, ReadError]] = []  # between which statements something cannot be read

    def read(self) -> Statements:
        while self.waiting:
            self._piece(self.waiting.popleft())
        self._refuse_loose()
        for place, error in self.doubts:
            self._refuse_beside(place, error)
        return self.result

    def _piece(self, piece: Piece) -> None:
        """One piece, or several that a range is made of."""
        result = self.result
        self._doubt_separator(piece)
        result.implies |= self._is_implied(piece)
        _read_inside(piece, result)
        if "pause" not in piece.breaks:
            self.listed.clear()
        if not piece.relations:
            self._mention(piece)
            return
        signs = [piece.tokens[place] for place in piece.relations]
        bounds = [-1, *piece.relations, len(piece.tokens)]
        parts = [piece.tokens[low + 1 : high] for low, high in pairwise(bounds)]
        count = self._range_length(parts[1]) if [sign.text for sign in signs] == ["="] else 0
        if count:
            indices = [*(self._use(one) for one in list(self.listed)), parts[0]]
            upper = [self.waiting.popleft() for _ in range(count)][-1]
            result.found.append(Range(indices, signs[0], parts[1], upper.tokens))
        else:
            self._chain(parts, signs, piece)
        self.listed.clear()

    def _mention(self, piece: Piece) -> None:
        """A piece without a relation: a chain, a membership or a range may take it up."""
        if piece.remark:
            return
        self.result.mentions.append(piece.tokens)
        self.listed.append(piece)
        self.loose.append((len(self.result.found), piece))
        self.result.last = piece.tokens

    def _use(self, piece: Piece) -> Tokens:
        """The tokens of a mention that has found its place."""
        self.loose = [(place, other) for place, other in self.loose if other is not piece]
        return piece.tokens

    def _range_length(self, low: Tokens) -> int:
        """How many pieces after "i = 1" make it a range: dots and an upper end, with or without a "2"."""
        ahead = [self.waiting[place] for place in range(min(3, len(self.waiting)))]
        dots = [[token.kind for token in piece.tokens] == ["dots"] for piece in ahead]
        length = (
            2 if dots[:1] == [True] else 3 if dots[1:2] == [True] and _follows(low, ahead[0].tokens) else 0
        )
        if not length or len(ahead) < length or ahead[length - 1].relations:
            return 0
        return length if all("pause" in piece.breaks for piece in ahead[:length]) else 0

    def _chain(self, parts: list[Tokens], signs: Tokens, piece: Piece) -> None:
        result = self.result
        if not parts[0]:
            parts[0] = self._chain_start(piece)
            if not (result.found or result.mentions) and parts[0]:
                result.continued = signs[0]
        texts = {sign.text for sign in signs}
        known = texts <= EQUALS | INEQUALITIES | {"in"}
        common = Link(
            "", signs[0], [], [], len(result.found), piece.remark, piece.given, self._is_aside(piece),
            bool(texts & EQUALS),
        )  # fmt: skip
        for sign, left, right in zip(signs, parts, parts[1:], strict=False):
            if sign.text == "in":
                listed = list(self.listed) if left is parts[0] else []
                result.found.append(Membership([*map(self._use, listed), left], sign, right))
            elif sign.text in INEQUALITIES | EQUALS:
                error = _problem(sign, left, right, known)
                if error is None:
                    result.found.append(
                        replace(common, relation=sign.text, sign=sign, left=left, right=right)
                    )
                elif sign.text in EQUALS:
                    result.found.append(Stray(sign, error))
        if not piece.remark and not piece.given:
            result.last = parts[-1] or None

    def _chain_start(self, piece: Piece) -> Tokens:
        """The last expression, for a chain that begins with its sign."""
        last = self.result.last or []
        if self.loose and self.loose[-1][1].tokens is last:
            before = self.loose[-1][1]
            if not before.breaks or before.breaks & {"row", "pause", "word"}:
                return self._use(before)
        return last

    def _is_implied(self, piece: Piece) -> bool:
        """Whether a piece with an equation stands behind an arrow that begins at another equation."""
        before = any(isinstance(one, Link) and one.relation in EQUALS for one in self.result.found)
        states = any(piece.tokens[place].text in EQUALS for place in piece.relations)
        return "arrow" in piece.breaks and before and states

    def _is_aside(self, piece: Piece) -> bool:
        """Whether a piece stands behind a gap in the row of another equation."""
        behind_gap = "gap" in piece.breaks and not piece.breaks & {"row", "word", "arrow"}
        return behind_gap and any(
            isinstance(one, Link) and one.relation in EQUALS for one in self.result.found
        )

    # ------------------------------------------------------------------------------- what is in doubt

    def _doubt_separator(self, piece: Piece) -> None:
        """A dot between terms, and an arrow between claims, say more than "and"."""
        place = piece.tokens[0].span
        if not self.result.found:
            return
        if "dot" in piece.breaks and not piece.breaks & {"gap", "row", "word", "arrow"}:
            self._doubt(
                ReadError("a dot between terms", place, r"\cdot for a product, or \quad behind the dot")
            )

    def _doubt(self, error: ReadError) -> None:
        self.doubts.append((len(self.result.found), error))

    def _refuse_loose(self) -> None:
        """What belongs to no statement."""
        for place, piece in self.loose:
            kinds = {token.kind for token in piece.tokens}
            if kinds == {"dots"} or (piece.given and kinds == {"letter"}):
                continue
            tolerated = piece.breaks != {"gap"} or piece.tokens[0].kind == "open"
            if self.lenient and tolerated and kinds != {"number"}:
                continue
            span = (piece.tokens[0].start, piece.tokens[-1].end)
            where = "before" if place else "behind"
            self.doubts.append(
                (
                    place,
                    ReadError(
                        f"cut off from the equation {where} it", span, "a sign, a comma or words before it"
                    ),
                )
            )

    def _refuse_beside(self, place: int, error: ReadError) -> None:
        """The statements on both sides are not what was written."""
        found = self.result.found
        for number in (place - 1, place):
            if 0 <= number < len(found) and not isinstance(found[number], Stray):
                found[number] = Stray(found[number].sign, error)


def _follows(low: Tokens, second: Tokens) -> bool:
    """Whether "1, 2" are neighbours."""
    if [token.kind for token in [*low, *second]] != ["number", "number"]:
        return False
    return int(second[0].text[:9]) == int(low[0].text[:9]) + 1


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
    groups = piece.groups
    columns: dict[int, int] = {}
    for place, token in enumerate(piece.tokens):
        bracket = groups.around[place]
        if token.kind in ("&", "row"):
            columns[bracket] = columns.get(bracket, 0) + 1 if token.kind == "&" else 0
        if token.kind != "relation" or token.text not in EQUALS or bracket < 0:
            continue
        if _is_annotation(groups, place, columns):
            result.annotations += 1
        else:
            error = ReadError("a relation inside brackets", token.span, "relations in the open, or words")
            result.found.append(Stray(token, error))


def _is_annotation(groups: Groups, place: int, columns: dict[int, int]) -> bool:
    """The lower bound of a sum, the point of a value at a point, the condition of a case."""
    tokens, bracket = groups.tokens, groups.around[place]
    before = [token.text for token in tokens[max(bracket - 2, 0) : bracket]]
    if tokens[bracket].kind == "{":
        return before[1:] == ["_"] and before[0] in (r"\sum", ".")
    for around, _ in zip(groups.brackets_around(place), range(2), strict=False):
        if tokens[around][:2] == ("begin", "cases"):
            return columns.get(around, 0) > 0
    return False

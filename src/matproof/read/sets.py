r"""Hypotheses: what stands on the two sides of \in.

\mathbf{A}, \mathbf{B} \in \mathbb{R}^{m \times n}      \mathbf{U}(x) \in \mathbb{R}^{m \times n}
c \in \mathbb{R}                                        n \in \mathbb{N}_0
\mathbf{C} \in \mathbb{S}^{n} \cap \mathrm{GL}_n(\mathbb{R})
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from ..language.nodes import Letter, Node, ReadError, Space, Span
from ..language.scope import Declaration, Scope
from .grammar import parse_integer
from .tokens import Token

Tokens = Sequence[Token]
Kind = Literal["scalar", "vector", "matrix", "integer", "function", "sequence", "single-entry"]
_BY_DIMENSIONS: tuple[Kind, ...] = ("scalar", "vector", "matrix")


@dataclass(frozen=True)
class Set:
    r"""What a set says of its members. `integer` marks N, N_0 and Z, with their `minimum` (None for Z)."""

    dimensions: tuple[Node, ...] = ()
    symmetric: bool = False
    invertible: bool = False
    integer: bool = False
    minimum: int | None = 1
    only_invertible: bool = False  # GL_n alone: the right place for an expression


def read_set(tokens: Tokens, place: Span) -> Set | None:
    r"""The set to the right of \in; None for a set that says nothing to the checker.

    Raises `ReadError` for a set that begins like a known one and goes on differently.
    """
    parts = [list(part) for bar, part in groupby(tokens, lambda token: token.text == r"\cap") if not bar]
    sets = [_one_set(part, place) for part in parts]
    if not sets or sets[0] is None:
        return None
    whole = sets[0]
    for other in sets[1:]:
        if other is None or other.integer or whole.integer or other.dimensions != whole.dimensions:
            raise ReadError(
                "an intersection of unlike sets", _span(tokens, place), r"\mathbb{S}^n \cap \mathrm{GL}_n"
            )
        whole = Set(
            whole.dimensions, whole.symmetric or other.symmetric, whole.invertible or other.invertible
        )
    return whole


def _one_set(tokens: Tokens, place: Span) -> Set | None:
    if not tokens:
        raise ReadError("an empty side of an intersection", place, "a set")
    first, rest = tokens[0], tokens[1:]
    if (first.kind, first.text) in (("bb", "R"), ("bb", "S")):
        return _real(first, rest)
    if (first.kind, first.text) in (("bb", "N"), ("bb", "Z")):
        return _integers(first, rest)
    if (first.kind, first.text) == ("name", "GL"):
        return _invertible(first, rest)
    if first.kind == "bb":
        raise ReadError(
            rf"unknown set \mathbb{{{first.text}}}", first.span, r"\mathbb{R}, \mathbb{S}, \mathbb{N}"
        )
    return None


def _real(first: Token, rest: Tokens) -> Set:
    texts = [token.text for token in rest]
    if first.text == "R" and (not rest or _is_without_zero(texts)):
        return Set(invertible=bool(rest))
    if texts[:1] == ["_"]:
        raise ReadError("numbers of one sign", _span(rest, first.span), "all numbers")
    if texts[:1] != ["^"]:
        raise ReadError(
            rf"\mathbb{{{first.text}}} without its size", first.span, rf"\mathbb{{{first.text}}}^{{n}}"
        )
    inside = _script(rest[1:], first)
    dimensions = _dimensions(inside, first)
    if first.text == "S":
        if len(dimensions) != 1:
            raise ReadError("symmetric matrices are square", _span(inside, first.span), r"\mathbb{S}^{n}")
        return Set(dimensions * 2, symmetric=True)
    return Set(dimensions)


def _is_without_zero(texts: list[str]) -> bool:
    r"""\mathbb{R} \setminus \{0\}"""
    return texts == [r"\setminus", r"\{", "0", r"\{"]


def _integers(first: Token, rest: Tokens) -> Set:
    texts = [token.text for token in rest if token.kind not in ("{", "}")]
    if not texts:
        return Set(integer=True, minimum=1 if first.text == "N" else None)
    if first.text == "N" and texts == ["_", "0"]:
        return Set(integer=True, minimum=0)
    raise ReadError(
        "an unknown set of integers", _span(rest, first.span), r"\mathbb{N}, \mathbb{N}_0 or \mathbb{Z}"
    )


def _invertible(first: Token, rest: Tokens) -> Set:
    r"""\mathrm{GL}_n(\mathbb{R}) or \mathrm{GL}(n, \mathbb{R})."""
    field = [(token.kind, token.text) for token in rest[-2:]] == [("bb", "R"), ("close", "(")]
    if field and rest[0].text == "_" and len(rest) > 4 and rest[-3].kind == "open":
        size = _script(rest[1:-3], first)
    elif field and rest[0].kind == "open" and len(rest) > 4 and rest[-3].text == ",":
        size = list(rest[1:-3])
    else:
        raise ReadError("an unknown set of matrices", _span(rest, first.span), r"\mathrm{GL}_n(\mathbb{R})")
    dimension = parse_integer(size, Scope(), size[-1].span)
    return Set((dimension, dimension), invertible=True, only_invertible=True)


def _script(tokens: Tokens, first: Token) -> list[Token]:
    """The inside of a superscript or subscript that is all there is."""
    if len(tokens) == 1:
        return list(tokens)
    if len(tokens) < 3 or tokens[0].kind != "{" or tokens[-1].kind != "}":
        raise ReadError("a set that goes on", _span(tokens, first.span), "one superscript in braces")
    return list(tokens[1:-1])


def _dimensions(tokens: Tokens, first: Token) -> tuple[Node, ...]:
    parts = [
        list(part) for times, part in groupby(tokens, lambda token: token.text == r"\times") if not times
    ]
    if not 1 <= len(parts) <= 2 or sum(token.text == r"\times" for token in tokens) != len(parts) - 1:
        raise ReadError("the size of a space", _span(tokens, first.span), r"n or m \times n")
    for place, token in enumerate(tokens[1:-1], start=1):
        neighbours = tokens[place - 1].kind == tokens[place + 1].kind == "letter"
        if token.text == "x" and neighbours and len(tokens) == 3:
            raise ReadError("the letter x between sizes", token.span, r"\times")
    return tuple(parse_integer(part, Scope(), part[-1].span) for part in parts)


def _span(tokens: Tokens, place: Span) -> Span:
    return (tokens[0].start, tokens[-1].end) if tokens else place


# ------------------------------------------------------------------------------------------- left side


def declared_letter(tokens: Tokens) -> tuple[Letter, tuple[Letter, ...], str] | None:
    r"""The letter that a membership declares, its arguments, and "entry" for J^{ij}, "index" for c_n.

    None for anything else: an expression.
    """
    if not tokens or tokens[0].kind != "letter":
        return None
    first, rest = tokens[0], list(tokens[1:])
    letter = Letter(first.text, first.bold, span=first.span)
    if not rest:
        return letter, (), ""
    if rest[0].kind == "open" and rest[-1].kind == "close":
        names, commas = rest[1:-1:2], rest[2:-1:2]
        listed = len(names) == len(commas) + 1 and all(token.text == "," for token in commas)
        if listed and all(token.kind == "letter" for token in names):
            return letter, tuple(Letter(token.text, token.bold, span=token.span) for token in names), ""
    inside = [token for token in rest[1:] if token.kind not in ("{", "}")]
    plain = all(token.kind in ("letter", "number") and not token.bold for token in inside)
    if first.bold and first.text == "J" and rest[0].text == "^" and len(inside) == 2 and plain:
        return letter, (), "entry"
    if not first.bold and rest[0].text == "_" and len(inside) == 1 and plain:
        return letter, (), "index"
    return None


def declare(tokens: Tokens, members: Set) -> Declaration | None:
    """The declaration of a letter as member of a set; None if `tokens` are an expression.

    Raises `ReadError` where the letter cannot be what the set makes of it.
    """
    read = declared_letter(tokens)
    if read is None:
        return None
    letter, arguments, script = read
    span = (tokens[0].start, tokens[-1].end)
    kind: Kind = "integer" if members.integer else _BY_DIMENSIONS[len(members.dimensions)]
    if script == "entry":
        if kind != "matrix":
            raise ReadError("a single-entry matrix that is not a matrix", span, r"\mathbb{R}^{m \times n}")
        kind = "single-entry"
    elif script == "index":
        if kind != "scalar":
            raise ReadError("a sequence of other things than numbers", span, r"\mathbb{R}")
        kind = "sequence"
    elif letter.bold and kind in ("scalar", "integer"):
        raise ReadError(f"the bold letter {letter.name} as a number", span, "a plain letter, or a size")
    if arguments and kind == "integer":
        raise ReadError("an integer that depends on something", span, "no arguments")
    return Declaration(
        letter,
        kind,
        members.dimensions,
        arguments,
        symmetric=members.symmetric,
        invertible=members.invertible,
        minimum=members.minimum,
        span=span,
    )


def space(members: Set) -> Space:
    """The space that an expression is said to lie in."""
    return Space(members.dimensions)

"""What stands between factors: signs of products, dots."""

from __future__ import annotations

from typing import Literal

from ...language.nodes import Delta, Dots, Entry, Hadamard, Kronecker, Letter, Node, Number
from ..tokens import Token
from .core import Parser

PLAIN = (r"\cdot", r"\times")
_DOTS: dict[str, Literal["c", "v", "d"]] = {"c": "c", "v": "v", "d": "d"}


def plain(parser: Parser, factors: list[Node]) -> None:
    r"""\cdot and \times are passed: they say no more than juxtaposition."""
    sign = parser.step()
    if not factors or not parser.starts_factor() or parser.sees("command", *PLAIN):
        raise parser.error(f"{sign.text} between what?", "a factor on each side", sign.span)


def dots(parser: Parser, factors: list[Node]) -> None:
    """Dots stand for the factors between their neighbours."""
    token = parser.step()
    if token.text != "c" or not factors:
        raise parser.error("dots outside of a chain", "factors on both sides", token.span)
    factors.append(dots_of(token))


def dots_of(token: Token) -> Dots:
    """The node of printed dots."""
    return Dots(_DOTS[token.text], span=token.span)


def entrywise(parser: Parser, factors: list[Node]) -> None:
    """Hadamard or Kronecker product of single factors; numbers and scalars may stand before it."""
    sign = parser.token
    if not factors:
        raise parser.error(f"{sign.text} without a left-hand side", "a factor")
    if not all(_is_plain_scalar(factor) for factor in factors[:-1]):
        raise parser.error(f"a product mixed with {sign.text}", "brackets that say which comes first")
    parts = [factors.pop()]
    while parser.accept("command", sign.text):
        if not parser.starts_factor():
            raise parser.error(f"{sign.text} without a right-hand side", "a factor")
        parts.append(parser.factor())
    if parser.starts_factor():
        raise parser.error(f"a product mixed with {sign.text}", "brackets that say which comes first")
    first = parts[0].span or sign.span
    kind = Hadamard if sign.text == r"\odot" else Kronecker
    factors.append(kind(tuple(parts), span=(first[0], parser.tokens[parser.at - 1].end)))


def _is_plain_scalar(node: Node) -> bool:
    return isinstance(node, Number | Entry | Delta) or (isinstance(node, Letter) and not node.bold)

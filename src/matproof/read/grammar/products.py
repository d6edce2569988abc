"""What stands between factors: signs of products, dots."""

from __future__ import annotations

from typing import Literal

from ...language.nodes import (
    Delta,
    Dots,
    Entry,
    Hadamard,
    Kronecker,
    Letter,
    Node,
    Number,
    Product,
    Transpose,
)
from ..tokens import Token
from .core import Parser
from .forms import form

PLAIN = (r"\cdot", r"\times")
_DOTS: dict[str, Literal["c", "v", "d"]] = {"c": "c", "v": "v", "d": "d"}


def plain(parser: Parser, factors: list[Node]) -> None:
    r"""\cdot and \times: between scalars, and where one side is a scalar, no more than juxtaposition.

    Between two columns, \cdot is the inner product. Between anything else, \times is no product of this
    language, or the cross product.
    """
    sign = parser.step()
    if not factors or not parser.starts_factor() or parser.sees("command", *PLAIN):
        raise parser.error(f"{sign.text} between what?", "a factor on each side", sign.span)
    left = form(Product(tuple(factors)), parser.scope)
    if left == "scalar" or parser.in_index or (sign.text == r"\cdot" and left != "column"):
        return
    start, rest = factors[0].span, parser.term()
    right = form(rest, parser.scope)
    if sign.text == r"\cdot" and right == "column":
        span = (start or sign.span)[0], parser.passed
        factors[:] = [Transpose(_as_one(factors), span=span), rest]
    elif sign.text == r"\times" and right != "scalar" and not parser.scope.lenient:
        raise parser.error(
            r"\times between anything but scalars", r"\cdot or nothing for a matrix product", sign.span
        )
    else:
        factors.extend(rest.factors if isinstance(rest, Product) else [rest])


def _as_one(factors: list[Node]) -> Node:
    return factors[0] if len(factors) == 1 else Product(tuple(factors))


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

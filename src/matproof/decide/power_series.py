"""Power series: sums to infinity and the exponential of a matrix.

They are compared as formal power series. The letters inside are drawn as multiples of the prime, in residues
modulo a power of it: there a series ends after a few terms, and every order that is left is compared exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..language.integers import ClaimError
from ..language.nodes import (
    Apply,
    Call,
    Infinity,
    Letter,
    Negative,
    Node,
    Power,
    Product,
    Sum,
    Transpose,
    walk,
)
from ..language.operations import operation
from .degrees import degree
from .elaborate import Closed, LoopSum, Unfolded
from .shapes import Shapes

ORDERS = 6  # a power series is compared up to order 5 at least,
BEYOND = 4  # and some orders beyond the degree of all that is not a series,
MOST_ORDERS = 40  # unless that is too high


def orders(closed: Closed, integers: Mapping[str, int]) -> int:
    """The number of orders in which a claim with power series is compared."""
    wanted = max(ORDERS, degree(closed, integers) + BEYOND)
    if wanted > MOST_ORDERS:
        raise ClaimError("the degree is too high to compare power series", None, "undecided")
    return wanted


def small_letters(closed: Closed, shapes: Shapes) -> frozenset[Letter]:
    """Letters whose smallness makes the argument of every power series small; none if there is no series."""
    return frozenset(letter for node in _arguments(closed, shapes) for letter in _small(node, closed))


def _arguments(closed: Closed, shapes: Shapes) -> Iterator[Node]:
    """What is raised to all powers."""
    for node in shapes.nodes:
        if isinstance(node, Call):
            if operation(node).series is not None and not shapes.is_scalar(shapes.of(node)):
                yield node.arguments[0]
        elif isinstance(node, LoopSum) and isinstance(node.upper, Infinity):
            yield from _bases(node)


def _bases(series: LoopSum) -> Iterator[Node]:
    """The bases of the powers whose exponent counts the terms of a series."""
    found = False
    for node in walk(series.body):
        if isinstance(node, Power) and series.index in walk(node.exponent):
            found = True
            yield node.base
    if not found:
        raise ClaimError("an infinite sum is understood as a power series only", series.span, "undecided")


def _small(node: Node, closed: Closed) -> list[Letter]:
    """Letters, matrices before scalars, that make an expression a multiple of themselves."""
    match node:
        case Letter():
            return _small(closed.definitions[node], closed) if node in closed.definitions else [node]
        case Apply():
            return [node.function]
        case Unfolded():
            return _small(node.body, closed)
        case Negative() | Transpose():
            return _small(node.of, closed)
        case Sum():
            return [letter for term in node.terms for letter in _small(term, closed)]
        case Product():
            letters = [factor for factor in node.factors if isinstance(factor, Letter)]
            return _small(
                max(letters or node.factors, key=lambda factor: getattr(factor, "bold", False)), closed
            )
    raise ClaimError(
        "the argument of this power series is not a product with a letter", node.span, "undecided"
    )

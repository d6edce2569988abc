"""The degree of a claim, which sizes and orders of power series have to exceed."""

from __future__ import annotations

from collections.abc import Mapping

from ..language.integers import polynomial
from ..language.nodes import Call, Derivative, Entry, Letter, Node, Power, Product, children, walk
from ..language.operations import operation
from .elaborate import Closed


def degree(closed: Closed, integers: Mapping[str, int], plain: bool = False) -> int:
    """The number of factors of the longest product when it is written out.

    Plain claims, which are polynomial in their letters, count matrices and vectors only. In others a
    determinant, whose degree is the size itself, is compared with all else: plain letters and the orders of
    derivatives count too.
    """
    degrees, sides = _Degrees(closed, integers, plain), (closed.lhs, closed.rhs)
    found = max(*map(degrees.of, sides), 0)
    return found if plain else max(found, sum(map(_orders, sides)))


def _orders(side: Node) -> int:
    return sum(len(part.by) for part in walk(side) if isinstance(part, Derivative))


class _Degrees:
    """Degrees of the nodes of a claim."""

    def __init__(self, closed: Closed, integers: Mapping[str, int], plain: bool) -> None:
        self.definitions, self.integers, self.plain = closed.definitions, integers, plain
        self.known: dict[int, int] = {}
        # what a loop counts is at most that
        self.worst = max((abs(value) for value in integers.values()), default=2)

    def of(self, node: Node) -> int:
        """The degree of a node, computed once."""
        if id(node) not in self.known:
            self.known[id(node)] = self.compute(node)
        return self.known[id(node)]

    def compute(self, node: Node) -> int:
        """The degree of a node from those of its parts."""
        if isinstance(node, Letter):
            body = self.definitions.get(node)
            return int(node.bold or not self.plain) if body is None else self.of(body)
        if isinstance(node, Product):
            return sum(map(self.of, node.factors))
        if isinstance(node, Power):
            return self.of(node.base) * self.exponent(node.exponent)
        if isinstance(node, Call):
            of_each = operation(node).degree
            return max(map(self.of, node.arguments)) * ((of_each and of_each.constant()) or 1)
        parts = [node.of] if isinstance(node, Entry | Derivative) else children(node)
        return max(map(self.of, parts), default=0)

    def exponent(self, node: Node) -> int:
        """The value of an exponent, or a bound on it."""
        value = polynomial(node)
        if value is None or (value.constant() or 0) < 0:
            return self.worst
        return value.at(dict.fromkeys(value.names(), self.worst) | dict(self.integers))

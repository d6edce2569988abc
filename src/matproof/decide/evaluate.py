"""Closed trees to values: one rule a node type, its formula in its docstring.

A derivative opens a *level*: the variable gets the identity as its Jacobian there, the expression is
evaluated, and the parts that contain the level are the derivative. Levels nest, for second derivatives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default
from math import prod
from random import Random

from ..arithmetic.arrays import Array, np
from ..arithmetic.fields import Field, TooLargeError, check_size
from ..arithmetic.jets import Jet
from ..arithmetic.tensors import SLOWER, Index, level_label, unit_matrix
from ..language.integers import ClaimError, Poly, integer
from ..language.nodes import (
    Apply,
    AtPoint,
    Call,
    Cases,
    Delta,
    Derivative,
    Entry,
    ExplicitMatrix,
    Fraction,
    Hadamard,
    Identity,
    Inverse,
    Kronecker,
    Letter,
    Negative,
    Node,
    Norm,
    Number,
    Power,
    Product,
    SingleEntry,
    Sum,
    Transpose,
    children,
)
from . import derivatives, entries, matrices, random_functions, sums
from .dots import Grid
from .elaborate import AxisSum, Closed, LoopSum, Unfolded, Unsized
from .limits import MOST_KEPT, Limits
from .shapes import Shapes

MOST_LEVELS = 6  # derivatives within derivatives: the work grows threefold with each


@dataclass
class Point:
    """One random point: sizes, integers, and whatever has been drawn for the letters and functions so far.

    `small` holds the letters that are drawn as multiples of the prime, so that power series in them end;
    `opaque` says whether the value of a logarithm or exponential was used, `rooted` that of a root or an
    absolute value, whose signs differ from point to point.
    """

    field: Field
    sizes: Mapping[str, int]
    integers: Mapping[str, int]
    source: Random
    limits: Limits = with_default(default_factory=Limits)
    small: frozenset[Letter] = frozenset()
    opaque: bool = False
    rooted: bool = False
    letters: dict[Letter, Jet] = with_default(default_factory=dict)
    coefficients: dict[tuple, Jet] = with_default(default_factory=dict)
    shapes: dict[Letter, tuple[int, int]] = with_default(
        default_factory=dict
    )  # of the functions in `coefficients`
    branches: set[object] = with_default(default_factory=set)  # the cases whose conditions were met
    kept: int = 0  # numbers in the values that are kept


class Evaluator:
    """Values of the nodes of a closed claim at one point.

    Raises `UndefinedError` where the point is singular, `TooLargeError` beyond the size limit, and
    `ClaimError` for what cannot be decided by evaluation.
    """

    def __init__(self, closed: Closed, shapes: Shapes, point: Point) -> None:
        self.closed, self.shapes, self.point, self.field = closed, shapes, point, point.field
        self.integers: dict[str, int] = {**point.sizes, **point.integers}
        for name in closed.instances:
            self.integers[name] = shapes.solve(Poly.of(name)).at(point.sizes)
        self.active: tuple[Letter | None, ...] = ()  # the variable of every open level
        self.bindings: Mapping[Letter, Jet] = {}
        self._shared = closed.shared
        self._memo: dict[tuple, Jet] = {}
        self._ranges: dict[str, int] = {}
        self.powers: dict[int, tuple[Jet, list[Jet]]] = {}  # by the id of the base, which is kept alive
        self.inverses: dict[int, tuple[Jet, Jet]] = {}

    def visit(self, node: Node) -> Jet:
        """The value of a node under the open levels; computed once if it is asked for more than once."""
        if id(node) not in self._shared:
            return self.compute(node)
        loops = self.shapes.loops.get(id(node))
        if loops is None:
            loops = self.loops(node)
        key = id(node), self.active, tuple([self.integers[name] for name in loops]) if loops else ()
        value = self._memo.get(key)
        if value is None:
            value = self._memo[key] = self.compute(node)
            self.keep(value)
        return value

    def compute(self, node: Node) -> Jet:
        """The value of a node, by its rule."""
        self.point.limits.check()
        rule = _RULES.get(type(node))
        if rule is None:
            raise ClaimError(f"no rule for the value of {type(node).__name__}", node.span, "undecided")
        value: Jet = rule(self, node)
        return value

    def keep(self, value: Jet) -> None:
        """Count what is kept."""
        cost = SLOWER if self.field.dtype is object else 1
        self.point.kept += cost * sum([data.size for _, data in value.parts.values()])
        if self.point.kept > MOST_KEPT:
            raise TooLargeError("too many intermediate values would be kept")

    def loops(self, node: Node) -> Sequence[str]:
        """The counters of enclosing loops that a node depends on."""
        key, known = id(node), self.shapes.loops
        if key not in known:
            if isinstance(node, Letter):
                found = {node.name} if "·" in node.name and node.name not in self.shapes.summed else set()
            else:
                found = {name for child in children(node) for name in self.loops(child)}
                if isinstance(node, LoopSum):
                    found.discard(node.index.name)
                elif isinstance(node, Grid):
                    found -= {node.row.name, node.column.name}
            known[key] = tuple(sorted(found))
        return known[key]

    def size(self, node: Node) -> tuple[int, int]:
        """Rows and columns of a node at this point."""
        rows, columns = self.shapes.of(node)
        return rows.at(self.point.sizes), columns.at(self.point.sizes)

    def letter_size(self, letter: Letter) -> tuple[int, int]:
        """Rows and columns of a letter at this point."""
        rows, columns = self.shapes.letter(letter)
        return rows.at(self.point.sizes), columns.at(self.point.sizes)

    def range(self, name: str) -> int:
        """The number of values of an index."""
        if name not in self._ranges:
            self._ranges[name] = self.shapes.solve(self.shapes.range(name)).at(self.point.sizes)
        return self._ranges[name]

    def number(self, node: Number) -> Jet:
        """The integer itself."""
        return Jet.number(self.field, node.value)

    def letter(self, node: Letter) -> Jet:
        """A letter; under a level of its own, plus the identity as its Jacobian: X + sum_k e_k E_k."""
        if not node.bold and node.name in self.integers:
            return Jet.number(self.field, self.integers[node.name])
        value = self.base_value(node)
        for level, variable in enumerate(self.active):
            if variable == node:
                parts = {mask: tensor for mask, tensor in value.parts.items() if not mask >> level & 1}
                parts[1 << level] = (level_label(level),), self.seed(node)
                value = Jet(self.field, parts)
        return value

    def base_value(self, node: Letter) -> Jet:
        """A letter's value before one differentiates by it: bound, defined, a function's, or drawn."""
        if node in self.bindings:
            return self.bindings[node]
        drawn = self.point.letters.get(node)
        if drawn is not None:
            return drawn
        if node in self.closed.definitions:
            return self.visit(self.closed.definitions[node])
        declaration = self.shapes.scope.declaration(node)
        if declaration.arguments:
            return random_functions.function(
                self, node, [self.visit(argument) for argument in declaration.arguments], 0
            )
        data = self.draw(node, self.letter_size(node))
        self.point.letters[node] = drawn = Jet.constant(self.field, data)
        return drawn

    def seed(self, node: Letter) -> Array:
        """The Jacobian of a letter by itself: J^{ij}; if symmetric, J^{ij} + J^{ji} - delta_ij J^{ij}."""
        rows, columns = self.letter_size(node)
        unit = unit_matrix(rows * columns, self.field.dtype).reshape(rows * columns, rows, columns)
        if self.is_symmetric(node):
            unit = np.maximum(unit, unit.swapaxes(-1, -2))
        return unit

    def is_symmetric(self, letter: Letter) -> bool:
        """Whether a letter is declared symmetric."""
        declaration = self.shapes.scope.declaration(letter)
        return declaration is not None and declaration.symmetric

    def draw(self, letter: Letter, size: tuple[int, int], batch: tuple[int, ...] = ()) -> Array:
        """Random numbers for a letter, symmetric if it is."""
        check_size(prod((*batch, *size)))
        data = self.field.draw(self.point.source, (*batch, *size))
        if self.is_symmetric(letter):
            upper = np.triu(np.ones(size, dtype=bool))
            data = np.where(upper, data, data.swapaxes(-1, -2))
        if letter in self.point.small and not batch:
            data = self.field.reduce(data * self.field.small)
        return data

    def index(self, node: Node, size: int) -> Index:
        """The name of an index axis, or a fixed position counted from 0."""
        if isinstance(node, Letter) and self.shapes.is_axis(node.name):
            return node.name
        position = integer(node, self.integers)
        if not 1 <= position <= size:
            raise ClaimError(f"the index {position} is not within 1 and {size}", node.span)
        return position - 1

    def unit(self, index: Index, size: int) -> Jet:
        """The unit vector of an index, a column."""
        unit = unit_matrix(size, self.field.dtype)[..., None]
        if isinstance(index, str):
            return Jet.constant(self.field, unit, [index])
        return Jet.constant(self.field, unit[index])

    def under(self, active: tuple[Letter | None, ...], node: Node) -> Jet:
        """The value of a node under other levels."""
        if len(active) > MOST_LEVELS:
            raise ClaimError(f"more than {MOST_LEVELS} nested derivatives", node.span, "undecided")
        outside, self.active = self.active, active
        try:
            return self.visit(node)
        finally:
            self.active = outside

    def at_point(self, node: AtPoint) -> Jet:
        """The value after substituting for letters; outer derivatives no longer see those letters."""
        inner = Evaluator(self.closed, self.shapes, self.point)
        inner.integers = self.integers
        inner.bindings = {
            **self.bindings,
            **{letter: self.visit(value) for letter, value in node.assignments},
        }
        assigned = {letter for letter, _ in node.assignments}
        inner.active = tuple(None if variable in assigned else variable for variable in self.active)
        return inner.visit(node.of)


def _unsized(evaluator: Evaluator, node: Unsized) -> Jet:
    """I or 0, of the shape that the context needs."""
    return (
        Jet.identity(evaluator.field, evaluator.size(node)[0]) if node.identity else Jet(evaluator.field, {})
    )


_RULES = {
    Number: Evaluator.number,
    Letter: Evaluator.letter,
    Apply: random_functions.application,
    Entry: entries.entry,
    Delta: entries.delta,
    SingleEntry: entries.single_entry,
    Identity: lambda evaluator, node: Jet.identity(evaluator.field, evaluator.size(node)[0]),
    Unsized: _unsized,
    Negative: sums.negative,
    Sum: sums.sum_of,
    Product: sums.product_of,
    AxisSum: sums.axis_sum,
    LoopSum: sums.loop_sum,
    Power: matrices.power,
    Inverse: matrices.inverse,
    Fraction: matrices.fraction,
    Hadamard: matrices.hadamard,
    Kronecker: matrices.kronecker,
    Transpose: lambda evaluator, node: evaluator.visit(node.of).transpose(),
    Call: matrices.call,
    Unfolded: lambda evaluator, node: evaluator.visit(node.body),
    Norm: matrices.norm,
    Grid: matrices.grid,
    ExplicitMatrix: matrices.explicit_matrix,
    Cases: matrices.cases,
    Derivative: derivatives.derivative,
    AtPoint: Evaluator.at_point,
}

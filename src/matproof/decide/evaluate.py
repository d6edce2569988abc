"""Closed trees to values: one rule a node type, its formula in its docstring.

A derivative opens a *level*: the variable gets the identity as its Jacobian there, the expression is
evaluated, and the parts that contain the level are the derivative. Levels nest, for second derivatives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as with_default
from fractions import Fraction as Rational
from itertools import product
from math import prod
from random import Random

from ..arithmetic.arrays import Array, np
from ..arithmetic.contraction import contract
from ..arithmetic.fields import Adic, Field, NoExactValueError, Rationals, Reals, TooLargeError, check_size
from ..arithmetic.jets import Value
from ..arithmetic.tensors import SLOWER, Index, level_label, unit_matrix
from ..language.integers import ClaimError, Poly, integer
from ..language.nodes import (
    Apply,
    AtPoint,
    Call,
    Cases,
    Condition,
    Delta,
    Derivative,
    Entry,
    ExplicitMatrix,
    Fraction,
    Hadamard,
    Identity,
    Infinity,
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
from ..language.operations import Derived, Operation, operation
from .dots import Grid
from .elaborate import AxisSum, Closed, LoopSum, Unfolded, Unsized
from .limits import MOST_KEPT, Limits
from .shapes import ONE, Shapes

MOST_LEVELS = 6  # derivatives within derivatives: the work grows threefold with each
MOST_TERMS = 200  # of a sum that is evaluated term by term
SUCCESSIVE = 16  # up to this exponent all powers are kept, since sums of powers need them all
REAL_TERMS = 40  # of a power series of real numbers
LAST_COEFFICIENT = 3  # in a counterexample a power series ends here

_COMPARE = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


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
    letters: dict[Letter, Value] = with_default(default_factory=dict)
    coefficients: dict[tuple, Value] = with_default(default_factory=dict)
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
        self.bindings: Mapping[Letter, Value] = {}
        self._shared = closed.shared
        self._memo: dict[tuple, Value] = {}
        self._ranges: dict[str, int] = {}
        self._powers: dict[int, tuple[Value, list[Value]]] = {}  # by the id of the base, which is kept alive
        self._inverses: dict[int, tuple[Value, Value]] = {}

    def visit(self, node: Node) -> Value:
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

    def compute(self, node: Node) -> Value:
        """The value of a node, by its rule."""
        self.point.limits.check()
        rule = _RULES.get(type(node))
        if rule is None:
            raise ClaimError(f"no rule for the value of {type(node).__name__}", node.span, "undecided")
        value: Value = rule(self, node)
        return value

    def keep(self, value: Value) -> None:
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

    # -- numbers and letters

    def number(self, node: Number) -> Value:
        """The integer itself."""
        return Value.number(self.field, node.value)

    def letter(self, node: Letter) -> Value:
        """A letter; under a level of its own, plus the identity as its Jacobian: X + sum_k e_k E_k."""
        if not node.bold and node.name in self.integers:
            return Value.number(self.field, self.integers[node.name])
        value = self.base_value(node)
        for level, variable in enumerate(self.active):
            if variable == node:
                parts = {mask: tensor for mask, tensor in value.parts.items() if not mask >> level & 1}
                parts[1 << level] = (level_label(level),), self.seed(node)
                value = Value(self.field, parts)
        return value

    def base_value(self, node: Letter) -> Value:
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
            return self.function(node, [self.visit(argument) for argument in declaration.arguments], 0)
        data = self.draw(node, self.letter_size(node))
        self.point.letters[node] = drawn = Value.constant(self.field, data)
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

    # -- functions that the text leaves general

    def apply(self, node: Apply) -> Value:
        """f(a), or with primes f'(a)."""
        return self.function(
            node.function, [self.visit(argument) for argument in node.arguments], node.primes
        )

    def function(self, letter: Letter, arguments: list[Value], primes: int) -> Value:
        """A random function: at every point its Taylor coefficients are random, f(a + v) = sum_k W_k v^k."""
        labels = sorted({label for value in arguments if 0 in value.parts for label in value.parts[0][0]})
        if not labels:
            return self.taylor(letter, arguments, primes)
        total = Value(self.field, {})
        for place in product(*(range(self.range(label)) for label in labels)):
            here = arguments
            for label, position in zip(labels, place, strict=True):
                here = [value.at(label, position) for value in here]
            units = [
                self.unit(label, self.range(label)).entry(position, 0)
                for label, position in zip(labels, place, strict=True)
            ]
            total = total + contract([self.taylor(letter, here, primes), *units], {})
        return total

    def taylor(self, letter: Letter, arguments: list[Value], primes: int) -> Value:
        """The primes-th derivative of sum_k W_k v^k, with v the nilpotent part of the arguments, a row."""
        size = self.letter_size(letter)
        key = (letter, *map(_point, arguments))
        row, length = self.nilpotent_row(letter, arguments)
        total, power = Value(self.field, {}), None
        for order in range(row.levels() + 1):
            factor = 1
            for step in range(order + 1, order + primes + 1):
                factor *= step
            coefficient = self.coefficient(key, order + primes, length, size)
            term = coefficient if power is None else power @ coefficient
            total = total + (term.times(self.field.number(factor)) if primes else term)
            if order < row.levels():
                power = row if power is None else power.kronecker(row)
        return total.reshape(size)

    def nilpotent_row(self, letter: Letter, arguments: list[Value]) -> tuple[Value, int]:
        """The nilpotent parts of the arguments as one row, and its length."""
        declared = self.shapes.scope.declaration(letter).arguments
        sizes = [value.base().shape[-2:] if 0 in value.parts else None for value in arguments]
        sizes = [
            size or (self.letter_size(declared[k]) if declared else (1, 1)) for k, size in enumerate(sizes)
        ]
        lengths = [rows * columns for rows, columns in sizes]
        total, start = Value(self.field, {}), 0
        for value, length in zip(arguments, lengths, strict=True):
            row = value.nilpotent().reshape((1, length))
            if len(arguments) > 1:
                place = unit_matrix(sum(lengths), self.field.dtype)[start : start + length]
                row, start = row @ Value.constant(self.field, place), start + length
            total = total + row
        return total, sum(lengths)

    def coefficient(self, key: tuple, order: int, length: int, size: tuple[int, int]) -> Value:
        """W_k of a function at a point: one row of output for every product of k entries of the argument."""
        if (key, order) not in self.point.coefficients:
            self.point.shapes[key[0]] = size
            data = self.draw(key[0], size, (length**order,) if order else ())
            self.point.coefficients[key, order] = Value.constant(
                self.field, data.reshape(length**order, size[0] * size[1])
            )
        return self.point.coefficients[key, order]

    # -- indices

    def index(self, node: Node, size: int) -> Index:
        """The name of an index axis, or a fixed position counted from 0."""
        if isinstance(node, Letter) and self.shapes.is_axis(node.name):
            return node.name
        position = integer(node, self.integers)
        if not 1 <= position <= size:
            raise ClaimError(f"the index {position} is not within 1 and {size}", node.span)
        return position - 1

    def unit(self, index: Index, size: int) -> Value:
        """The unit vector of an index, a column."""
        unit = unit_matrix(size, self.field.dtype)[..., None]
        if isinstance(index, str):
            return Value.constant(self.field, unit, [index])
        return Value.constant(self.field, unit[index])

    def entry(self, node: Entry) -> Value:
        """(A)_{ij}, a_i; c_n is a random number for every n."""
        if isinstance(node.of, Letter) and self.is_sequence(node.of):
            return self.sequence(node)
        value, (rows, columns) = self.visit(node.of), self.size(node.of)
        if len(node.indices) == 2:
            return value.entry(self.index(node.indices[0], rows), self.index(node.indices[1], columns))
        if self.shapes.of(node.of)[0] == ONE:
            return value.entry(0, self.index(node.indices[0], columns))
        return value.entry(self.index(node.indices[0], rows), 0)

    def is_sequence(self, letter: Letter) -> bool:
        """Whether a letter stands for numbered coefficients."""
        declaration = self.shapes.scope.declaration(letter)
        return declaration is not None and declaration.kind == "sequence"

    def sequence(self, node: Entry) -> Value:
        """c_n."""
        number = tuple(integer(index, self.integers) for index in node.indices)
        if isinstance(self.field, Rationals) and max(number) > LAST_COEFFICIENT:
            return Value.number(self.field, 0)
        letter = Letter(f"{node.of.name}_{{{','.join(map(str, number))}}}")
        if letter not in self.point.letters:
            self.point.letters[letter] = Value.constant(
                self.field, self.field.draw(self.point.source, (1, 1))
            )
        return self.point.letters[letter]

    def delta(self, node: Delta) -> Value:
        """delta_ij = e_i' e_j."""
        axes = [
            index
            for index in (node.row, node.column)
            if isinstance(index, Letter) and self.shapes.is_axis(index.name)
        ]
        if not axes:
            same = integer(node.row, self.integers) == integer(node.column, self.integers)
            return Value.number(self.field, int(same))
        size = self.range(axes[0].name)
        row, column = (self.unit(self.index(index, size), size) for index in (node.row, node.column))
        return row.transpose() @ column

    def single_entry(self, node: SingleEntry) -> Value:
        """J^{ij} = e_i e_j'."""
        rows, columns = self.size(node)
        return (
            self.unit(self.index(node.row, rows), rows)
            @ self.unit(self.index(node.column, columns), columns).transpose()
        )

    def condition(self, node: Condition) -> Value:
        """1 where a relation between indices and integers holds, else 0."""
        sides, labels = [], []
        for side in (node.left, node.right):
            if isinstance(side, Letter) and self.shapes.is_axis(side.name):
                sides.append(np.arange(1, self.range(side.name) + 1))
                labels.append(side.name)
            else:
                sides.append(np.array(integer(side, self.integers)))
        left, right = sides
        if left.ndim and right.ndim:
            left = left[:, None]
        data = _COMPARE[node.relation](left, right)[..., None, None]
        return Value.constant(self.field, data.astype(self.field.dtype), labels)

    # -- sums and products

    def negative(self, node: Negative) -> Value:
        """-a."""
        return -self.visit(node.of)

    def sum(self, node: Sum) -> Value:
        """a + b + ..."""
        return self.total(self.visit(term) for term in node.terms)

    def total(self, values: Iterable[Value]) -> Value:
        """The sum of values."""
        total = Value(self.field, {})
        for value in values:
            total = total + value
        return total

    def product(self, node: Product) -> Value:
        """The product of the scalars and of the one matrix that the factors make."""
        return contract(self.factors(node), {})

    def factors(self, node: Product) -> list[Value]:
        """The chains of a product, multiplied out, from the end where a vector keeps the work small."""
        return [
            self.chain([self.visit(factor) for factor in chain], chain)
            for chain in self.shapes.chains[id(node)]
        ]

    def chain(self, values: list[Value], nodes: Sequence[Node]) -> Value:
        """A B C ..."""
        if len(values) > 2 and self.shapes.of(nodes[-1])[1] == ONE != self.shapes.of(nodes[0])[0]:
            result = values.pop()
            while values:
                result = values.pop() @ result
            return result
        result = values[0]
        for value in values[1:]:
            result = result @ value
        return result

    def axis_sum(self, node: AxisSum) -> Value:
        """sum_k ..., nested sums together, term by term of the summand."""
        sums: dict[str, int] = {}
        masks: list[Value] = []
        body: Node = node
        while isinstance(body, AxisSum):
            sums[body.index.name] = self.range(body.index.name)
            masks.extend(self.mask(body))
            body = body.body
        return self.summed(body, sums, masks)

    def summed(self, body: Node, sums: dict[str, int], masks: list[Value]) -> Value:
        """The sum of a summand over index axes."""
        if isinstance(body, Negative):
            return -self.summed(body.of, sums, masks)
        if isinstance(body, Sum):
            return self.total(self.summed(term, sums, masks) for term in body.terms)
        factors = self.factors(body) if isinstance(body, Product) else [self.visit(body)]
        return contract([*factors, *masks], sums)

    def mask(self, node: AxisSum) -> list[Value]:
        """1 within the bounds of a sum, 0 outside; nothing if the bounds are the whole range."""
        size = self.range(node.index.name)
        lower = 1 if node.lower is None else integer(node.lower, self.integers)
        upper = size if node.upper is None else integer(node.upper, self.integers)
        self.check_bounds(lower, upper, node)
        if lower < 1 or upper > size:
            raise ClaimError(
                f"the sum runs from {lower} to {upper}, its index only from 1 to {size}", node.span
            )
        if (lower, upper) == (1, size):
            return []
        inside = (np.arange(1, size + 1) >= lower) & (np.arange(1, size + 1) <= upper)
        data = inside.astype(self.field.dtype)[:, None, None]
        return [Value.constant(self.field, data, [node.index.name])]

    def check_bounds(self, lower: int, upper: int, node: AxisSum | LoopSum) -> None:
        """An empty sum ends one before it begins; any other order is a mistake."""
        if upper < lower - 1:
            raise ClaimError(f"the bounds of this sum are upside down: from {lower} to {upper}", node.span)

    def loop_sum(self, node: LoopSum) -> Value:
        """sum_{r=a}^{b}, term by term; a power series until its terms vanish."""
        name = node.index.name
        lower = 1 if node.lower is None else integer(node.lower, self.integers)
        if isinstance(node.upper, Infinity):
            upper = lower + self.last_order()
        else:
            upper = self.range(name) if node.upper is None else integer(node.upper, self.integers)
            self.check_bounds(lower, upper, node)
        if upper - lower >= MOST_TERMS:
            raise ClaimError(f"a sum of {upper - lower + 1} terms is not written out", node.span, "undecided")
        total, outside = Value(self.field, {}), self.integers
        for number in range(lower, upper + 1):
            self.integers = {**outside, name: number}
            term = self.visit(node.body)
            total = total + term
        self.integers = outside
        if isinstance(node.upper, Infinity) and any(data.any() for _, data in term.parts.values()):
            raise ClaimError("the terms of this series do not vanish in the end", node.span, "undecided")
        return total

    def last_order(self) -> int:
        """How many terms of a power series are evaluated, beyond the first."""
        if isinstance(self.field, Adic):
            return self.field.orders + len(self.active) + 2
        if isinstance(self.field, Rationals):
            return LAST_COEFFICIENT + 3
        raise NoExactValueError("a series has no exact value here")

    # -- matrices

    def power(self, node: Power) -> Value:
        """A^n; ||a||^{2n} without a root; A^0 = I; A^{-n} = (A^{-1})^n."""
        exponent = integer(node.exponent, self.integers)
        if isinstance(node.base, Norm) and exponent % 2 == 0:
            base, exponent, size = self.squared_norm(node.base), exponent // 2, 1
        else:
            base, (size, _) = self.visit(node.base), self.size(node.base)
        if exponent < 0:
            if size > 1:
                self.shapes.require_invertible(node.base)
            base, exponent = self.inverted(base, size), -exponent
        if exponent > 64 and isinstance(self.field, Rationals | Reals):
            raise NoExactValueError("a power too large for a counterexample")
        if exponent > SUCCESSIVE or isinstance(node.base, Norm):
            return base.power(exponent, Value.identity(self.field, size))
        powers = self._powers.setdefault(id(base), (base, [Value.identity(self.field, size), base]))[1]
        while len(powers) <= exponent:
            powers.append(powers[-1] @ base)
        return powers[exponent]

    def inverse(self, node: Inverse) -> Value:
        """A^{-1}."""
        return self.inverted(self.visit(node.of), self.size(node.of)[0])

    def inverted(self, value: Value, size: int) -> Value:
        """The inverse of a value, computed once."""
        if id(value) not in self._inverses:
            self._inverses[id(value)] = value, value.inverse(size)
        return self._inverses[id(value)][1]

    def fraction(self, node: Fraction) -> Value:
        """a / b."""
        return self.visit(node.numerator) * self.visit(node.denominator).reciprocal()

    def hadamard(self, node: Hadamard) -> Value:
        """(A o B)_ij = a_ij b_ij."""
        result = self.visit(node.factors[0])
        for factor in node.factors[1:]:
            result = result * self.visit(factor)
        return result

    def kronecker(self, node: Kronecker) -> Value:
        """Blocks a_ij B."""
        result = self.visit(node.factors[0])
        for factor in node.factors[1:]:
            result = result.kronecker(self.visit(factor))
        return result

    def call(self, node: Call) -> Value:
        """By the row of the operation; of a matrix by its power series, where the row has one."""
        row, arguments = operation(node), [self.visit(argument) for argument in node.arguments]
        size = self.size(node.arguments[0])
        if row.series is not None and size != (1, 1):
            return self.power_series(node, arguments[0], size[0], row.series)
        if isinstance(row.value, Derived):
            raise ClaimError(f"{row.noun} that was not written out", node.span, "undecided")
        self.point.opaque |= row.values == "opaque"
        self.point.rooted |= row.values == "branched"
        value: Value = row.value(self.sizes_in(node, row), *arguments)
        return value

    def sizes_in(self, node: Call, row: Operation) -> dict[str, int]:
        """The letters of an operation's signature at this point."""
        found: dict[str, int] = {}
        for argument, dimensions in zip(node.arguments, row.shape.arguments, strict=True):
            for printed, size in zip(dimensions, self.size(argument), strict=True):
                letter = printed.letter()
                if letter is not None:
                    found[letter] = size
        return found

    def norm(self, node: Norm) -> Value:
        """The root of the sum of all squares."""
        self.point.rooted = True
        return self.squared_norm(node).sqrt()

    def squared_norm(self, node: Norm) -> Value:
        """tr A'A."""
        value = self.visit(node.of)
        return (value.transpose() @ value).trace()

    def power_series(self, node: Call, base: Value, size: int, ratio: Callable[[int], Rational]) -> Value:
        """I + c_1 A + c_2 A^2 + ..., where c_k is c_{k-1} times `ratio`."""
        noun = operation(node).noun
        if isinstance(self.field, Rationals):
            raise NoExactValueError(f"{noun} of a matrix has no exact value here")
        self.point.opaque |= isinstance(self.field, Reals)
        last = self.field.orders + len(self.active) + 2 if isinstance(self.field, Adic) else REAL_TERMS
        total = term = Value.identity(self.field, size)
        for order in range(1, last + 1):
            number, factor = self.field.number, ratio(order)
            term = (
                (term @ base)
                .times(number(factor.numerator))
                .times(self.field.reciprocal(number(factor.denominator)))
            )
            total = total + term
        if self.field.exact and any(data.any() for _, data in term.parts.values()):
            text = f"{noun} here is not a power series in one of its letters"
            raise ClaimError(text, node.span, "undecided")
        return total

    def grid(self, node: Grid) -> Value:
        """A matrix with dots, cell by cell."""
        rows, columns = self.size(node)
        if rows * columns > MOST_TERMS:
            raise ClaimError("this matrix has too many cells", node.span, "undecided")
        total, outside = Value(self.field, {}), self.integers
        for row, column in product(range(rows), range(columns)):
            self.integers = {**outside, node.row.name: row, node.column.name: column}
            total = total + self.visit(node.body) * self.unit_matrix(rows, columns, row, column)
        self.integers = outside
        return total

    def unit_matrix(self, rows: int, columns: int, row: int, column: int) -> Value:
        """1 at one place, 0 elsewhere."""
        return self.unit(row, rows) @ self.unit(column, columns).transpose()

    def explicit_matrix(self, node: ExplicitMatrix) -> Value:
        """A printed matrix, from cells that may be blocks: sum of P_r A_rc Q_c."""
        rows, columns = self.size(node)
        total, top = Value(self.field, {}), 0
        for line in node.rows:
            left = 0
            for cell in line:
                height, width = self.size(cell)
                down = unit_matrix(rows, self.field.dtype)[:, top : top + height]
                right = unit_matrix(columns, self.field.dtype)[left : left + width]
                block = (
                    Value.constant(self.field, down) @ self.visit(cell) @ Value.constant(self.field, right)
                )
                total, left = total + block, left + width
            top += height
        return total

    def cases(self, node: Cases) -> Value:
        """The value of the first branch whose condition holds."""
        total, rest = Value(self.field, {}), Value.number(self.field, 1)
        for number, (value, condition) in enumerate(node.branches):
            here = rest if condition is None else rest * self.condition(condition)
            if here.base().any():  # elsewhere the value need not be defined
                self.point.branches.add((node.span, number))
                total = total + here * self.visit(value)
                rest = rest - here
        if rest.base().any():
            raise ClaimError("none of the cases says what the value is", node.span, "undecided")
        return total

    # -- derivatives

    def derivative(self, node: Derivative) -> Value:
        """d a / d x, d a / d x_ij, d^2 a / dx dy; d a / d X by the layout."""
        first = len(self.active)
        variables = [variable if isinstance(variable, Letter) else variable.of for variable in node.by]
        value = self.under(self.active + tuple(variables), node.of)
        for level in range(first + len(variables) - 1, first - 1, -1):
            value = value.part(level)
        labels = [level_label(first + position) for position in range(len(variables))]
        if len(node.by) == 2 and isinstance(node.by[1], Transpose):
            return value.to_matrix(labels[0], labels[1])
        for label, variable, printed in zip(labels, variables, node.by, strict=True):
            value = self.placed(value, label, variable, printed, node)
        return value

    def under(self, active: tuple[Letter | None, ...], node: Node) -> Value:
        """The value of a node under other levels."""
        if len(active) > MOST_LEVELS:
            raise ClaimError(f"more than {MOST_LEVELS} nested derivatives", node.span, "undecided")
        outside, self.active = self.active, active
        try:
            return self.visit(node)
        finally:
            self.active = outside

    def placed(self, value: Value, label: str, variable: Letter, printed: Node, node: Derivative) -> Value:
        """The Jacobian axis turned into indices, rows or columns."""
        size = rows, columns = self.letter_size(variable)
        if isinstance(printed, Entry):
            row = self.index(printed.indices[0], rows)
            return value.unfold(
                label, size, row, self.index(printed.indices[1], columns) if len(printed.indices) > 1 else 0
            )
        if size == (1, 1):
            return value.unfold(label, size, 0, 0)
        numerator = self.shapes.scope.layout == "numerator"
        of_rows, of_columns = self.shapes.of(node.of)
        if of_rows == ONE == of_columns:
            value = value.unfold(label, size, "∂row", "∂column")
            return value.to_matrix(*(("∂column", "∂row") if numerator else ("∂row", "∂column")))
        value = (value.transpose() if of_rows == ONE else value).to_columns(label)
        return value if numerator else value.transpose()

    def at_point(self, node: AtPoint) -> Value:
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


def _point(argument: Value) -> tuple:
    """What tells the value of an argument from another."""
    base = argument.base()
    return base.shape, str(base.tolist()) if base.dtype == object else base.tobytes()


def _unsized(evaluator: Evaluator, node: Unsized) -> Value:
    """I or 0, of the shape that the context needs."""
    return (
        Value.identity(evaluator.field, evaluator.size(node)[0])
        if node.identity
        else Value(evaluator.field, {})
    )


_RULES = {
    Number: Evaluator.number,
    Letter: Evaluator.letter,
    Apply: Evaluator.apply,
    Entry: Evaluator.entry,
    Delta: Evaluator.delta,
    SingleEntry: Evaluator.single_entry,
    Identity: lambda evaluator, node: Value.identity(evaluator.field, evaluator.size(node)[0]),
    Unsized: _unsized,
    Negative: Evaluator.negative,
    Sum: Evaluator.sum,
    Product: Evaluator.product,
    AxisSum: Evaluator.axis_sum,
    LoopSum: Evaluator.loop_sum,
    Power: Evaluator.power,
    Inverse: Evaluator.inverse,
    Fraction: Evaluator.fraction,
    Hadamard: Evaluator.hadamard,
    Kronecker: Evaluator.kronecker,
    Transpose: lambda evaluator, node: evaluator.visit(node.of).transpose(),
    Call: Evaluator.call,
    Unfolded: lambda evaluator, node: evaluator.visit(node.body),
    Norm: Evaluator.norm,
    Grid: Evaluator.grid,
    ExplicitMatrix: Evaluator.explicit_matrix,
    Cases: Evaluator.cases,
    Derivative: Evaluator.derivative,
    AtPoint: Evaluator.at_point,
}

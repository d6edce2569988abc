"""Exact arithmetic on tensors that carry their derivatives.

A `Jet` is a matrix that may depend on free or summed indices and on nilpotent perturbations, the
*levels*. It maps a set of levels (a bit mask) to an array with one named axis for every index, one Jacobian
axis for every level of the set, then row and column; a missing set means zero. Products follow the Leibniz
rule, so derivatives are exact.

The numbers come from a `Field`: residues modulo a prime for deciding, rationals for counterexamples, reals
where a logarithm is involved, residues modulo a power of the prime for power series.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count, islice
from math import prod

from .arrays import Array, np
from .fields import LONGEST, Field, SingularError, TooLargeError, check_size
from .tensors import SLOWER, Index, Labels, Tensor, aligned, canonical, unit_matrix


class Jet:
    """A matrix with index axes and derivative levels; see the module's docstring."""

    __slots__ = ("field", "parts")

    def __init__(self, field: Field, parts: dict[int, Tensor]) -> None:
        self.field, self.parts = field, parts

    @classmethod
    def constant(cls, field: Field, data: Array, labels: Sequence[str] = ()) -> Jet:
        """A value without levels from an array with axes (labels..., row, column)."""
        return cls(field, {0: canonical(labels, data)})

    @classmethod
    def number(cls, field: Field, value: int) -> Jet:
        """An integer."""
        return cls(field, {0: ((), field.number(value))} if value else {})

    @classmethod
    def identity(cls, field: Field, size: int) -> Jet:
        """The identity matrix."""
        return cls(field, {0: ((), unit_matrix(size, field.dtype))})

    def _map(self, function: Callable[[Array], Array]) -> Jet:
        """The same linear function of row and column axes in every part."""
        return Jet(
            self.field, {mask: (labels, function(data)) for mask, (labels, data) in self.parts.items()}
        )

    def base(self) -> Array:
        """The array of the value itself, without levels; a 1 x 1 zero if it vanishes."""
        return self.parts[0][1] if 0 in self.parts else self.field.number(0)

    def labels(self) -> set[str]:
        """Every index and level axis of any part."""
        return {label for labels, _ in self.parts.values() for label in labels}

    def aligned(self, other: Jet) -> tuple[Labels, Array, Array]:
        """The arrays of two values without levels, broadcast to each other, and their index axes."""
        zero = (), self.field.number(0)
        labels, left, right = aligned(self.parts.get(0, zero), other.parts.get(0, zero))
        return labels, *np.broadcast_arrays(left, right)

    def levels(self) -> int:
        """The number of levels that occur."""
        mask = 0
        for part in self.parts:
            mask |= part
        return mask.bit_count()

    def nilpotent(self) -> Jet:
        """The value without its base."""
        return Jet(self.field, {mask: tensor for mask, tensor in self.parts.items() if mask})

    # -- linear operations

    def __add__(self, other: Jet) -> Jet:
        parts = dict(self.parts)
        for mask, tensor in other.parts.items():
            _accumulate(self.field, parts, mask, tensor)
        return Jet(self.field, parts)

    def __neg__(self) -> Jet:
        return self._map(self.field.negate)

    def __sub__(self, other: Jet) -> Jet:
        return self + -other

    def times(self, factor: Array) -> Jet:
        """Every entry times a number (a 1 x 1 array)."""
        return self._map(lambda data: self.field.reduce(data * factor))

    def transpose(self) -> Jet:
        """Rows and columns exchanged."""
        return self._map(lambda data: data.swapaxes(-1, -2))

    def trace(self) -> Jet:
        """Sum of the diagonal, 1 x 1."""

        def diagonal_sum(data):
            return self.field.reduce(np.diagonal(data, axis1=-2, axis2=-1).sum(axis=-1, keepdims=True))[
                ..., None
            ]

        return self._map(diagonal_sum)

    def vec(self) -> Jet:
        """The columns, stacked."""
        return self._map(lambda data: data.swapaxes(-1, -2).reshape(*data.shape[:-2], -1, 1))

    def reshape(self, size: tuple[int, int]) -> Jet:
        """The same entries, row by row, in another shape."""
        return self._map(lambda data: data.reshape(*data.shape[:-2], *size))

    def diag(self, size: int) -> Jet:
        """Diagonal matrix of a column."""
        return self._map(lambda data: data * unit_matrix(size, self.field.dtype))

    def entry(self, row: Index, column: Index) -> Jet:
        """The entry at (row, column), 1 x 1; a name turns the axis into an index axis."""
        fixed = tuple(slice(None) if isinstance(index, str) else index for index in (row, column))
        names = [index for index in (row, column) if isinstance(index, str)]
        parts = {}
        for mask, (labels, data) in self.parts.items():
            parts[mask] = canonical([*labels, *names], data[(..., *fixed)][..., None, None])
        return Jet(self.field, parts)

    def total(self, label: str, size: int) -> Jet:
        """The sum over an index axis of that size."""
        parts = {}
        for mask, (labels, data) in self.parts.items():
            if label in labels:
                position = labels.index(label)
                summed = self.field.reduce(data.sum(axis=position))
                parts[mask] = labels[:position] + labels[position + 1 :], summed
            else:
                parts[mask] = labels, self.field.reduce(data * self.field.number(size))
        return Jet(self.field, parts)

    def at(self, label: str, position: int) -> Jet:
        """The value at one position of an index axis."""
        parts = {}
        for mask, (labels, data) in self.parts.items():
            if label in labels:
                axis = labels.index(label)
                labels, data = labels[:axis] + labels[axis + 1 :], data.take(position, axis=axis)
            parts[mask] = labels, data
        return Jet(self.field, parts)

    # -- products

    def _bilinear(self, other: Jet, operation: Callable[[Array, Array], Array]) -> Jet:
        """Leibniz: the part of a set of levels is the sum over its splittings into two."""
        parts: dict[int, Tensor] = {}
        for mine, left in self.parts.items():
            for theirs, right in other.parts.items():
                if not mine & theirs:
                    labels, x, y = aligned(left, right)
                    _accumulate(self.field, parts, mine | theirs, (labels, operation(x, y)))
        return Jet(self.field, parts)

    def __mul__(self, other: Jet) -> Jet:
        """Entrywise product; a scalar (1 x 1) multiplies every entry."""
        return self._bilinear(other, lambda x, y: self.field.reduce(x * y))

    def __matmul__(self, other: Jet) -> Jet:
        """Matrix product."""
        return self._bilinear(other, self.field.matmul)

    def kronecker(self, other: Jet) -> Jet:
        """Kronecker product."""

        def block(x, y):
            rows, columns = x.shape[-2] * y.shape[-2], x.shape[-1] * y.shape[-1]
            check_size(rows * columns * prod(np.broadcast_shapes(x.shape[:-2], y.shape[:-2])))
            product = x[..., :, None, :, None] * y[..., None, :, None, :]
            return self.field.reduce(product.reshape(*product.shape[:-4], rows, columns))

        return self._bilinear(other, block)

    def power(self, exponent: int, identity: Jet) -> Jet:
        """Power with exponent >= 0 by squaring; `identity` is the power 0."""
        result, square = identity, self
        while exponent:
            if exponent & 1:
                result = square if result is identity else result @ square
            exponent >>= 1
            if exponent:
                square = square @ square
        return result

    # -- inverse and functions of scalars

    def adjugate(self, size: int) -> tuple[Jet, Jet]:
        """Determinant and adjugate of a square matrix (Faddeev and LeVerrier): no pivots, any index axes."""
        base = self.base()
        if base.size * size**2 * (SLOWER if base.dtype == object else 1) > LONGEST:
            raise TooLargeError(f"a determinant of {size} rows would take too long")
        unit = Jet.identity(self.field, size)
        power = unit
        for step in range(1, size + 1):
            product = self @ power
            coefficient = product.trace().times(self.field.reciprocal(self.field.number(-step)))
            if step < size:
                power = product + unit * coefficient
        return (-coefficient, power) if size % 2 else (coefficient, -power)

    def inverse(self, size: int) -> Jet:
        """Inverse of a size x size matrix; raises `SingularError` if it is singular.

        With Y the inverse at the base and N the nilpotent part: Y - Y N Y + Y N Y N Y - ..., which ends.
        """
        if 0 not in self.parts:
            raise SingularError("a singular matrix")
        determinant, adjugate = Jet(self.field, {0: self.parts[0]}).adjugate(size)
        if 0 not in determinant.parts:
            raise SingularError("a singular matrix")
        term = result = adjugate * determinant._map(self.field.reciprocal)
        step = -(term @ self.nilpotent())
        for _ in range(self.levels()):
            term = step @ term
            result = result + term
        return result

    def reciprocal(self) -> Jet:
        """One over a scalar."""
        return self.inverse(1)

    def compose(self, taylor: Iterable[Tensor]) -> Jet:
        """Function of a scalar, given its Taylor coefficients f(a), f'(a), f''(a)/2, ... at its base."""
        coefficients = list(islice(taylor, self.levels() + 1))
        nilpotent = self.nilpotent()
        result = Jet(self.field, {0: coefficients.pop()})
        while coefficients:
            result = result * nilpotent + Jet(self.field, {0: coefficients.pop()})
        return result

    def exp(self) -> Jet:
        """Exponential of a scalar: an opaque value that is its own derivative."""
        labels, base = self.parts.get(0, ((), self.field.number(0)))
        value = self.field.opaque("exp", base) if 0 in self.parts else self.field.number(1)
        return self.compose((labels, data) for data in _exponential(self.field, value))

    def log(self) -> Jet:
        """Logarithm of the absolute value of a scalar: an opaque value, exact derivatives."""
        labels, base = self.parts.get(0, ((), self.field.number(0)))
        inverse = self.field.reciprocal(base)
        return self.compose((labels, data) for data in _logarithm(self.field, base, inverse))

    def sqrt(self) -> Jet:
        """Square root of a scalar."""
        labels, base = self.parts.get(0, ((), self.field.number(0)))
        root = self.field.root(base)
        inverse = self.field.reciprocal(base) if self.levels() else base
        return self.compose((labels, data) for data in _root(self.field, root, inverse))

    def absolute(self) -> Jet:
        """Absolute value of a scalar."""
        if 0 not in self.parts:
            return self
        labels, base = self.parts[0]
        return self * Jet(self.field, {0: (labels, self.field.sign(base))})

    # -- derivatives

    def part(self, level: int) -> Jet:
        """The part that contains a level, freed from it; its Jacobian axis stays, as an index axis."""
        bit = 1 << level
        return Jet(self.field, {mask & ~bit: tensor for mask, tensor in self.parts.items() if mask & bit})

    def unfold(self, label: str, shape: tuple[int, int], row: Index, column: Index) -> Jet:
        """Take an axis of shape[0] * shape[1] entries apart, into the entry at (row, column)."""
        parts = {}
        for mask, (labels, data) in self.parts.items():
            axis = labels.index(label)
            data = data.reshape(*data.shape[:axis], *shape, *data.shape[axis + 1 :])
            names: list[str] = list(labels)
            names[axis : axis + 1] = [index for index in (row, column) if isinstance(index, str)]
            fixed = tuple(slice(None) if isinstance(index, str) else index for index in (row, column))
            parts[mask] = canonical(names, data[(*(slice(None),) * axis, *fixed)])
        return Jet(self.field, parts)

    def to_columns(self, label: str) -> Jet:
        """A column with an index axis becomes a matrix, the axis its columns."""
        parts = {}
        for mask, (labels, data) in self.parts.items():
            axis = labels.index(label)
            parts[mask] = labels[:axis] + labels[axis + 1 :], np.moveaxis(data[..., 0], axis, -1)
        return Jet(self.field, parts)

    def to_matrix(self, row: str, column: str) -> Jet:
        """A scalar with two index axes becomes a matrix."""
        parts = {}
        for mask, (labels, data) in self.parts.items():
            data = np.moveaxis(data[..., 0, 0], (labels.index(row), labels.index(column)), (-2, -1))
            parts[mask] = tuple(label for label in labels if label not in (row, column)), data
        return Jet(self.field, parts)


def _accumulate(field: Field, parts: dict[int, Tensor], mask: int, tensor: Tensor) -> None:
    """Add a tensor to the part of a set of levels."""
    if mask in parts:
        labels, x, y = aligned(parts[mask], tensor)
        tensor = labels, field.reduce(x + y)
    parts[mask] = tensor


def _exponential(field: Field, value: Array):
    """Taylor coefficients of exp: each is the one before, divided by its order."""
    for order in count(1):
        yield value
        value = field.reduce(value * field.reciprocal(field.number(order)))


def _logarithm(field: Field, base: Array, inverse: Array):
    """Taylor coefficients of log at `base`: log, then -(-1/base)^k / k."""
    yield field.opaque("log", base)
    power = field.negate(inverse)
    for order in count(1):
        yield field.reduce(power * field.reciprocal(field.number(-order)))
        power = field.reduce(field.negate(power) * inverse)


def _root(field: Field, root: Array, inverse: Array):
    """Taylor coefficients of the square root: binomial coefficients of 1/2."""
    for order in count():
        yield root
        ratio = field.reduce(field.number(1 - 2 * order) * field.reciprocal(field.number(2 * order + 2)))
        root = field.reduce(field.reduce(root * inverse) * ratio)

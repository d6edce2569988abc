"""Exact arithmetic on tensors that carry their derivatives.

A `Value` is a matrix that may depend on free or summed indices and on nilpotent perturbations, the
*levels*. It maps a set of levels (a bit mask) to an array with one named axis for every index, one Jacobian
axis for every level of the set, then row and column; a missing set means zero. Products follow the Leibniz
rule, so derivatives are exact.

The numbers come from a `Field`: residues modulo 2^31 - 1 for deciding, rationals for counterexamples, reals
where a logarithm is involved, residues modulo a power of the prime for power series.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from itertools import count, islice
from math import isqrt, prod
from operator import lt
from random import Random

import numpy as np

PRIME = 2**31 - 1
LARGEST = 2**22  # numbers in one array: 32 MB, so that a few temporaries stay far below 500 MB
LONGEST = 2**28  # multiplications in one matrix product: a second or so, for nothing interrupts it

Labels = tuple[str, ...]
Tensor = tuple[Labels, np.ndarray]  # labels in ascending order; one axis each, then row and column
Index = str | int  # the name of an index axis, or a fixed position counted from 0


class UndefinedError(ArithmeticError):
    """The expression has no value at this point (a singular matrix, a missing root): draw again."""


class NoExactValueError(UndefinedError):
    """A function has no value in this field, at any point."""


class TooLargeError(MemoryError):
    """An array would have more than `LARGEST` entries."""


# ---------------------------------------------------------------------------------------------- numbers


class Field:
    """Numbers in arrays of Python objects; subclasses say which numbers."""

    dtype: type = object
    exact = True

    def reduce(self, data: np.ndarray) -> np.ndarray:
        """The representative of every entry."""
        return data

    def matmul(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Matrix product, broadcasting over leading axes."""
        return self.reduce(left @ right)

    def negate(self, data: np.ndarray) -> np.ndarray:
        """Minus every entry."""
        return self.reduce(-data)

    def number(self, value: int) -> np.ndarray:
        """An integer as a 1 x 1 array."""
        return self.reduce(np.array([[value]], dtype=object)).astype(self.dtype)

    def each(self, function: Callable, data: np.ndarray) -> np.ndarray:
        """`function` of every entry, given as a Python number."""
        flat = [function(entry) for entry in data.ravel().tolist()]
        result = np.empty(len(flat), dtype=self.dtype)
        result[:] = flat
        return result.reshape(data.shape)

    def reciprocal(self, data: np.ndarray) -> np.ndarray:
        """One over every entry; raises `UndefinedError` at zero."""
        return self.each(self._reciprocal, data)

    def root(self, data: np.ndarray) -> np.ndarray:
        """Square roots, multiplicative like those of positive reals; `UndefinedError` where there is none."""
        return self.each(self._root, data)

    def sign(self, data: np.ndarray) -> np.ndarray:
        """1 where the entry has a root, else -1."""
        return self.reduce(self.each(lambda entry: 1 if entry >= 0 else -1, data))

    def draw(self, source: Random, shape: tuple[int, ...]) -> np.ndarray:
        """Random numbers."""
        raise NotImplementedError

    def opaque(self, name: str, data: np.ndarray) -> np.ndarray:
        """Values of a transcendental function; raises `NoExactValueError` where the field has none."""
        raise NoExactValueError(f"{name} has no exact value")

    def equal(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """Where two arrays agree."""
        return left == right

    def _reciprocal(self, entry):
        raise NotImplementedError

    def _root(self, entry):
        raise NotImplementedError


class Residues(Field):
    """Integers modulo 2^31 - 1. Four products of residues fit into 64 bits, so long sums go in fours."""

    dtype = np.uint64
    modulus = PRIME
    _modulus = np.uint64(PRIME)

    def reduce(self, data):
        return data % self._modulus

    def matmul(self, left, right):
        inner = left.shape[-1]
        if inner <= 4:
            return (left @ right) % self._modulus
        total = (left[..., :4] @ right[..., :4, :]) % self._modulus
        for start in range(4, inner, 4):
            total += (left[..., start : start + 4] @ right[..., start : start + 4, :]) % self._modulus
        return total % self._modulus

    def negate(self, data):
        return (self._modulus - data) % self._modulus

    def number(self, value):
        return np.array([[value % self.modulus]], dtype=np.uint64)

    def draw(self, source, shape):
        return (np.frombuffer(source.randbytes(8 * prod(shape)), dtype="<u8") % self._modulus).reshape(shape)

    def sign(self, data):
        return self.each(lambda entry: 1 if pow(entry, (PRIME - 1) // 2, PRIME) <= 1 else PRIME - 1, data)

    def opaque(self, name, data):
        def digest(entry):
            return int.from_bytes(blake2b(f"{name} {entry}".encode(), digest_size=8).digest()) % PRIME

        return self.each(digest, data)

    def _reciprocal(self, entry):
        if entry % PRIME == 0:
            raise UndefinedError("division by zero")
        return pow(entry, -1, self.modulus)

    def _root(self, entry):
        # PRIME % 4 == 3: this root is itself a square, as the root of a positive number is positive
        root = pow(entry, (PRIME + 1) // 4, PRIME)
        if root * root % PRIME != entry:
            raise UndefinedError("not a square")
        return root


class Adic(Residues):
    """Integers modulo the sixth power of the prime: series in a multiple of the prime end after six terms."""

    dtype = object
    orders = 6
    modulus = PRIME**orders
    small = np.array([[PRIME]], dtype=object)  # a factor whose powers vanish
    _modulus = modulus

    matmul = Field.matmul
    sign = Field.sign

    def number(self, value):
        return np.array([[value % self.modulus]], dtype=object)

    def draw(self, source, shape):
        return self.each(lambda _: source.randrange(self.modulus), np.zeros(shape, dtype=object))

    def _root(self, entry):
        raise UndefinedError("no square roots beside power series")


class Rationals(Field):
    """Fractions; draws are integers of small absolute value."""

    def __init__(self, bound: int = 4) -> None:
        self.bound = bound

    def draw(self, source, shape):
        return self.each(
            lambda _: Fraction(source.randint(-self.bound, self.bound)), np.zeros(shape, dtype=object)
        )

    def number(self, value):
        return np.array([[Fraction(value)]], dtype=object)

    def _reciprocal(self, entry):
        if entry == 0:
            raise UndefinedError("division by zero")
        return 1 / Fraction(entry)

    def _root(self, entry):
        entry = Fraction(entry)
        if entry < 0 or isqrt(entry.numerator) ** 2 != entry.numerator:
            raise UndefinedError("not a square")
        if isqrt(entry.denominator) ** 2 != entry.denominator:
            raise UndefinedError("not a square")
        return Fraction(isqrt(entry.numerator), isqrt(entry.denominator))


class Reals(Field):
    """Floating-point numbers, for functions that have no exact values; equality has a tolerance."""

    dtype = float
    exact = False

    def draw(self, source, shape):
        return self.each(lambda _: source.uniform(-2, 2), np.zeros(shape))

    def opaque(self, name, data):
        return np.log(np.abs(data)) if name == "log" else np.exp(data)

    def sign(self, data):
        return np.where(data >= 0, 1.0, -1.0)

    def equal(self, left, right):
        return np.isclose(left, right, rtol=1e-6, atol=1e-6)

    def _reciprocal(self, entry):
        if abs(entry) < 1e-9:
            raise UndefinedError("division by zero")
        return 1 / entry

    def _root(self, entry):
        if entry <= 0:
            raise UndefinedError("not positive")
        return entry**0.5


# ----------------------------------------------------------------------------------------------- labels


def unit_matrix(size: int, dtype: type) -> np.ndarray:
    """The identity matrix, not to be written to."""
    check_size(size * size)
    # Large ones are as good as never asked for twice, and would fill the memory of a long run.
    return _kept_unit_matrix(size, dtype) if size <= 32 else np.eye(size, dtype=dtype)


@lru_cache(maxsize=256)
def _kept_unit_matrix(size: int, dtype: type) -> np.ndarray:
    matrix = np.eye(size, dtype=dtype)
    matrix.flags.writeable = False
    return matrix


@lru_cache(maxsize=4096)
def level_label(level: int) -> str:
    """The name of a level's Jacobian axis."""
    return f"∂{level}"


@lru_cache(maxsize=4096)
def _union(left: Labels, right: Labels) -> Labels:
    return tuple(sorted({*left, *right}))


@lru_cache(maxsize=4096)
def _spread(labels: Labels, union: Labels) -> tuple:
    """The subscript that gives an array an axis of length 1 for every label that it lacks."""
    return (*(slice(None) if label in labels else None for label in union), Ellipsis)


def _aligned(left: Tensor, right: Tensor) -> tuple[Labels, np.ndarray, np.ndarray]:
    """Two arrays over the same labels."""
    (one, x), (other, y) = left, right
    if x.size * y.size > LARGEST:
        _guard(left, right)
    if one == other:
        return one, x, y
    union = _union(one, other)
    return (
        union,
        x if one == union else x[_spread(one, union)],
        y if other == union else y[_spread(other, union)],
    )


def _guard(left: Tensor, right: Tensor) -> None:
    """Raise `TooLargeError` if a product of the two would be too large."""
    sizes = dict(zip(left[0], left[1].shape, strict=False)) | dict(
        zip(right[0], right[1].shape, strict=False)
    )
    (rows, inner), (others, columns) = left[1].shape[-2:], right[1].shape[-2:]
    entries = max(rows * inner, others * columns, rows * columns)  # entrywise, or as a matrix product
    check_size(prod(sizes.values()) * entries)
    if prod(sizes.values()) * rows * inner * columns > LONGEST:
        raise TooLargeError("a matrix product would take too long")


def check_size(size: int) -> None:
    """Raise `TooLargeError` for an array of more than `LARGEST` numbers."""
    if size > LARGEST:
        raise TooLargeError(f"an array of {size} numbers would be needed")


def _canonical(labels: Sequence[str], data: np.ndarray) -> Tensor:
    """Labels in ascending order; of a label that occurs twice, the diagonal."""
    if all(map(lt, labels, islice(labels, 1, None))):
        return tuple(labels), data
    labels = list(labels)
    for label in sorted({label for label in labels if labels.count(label) > 1}):
        while labels.count(label) > 1:
            first = labels.index(label)
            second = labels.index(label, first + 1)
            data = np.moveaxis(np.diagonal(data, axis1=first, axis2=second), -1, first)
            del labels[second]
    order = sorted(range(len(labels)), key=labels.__getitem__)
    if order != list(range(len(labels))):
        data = data.transpose(*order, *range(len(labels), data.ndim))
        labels = sorted(labels)
    return tuple(labels), data


# ------------------------------------------------------------------------------------------------ values


class Value:
    """A matrix with index axes and derivative levels; see the module's docstring."""

    __slots__ = ("field", "parts")

    def __init__(self, field: Field, parts: dict[int, Tensor]) -> None:
        self.field, self.parts = field, parts

    @classmethod
    def constant(cls, field: Field, data: np.ndarray, labels: Sequence[str] = ()) -> Value:
        """A value without levels from an array with axes (labels..., row, column)."""
        return cls(field, {0: _canonical(labels, data)})

    @classmethod
    def number(cls, field: Field, value: int) -> Value:
        """An integer."""
        return cls(field, {0: ((), field.number(value))} if value else {})

    @classmethod
    def identity(cls, field: Field, size: int) -> Value:
        """The identity matrix."""
        return cls(field, {0: ((), unit_matrix(size, field.dtype))})

    def _map(self, function: Callable[[np.ndarray], np.ndarray]) -> Value:
        """The same linear function of row and column axes in every part."""
        return Value(
            self.field, {mask: (labels, function(data)) for mask, (labels, data) in self.parts.items()}
        )

    def base(self) -> np.ndarray:
        """The array of the value itself, without levels; a 1 x 1 zero if it vanishes."""
        return self.parts[0][1] if 0 in self.parts else self.field.number(0)

    def labels(self) -> set[str]:
        """Every index and level axis of any part."""
        return {label for labels, _ in self.parts.values() for label in labels}

    def aligned(self, other: Value) -> tuple[Labels, np.ndarray, np.ndarray]:
        """The arrays of two values without levels, broadcast to each other, and their index axes."""
        zero = (), self.field.number(0)
        labels, left, right = _aligned(self.parts.get(0, zero), other.parts.get(0, zero))
        return labels, *np.broadcast_arrays(left, right)

    def levels(self) -> int:
        """The number of levels that occur."""
        mask = 0
        for part in self.parts:
            mask |= part
        return mask.bit_count()

    def nilpotent(self) -> Value:
        """The value without its base."""
        return Value(self.field, {mask: tensor for mask, tensor in self.parts.items() if mask})

    # -- linear operations

    def __add__(self, other: Value) -> Value:
        parts = dict(self.parts)
        for mask, tensor in other.parts.items():
            _accumulate(self.field, parts, mask, tensor)
        return Value(self.field, parts)

    def __neg__(self) -> Value:
        return self._map(self.field.negate)

    def __sub__(self, other: Value) -> Value:
        return self + -other

    def times(self, factor: np.ndarray) -> Value:
        """Every entry times a number (a 1 x 1 array)."""
        return self._map(lambda data: self.field.reduce(data * factor))

    def transpose(self) -> Value:
        """Rows and columns exchanged."""
        return self._map(lambda data: data.swapaxes(-1, -2))

    def trace(self) -> Value:
        """Sum of the diagonal, 1 x 1."""

        def diagonal_sum(data):
            return self.field.reduce(np.diagonal(data, axis1=-2, axis2=-1).sum(axis=-1, keepdims=True))[
                ..., None
            ]

        return self._map(diagonal_sum)

    def vec(self) -> Value:
        """The columns, stacked."""
        return self._map(lambda data: data.swapaxes(-1, -2).reshape(*data.shape[:-2], -1, 1))

    def reshape(self, size: tuple[int, int]) -> Value:
        """The same entries, row by row, in another shape."""
        return self._map(lambda data: data.reshape(*data.shape[:-2], *size))

    def diag(self, size: int) -> Value:
        """Diagonal matrix of a column."""
        return self._map(lambda data: data * unit_matrix(size, self.field.dtype))

    def entry(self, row: Index, column: Index) -> Value:
        """The entry at (row, column), 1 x 1; a name turns the axis into an index axis."""
        fixed = tuple(slice(None) if isinstance(index, str) else index for index in (row, column))
        names = [index for index in (row, column) if isinstance(index, str)]
        parts = {}
        for mask, (labels, data) in self.parts.items():
            parts[mask] = _canonical([*labels, *names], data[(..., *fixed)][..., None, None])
        return Value(self.field, parts)

    def total(self, label: str, size: int) -> Value:
        """The sum over an index axis of that size."""
        parts = {}
        for mask, (labels, data) in self.parts.items():
            if label in labels:
                position = labels.index(label)
                summed = self.field.reduce(data.sum(axis=position))
                parts[mask] = labels[:position] + labels[position + 1 :], summed
            else:
                parts[mask] = labels, self.field.reduce(data * self.field.number(size))
        return Value(self.field, parts)

    def at(self, label: str, position: int) -> Value:
        """The value at one position of an index axis."""
        parts = {}
        for mask, (labels, data) in self.parts.items():
            if label in labels:
                axis = labels.index(label)
                labels, data = labels[:axis] + labels[axis + 1 :], data.take(position, axis=axis)
            parts[mask] = labels, data
        return Value(self.field, parts)

    # -- products

    def _bilinear(self, other: Value, operation: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Value:
        """Leibniz: the part of a set of levels is the sum over its splittings into two."""
        parts: dict[int, Tensor] = {}
        for mine, left in self.parts.items():
            for theirs, right in other.parts.items():
                if not mine & theirs:
                    labels, x, y = _aligned(left, right)
                    _accumulate(self.field, parts, mine | theirs, (labels, operation(x, y)))
        return Value(self.field, parts)

    def __mul__(self, other: Value) -> Value:
        """Entrywise product; a scalar (1 x 1) multiplies every entry."""
        return self._bilinear(other, lambda x, y: self.field.reduce(x * y))

    def __matmul__(self, other: Value) -> Value:
        """Matrix product."""
        return self._bilinear(other, self.field.matmul)

    def kronecker(self, other: Value) -> Value:
        """Kronecker product."""

        def block(x, y):
            rows, columns = x.shape[-2] * y.shape[-2], x.shape[-1] * y.shape[-1]
            check_size(rows * columns * prod(np.broadcast_shapes(x.shape[:-2], y.shape[:-2])))
            product = x[..., :, None, :, None] * y[..., None, :, None, :]
            return self.field.reduce(product.reshape(*product.shape[:-4], rows, columns))

        return self._bilinear(other, block)

    def power(self, exponent: int, identity: Value) -> Value:
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

    def adjugate(self, size: int) -> tuple[Value, Value]:
        """Determinant and adjugate of a square matrix (Faddeev and LeVerrier): no pivots, any index axes."""
        if self.base().size * size**2 > LONGEST:
            raise TooLargeError(f"a determinant of {size} rows would take too long")
        unit = Value.identity(self.field, size)
        power = unit
        for step in range(1, size + 1):
            product = self @ power
            coefficient = product.trace().times(self.field.reciprocal(self.field.number(-step)))
            if step < size:
                power = product + unit * coefficient
        return (-coefficient, power) if size % 2 else (coefficient, -power)

    def inverse(self, size: int) -> Value:
        """Inverse of a size x size matrix; raises `UndefinedError` if it is singular.

        With Y the inverse at the base and N the nilpotent part: Y - Y N Y + Y N Y N Y - ..., which ends.
        """
        if 0 not in self.parts:
            raise UndefinedError("a singular matrix")
        determinant, adjugate = Value(self.field, {0: self.parts[0]}).adjugate(size)
        if 0 not in determinant.parts:
            raise UndefinedError("a singular matrix")
        term = result = adjugate * determinant._map(self.field.reciprocal)
        step = -(term @ self.nilpotent())
        for _ in range(self.levels()):
            term = step @ term
            result = result + term
        return result

    def reciprocal(self) -> Value:
        """One over a scalar."""
        return self.inverse(1)

    def compose(self, taylor: Iterable[Tensor]) -> Value:
        """Function of a scalar, given its Taylor coefficients f(a), f'(a), f''(a)/2, ... at its base."""
        coefficients = list(islice(taylor, self.levels() + 1))
        nilpotent = self.nilpotent()
        result = Value(self.field, {0: coefficients.pop()})
        while coefficients:
            result = result * nilpotent + Value(self.field, {0: coefficients.pop()})
        return result

    def exp(self) -> Value:
        """Exponential of a scalar: an opaque value that is its own derivative."""
        labels, base = self.parts.get(0, ((), self.field.number(0)))
        value = self.field.opaque("exp", base) if 0 in self.parts else self.field.number(1)
        return self.compose((labels, data) for data in _exponential(self.field, value))

    def log(self) -> Value:
        """Logarithm of the absolute value of a scalar: an opaque value, exact derivatives."""
        labels, base = self.parts.get(0, ((), self.field.number(0)))
        inverse = self.field.reciprocal(base)
        return self.compose((labels, data) for data in _logarithm(self.field, base, inverse))

    def sqrt(self) -> Value:
        """Square root of a scalar."""
        labels, base = self.parts.get(0, ((), self.field.number(0)))
        root = self.field.root(base)
        inverse = self.field.reciprocal(base) if self.levels() else base
        return self.compose((labels, data) for data in _root(self.field, root, inverse))

    def absolute(self) -> Value:
        """Absolute value of a scalar."""
        if 0 not in self.parts:
            return self
        labels, base = self.parts[0]
        return self * Value(self.field, {0: (labels, self.field.sign(base))})

    # -- derivatives

    def part(self, level: int) -> Value:
        """The part that contains a level, freed from it; its Jacobian axis stays, as an index axis."""
        bit = 1 << level
        return Value(self.field, {mask & ~bit: tensor for mask, tensor in self.parts.items() if mask & bit})

    def unfold(self, label: str, shape: tuple[int, int], row: Index, column: Index) -> Value:
        """Take an axis of shape[0] * shape[1] entries apart, into the entry at (row, column)."""
        parts = {}
        for mask, (labels, data) in self.parts.items():
            axis = labels.index(label)
            data = data.reshape(*data.shape[:axis], *shape, *data.shape[axis + 1 :])
            names: list[str] = list(labels)
            names[axis : axis + 1] = [index for index in (row, column) if isinstance(index, str)]
            fixed = tuple(slice(None) if isinstance(index, str) else index for index in (row, column))
            parts[mask] = _canonical(names, data[(*(slice(None),) * axis, *fixed)])
        return Value(self.field, parts)

    def to_columns(self, label: str) -> Value:
        """A column with an index axis becomes a matrix, the axis its columns."""
        parts = {}
        for mask, (labels, data) in self.parts.items():
            axis = labels.index(label)
            parts[mask] = labels[:axis] + labels[axis + 1 :], np.moveaxis(data[..., 0], axis, -1)
        return Value(self.field, parts)

    def to_matrix(self, row: str, column: str) -> Value:
        """A scalar with two index axes becomes a matrix."""
        parts = {}
        for mask, (labels, data) in self.parts.items():
            data = np.moveaxis(data[..., 0, 0], (labels.index(row), labels.index(column)), (-2, -1))
            parts[mask] = tuple(label for label in labels if label not in (row, column)), data
        return Value(self.field, parts)


def _accumulate(field: Field, parts: dict[int, Tensor], mask: int, tensor: Tensor) -> None:
    """Add a tensor to the part of a set of levels."""
    if mask in parts:
        labels, x, y = _aligned(parts[mask], tensor)
        tensor = labels, field.reduce(x + y)
    parts[mask] = tensor


def _exponential(field: Field, value: np.ndarray):
    """Taylor coefficients of exp: each is the one before, divided by its order."""
    for order in count(1):
        yield value
        value = field.reduce(value * field.reciprocal(field.number(order)))


def _logarithm(field: Field, base: np.ndarray, inverse: np.ndarray):
    """Taylor coefficients of log at `base`: log, then -(-1/base)^k / k."""
    yield field.opaque("log", base)
    power = field.negate(inverse)
    for order in count(1):
        yield field.reduce(power * field.reciprocal(field.number(-order)))
        power = field.reduce(field.negate(power) * inverse)


def _root(field: Field, root: np.ndarray, inverse: np.ndarray):
    """Taylor coefficients of the square root: binomial coefficients of 1/2."""
    for order in count():
        yield root
        ratio = field.reduce(field.number(1 - 2 * order) * field.reciprocal(field.number(2 * order + 2)))
        root = field.reduce(field.reduce(root * inverse) * ratio)


# ---------------------------------------------------------------------------------------------- contraction


def contract(factors: Sequence[Value], sums: dict[str, int]) -> Value:
    """Product of scalars (at most one factor may be a matrix), summed over the axes `sums` (name: size).

    Pairwise: the axis whose factors make the smallest array is summed first, so that long chains stay small.
    """
    if not sums:
        return _multiply(list(factors))
    field = factors[0].field
    pending = [(factor, factor.labels()) for factor in factors]
    sums = dict(sums)
    while sums:
        label = min(
            sums, key=lambda name: len({other for _, labels in pending if name in labels for other in labels})
        )
        touched = [factor for factor, labels in pending if label in labels]
        if not touched:
            size = field.number(sums.pop(label))
            pending[0] = (pending[0][0].times(size), pending[0][1])
            continue
        product = _multiply(touched).total(label, sums.pop(label))
        pending = [pair for pair in pending if label not in pair[1]] + [(product, product.labels())]
    return _multiply([factor for factor, _ in pending])


def _multiply(factors: list[Value]) -> Value:
    """Entrywise product, the smallest factors first."""
    if len(factors) > 2:
        factors = sorted(factors, key=lambda factor: sum(data.size for _, data in factor.parts.values()))
    product = factors[0]
    for factor in factors[1:]:
        product = product * factor
    return product

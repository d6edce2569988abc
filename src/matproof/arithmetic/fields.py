"""The numbers: residues for deciding, rationals for counterexamples, reals where a logarithm is involved."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from hashlib import blake2b
from math import isqrt, prod
from random import Random

import numpy as np

PRIME = 2**31 - 1
LARGEST = 2**22  # numbers in one array: 32 MB, so that a few temporaries stay far below 500 MB
LONGEST = 2**28  # multiplications in one matrix product: a second or so, for nothing interrupts it


class UndefinedError(ArithmeticError):
    """The expression has no value at this point (a singular matrix, a missing root): draw again."""


class NoExactValueError(UndefinedError):
    """A function has no value in this field, at any point."""


class TooLargeError(MemoryError):
    """An array would have more than `LARGEST` entries."""


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


def check_size(size: int) -> None:
    """Raise `TooLargeError` for an array of more than `LARGEST` numbers."""
    if size > LARGEST:
        raise TooLargeError(f"an array of {size} numbers would be needed")

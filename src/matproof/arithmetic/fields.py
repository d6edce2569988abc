"""The numbers: residues for deciding, rationals for counterexamples, reals where a logarithm is involved."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from fractions import Fraction
from hashlib import blake2b
from math import isqrt, prod
from random import Random
from typing import Any

from .arrays import Array, np

LARGEST = 2**22  # numbers in one array: 32 MB, so that a few temporaries stay far below 500 MB
LONGEST = 2**28  # multiplications in one matrix product: a second or so, for nothing interrupts it
MOST_BITS = 2**14  # of the numerator or denominator of one fraction


class UndefinedError(ArithmeticError):
    """The expression has no value at this point (a missing root): draw again."""


class SingularError(UndefinedError):
    """A division by zero, or the inverse of a singular matrix: seldom met by chance."""


class NoExactValueError(UndefinedError):
    """A function has no value in this field, at any point."""


class TooLargeError(MemoryError):
    """An array would have more than `LARGEST` entries, or a number too many digits."""


class Field:
    """Numbers in arrays of Python objects; subclasses say which numbers."""

    dtype: type = object
    exact = True

    def session(self) -> AbstractContextManager[Any]:
        """What has to be entered while one computes in this field."""
        return nullcontext()

    def reduce(self, data: Array) -> Array:
        """The representative of every entry."""
        return data

    def matmul(self, left: Array, right: Array) -> Array:
        """Matrix product, broadcasting over leading axes."""
        return self.reduce(left @ right)

    def negate(self, data: Array) -> Array:
        """Minus every entry."""
        return self.reduce(-data)

    def number(self, value: int) -> Array:
        """An integer as a 1 x 1 array."""
        return self.reduce(np.array([[value]], dtype=object)).astype(self.dtype)

    def each(self, function: Callable[[Any], Any], data: Array) -> Array:
        """`function` of every entry, given as a Python number."""
        flat = [function(entry) for entry in data.ravel().tolist()]
        result = np.empty(len(flat), dtype=self.dtype)
        result[:] = flat
        return result.reshape(data.shape)

    def reciprocal(self, data: Array) -> Array:
        """One over every entry; raises `SingularError` at zero."""
        return self.each(self._reciprocal, data)

    def root(self, data: Array) -> Array:
        """Square roots, multiplicative like those of positive reals; `UndefinedError` where there is none."""
        return self.each(self._root, data)

    def sign(self, data: Array) -> Array:
        """1 where the entry has a root, else -1."""
        return self.reduce(self.each(lambda entry: 1 if entry >= 0 else -1, data))

    def draw(self, source: Random, shape: tuple[int, ...]) -> Array:
        """Random numbers."""
        raise NotImplementedError

    def opaque(self, name: str, data: Array) -> Array:
        """Values of a transcendental function; raises `NoExactValueError` where the field has none."""
        raise NoExactValueError(f"{name} has no exact value")

    def equal(self, left: Array, right: Array) -> Array:
        """Where two arrays agree."""
        return np.asarray(left == right)

    def _reciprocal(self, entry: Any) -> Any:
        raise NotImplementedError

    def _root(self, entry: Any) -> Any:
        raise NotImplementedError


class Residues(Field):
    """Integers modulo a prime below 2^31. Four products fit into 64 bits, so long sums go in fours."""

    dtype: type = np.uint64

    def __init__(self, prime: int) -> None:
        self.prime = self.modulus = prime
        self._modulus: Any = np.uint64(prime)

    def reduce(self, data: Array) -> Array:
        return np.asarray(data % self._modulus)

    def matmul(self, left: Array, right: Array) -> Array:
        inner = left.shape[-1]
        if inner <= 4:
            return np.asarray((left @ right) % self._modulus)
        total = (left[..., :4] @ right[..., :4, :]) % self._modulus
        for start in range(4, inner, 4):
            total += (left[..., start : start + 4] @ right[..., start : start + 4, :]) % self._modulus
        return np.asarray(total % self._modulus)

    def negate(self, data: Array) -> Array:
        return np.asarray((self._modulus - data) % self._modulus)

    def number(self, value: int) -> Array:
        return np.array([[value % self.modulus]], dtype=np.uint64)

    def draw(self, source: Random, shape: tuple[int, ...]) -> Array:
        words = np.frombuffer(source.randbytes(8 * prod(shape)), dtype="<u8").astype(np.uint64)
        return np.asarray(words % self._modulus).reshape(shape)

    def sign(self, data: Array) -> Array:
        half = (self.prime - 1) // 2
        return self.each(
            lambda entry: 1 if pow(entry, half, self.prime) <= 1 else self.prime - 1,
            data,
        )

    def opaque(self, name: str, data: Array) -> Array:
        def digest(entry: int) -> int:
            return int.from_bytes(blake2b(f"{name} {entry}".encode(), digest_size=8).digest()) % self.prime

        return self.each(digest, data)

    def _reciprocal(self, entry: int) -> int:
        if entry % self.prime == 0:
            raise SingularError("division by zero")
        return pow(entry, -1, self.modulus)

    def _root(self, entry: int) -> int:
        # The prime is 3 modulo 4: this root is itself a square, as the root of a positive number is positive.
        root = pow(entry, (self.prime + 1) // 4, self.prime)
        if root * root % self.prime != entry:
            raise UndefinedError("not a square")
        return root


class Adic(Residues):
    """Integers modulo a power of the prime: series in a multiple of the prime end after `orders` terms."""

    dtype: type = object

    def __init__(self, prime: int, orders: int) -> None:
        super().__init__(prime)
        self.orders = orders
        self.modulus = self._modulus = prime**orders
        self.small = np.array([[prime]], dtype=object)  # a factor whose powers vanish

    def matmul(self, left: Array, right: Array) -> Array:
        return self.reduce(left @ right)

    def sign(self, data: Array) -> Array:
        raise UndefinedError("no absolute values beside power series")

    def number(self, value: int) -> Array:
        return np.array([[value % self.modulus]], dtype=object)

    def draw(self, source: Random, shape: tuple[int, ...]) -> Array:
        return self.each(lambda _: source.randrange(self.modulus), np.zeros(shape, dtype=object))

    def _root(self, entry: int) -> int:
        raise UndefinedError("no square roots beside power series")


class Rationals(Field):
    """Fractions; draws are integers of small absolute value."""

    def __init__(self, bound: int = 4) -> None:
        self.bound = bound

    def reduce(self, data: Array) -> Array:
        """Nothing is to be done, but numbers of too many digits end here."""
        for entry in data.ravel().tolist():
            if max(entry.numerator.bit_length(), entry.denominator.bit_length()) > MOST_BITS:
                raise TooLargeError("a number has too many digits")
        return data

    def draw(self, source: Random, shape: tuple[int, ...]) -> Array:
        return self.each(
            lambda _: Fraction(source.randint(-self.bound, self.bound)), np.zeros(shape, dtype=object)
        )

    def number(self, value: int) -> Array:
        return self.reduce(np.array([[Fraction(value)]], dtype=object))

    def _reciprocal(self, entry: Fraction) -> Fraction:
        if entry == 0:
            raise SingularError("division by zero")
        return 1 / Fraction(entry)

    def _root(self, entry: Fraction) -> Fraction:
        entry = Fraction(entry)
        if entry < 0 or isqrt(entry.numerator) ** 2 != entry.numerator:
            raise UndefinedError("not a square")
        if isqrt(entry.denominator) ** 2 != entry.denominator:
            raise UndefinedError("not a square")
        return Fraction(isqrt(entry.numerator), isqrt(entry.denominator))


class Reals(Field):
    """Decimal numbers of a given number of digits, for functions that have no exact values.

    The same draws give the same numbers, whatever the number of digits; decimal arithmetic rounds alike on
    every machine.
    """

    exact = False

    def __init__(self, digits: int) -> None:
        self.digits = digits

    def session(self) -> AbstractContextManager[Any]:
        return localcontext(Context(prec=self.digits, Emax=MAX_EMAX, Emin=MIN_EMIN))

    def number(self, value: int) -> Array:
        return np.array([[Decimal(value)]], dtype=object)

    def draw(self, source: Random, shape: tuple[int, ...]) -> Array:
        def number(_: object) -> Decimal:
            return Decimal(source.randint(-2_000_000, 2_000_000)) / 1_000_000

        return self.each(number, np.zeros(shape, dtype=object))

    def opaque(self, name: str, data: Array) -> Array:
        return self.each(_logarithm if name == "log" else _exponential, data)

    def _reciprocal(self, entry: Decimal) -> Decimal:
        if entry == 0:
            raise SingularError("division by zero")
        return 1 / Decimal(entry)

    def _root(self, entry: Decimal) -> Decimal:
        if entry < 0:
            raise UndefinedError("not positive")
        return Decimal(entry).sqrt()


def _logarithm(entry: Decimal) -> Decimal:
    if entry == 0:
        raise SingularError("the logarithm of zero")
    return abs(Decimal(entry)).ln()


def _exponential(entry: Decimal) -> Decimal:
    return Decimal(entry).exp()


def check_size(size: int) -> None:
    """Raise `TooLargeError` for an array of more than `LARGEST` numbers."""
    if size > LARGEST:
        raise TooLargeError(f"an array of {size} numbers would be needed")

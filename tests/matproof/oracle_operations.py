"""The oracle's own column of the table of operations: what each one is, in floats.

It is written from the textbook, without a look at the checker's rows; `test_operations` sees to it that both
tables have the same names.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Array = np.ndarray


class ShapeError(Exception):
    """Shapes or indices that do not fit, or an entry outside its matrix: what means nothing is not true."""


class UndefinedError(Exception):
    """No value at this point, such as the inverse of a singular matrix: draw again."""


def square(array: Array) -> Array:
    """The array, if it is square."""
    if array.shape[0] != array.shape[1]:
        raise ShapeError(f"{array.shape} is not square")
    return array


def number(array: Array) -> complex:
    """The one entry of a scalar."""
    if array.shape != (1, 1):
        raise ShapeError(f"{array.shape} is not a scalar")
    return complex(array[0, 0])


def scalar(value: complex) -> Array:
    """A number as an array."""
    return np.array([[value]], dtype=complex)


def root_of(value: complex) -> complex:
    """The square root of what is not near the negative half-line."""
    if value.real < 1e-3:
        raise UndefinedError("root of something negative or nearly zero")
    return complex(np.sqrt(value))


def absolute(value: complex) -> complex:
    """|x|, continued analytically away from zero."""
    if abs(value.real) < 1e-3:
        raise UndefinedError("nearly zero")
    return value if value.real > 0 else -value


def adjugate(array: Array) -> Array:
    """Signed minors, transposed."""
    size = range(len(square(array)))
    if len(array) == 1:
        return scalar(1)

    def cofactor(i: int, j: int) -> complex:
        return (-1) ** (i + j) * np.linalg.det(np.delete(np.delete(array, i, 0), j, 1))

    return np.array([[cofactor(j, i) for j in size] for i in size])


def diagonal(array: Array) -> Array:
    """A column on the diagonal of zeros."""
    if array.shape[1] != 1:
        raise ShapeError("diag of something that is no column")
    return np.diagflat(array)


def exponential(array: Array) -> Array:
    """Sixty terms of the series."""
    term = result = np.eye(len(square(array)), dtype=complex)
    for order in range(1, 60):
        term = term @ array / order
        result = result + term
    return result


def commutator(a: Array, b: Array) -> Array:
    """AB - BA."""
    if square(a).shape != square(b).shape:
        raise ShapeError(f"a commutator of {a.shape} and {b.shape}")
    return a @ b - b @ a


def pseudo_inverse(a: Array) -> Array:
    """The one of full column rank, by the normal equations; without conjugation, so that it is analytic."""
    if a.shape[0] < a.shape[1]:
        raise UndefinedError("no full column rank")
    return np.linalg.solve(a.T @ a, a.T)


OPERATIONS: dict[str, Callable[..., Array]] = {
    "tr": lambda a: scalar(np.trace(square(a))),
    "det": lambda a: scalar(np.linalg.det(square(a))),
    "adj": adjugate,
    "vec": lambda a: a.reshape(-1, 1, order="F"),
    "diag": diagonal,
    "exp": exponential,
    "log": lambda a: scalar(np.log(absolute(number(a)))),
    "sqrt": lambda a: scalar(root_of(number(a))),
    "abs": lambda a: scalar(absolute(number(a))),
    "sym": lambda a: (square(a) + a.T) / 2,
    "skew": lambda a: (square(a) - a.T) / 2,
    "cof": lambda a: adjugate(a).T,
    "comm": commutator,
    "pinv": pseudo_inverse,
}

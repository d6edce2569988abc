"""Arrays with named axes: aligning them, and the sizes they may have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from math import prod
from operator import lt
from typing import Any

from .arrays import Array, np
from .fields import LARGEST, LONGEST, TooLargeError, check_size

MOST_AXES = 24  # NumPy 1 has arrays of 32 axes at most, and an operation may need a few more than it returns
SLOWER = 2**5  # how many times more a number costs, in time and memory, where it is a Python object

Labels = tuple[str, ...]
Tensor = tuple[Labels, Array]  # labels in ascending order; one axis each, then row and column
Index = str | int  # the name of an index axis, or a fixed position counted from 0


def unit_matrix(size: int, dtype: type) -> Array:
    """The identity matrix, not to be written to."""
    check_size(size * size)
    # Large ones are as good as never asked for twice, and would fill the memory of a long run.
    return _kept_unit_matrix(size, dtype) if size <= 32 else np.eye(size, dtype=dtype)


@lru_cache(maxsize=256)
def _kept_unit_matrix(size: int, dtype: type) -> Array:
    matrix = np.eye(size, dtype=dtype)
    matrix.flags.writeable = False
    return matrix


@lru_cache(maxsize=4096)
def level_label(level: int) -> str:
    """The name of a level's Jacobian axis."""
    return f"∂{level}"


@lru_cache(maxsize=4096)
def union_of(left: Labels, right: Labels) -> Labels:
    """The labels of both; raises `TooLargeError` if they are too many."""
    union = tuple(sorted({*left, *right}))
    check_axes(len(union))
    return union


def check_axes(count: int) -> None:
    """Raise `TooLargeError` for an array with more than `MOST_AXES` index axes."""
    if count > MOST_AXES:
        raise TooLargeError(f"an array with {count} axes would be needed")


@lru_cache(maxsize=4096)
def spread(labels: Labels, union: Labels) -> tuple[Any, ...]:
    """The subscript that gives an array an axis of length 1 for every label that it lacks."""
    return (*(slice(None) if label in labels else None for label in union), Ellipsis)


def aligned(left: Tensor, right: Tensor) -> tuple[Labels, Array, Array]:
    """Two arrays over the same labels."""
    (one, x), (other, y) = left, right
    if x.size * y.size > (LARGEST // SLOWER if x.dtype == object else LARGEST):
        guard(left, right)
    if one == other:
        return one, x, y
    union = union_of(one, other)
    return (
        union,
        x if one == union else x[spread(one, union)],
        y if other == union else y[spread(other, union)],
    )


def guard(left: Tensor, right: Tensor) -> None:
    """Raise `TooLargeError` if a product of the two would be too large."""
    sizes = dict(zip(left[0], left[1].shape, strict=False)) | dict(
        zip(right[0], right[1].shape, strict=False)
    )
    (rows, inner), (others, columns) = left[1].shape[-2:], right[1].shape[-2:]
    entries = max(rows * inner, others * columns, rows * columns)  # entrywise, or as a matrix product
    cost = SLOWER if left[1].dtype == object else 1
    check_size(cost * prod(sizes.values()) * entries)
    if cost * prod(sizes.values()) * rows * inner * columns > LONGEST:
        raise TooLargeError("a matrix product would take too long")


def canonical(labels: Sequence[str], data: Array) -> Tensor:
    """Labels in ascending order; of a label that occurs twice, the diagonal."""
    check_axes(len(labels))
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

"""Arrays with named axes: aligning them, and the sizes they may have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from math import prod
from operator import lt

import numpy as np

from .fields import LARGEST, LONGEST, TooLargeError, check_size

Labels = tuple[str, ...]
Tensor = tuple[Labels, np.ndarray]  # labels in ascending order; one axis each, then row and column
Index = str | int  # the name of an index axis, or a fixed position counted from 0


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
def union_of(left: Labels, right: Labels) -> Labels:
    return tuple(sorted({*left, *right}))


@lru_cache(maxsize=4096)
def spread(labels: Labels, union: Labels) -> tuple:
    """The subscript that gives an array an axis of length 1 for every label that it lacks."""
    return (*(slice(None) if label in labels else None for label in union), Ellipsis)


def aligned(left: Tensor, right: Tensor) -> tuple[Labels, np.ndarray, np.ndarray]:
    """Two arrays over the same labels."""
    (one, x), (other, y) = left, right
    if x.size * y.size > LARGEST:
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
    check_size(prod(sizes.values()) * entries)
    if prod(sizes.values()) * rows * inner * columns > LONGEST:
        raise TooLargeError("a matrix product would take too long")


def canonical(labels: Sequence[str], data: np.ndarray) -> Tensor:
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

"""Numerical derivatives of NumPy functions, laid out like the symbolic ones."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matproof.notebook.layout import check_layout, shape_text

# Far below the rounding error of x itself: nothing is subtracted, so a smaller step costs no digits.
COMPLEX_STEP = 1e-30
# Near the cube root of the machine epsilon, where truncation and rounding are equally small.
CENTRAL_STEP = 1e-5


def complex_step(
    function: Callable[[Any], ArrayLike], x: ArrayLike, layout: str = "numerator", step: float = COMPLEX_STEP
) -> Any:
    """The derivative of `function` at the real `x` by the complex step, Im f(x + ih) / h.

    `function` takes an array like x and returns a scalar, vector or matrix, built from analytic operations
    (no abs, no conjugate: `A.T`, not `A.conj().T`). Shapes are those of `matproof.notebook.derivative`,
    except that one-dimensional arrays have no orientation: a scalar by a vector of n is an array of n in
    either layout. Exact up to rounding (Squire and Trapp 1998).

    Raises ValueError for a complex x, for a function that drops the imaginary part, for a vector or matrix
    by a matrix, and for an unknown layout.
    """
    x = np.asarray(x)
    if np.iscomplexobj(x):
        raise ValueError(f"x is {shape_text(x.shape)} of {x.dtype}; complex_step expects real entries")

    def slope(direction: np.ndarray) -> np.ndarray:
        value = np.asarray(function(x + 1j * step * direction))
        if not np.iscomplexobj(value):
            raise ValueError(f"function returned {value.dtype} for a complex x; expected complex values")
        return value.imag / step

    return _lay_out(slope, x.astype(float), layout)


def central_difference(
    function: Callable[[Any], ArrayLike], x: ArrayLike, layout: str = "numerator", step: float = CENTRAL_STEP
) -> Any:
    """The derivative of `function` at `x` by central differences, (f(x + h) - f(x - h)) / 2h.

    For functions that are not analytic, or that cannot take complex arguments; about ten digits at best.
    x may be integer, real or complex (then the function must be complex differentiable). Shapes and errors
    are those of `complex_step`.
    """
    x = np.asarray(x)
    x = x.astype(np.result_type(x.dtype, float))

    def slope(direction: np.ndarray) -> np.ndarray:
        forward, backward = function(x + step * direction), function(x - step * direction)
        return np.asarray((np.asarray(forward) - np.asarray(backward)) / (2 * step))

    return _lay_out(slope, x, layout)


def _lay_out(slope: Callable[[np.ndarray], np.ndarray], x: np.ndarray, layout: str) -> Any:
    """Collect the slopes along all unit directions of x and arrange them in the layout."""
    check_layout(layout)
    if x.ndim > 2:
        raise ValueError(f"x is {shape_text(x.shape)}; expected a scalar, a vector or a matrix")
    directions = np.eye(x.size).reshape(x.size, *x.shape)
    slopes = np.array([slope(direction) for direction in directions])
    shape = slopes.shape[1:]
    if x.ndim == 0:
        return slopes[0]
    if len(shape) == 0:
        gradient = slopes.reshape(x.shape)
        return gradient.T if layout == "numerator" else gradient
    if len(shape) == 1 and x.ndim == 1:
        return slopes.T if layout == "numerator" else slopes
    raise ValueError(
        f"derivative of {shape_text(shape)} by {shape_text(x.shape)} is not a matrix; "
        "expected a scalar or a vector by a vector: differentiate by one entry at a time"
    )


def check_close(left: ArrayLike, right: ArrayLike, bound: float) -> None:
    """Assert that two arrays agree up to rounding, and say their size and the bound that was kept.

    Prints `✓ 5 × 7, relative error below 1e-12`: never the error's own digits, which differ from processor
    to processor. The error is the largest difference of two entries over the largest entry of `right`, or
    that difference itself where `right` is zero.

    Raises AssertionError, naming the entry with the largest difference, unless the error stays below
    `bound`; ValueError, naming both shapes, if the shapes differ. A right side that is still `...`, as in a
    student's notebook, is an AssertionError that says what to fill in.
    """
    left = np.asarray(left)
    if right is ...:
        shape = shape_text(left.shape)
        raise AssertionError(f"not answered yet: replace the dots by an expression of shape {shape}")
    right = np.asarray(right)
    if left.shape != right.shape:
        raise ValueError(
            f"check_close: the left side is {shape_text(left.shape)} and the right side is "
            f"{shape_text(right.shape)}; expected equal shapes"
        )
    scale = np.abs(right).max(initial=0)
    error = "relative error" if scale > 0 else "error"
    with np.errstate(invalid="ignore"):
        differences = np.abs(left - right) / (scale if scale > 0 else 1)
    # Not `>= bound`: where something is not a number, no comparison holds.
    if not np.all(differences < bound):
        raise AssertionError(f"{error} not below {bound:g}: {_largest(differences, left, right)}")
    print(f"✓ {_size_text(left.shape)}{error} below {bound:g}")


def _largest(differences: NDArray, left: NDArray, right: NDArray) -> str:
    """The entry with the largest difference, what is not a number before all others."""
    worst = np.unravel_index(np.argmax(differences), differences.shape)
    place = f"entry ({', '.join(str(index + 1) for index in worst)}) is " if worst else ""
    return f"{place}{left[worst]:.6g}, expected {right[worst]:.6g}"


def _size_text(shape: tuple[int, ...]) -> str:
    """The size of what was compared, with a comma behind it; nothing for a scalar."""
    if not shape:
        return ""
    return f"{shape[0]} entries, " if len(shape) == 1 else " × ".join(str(size) for size in shape) + ", "

"""Numerical derivatives of NumPy functions, laid out like the symbolic ones."""

import numpy as np

from matproof.notebook.layout import check_layout, shape_text

# Far below the rounding error of x itself: nothing is subtracted, so a smaller step costs no digits.
COMPLEX_STEP = 1e-30
# Near the cube root of the machine epsilon, where truncation and rounding are equally small.
CENTRAL_STEP = 1e-5


def complex_step(function, x, layout="numerator", step=COMPLEX_STEP):
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

    def slope(direction):
        value = np.asarray(function(x + 1j * step * direction))
        if not np.iscomplexobj(value):
            raise ValueError(f"function returned {value.dtype} for a complex x; expected complex values")
        return value.imag / step

    return _lay_out(slope, x.astype(float), layout)


def central_difference(function, x, layout="numerator", step=CENTRAL_STEP):
    """The derivative of `function` at `x` by central differences, (f(x + h) - f(x - h)) / 2h.

    For functions that are not analytic, or that cannot take complex arguments; about ten digits at best.
    x may be integer, real or complex (then the function must be complex differentiable). Shapes and errors
    are those of `complex_step`.
    """
    x = np.asarray(x)
    x = x.astype(np.result_type(x.dtype, float))

    def slope(direction):
        forward, backward = function(x + step * direction), function(x - step * direction)
        return (np.asarray(forward) - np.asarray(backward)) / (2 * step)

    return _lay_out(slope, x, layout)


def _lay_out(slope, x, layout):
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

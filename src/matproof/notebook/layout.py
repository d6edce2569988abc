"""The two layouts, in one place: how the derivatives by the entries of X are put into a matrix.

In numerator layout the derivative of a scalar by an m x n matrix is n x m and its entry (i, j) belongs to
x_ji; a vector y by a vector x is len(y) x len(x). Denominator layout is the transpose of each. A derivative
by a scalar keeps the shape of what is differentiated, in both.
"""

from collections.abc import Sequence

LAYOUTS = ("numerator", "denominator")


def check_layout(layout: str) -> None:
    """Raise ValueError unless `layout` is one of the two layouts."""
    if layout not in LAYOUTS:
        raise ValueError(f"layout is {layout!r}; expected 'numerator' or 'denominator'")


def shape_text(shape: Sequence[int]) -> str:
    """A shape for an error message: (2, 3) is '2 x 3', (4,) is 'a vector of 4', () is 'a scalar'."""
    if len(shape) == 0:
        return "a scalar"
    if len(shape) == 1:
        return f"a vector of {shape[0]}"
    return " x ".join(str(size) for size in shape)

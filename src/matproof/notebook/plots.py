"""The book's pictures: a chapter names what to draw, the plumbing stays here.

Figures are SVG with transparent background and text as paths, and carry no date and no random ids, so that
a stored figure is the same bytes on every run.
"""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import sympy as sp
from matplotlib.patches import Rectangle
from matplotlib_inline.backend_inline import set_matplotlib_formats

from matproof.notebook.numeric import central_difference, complex_step

# Colour-blind safe (Okabe and Ito), and readable on white as well as on black.
BLUE, ORANGE, GREEN, GREY = "#0072b2", "#d55e00", "#009e73", "#7f7f7f"

STYLE = {
    "svg.hashsalt": "matrix derivatives",
    "svg.fonttype": "path",
    "savefig.transparent": True,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "font.size": 11,
    "mathtext.fontset": "cm",
    "figure.constrained_layout.use": True,
}


def use_book_style():
    """Set the style of every figure that follows; importing this module does it once."""
    mpl.rcParams.update(STYLE)
    set_matplotlib_formats("svg", metadata={"Date": None, "Creator": None})


use_book_style()


def _cells(axes, origin, shape, scale, **style):
    """Draw a grid of shape (rows, columns) with its upper left corner at `origin`."""
    x, y = origin
    rows, columns = shape
    for i in range(rows):
        for j in range(columns):
            axes.add_patch(Rectangle((x + j * scale, y - (i + 1) * scale), scale, scale, **style))


# The nine kinds of derivative as (what, by what) -> shape in numerator layout; y has 2 entries, x has 3,
# Y is 2 x 4 and X is 3 x 2. A missing pair is a derivative that is not a matrix.
_NINE = {
    ("y", "x"): (1, 1),
    (r"\mathbf{y}", "x"): (2, 1),
    (r"\mathbf{Y}", "x"): (2, 4),
    ("y", r"\mathbf{x}"): (1, 3),
    (r"\mathbf{y}", r"\mathbf{x}"): (2, 3),
    ("y", r"\mathbf{X}"): (2, 3),
}


def draw_shapes(layout="numerator"):
    """The shapes of all nine kinds of derivative in one layout, as a 3 x 3 table of small grids.

    Rows: a scalar, a vector of 2 and a 2 x 4 matrix are differentiated; columns: by a scalar, a vector of 3
    and a 3 x 2 matrix. Derivatives that do not fit into a matrix are left as a set of entries.
    """
    figure, grid = plt.subplots(3, 3, figsize=(7.2, 4.6))
    for axes, what in zip(grid, ["y", r"\mathbf{y}", r"\mathbf{Y}"], strict=True):
        for cell, by in zip(axes, ["x", r"\mathbf{x}", r"\mathbf{X}"], strict=True):
            _draw_kind(cell, what, by, layout)
    return figure


def _draw_kind(axes, what, by, layout):
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(-3, 3)
    axes.set_ylim(-1.6, 2)
    axes.set_title(rf"$\partial {what} / \partial {by}$", fontsize=13)
    shape = _NINE.get((what, by))
    if shape is None:
        axes.text(0, 0.2, "one matrix per entry", ha="center", va="center", color=GREY)
        return
    if layout == "denominator" and by != "x":
        shape = shape[::-1]
    rows, columns = shape
    _cells(axes, (-0.3 * columns, 0.3 * rows + 0.3), shape, 0.6, facecolor=BLUE, alpha=0.75, edgecolor="white")
    axes.text(0, -1.15, rf"${rows} \times {columns}$", ha="center", va="center", color=GREY)


def draw_matrices(matrices, labels=None):
    """Draw matrices side by side as grids of coloured entries, positive blue, negative orange.

    `matrices` are two-dimensional arrays (or SymPy matrices of numbers); the darker an entry, the larger
    its size relative to the largest of all. `labels` are captions, TeX allowed.
    """
    arrays = [np.array(matrix, dtype=float) for matrix in matrices]
    if any(array.ndim != 2 for array in arrays):
        raise ValueError(f"draw_matrices: shapes {[a.shape for a in arrays]}; expected two dimensions each")
    largest = max(np.abs(array).max() for array in arrays) or 1.0
    widths = [array.shape[1] for array in arrays]
    figure, axes = plt.subplots(
        1, len(arrays), figsize=(0.42 * sum(widths) + 0.9 * len(arrays), 0.42 * max(a.shape[0] for a in arrays) + 0.7),
        width_ratios=widths, squeeze=False,
    )
    for cell, array, label in zip(axes[0], arrays, labels or [""] * len(arrays), strict=True):
        _draw_entries(cell, array / largest)
        cell.set_title(label, fontsize=12)
    return figure


def _draw_entries(axes, array):
    rows, columns = array.shape
    for (i, j), value in np.ndenumerate(array):
        color = BLUE if value > 0 else ORANGE
        axes.add_patch(Rectangle((j, -i - 1), 1, 1, facecolor=color, alpha=abs(value), linewidth=0))
        axes.add_patch(Rectangle((j, -i - 1), 1, 1, facecolor="none", edgecolor=GREY, linewidth=0.6))
    axes.set_xlim(-0.1, columns + 0.1)
    axes.set_ylim(-rows - 0.1, 0.1)
    axes.set_aspect("equal")
    axes.set_axis_off()


def draw_pattern(y, x, labels=True):
    """Where the derivative of each entry of Y by each entry of X is not zero, as a block picture.

    y (p x q) and x (m x n) are SymPy matrices. The picture is a p x q arrangement of small m x n grids: the
    block (k, l) shows which x_ij the entry y_kl depends on. Entries that are zero stay empty.
    """
    (p, q), (m, n) = y.shape, x.shape
    figure, axes = plt.subplots(p, q, figsize=(0.36 * q * (n + 1.2), 0.36 * p * (m + 1.4)), squeeze=False)
    for k in range(p):
        for column in range(q):
            slopes = x.applyfunc(lambda entry, value=y[k, column]: int(sp.diff(value, entry) != 0))
            _draw_entries(axes[k, column], np.array(slopes, dtype=float) * 0.75)
            if labels:
                axes[k, column].set_title(f"$({k + 1}, {column + 1})$", fontsize=10)
    return figure


def draw_gradient(function, gradient, extent=2.0, points=15, labels=("$x_1$", "$x_2$")):
    """Contours of a function of two variables under the arrows of its gradient.

    `function` and `gradient` take an array of two numbers; the gradient returns two. The square drawn is
    [-extent, extent] in both variables.
    """
    fine, coarse = np.linspace(-extent, extent, 81), np.linspace(-extent, extent, points)
    heights = np.array([[function(np.array([a, b])) for a in fine] for b in fine])
    arrows = np.array([[gradient(np.array([a, b])) for a in coarse] for b in coarse])
    figure, axes = plt.subplots(figsize=(4.8, 4.4))
    axes.contour(fine, fine, heights, levels=12, colors=GREY, linewidths=0.8)
    axes.quiver(coarse, coarse, arrows[..., 0], arrows[..., 1], color=BLUE, angles="xy")
    axes.set_aspect("equal")
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1], rotation=0)
    return figure


def draw_step_errors(function, x, exact):
    """Relative error of central differences and of the complex step against the step size h.

    `function` takes and returns a scalar, `exact` is its derivative at `x`. Central differences draw a V:
    truncation on the right, rounding on the left. Errors below the machine epsilon are drawn at it.
    """
    steps = np.logspace(-16, 0, 65)
    floor = np.finfo(float).eps
    figure, axes = plt.subplots(figsize=(6, 3.6))
    for method, color, name in (
        (central_difference, ORANGE, "central differences"),
        (complex_step, BLUE, "complex step"),
    ):
        errors = [abs(method(function, x, step=h) - exact) / abs(exact) for h in steps]
        axes.loglog(steps, np.maximum(errors, floor), color=color, label=name)
    axes.set_xlabel("step $h$")
    axes.set_ylabel("relative error")
    axes.legend(frameon=False)
    return figure

"""The book's pictures: a chapter names what to draw, the plumbing stays here.

Figures are SVG with transparent background and text as paths, and carry no date and no random ids, so that
a stored figure is the same bytes on every run. A function draws the current figure and returns nothing:
what a cell returns would be shown a second time.
"""

from collections.abc import Callable

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import sympy as sp
from matplotlib.patches import Rectangle
from matplotlib_inline.backend_inline import set_matplotlib_formats

from matproof.notebook.layout import check_layout
from matproof.notebook.numeric import central_difference, complex_step

# Colour-blind safe (Okabe and Ito), and readable on white as well as on black.
BLUE, ORANGE, GREEN, GREY = "#0072b2", "#d55e00", "#009e73", "#7f7f7f"
# Behind text.
LIGHT_BLUE, LIGHT_GREY = "#d4e8f5", "#eeeeee"

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
    # Which vertices may be left out hangs on the last digits, and so do those that stay.
    "path.simplify": False,
    # Not the constrained layout: its solver rounds differently from run to run.
    "figure.autolayout": True,
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


# What the nine kinds of derivative differentiate, and by what: the entries as they are printed.
_NUMERATORS = {
    "y": [["y"]],
    r"\mathbf{y}": [["y_1"], ["y_2"]],
    r"\mathbf{Y}": [[f"y_{{{i}{j}}}" for j in (1, 2, 3, 4)] for i in (1, 2)],
}
_DENOMINATORS = {
    "x": [["x"]],
    r"\mathbf{x}": [["x_1"], ["x_2"], ["x_3"]],
    r"\mathbf{X}": [[f"x_{{{i}{j}}}" for j in (1, 2)] for i in (1, 2, 3)],
}


def draw_shapes(layout="numerator"):
    """All nine kinds of derivative in one layout, as a 3 x 3 table of small grids with their entries.

    Rows: a scalar, a vector of 2 and a 2 x 4 matrix are differentiated; columns: by a scalar, a vector of 3
    and a 3 x 2 matrix. A derivative that does not fit into one matrix is drawn as a stack, one for every
    entry of the denominator. Raises ValueError for an unknown layout.
    """
    check_layout(layout)
    figure, grid = plt.subplots(3, 3, figsize=(7.4, 6.8))
    figure.get_layout_engine().set(h_pad=2)
    for row, (what, tops) in zip(grid, _NUMERATORS.items(), strict=True):
        for axes, (by, bottoms) in zip(row, _DENOMINATORS.items(), strict=True):
            axes.set_title(rf"$\partial {what} / \partial {by}$", fontsize=16)
            _draw_kind(axes, np.array(tops), np.array(bottoms), layout)


def _draw_kind(axes, tops, bottoms, layout):
    """One of the nine: the derivative of the entries `tops` by the entries `bottoms`."""
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(-2.2, 2.2)
    axes.set_ylim(-2.2, 1.6)
    if min(tops.size, bottoms.size) > 1 and max(tops.shape[1], bottoms.shape[1]) > 1:
        _draw_stack(axes, tops.shape, bottoms.size)
        return
    # Broadcasting is the numerator layout: the columns belong to the denominator, transposed.
    entries = np.vectorize(r"$\frac{{\partial {}}}{{\partial {}}}$".format)(tops, bottoms.T)
    if layout == "denominator" and bottoms.size > 1:
        entries = entries.T
    _draw_texts(axes, entries)
    _caption(axes, rf"${entries.shape[0]} \times {entries.shape[1]}$")


def _draw_texts(axes, entries):
    """A grid around the origin with a text in every cell."""
    rows, columns = entries.shape
    corner = (-columns / 2, rows / 2)
    _cells(axes, corner, entries.shape, 1, facecolor=LIGHT_BLUE, edgecolor=BLUE, linewidth=0.8)
    for (i, j), text in np.ndenumerate(entries):
        axes.text(j + (1 - columns) / 2, (rows - 1) / 2 - i, text, ha="center", va="center", fontsize=17)


def _draw_stack(axes, shape, count):
    """`count` empty grids of one shape, each a little behind the one before it."""
    rows, columns = shape
    for card in reversed(range(count)):
        origin = (-0.25 * columns + 0.22 * (card - count / 2), 0.25 * rows + 0.22 * (card - count / 2))
        _cells(axes, origin, shape, 0.5, facecolor=LIGHT_GREY, edgecolor=GREY, linewidth=0.8)
    _caption(axes, rf"{count} matrices ${rows} \times {columns}$")


def _caption(axes, text):
    """A line below a kind of derivative."""
    axes.text(0, -1.95, text, ha="center", va="center", color=GREY, fontsize=13)


def draw_delta(i, n):
    """The sum over k of delta_ik a_k, term by term: three strips of n cells, one column for every k.

    The column k = i, where the delta is 1, is coloured. Raises ValueError unless 1 <= i <= n.
    """
    if not 1 <= i <= n:
        raise ValueError(f"draw_delta: i is {i}; expected an index from 1 to {n}")
    terms = range(1, n + 1)
    strips = [
        (r"$a_k$", [f"$a_{k}$" for k in terms]),
        (rf"$\delta_{{{i}k}}$", ["1" if k == i else "0" for k in terms]),
        (rf"$\delta_{{{i}k}}\,a_k$", [f"$a_{k}$" if k == i else "0" for k in terms]),
    ]
    _, axes = plt.subplots(figsize=(0.6 * n + 1.2, 2.2))
    for row, (name, texts) in enumerate(strips):
        axes.text(-0.25, -1.3 * row - 0.5, name, ha="right", va="center", fontsize=13)
        for column, text in enumerate(texts):
            color = LIGHT_BLUE if column == i - 1 else "none"
            _cells(axes, (column, -1.3 * row), (1, 1), 1, facecolor=color, edgecolor=GREY, linewidth=0.8)
            axes.text(column + 0.5, -1.3 * row - 0.5, text, ha="center", va="center", fontsize=12)
    axes.set_xlim(-1.6, n + 0.1)
    axes.set_ylim(-3.7, 0.1)
    axes.set_aspect("equal")
    axes.set_axis_off()


def draw_matrices(matrices, labels=None, cell=0.42):
    """Draw matrices side by side as grids of coloured entries, positive blue, negative orange.

    `matrices` are two-dimensional arrays (or SymPy matrices of numbers); the darker an entry, the larger
    its size relative to the largest of all. `labels` are captions, TeX allowed; `cell` is the side of an
    entry in inches, to be made smaller for large matrices.
    """
    arrays = [np.array(matrix, dtype=float) for matrix in matrices]
    if any(array.ndim != 2 for array in arrays):
        raise ValueError(f"draw_matrices: shapes {[a.shape for a in arrays]}; expected two dimensions each")
    largest = max(np.abs(array).max() for array in arrays) or 1.0
    widths, tallest = [array.shape[1] for array in arrays], max(array.shape[0] for array in arrays)
    size = (cell * sum(widths) + 0.9 * len(arrays), cell * tallest + 0.7)
    _, axes = plt.subplots(1, len(arrays), figsize=size, width_ratios=widths, squeeze=False)
    for grid, array, label in zip(axes[0], arrays, labels or [""] * len(arrays), strict=True):
        _draw_entries(grid, array / largest)
        grid.set_title(label, fontsize=12)


def _draw_entries(axes, array):
    rows, columns = array.shape
    for (i, j), value in np.ndenumerate(array):
        # Rounded: an entry that is zero but for rounding has no colour, whichever sign it came out with.
        color = (BLUE if value > 0 else ORANGE, round(abs(value), 2)) if abs(value) >= 0.005 else "none"
        axes.add_patch(Rectangle((j, -i - 1), 1, 1, facecolor=color, edgecolor=GREY, linewidth=0.6))
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
    _, axes = plt.subplots(p, q, figsize=(0.36 * q * (n + 1.2), 0.36 * p * (m + 1.4)), squeeze=False)
    for k in range(p):
        for column in range(q):
            slopes = x.applyfunc(lambda entry, value=y[k, column]: int(sp.diff(value, entry) != 0))
            _draw_entries(axes[k, column], np.array(slopes, dtype=float) * 0.75)
            if labels:
                axes[k, column].set_title(f"$({k + 1}, {column + 1})$", fontsize=10)


def heights_of(function: Callable[[np.ndarray], float], first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The values of a function of two variables on a grid, as `contour` wants them.

    Rounded: a contour through a point of the grid would pass on either side of it, with the last digit.
    """
    return np.round([[function(np.array([a, b])) for a in first] for b in second], 9)


def draw_gradient(function, gradient, extent=2.0, points=15, labels=("$x_1$", "$x_2$")):
    """Contours of a function of two variables under the arrows of its gradient.

    `function` and `gradient` take an array of two numbers; the gradient returns two. The square drawn is
    [-extent, extent] in both variables.
    """
    fine, coarse = np.linspace(-extent, extent, 81), np.linspace(-extent, extent, points)
    heights = heights_of(function, fine, fine)
    arrows = np.array([[gradient(np.array([a, b])) for a in coarse] for b in coarse])
    _, axes = plt.subplots(figsize=(4.8, 4.4))
    axes.contour(fine, fine, heights, levels=12, colors=GREY, linewidths=0.8)
    axes.quiver(coarse, coarse, arrows[..., 0], arrows[..., 1], color=BLUE, angles="xy")
    axes.set_aspect("equal")
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1], rotation=0)


def draw_descent(function, paths, labels=("$x_1$", "$x_2$")):
    """Contours of a function of two variables under the paths of a descent.

    `function` takes an array of two numbers; `paths` maps the label of each path to its points, one in each
    row. Drawn is the rectangle around all points, with a margin, in equal scales, so that a gradient is seen
    to cross the contours at right angles.
    """
    points = np.concatenate([np.asarray(path, dtype=float) for path in paths.values()])
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.2 * (high - low)
    first, second = np.linspace(low - margin, high + margin, 81).T
    heights = heights_of(function, first, second)
    # Equal steps of the square root: a bowl keeps visible contours down to its bottom.
    levels = np.linspace(0, np.sqrt(np.ptp(heights)), 14)[1:] ** 2 + heights.min()
    _, axes = plt.subplots(figsize=(4.8, 5.6))
    axes.contour(first, second, heights, levels=levels, colors=GREY, linewidths=0.7)
    for number, (label, path) in enumerate(paths.items()):
        color = (ORANGE, BLUE, GREEN)[number % 3]
        axes.plot(*np.transpose(path), "o-", color=color, label=label, markersize=3, linewidth=1.2)
    axes.set_aspect("equal")
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1))


def draw_fit(points, weights, lines):
    """Points of the plane, the area of each dot after its weight, and straight lines through them.

    `points` has one point in each row, `weights` one number for each point, and `lines` maps the label of
    each line to its intercept and slope.
    """
    horizontal, vertical = np.transpose(points)
    sizes = 20 + 60 * np.asarray(weights, dtype=float) / np.max(weights)
    _, axes = plt.subplots(figsize=(6, 3.6))
    axes.scatter(horizontal, vertical, s=sizes, color=GREY)
    ends = np.array([horizontal.min(), horizontal.max()])
    for number, (label, (intercept, slope)) in enumerate(lines.items()):
        style = ("--", "-", ":")[number % 3]
        color = (ORANGE, BLUE, GREEN)[number % 3]
        axes.plot(ends, intercept + slope * ends, style, color=color, label=label)
    axes.legend(frameon=False)


def draw_step_errors(function, x, exact):
    """Relative error of central differences and of the complex step against the step size h.

    `function` takes and returns a scalar, `exact` is its derivative at `x`. Central differences draw a V:
    truncation on the right, rounding on the left. Errors below the machine epsilon are drawn at it.
    """
    # Powers of two are exact, so that the picture is the same on every machine.
    steps = np.ldexp(1.0, np.arange(-53, 1))
    floor = np.finfo(float).eps
    _, axes = plt.subplots(figsize=(6, 3.6))
    for method, color, name in (
        (central_difference, ORANGE, "central differences"),
        (complex_step, BLUE, "complex step"),
    ):
        errors = [abs(method(function, x, step=h) - exact) / abs(exact) for h in steps]
        axes.loglog(steps, np.maximum(errors, floor), color=color, label=name)
    axes.set_xlabel("step $h$")
    axes.set_ylabel("relative error")
    axes.legend(frameon=False)


def draw_flow(field, path, starts, until=1.0, extent=2.0, points=13):
    """Arrows of a plane vector field, and curves from each start (a dot) that should follow them.

    `field(u)` is the velocity at the point u; `path(x, start)` is the point at time x of the curve that
    begins at `start`, drawn for x from 0 to `until`. Points are arrays of two numbers; the square drawn is
    [-extent, extent] in both variables.
    """
    grid, times = np.linspace(-extent, extent, points), np.linspace(0, until, 121)
    arrows = np.array([[field(np.array([a, b])) for a in grid] for b in grid])
    _, axes = plt.subplots(figsize=(4.8, 4.4))
    axes.quiver(grid, grid, arrows[..., 0], arrows[..., 1], color=GREY, angles="xy")
    for number, start in enumerate(starts):
        curve, color = np.array([path(x, start) for x in times]), (BLUE, ORANGE, GREEN)[number % 3]
        axes.plot(*curve.T, color=color, linewidth=2)
        axes.plot(*curve[0], "o", color=color)
    axes.set_aspect("equal")
    axes.set_xlabel("$u_1$")
    axes.set_ylabel("$u_2$", rotation=0)


def draw_convergence(errors):
    """Errors of partial sums against the number of terms, on a logarithmic scale.

    `errors` maps the label of each curve to its positive errors with 0, 1, 2, ... terms.
    """
    _, axes = plt.subplots(figsize=(6, 3.6))
    for number, (label, values) in enumerate(errors.items()):
        axes.semilogy(values, color=(BLUE, GREEN, ORANGE)[number % 3], label=label)
    axes.set_xlabel("number of terms")
    axes.set_ylabel("error")
    axes.legend(frameon=False)

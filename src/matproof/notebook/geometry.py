"""Pictures of the plane: what a matrix does to a square, and to its area."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from matproof.notebook.numeric import complex_step
from matproof.notebook.plots import BLUE, GREEN, GREY, LIGHT_BLUE, ORANGE

UNIT_SQUARE = np.array([[0, 1, 1, 0], [0, 0, 1, 1]], dtype=float)  # its corners, one in each column


def _outline(axes: Axes, corners: ArrayLike, **style: Any) -> None:
    """A closed polygon; `corners` has one point in each column."""
    axes.fill(*np.asarray(corners, dtype=float), **style)


def _plane(axes: Axes) -> None:
    """Equal scales and the two axes in grey."""
    axes.set_aspect("equal")
    axes.axhline(0, color=GREY, linewidth=0.6)
    axes.axvline(0, color=GREY, linewidth=0.6)


def draw_added_area(v: ArrayLike, w: ArrayLike, step: float) -> None:
    """The parallelogram of two vectors, and the strip that it gains when v_1 grows by `step`.

    Each vector is two numbers. The strip is the parallelogram of the change of v and of w.
    """
    v, w, change = np.array(v, dtype=float), np.array(w, dtype=float), np.array([step, 0.0])
    _, axes = plt.subplots(figsize=(5.2, 3.2))
    _plane(axes)
    _outline(axes, np.column_stack([0 * v, v, v + w, w]), facecolor=LIGHT_BLUE, edgecolor=BLUE)
    strip = np.column_stack([v, v + change, v + change + w, v + w])
    _outline(axes, strip, facecolor=ORANGE, edgecolor=ORANGE, alpha=0.6)
    for vector, name, color in ((v, r"$\mathbf{v}$", BLUE), (w, r"$\mathbf{w}$", GREEN)):
        axes.annotate(
            "", tuple(vector), (0, 0), arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 2}
        )
        axes.annotate(
            name, tuple(vector / 2), (-4, 6), textcoords="offset points", ha="right", color=color, fontsize=14
        )


def draw_images(
    families: Mapping[str, Sequence[np.ndarray]], corner: Sequence[float] = (0, 0), side: float = 1.0
) -> None:
    """A square and its images under 2 x 2 matrices, the later the darker, a panel for each family.

    `families` maps the title of a panel to its matrices, in order; the square has its lower left corner at
    `corner`.
    """
    square = np.reshape(corner, (2, 1)) + side * UNIT_SQUARE
    size = (4 * len(families), 3.8)
    _, panels = plt.subplots(1, len(families), figsize=size, squeeze=False, sharex=True, sharey=True)
    for axes, (title, matrices) in zip(panels[0], families.items(), strict=True):
        _plane(axes)
        axes.set_title(title)
        for number, matrix in enumerate(matrices, 1):
            shade = 0.1 + 0.6 * number / len(matrices)
            _outline(axes, matrix @ square, facecolor=BLUE, alpha=shade)
            _outline(axes, matrix @ square, facecolor="none", edgecolor=BLUE)


def draw_curved_grid(
    function: Callable[[np.ndarray], np.ndarray],
    ranges: Sequence[tuple[float, float]],
    cells: tuple[int, int],
    cell: tuple[int, int],
) -> None:
    """A grid in the plane, its image, and the parallelogram that the Jacobian makes of one cell.

    `function` takes two coordinates (arrays along the last axes) to two; `ranges` are the ends of the grid
    in both directions, `cells` its numbers of cells, and `cell` the marked one, counted from 0.
    """
    lines = [np.linspace(low, high, count + 1) for (low, high), count in zip(ranges, cells, strict=True)]
    low, high = (np.array([line[at + end] for line, at in zip(lines, cell, strict=True)]) for end in (0, 1))
    side = np.linspace(0, 1, 20)
    edge = np.hstack([[side, 0 * side], [1 + 0 * side, side], [1 - side, 1 + 0 * side], [0 * side, 1 - side]])
    outline = low[:, None] + (high - low)[:, None] * edge
    _, (before, after) = plt.subplots(1, 2, figsize=(8, 3.8))
    for axes, image in ((before, lambda points: points), (after, function)):
        _plane(axes)
        for fixed in (0, 1):
            along = np.linspace(*ranges[1 - fixed], 60)
            for value in lines[fixed]:
                points = np.array([np.full_like(along, value), along])
                axes.plot(*image(points if fixed == 0 else points[::-1]), color=BLUE, linewidth=0.7)
        _outline(axes, image(outline), facecolor=ORANGE, edgecolor=ORANGE, alpha=0.6)
    jacobian = complex_step(function, low)
    corners = np.reshape(function(low), (2, 1)) + jacobian @ ((high - low)[:, None] * UNIT_SQUARE)
    _outline(after, corners, facecolor="none", edgecolor=GREEN, linewidth=2)

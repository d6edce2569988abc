"""Pictures in space: heights over a plane, and a parallelogram with its shadows."""

from collections.abc import Callable, Sequence

import matplotlib.pyplot as plt
import numpy as np
from mpl_toolkits.mplot3d.art3d import Poly3DCollection  # type: ignore[import-untyped]
from numpy.typing import ArrayLike

from matproof.notebook.plots import BLUE, GREY, ORANGE, heights_of

LEVELS = 14


def draw_heights(
    function: Callable[[np.ndarray], float],
    first: tuple[float, float],
    second: tuple[float, float],
    summit: ArrayLike | None = None,
    labels: Sequence[str] = ("$x_1$", "$x_2$"),
) -> None:
    """Contours of a function of two variables over a rectangle, closer to each other near the summit.

    `function` takes an array of two numbers; `first` and `second` are the ends of the two variables;
    `summit`, if given, is marked with a dot.
    """
    horizontal, vertical = np.linspace(*first, 81), np.linspace(*second, 81)
    heights = heights_of(function, horizontal, vertical)
    top = heights.max()
    # Equal steps of the square root below the top, so that the neighbourhood of the summit is not left empty.
    levels = top - np.linspace(np.sqrt(np.ptp(heights)), 0, LEVELS + 1)[:-1] ** 2
    _, axes = plt.subplots(figsize=(5.4, 3.8))
    axes.contour(
        horizontal, vertical, heights, levels=levels, colors=BLUE, linewidths=0.9, linestyles="solid"
    )
    if summit is not None:
        axes.plot(*np.asarray(summit, dtype=float), "o", color=ORANGE)
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1], rotation=0, labelpad=12)


def shadows_of(corners: np.ndarray) -> list[np.ndarray]:
    """A polygon in space (a corner in each row), laid flat along each of the three axes in turn."""
    return [corners * (np.arange(3) != axis) for axis in range(3)]


def draw_shadows(v: ArrayLike, w: ArrayLike) -> None:
    """The parallelogram of two vectors in space, and its shadows on the floor and on two walls."""
    v, w = np.array(v, dtype=float), np.array(w, dtype=float)
    pane = np.array([0 * v, v, v + w, w])
    low, high = np.minimum(pane.min(axis=0), 0), pane.max(axis=0)
    axes = plt.figure(figsize=(5.4, 4.2)).add_subplot(projection="3d")
    behind = np.array([low[0], high[1], low[2]])  # the walls and the floor, as one looks at them
    for axis, shadow in enumerate(shadows_of(pane)):
        flat = shadow + behind * (np.arange(3) == axis)
        axes.add_collection3d(Poly3DCollection([flat], facecolor=GREY, edgecolor=GREY, alpha=0.4))
    axes.add_collection3d(Poly3DCollection([pane], facecolor=BLUE, edgecolor=BLUE, alpha=0.6))
    for vector, name in ((v, r"$\mathbf{v}$"), (w, r"$\mathbf{w}$")):
        axes.quiver(0, 0, 0, *vector, color=ORANGE, arrow_length_ratio=0.1)
        axes.text(*(1.08 * vector), name, fontsize=14)
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), zlim=(low[2], high[2]))
    axes.set_box_aspect(high - low)
    axes.view_init(elev=25, azim=-50)
    axes.set(xticks=[], yticks=[], zticks=[])

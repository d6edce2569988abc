"""Pictures of a function of two variables."""

from collections.abc import Callable, Sequence

import matplotlib.pyplot as plt
import numpy as np
from numpy.typing import ArrayLike

from matproof.notebook.plots import BLUE, ORANGE, heights_of

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

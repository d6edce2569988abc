"""The pictures of the plane: what is drawn where."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from matproof.notebook import draw_added_area, draw_curved_grid, draw_images


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def corners(axes):
    """The corners of all polygons, without the one that closes each."""
    return [patch.get_xy()[:-1].tolist() for patch in axes.patches if hasattr(patch, "get_xy")]


def test_the_added_strip_is_spanned_by_the_change_and_w():
    draw_added_area((3, 1), (1, 2), 0.5)
    parallelogram, strip = corners(plt.gca())[:2]
    assert parallelogram == [[0, 0], [3, 1], [4, 3], [1, 2]]
    assert strip == [[3, 1], [3.5, 1], [4.5, 3], [4, 3]]


def test_a_panel_for_each_family_and_two_polygons_for_each_matrix():
    draw_images({"one": [np.eye(2)], "two": [np.eye(2), 2 * np.eye(2)]}, corner=(1, 0), side=0.5)
    one, two = plt.gcf().axes
    assert [axes.get_title() for axes in (one, two)] == ["one", "two"]
    assert corners(one)[0] == [[1, 0], [1.5, 0], [1.5, 0.5], [1, 0.5]]
    assert corners(two)[2] == [[2, 0], [3, 0], [3, 1], [2, 1]]
    assert len(corners(two)) == 4


def test_the_parallelogram_of_a_cell_is_spanned_by_the_columns_of_the_jacobian():
    draw_curved_grid(
        lambda x: np.array([x[0] ** 2, x[0] + x[1]]), ((0, 2), (0, 4)), cells=(2, 4), cell=(1, 2)
    )
    before, after = plt.gcf().axes
    assert len(before.lines) == len(after.lines) == 2 + 3 + 5  # the two axes, and the lines of the grid
    assert corners(before)[0][0] == [1, 2]
    assert np.allclose(corners(after)[1], [[1, 3], [3, 4], [3, 5], [1, 4]])

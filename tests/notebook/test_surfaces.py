"""Contours over a rectangle."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from matproof.notebook import draw_heights, draw_shadows
from matproof.notebook.surfaces import shadows_of


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_the_summit_is_marked_and_every_level_is_below_it():
    draw_heights(lambda p: -(p[0] ** 2) - p[1] ** 2, (-1, 1), (-1, 1), summit=(0, 0), labels=("a", "b"))
    axes = plt.gca()
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("a", "b")
    assert axes.lines[0].get_xydata().tolist() == [[0, 0]]
    levels = axes.collections[0].levels
    assert len(levels) == 14
    assert max(levels) < 0


def test_without_a_summit_no_dot():
    draw_heights(np.sum, (0, 1), (0, 1))
    assert not plt.gca().lines


def test_a_shadow_loses_one_coordinate():
    corner = np.array([[3, 1, 2]])
    assert [shadow.tolist() for shadow in shadows_of(corner)] == [[[0, 1, 2]], [[3, 0, 2]], [[3, 1, 0]]]


def test_the_pane_the_shadows_and_the_two_vectors_are_drawn():
    draw_shadows((3, 1, 0.5), (0.5, 2, 2))
    axes = plt.gca()
    assert len(axes.collections) == 4 + 2
    assert [text.get_text() for text in axes.texts] == [r"$\mathbf{v}$", r"$\mathbf{w}$"]

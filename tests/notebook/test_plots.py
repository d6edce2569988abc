"""The pictures: what is drawn, and that the same picture is the same bytes."""

import io
import itertools

import figures
import matplotlib.pyplot as plt
import numpy as np
import pytest

from matproof.notebook import (
    draw_convergence,
    draw_delta,
    draw_descent,
    draw_fit,
    draw_flow,
    draw_gradient,
    draw_matrices,
    draw_pattern,
    draw_shapes,
    draw_step_errors,
    generic,
)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def drawn(draw, *arguments, **options):
    draw(*arguments, **options)
    return plt.gcf()


def svg(figure):
    stream = io.BytesIO()
    figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue()


def filled(axes):
    """The cells of a grid that are visibly filled."""
    return sum(patch.get_facecolor()[3] > 0 for patch in axes.patches)


def texts(axes):
    return [text.get_text() for text in axes.texts]


@pytest.mark.parametrize(
    ("layout", "first_row", "shape"),
    [("numerator", ("11", "21", "31"), "$2 \\times 3$"), ("denominator", ("11", "12"), "$3 \\times 2$")],
)
def test_nine_kinds_in_both_layouts(layout, first_row, shape):
    grid = np.array(drawn(draw_shapes, layout).axes).reshape(3, 3)
    entries = [rf"$\frac{{\partial y}}{{\partial x_{{{ij}}}}}$" for ij in first_row]
    assert texts(grid[0, 2])[: len(entries)] == entries
    assert texts(grid[0, 2])[-1] == shape
    assert texts(grid[2, 0])[-1] == "$2 \\times 4$"
    assert texts(grid[2, 1]) == ["3 matrices $2 \\times 4$"]
    assert len(grid[2, 1].patches) == 3 * 8


def test_an_unknown_layout_is_refused():
    with pytest.raises(ValueError, match="expected 'numerator' or 'denominator'"):
        drawn(draw_shapes, "mixed")


def test_delta_leaves_one_term():
    axes = drawn(draw_delta, 2, 3).axes[0]
    assert texts(axes)[-4:] == [r"$\delta_{2k}\,a_k$", "0", "$a_2$", "0"]


def test_delta_index_lies_within():
    with pytest.raises(ValueError, match="expected an index from 1 to 3"):
        drawn(draw_delta, 4, 3)


def test_matrices_show_their_entries_and_captions():
    figure = drawn(draw_matrices, [np.array([[1, 0], [0, -2]]), np.eye(3)], ["A", "B"])
    assert [axes.get_title() for axes in figure.axes] == ["A", "B"]
    assert [filled(axes) for axes in figure.axes] == [2, 3]


def test_matrices_need_two_dimensions():
    with pytest.raises(ValueError, match="expected two dimensions each"):
        drawn(draw_matrices, [np.ones(3)])


def test_smaller_cells_make_a_smaller_figure():
    wide, small = (drawn(draw_matrices, [np.ones((4, 20))], cell=cell) for cell in (0.4, 0.2))
    assert wide.get_size_inches() - small.get_size_inches() == pytest.approx([0.2 * 20, 0.2 * 4])


def test_pattern_of_a_product():
    X, A = generic("x", 2, 3), generic("a", 3, 2)
    figure = drawn(draw_pattern, X * A, X)
    # (XA)_kl depends on the three entries of row k of X, and on nothing else.
    assert [filled(axes) for axes in figure.axes] == [3, 3, 3, 3]
    assert figure.axes[0].get_title() == "$(1, 1)$"


def test_gradient_arrows_point_along_the_gradient():
    figure = drawn(draw_gradient, lambda x: x @ x, lambda x: 2 * x, points=3)
    arrows = figure.axes[0].collections[-1]
    np.testing.assert_allclose(arrows.U, [-4, 0, 4] * 3)


def test_descent_draws_every_path_inside_the_contours():
    paths = {"long steps": [[2, 0], [0, 1]], "short steps": [[2, 0], [1, 0], [0, 0]]}
    axes = drawn(draw_descent, lambda x: x @ x, paths).axes[0]
    assert [line.get_label() for line in axes.lines] == ["long steps", "short steps"]
    np.testing.assert_array_equal(axes.lines[1].get_xydata(), paths["short steps"])
    assert axes.get_xlim() == pytest.approx((-0.4, 2.4))
    assert axes.get_ylim() == pytest.approx((-0.2, 1.2))


def test_fit_draws_heavy_points_larger_and_lines_from_end_to_end():
    axes = drawn(draw_fit, [[0, 1], [2, 3], [4, 5]], [1, 0.5, 1], {"line": (1, 2)}).axes[0]
    dots = axes.collections[0]
    np.testing.assert_array_equal(dots.get_offsets(), [[0, 1], [2, 3], [4, 5]])
    assert dots.get_sizes()[0] == dots.get_sizes()[2] > dots.get_sizes()[1]
    np.testing.assert_array_equal(axes.lines[0].get_xydata(), [[0, 1], [4, 9]])


def test_flow_draws_one_arrow_per_point_and_one_curve_with_a_dot_per_start():
    def turn(x, start):
        return np.array([[np.cos(x), -np.sin(x)], [np.sin(x), np.cos(x)]]) @ start

    figure = drawn(draw_flow, lambda u: np.array([-u[1], u[0]]), turn, np.eye(2), until=np.pi / 2, points=4)
    axes = figure.axes[0]
    assert axes.collections[0].N == 16
    curve, dot = axes.lines[:2]
    assert len(axes.lines) == 4
    np.testing.assert_allclose(dot.get_xydata(), [[1, 0]])
    np.testing.assert_allclose(curve.get_xydata()[-1], [0, 1], atol=1e-12)


def test_convergence_draws_each_curve_on_a_logarithmic_scale():
    axes = drawn(draw_convergence, {"slow": [1, 0.5, 0.25], "fast": [1, 0.1, 0.01]}).axes[0]
    assert axes.get_yscale() == "log"
    assert [line.get_label() for line in axes.lines] == ["slow", "fast"]
    np.testing.assert_allclose(axes.lines[1].get_ydata(), [1, 0.1, 0.01])


def test_step_errors_draw_a_v_and_a_flat_line():
    lines = drawn(draw_step_errors, np.exp, 1.0, np.e).axes[0].lines
    differences, complex_errors = (line.get_ydata() for line in lines)
    best = differences.argmin()
    assert 0 < best < len(differences) - 1
    assert differences[0] > 1e3 * differences[best] < differences[-1]
    assert complex_errors[0] < 1e-15


def test_the_same_picture_is_the_same_bytes():
    assert svg(drawn(draw_matrices, [np.eye(2)])) == svg(drawn(draw_matrices, [np.eye(2)]))


def test_the_last_digits_of_another_machine_change_no_contour():
    """Not even where a contour passes through points of the grid, as here."""
    signs = itertools.cycle([1, -1, 0, 1, 1, -1])
    exact, shaken = (
        svg(drawn(draw_gradient, function, lambda x: 2 * x, points=5)).decode()
        for function in (lambda x: x @ x, lambda x: x @ x * (1 + next(signs) * 2e-16))
    )
    assert figures.difference(exact, shaken) is None

"""Known derivatives of NumPy functions, in both layouts, for the types a reader may pass."""

import numpy as np
import pytest

from matproof.notebook import central_difference, check_close, complex_step

METHODS = pytest.mark.parametrize(("method", "rtol"), [(complex_step, 1e-13), (central_difference, 1e-8)])
A = np.array([[1.0, -2.0], [0.5, 3.0], [4.0, 1.5]])


@METHODS
def test_scalar_by_scalar(method, rtol):
    np.testing.assert_allclose(method(lambda x: x**3, 2.0), 12.0, rtol=rtol)


@METHODS
def test_matrix_by_scalar_keeps_its_shape_in_both_layouts(method, rtol):
    for layout in ("numerator", "denominator"):
        slope = method(lambda x: np.sin(x * A), 0.3, layout)
        np.testing.assert_allclose(slope, A * np.cos(0.3 * A), rtol=rtol)


@METHODS
def test_scalar_by_matrix(method, rtol):
    X = np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(method(lambda X: np.trace(A @ X), X), A, rtol=rtol)
    np.testing.assert_allclose(method(lambda X: np.trace(A @ X), X, "denominator"), A.T, rtol=rtol)


@METHODS
def test_vector_by_vector(method, rtol):
    v = np.array([0.3, -0.7])
    np.testing.assert_allclose(method(lambda v: A @ v, v), A, rtol=rtol)
    np.testing.assert_allclose(method(lambda v: A @ v, v, "denominator"), A.T, rtol=rtol)


@METHODS
def test_scalar_by_vector_has_no_orientation(method, rtol):
    v = np.array([0.3, -0.7])
    for layout in ("numerator", "denominator"):
        np.testing.assert_allclose(method(lambda v: v @ v, v, layout), 2 * v, rtol=rtol)


@METHODS
def test_integers_are_read_as_real_numbers(method, rtol):
    np.testing.assert_allclose(method(lambda x: x @ x, np.array([1, 2, 3])), [2, 4, 6], rtol=rtol)


def test_central_differences_take_complex_points():
    point = np.array([1 + 2j, -1j])
    np.testing.assert_allclose(central_difference(lambda z: z @ z, point), 2 * point, rtol=1e-8)


def test_complex_step_refuses_complex_points():
    with pytest.raises(ValueError, match="a vector of 2 of complex128; complex_step expects real entries"):
        complex_step(lambda z: z @ z, np.array([1j, 2]))


def test_complex_step_refuses_a_function_that_drops_the_imaginary_part():
    with pytest.raises(ValueError, match="function returned float64 for a complex x"):
        complex_step(np.abs, 2.0)


@METHODS
def test_what_is_not_a_matrix_is_refused_with_both_shapes(method, rtol):
    with pytest.raises(ValueError, match="derivative of a vector of 3 by 2 x 2 is not a matrix"):
        method(lambda X: A @ X[0], np.eye(2))
    with pytest.raises(ValueError, match="x is 2 x 2 x 2; expected a scalar, a vector or a matrix"):
        method(np.sum, np.ones((2, 2, 2)))


@METHODS
def test_an_unknown_layout_is_refused(method, rtol):
    with pytest.raises(ValueError, match="layout is 'both'"):
        method(np.sum, np.ones(2), "both")


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (A, "✓ 3 × 2, relative error below 1e-12"),
        (A[0], "✓ 2 entries, relative error below 1e-12"),
        (np.ones((2, 3, 4)), "✓ 2 × 3 × 4, relative error below 1e-12"),
        (1.5, "✓ relative error below 1e-12"),
        (np.zeros((2, 2)), "✓ 2 × 2, error below 1e-12"),
    ],
)
def test_a_check_says_the_size_and_the_bound(left, said, capsys):
    check_close(left, np.array(left), 1e-12)
    assert capsys.readouterr().out == said + "\n"


def test_the_bound_is_relative_to_the_largest_entry():
    check_close([1e6 + 1e-3, 1e-3], [1e6, 0], 1e-8)
    check_close([1e-9, 0], [0, 0], 1e-8)
    with pytest.raises(
        AssertionError, match=r"relative error not below 1e-08: entry \(2\) is 0.001, expected 0"
    ):
        check_close([1, 1e-3], [1, 0], 1e-8)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, 7.0])
def test_what_is_not_close_is_named(wrong, capsys):
    left = A.copy()
    left[1, 0] = wrong
    with pytest.raises(AssertionError, match=rf"not below 1e-12: entry \(2, 1\) is {wrong:g}, expected 0.5"):
        check_close(left, A, 1e-12)
    with pytest.raises(AssertionError, match="not below"):
        check_close(A, left, 1e-12)
    assert capsys.readouterr().out == ""


def test_closeness_needs_equal_shapes_and_an_answer():
    with pytest.raises(ValueError, match=r"check_close: the left side is 3 x 2 and the right side is 2 x 3"):
        check_close(A, A.T, 1e-12)
    with pytest.raises(AssertionError, match=r"not answered yet: .* of shape 3 x 2"):
        check_close(A, ..., 1e-12)

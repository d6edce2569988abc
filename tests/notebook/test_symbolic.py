"""Known derivatives, both layouts, and the errors that name what was wrong."""

import pytest
import sympy as sp

from matproof.notebook import (
    assert_equal,
    check_equal,
    derivative,
    differing_entries,
    functions,
    generic,
    hadamard,
    inverse,
    single_entry,
)

x = sp.Symbol("x")


def test_generic_entries_are_named_like_the_book():
    assert generic("c") == sp.Symbol("c")
    assert generic("a", 2) == sp.Matrix([sp.Symbol("a_{1}"), sp.Symbol("a_{2}")])
    assert generic("x", 2, 3)[1, 2] == sp.Symbol("x_{23}")
    assert generic("x", 1, 12)[0, 11] == sp.Symbol("x_{1,12}")


def test_functions_depend_on_what_they_are_told():
    assert functions("u", 1, 2, of=x)[0, 1] == sp.Function("u_{12}")(x)
    assert functions("u", of=(x, sp.Symbol("y"))) == sp.Function("u")(x, sp.Symbol("y"))
    matrix = generic("x", 2, 2)
    assert set(functions("u", of=matrix).args) == set(matrix)


@pytest.mark.parametrize("shape", [(0,), (2, -1), (2.0, 2), ("m",)])
def test_a_shape_that_is_no_shape_is_refused(shape):
    with pytest.raises(ValueError, match=r"shape of 'x' is .*; expected positive integers"):
        generic("x", *shape)


def test_more_than_two_dimensions_are_refused():
    with pytest.raises(ValueError, match=r"2 x 2 x 2; expected at most rows and columns"):
        generic("x", 2, 2, 2)


def test_single_entry_counts_from_one():
    assert single_entry(1, 3, 2, 3) == sp.Matrix([[0, 0, 1], [0, 0, 0]])
    with pytest.raises(ValueError, match=r"entry \(0, 1\) lies outside a 2 x 3 matrix"):
        single_entry(0, 1, 2, 3)


def test_hadamard_multiplies_entries():
    assert hadamard(sp.Matrix([[1, 2]]), sp.Matrix([[3, 4]])) == sp.Matrix([[3, 8]])
    with pytest.raises(ValueError, match=r"hadamard: the left side is 1 x 2 .* right side is 2 x 1"):
        hadamard(sp.Matrix([[1, 2]]), sp.Matrix([3, 4]))


def test_inverse_of_generic_entries():
    matrix = generic("x", 3, 3)
    assert_equal(matrix * inverse(matrix), sp.eye(3))


def test_inverse_needs_a_square_and_invertible_matrix():
    with pytest.raises(ValueError, match=r"inverse: the matrix is 2 x 3; expected a square one"):
        inverse(generic("x", 2, 3))
    with pytest.raises(ValueError, match="determinant is 0"):
        inverse(sp.Matrix([[1, 2], [2, 4]]))


def test_by_a_scalar_the_shape_stays():
    matrix = sp.Matrix([[x, x**2, 1]])
    for layout in ("numerator", "denominator"):
        assert derivative(matrix, x, layout) == sp.Matrix([[1, 2 * x, 0]])
    assert derivative(x**3, x) == 3 * x**2
    assert derivative(7, x) == 0


def test_scalar_by_matrix_is_transposed_in_numerator_layout():
    A, X = generic("a", 3, 2), generic("x", 2, 3)
    assert derivative((A * X).trace(), X) == A
    assert derivative((A * X).trace(), X, "denominator") == A.T


def test_scalar_by_vector_is_a_row_in_numerator_layout():
    a, v = generic("a", 3), generic("v", 3)
    assert derivative(a.T * v, v) == a.T
    assert derivative(a.T * v, v, "denominator") == a


def test_vector_by_vector():
    A, v = generic("a", 2, 3), generic("v", 3)
    assert derivative(A * v, v) == A
    assert derivative(A * v, v, "denominator") == A.T
    assert derivative((A * v).T, v) == A


def test_vector_by_matrix_is_refused_with_both_shapes():
    X = generic("x", 2, 3)
    with pytest.raises(ValueError, match=r"derivative of 2 x 1 by 2 x 3 is not a matrix"):
        derivative(X * generic("a", 3), X)


def test_an_unknown_layout_is_refused():
    with pytest.raises(ValueError, match="layout is 'mixed'; expected 'numerator' or 'denominator'"):
        derivative(x, x, "mixed")


def test_differences_are_numbered_from_one_and_shown_with_both_values():
    left, right = sp.Matrix([[1, x]]), sp.Matrix([[1, 2 * x]])
    found = differing_entries(left, right)
    assert found.entries == ((1, 2, x, 2 * x),)
    assert repr(found) == "entry (1, 2): x != 2*x"
    assert r"(1, 2) & x & 2 x" in found._repr_latex_()
    assert repr(differing_entries(left, left)) == "no entry differs"


def test_long_entries_are_cut_as_text_only():
    long = sum(sp.symbols("x:40"))
    found = differing_entries(sp.Matrix([long]), sp.Matrix([7]))
    line = repr(found)
    assert line.startswith("entry (1, 1): x0 + x1")
    assert line.endswith(" … != 7")
    assert len(line) < 110
    assert found.entries == ((1, 1, long, 7),)


def test_equality_sees_through_different_forms():
    assert_equal(sp.Matrix([(x + 1) ** 2]), sp.Matrix([x**2 + 2 * x + 1]))
    assert_equal(1 / (x * (x + 1)), 1 / x - 1 / (x + 1))
    assert_equal(sp.sin(x) ** 2 + sp.cos(x) ** 2, 1)


def test_inequality_says_where():
    with pytest.raises(AssertionError, match=r"entry \(2, 1\): x != 3"):
        assert_equal(sp.Matrix([1, x]), sp.Matrix([1, 3]))


def test_an_answer_not_given_yet_is_asked_for():
    with pytest.raises(AssertionError, match=r"not answered yet: .* an expression of shape 2 x 3"):
        assert_equal(generic("x", 2, 3), ...)


def test_equality_of_different_shapes_names_both():
    with pytest.raises(ValueError, match=r"left side is 2 x 3 and the right side is 3 x 2"):
        assert_equal(generic("x", 2, 3), generic("x", 3, 2))


def test_a_check_says_how_many_entries_it_compared(capsys):
    check_equal(generic("x", 2, 3), generic("x", 2, 3))
    check_equal((x + 1) ** 2, x**2 + 2 * x + 1)
    assert capsys.readouterr().out == "✓ 6 entries equal\n✓ equal\n"


def test_a_check_that_fails_says_where_and_nothing_else(capsys):
    with pytest.raises(AssertionError, match=r"entry \(2, 1\): x != 3"):
        check_equal(sp.Matrix([1, x]), sp.Matrix([1, 3]))
    with pytest.raises(ValueError, match=r"left side is 2 x 3 and the right side is 3 x 2"):
        check_equal(generic("x", 2, 3), generic("x", 3, 2))
    with pytest.raises(AssertionError, match="not answered yet"):
        check_equal(x, ...)
    assert capsys.readouterr().out == ""

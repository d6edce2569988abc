"""Shapes: what fits, what does not, and in which words."""

import pytest
from judging import judged, word

FITTING = [
    r"\R\S \in \mathbb{R}^{m \times p}",
    r"\a^\t \in \mathbb{R}^{1 \times n}",
    r"\a^\t \b \in \mathbb{R}",
    r"\c\a^\t \in \mathbb{R}^{m \times n}",
    r"\c\,(\a^\t\b) \in \mathbb{R}^{m}",
    r"\a^\t \b\c \in \mathbb{R}^{m}",
    r"\R \otimes \S \in \mathbb{R}^{m n \times n p}",
    r"\vec(\R) \in \mathbb{R}^{m n}",
    r"\diag(\c) \in \mathbb{R}^{m \times m}",
    r"\frac{\d a}{\d\X} \in \mathbb{R}^{n \times m}",
    r"\frac{\d\c}{\d\a} \in \mathbb{R}^{m \times n}",
    r"\frac{\d\c^\t}{\d\a} \in \mathbb{R}^{m \times n}",
    r"\frac{\d\c^\t}{\d t} \in \mathbb{R}^{1 \times m}",
    r"\frac{\d a}{\d\a} \in \mathbb{R}^{1 \times n}",
    r"\frac{\d^2 a}{\d\a\,\d\a^\t} \in \mathbb{R}^{n \times n}",
    r"\frac{\d\U}{\d t} \in \mathbb{R}^{m \times n}",
    r"\begin{pmatrix} \R & \c \end{pmatrix} \in \mathbb{R}^{m \times (n + 1)}",
]


@pytest.mark.parametrize("formula", FITTING)
def test_shapes_that_agree(formula):
    assert word(formula) == "holds"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\frac{\d a}{\d\X}", r"m \times n"),
        (r"\frac{\d a}{\d\a}", "n"),
        (r"\frac{\d\c}{\d\a}", r"n \times m"),
        (r"\frac{\d\U}{\d t}", r"m \times n"),
        (r"\frac{\d^2 a}{\d\a\,\d\a^\t}", r"n \times n"),
    ],
)
def test_shapes_in_denominator_layout(formula, expected):
    assert word(rf"{formula} \in \mathbb{{R}}^{{{expected}}}", layout="denominator") == "holds"


MISMATCHES = [
    (r"\R\R = \R", "cannot multiply m × n by m × n: n columns meet m rows", r"R}"),
    (r"\R + \S = \R", "cannot add m × n and n × p", "S"),
    (r"\a + a = \a", "cannot add n × 1 and a scalar", "a"),
    (
        r"\R \odot \S = \R",
        "the entrywise product of m × n and n × p does not exist",
        "S",
    ),
    (r"\tr(\R) = a", "a trace needs a square matrix, not m × n", "R"),
    (r"\det \R = a", "a determinant needs a square matrix, not m × n", "R"),
    (r"\R^{-1} = \S", "an inverse needs a square matrix, not m × n", "R"),
    (r"\R^{2} = \S", "a power needs a square matrix, not m × n", "R"),
    (r"\R = \R^\t", "the left-hand side is m × n, the right-hand side is n × m", "="),
    (
        r"\a^\t\b = \a",
        "the left-hand side is a scalar, the right-hand side is n × 1",
        "=",
    ),
    (
        r"\R^\t \in \mathbb{R}^{m \times n}",
        "the left-hand side is n × m, the right-hand side is m × n",
        r"\in",
    ),
    (
        r"\R \neq \R^\t",
        "the left-hand side is m × n, the right-hand side is n × m",
        r"\neq",
    ),
    (r"a \I = a", "an identity matrix stands where a scalar is needed", r"\mathbf{I}"),
    (r"\diag(\R) = \R", "diag needs a vector, not m × n", None),
    (r"\frac{1}{\a} = a", "a denominator must be a scalar, not n × 1", "a"),
    (
        r"\frac{\d\R}{\d\X} = \R",
        "the derivative of m × n by m × n is not a matrix",
        None,
    ),
    (r"r_{ij} = s_{ij}", "the index i runs to m elsewhere, to n here", "s_{ij}"),
    (r"\delta_{ij} r_{ij} = r_{ij}", "the index j runs to m elsewhere, to n here", "r_{ij}"),
    (r"(\R)_{i} = c_{i}", "one index for m × n", None),
    (r"\sum_{k=1}^{p} r_{ik} = c_i", "the index k has n values, but the sum runs to p", None),
    (r"\sum_{k=1}^{n+1} r_{ik} = c_i", "the index k has n values, but the sum runs to n + 1", None),
    (
        r"\begin{pmatrix} a & b \\ \R & b \end{pmatrix} = \A",
        "the cells of this row have different heights",
        None,
    ),
]


@pytest.mark.parametrize(("formula", "reason", "place"), MISMATCHES)
def test_shapes_that_do_not_fit_fail_with_both_shapes(formula, reason, place):
    found = judged(formula)
    assert (found.word, found.reason) == ("fails", reason)
    if place is not None:
        assert place in found.place


def test_the_general_mistake_of_a_missing_hypothesis_is_named():
    found = judged(r"\A^{-1}\A = \I")
    assert found.word == "fails"
    assert found.reason == r"nothing says that \mathbf{A} is invertible; the zero matrix of its shape is not"


@pytest.mark.parametrize(
    "matrix",
    [
        r"\Z",
        r"(\Z^\t)",
        r"(\Z\W)",
        r"(\Z^2)",
        r"(\Z \otimes \W)",
        r"(-\Z)",
        r"(\Z + \A)",
        r"(\I - t\A)",
        r"(\A + \Z)",
        r"(-\A t + \I)",
    ],
)
def test_invertibility_is_inherited_or_declared_of_expressions(matrix):
    given = r"Let $\A \in \mathbb{R}^{n \times n}$, $\Z, \W \in \mathrm{GL}_n(\mathbb{R})$,"
    given += r" $t \in \mathbb{R}$, $\Z + \A \in \mathrm{GL}_n(\mathbb{R})$ and"
    given += r" $\I - t\A \in \mathrm{GL}_n(\mathbb{R})$."
    assert word(rf"{matrix}^{{-1}}{matrix} = \I", given) == "holds"


def test_a_sum_of_invertible_matrices_need_not_be_invertible():
    given = r"Let $\Z, \W \in \mathrm{GL}_n(\mathbb{R})$."
    found = judged(r"(\Z + \W)^{-1}(\Z + \W) = \I", given)
    assert found.word == "fails"
    assert "nothing says that this matrix is invertible" in found.reason


@pytest.mark.parametrize("matrix", [r"(\Z - \A)", r"(\I - \A)", r"(\B\A)"])
def test_another_expression_than_the_one_declared_need_not_be_invertible(matrix):
    given = r"Let $\A, \B \in \mathbb{R}^{n \times n}$, $\Z \in \mathrm{GL}_n(\mathbb{R})$,"
    given += r" $t \in \mathbb{R}$, $\Z + \A \in \mathrm{GL}_n(\mathbb{R})$,"
    given += r" $\I - t\A \in \mathrm{GL}_n(\mathbb{R})$ and $\A\B \in \mathrm{GL}_n(\mathbb{R})$."
    found = judged(rf"{matrix}^{{-1}}{matrix} = \I", given)
    assert "nothing says that this matrix is invertible" in found.reason


def test_a_negative_power_needs_an_invertible_matrix_too():
    given = r"Let $\A \in \mathbb{R}^{n \times n}$ and $q \in \mathbb{N}_0$."
    formula = r"\frac{\d\tr(\A^q)}{\d\A} = q \A^{q-1}"
    found = judged(formula, given)
    assert found.word == "fails"
    assert "invertible" in found.reason
    assert word(formula, given.replace("_0", "")) == "holds"


def test_an_index_without_range_is_free_to_be_anything():
    assert word(r"\delta_{ij} = \delta_{ji}") == "holds"
    assert word(r"\sum_k \delta_{ik}\delta_{kj} = \delta_{ij}") == "holds"


def test_an_index_whose_range_matters_must_have_one():
    found = judged(r"\sum_i \delta_{ii} = \tr(\I_n)")
    assert (found.word, found.reason) == ("unreadable", "nothing says how far the index i runs")
    assert word(r"\sum_{i=1}^{n} \delta_{ii} = \tr(\I_n)") == "holds"


def test_single_entry_matrices_get_their_shape_from_their_indices():
    assert word(r"\frac{\d\X}{\d x_{ij}} = \J^{ij}") == "holds"
    assert word(r"\frac{\d\X^\t}{\d x_{ij}} = \J^{ji}") == "holds"
    assert word(r"\frac{\d\X^\t}{\d x_{ij}} = \J^{ij}") == "fails"


def test_a_derivative_by_a_transpose_is_refused_with_a_way_out():
    found = judged(r"\frac{\d (\b^\t\a)}{\d\a^\t} = \b^\t")
    reason = r"conventions disagree on derivatives by a transpose; transpose that by \mathbf{a} instead"
    assert (found.word, found.reason) == ("unreadable", reason)
    assert word(r"\left(\frac{\d (\b^\t\a)}{\d\a}\right)^\t = \b") == "holds"

"""Traps that a checker of matrix calculus falls into, each through `matproof.check`.

Statements that are true in small dimension only, for square matrices only, in the other layout only, or that
say nothing; and notations that a careless parser reads as something else.
"""

import pytest
from judging import written_out

from matproof import check

GIVEN = r"""Let $\mathbf{A}, \mathbf{B}, \mathbf{C} \in \mathbb{R}^{m \times m}$,
$\mathbf{R} \in \mathbb{R}^{m \times n}$, $\mathbf{X} \in \mathbb{R}^{m \times n}$,
$\mathbf{a}, \mathbf{b} \in \mathbb{R}^{m}$, $\mathbf{c} \in \mathbb{R}^{n}$, $\mathbf{S} \in \mathbb{S}^{m}$,
$x, t \in \mathbb{R}$, $\mathbf{U}(x) \in \mathbb{R}^{m \times n}$, $u(x) \in \mathbb{R}$, $p \in \mathbb{N}$.
"""


def verdicts(formula, layout=None):
    """Verdict and reason of every claim of a display, in the shorthands of `judging`."""
    report = check(f"{GIVEN}\n$$\n{written_out(formula)}\n$$\n", layout)
    (document,) = report.documents
    assert document.account.balanced
    return [(result.verdict.verdict, result.verdict.reason) for result in document.results]


TRAPS = {
    # true for numbers, or in small dimension only
    "a product commutes": (r"\A\B = \B\A", "fails"),
    "a trace of three commutes": (r"\tr(\A\B\C) = \tr(\B\A\C)", "fails"),
    "Cayley and Hamilton for 2 x 2": (r"\A^2 - \tr(\A) \A + \det(\A) \I = \mathbf{0}", "fails"),
    "Hall's identity, for 2 x 2": (r"(\A\B - \B\A)^2 \C = \C (\A\B - \B\A)^2", "fails"),
    "the determinant of a rectangular product": (r"\det(\R^\t\R) = \det(\R)^2", "fails"),
    "the determinant of a sum": (r"\det(\A + \B) = \det(\A) + \det(\B)", "fails"),
    "the norm of a sum": (r"\|\a + \b\| = \|\a\| + \|\b\|", "fails"),
    "the first power only": (r"\A^p = \A", "fails"),
    "an inverse that nobody promised": (r"\A\A^{-1} = \I", "fails"),
    "symmetric by luck": (r"\A^\t = \A", "fails"),
    "symmetric as declared": (r"\S^\t = \S", "holds"),
    # indices
    "a summed index in the wrong place": (r"\sum_{k} a_{ik} b_{kj} = \sum_{k} a_{ik} b_{jk}", "fails"),
    "an index summed twice": (r"\sum_{k} \sum_{k} a_{kk} = \tr(\A)", "fails"),
    "an index absent from its sum": (r"\sum_{k} a_{ij} = a_{ij}", "fails"),
    "an index on one side only": (r"a_{ij} = \tr(\A)", "fails"),
    "the diagonal of delta": (r"\delta_{ii} = 1", "holds"),
    "the diagonal of delta, summed": (r"\sum_{i=1}^{m} \delta_{ii} = \tr(\I_m)", "holds"),
    "the diagonal of delta, nobody knows how far": (r"\sum_{i} \delta_{ii} = \tr(\I_m)", "unreadable"),
    "a sum of nothing but deltas": (r"\sum_{k=1}^{n} \delta_{kj} \delta_{ki} = \delta_{ij}", "holds"),
    "a sum of deltas that stops short": (
        r"\sum_{k=1}^{n-1} \delta_{kj} \delta_{ki} = \delta_{ij}",
        "unreadable",
    ),
    "a sum of deltas that stops short of a matrix": (
        r"\sum_{k=1}^{m-1} \delta_{kj} \delta_{ki} = (\I_m)_{ij}",
        "fails",
    ),
    "a sum of deltas that rightly stops short": (
        r"\sum_{k=1}^{m-1} \delta_{kj} \delta_{ki} = (\I_m)_{ij} - \delta_{im} \delta_{mj}",
        "holds",
    ),
    "delta is one": (r"\delta_{ij} a_{ij} = a_{ij}", "fails"),
    "an index beyond its range": (r"\sum_{k=1}^{n} a_{kk} = \tr(\A)", "fails"),
    # the identity is a matrix
    "the identity as a number": (r"\tr(\A) \I = \tr(\A)", "fails"),
    "the identity added to a number": (r"3 - \I = 2 \I", "fails"),
    "the identity of some size": (r"3 \I - \I = 2 \I", "holds"),
    # derivatives
    "the other layout": (r"\frac{\d (\a^\t\X\c)}{\d\X} = \a\c^\t", "fails"),
    "entries in the wrong order": (r"\frac{\d x_{kl}}{\d x_{ij}} = \delta_{kj} \delta_{li}", "fails"),
    "nothing depends on anything": (r"\frac{\d\A}{\d x} = \frac{\d\B}{\d x}", "undecided"),
    "a constant, with its zero": (r"\frac{\d\A}{\d x} = \mathbf{0}", "holds"),
    "an argument that nobody declared": (r"\frac{\d\U}{\d t} = \frac{\d u}{\d t} \U", "undecided"),
    "one undeclared argument of two": (r"\frac{\d (u t)}{\d t} = u + t \frac{\d u}{\d x}", "fails"),
    "a square that is not a chain": (r"\frac{\d u^2}{\d x} = 2 u", "fails"),
}


@pytest.mark.parametrize(("formula", "verdict"), TRAPS.values(), ids=TRAPS)
def test_traps(formula, verdict):
    assert [found for found, _ in verdicts(formula)] == [verdict]


@pytest.mark.parametrize(
    ("formula", "layout"),
    [
        (r"\frac{\d (\a^\t\X\c)}{\d\X} = \a\c^\t", "denominator"),
        (r"\frac{\d (\a^\t\X\c)}{\d\X} = \c\a^\t", "numerator"),
        (r"\frac{\d (\A\b)}{\d\b} = \A", "numerator"),
        (r"\frac{\d (\A\b)}{\d\b} = \A^\t", "denominator"),
    ],
)
def test_a_formula_holds_in_its_own_layout_only(formula, layout):
    other = {"numerator": "denominator", "denominator": "numerator"}[layout]
    assert verdicts(formula, layout) == [("holds", "")]
    assert [found for found, _ in verdicts(formula, other)] == ["fails"]


# Notations that were once misread in a prototype, and the part of the reason that names the misreading.
MISREADINGS = {
    "the 3-norm as the 2-norm": (r"\|\a\|_3^2 = \a^\t\a", "unknown norm"),
    "partials without a fraction": (r"{\d\A}{\d\X} = {\d\B}{\d\X}", r"\partial outside of a fraction"),
    "bounds that run backwards": (r"\sum_{k=m}^{1} a_{kk} = \tr(\A)", ""),
    "the end of another environment": (
        r"\a = \begin{pmatrix} a_1 \\ a_2 \\ \vdots \\ a_m \end{bmatrix}",
        r"\end{pmatrix}",
    ),
    "a last entry of another matrix row": (
        r"\a^\t = \begin{pmatrix} a_1 & a_2 & \cdots & a_n \end{pmatrix}",
        "",
    ),
    "the sign of the first summands": (r"\tr(\A) = -a_{11} - a_{22} + \cdots + a_{mm}", ""),
    "an undeclared letter": (r"\K = \K", r"\mathbf{K} is not declared"),
}


@pytest.mark.parametrize(("formula", "reason"), MISREADINGS.values(), ids=MISREADINGS)
def test_what_is_not_understood_does_not_hold(formula, reason):
    ((verdict, why),) = verdicts(formula)
    assert verdict in ("fails", "unreadable")
    assert reason in why


def test_prose_declares_no_dependency():
    """What once made C depend on AB - BA is a product here, and not true."""
    text = GIVEN + written_out(r"It would be wrong that $\C = \C(\A\B - \B\A)$.")
    (document,) = check(text).documents
    assert [result.verdict.verdict for result in document.results] == ["fails"]


def test_a_shape_that_only_a_mutant_forces_is_refused():
    """R is m x n: no trial may make it square so that a wrong product fits."""
    ((verdict, reason),) = verdicts(r"\tr(\R\R) = \tr(\R^2)")
    assert verdict == "fails"
    assert "m × n" in reason

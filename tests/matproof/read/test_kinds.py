"""Lenient reading: what is inferred from typography and prose, and what is not."""

import pytest

from matproof.checking import check
from matproof.read.documents import read_document
from matproof.read.kinds import read_claims_leniently


def verdicts(text, layout="numerator"):
    (document,) = check(text, layout, lenient=True).documents
    assert document.account.balanced
    return [result.verdict.verdict for result in document.results]


def assumptions(text):
    return [claim.assumptions for claim, _ in read_claims_leniently(read_document(text, lenient=True)).claims]


def warnings(text):
    (document,) = check(text, lenient=True).documents
    return [lint.message for lint in document.lints]


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        (r"$$\operatorname{tr}(\mathbf{A}\mathbf{B}) = \operatorname{tr}(\mathbf{B}\mathbf{A})$$", "holds"),
        (r"$$\mathbf{A}\mathbf{B} = \mathbf{B}\mathbf{A}$$", "fails"),
        (r"$$(\mathbf{X}\mathbf{a})_i = \sum_k x_{ik} a_k$$", "holds"),
        (
            r"$$\frac{\partial \mathbf{a}^\top\mathbf{X}\mathbf{b}}{\partial \mathbf{X}}"
            r" = \mathbf{b}\mathbf{a}^\top$$",
            "holds",
        ),
        (
            r"$$\frac{\partial \mathbf{a}^\top\mathbf{X}\mathbf{b}}{\partial \mathbf{X}}"
            r" = \mathbf{a}\mathbf{b}^\top$$",
            "fails",
        ),
        (r"$$\mathbf{X}^{k+1} = \mathbf{X}^{k}\mathbf{X}$$", "holds"),
        # damage done by text recognition
        (
            r"$$rac{\partial \mathbf{a}^{ op}\mathbf{X}\mathbf{a}}{\partial \mathbf{X}}"
            r" = \left(\mathbf{a}\mathbf{a}^{ op}ight)$$",
            "holds",
        ),
        (r"$tr(\mathbf{AB}) = tr(\mathbf{BA})$", "holds"),
        # documents without bold letters
        (r"$$\frac{\partial}{\partial w}w^\mathrm{T}X w = w^T(X + X^T), \quad w_1 w_2 = w_2 w_1$$", "holds"),
        (r"$$E X = X$$", "holds"),
        # a term that nobody brackets
        (r"$$\frac{\partial x^2 + x}{\partial x} = 2x + 1$$", "holds"),
        (r"$$\frac{d}{dx} x^2 = 2x$$", "holds"),
        (r"$(x^2)' = 2x$", "holds"),
    ],
)
def test_verdicts(formula, verdict):
    assert verdicts(formula)[0] == verdict


def test_dependencies_in_formulas_and_words():
    claim = r"$$\frac{\partial a\mathbf{U}}{\partial x} = a\frac{\partial \mathbf{U}}{\partial x}$$"
    assert verdicts(claim) == ["undecided"]
    for said in (
        r"$(\mathbf{U} = \mathbf{U}(x))$",
        r"$\mathbf{U} = \mathbf{U}(x)$",
        "(U = U(x), A constant)",
    ):
        assert verdicts(f"{claim} {said}") == ["holds"]
    inside = claim[:-2] + r" \qquad (\mathbf{U} = \mathbf{U}(x))$$"
    assert verdicts(inside) == ["holds"]
    assert verdicts(f"(U = U(x))\n\n{claim}\n\n# Next heading\n\n{claim}")[-1] == "undecided"


def test_a_product_is_not_a_dependency():
    """C = C(AB - BA) says nothing about what C depends on: it is a claim."""
    text = (
        r"$$\mathbf{C} = \mathbf{C}$$ $\mathbf{C} = \mathbf{C}(\mathbf{A}\mathbf{B} - \mathbf{B}\mathbf{A})$"
    )
    assert verdicts(text) == ["holds", "fails"]


def test_symmetry_in_prose():
    claim = r"$$\mathbf{C}^{\top}\mathbf{a} = \mathbf{C}\mathbf{a}$$"
    assert verdicts(claim) == ["fails"]
    assert verdicts(rf"If $\mathbf{{C}} = \mathbf{{C}}^{{\top}}$, then {claim}") == ["holds"]


def test_settings_in_prose_are_not_claims_but_are_reported():
    text = r"Now $\mathbf{A} = \mathbf{I}$ in $$\mathbf{A}\mathbf{B} = \mathbf{A}\mathbf{B}$$"
    assert verdicts(text) == ["holds"]
    assert warnings(text) == ["taken as a setting, not as a claim"]


def test_entries_named_in_prose():
    text = r"Call the entries of: $\mathbf{X}^{-1}$, entries $y_{ij}$. $$\sum_k x_{ik} y_{kj} = \delta_{ij}$$"
    assert verdicts(text) == ["holds"]


def test_functions_defined_by_series():
    text = r"""$$\mathbf{g}(\mathbf{A}) = \sum_{n=0}^{\infty} c_n \mathbf{A}^n$$
    $$\mathbf{A}\mathbf{g}(\mathbf{A}) = \mathbf{g}(\mathbf{A})\mathbf{A}$$"""
    assert verdicts(text) == ["holds"]


def test_chains_across_displays():
    text = r"$$\operatorname{tr}(\mathbf{A}) = \sum_k a_{kk}$$ and $$= \operatorname{tr}(\mathbf{A}^{\top})$$"
    assert verdicts(text) == ["holds", "holds"]
    assert warnings(text) == ["a chain continued across displays"]


def test_every_inference_is_listed():
    text = r"$$\frac{\partial u\mathbf{X}^k}{\partial t} = \frac{\partial u}{\partial t}\mathbf{X}^k$$"
    text += "(u = u(t))"
    ((*listed,),) = assumptions(text)
    assert sorted(listed) == [
        r"\mathbf{X} is a matrix",
        "k is a positive integer",
        "t is a scalar",
        "u is a scalar that depends on t",
    ]


def test_strict_mode_infers_nothing():
    (document,) = check(r"$$\mathbf{A} = \mathbf{A}$$").documents
    assert [result.verdict.verdict for result in document.results] == ["unreadable"]


def test_the_declared_shape_of_a_single_entry_matrix_counts():
    given = r"Let $c \in \mathbb{R}$, $\mathbf{J}^{ij} \in \mathbb{R}^{m \times n}$."
    text = given + "\n\n" + r"$c \mathbf{J}^{ij} = c (2 \mathbf{J}^{ij} - (2 - \mathbf{J}^{ij}))$"
    (result,) = check(text, lenient=True).documents[0].results
    assert result.verdict.verdict == "fails"

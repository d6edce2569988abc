r"""Operations that a document defines itself: values, derivatives, conditions, layouts, and no capture."""

import oracle
import pytest

from matproof import check
from matproof.about.layouts import other_layout
from matproof.decide.judge import judge

LETTERS = r"""Let $\mathbf{A} \in \mathbb{R}^{n \times n}$,
$\mathbf{X}, \mathbf{Y} \in \mathbb{R}^{p \times p}$,
$\mathbf{R} \in \mathbb{R}^{p \times q}$, $\mathbf{a} \in \mathbb{R}^p$, $c, s, t, x \in \mathbb{R}$,
$\mathbf{U}(t) \in \mathbb{R}^{p \times p}$, $u(t) \in \mathbb{R}$."""
SYM = r"\operatorname{sym}(\mathbf{A}) := \frac{1}{2}(\mathbf{A} + \mathbf{A}^{\top})"
COMMUTATOR = r"\operatorname{comm}(\mathbf{X}, \mathbf{Y}) := \mathbf{X}\mathbf{Y} - \mathbf{Y}\mathbf{X}"


def results(definition, formula, letters=LETTERS):
    """The results of one display that stands behind a definition."""
    (document,) = check(f"{letters}\n\nDefine ${definition}$.\n\n$$\n{formula}\n$$\n").documents
    return document.results


def verdict(definition, formula, letters=LETTERS):
    """The verdict, which the oracle shares where it has an opinion."""
    (result,) = results(definition, formula, letters)
    opinion = oracle.opinion(result.claim)
    assert opinion.answer in ("unsupported", {"holds": "true", "fails": "false"}.get(result.verdict.verdict))
    return result.verdict.verdict


@pytest.mark.parametrize(
    ("definition", "formula"),
    [
        (SYM, r"\operatorname{sym}(\mathbf{X}) = \frac{1}{2} \mathbf{X} + \frac{1}{2} \mathbf{X}^{\top}"),
        (SYM, r"\operatorname{sym} \mathbf{X} = \operatorname{sym} \mathbf{X}^{\top}"),
        (SYM, r"\operatorname{sym}(\mathbf{R}\mathbf{R}^{\top}) = \mathbf{R}\mathbf{R}^{\top}"),
        (SYM, r"\operatorname{sym}(\operatorname{sym}(\mathbf{X})) = \operatorname{sym}(\mathbf{X})"),
        (SYM, r"(\operatorname{sym}(\mathbf{X}))_{ij} = \frac{1}{2} (x_{ij} + x_{ji})"),
        (SYM, r"\operatorname{sym}(\mathbf{I}) = \mathbf{I}_p"),
        (SYM, r"\operatorname{sym}(c) = c"),
        (
            SYM,
            r"\frac{\partial \operatorname{tr}(\operatorname{sym}(\mathbf{X}) \mathbf{Y})}"
            r"{\partial \mathbf{X}} = \operatorname{sym}(\mathbf{Y})",
        ),
        (SYM, r"\frac{\partial \operatorname{sym}(\mathbf{U})}{\partial t}"
         r" = \operatorname{sym}(\frac{\partial \mathbf{U}}{\partial t})"),
        (COMMUTATOR, r"\operatorname{comm}(\mathbf{A}, \mathbf{A}^2) = \mathbf{0}"),
        (COMMUTATOR,
         r"\operatorname{comm}(\mathbf{Y}, \mathbf{X}) = -\operatorname{comm}(\mathbf{X}, \mathbf{Y})"),
        (r"\operatorname{tr}(\mathbf{A}) := 2 \mathbf{A}",
         r"\operatorname{tr}(\mathbf{X}) = \mathbf{X} + \mathbf{X}"),
    ],
)  # fmt: skip
def test_true_claims_hold(definition, formula):
    assert verdict(definition, formula) == "holds"


@pytest.mark.parametrize(
    ("definition", "formula"),
    [
        (SYM, r"\operatorname{sym}(\mathbf{X}) = \mathbf{X}"),
        (COMMUTATOR,
         r"\operatorname{comm}(\mathbf{Y}, \mathbf{X}) = \operatorname{comm}(\mathbf{X}, \mathbf{Y})"),
    ],
)  # fmt: skip
def test_false_claims_have_a_counterexample(definition, formula):
    (result,) = results(definition, formula)
    assert result.verdict.verdict == "fails"
    assert result.verdict.counterexample is not None


@pytest.mark.parametrize(
    ("definition", "formula", "holds"),
    [
        # an index of the argument, or one around the call, is not that of a sum in the body
        (r"g(x) := \sum_k a_k x", r"g(a_k) = a_k \sum_l a_l", True),
        (r"g(x) := \sum_k a_k x", r"\sum_k g(a_k) = (\sum_k a_k) (\sum_l a_l)", True),
        (r"g(x) := \sum_k a_k x", r"g(a_k) = \sum_l a_l a_l", False),
        (r"g(x) := \sum_k a_k x", r"g(g(x)) = (\sum_k a_k) (\sum_l a_l) x", True),
        # a variable that the body differentiates by is not that of the argument
        (r"h(x) := \frac{\partial (t x)}{\partial t}", r"h(t) = t", True),
        (r"h(x) := \frac{\partial (t x)}{\partial t}", r"h(t) = 2 t", False),
        (r"h(x) := \frac{\partial (t x)}{\partial t}", r"h(u) = u", True),
        (r"h(x) := \frac{\partial x^3}{\partial x}", r"h(2 t) = 12 t^2", True),
        # a letter that depends on the parameter depends on the argument
        (r"h(t) := u^2", r"h(3) = u(3) u(3)", True),
        (r"h(t) := u^2", r"h(2 t) = u^2", False),
        # a size of the parameter is the size of the argument, and no other letter of that name
        (r"\operatorname{size}(\mathbf{A}) := n \operatorname{tr}(\mathbf{A})",
         r"\operatorname{size}(\mathbf{X}) = p \operatorname{tr}(\mathbf{X})", True),
    ],
)  # fmt: skip
def test_nothing_is_captured(definition, formula, holds):
    assert verdict(definition, formula) == ("holds" if holds else "fails")


TALL = (
    LETTERS
    + r""" Let $\mathbf{B} \in \mathbb{R}^{m \times n}$ with $m > n$ and
$\mathbf{B}^{\top}\mathbf{B} \in \mathrm{GL}_n(\mathbb{R})$,
and $\mathbf{R}^{\top}\mathbf{R} \in \mathrm{GL}_q(\mathbb{R})$."""
)
INVERSE = r"\operatorname{pinv}(\mathbf{B}) := (\mathbf{B}^{\top}\mathbf{B})^{-1}\mathbf{B}^{\top}"


def test_the_conditions_of_a_definition_hold_where_it_is_used():
    (result,) = results(INVERSE, r"\operatorname{pinv}(\mathbf{R}) \mathbf{R} = \mathbf{I}_q", TALL)
    assert result.verdict.verdict == "holds"
    for sizes in map(dict, result.verdict.sizes):
        assert sizes["p"] > sizes["q"]


def test_what_a_definition_inverts_must_be_invertible_where_it_is_used():
    (result,) = results(INVERSE, r"\operatorname{pinv}(\mathbf{X}) \mathbf{X} = \mathbf{I}_p", TALL)
    assert result.verdict.reason.startswith("nothing says that this matrix is invertible")


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (
            r"\operatorname{sym}(\mathbf{R}) = \mathbf{R}",
            r"\operatorname{sym} takes a matrix n × n, not p × q",
        ),
        (r"\operatorname{sym} = \mathbf{X}", "sym of what?; expected an argument"),
        (r"\operatorname{sym}(\mathbf{X}, \mathbf{Y}) = \mathbf{X}", "unexpected ,; expected ) to match ("),
        (
            r"\operatorname{sym}^2(\mathbf{X}) = \mathbf{X}",
            "a script on sym; expected brackets: (sym(...))^2",
        ),
    ],
)
def test_misuse_is_refused(formula, message):
    (result,) = results(SYM, formula)
    assert result.verdict.verdict in ("fails", "unreadable")
    assert result.verdict.reason == message


def test_an_operation_is_unknown_before_its_definition():
    claim = r"$\operatorname{part}(\mathbf{X}) = \mathbf{X}$"
    (document,) = check(f"{LETTERS}\n\n{claim}\n\n${SYM.replace('sym', 'part')}$\n").documents
    assert document.results[0].verdict.verdict == "unreadable"


def test_an_operation_without_arguments_is_no_definition():
    (result,) = results(r"\operatorname{sym} := \mathbf{A}", "")
    assert "only a letter can be defined" in result.verdict.reason


def test_the_other_layout():
    formula = (
        r"\frac{\partial \operatorname{tr}(\operatorname{sym}(\mathbf{X}) \mathbf{Y}\mathbf{A}\mathbf{Y})}"
        r"{\partial \mathbf{X}} = \operatorname{sym}(\mathbf{Y}\mathbf{A}\mathbf{Y})"
    )
    letters = LETTERS.replace("n \\times n", "p \\times p")
    (result,) = results(SYM, formula, letters)
    there = other_layout(result.claim)
    assert result.verdict.verdict == judge(there).verdict == "holds"
    assert there.latex.endswith(r"= \operatorname{sym}(\mathbf{Y} \mathbf{A} \mathbf{Y})")

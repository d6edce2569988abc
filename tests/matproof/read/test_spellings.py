r"""A claim keeps its verdict however it is spelled, and loses it where words or signs stand in it.

A small generator: commands of text, positions in a formula, formulas. Whatever is put into a claim must leave
it as it is, or make it unreadable; that a false claim holds is the one thing that may not happen.
"""

from __future__ import annotations

from itertools import product

import pytest

from matproof.checking import check

pytestmark = pytest.mark.slow  # every spelling in every position

GIVEN = r"""Let $\mathbf{A}, \mathbf{B} \in \mathbb{R}^{n \times n}$,
$\mathbf{a}, \mathbf{b} \in \mathbb{R}^{n}$, $x, y, z \in \mathbb{R}$,
$u(x), v(x) \in \mathbb{R}$, $p \in \mathbb{N}$.

"""


def verdicts(formula: str, lenient: bool = False) -> list[str]:
    """The verdicts on the claims of one display."""
    (document,) = check(f"{GIVEN}$$\n{formula}\n$$\n", lenient=lenient).documents
    return [result.verdict.verdict for result in document.results]


TEXTS = [r"\text", r"\textrm", r"\mbox", r"\textsf", r"\textnormal", r"\mathrm", r"\operatorname"]


@pytest.mark.parametrize(("text", "word"), product(TEXTS, ["tr", "det"]))
def test_operators_in_any_command_of_text(text, word):
    operator = f"{text}{{{word}}}"
    assert verdicts(rf"{operator}(\mathbf{{A}}) = \operatorname{{{word}}}(\mathbf{{A}}^{{\top}})") == [
        "holds"
    ]
    assert verdicts(rf"{operator}(\mathbf{{A}}) = 2 {operator}\,\mathbf{{A}}") == ["fails"]


@pytest.mark.parametrize(
    ("text", "inside", "formula"),
    product(
        [r"\text", r"\mbox", r"\textbf", r"\textit", r"\hbox"],
        ["foo", "rank", "-", "+ 1", " plus ", " minus one ", " or ", "not ", " kg", "B", "2"],
        [
            r"{}x = x",
            r"x {}= x",
            r"x = x{}",
            r"x = {}x",
            r"\mathbf{A} = \mathbf{A}{}(\mathbf{B})",
            r"x = x {} + 1",
        ],
    ),
)
def test_words_never_make_a_claim_hold_that_says_more(text, inside, formula):
    found = verdicts(formula.replace("{}", f"{text}{{{inside}}}"))
    assert found
    assert "holds" not in found


@pytest.mark.parametrize(
    "formula",
    [
        r"x = x \quad \text{(trivially)}",
        r"x = x, \text{ and } y = y",
        r"\text{Hence } x = x",
        r"x = x \text{ for all } x",
        r"x \text{ } y = y x",
        r"\begin{aligned} x &= x && \text{by definition} \\ &= x \end{aligned}",
        r"\begin{eqnarray} x &=& x \\ &=& x \end{eqnarray}",
        r"\begin{alignat}{2} x + y &= y + x \end{alignat}",
        r"\begin{alignat}2 x + y &= y + x \end{alignat}",
        r"\begin{aligned}[t] x &= x \\[2pt] y &= y \\* z &= z \end{aligned}",
        r"\begin{cases} x + y = y + x \\ x y = y x \end{cases}",
        r"\left\{ \begin{array}{l} x + y = y + x \\ x y = y x \end{array} \right.",
        r"x {+} y {=} y \mathbin{+} x",
        r"\underbrace{\frac{\partial}{\partial x} u}_{r} v = \frac{\partial u}{\partial x} v",
        r"{\bf A}\mathbf{B} = \textbf{A}\mathbf{B}",
        r"1{,}000 x = 10^{3} x",
    ],
)
def test_other_spellings_hold(formula):
    assert set(verdicts(formula)) == {"holds"}


@pytest.mark.parametrize(
    "formula",
    [
        "1 = 1,000",
        "1 = 1, 5",
        r"2 = 2.\overline{3}",
        "x = x . y",
        "x = x; y",
        "y, x = x",
        r"x = x \quad 2",
        r"\begin{alignat}2 x + y &= y \end{alignat}",
        r"\begin{aligned} 1 &= 1 \\ [2xy] &= 1 \end{aligned}",
        r"\begin{cases} x = x \\ x = x + 1 \end{cases}",
        r"\begin{array}{rcl} x &=& x \\ x &=& x + 1 \end{array}",
        "x = x > + 1",
        "2{3} = 6",
        "2^10 = 1024",
        "x^{23} = x^23",
        r"{\frac{\partial}{\partial x} u} v = \frac{\partial u}{\partial x} v",
        r"\frac{\partial}{\partial x} (u) v = \frac{\partial (u v)}{\partial x}",
        r"\underbrace{\frac{\partial}{\partial x} u}_{r} v = \frac{\partial (u v)}{\partial x}",
        r"\mathbf{a} \times \mathbf{b} = -\mathbf{b} \times \mathbf{a}",
        r"x = x \text{ with $y = 2 y$}",
    ],
)
def test_what_is_printed_otherwise_does_not_hold(formula):
    assert set(verdicts(formula)) != {"holds"}


def test_lenient_mode_drops_no_factor_behind_a_gap():
    assert verdicts(r"x = x \quad 2", lenient=True) == ["unreadable"]


def test_transposed_inverses_with_a_letter_t():
    assert verdicts(r"(\mathbf{A}^{-1})^{\top} = \mathbf{A}^{-T}", lenient=True) == ["holds"]


@pytest.mark.parametrize("rest", [", 000", ". t", r"\text{-} 1", r".\overline{3}", r"\mbox{ + } 1", ",5"])
def test_what_goes_on_behind_a_claim_is_not_dropped_leniently(rest):
    (result, *_) = check(f"$x = x {rest}$", lenient=True).documents[0].results
    assert result.verdict.verdict != "holds"


EMPTY = r"Let $c, x \in \mathbb{R}$, $\mathbf{x} \in \mathbb{R}^n$." + "\n\n"


@pytest.mark.parametrize(
    "spelled", ["c {} x", "c {} (2 x - x)", "{} c x", "c{}x", r"{\left(c x\right)}", "{(c)} x", "c {(x)}"]
)
def test_invisible_braces_that_change_nothing(spelled):
    (result,) = check(EMPTY + f"${spelled} = x c$").documents[0].results
    assert result.verdict.verdict == "holds"


@pytest.mark.parametrize("spelled", ["x {}_i", r"\frac{x}{} c", "x^{}", "x_{}", "{c + x} c", "{(c)(x)}^2"])
def test_braces_that_would_change_something(spelled):
    (result,) = check(EMPTY + f"${spelled} = x$").documents[0].results
    assert result.verdict.verdict == "unreadable"

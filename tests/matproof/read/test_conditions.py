"""For which claims a condition holds, and what is no condition."""

from __future__ import annotations

import pytest

from matproof.checking import check

GIVEN = r"""Let $\mathbf{A} \in \mathbb{R}^{n \times n}$, $\mathbf{X} \in \mathbb{R}^{m \times n}$,
$x, y \in \mathbb{R}$, $p \in \mathbb{N}$.

"""
THEOREM = ":::{prf:theorem} A\n:label: a\n"


def verdicts(text: str) -> list[str]:
    """The verdicts on all claims behind the declarations."""
    (document,) = check(GIVEN + text).documents
    return [result.verdict.verdict for result in document.results]


@pytest.mark.parametrize(
    "text",
    [
        r"For $p = 1$ we have $\mathbf{A}^p = \mathbf{A}$.",
        r"We have $\mathbf{A}^p = \mathbf{A}$ for $p = 1$.",
        "For $p = 1$\n\n$$\\mathbf{A}^p = \\mathbf{A}$$",
        "$$\\mathbf{A}^p = \\mathbf{A}$$ for $p = 1$.",
        r"In the case $p = 1$, $\mathbf{A}^p = \mathbf{A}$.",
        r"$$\mathbf{A}^p = \mathbf{A} \quad \text{for } p = 1$$",
        r"$$\mathbf{A}^p = \mathbf{A} \quad (p = 1)$$",
        r"$$\mathbf{A}^p = \mathbf{A}, \quad p \le 1$$",
        "For $m = n$\n\n$$\\det(\\mathbf{X}\\mathbf{X}^{\\top}) = \\det(\\mathbf{X})^2$$",
        THEOREM + "Let $p \\le 1$.\n\n$$\n\\mathbf{A}^p = \\mathbf{A}\n$$\n:::",
    ],
)
def test_a_condition_holds_for_its_claim(text):
    assert verdicts(text) == ["holds"]


@pytest.mark.parametrize(
    "text",
    [
        "For $p = 1$ this is trivial. It is also true in general:\n\n$$\\mathbf{A}^p = \\mathbf{A}$$",
        THEOREM + "The case $p \\le 1$ is trivial. In general $\\mathbf{A}^p = \\mathbf{A}$.\n:::",
        "$$y = y \\quad \\text{for } p = 1$$\n\n$$\\mathbf{A}^p = \\mathbf{A}$$",
        "Hence $2 p = 3 p$.",
        "Then $p = 1$.",
    ],
)
def test_a_condition_does_not_leak_and_swallows_no_claim(text):
    assert verdicts(text)[-1] == "fails"


@pytest.mark.parametrize(
    "text",
    [
        "For $x > 0$ we have $|x| = x$.",
        "If $x \\ge 0$, then\n\n$$|x| = x$$",
        r"$$|x| = x \quad \text{for } x > 0$$",
        r"Let $s \in \mathbb{R}_{>0}$. Then $|s| = s$.",
    ],
)
def test_what_no_trial_can_use_accuses_nobody(text):
    assert not {"fails", "holds"} & set(verdicts(text))


def test_what_holds_without_its_condition_holds():
    assert verdicts(r"For $x > 0$ we have $x y = y x$.") == ["holds"]


@pytest.mark.parametrize("words", ["with", "and", "where"])
def test_an_inequality_beside_the_declaration_of_its_letters_lasts_as_the_declaration_does(words):
    declared = rf"Let $n \in \mathbb{{N}}$ {words} $n \ge 3$."
    for claim in (r"Then $n = n$.", "Nothing more is said.\n\nThen $n = n$."):
        (result,) = check(f"{declared} {claim}").documents[0].results
        assert min(dict(result.verdict.exponents)["n"]) == 3


def test_an_inequality_of_letters_declared_before_holds_for_its_sentence():
    text = r"Let $n \in \mathbb{N}$. For $n \ge 3$ we find $n = n$. In general $2 n = n + n$."
    first, second = check(text).documents[0].results
    assert min(dict(first.verdict.exponents)["n"]) == 3
    assert min(dict(second.verdict.exponents)["n"]) == 1


@pytest.mark.parametrize(
    "fence", [":::{math}\n:label: eq\n", ":::{math}\n", "```{math}\n:label: eq\n\n", "```math\n"]
)
def test_a_condition_holds_for_the_display_in_a_fence_that_its_sentence_goes_on_with(fence):
    end = fence[:3]
    (result,) = check(f"For $i \\neq j$\n\n{fence}\\delta_{{ij}} = 0\n{end}\n").documents[0].results
    assert result.verdict.verdict == "holds"


@pytest.mark.parametrize("lenient", [True, False])
@pytest.mark.parametrize("members", [r"\mathrm{O}(n)", r"\mathcal{S}", r"\mathfrak{o}(n)"])
def test_a_set_of_which_nothing_is_known_spares_its_members_only(members, lenient):
    text = (
        rf"Let $\mathbf{{Q}}, \mathbf{{A}} \in \mathbb{{R}}^{{n \times n}}$ and $\mathbf{{Q}} \in {members}$."
        + "\n\n"
    )
    text += r"$\mathbf{Q}^{\top} \mathbf{Q} = \mathbf{I}_n$, $\mathbf{A}^{\top} \mathbf{A} = \mathbf{I}_n$"
    first, second = (result.verdict.verdict for result in check(text, lenient=lenient).documents[0].results)
    assert (first, second) == ("undecided", "fails")


def test_the_title_of_a_document_by_others_declares_for_all_of_it():
    text = (
        "# Notes\n\nLet $\\mathbf{S} \\in \\mathbb{S}^n$.\n\n## Result\n\n$\\mathbf{S}^\\top = \\mathbf{S}$\n"
    )
    (result,) = check(text, lenient=True).documents[0].results
    assert result.verdict.verdict == "holds"

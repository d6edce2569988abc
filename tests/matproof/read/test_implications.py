r"""An arrow between claims: neither is said to hold by itself; a counterexample to one decides nothing."""

import pytest

from matproof.decide.judge import judge
from matproof.read.documents import read_document
from matproof.read.reader import read_claims

LETTERS = r"Let $\mathbf{A}, \mathbf{B} \in \mathbb{R}^{n \times n}$."
COMMUTE = r"\mathbf{A}\mathbf{B} = \mathbf{B}\mathbf{A}"
SQUARES = r"(\mathbf{A} + \mathbf{B})^2 = \mathbf{A}^2 + 2\mathbf{A}\mathbf{B} + \mathbf{B}^2"
TRACES = r"\operatorname{tr}(\mathbf{A}\mathbf{B}) = \operatorname{tr}(\mathbf{B}\mathbf{A})"
ARROWS = [
    r"\implies",
    r"\impliedby",
    r"\iff",
    r"\Rightarrow",
    r"\Longrightarrow",
    r"\Leftrightarrow",
    r"\Longleftrightarrow",
]


def verdicts(formula):
    reading = read_claims(read_document(f"{LETTERS}\n\n$$\n{formula}\n$$\n"))
    return [judge(claim).verdict for claim, _ in reading.claims]


@pytest.mark.parametrize("arrow", ARROWS)
def test_parts_of_an_implication_do_not_fail(arrow):
    assert verdicts(f"{COMMUTE} {arrow} {SQUARES}") == ["undecided", "undecided"]


def test_an_implication_over_several_rows():
    rows = rf"\begin{{aligned}} {COMMUTE} \\ \implies {SQUARES} \end{{aligned}}"
    assert verdicts(rows) == ["undecided", "undecided"]


def test_a_part_that_holds_anyway_holds():
    assert verdicts(rf"{COMMUTE} \implies {TRACES}") == ["undecided", "holds"]


@pytest.mark.parametrize("between", [r", \quad", r"\\", r"\quad \text{and} \quad", r"\quad \therefore \quad"])
def test_other_signs_between_claims_leave_them_claims(between):
    assert verdicts(f"{COMMUTE} {between} {SQUARES}") == ["fails", "fails"]


def test_an_arrow_without_a_claim_before_it_takes_nothing_for_granted():
    assert verdicts(rf"\implies {SQUARES}") == ["fails"]

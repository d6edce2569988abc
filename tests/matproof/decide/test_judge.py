"""The soundness rules, each with a test of its own, and the traps that a checker might fall into."""

import tracemalloc
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from judging import LETTERS, judged, word

from matproof.decide.judge import judge
from matproof.language.claims import Claim
from matproof.language.nodes import Letter, ReadError
from matproof.language.scope import Scope

TRAPS = [
    (r"\A\B = \B\A", "fails"),
    (
        r"\tr(\A\B\C) = \tr(\B\C\A)",
        "holds",
    ),
    (
        r"\tr(\A\B\C) = \tr(\B\A\C)",
        "fails",
    ),
    # Cayley and Hamilton, for 2 x 2 only; and Hall's identity, for 2 x 2 only
    (
        r"\A^2 - \tr(\A)\A + \det(\A)\I = \mathbf{0}",
        "fails",
    ),
    (
        r"(\A\B - \B\A)^2\C = \C(\A\B - \B\A)^2",
        "fails",
    ),
    (r"\sum_k a_{ik} b_{kj} = \sum_k a_{ik} b_{jk}", "fails"),
    # the other layout's formula
    (
        r"\frac{\d\w^\t\A\w}{\d\w} = (\A + \A^\t)\w",
        "fails",
    ),
    (
        r"\frac{\d\tr(\A\B)}{\d\A} = \B^\t",
        "fails",
    ),
    (r"\sum_k \sum_k a_{kk} = \tr(\A)", "fails"),
    (r"\delta_{ii} = 1", "holds"),
    (r"\delta_{ij} = 1", "fails"),
    (r"\sum_{i=1}^{n} \delta_{ii} = \tr(\I_n)", "holds"),
    (r"\tr(\I_n) = n", "holds"),
    (r"\tr(\I_n) = 2", "fails"),
    (r"\det(\R^\t\R) = \det(\R)^2", "fails"),
    (r"\det(\R\S) = \det(\S\R)", "fails"),
    (r"\|\a + \b\| = \|\a\| + \|\b\|", "fails"),
    (r"\frac{\d a}{\d\X} = \frac{\d b}{\d\X}", "undecided"),
    (r"\frac{\d f}{\d\X} = \frac{\d f}{\d\X}", "unreadable"),
    # true for one size or one exponent only
    (r"\A^q = q\A", "fails"),
    (r"\det(q\A) = q^2 \det\A", "fails"),
    (r"\det(a\A) = a^n \det\A", "holds"),
    (r"(\A\B)^q = \A^q\B^q", "fails"),
    # true for one choice of signs
    (r"-(-a) = a", "holds"),
    (r"a - b = b - a", "fails"),
]


@pytest.mark.parametrize(("formula", "expected"), TRAPS)
def test_traps(formula, expected):
    assert word(formula) == expected


# -- what is tried


def test_sizes_are_at_least_two_equal_and_different_and_once_larger_than_any_product_is_long():
    verdict = judged(r"\R\A\B\C\S = (\R\A)(\B\C)\S").verdict
    tried = [dict(sizes) for sizes in verdict.sizes]
    assert all(set(values) == {"m", "n", "p"} and min(values.values()) >= 2 for values in tried)
    assert {len(set(values.values())) for values in tried} == {1, 3}
    assert min(tried[-1].values()) > 5


def test_a_power_counts_as_many_factors():
    verdict = judged(r"\A^6\B = \A^3\A^3\B").verdict
    assert dict(verdict.sizes[-1])["n"] > 7


def test_fixed_indices_ask_for_larger_sizes():
    assert min(dict(sizes)["n"] for sizes in judged(r"a_{3,4} = a_{3,4}").verdict.sizes) >= 4


@pytest.mark.parametrize(
    ("given", "tried"),
    [
        (r"$q \in \mathbb{N}$", (1, 2, 3, 4, 5)),
        (r"$q \in \mathbb{N}_0$", (0, 1, 2, 3, 4, 5)),
        (r"$q \in \mathbb{Z}$", (0, -1, 1, -2, 2, -3, 3)),
        (r"$q \in \mathbb{N}$, $q \ge 3$", (3, 4, 5, 6, 7)),
    ],
)
def test_exponents_tried(given, tried):
    given = rf"Let $\Z \in \mathrm{{GL}}_n(\mathbb{{R}})$ and {given}."
    verdict = judged(r"\Z^{q}\Z = \Z^{q+1}", given).verdict
    assert verdict.verdict == "holds"
    ((name, exponents),) = verdict.exponents
    assert (name, exponents[: len(tried)]) == ("q", tried)
    assert max(exponents) > max(tried)


def test_a_false_exponent_is_shown_at_its_smallest():
    given = r"Let $\A \in \mathbb{R}^{n \times n}$ and $q \in \mathbb{N}$."
    verdict = judged(r"\A^{q} = q\A^{q} - (q - 1)\A", given).verdict
    assert verdict.reason == "the two sides differ at q = 2"
    assert dict(verdict.counterexample.values)["q"] == 2


def test_singular_draws_are_drawn_again():
    # with entries -1, 0, 1 many matrices are singular; the counterexample is not
    values = dict(judged(r"\Z^{-1} = \Z").verdict.counterexample.values)
    (a, b), (c, d) = values[r"\mathbf{Z}"]
    assert a * d - b * c != 0


def test_what_is_singular_everywhere_is_not_decided():
    given = r"Let $\A \in \mathbb{R}^{n \times n}$ with $\A - \A \in \mathrm{GL}_n(\mathbb{R})$."
    found = judged(r"(\A - \A)^{-1} = \A", given)
    assert found.word == "undecided"
    assert "no point was found where both sides are defined" in found.reason


# -- vacuity


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\frac{\d\A}{\d t} = \frac{\d\B}{\d t}", "undecided"),
        (r"\frac{\d\A}{\d t} = \mathbf{0}", "holds"),
        (
            r"\left(\frac{\d\A}{\d t}\right)_{ij} = \frac{\d a_{ij}}{\d t}",
            "undecided",
        ),
        (
            r"\frac{\d\A\B}{\d t} = \A\mathbf{0} + \mathbf{0}\B",
            "holds",
        ),
        (r"\A - \A = \B - \B", "holds"),
        (r"\A - \A = 0 \B", "holds"),
        # a zero that is an exponent or a bound is none
        (
            r"\frac{\d\tr(\A^0)}{\d\A} = \frac{\d n}{\d\A}",
            "undecided",
        ),
    ],
)
def test_both_sides_zero_is_vacuous_unless_a_zero_is_printed(formula, expected):
    found = judged(formula)
    assert found.word == expected
    if expected == "undecided":
        assert found.reason == "vacuous: both sides are zero, whatever the letters are"


# -- refutations


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\A\B \neq \B\A", "holds"),
        (r"\A\B \neq \A\B", "fails"),
        (r"\tr(\A\B) \neq \tr(\B\A)", "fails"),
        (r"\A \neq \mathbf{0}", "holds"),
        (r"\R \neq \R^\t", "fails"),
        (r"\A - \A \neq \B - \B", "fails"),
    ],
)
def test_refutations(formula, expected):
    assert word(formula) == expected


def test_a_refutation_shows_its_counterexample():
    example = judged(r"\A\B \neq \B\A").verdict.counterexample
    row, column = example.entry
    assert example.lhs[row - 1][column - 1] != example.rhs[row - 1][column - 1]


# -- counterexamples


def test_a_counterexample_is_small_and_correct():
    example = judged(r"\A\B = \B\A").verdict.counterexample
    values = dict(example.values)
    assert values["n"] == 2
    a, b = values[r"\mathbf{A}"], values[r"\mathbf{B}"]
    assert all(abs(entry) <= 1 for matrix in (a, b) for row in matrix for entry in row)
    product = tuple(tuple(sum(a[i][k] * b[k][j] for k in range(2)) for j in range(2)) for i in range(2))
    assert example.lhs == product != example.rhs
    assert example.entry is not None


def test_a_counterexample_names_the_indices_and_gives_fractions():
    verdict = judged(r"(\Z^{-1})_{ij} = z_{ij}^{2}").verdict
    values = dict(verdict.counterexample.values)
    assert {"i", "j", "n"} <= set(values)
    assert verdict.counterexample.entry is None
    assert isinstance(verdict.counterexample.lhs, Fraction)


def test_a_counterexample_gives_the_values_of_general_functions():
    values = dict(judged(r"\U = \frac{\d\U}{\d t}").verdict.counterexample.values)
    assert values[r"\mathbf{U}"] != values[r"\mathbf{U}'"]


def test_a_counterexample_with_roots_is_rational():
    example = judged(r"\|\a + \b\| = \|\a\| + \|\b\|").verdict.counterexample
    assert example.lhs != example.rhs


# -- conditions


@pytest.mark.parametrize(
    ("given", "formula", "expected"),
    [
        (r"for $q = 1$", r"\A^q = \A", "holds"),
        (r"for $q = 2$", r"\A^q = \A", "fails"),
        (r"for $q = 7$", r"\A^q = \A^7", "holds"),
        (r"", r"\A^q = \A", "fails"),
        (r"for $1 \le i \le n$", r"\sum_{j=1}^{n} \delta_{ij} a_{j} = a_{i}", "holds"),
        (r"where $i \neq j$", r"\delta_{ij} = 0", "holds"),
        (r"", r"\delta_{ij} = 0", "fails"),
    ],
)
def test_conditions(given, formula, expected):
    assert word(formula, f"{LETTERS} Now {given}:") == expected


# -- determinism, limits, and what cannot be read


def test_a_verdict_never_changes():
    formula = r"\A\B = \B\A"
    assert judged(formula).verdict == judged(formula).verdict
    assert judged(formula, seed=1).verdict.counterexample != judged(formula, seed=2).verdict.counterexample


def test_an_unread_claim_is_unreadable():
    error = ReadError("a bracket is not closed", (3, 4), "a closing bracket")
    claim = Claim("=", None, None, Scope(), "x", 1, 1, "(a = b", (0, 1), error=error)
    verdict = judge(claim)
    assert verdict.verdict == "unreadable"
    assert verdict.reason == "a bracket is not closed; expected a closing bracket"
    assert verdict.place == (3, 4)


def test_an_undeclared_letter_is_unreadable_whoever_built_the_tree():
    claim = Claim("=", Letter("x"), Letter("x"), Scope(), "x", 1, 1, "x = x", (0, 1))
    verdict = judge(claim)
    assert (verdict.verdict, verdict.reason) == ("unreadable", "nothing declares x")


def test_no_time_gives_no_verdict():
    found = judged(r"\A\B = \B\A", max_seconds=0)
    assert (found.word, found.reason) == ("undecided", "the time limit was reached")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"t^{1000000000} t = t^{1000000001}", "holds"),
        (r"t^{1000000000} = t^{1000000001}", "fails"),
        (r"\A^{1000000000}\A = \A^{1000000001}", "holds"),
        (r"t^{10^9} t = t^{10^9 + 1}", "holds"),
        (r"t^{10^{10^9}} = t", "undecided"),
        (r"\sum_{r=1}^{1000000} \A^{r} = \A", "undecided"),
    ],
)
def test_large_exponents(formula, expected):
    assert word(formula) == expected


GREEK = [
    r"\alpha",
    r"\beta",
    r"\gamma",
    r"\epsilon",
    r"\zeta",
    r"\eta",
    r"\theta",
    r"\iota",
    r"\kappa",
    r"\lambda",
]
GREEK += [r"\mu", r"\nu"]


def test_twelve_summed_indices_stay_within_memory():
    indices = GREEK
    entries = " ".join(f"a_{{{i} {j}}}" for i, j in pairwise(indices))
    sums = " ".join(rf"\sum_{{{i}}}" for i in indices)
    tracemalloc.start()
    found = word(rf"{sums} {entries} = \sum_{{\alpha}} \sum_{{\nu}} (\A^{{11}})_{{\alpha\nu}}")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == "holds"
    assert peak < 100e6


def test_indices_that_cannot_be_taken_apart_are_refused_without_much_memory():
    indices = GREEK
    products = " ".join(rf"\left(a_{{{i}}} + b_{{{j}}}\right)" for i, j in combinations(indices, 2))
    sums = " ".join(rf"\sum_{{{i}}}" for i in indices)
    tracemalloc.start()
    found = judged(rf"{sums} {products} = {sums} {products}")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.word == "undecided"
    assert "too large" in found.reason
    assert peak < 400e6


def test_conditions_may_tie_sizes_to_integers():
    given = r"Let $\A \in \mathbb{R}^{n \times n}$, $q \in \mathbb{N}$ and $q \le n$."
    verdict = judged(r"a_{qq} = a_{qq}", given).verdict
    assert verdict.verdict == "holds"
    assert min(dict(sizes)["n"] for sizes in verdict.sizes) >= 2


@pytest.mark.parametrize("variable", ["n", "q", "e_1", r"(\A + \B)"])
def test_one_does_not_differentiate_by_integers_coefficients_or_expressions(variable):
    given = r"Let $\A, \B \in \mathbb{R}^{n \times n}$, $q \in \mathbb{N}$ and $e_q \in \mathbb{R}$."
    assert word(rf"\frac{{\d \tr(\A)}}{{\d {variable}}} = 0", given) == "unreadable"


def test_a_function_tells_a_column_from_a_row():
    assert word(r"g(\a) = g(\a^\t)") == "fails"

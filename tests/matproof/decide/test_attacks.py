"""Claims that a checker gets wrong if it guesses: kinds of them, varied, some judged by the oracle as well.

Every kind once made a false claim hold, or a true one fail.
"""

from random import Random

import oracle
import pytest
from judging import LETTERS, judged, word, written_out

from matproof import check
from matproof.read.documents import read_document
from matproof.read.reader import read_claims

pytestmark = pytest.mark.slow  # generated claims

PRIMES = (2**31 - 1, 2**31 - 19, 10**9 + 7, 998244353)


@pytest.mark.parametrize("prime", PRIMES)
@pytest.mark.parametrize(
    "formula", ["{p} t = 0", "t^{{{p}}} = t", "t^{{{q}}} = 1", r"\tr(\A^{{{p}}}) = \tr(\A)", "f({p}) = f(0)"]
)
def test_no_prime_is_one_that_a_claim_can_name(prime, formula):
    assert word(formula.format(p=prime, q=prime - 1)) == "fails"


@pytest.mark.parametrize("power", [30, 31, 32, 58])
def test_powers_of_two_are_integers(power):
    assert word(rf"2^{{{power}}} t = {2**power} t") == "holds"
    assert word(rf"2^{{{power}}} t = t") == "fails"
    assert word(rf"\frac{{1}}{{2}} t = 2^{{{power - 1}}} t") == "fails"


def test_integers_alone_are_compared_as_such():
    assert word(f"2^{{59}} = {2**59}") == "holds"
    assert word(f"2^{{59}} = {2**59 + 1}") == "fails"


# -- sizes

POLYNOMIALS = range(8)


@pytest.mark.parametrize("seed", POLYNOMIALS)
def test_polynomials_in_sizes_that_vanish_at_small_ones_are_not_zero(seed):
    random = Random(seed)
    roots = sorted(random.sample(range(2, 12), random.randint(1, 6)))
    product = "".join(f"({random.choice('mn')} - {root})" for root in roots)
    assert word(f"{product} t = 0") == "fails"
    gap = random.randint(0, 3)
    assert word(rf"\left((m - n)^2 - {gap}\right) \tr(\X^\t\X) = 0") == "fails"


@pytest.mark.parametrize("last", range(3, 8))
def test_sums_of_powers_need_more_sizes_than_they_have_degrees(last):
    values = [sum(i**3 for i in range(1, n + 1)) for n in range(2, last + 1)]
    terms = []
    for n, value in zip(
        range(2, last + 1), values, strict=True
    ):  # through the values at 2, ..., last (Lagrange)
        others = [k for k in range(2, last + 1) if k != n]
        below = 1
        for k in others:
            below *= n - k
        factors = "".join(f"(n - {k})" for k in others)
        terms.append(rf"{'-' if below < 0 else '+'} \frac{{{value}}}{{{abs(below)}}} {factors}")
    formula = " ".join(terms).removeprefix("+ ")
    assert word(rf"\sum_{{i=1}}^{{n}} i^3 = {formula}") == ("holds" if last > 5 else "fails")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\det(\X\X^\t) \det(\X^\t\X) = 0", "fails"),  # m = n
        (r"\det(\X\X^\t) = 0", "fails"),  # m <= n
        (r"\det(\X^\t\X) = 0", "fails"),
        (r"\det(\a\b^\t) = 0", "holds"),
        (r"\det(\a\b^\t + \b\w^\t) = 0", "fails"),  # n = 2
        (r"(q - 1)\det(\a\b^\t + \b\w^\t) = 0", "fails"),  # q > 1 and n = 2
        (r"\det(\R^\t\R) \det(\S^\t\S) \det(\S\S^\t) = 0", "fails"),  # m >= n and n = p
        (r"\frac{\d^3}{\d t^3} \det(t\I + \A) = 0", "fails"),
        (r"\frac{\d^5}{\d t^5} \det(t\I + \A) = 0", "fails"),  # n >= 5
        (r"\tr(\I_m) = \tr(\I_n)", "fails"),
    ],
)
def test_ranks_and_degrees_depend_on_sizes(formula, expected):
    assert word(formula) == expected


@pytest.mark.parametrize("expression", [r"\X^\t\X", r"\X^\t\X + \A"])
def test_matrices_that_are_declared_invertible_are_tried_where_they_are(expression):
    given = rf"{LETTERS} Let ${expression} \in \mathrm{{GL}}_n(\mathbb{{R}})$."
    found = judged(rf"({expression})^{{-1}} ({expression}) = \I", given)
    assert found.word == "holds"
    assert all(dict(sizes)["m"] >= dict(sizes)["n"] for sizes in found.verdict.sizes) or "A" in expression


# -- exponents, conditions, cases


@pytest.mark.parametrize("last", range(1, 8))
def test_exponents_beyond_the_literals_are_tried(last):
    product = "".join(f"(q - {k})" for k in range(1, last + 1))
    assert word(f"{product} t = 0") == "fails"


@pytest.mark.parametrize("least", [2, 3, 9, 25])
@pytest.mark.parametrize("relation", [">", "=", r"\ge"])
def test_a_condition_on_an_index_selects_something(least, relation):
    given = rf"{LETTERS} For $i {relation} {least}$:"
    assert word("a_i = 0", given) == "fails"
    assert word(r"a_i + b_i = b_i + a_i", given) == "holds"


def test_a_condition_that_selects_nothing_is_vacuous():
    found = judged("a_i = 0", rf"{LETTERS} For $i > 1000$:")
    assert (found.word, found.reason) == (
        "undecided",
        "vacuous: no entry that was tried meets the conditions",
    )


@pytest.mark.parametrize(
    ("given", "formula", "expected"),
    [
        (r"For $i \le 2$:", "a_i = a_i + b_i - b_i", "holds"),
        (r"For $1 \le i \le n - 1$:", "a_i = a_i + b_i - b_i", "holds"),
        (r"For $i \le 2$:", r"\delta_{i3} = 0", "holds"),
        (r"For $m = n$:", r"\det(\X\X^\t) = \det(\X)^2", "holds"),
        (r"For $m = n$:", r"\det(\X\X^\t) = \det(\X)", "fails"),
        (r"For $n = 3$:", r"\tr(\I_n) = 3", "holds"),
        (r"For $n = 3$:", r"\tr(\I_n) = 4", "fails"),
    ],
)
def test_conditions_between_indices_and_sizes(given, formula, expected):
    assert word(formula, f"{LETTERS} {given}") == expected


@pytest.mark.parametrize("value", [2, 7, 100])
def test_a_case_is_met_or_nothing_is_said(value):
    given = LETTERS
    assert word(rf"0 = \begin{{cases}} t & q = {value} \end{{cases}}", given) != "holds"
    branches = rf"\begin{{cases}} t & q = {value} \\ 0 & \text{{otherwise}} \end{{cases}}"
    assert word(f"0 = {branches}", given) == "fails"
    assert word(f"2 {branches} = {branches} + {branches}", given) == "holds"


# -- signs


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\sqrt{(t^{q+1})^2} = t^{q+1}", "fails"),
        (r"\sqrt{(t^{2q})^2} = t^{2q}", "holds"),
        (r"|t^{q+1}| = t^{q+1}", "fails"),
        (r"|t|^{2q} = t^{2q}", "holds"),
        (r"|t|^{q+1} = t t^q", "fails"),
        (r"\|t^{q+1}\a\| = t^{q+1}\|\a\|", "fails"),
        (r"\|t^{2q}\a\| = t^{2q}\|\a\|", "holds"),
        (r"\|3\a\| = 3\|\a\|", "holds"),
        (r"\|-3\a\| = -3\|\a\|", "fails"),
        (r"|t^2 + 1| = t^2 + 1", "holds"),
        (r"|t^2 + 1| + 10^{17} - 10^{17} = t^2 + 1", "holds"),
        (r"|t^2 - 1| = t^2 - 1", "fails"),
    ],
)
def test_signs_vary_at_every_exponent(formula, expected):
    assert word(formula) == expected


# -- numbers that are not exact


@pytest.mark.parametrize(
    "formula",
    [
        r"\log(\exp(1000 \a^\t\a)) = 1000 \a^\t\a",
        r"\exp(1000 \a^\t\a)\exp(-1000 \a^\t\a) = 1",
        r"\exp(1000 \a^\t\a)\exp(-1000 \a^\t\a) \neq 1",
        r"\exp(a + b) + 10^{40} - 10^{40} = \exp(a)\exp(b)",
    ],
)
def test_rounding_decides_nothing(formula):
    assert word(formula) == "undecided"


@pytest.mark.parametrize("power", [6, 7, 12])
def test_power_series_are_compared_beyond_all_that_is_printed(power):
    assert word(rf"\A^{{{power}}} \exp(\A) = \mathbf{{0}}") == "fails"
    printed = " + ".join(f"t^{{{k}}}" for k in range(2, power))
    assert word(rf"\sum_{{r=0}}^{{\infty}} t^{{r}} = 1 + t + {printed}") == "fails"
    assert (
        word(rf"\sum_{{r=0}}^{{\infty}} t^{{r}} + t^{{{power}}} = \sum_{{r=0}}^{{\infty}} t^{{r}}") == "fails"
    )


# -- indices on one side, and what is compared


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\sum_j a_{ij} (\adj\A)_{ji} = \det\A", "holds"),
        (r"\frac{\d a_k}{\d a_k} = 1", "holds"),
        (r"\frac{\d a_k}{\d a_l} = 1", "fails"),
        (r"\sum_j a_{ij} (\Z^{-1})_{ji} = 1", "fails"),
        (r"a_i - a_i = t - t", "holds"),
        (r"a_i = t", "fails"),
        (r"a_i \neq t", "holds"),
    ],
)
def test_an_index_may_stand_on_one_side_where_nothing_depends_on_it(formula, expected):
    assert word(formula) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\frac{\d (t\A - t\A)}{\d t} = \frac{\d (y\B)}{\d y} - \B", "holds"),
        (r"\frac{\d \A}{\d t} \B = \C \frac{\d \B}{\d t}", "undecided"),
        (r"\frac{\d a}{\d t} + \frac{\d b}{\d t} = \frac{\d a}{\d y}", "undecided"),
        (r"\A\B - \A\B = \B\A - \B\A", "holds"),
    ],
)
def test_terms_that_cancel_are_not_vacuous(formula, expected):
    assert word(formula) == expected


@pytest.mark.parametrize(
    "formula", [r"\tr(\log\A) = \log\det\A", r"|\A| = \det\A", r"\sqrt{\A}\sqrt{\A} = \A"]
)
def test_what_is_not_supported_is_never_called_false(formula):
    assert word(formula) in ("undecided", "unreadable")


# -- the oracle's opinion

ATOMS = ("t", "a", "(n - 2)", "(m - n)", r"\tr(\X^\t\X)", r"\det\A", "(q - 1)", "t^q", r"\a^\t\b", "2")


@pytest.mark.parametrize("seed", range(12))
def test_the_oracle_agrees_on_products_and_sums_of_such_parts(seed):
    random = Random(seed)
    parts = [r" \cdot ".join(random.choices(ATOMS, k=random.randint(1, 3))) for _ in range(3)]
    left = f"{parts[0]} + {parts[1]}"
    right = random.choice(
        (f"{parts[1]} + {parts[0]}", f"{parts[1]} + {parts[2]}", f"{parts[0]} - {parts[1]}")
    )
    text = written_out(f"{LETTERS}\n\n$$\n{left} = {right}\n$$\n")
    ((claim, _),) = read_claims(read_document(text), "numerator").claims
    opinion = oracle.opinion(claim)
    expected = {"true": "holds", "false": "fails"}.get(opinion.answer)
    assert expected is None or word(f"{left} = {right}") == expected, (left, right)


@pytest.mark.parametrize("inner", ["x^{2}", "x^{4}", "x^{2} y^{2}"])
def test_bars_whose_signs_differ_at_few_points_only(inner):
    text = rf"Let $x, y, t \in \mathbb{{R}}$. Then $|{inner}| + t = |{inner} + t|$."
    (result,) = check(text).documents[0].results
    assert result.verdict.verdict == "fails"
    assert result.verdict.counterexample is not None


GRAM = r"Let $\X \in \mathbb{R}^{m \times n}$, $\X^{\top}\X \in \mathrm{GL}_n(\mathbb{R})$."


@pytest.mark.parametrize(("inside", "verdict"), [(r"\X^{\top}\X", "holds"), (r"\X\X^{\top}", "undecided")])
def test_sizes_without_a_value_count_unless_a_hypothesis_excludes_them(inside, verdict):
    claim = rf"\frac{{\partial \log \det({inside})}}{{\partial \X}} = 2 (\X^{{\top}}\X)^{{-1}} \X^{{\top}}"
    text = f"{GRAM}\n\n$$\n{claim}\n$$\n".replace(r"\X", r"\mathbf{X}")
    (result,) = check(text).documents[0].results
    assert result.verdict.verdict == verdict

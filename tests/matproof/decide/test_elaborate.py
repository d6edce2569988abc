"""Dots, scopes of indices, and letters that nothing declares."""

import pytest
from judging import judged, word

from matproof import language as s
from matproof.decide.judge import judge

DOTS_THAT_HOLD = [
    # chains
    r"(\A^q)_{kl} = \sum_{u_1} \sum_{u_2} \cdots \sum_{u_{q-1}} a_{k u_1} a_{u_1 u_2} \cdots a_{u_{q-1} l}",
    r"(\A^q)_{kl} = \sum_{u_1} \sum_{u_2} \cdots \sum_{u_{q-1}}"
    r" a_{k u_1} a_{u_1 u_2} \cdots a_{u_{q-2} u_{q-1}} a_{u_{q-1} l}",
    r"\a^\t\A^q\b = \sum_k \sum_{u_1} \sum_{u_2} \cdots \sum_{u_{q-1}} \sum_l"
    r" a_k a_{k u_1} a_{u_1 u_2} \cdots a_{u_{q-1} l} b_l",
    # sums with exponents in arithmetic progression
    r"\frac{\d(\A^q)_{kl}}{\d a_{ij}} = (\J^{ij}\A^{q-1})_{kl}"
    r" + (\A\J^{ij}\A^{q-2})_{kl} + \cdots + (\A^{q-1}\J^{ij})_{kl}",
    r"\A^{q} - \I = (\A - \I)(\I + \A + \cdots + \A^{q-1})",
    r"\A^{q} - \I = (\A - \I)(\A^{q-1} + \A^{q-2} + \cdots + \I)",
    r"\I - \A^{q} = (\A - \I)(-\I - \A - \cdots - \A^{q-1})",
    # summands with indices
    r"\a^\t\b = a_1 b_1 + a_2 b_2 + \cdots + a_n b_n",
    r"\a^\t\b = a_1 b_1 + a_2 b_2 + a_3 b_3 + \cdots + a_n b_n",
    r"\tr(\A) + b = b + a_{1,1} + a_{2,2} + \cdots + a_{nn}",
    # matrices
    r"\a^\t = \begin{pmatrix} a_1 & a_2 & \cdots & a_n \end{pmatrix}",
    r"\a = \begin{pmatrix} a_1 \\ a_2 \\ \vdots \\ a_n \end{pmatrix}",
    r"\R = \begin{pmatrix} r_{11} & r_{12} & \cdots & r_{1n} \\ r_{21} & r_{22} & \cdots & r_{2n} \\"
    r" \vdots & \vdots & \ddots & \vdots \\ r_{m1} & r_{m2} & \cdots & r_{mn} \end{pmatrix}",
    r"\R\a = \begin{pmatrix} \sum_{k=1}^{n} r_{1k} a_k \\ \sum_{k=1}^{n} r_{2k} a_k \\"
    r" \vdots \\ \sum_{k=1}^{n} r_{mk} a_k \end{pmatrix}",
    r"\begin{pmatrix} r_{11} & r_{12} & \cdots & r_{1n} \\"
    r" r_{21} & r_{22} & \cdots & r_{2n} \end{pmatrix}_{2j} = r_{2j}",
]


@pytest.mark.parametrize("formula", DOTS_THAT_HOLD)
def test_dots_that_hold(formula):
    assert word(formula) == "holds"


DOTS_THAT_DO_NOT_CONTINUE = [
    # a slip of the blog post: the index lags by one
    (r"a_1 b_1 + a_1 b_2 + a_2 b_3 + \cdots + a_n b_n = a", "do not progress evenly"),
    (r"a_1 b_1 + a_2 b_2 + \cdots + a_n b_{n-1} = a", "does not continue"),
    (r"a_1 + a_2 - \cdots + a_n = a", "different signs"),
    (r"a_1 + \cdots + a_n = a", "two summands before them"),
    (r"a_1 + b_2 + \cdots + a_n = a", "do not have one form"),
    (
        r"\A + \A^2 + \A^4 + \cdots + \A^8 = \A",
        "do not progress evenly",
    ),
    (
        r"\sum_{u_1}\sum_{u_2}\cdots\sum_{u_{q-1}} a_{k u_1} a_{u_2 u_3} \cdots a_{u_{q-1} l} = a_{kl}",
        "cannot be written out",
    ),
    (
        r"\sum_{u_1}\sum_{u_3}\cdots\sum_{u_{q-1}} a_{k u_1} a_{u_1 u_2} \cdots a_{u_{q-1} l} = a_{kl}",
        "count on",
    ),
    (r"\A\A \cdots \A = \A^q", "need a chain"),
    (r"\begin{pmatrix} a_1 & a_2 & \cdots & b_n \end{pmatrix} = \a^\t", "do not have one form"),
    (r"\begin{pmatrix} a_1 & a_3 & \cdots & a_n \end{pmatrix} = \a^\t", "does not continue"),
    (r"\begin{pmatrix} a_1 & \cdots & a_n \end{pmatrix} = \a^\t", "two cells before them"),
]


@pytest.mark.parametrize(("formula", "reason"), DOTS_THAT_DO_NOT_CONTINUE)
def test_dots_are_never_guessed(formula, reason):
    found = judged(formula)
    assert found.word in ("unreadable", "undecided")
    assert reason in found.reason


def test_the_last_member_of_a_dotted_row_counts():
    assert word(r"\begin{pmatrix} a_1 & a_2 & \cdots & a_{n-1} \end{pmatrix} = \a^\t") == "fails"


def test_the_exponents_tried_are_reported():
    verdict = judged(DOTS_THAT_HOLD[0]).verdict
    ((name, tried),) = verdict.exponents
    assert (name, tried[:5]) == ("q", (1, 2, 3, 4, 5))


INDICES = [
    (r"\sum_k \sum_k a_{kk} = a", "the index k is summed twice", r"\sum_k a_{kk}"),
    (r"\sum_k a_{ij} = a_{ij}", "the summation index k is absent from its summand", r"\sum_k a_{ij}"),
    (
        r"\sum_k a_{ik} b_{kj} = a_{ik} b_{kj}",
        "the index k is summed here and free elsewhere in the claim",
        r"\sum_k a_{ik} b_{kj}",
    ),
    (
        r"\sum_k a_{ik} b_{kj} = (\A\B)_{il}",
        "the two sides differ; the index j is free on the left-hand side only"
        "; the index l is free on the right-hand side only",
        "b_{kj}",
    ),
    (
        r"a = a_{ij}",
        "the two sides differ; the index i is free on the right-hand side only"
        "; the index j is free on the right-hand side only",
        "a_{ij}",
    ),
    (r"\sum_{n} a_{nj} = a_{jj}", None, None),
]


@pytest.mark.parametrize(("formula", "reason", "place"), INDICES)
def test_index_hygiene(formula, reason, place):
    found = judged(formula)
    assert found.word in ("fails", "unreadable")
    if reason is not None:
        assert found.reason == reason
    if place is not None:
        assert found.place in place


def test_a_refutation_needs_clean_indices_too():
    assert word(r"\sum_k \sum_k a_{kk} \neq a") == "fails"


def total(name, *factors):
    """A sum over an index without bounds."""
    return s.BoundedSum(s.Letter(name), None, None, s.Product(factors) if len(factors) > 1 else factors[0])


def test_an_inner_sum_may_count_with_the_letter_of_an_outer_one():
    """The grammar asks for another letter; a definition that is written out need not have one."""
    vectors = [s.Declaration(s.Letter(name, True), "vector", (s.Letter("n"),)) for name in "ab"]
    where = s.Scope(tuple(vectors))
    a, b = ({k: s.Entry(s.Letter(name, True), (s.Letter(k),)) for k in "ij"} for name in "ab")
    nested = total("i", a["i"], total("i", b["i"]))
    for other, verdict in (
        (s.Product((total("i", a["i"]), total("i", b["i"]))), "holds"),
        (total("i", total("j", a["i"], b["j"])), "holds"),
        (total("i", a["i"], b["i"]), "fails"),
    ):
        claim = s.Claim("=", nested, other, where, "test", 1, 1, str(other), (0, 0))
        assert judge(claim).verdict == verdict


def test_zero_has_no_indices():
    assert word(r"\frac{\d a_{ij}}{\d t} = 0") == "holds"


def test_a_sum_with_both_bounds_may_have_a_constant_summand():
    assert word(r"\sum_{k=1}^{n} 1 = n") == "holds"
    assert word(r"\sum_{r=0}^{q-1} \tr(\A^{q}) = q \tr(\A^{q})") == "holds"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\sum_{k=1}^{n} a_{kk} = \tr(\A)", "holds"),
        (r"\sum_{k=2}^{n} a_{kk} = \tr(\A) - a_{1,1}", "holds"),
        (r"\sum_{k=1}^{n-1} a_{kk} = \tr(\A) - a_{nn}", "holds"),
        (r"\sum_{k=1}^{2} a_{kk} = a_{1,1} + a_{2,2}", "holds"),
        (r"\sum_{k=0}^{n} a_{kk} = \tr(\A)", "fails"),
        (r"\sum_{k=n}^{1} a_{kk} = 0", "fails"),
        (r"\sum_{k=1}^{n} \sum_{l=1}^{k} p_{kl} = \sum_{k=1}^{n} \sum_{l=k}^{n} p_{kl}", "holds"),
        (r"\sum_{k=1}^{n} k = \frac{n (n + 1)}{2}", "holds"),
        (r"\sum_{k=1}^{n} k a_k = \sum_{k=1}^{n} a_k", "fails"),
        (r"\sum_{r=1}^{q} \A^{r} = \sum_{r=0}^{q-1} \A^{r+1}", "holds"),
        (r"\sum_{r=0}^{q-1} \A^{r} = \sum_{r=0}^{q} \A^{r}", "fails"),
    ],
)
def test_bounds_of_sums(formula, expected):
    assert word(formula) == expected


@pytest.mark.parametrize(
    "formula",
    [
        r"\Q = \Q",
        r"f = f",
        r"x = x",
        r"a^{r} = a^{r}",
        r"\phi(a) = \phi(a)",
        r"c_1 c = c c_1",
    ],
)
def test_nothing_undeclared_is_judged(formula):
    given = r"Let $a \in \mathbb{R}$, $q \in \mathbb{N}$ and $c_q \in \mathbb{R}$."
    assert word(formula, given) == "unreadable"


DEFINITIONS = r"""Let $\X \in \mathrm{GL}_n(\mathbb{R})$, $\w, \v \in \mathbb{R}^{n}$,
$x \in \mathbb{R}$, $\Y := \X^{-1}$, $s := \w^\t\X\w$,
$h(x) := x^3 + 1$, $\Z := \X\X$ and $F(\Z) \in \mathbb{R}$."""


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"\frac{\d y_{kl}}{\d x_{ij}} = -y_{ki} y_{jl}", "holds"),
        (r"\frac{\d y_{kl}}{\d x_{ij}} = -y_{kj} y_{il}", "fails"),
        (r"\frac{\d s}{\d\X} = \w\w^\t", "holds"),
        (r"\frac{\d s^2}{\d s} = 2 s", "holds"),
        (r"h(2) = 9", "holds"),
        (r"h(x + 1) = x^3 + 3x^2 + 3x + 2", "holds"),
        (r"h'(x) = 3 x^2", "holds"),
        (r"h''(x) = 6 x", "holds"),
        (
            r"\frac{\d h(s)}{\d\X} = 3 s^2 \frac{\d s}{\d\X}",
            "holds",
        ),
        (r"\frac{\d h(s)}{\d s} = h'(s)", "holds"),
        (
            r"\frac{\d F}{\d x_{ij}} ="
            r" \sum_k \sum_l \frac{\d F}{\d z_{kl}} \frac{\d z_{kl}}{\d x_{ij}}",
            "holds",
        ),
        (
            r"\frac{\d F}{\d\X} = \X \frac{\d F}{\d\Z}"
            r" + \frac{\d F}{\d\Z} \X",
            "holds",
        ),
        (
            r"\frac{\d F}{\d\X} = 2 \X \frac{\d F}{\d\Z}",
            "fails",
        ),
    ],
)
def test_definitions(formula, expected):
    assert word(formula, DEFINITIONS) == expected


# -- other people's documents

CHAIN = r"x_{u_1, u_2} \cdots x_{u_{n-2}, u_{n-1}} x_{u_{n-1}, l}"
MOVING = (
    rf"\sum_{{u_1}} \sum_{{u_2}} \cdots \sum_{{u_{{n-1}}}} \left( \delta_{{ki}} \delta_{{u_1, j}} {CHAIN}"
    r" + x_{k, u_1} \delta_{u_1, i} \delta_{u_2, j} x_{u_2, u_3} \cdots x_{u_{n-1}, l}"
    r" + \cdots + x_{k, u_1} x_{u_1, u_2} \cdots x_{u_{n-2}, u_{n-1}} \delta_{u_{n-1}, i} \delta_{lj} \right)"
)


def test_chains_that_move_are_read_at_three_in_lenient_mode_only():
    formula = rf"\frac{{\d (\X^n)_{{kl}}}}{{\d x_{{ij}}}} = {MOVING}"
    found = judged(formula, lenient=True)
    assert found.word == "holds"
    assert found.verdict.exponents == (("n", (3,)),)
    assert judged(formula.replace(r"\delta_{lj}", r"\delta_{li}"), lenient=True).word == "fails"
    strict = r"Let $\X \in \mathbb{R}^{m \times m}$ and $n \in \mathbb{N}$."
    assert word(formula, strict) in ("undecided", "unreadable")


def test_one_summand_before_the_dots_is_followed_by_steps_of_one_in_lenient_mode():
    formula = (
        r"a_1 \sum_{k=1}^{n} a_k + \cdots + a_n \sum_{k=1}^{n} a_k = \sum_{k=1}^{n} \sum_{l=1}^{n} a_k a_l"
    )
    assert judged(formula, lenient=True).word == "holds"
    assert word(formula) == "unreadable"


def test_exponents_for_which_a_chain_means_nothing_are_left_out_in_lenient_mode():
    sums = r"\sum_{u_1} \sum_{u_2} \cdots \sum_{u_{n-1}}"
    found = judged(
        rf"{sums} \delta_{{k u_1}} x_{{u_1, u_2}} \cdots x_{{u_{{n-1}}, l}} = (\X^{{n-1}})_{{kl}}",
        lenient=True,
    )
    assert found.word == "holds"
    ((name, tried),) = found.verdict.exponents
    assert (name, tried[:4]) == ("n", (2, 3, 4, 5))


def test_shapes_are_inferred_in_lenient_mode():
    assert judged(r"\frac{\d \tr(\A\X\B)}{\d \X} = \B\A", lenient=True).word == "holds"
    assert judged(r"\frac{\d \tr(\A\X\B)}{\d \X} = \A\B", lenient=True).word == "fails"

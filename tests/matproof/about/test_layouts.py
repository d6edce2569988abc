"""Claims in the other layout, transposes pushed down to the letters, and what a claim rests on."""

import hypothesis
import pytest
import strategies
from judging import LETTERS, written_out

from matproof.about.hypotheses import hypotheses, shape
from matproof.about.layouts import SCALAR, extent, other_layout, readable, transposed
from matproof.about.topics import derivative_kind, topics
from matproof.decide.judge import judge
from matproof.language.nodes import Transpose
from matproof.read.documents import read_document
from matproof.read.grammar import parse
from matproof.read.reader import read_claims


def claims(formula: str, layout: str = "numerator", given: str = LETTERS) -> list:
    """The claims of one display."""
    text = written_out(f"{given}\n\n$$\n{formula}\n$$\n")
    return [claim for claim, _ in read_claims(read_document(text), layout).claims]


def scope(given: str = LETTERS):
    return claims("a = a", given=given)[0].scope


def tree(latex: str, given: str = LETTERS):
    return parse(written_out(latex), scope(given))


def deterministic(count):
    return hypothesis.settings(derandomize=True, deadline=None, max_examples=count, database=None)


# numerator layout, denominator layout
PAIRS = [
    (r"\frac{\d (\c^\t \X \a)}{\d \X} = \a \c^\t", r"\frac{\d (\c^\t \X \a)}{\d \X} = \c \a^\t"),
    (r"\frac{\d \tr(\X^\t \R \A)}{\d \X} = \A^\t \R^\t", r"\frac{\d \tr(\X^\t \R \A)}{\d \X} = \R \A"),
    (
        r"\frac{\d \tr(\Z^{-1} \A)}{\d \Z} = -\Z^{-1} \A \Z^{-1}",
        r"\frac{\d \tr(\Z^{-1} \A)}{\d \Z} = -\Z^{-\t} \A^\t \Z^{-\t}",
    ),
    (
        r"\frac{\d (\w^\t \A \w)}{\d \w} = \w^\t (\A + \A^\t)",
        r"\frac{\d (\w^\t \A \w)}{\d \w} = (\A + \A^\t) \w",
    ),
    (r"\frac{\d (\w^\t \P \w)}{\d \w} = 2 \w^\t \P", r"\frac{\d (\w^\t \P \w)}{\d \w} = 2 \P \w"),
    (r"\frac{\d (\R \w)}{\d \w} = \R", r"\frac{\d (\R \w)}{\d \w} = \R^\t"),
    (
        r"\left(\frac{\d (\c^\t \X \a)}{\d \X}\right)_{ij} = a_i c_j",
        r"\left(\frac{\d (\c^\t \X \a)}{\d \X}\right)_{ji} = a_i c_j",
    ),
    (
        r"\frac{\d (u \c^\t \X \a)}{\d \X} = \c^\t \X \a \frac{\d u}{\d \X} + u \a \c^\t",
        r"\frac{\d (u \c^\t \X \a)}{\d \X} = \c^\t \X \a \frac{\d u}{\d \X} + u \c \a^\t",
    ),
    (
        r"\frac{\d \tr(\A \B^q)}{\d \A} = \B^q",
        r"\frac{\d \tr(\A \B^q)}{\d \A} = (\B^\t)^q",
    ),
    (r"\frac{\d a}{\d \X} = \mathbf{0}", r"\frac{\d a}{\d \X} = \mathbf{0}"),
    (
        r"\frac{\d \tr((\R \odot \T)^\t \X)}{\d \X} = \R^\t \odot \T^\t",
        r"\frac{\d \tr((\R \odot \T)^\t \X)}{\d \X} = \R \odot \T",
    ),
    # the same in both
    (r"\frac{\d (\R^\t \U)}{\d t} = \R^\t \frac{\d \U}{\d t}",) * 2,
    (r"\frac{\d (\X \A)_{kl}}{\d x_{ij}} = \delta_{ki} a_{jl}",) * 2,
    (r"(\R \S)^\t = \S^\t \R^\t",) * 2,
    (r"\frac{\d^2 (\w^\t \A \w)}{\d \w \, \d \w^\t} = \A + \A^\t",) * 2,
]


@pytest.mark.parametrize(("numerator", "denominator"), PAIRS)
def test_both_directions(numerator, denominator):
    (there,), (here,) = claims(denominator, "denominator"), claims(numerator)
    assert (other_layout(here).lhs, other_layout(here).rhs) == (there.lhs, there.rhs)
    assert (other_layout(there).lhs, other_layout(there).rhs) == (here.lhs, here.rhs)
    assert judge(here).verdict == judge(other_layout(here)).verdict == "holds"
    assert judge(other_layout(there)).verdict == "holds"


@pytest.mark.parametrize(("numerator", "denominator"), PAIRS[:6])
def test_the_layouts_do_differ(numerator, denominator):
    assert judge(claims(numerator, "denominator")[0]).verdict == "fails"
    assert judge(claims(denominator)[0]).verdict == "fails"


def test_a_false_claim_stays_false():
    (claim,) = claims(r"\frac{\d \tr(\A \B)}{\d \A} = \B^\t")
    assert judge(other_layout(claim)).verdict == "fails"
    (claim,) = claims(r"\frac{\d \tr(\A \B)}{\d \A} \neq \B^\t")
    assert other_layout(claim).latex.endswith(r"\neq \mathbf{B}")
    assert judge(other_layout(claim)).verdict == "holds"


def test_definitions_are_carried_over():
    given = LETTERS + r" Let $\mathbf{G} := \frac{\d (\c^\t \X \a)}{\d \X}$."
    (claim,) = claims(r"\c^\t \G^\t \a = \c^\t \c \a^\t \a", given=given)
    assert judge(claim).verdict == judge(other_layout(claim)).verdict == "holds"
    (body,) = (found.body for found in other_layout(claim).scope.definitions)
    assert isinstance(body, Transpose)


def test_a_chain_is_transposed_as_a_whole():
    first, second = claims(r"\frac{\d \tr(\A \B \C)}{\d \A} &= \B \C \\ &= \B (\C + \mathbf{0})")
    begin = other_layout(first)
    assert other_layout(second).lhs == tree(r"\B \C"), "alone, it is the same in both"
    assert other_layout(second, after=begin).lhs == begin.rhs == tree(r"\C^\t \B^\t")
    assert judge(other_layout(second, after=begin)).verdict == "holds"


@pytest.mark.parametrize("formula", [r"\Q = \A", r"\A + = \B"])
def test_what_was_not_read_has_no_other_layout(formula):
    with pytest.raises(ValueError, match="understood"):
        other_layout(claims(formula)[0])


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\A \Z^{-1} \R^\t \c", r"\c^\t \R \Z^{-\t} \A^\t"),
        (r"2 \c^\t \R \a \cdot \a \c^\t", r"2 \c^\t \R \a \cdot \c \a^\t"),
        (r"-a \A", r"-a \A^\t"),
        (r"\A + \A^\t", r"\A + \A^\t"),
        (r"\A + \B^\t", r"\A^\t + \B"),
        (r"\P \A", r"\A^\t \P"),
        (r"\P^{-1}", r"\P^{-1}"),
        (r"(\A \Z)^{-1}", r"(\A \Z)^{-\t}"),
        (r"\A^{-q}", r"(\A^\t)^{-q}"),
        (r"\R \otimes \A", r"\R^\t \otimes \A^\t"),
        (r"\adj(\A)", r"\adj(\A^\t)"),
        (r"\exp(\A)", r"\exp(\A^\t)"),
        (r"\diag(\a)", r"\diag(\a)"),
        (r"\vec(\A)", r"\vec(\A)^\t"),
        (r"\mathbf{I}_n \A", r"\A^\t \mathbf{I}_n"),
        (r"\mathbf{J}^{ij} \A", r"\A^\t \mathbf{J}^{ji}"),
        (r"\frac{\R}{a}", r"\frac{\R^\t}{a}"),
        (r"\sum_{k} a_k \R", r"\sum_{k} a_k \R^\t"),
        (r"\frac{\d \U}{\d t}", r"\frac{\d \U^\t}{\d t}"),
        (r"\left. \U \right|_{t = 1}", r"\left. \U^\t \right|_{t = 1}"),
        (r"\frac{\d^2 u}{\d \a \, \d \w^\t}", r"\frac{\d^2 u}{\d \w \, \d \a^\t}"),
        (
            r"\begin{pmatrix} a_1 & a_2 & \cdots & a_n \end{pmatrix}",
            r"\begin{pmatrix} a_1 \\ a_2 \\ \vdots \\ a_n \end{pmatrix}",
        ),
        (r"\a^\t \R^\t \c", r"\a^\t \R^\t \c"),
    ],
)
def test_transposes_are_pushed_to_the_letters(latex, expected):
    node = tree(latex)
    turned = transposed(node, scope())
    assert readable(turned, scope()) == readable(tree(expected), scope())
    # Once there, they stay: to transpose twice changes nothing any more.
    again = transposed(turned, scope())
    assert transposed(transposed(again, scope()), scope()) == again


def test_a_declared_single_entry_matrix_keeps_its_shape():
    given = LETTERS + r" Let $\J^{ij} \in \mathbb{R}^{m \times n}$."
    assert readable(transposed(tree(r"\J^{ij}", given), scope(given)), scope(given)).endswith(r"^{\top}")


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\a^\t \R^\t \c", SCALAR),
        (r"\a^\t \R^\t", (True, False)),
        (r"\R \a", (False, True)),
        (r"\a \c^\t \R", (False, False)),
        (r"\frac{\d \|\a\|^2}{\d \a}", (True, False)),
        (r"\begin{pmatrix} a \\ b \end{pmatrix}", (False, True)),
        (r"\begin{cases} \mathbf{0} & n = 1 \\ \a & n > 1 \end{cases}", (False, True)),
        (r"\vec(\R)", (False, True)),
        (r"\Y(\X)", (False, False)),
    ],
)
def test_extent(latex, expected):
    assert extent(tree(latex), scope()) == expected


def test_readable_latex_is_read_back():
    node = tree(r"\tr(\X (\A + \A^\t) \S) + \tr(\frac{\d \U}{\d t} \S)^2")
    latex = readable(node, scope())
    assert parse(latex, scope()) == node
    assert r"\operatorname{tr}(\mathbf{X} (\mathbf{A} + \mathbf{A}^{\top}) \mathbf{S})" in latex
    assert r"\left(\frac" in latex, "tall brackets stay tall"


def test_a_dot_stays_where_a_bracket_would_be_an_argument():
    assert readable(tree(r"u \cdot (a + b)"), scope()) == "u (a + b)"
    assert readable(tree(r"g \cdot (a + b)"), scope()) == r"g \cdot \left(a + b\right)"


# ---------------------------------------------------------------------------- hypotheses and topics


def test_hypotheses():
    given = r"""Let $\A, \B \in \mathbb{R}^{m \times n}$,
    $\C \in \mathbb{S}^{n} \cap \mathrm{GL}_n(\mathbb{R})$, $\D \in \mathrm{GL}_n(\mathbb{R})$,
    $\E \in \mathbb{R}^{n \times n}$, $t \in \mathbb{R}$,
    $\U(t) \in \mathbb{R}^{n \times n}$, $q \in \mathbb{N}_0$, $\C + \E \in \mathrm{GL}_n(\mathbb{R})$ and
    $\Y := \D^q \U$, where $m \le n$."""
    found = hypotheses(claims(r"\A \Y (\C + \E)^{-1} = \A \Y (\C + \E)^{-1}", given=given))
    assert found == [
        written_out(line)
        for line in (
            r"\A \in \mathbb{R}^{m \times n}",
            r"\C \in \mathbb{S}^{n} \cap \mathrm{GL}_{n}(\mathbb{R})",
            r"\D \in \mathrm{GL}_{n}(\mathbb{R})",
            r"\E \in \mathbb{R}^{n \times n}",
            r"t \in \mathbb{R}",
            r"\U(t) \in \mathbb{R}^{n \times n}",
            r"q \in \mathbb{N}_0",
            r"\C + \E \in \mathrm{GL}(\mathbb{R})",
            r"m \le n",
            r"\Y := \D^{q} \U",
        )
    ]


def test_letters_of_one_set_share_a_membership():
    assert hypotheses(claims(r"\a^\t \b &= \b^\t \a \\ c_1 &= c_1")) == [
        r"\mathbf{a}, \mathbf{b} \in \mathbb{R}^{n}",
        r"\mathbf{c} \in \mathbb{R}^{m}",
    ]


@pytest.mark.parametrize(
    ("formula", "layout", "expected"),
    [
        (r"\frac{\d (\c^\t \X \a)}{\d \X} = \a \c^\t", "numerator", ("n", "m")),
        (r"\frac{\d (\c^\t \X \a)}{\d \X} = \c \a^\t", "denominator", ("m", "n")),
        (r"\a^\t \b = \b^\t \a", "numerator", ()),
        (r"\R \a = \R \a", "numerator", ("m", "1")),
        (r"(\A^q)_{ij} = \sum_{u_1} \cdots \sum_{u_{q-1}} a_{i u_1} \cdots a_{u_{q-1} j}", "numerator", ()),
    ],
)
def test_shape(formula, layout, expected):
    assert shape(claims(formula, layout)[0]) == expected


def test_sides_of_different_shape_have_none():
    with pytest.raises(ValueError, match="the left-hand side is n × m, the right-hand side is m × n"):
        shape(claims(r"\R^\t = \R")[0])


@pytest.mark.parametrize(
    ("formula", "kind", "expected"),
    [
        (r"\frac{\d (\R \odot \U)}{\d t} = \R \odot \frac{\d \U}{\d t}", "by scalar", ["Hadamard product"]),
        (r"\frac{\d x_{kl}}{\d x_{ij}} = \delta_{ki} \delta_{lj}", "by entry", ["Kronecker delta"]),
        (r"\frac{\d \X}{\d x_{ij}} = \mathbf{J}^{ij}", "by entry", ["single-entry matrix"]),
        (r"\frac{\d (\c^\t \X \a)}{\d \X} = \a \c^\t", "by matrix", ["bilinear form"]),
        (r"\frac{\d \|\X\|_F^2}{\d \X} = 2 \X^\t", "by matrix", ["norm", "quadratic form"]),
        (r"\frac{\d \tr(\A \B)}{\d \A} = \B", "of trace", ["linear form", "trace"]),
        (r"\frac{\d \tr(\A^2)}{\d \A} = 2 \A", "of trace", ["power", "quadratic form", "trace"]),
        (r"\frac{\d \tr(\A^q)}{\d \A} = q \A^{q-1}", "of trace", ["power", "trace"]),
        (r"\frac{\d \tr(\Z^{-1})}{\d \Z} = -\Z^{-2}", "of trace", ["inverse", "power", "trace"]),
        (r"\frac{\d \det\Z}{\d \Z} = (\det\Z) \Z^{-1}", "by matrix", ["determinant", "inverse"]),
        (r"\frac{\d (\w^\t \P \w)}{\d \w} = 2 \w^\t \P", "by vector", ["quadratic form", "symmetric matrix"]),
        (r"\frac{\d (\w^\t \a)}{\d w_i} = a_i", "by vector", ["linear form"]),
        (r"\frac{\d g(u)}{\d \X} = g'(u) \frac{\d u}{\d \X}", "by matrix", ["chain rule"]),
        (r"\frac{\d^2 (t^2 \R)}{\d t^2} = 2 \R", "by scalar", ["second derivative"]),
        (r"\tr(\A \B) = \tr(\B \A)", "none", ["trace"]),
    ],
)
def test_kind_and_topics(formula, kind, expected):
    found = claims(formula)
    assert derivative_kind(found) == kind
    assert topics(found) == expected


def test_topics_look_into_definitions():
    given = LETTERS + r" Let $f := \tr(\A^\t \A)$."
    found = claims(r"\frac{\d f}{\d \A} = 2 \A^\t", given=given)
    assert derivative_kind(found) == "of trace"
    assert topics(found) == ["quadratic form", "trace"]


# ------------------------------------------------------------------------------------- random trees


def verdict(claim) -> str:
    """Zero on both sides is true, though it says nothing."""
    found = judge(claim)
    return "holds" if found.reason.startswith("vacuous") else found.verdict


@deterministic(100)
@hypothesis.given(strategies.trees())
def test_pushed_transposes_have_the_value_of_the_transpose(node):
    where = strategies.scope()
    assert verdict(strategies.claim(Transpose(node), transposed(node, where), where)) == "holds"


@deterministic(60)
@hypothesis.given(strategies.claims())
def test_both_layouts_get_one_verdict(claim):
    assert verdict(other_layout(claim)) == verdict(claim)
    assert verdict(other_layout(other_layout(claim))) == verdict(claim)

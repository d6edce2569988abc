"""Random trees: printed and parsed back they are the same; checker and oracle give them the same value."""

from collections import Counter

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from strategies import EXACT, INEXACT, OTHERS, claims, scope, trees

from matproof import language as s
from matproof.decide.judge import judge
from matproof.language.operations import OPERATIONS
from matproof.read.grammar import parse

pytestmark = pytest.mark.slow  # thousands of random expressions

SCOPE = scope()
ABSENT = {s.Node, s.Space}  # these stand beside expressions, not in them


def deterministic(count):
    return settings(derandomize=True, deadline=None, max_examples=count, database=None)


# ----------------------------------------------------------------------------------- printed and read back


@deterministic(300)
@given(trees())
def test_a_printed_tree_is_read_back(tree):
    assert parse(s.to_latex(tree), SCOPE) == tree


@pytest.mark.parametrize("tree", OTHERS.values(), ids=OTHERS)
def test_what_is_not_drawn_is_read_back_too(tree):
    assert parse(s.to_latex(tree), SCOPE) == tree


def test_every_kind_of_node_is_among_them():
    seen = {type(node) for tree in OTHERS.values() for node in s.walk(tree)}

    @deterministic(600)
    @given(trees())
    def collect(tree):
        seen.update(map(type, s.walk(tree)))

    collect()
    kinds = {kind for kind in vars(s).values() if isinstance(kind, type) and issubclass(kind, s.Node)}
    assert kinds - seen == ABSENT


def test_every_operation_may_be_among_them():
    others = {node.operation for tree in OTHERS.values() for node in s.walk(tree) if isinstance(node, s.Call)}
    drawn = {row.name for row in (*EXACT, *INEXACT)} | {"vec"}  # which stands in a rule of its own
    assert drawn | others == OPERATIONS.keys()


# -------------------------------------------------------------------------------------- verdicts and values


def test_verdicts_are_those_of_the_oracle():
    """Also with general functions, exp, log and roots. Vacuous claims, 0 = 0, are true and undecided."""
    tally = Counter()

    @deterministic(150)
    @given(claims())
    def compare(claim):
        verdict, opinion = judge(claim), oracle.opinion(claim)
        kind = "vacuous" if verdict.reason.startswith("vacuous") else verdict.verdict
        tally[kind, opinion.answer] += 1
        expected = {"holds": "true", "vacuous": "true", "fails": "false"}.get(kind)
        assert opinion.answer == expected, (claim.latex, verdict.reason, opinion.reason)

    compare()
    assert tally["fails", "false"] > 50
    assert tally["holds", "true"] > 20


def test_the_values_of_counterexamples_are_those_of_the_oracle():
    """Both sides of a counterexample at its printed values: exact arithmetic, difference quotients."""
    compared = []

    @deterministic(150)
    @given(claims(general=False))
    def compare(claim):
        counterexample = judge(claim).counterexample
        if counterexample is not None:
            point = point_of(counterexample)
            for side, value in ((claim.lhs, counterexample.lhs), (claim.rhs, counterexample.rhs)):
                np.testing.assert_allclose(point.array(side), as_array(value), rtol=1e-6, atol=1e-6)
            compared.append(claim)

    compare()
    assert len(compared) > 50


def as_array(value):
    return np.atleast_2d(np.array(value, dtype=float))


def point_of(counterexample):
    """The oracle at the values that a counterexample names."""
    names = {s.to_latex(declaration.letter): declaration.letter for declaration in SCOPE.declarations}
    values = {names[name]: as_array(v) for name, v in counterexample.values if name in names and name != "N"}
    integers = {name: int(v) for name, v in counterexample.values if name not in names or name == "N"}
    return oracle.Point(SCOPE, integers, values=values)

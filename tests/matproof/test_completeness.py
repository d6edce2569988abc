"""Every kind of node is known to every pass, or stands in a list of exceptions with its reason.

What a pass does not know is undecided: it is neither guessed nor a traceback.
"""

from dataclasses import dataclass

import oracle
import pytest
from strategies import claim, scope

from matproof import language as s
from matproof.about import layouts
from matproof.about.layouts import other_layout
from matproof.about.topics import topics
from matproof.decide import dots, elaborate, evaluate, shapes
from matproof.decide.judge import judge
from matproof.language import printing

PRINTED = {kind for kind in vars(s).values() if isinstance(kind, type) and issubclass(kind, s.Node)} - {
    s.Node
}
CLOSED = {elaborate.AxisSum, elaborate.LoopSum, elaborate.Unfolded, elaborate.Unsized, dots.Grid}

WRITTEN_OUT = "is written out when the claim is closed"
NOT_ALONE = "stands only inside of the node that it belongs to"
BESIDE = "stands beside an expression, not in one"
CLOSED_AWAY = {
    s.Dots: WRITTEN_OUT,
    s.DottedSums: WRITTEN_OUT,
    s.BoundedSum: WRITTEN_OUT,
    s.Zero: WRITTEN_OUT,
    s.Indexed: WRITTEN_OUT,
    s.Infinity: NOT_ALONE,
    s.Condition: NOT_ALONE,
    s.Space: BESIDE,
}
SCALARS = dict.fromkeys(layouts._SCALARS, "is a scalar, and so its own transpose")
# table -> (the nodes that there are, those that it need not know)
TABLES = {
    "printing": (printing._PRINTERS, PRINTED, {}),
    "shapes": (shapes._RULES, PRINTED | CLOSED, CLOSED_AWAY),
    "values": (evaluate._RULES, PRINTED | CLOSED, CLOSED_AWAY),
    "extents": (layouts._EXTENTS, PRINTED, {s.Condition: NOT_ALONE, s.Space: BESIDE}),
    "transposes": (
        layouts._TRANSPOSED,
        PRINTED,
        SCALARS
        | dict.fromkeys(layouts._SELF_TRANSPOSED, "is its own transpose")
        | {s.Condition: NOT_ALONE, s.Space: BESIDE, s.Transpose: "loses its transpose"},
    ),
    "oracle": (
        oracle._RULES,
        PRINTED,
        {
            s.Condition: NOT_ALONE,
            s.Space: BESIDE,
            s.Dots: NOT_ALONE,
            s.Infinity: NOT_ALONE,
            s.Indexed: NOT_ALONE,
        },
    ),
}


@pytest.mark.parametrize("table", TABLES)
def test_every_kind_of_node_is_known_or_an_exception(table):
    known, every, exceptions = TABLES[table]
    assert {kind.__name__ for kind in every - known.keys()} == {kind.__name__ for kind in exceptions}


@dataclass(frozen=True)
class Strange(s.Node):
    """A node that nobody has heard of."""

    of: s.Node


STRANGE = Strange(s.Letter("X", True))
UNKNOWN = s.Call("frobnicate", (s.Letter("X", True),))


@pytest.mark.parametrize("node", [STRANGE, UNKNOWN])
def test_what_is_not_known_is_undecided(node):
    verdict = judge(claim(node, s.Letter("X", True), scope()))
    assert verdict.verdict == "undecided"
    assert type(node).__name__ in verdict.reason or "frobnicate" in verdict.reason


@pytest.mark.parametrize("node", [STRANGE, UNKNOWN])
def test_what_is_not_known_is_not_guessed_in_the_other_layout(node):
    derivative = s.Derivative(s.Call("tr", (node,)), (s.Letter("X", True),))
    with pytest.raises(ValueError, match=r"Strange|frobnicate"):
        other_layout(claim(derivative, node, scope()))


@pytest.mark.parametrize("node", [STRANGE, UNKNOWN])
def test_what_is_not_known_has_no_topics(node):
    assert topics([claim(node, node, scope())]) == []


def test_what_is_not_known_can_be_printed():
    assert s.to_latex(STRANGE) == r"\text{Strange}"
    assert s.to_latex(UNKNOWN) == r"\operatorname{frobnicate}\left(\mathbf{X}\right)"

"""The table of operations: complete rows, true properties, examples that hold and others that are refused."""

import dataclasses

import oracle_operations
import pytest

from matproof import check
from matproof.language.integers import ClaimError
from matproof.language.nodes import Call, Letter
from matproof.language.operations import EXAMPLES, OPERATIONS, Operation, Signature, operation

ROWS = OPERATIONS.values()


def verdicts(formula):
    """Verdict and reason of every claim of a display, under the declarations of the examples."""
    (document,) = check(f"{EXAMPLES}\n\n$$\n{formula}\n$$\n").documents
    return [(result.verdict.verdict, result.verdict.reason) for result in document.results]


def test_a_row_without_a_field_is_an_error():
    complete = {item.name: None for item in dataclasses.fields(Operation)}
    for name in complete:
        with pytest.raises(TypeError, match=name):
            Operation(**{field: None for field in complete if field != name})


def test_both_tables_have_the_same_names():
    assert oracle_operations.OPERATIONS.keys() == OPERATIONS.keys()


def test_no_spelling_belongs_to_two_operations():
    words = [word for row in ROWS for word in row.words]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("text", "arguments", "result"),
    [
        ("1 -> n", [("1", "1")], ("n", "1")),
        ("n -> n × n", [("n", "1")], ("n", "n")),
        ("m × n, k -> m n", [("m", "n"), ("k", "1")], ("m n", "1")),
    ],
)
def test_signatures(text, arguments, result):
    signature = Signature(text)
    assert [tuple(map(str, shape)) for shape in signature.arguments] == arguments
    assert tuple(map(str, signature.result)) == result


@pytest.mark.parametrize("row", ROWS, ids=OPERATIONS)
def test_every_row_has_examples_that_hold(row):
    assert row.accepted
    for formula in row.accepted:
        assert [verdict for verdict, _ in verdicts(formula)] == ["holds"]


@pytest.mark.parametrize("row", ROWS, ids=OPERATIONS)
def test_every_row_has_examples_that_are_refused_with_their_message(row):
    assert row.rejected
    for formula, message in row.rejected:
        ((verdict, reason),) = verdicts(formula)
        assert verdict != "holds"
        assert reason == message


def test_an_unknown_operation_leaves_its_claim_undecided():
    with pytest.raises(ClaimError, match="frobnicate") as caught:
        operation(Call("frobnicate", (Letter("X", True),)))
    assert caught.value.verdict == "undecided"

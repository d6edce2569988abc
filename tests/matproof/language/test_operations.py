"""The table of operations: complete rows, true properties, examples that hold and others that are refused."""

import dataclasses

import numpy as np
import oracle_operations
import pytest

from matproof import check
from matproof.language.integers import ClaimError
from matproof.language.nodes import Call, Letter
from matproof.language.operations import EXAMPLES, OPERATIONS, Operation, Signature, operation
from matproof.language.scope import Declaration, Scope
from matproof.read.grammar import parse

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


# ------------------------------------------------ what a row says of itself, against the oracle's column


def drawn(row, seed=0):
    """Arguments of an operation: general matrices, with more rows than columns where they may have."""
    sizes = {"m": 4, "n": 3}
    random = np.random.default_rng(seed)
    shapes = [[size.at(sizes) for size in shape] for shape in row.shape.arguments]
    return [random.uniform(1, 2, shape).astype(complex) for shape in shapes]


def value(row, arguments):
    return oracle_operations.OPERATIONS[row.name](*arguments)


@pytest.mark.parametrize("row", ROWS, ids=OPERATIONS)
def test_the_value_has_the_shape_that_the_row_says(row):
    assert value(row, drawn(row)).shape == tuple(size.at({"m": 4, "n": 3}) for size in row.shape.result)


@pytest.mark.parametrize("row", ROWS, ids=OPERATIONS)
def test_the_transpose_is_what_the_row_says(row):
    arguments = drawn(row)
    transpose = value(row, arguments).T
    candidates = {"same": value(row, arguments)}
    if all(shape == shape[::-1] for shape in row.shape.arguments):
        candidates["inside"] = value(row, [argument.T for argument in arguments])
    right = [
        name
        for name, other in candidates.items()
        if other.shape == transpose.shape and np.allclose(transpose, other)
    ]
    assert row.transposed in (right or ["outside"])


@pytest.mark.parametrize("row", ROWS, ids=OPERATIONS)
def test_the_degree_is_what_the_row_says(row):
    """At t times the arguments a homogeneous polynomial of degree d is t^d times as large."""
    arguments = drawn(row)
    before, after = value(row, arguments), value(row, [2 * argument for argument in arguments])
    if row.degree is not None:
        assert np.allclose(after, 2 ** row.degree.at({"m": 4, "n": 3}) * before)
    else:
        assert not any(np.allclose(after, 2**degree * before) for degree in range(2, 12))


@pytest.mark.parametrize("row", ROWS, ids=OPERATIONS)
def test_the_value_is_invertible_where_the_row_says_so(row):
    """Always, or where the first argument is: then the oracle's determinant is not zero."""
    result = value(row, drawn(row))
    if row.invertible != "unknown":
        assert abs(np.linalg.det(result)) > 1e-6
    if row.invertible == "always":
        zero = [np.zeros_like(argument) for argument in drawn(row)]
        assert abs(np.linalg.det(value(row, zero))) > 1e-6


def test_an_unknown_operation_leaves_its_claim_undecided():
    with pytest.raises(ClaimError, match="frobnicate") as caught:
        operation(Call("frobnicate", (Letter("X", True),)))
    assert caught.value.verdict == "undecided"


@pytest.mark.parametrize(("word", "row"), [(word, row) for row in ROWS for word in row.words])
def test_every_spelling_is_read(word, row):
    arguments = ", ".join(r"\mathbf{X}" for _ in row.shape.arguments)
    scope = Scope((Declaration(Letter("X", True), "matrix", (Letter("m"), Letter("n"))),))
    for command in (rf"\operatorname{{{word}}}", rf"\mathrm{{{word}}}"):
        tree = parse(f"{command}({arguments})", scope)
        assert tree == Call(row.name, (Letter("X", True),) * len(row.shape.arguments))

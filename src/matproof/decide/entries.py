"""Values of what has indices: entries, deltas, single-entry matrices, conditions between indices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..arithmetic.arrays import np
from ..arithmetic.fields import Rationals
from ..arithmetic.jets import Jet
from ..language.integers import integer
from ..language.nodes import (
    Condition,
    Delta,
    Entry,
    Letter,
    SingleEntry,
)
from .shapes import ONE

if TYPE_CHECKING:
    from .evaluate import Evaluator

LAST_COEFFICIENT = 3  # in a counterexample a power series ends here

_COMPARE = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def entry(evaluator: Evaluator, node: Entry) -> Jet:
    """(A)_{ij}, a_i; c_n is a random number for every n."""
    if isinstance(node.of, Letter) and is_sequence(evaluator, node.of):
        return sequence(evaluator, node)
    value, (rows, columns) = evaluator.visit(node.of), evaluator.size(node.of)
    if len(node.indices) == 2:
        return value.entry(evaluator.index(node.indices[0], rows), evaluator.index(node.indices[1], columns))
    if evaluator.shapes.of(node.of)[0] == ONE:
        return value.entry(0, evaluator.index(node.indices[0], columns))
    return value.entry(evaluator.index(node.indices[0], rows), 0)


def is_sequence(evaluator: Evaluator, letter: Letter) -> bool:
    """Whether a letter stands for numbered coefficients."""
    declaration = evaluator.shapes.scope.declaration(letter)
    return declaration is not None and declaration.kind == "sequence"


def sequence(evaluator: Evaluator, node: Entry) -> Jet:
    """c_n."""
    number = tuple(integer(index, evaluator.integers) for index in node.indices)
    if isinstance(evaluator.field, Rationals) and max(number) > LAST_COEFFICIENT:
        return Jet.number(evaluator.field, 0)
    letter = Letter(f"{node.of.name}_{{{','.join(map(str, number))}}}")
    if letter not in evaluator.point.letters:
        evaluator.point.letters[letter] = Jet.constant(
            evaluator.field, evaluator.field.draw(evaluator.point.source, (1, 1))
        )
    return evaluator.point.letters[letter]


def delta(evaluator: Evaluator, node: Delta) -> Jet:
    """delta_ij = e_i' e_j."""
    axes = [
        index
        for index in (node.row, node.column)
        if isinstance(index, Letter) and evaluator.shapes.is_axis(index.name)
    ]
    if not axes:
        same = integer(node.row, evaluator.integers) == integer(node.column, evaluator.integers)
        return Jet.number(evaluator.field, int(same))
    size = evaluator.range(axes[0].name)
    row, column = (evaluator.unit(evaluator.index(index, size), size) for index in (node.row, node.column))
    return row.transpose() @ column


def single_entry(evaluator: Evaluator, node: SingleEntry) -> Jet:
    """J^{ij} = e_i e_j'."""
    rows, columns = evaluator.size(node)
    return (
        evaluator.unit(evaluator.index(node.row, rows), rows)
        @ evaluator.unit(evaluator.index(node.column, columns), columns).transpose()
    )


def condition(evaluator: Evaluator, node: Condition) -> Jet:
    """1 where a relation between indices and integers holds, else 0."""
    sides, labels = [], []
    for side in (node.left, node.right):
        if isinstance(side, Letter) and evaluator.shapes.is_axis(side.name):
            sides.append(np.arange(1, evaluator.range(side.name) + 1))
            labels.append(side.name)
        else:
            sides.append(np.array(integer(side, evaluator.integers)))
    left, right = sides
    if left.ndim and right.ndim:
        left = left[:, None]
    data = _COMPARE[node.relation](left, right)[..., None, None]
    return Jet.constant(evaluator.field, data.astype(evaluator.field.dtype), labels)

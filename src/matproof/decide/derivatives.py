"""Values of derivatives: the Jacobian axis of a level turned into indices, rows or columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..arithmetic.jets import Jet
from ..arithmetic.tensors import level_label
from ..language.nodes import (
    Derivative,
    Entry,
    Letter,
    Node,
    Transpose,
)
from .shapes import ONE

if TYPE_CHECKING:
    from .evaluate import Evaluator


def derivative(evaluator: Evaluator, node: Derivative) -> Jet:
    """d a / d x, d a / d x_ij, d^2 a / dx dy; d a / d X by the layout."""
    first = len(evaluator.active)
    variables = [variable if isinstance(variable, Letter) else variable.of for variable in node.by]
    value = evaluator.under(evaluator.active + tuple(variables), node.of)
    for level in range(first + len(variables) - 1, first - 1, -1):
        value = value.part(level)
    labels = [level_label(first + position) for position in range(len(variables))]
    if len(node.by) == 2 and isinstance(node.by[1], Transpose):
        return value.to_matrix(labels[0], labels[1])
    for label, variable, printed in zip(labels, variables, node.by, strict=True):
        value = placed(evaluator, value, label, variable, printed, node)
    return value


def placed(
    evaluator: Evaluator, value: Jet, label: str, variable: Letter, printed: Node, node: Derivative
) -> Jet:
    """The Jacobian axis turned into indices, rows or columns."""
    size = rows, columns = evaluator.letter_size(variable)
    if isinstance(printed, Entry):
        row = evaluator.index(printed.indices[0], rows)
        return value.unfold(
            label, size, row, evaluator.index(printed.indices[1], columns) if len(printed.indices) > 1 else 0
        )
    if size == (1, 1):
        return value.unfold(label, size, 0, 0)
    numerator = evaluator.shapes.scope.layout == "numerator"
    of_rows, of_columns = evaluator.shapes.of(node.of)
    if of_rows == ONE == of_columns:
        value = value.unfold(label, size, "∂row", "∂column")
        return value.to_matrix(*(("∂column", "∂row") if numerator else ("∂row", "∂column")))
    value = (value.transpose() if of_rows == ONE else value).to_columns(label)
    return value if numerator else value.transpose()

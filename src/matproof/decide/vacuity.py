"""Whether an equality 0 = 0 says anything.

It does where terms cancel, or a product of values that are not zero vanishes. It does not where nothing on
either side depends on what is compared: two derivatives of constants.
"""

from __future__ import annotations

from ..language.integers import ClaimError, integer
from ..language.nodes import (
    Cases,
    Derivative,
    Entry,
    ExplicitMatrix,
    Fraction,
    Letter,
    Node,
    Number,
    Power,
    Sum,
    Zero,
    children,
)
from .dots import Grid
from .elaborate import AxisSum, LoopSum, Unsized
from .evaluate import Evaluator


def prints_zero(node: Node) -> bool:
    """Whether a zero is printed as a value: not as an index, an exponent or a bound."""
    if isinstance(node, Zero) or node == Number(0):
        return True
    return any(map(prints_zero, _values(node)))


def _values(node: Node) -> tuple[Node, ...]:
    """The children of a node that stand for values."""
    match node:
        case Letter():
            return ()
        case Entry():
            return (node.of,)
        case Power():
            return (node.base,)
        case Cases():
            return tuple(value for value, _ in node.branches)
        case Derivative():
            return (node.of,)
    body = getattr(node, "body", None)
    return children(node) if body is None else (body,)


def is_alive(evaluator: Evaluator, node: Node) -> bool:
    """Whether the zero that a node has become is one of terms that cancel, or of other factors."""
    if isinstance(node, Number | Unsized | Zero):
        return node != Number(0) and not (isinstance(node, Unsized) and not node.identity)
    if isinstance(node, Derivative):
        return depends(evaluator, node)
    if isinstance(node, AxisSum | LoopSum | Grid | Cases | ExplicitMatrix | Sum):
        return any(is_alive(evaluator, child) for child in _values(node))
    if isinstance(node, Fraction):
        return is_alive(evaluator, node.numerator)
    return all(is_alive(evaluator, child) for child in _values(node))


def depends(evaluator: Evaluator, node: Derivative) -> bool:
    """Whether what is differentiated depends on all the variables, as a constant does not."""
    variables = [variable if isinstance(variable, Letter) else _letter(variable) for variable in node.by]
    return all(_occurs(evaluator, variable, node.of) for variable in variables)


def _letter(node: Node) -> Letter:
    of = getattr(node, "of", None)
    assert isinstance(of, Letter)  # elaboration lets nothing else pass
    return of


def _occurs(evaluator: Evaluator, variable: Letter, node: Node) -> bool:
    """Whether a letter occurs where it counts, in a definition or as an argument of a function too."""
    if node == variable:
        return True
    if isinstance(node, Power):
        return not _is_zero(evaluator, node.exponent) and _occurs(evaluator, variable, node.base)
    if isinstance(node, Letter):
        definition = evaluator.closed.definitions.get(node)
        declaration = evaluator.shapes.scope.declaration(node)
        inner = (definition,) if definition else declaration.arguments if declaration else ()
        return any(_occurs(evaluator, variable, part) for part in inner)
    return any(_occurs(evaluator, variable, part) for part in _values(node))


def _is_zero(evaluator: Evaluator, exponent: Node) -> bool:
    try:
        return integer(exponent, evaluator.integers) == 0
    except ClaimError:
        return False

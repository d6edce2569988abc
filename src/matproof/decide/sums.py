"""Values of sums and products: over index axes as one array, or term by term."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..arithmetic.arrays import np
from ..arithmetic.contraction import contract
from ..arithmetic.fields import Adic, NoExactValueError, Rationals
from ..arithmetic.jets import Jet
from ..language.integers import ClaimError, integer
from ..language.nodes import (
    Infinity,
    Negative,
    Node,
    Product,
    Sum,
)
from .elaborate import AxisSum, LoopSum
from .entries import LAST_COEFFICIENT
from .shapes import ONE

if TYPE_CHECKING:
    from .evaluate import Evaluator

MOST_TERMS = 200  # of a sum that is evaluated term by term


def negative(evaluator: Evaluator, node: Negative) -> Jet:
    """-a."""
    return -evaluator.visit(node.of)


def sum_of(evaluator: Evaluator, node: Sum) -> Jet:
    """a + b + ..."""
    return total(evaluator, (evaluator.visit(term) for term in node.terms))


def total(evaluator: Evaluator, values: Iterable[Jet]) -> Jet:
    """The sum of values."""
    total = Jet(evaluator.field, {})
    for value in values:
        total = total + value
    return total


def product_of(evaluator: Evaluator, node: Product) -> Jet:
    """The product of the scalars and of the one matrix that the factors make."""
    return contract(factors(evaluator, node), {})


def factors(evaluator: Evaluator, node: Product) -> list[Jet]:
    """The chains of a product, multiplied out, from the end where a vector keeps the work small."""
    return [
        chained(evaluator, [evaluator.visit(factor) for factor in chain], chain)
        for chain in evaluator.shapes.chains[id(node)]
    ]


def chained(evaluator: Evaluator, values: list[Jet], nodes: Sequence[Node]) -> Jet:
    """A B C ..."""
    if len(values) > 2 and evaluator.shapes.of(nodes[-1])[1] == ONE != evaluator.shapes.of(nodes[0])[0]:
        result = values.pop()
        while values:
            result = values.pop() @ result
        return result
    result = values[0]
    for value in values[1:]:
        result = result @ value
    return result


def axis_sum(evaluator: Evaluator, node: AxisSum) -> Jet:
    """sum_k ..., nested sums together, term by term of the summand."""
    sums: dict[str, int] = {}
    masks: list[Jet] = []
    body: Node = node
    while isinstance(body, AxisSum):
        sums[body.index.name] = evaluator.range(body.index.name)
        masks.extend(mask(evaluator, body))
        body = body.body
    return summed(evaluator, body, sums, masks)


def summed(evaluator: Evaluator, body: Node, sums: dict[str, int], masks: list[Jet]) -> Jet:
    """The sum of a summand over index axes."""
    if isinstance(body, Negative):
        return -summed(evaluator, body.of, sums, masks)
    if isinstance(body, Sum):
        return total(evaluator, (summed(evaluator, term, sums, masks) for term in body.terms))
    scalars = factors(evaluator, body) if isinstance(body, Product) else [evaluator.visit(body)]
    return contract([*scalars, *masks], sums)


def mask(evaluator: Evaluator, node: AxisSum) -> list[Jet]:
    """1 within the bounds of a sum, 0 outside; nothing if the bounds are the whole range."""
    size = evaluator.range(node.index.name)
    lower = 1 if node.lower is None else integer(node.lower, evaluator.integers)
    upper = size if node.upper is None else integer(node.upper, evaluator.integers)
    check_bounds(evaluator, lower, upper, node)
    if lower < 1 or upper > size:
        raise ClaimError(f"the sum runs from {lower} to {upper}, its index only from 1 to {size}", node.span)
    if (lower, upper) == (1, size):
        return []
    inside = (np.arange(1, size + 1) >= lower) & (np.arange(1, size + 1) <= upper)
    data = inside.astype(evaluator.field.dtype)[:, None, None]
    return [Jet.constant(evaluator.field, data, [node.index.name])]


def check_bounds(evaluator: Evaluator, lower: int, upper: int, node: AxisSum | LoopSum) -> None:
    """An empty sum ends one before it begins; any other order is a mistake."""
    if upper < lower - 1:
        raise ClaimError(f"the bounds of this sum are upside down: from {lower} to {upper}", node.span)


def loop_sum(evaluator: Evaluator, node: LoopSum) -> Jet:
    """sum_{r=a}^{b}, term by term; a power series until its terms vanish."""
    name = node.index.name
    lower = 1 if node.lower is None else integer(node.lower, evaluator.integers)
    if isinstance(node.upper, Infinity):
        upper = lower + last_order(evaluator)
    else:
        upper = evaluator.range(name) if node.upper is None else integer(node.upper, evaluator.integers)
        check_bounds(evaluator, lower, upper, node)
    if upper - lower >= MOST_TERMS:
        raise ClaimError(f"a sum of {upper - lower + 1} terms is not written out", node.span, "undecided")
    total, outside = Jet(evaluator.field, {}), evaluator.integers
    for number in range(lower, upper + 1):
        evaluator.integers = {**outside, name: number}
        term = evaluator.visit(node.body)
        total = total + term
    evaluator.integers = outside
    if isinstance(node.upper, Infinity) and any(data.any() for _, data in term.parts.values()):
        raise ClaimError("the terms of this series do not vanish in the end", node.span, "undecided")
    return total


def last_order(evaluator: Evaluator) -> int:
    """How many terms of a power series are evaluated, beyond the first."""
    if isinstance(evaluator.field, Adic):
        return evaluator.field.orders + len(evaluator.active) + 2
    if isinstance(evaluator.field, Rationals):
        return LAST_COEFFICIENT + 3
    raise NoExactValueError("a series has no exact value here")

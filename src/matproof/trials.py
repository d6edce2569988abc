"""What a claim is tried on: values of its integer parameters, and sizes of its matrices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, permutations, product

from .elaborate import AxisSum, Closed, LoopSum, Roles
from .integers import ClaimError, Poly, integer
from .shapes import Shapes
from .syntax import (
    Condition,
    Delta,
    Entry,
    Infinity,
    Letter,
    Node,
    Number,
    Power,
    Product,
    children,
    walk,
)

EXPONENTS = 5  # an integer parameter n is tried for n = 1, ..., 5, and for 0 if it may be 0
COMBINATIONS = 25  # of the values of several parameters
LARGEST_INTEGER = -3, 3  # the values of a parameter in Z
MOST_FACTORS = 12  # products longer than this do not make the sizes larger still

_HOLDS = {
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def holds(condition: Condition, values: Mapping[str, int]) -> bool:
    """Whether a condition between integers is met."""
    return _HOLDS[condition.relation](integer(condition.left, values), integer(condition.right, values))


def letters(condition: Condition) -> set[str]:
    """The letters of a condition."""
    return {part.name for part in walk(condition) if isinstance(part, Letter)}


def assignments(roles: Roles, conditions: Sequence[Condition]) -> list[dict[str, int]]:
    """Values of the integer parameters, smallest first, as far as the conditions allow them."""
    names = list(roles.parameters)
    if not names:
        return [{}]
    conditions = [condition for condition in conditions if letters(condition) <= set(names)]
    literals = [
        part.value for condition in conditions for part in walk(condition) if isinstance(part, Number)
    ]
    highest = EXPONENTS + max((value for value in literals if value < 50), default=0)
    ranges = [_values(roles.parameters[name], highest) for name in names]
    chosen = [dict(zip(names, values, strict=True)) for values in product(*ranges)]
    chosen = [values for values in chosen if all(holds(condition, values) for condition in conditions)]
    if not chosen:
        raise ClaimError("no integer that was tried meets the conditions", None, "undecided")
    chosen.sort(key=lambda values: sum(map(abs, values.values())))
    return chosen[
        : COMBINATIONS
        if len(names) > 1
        else max(EXPONENTS, len(_values(roles.parameters[names[0]], EXPONENTS)))
    ]


def _values(minimum: int | None, highest: int) -> range:
    """The candidates for one parameter: from its minimum on, or around zero."""
    return (
        range(LARGEST_INTEGER[0], LARGEST_INTEGER[1] + 1) if minimum is None else range(minimum, highest + 1)
    )


def sizes(
    shapes: Shapes, closed: Closed, conditions: Sequence[Condition], integers: Mapping[str, int]
) -> Iterator[dict[str, int]]:
    """Three choices of sizes, at least 2 and pairwise different: small; in another order; and so large that every
    size exceeds the number of factors of any product.
    """
    names, low = shapes.names, _minima(shapes, integers)
    conditions = [
        condition for condition in conditions if letters(condition) and letters(condition) <= set(names)
    ]
    factors = min(max(_factors(side, integers, {}) for side in (closed.lhs, closed.rhs)), MOST_FACTORS)
    for start, order in ((2, names), (3, names[::-1]), (max(factors + 1, 4), names)):
        yield _fitting(shapes, order, low, start, conditions)
        if not names:
            return


def small_sizes(
    shapes: Shapes, conditions: Sequence[Condition], integers: Mapping[str, int]
) -> Iterator[dict[str, int]]:
    """Sizes for a counterexample: all 2, or 2 and 3, as far as indices and conditions allow."""
    names, low = shapes.names, _minima(shapes, integers)
    for pattern in ((2, 2), (2, 3), (3, 2), (3, 3)):
        chosen = {name: max(low.get(name, 2), pattern[k % 2]) for k, name in enumerate(names)}
        known = [
            condition for condition in conditions if letters(condition) and letters(condition) <= set(names)
        ]
        if all(holds(condition, chosen) for condition in known) and _positive(shapes, chosen):
            yield chosen
        if not names:
            return


def _positive(shapes: Shapes, chosen: Mapping[str, int]) -> bool:
    return all(dimension.at(chosen) > 0 for dimension in shapes.compound)


def _minima(shapes: Shapes, integers: Mapping[str, int]) -> dict[str, int]:
    """What fixed indices ask of the sizes: a_{33} needs three rows."""
    low: dict[str, int] = {}
    for bound in shapes.bounds:
        dimension, index = shapes.solve(bound.dimension), shapes.solve(bound.index)
        if not set(index.names()) <= set(integers):
            continue
        position = index.at(integers)
        excess = Poly.of(position) - dimension
        if position < 1 or (excess.constant() or 0) > 0:
            raise ClaimError(f"there is no entry number {position}", bound.span)
        name = dimension.letter()
        if name is not None:
            low[name] = max(low.get(name, 2), position)
    return low


def _fitting(
    shapes: Shapes, names: list[str], low: Mapping[str, int], start: int, conditions: Sequence[Condition]
) -> dict[str, int]:
    """Different sizes from `start` on that meet the minima and the conditions, all dimensions being positive."""
    for shift in range(6):
        for order in islice(permutations(names), 120 if conditions else 1):
            chosen: dict[str, int] = {}
            for name in order:
                size = max(low.get(name, 2), start + shift)
                while size in chosen.values():
                    size += 1
                chosen[name] = size
            if all(holds(condition, chosen) for condition in conditions) and _positive(shapes, chosen):
                return chosen
    raise ClaimError("no sizes that were tried meet the conditions", None, "undecided")


def _factors(node: Node, integers: Mapping[str, int], known: dict[int, int]) -> int:
    """The largest number of factors, letters and entries, that a product of the tree has when written out."""
    if id(node) not in known:
        if isinstance(node, Product):
            count = sum(_factors(factor, integers, known) for factor in node.factors)
        elif isinstance(node, Power):
            count = _factors(node.base, integers, known) * _exponent(node.exponent, integers)
        elif isinstance(node, Entry):
            count = _factors(node.of, integers, known)
        elif isinstance(node, Letter):
            count = int(node.bold)
        elif isinstance(node, Delta | Number | Infinity):
            count = 0
        else:
            bodies = [node.body] if isinstance(node, AxisSum | LoopSum) else list(children(node))
            count = max((_factors(body, integers, known) for body in bodies), default=0)
        known[id(node)] = count
    return known[id(node)]


def _exponent(node: Node, integers: Mapping[str, int]) -> int:
    """The size of an exponent; where a loop counts in it, that of the largest parameter."""
    try:
        return min(abs(integer(node, integers)), MOST_FACTORS)
    except ClaimError:
        return max((abs(value) for value in integers.values()), default=2)

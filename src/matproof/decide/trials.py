"""What a claim is tried on: values of its integer parameters, and sizes of its matrices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, permutations, product
from math import prod

from ..language.integers import ClaimError, Poly, integer, polynomial
from ..language.nodes import (
    Condition,
    Derivative,
    Entry,
    Letter,
    Node,
    Number,
    Power,
    Product,
    children,
    walk,
)
from .elaborate import Closed, Roles
from .shapes import Shapes

EXPONENTS = 5  # an integer parameter n is tried for n = 1, ..., 5, and for 0 if it may be 0
MOST_COMBINATIONS = 20_000  # of these values are looked at; with many parameters, each has fewer values
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
    while prod(map(len, ranges)) > MOST_COMBINATIONS:
        longest = max(range(len(ranges)), key=lambda place: len(ranges[place]))
        ranges[longest] = ranges[longest][:-1]
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
    shapes: Shapes,
    closed: Closed,
    conditions: Sequence[Condition],
    integers: Mapping[str, int],
    *,
    largest_only: bool = False,
) -> Iterator[dict[str, int]]:
    """Three choices of sizes, at least 2 and pairwise different: small; in another order; and all larger than
    the number of factors of any product, or only these.
    """
    names, low = shapes.names, _minima(shapes, integers)
    conditions = _on_sizes([*conditions, *shapes.conditions], names, integers)
    large = max(_longest(closed, integers) + 1, 4), names
    for start, order in [large] if largest_only else [(2, names), (3, names[::-1]), large]:
        yield _fitting(shapes, order, low, start, lambda chosen: _meets(conditions, chosen, integers))


def small_sizes(
    shapes: Shapes, conditions: Sequence[Condition], integers: Mapping[str, int]
) -> Iterator[dict[str, int]]:
    """Sizes for a counterexample: all 2, then 2 and 3, as far as indices and conditions allow; at last 4."""
    names, low = shapes.names, _minima(shapes, integers)
    conditions = _on_sizes([*conditions, *shapes.conditions], names, integers)
    for pattern in ((2, 2), (2, 3), (3, 2), (3, 3), (4, 4)):
        chosen = {name: max(low.get(name, 2), pattern[k % 2]) for k, name in enumerate(names)}
        if _meets(conditions, chosen, integers) and _positive(shapes, chosen):
            yield chosen
        if not names:
            return


def _on_sizes(
    conditions: Sequence[Condition], names: Sequence[str], integers: Mapping[str, int]
) -> list[Condition]:
    """The conditions that relate sizes to each other, to parameters or to numbers."""
    known = {*names, *integers}
    return [c for c in conditions if letters(c) & set(names) and letters(c) <= known]


def _meets(conditions: Sequence[Condition], chosen: Mapping[str, int], integers: Mapping[str, int]) -> bool:
    values = {**chosen, **integers}
    return all(holds(condition, values) for condition in conditions)


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
    shapes: Shapes,
    names: list[str],
    low: Mapping[str, int],
    start: int,
    meets: Callable[[dict[str, int]], bool],
) -> dict[str, int]:
    """Different sizes from `start` on that meet minima and conditions, with all dimensions positive."""
    for shift in range(6):
        for order in islice(permutations(names), 120):
            chosen: dict[str, int] = {}
            for name in order:
                size = max(low.get(name, 2), start + shift)
                while size in chosen.values():
                    size += 1
                chosen[name] = size
            if meets(chosen) and _positive(shapes, chosen):
                return chosen
    raise ClaimError("no sizes that were tried meet the conditions", None, "undecided")


def _longest(closed: Closed, integers: Mapping[str, int]) -> int:
    """The largest number of matrices and vectors that a product of the claim has when it is written out."""
    known: dict[int, int] = {}
    worst = max((abs(value) for value in integers.values()), default=2)  # what a loop counts is at most that

    def exponent(node: Node) -> int:
        value = polynomial(node)
        if value is None or (value.constant() or 0) < 0:
            return worst
        return value.at(dict.fromkeys(value.names(), worst) | dict(integers))

    def degree(node: Node) -> int:
        if id(node) not in known:
            if isinstance(node, Letter):
                known[id(node)] = int(node.bold)
            elif isinstance(node, Product):
                known[id(node)] = sum(map(degree, node.factors))
            elif isinstance(node, Power):
                known[id(node)] = degree(node.base) * exponent(node.exponent)
            else:
                parts = [node.of] if isinstance(node, Entry | Derivative) else children(node)
                known[id(node)] = max(map(degree, parts), default=0)
        return known[id(node)]

    return min(max(degree(closed.lhs), degree(closed.rhs), 0), MOST_FACTORS)

"""The sizes that a claim is tried on.

A false claim may hold where sizes are equal or differ, are in one order, are neighbours, or are small: a
determinant of a product vanishes by the order of the sizes, a polynomial in the sizes may have few roots, and
some identities hold in small dimension only (Amitsur and Levitzki).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations, product
from random import Random

from ..language.integers import ClaimError, Poly, polynomial
from ..language.nodes import (
    Call,
    Cases,
    Condition,
    Inverse,
    Node,
    Power,
)
from ..language.operations import operation
from .degrees import degree
from .dots import Grid
from .elaborate import Closed
from .shapes import Shapes
from .trials import holds, letters, literals

LEAST_LARGE = 4  # the largest sizes are at least this,
MOST_FACTORS = 12  # and products longer than this do not make them larger still
FAR = 3, 5  # how far apart sizes are that are to be far apart
AS_NUMBERS = 4  # more choices where sizes stand for numbers,
ANY = 9, 6, 4, 3  # up to the first of these for which no product of sizes becomes larger than
MOST_ROWS = 24
MOST_NAMES = 8  # sizes of a claim that get values of their own
MOST_CANDIDATES = 20_000  # choices of sizes that are looked at where there are conditions
MOST_INDEX = 40  # a condition may ask for so many entries

Sizes = dict[str, int]


def is_plain(shapes: Shapes, integers: Mapping[str, int]) -> bool:
    """Whether what holds for large matrices holds for small ones, as for large ones with zeros around them.

    So it is where matrices are only added, multiplied and transposed, and sizes are nothing but sizes.
    """
    special = any(_is_special(node, shapes, integers) for node in shapes.nodes)
    return not special and not shapes.sizes_as_numbers


def _is_special(node: Node, shapes: Shapes, integers: Mapping[str, int]) -> bool:
    """Whether a node is one to which zeros around a matrix make a difference."""
    if isinstance(node, Call):
        degree = operation(node).degree
        scalars = all(shapes.is_scalar(shapes.of(argument)) for argument in node.arguments)
        return not scalars and (degree is None or degree.constant() is None)
    if isinstance(node, Inverse):
        return not shapes.is_scalar(shapes.of(node))
    if isinstance(node, Power):
        return not shapes.is_scalar(shapes.of(node)) and _may_invert(node, shapes, integers)
    return isinstance(node, Cases | Grid)


def _may_invert(node: Power, shapes: Shapes, integers: Mapping[str, int]) -> bool:
    exponent = polynomial(node.exponent)
    if exponent is not None and set(exponent.names()) <= set(integers):
        return exponent.at(integers) < 0
    return shapes.scope.lenient or shapes.is_invertible(node.base)


def sizes(
    shapes: Shapes,
    closed: Closed,
    conditions: Sequence[Condition],
    integers: Mapping[str, int],
    source: Random,
    *,
    later: bool = False,
    usual: bool = True,
) -> Iterator[Sizes]:
    """Choices of sizes, at least 2, cheap ones first; fewer for later integers, and for unusual ones."""
    names, fitting = shapes.names, _Fitting(shapes, conditions, integers)
    plain = is_plain(shapes, integers)
    large = max(min(degree(closed, integers, plain), MOST_FACTORS) + 1, LEAST_LARGE)
    if not names:
        yield from [{}] * (1 if later else 2)
        return
    count = len(names)
    patterns = [tuple(large + place for place in range(count))] if usual else []
    if not plain or not usual:
        patterns.insert(0, (2,) * count)
    if not later:
        patterns = _orders(count, plain, source) + patterns
    if shapes.sizes_as_numbers:
        patterns += [_any(shapes, source) for _ in range(AS_NUMBERS)]
        beyond = [value + 1 for value in literals([closed.lhs, closed.rhs]) if value <= MOST_FACTORS]
        patterns += [tuple(max(beyond, default=2) + place for place in range(count))]
    found: dict[tuple[int, ...], None] = {}
    for pattern in dict.fromkeys(patterns):
        chosen = fitting.nearest(dict(zip(names, pattern, strict=True)))
        key = tuple(chosen[name] for name in names) if chosen else ()
        if chosen and key not in found:
            found[key] = None
            yield chosen
    if not found:
        raise ClaimError("no sizes that were tried meet the conditions", None, "undecided")


def _any(shapes: Shapes, source: Random) -> tuple[int, ...]:
    """Sizes at random, as far as a Kronecker product of them stays small."""
    for highest in ANY:
        pattern = tuple(source.randint(2, highest) for _ in shapes.names)
        values = dict(zip(shapes.names, pattern, strict=True))
        if all(dimension.at(values) <= MOST_ROWS for dimension in shapes.compound):
            break
    return pattern


def _orders(count: int, plain: bool, source: Random) -> list[tuple[int, ...]]:
    """Neighbours, equal sizes, sizes far apart; every order of three where the ranks of products matter."""
    ascending = tuple(range(2, count + 2))
    if count == 1:
        return [(2,), (3,)]
    equal = (2,) * count
    if plain:
        return [equal, ascending, _far_apart(count, source)[::-1]]
    turned = [tuple(2 + order[place % 3] for place in range(count)) for order in permutations(range(3))]
    turned = turned if count > 2 else [(2, 3), (3, 2)]
    turned.append(_far_apart(count, source))
    pairs = [tuple(2 + (place % 3 == odd) for place in range(count)) for odd in range(3)]
    return [equal, ascending, *turned, *(pairs[: 2 if count > 2 else 0])]


def _far_apart(count: int, source: Random) -> tuple[int, ...]:
    """Sizes in ascending order with gaps between them."""
    found = [2]
    while len(found) < min(count, MOST_NAMES):
        found.append(found[-1] + source.randint(*FAR) - min(len(found) - 1, FAR[0] - 1))
    return tuple(found[place % len(found)] for place in range(count))


def small_sizes(
    shapes: Shapes, conditions: Sequence[Condition], integers: Mapping[str, int]
) -> Iterator[Sizes]:
    """Sizes for a counterexample: all 2, then 2 and 3, as far as indices and conditions allow; at last 4."""
    names, fitting = shapes.names, _Fitting(shapes, conditions, integers)
    found: dict[tuple[int, ...], None] = {}
    for pattern in ((2, 2), (2, 3), (3, 2), (3, 3), (4, 4)):
        chosen = fitting.nearest({name: pattern[place % 2] for place, name in enumerate(names)})
        key = tuple(chosen[name] for name in names) if chosen is not None else ()
        if chosen is not None and key not in found:
            found[key] = None
            yield chosen


class _Fitting:
    """What indices, shapes and conditions ask of the sizes."""

    def __init__(self, shapes: Shapes, conditions: Sequence[Condition], integers: Mapping[str, int]) -> None:
        self.shapes, self.integers = shapes, integers
        self.low = _minima(shapes, conditions, integers)
        known = {*shapes.names, *shapes.tied, *integers}
        sizes = {*shapes.names, *shapes.tied}
        conditions = [*conditions, *shapes.conditions]
        self.conditions = [c for c in conditions if letters(c) & sizes and letters(c) <= known]

    def nearest(self, pattern: Mapping[str, int]) -> Sizes | None:
        """The sizes nearest to a pattern that meet everything, smaller ones first; None if none does."""
        wanted = {name: max(self.low.get(name, 2), size) for name, size in pattern.items()}
        if self.meets(wanted):
            return self.complete(wanted)
        if not wanted:
            return None
        near = [self.candidates(size) for size in wanted.values()]
        best: tuple[int, Sizes] | None = None
        for count, values in enumerate(product(*near)):
            if count > MOST_CANDIDATES:
                break
            chosen = dict(zip(wanted, values, strict=True))
            distance = sum(abs(chosen[name] - wanted[name]) for name in wanted)
            if (best is None or distance < best[0]) and self.is_high(chosen) and self.meets(chosen):
                best = distance, chosen
        return self.complete(best[1]) if best else None

    def candidates(self, wanted: int) -> list[int]:
        """What is tried instead of a size: its neighbours, and what the conditions speak of."""
        asked = {value + step for value in literals(self.conditions) for step in (-1, 0, 1)}
        found = {*range(2, 9), *range(wanted, wanted + 4), *self.integers.values()}
        found |= {value for value in asked if value <= MOST_INDEX}
        return sorted((value for value in found if value >= 1), key=lambda value: abs(value - wanted))

    def is_high(self, chosen: Mapping[str, int]) -> bool:
        return all(size >= self.low.get(name, 2) for name, size in chosen.items())

    def meets(self, chosen: Mapping[str, int]) -> bool:
        """Whether conditions hold, and all dimensions are positive."""
        values = {**self.complete(chosen), **self.integers}
        return all(holds(condition, values) for condition in self.conditions) and all(
            dimension.at(chosen) > 0 for dimension in self.shapes.compound
        )

    def complete(self, chosen: Mapping[str, int]) -> Sizes:
        """With the sizes that others determine."""
        tied = {name: self.shapes.solve(Poly.of(name)).at(chosen) for name in self.shapes.tied}
        return {**chosen, **tied}


def _minima(shapes: Shapes, conditions: Sequence[Condition], integers: Mapping[str, int]) -> Sizes:
    """What fixed indices ask of the sizes: a_{33} needs three rows, and so does a_i where i > 2."""
    low: Sizes = {}
    for bound in shapes.bounds:
        dimension, index = shapes.solve(bound.dimension), shapes.solve(bound.index)
        if not set(index.names()) <= set(integers):
            continue
        position = index.at(integers)
        excess = Poly.of(position) - dimension
        if position < 1 or (excess.constant() or 0) > 0:
            raise ClaimError(f"there is no entry number {position}", bound.span)
        _raise_to(low, dimension, position)
    for condition in conditions:
        for name in letters(condition) & set(shapes.closed.free):
            asked = max(literals([condition]), default=0) + 1
            if asked <= MOST_INDEX and name in shapes.ranges:
                _raise_to(low, shapes.solve(shapes.ranges[name]), asked)
    return low


def _raise_to(low: Sizes, dimension: Poly, size: int) -> None:
    name = dimension.letter()
    if name is not None:
        low[name] = max(low.get(name, 2), size)

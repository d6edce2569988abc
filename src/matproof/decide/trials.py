"""The conditions of a claim, and the values of its integer parameters that it is tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from random import Random

from ..language.integers import ClaimError, integer
from ..language.nodes import Condition, Letter, Node, Number, walk
from .elaborate import Roles

EXPONENTS = 5  # an integer parameter n is tried for n = 1, ..., 5, and for 0 if it may be 0,
FAR = 6, 9  # for one value between these, and around the literals of the claim
MOST_LITERAL = 10**6  # literals beyond this are no values of a parameter
MOST_LITERALS = 6  # so many of them, the smallest
MOST_COMBINATIONS = 20_000  # of these values are looked at; with many parameters, each has fewer values
COMBINATIONS = 25  # of the values of several parameters
IN_Z = -3, 3  # the values of a parameter in Z

_HOLDS: Mapping[str, Callable[[int, int], bool]] = {
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


def letters(condition: Node) -> set[str]:
    """The letters of a condition."""
    return {part.name for part in walk(condition) if isinstance(part, Letter)}


def literals(nodes: Iterable[Node]) -> list[int]:
    """The numbers that are printed in some expressions, ascending."""
    return sorted({part.value for node in nodes for part in walk(node) if isinstance(part, Number)})


def assignments(
    roles: Roles, conditions: Sequence[Condition], printed: Sequence[int], source: Random
) -> Iterator[tuple[dict[str, int], bool]]:
    """Values of the integer parameters, smallest first, as far as the conditions allow them.

    `printed` are the literals of the claim: it may speak of n = 7 in particular, or vanish for n = 1, ..., 6.
    With each comes whether it is one of the usual ones; the others may be too large to try.
    """
    names = list(roles.parameters)
    if not names:
        yield {}, True
        return
    conditions = [condition for condition in conditions if letters(condition) <= set(names)]
    usual = [_usual(roles.parameters[name]) for name in names]
    asked = literals(conditions)
    wide = [sorted({*values, *_around(asked, values[0])}) for values in usual]
    wide = _reduced([[*values, *range(values[-1] + 1, values[-1] + EXPONENTS)] for values in wide])
    chosen = _meeting(names, wide, conditions)
    if not chosen:
        raise ClaimError("no integer that was tried meets the conditions", None, "undecided")
    limit = COMBINATIONS if len(names) > 1 else len(usual[0])
    chosen = chosen[:limit]
    yield from ((values, True) for values in chosen)
    far = source.randint(*FAR)
    more = _reduced([sorted({*values[:3], far, *_around(printed, values[0])}) for values in usual])
    fresh = [values for values in _meeting(names, more, conditions) if values not in chosen]
    yield from ((values, False) for values in fresh[: COMBINATIONS if len(names) > 1 else None])


def smallest(roles: Roles, conditions: Sequence[Condition]) -> dict[str, int]:
    """The first values that are tried."""
    return next(assignments(roles, conditions, (), Random(0)))[0]


def _usual(minimum: int | None) -> list[int]:
    """The first candidates for one parameter: from its minimum on, or around zero."""
    return list(range(IN_Z[0], IN_Z[1] + 1) if minimum is None else range(minimum, EXPONENTS + 1))


def _around(printed: Sequence[int], least: int) -> set[int]:
    """The literals and their neighbours, as far as they may be values of a parameter."""
    near = {value + step for value in (*printed[:MOST_LITERALS], *printed[-1:]) for step in (-1, 0, 1)}
    return {value for value in near if least <= value <= MOST_LITERAL}


def _reduced(ranges: list[list[int]]) -> list[list[int]]:
    """Fewer candidates where there are too many combinations of them."""
    while prod(map(len, ranges)) > MOST_COMBINATIONS:
        longest = max(range(len(ranges)), key=lambda place: len(ranges[place]))
        ranges[longest] = ranges[longest][:-1]
    return ranges


def _meeting(
    names: Sequence[str], ranges: Sequence[Sequence[int]], conditions: Sequence[Condition]
) -> list[dict[str, int]]:
    """The combinations that meet the conditions, smallest first."""
    chosen = [dict(zip(names, values, strict=True)) for values in product(*ranges)]
    chosen = [values for values in chosen if all(holds(condition, values) for condition in conditions)]
    return sorted(chosen, key=lambda values: sum(map(abs, values.values())))

"""The smallest counterexample that a short search finds, in numbers to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction as Rational

from ..arithmetic.arrays import Array, np
from ..arithmetic.fields import NoExactValueError, Rationals, TooLargeError, UndefinedError
from ..language.claims import Counterexample, Numbers
from ..language.integers import ClaimError
from ..language.printing import to_latex
from .comparison import Comparison, Outcome
from .evaluate import Point

DRAWS = 30  # points with entries of one bound that are searched for a counterexample,
EQUAL = 4  # unless the sides have been equal so often
BOUNDS = 1, 2, 4  # on the entries of a counterexample


def counterexample(
    comparison: Comparison,
    integers: Mapping[str, int],
    sizes: Iterable[Mapping[str, int]],
    *,
    rare: bool = False,
) -> Counterexample | None:
    """Small integers for which the sides differ, as few and as small as a short search finds.

    With `rare` the search is not short: the sides may differ at few points only.
    """
    for chosen in sizes:
        for bound in BOUNDS:
            try:
                outcome = _different(comparison, integers, chosen, Rationals(bound), DRAWS if rare else EQUAL)
            except (NoExactValueError, TooLargeError, ClaimError):
                continue
            if outcome is not None:
                return _shown(outcome)
    return None


def _different(
    comparison: Comparison,
    integers: Mapping[str, int],
    chosen: Mapping[str, int],
    field: Rationals,
    most_equal: int,
) -> Outcome | None:
    """A point where the sides differ, if one is found soon."""
    equal = 0
    for _ in range(DRAWS):
        try:
            outcome = comparison.at_random(chosen, integers, field)
        except NoExactValueError:
            raise
        except UndefinedError:
            continue
        if outcome.differ.any():
            return outcome
        equal += 1
        if equal == most_equal:
            break
    return None


def _shown(outcome: Outcome) -> Counterexample:
    """An outcome in which the sides differ, in numbers to print."""
    place = tuple(int(axis[0]) for axis in np.nonzero(outcome.differ))
    indices = place[: len(outcome.labels)]
    point = outcome.point
    values: list[tuple[str, Numbers]] = [
        (name, Rational(size)) for name, size in point.sizes.items() if name[0] != "?"
    ]
    values += [(name, Rational(value)) for name, value in point.integers.items()]
    values += [(label, Rational(index + 1)) for label, index in zip(outcome.labels, indices, strict=True)]
    values += [(to_latex(letter), _printed(value.base())) for letter, value in point.letters.items()]
    values += _functions(point)
    lhs, rhs = outcome.lhs[indices], outcome.rhs[indices]
    row, column = place[len(indices) :]
    entry = None if lhs.size == 1 else (row + 1, column + 1)
    return Counterexample(tuple(values), _printed(lhs), _printed(rhs), entry)


def _functions(point: Point) -> Iterator[tuple[str, Numbers]]:
    """The values of the general functions at a point, and their derivatives by a scalar."""
    keys = [key for key, order in point.coefficients if order == 0]
    for (key, order), value in point.coefficients.items():
        data, name = value.base(), to_latex(key[0])
        alone = sum(other[0] == key[0] for other in keys) <= 1
        if alone and order < 2 and len(data) == 1:
            yield name + "'" * order, _printed(data.reshape(point.shapes[key[0]]))


def _printed(data: Array) -> Numbers:
    """A matrix by rows, or the number that is alone in it."""
    if data.size == 1:
        return Rational(data.item())
    return tuple(tuple(Rational(entry) for entry in row) for row in data.tolist())

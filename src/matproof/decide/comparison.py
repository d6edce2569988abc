"""Both sides of a claim at one random point: their values, and where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from ..arithmetic.arrays import Array, np
from ..arithmetic.fields import Adic, Field, NoExactValueError, SingularError, UndefinedError
from ..language.nodes import Condition, Letter
from ..language.scope import Scope
from . import entries
from .elaborate import Closed
from .evaluate import Evaluator, Point
from .limits import Limits
from .shapes import Shapes
from .trials import letters

REDRAWS = 30  # points in a row at which a root is missing before giving up,
SINGULAR = 3  # or a matrix is singular, which hardly happens by chance


class NowhereError(Exception):
    """No point was found where both sides are defined, for these sizes and integers."""


@dataclass(frozen=True)
class Prepared:
    """A closed claim with its shapes, and the letters to be kept small if it has power series."""

    closed: Closed
    shapes: Shapes
    small: frozenset[Letter]


@dataclass(frozen=True)
class Outcome:
    """Both sides at one point, aligned; `labels` names the leading axes.

    `compared` says where the conditions let them be compared, `differ` where they differ there.
    """

    evaluator: Evaluator
    lhs: Array
    rhs: Array
    labels: tuple[str, ...]
    compared: Array
    differ: Array

    @property
    def point(self) -> Point:
        return self.evaluator.point

    @property
    def is_zero(self) -> bool:
        """Whether both sides vanish."""
        return not self.lhs.any() and not self.rhs.any()


class Comparison:
    """Compares the sides of a prepared claim, at points that `source` draws."""

    def __init__(self, scope: Scope, prepared: Prepared, source: Random, limits: Limits) -> None:
        self.conditions, self.prepared, self.limits = scope.conditions, prepared, limits
        self.source = source

    def somewhere(self, sizes: Mapping[str, int], integers: Mapping[str, int], field: Field) -> Outcome:
        """Both sides at a point where both are defined; raises `NowhereError` if none is found."""
        problem: UndefinedError | None = None
        singular = 0
        for _ in range(REDRAWS):
            try:
                return self.at_random(sizes, integers, field)
            except NoExactValueError:
                raise
            except UndefinedError as error:
                problem = error
                singular += isinstance(error, SingularError) and not small_draws(field)
                if singular == SINGULAR:
                    break
        raise NowhereError(f"no point was found where both sides are defined: {problem}")

    def at_random(self, sizes: Mapping[str, int], integers: Mapping[str, int], field: Field) -> Outcome:
        """Both sides at a random point; raises `UndefinedError` where one is not defined."""
        return self.at(self.source.getrandbits(64), sizes, integers, field)

    def at(self, seed: int, sizes: Mapping[str, int], integers: Mapping[str, int], field: Field) -> Outcome:
        """Both sides at the point that a seed stands for."""
        closed = self.prepared.closed
        small = self.prepared.small if isinstance(field, Adic) else frozenset()
        point = Point(field, sizes, integers, Random(seed), self.limits, small)
        evaluator = Evaluator(closed, self.prepared.shapes, point)
        with field.session():
            lhs, rhs = evaluator.visit(closed.lhs), evaluator.visit(closed.rhs)
            labels, left, right = lhs.aligned(rhs)
            differ = ~field.equal(left, right)
            compared = self.selected(evaluator, labels, differ.shape)
            return Outcome(evaluator, left, right, labels, compared, differ & compared)

    def is_excluded(self, sizes: Mapping[str, int], integers: Mapping[str, int], field: Field) -> bool:
        """Whether a hypothesis excludes these sizes: for a wide X, X'X is singular, whatever X is."""
        closed = self.prepared.closed
        point = Point(field, sizes, integers, Random(self.source.getrandbits(64)), self.limits)
        evaluator = Evaluator(closed, self.prepared.shapes, point)
        with field.session():
            for node in closed.invertible:
                try:
                    evaluator.visit(node).inverse(evaluator.size(node)[0])
                except UndefinedError:
                    return True
        return False

    def selected(self, evaluator: Evaluator, labels: Sequence[str], shape: tuple[int, ...]) -> Array:
        """The entries that the conditions on free indices select."""
        free, point = set(self.prepared.closed.free), evaluator.point
        known = {*free, *point.sizes, *point.integers}
        selected = np.ones(shape, dtype=bool)
        for condition in self.conditions:
            if letters(condition) & free and letters(condition) <= known:
                selected = selected & _mask(evaluator, condition, labels)
        return selected


def small_draws(field: Field) -> bool:
    """Whether a matrix drawn from a field is often singular."""
    return not hasattr(field, "prime")


def _mask(evaluator: Evaluator, condition: Condition, labels: Sequence[str]) -> Array:
    axes, mask = entries.condition(evaluator, condition).parts[0]
    mask = mask.astype(bool)[..., 0, 0]
    spread = tuple(slice(None) if label in axes else None for label in labels)
    return np.asarray(mask[(*spread, None, None)])

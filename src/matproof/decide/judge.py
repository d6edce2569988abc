"""The verdict on one claim: random trials, vacuity, the smallest counterexample.

A false equality of rational functions of total degree d survives a trial with probability at most
d / (2^31 - 1) (Schwartz and Zippel). The trials use different sizes; in one of them every size is larger
than the number of factors of any product, since some identities hold in small dimension only (Amitsur and
Levitzki). Draws are seeded by the claim's own text, so that a verdict never changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction as Rational
from random import Random
from time import perf_counter

import numpy as np

from ..arithmetic.fields import (
    Adic,
    Field,
    NoExactValueError,
    Rationals,
    Reals,
    Residues,
    TooLargeError,
    UndefinedError,
)
from ..language.claims import Claim, Counterexample, Verdict
from ..language.claims import Value as Printed
from ..language.integers import ClaimError
from ..language.nodes import Cases, Entry, Letter, Node, Number, Power, SingleEntry, Zero, children
from ..language.printing import to_latex
from .elaborate import Closed, Roles, elaborate
from .evaluate import Evaluator, Point
from .power_series import small_letters
from .shapes import Shapes
from .trials import assignments, letters, sizes, small_sizes

REDRAWS = 30  # singular points in a row before giving up
BRANCHES = 30  # points at which the signs of roots and absolute values are tried, in either field
DRAWS = 30  # points with entries of one bound that are searched for a counterexample,
EQUAL = 4  # unless the sides have been equal so often
BOUNDS = 1, 2, 4  # on the entries of a counterexample


def judge(claim: Claim, *, seed: int = 0, max_seconds: float = 10) -> Verdict:
    """Decide one claim. What cannot be decided is "undecided", with reason and place; never raises."""
    if claim.error is not None:
        return Verdict("unreadable", str(claim.error), place=claim.error.span)
    try:
        return _Judge(claim, seed, perf_counter() + max_seconds).verdict()
    except ClaimError as error:
        return Verdict(error.verdict, error.message, place=error.span)
    except MemoryError as error:  # `TooLargeError`, or NumPy's own
        return Verdict("undecided", f"too large to evaluate: {error}")
    except RecursionError:
        return Verdict("undecided", "nested too deeply to evaluate")


@dataclass(frozen=True)
class _Prepared:
    """A closed claim with its shapes, and the letters to be kept small if it has power series."""

    closed: Closed
    shapes: Shapes
    small: frozenset[Letter]

    @property
    def field(self) -> Field:
        """Residues modulo a prime; modulo a power of it where a power series occurs."""
        return Adic() if self.small else Residues()


@dataclass(frozen=True)
class _Outcome:
    """Both sides at one point, aligned; `labels` names the leading axes, `differ` says where they differ."""

    point: Point
    lhs: np.ndarray
    rhs: np.ndarray
    labels: tuple[str, ...]
    differ: np.ndarray


class _Judge:
    """The trials of one claim."""

    def __init__(self, claim: Claim, seed: int, deadline: float) -> None:
        self.claim, self.scope, self.deadline = claim, claim.scope, deadline
        self.random = Random(f"{seed} {claim.latex} {claim.ordinal}")
        self.roles = Roles.of(claim)
        self.prepared: dict[tuple, _Prepared] = {}
        self.sizes: dict[tuple[tuple[str, int], ...], None] = {}
        self.integers: list[Mapping[str, int]] = []
        self.opaque = False
        self.rooted = False

    def verdict(self) -> Verdict:
        """Try all integers and several sizes, until the sides differ."""
        if self.claim.relation == "in":
            self.prepare({})
            return Verdict("holds", "the shapes agree")
        vacuous = True
        for integers, prepared in self.meaningful():
            self.integers.append(integers)
            # What holds for large matrices of general entries holds for small ones: after the first exponents
            # the large sizes are enough.
            later = len(self.integers) > 1
            for chosen in sizes(
                prepared.shapes, prepared.closed, self.scope.conditions, integers, largest_only=later
            ):
                self.sizes[tuple(item for item in chosen.items() if item[0][0] != "?")] = None
                outcome = self.outcome(integers, chosen, prepared.field)
                if outcome.differ.any():
                    return self.differ(integers)
                vacuous = vacuous and not outcome.lhs.any() and not outcome.rhs.any()
        if self.rooted and not self.branches_agree():
            return self.differ(self.integers[0])
        return self.agree(vacuous)

    def meaningful(self) -> Iterator[tuple[dict[str, int], _Prepared]]:
        """The integers to try; in lenient mode without those for which the printed dots mean nothing."""
        problem, found = None, False
        for integers in assignments(self.roles, self.scope.conditions):
            try:
                prepared = self.prepare(integers)
            except ClaimError as error:
                if not self.scope.lenient or error.verdict != "undecided":
                    raise
                problem = problem or error
                continue
            found = True
            yield integers, prepared
        if not found:
            raise problem

    def branches_agree(self) -> bool:
        """Whether the sides agree whatever the signs of roots and absolute values: each point has its own."""
        integers = self.integers[0]
        shapes = self.prepare(integers).shapes
        chosen = next(small_sizes(shapes, self.scope.conditions, integers), None)
        if chosen is None:
            return True
        fields = [Residues()] * BRANCHES + [Reals()] * BRANCHES
        return not any(self.outcome(integers, chosen, field).differ.any() for field in fields)

    def agree(self, vacuous: bool) -> Verdict:
        """The sides were equal at every point."""
        if self.claim.relation == "!=":
            return self.report("fails", "the two sides are equal, whatever the letters are")
        if vacuous and not (_prints_zero(self.claim.lhs) or _prints_zero(self.claim.rhs)):
            return self.report("undecided", "vacuous: both sides are zero, whatever the letters are")
        series = self.prepare(self.integers[0]).small
        return self.report("holds", f"power series, compared up to order {Adic.orders - 1}" if series else "")

    def differ(self, integers: Mapping[str, int]) -> Verdict:
        """The sides were different at a point: show it with small numbers."""
        unsolved = self.prepare(integers).shapes.unsolved()
        if unsolved is not None:
            raise unsolved
        counterexample = self.counterexample(integers)
        if counterexample is None and self.opaque and not self.differ_in_reals(integers):
            reason = (
                "this rests on values of log, exp or a root, of which evaluation knows the derivatives only"
            )
            return self.report("undecided", reason)
        if self.claim.relation == "!=":
            return self.report("holds", "", counterexample)
        when = ", ".join(f"{name} = {value}" for name, value in integers.items())
        reason = f"the two sides differ at {when}" if when else "the two sides differ"
        if counterexample is None:
            reason += "; no counterexample in small numbers was found"
        return self.report("fails", reason, counterexample)

    def report(self, verdict: str, reason: str, counterexample: Counterexample | None = None) -> Verdict:
        """The verdict, with what was tried."""
        names = dict.fromkeys(name for integers in self.integers for name in integers)
        tried = ((name, tuple(dict.fromkeys(values[name] for values in self.integers))) for name in names)
        return Verdict(verdict, reason, tuple(self.sizes), tuple(tried), counterexample)

    # -- preparation

    def prepare(self, integers: Mapping[str, int]) -> _Prepared:
        """The claim closed, and its shapes: for all integers at once, unless its form depends on them."""
        key = tuple(integers.items()) if self.roles.counted else ()
        if key not in self.prepared:
            closed = elaborate(self.claim, self.roles, integers)
            shapes = Shapes(self.claim, closed)
            self.prepared[key] = _Prepared(closed, shapes, small_letters(closed, shapes))
        return self.prepared[key]

    # -- points

    def outcome(self, integers: Mapping[str, int], chosen: Mapping[str, int], field: Field) -> _Outcome:
        """Both sides at a point where both are defined."""
        for _ in range(REDRAWS):
            try:
                return self.at_random(integers, chosen, field)
            except UndefinedError as error:
                problem = error
        raise ClaimError(f"no point was found where both sides are defined: {problem}", None, "undecided")

    def at_random(self, integers: Mapping[str, int], chosen: Mapping[str, int], field: Field) -> _Outcome:
        """Both sides at a random point; raises `UndefinedError` where one is not defined."""
        prepared = self.prepare(integers)
        closed, small = prepared.closed, prepared.small if isinstance(field, Adic) else frozenset()
        point = Point(field, chosen, integers, Random(self.random.getrandbits(64)), self.deadline, small)
        evaluator = Evaluator(closed, prepared.shapes, point)
        lhs, rhs = evaluator.visit(closed.lhs), evaluator.visit(closed.rhs)
        self.opaque = self.opaque or point.opaque or point.rooted
        self.rooted = self.rooted or point.rooted
        labels, left, right = lhs.aligned(rhs)
        differ = ~field.equal(left, right)
        for condition in self.scope.conditions:
            if letters(condition) & set(closed.free) and letters(condition) <= {
                *closed.free,
                *chosen,
                *integers,
            }:
                axes, mask = evaluator.condition(condition).parts[0]
                mask = mask.astype(bool)[..., 0, 0]
                spread = tuple(slice(None) if label in axes else None for label in labels)
                differ = differ & mask[(*spread, None, None)]
        return _Outcome(point, left, right, labels, differ)

    def differ_in_reals(self, integers: Mapping[str, int]) -> bool:
        """Whether the sides differ in floating-point numbers, where the prime field cannot tell."""
        shapes = self.prepare(integers).shapes
        for chosen in small_sizes(shapes, self.scope.conditions, integers):
            try:
                if self.outcome(integers, chosen, Reals()).differ.any():
                    return True
            except ClaimError:
                continue
        return False

    # -- counterexamples

    def counterexample(self, integers: Mapping[str, int]) -> Counterexample | None:
        """Small integers for which the sides differ, as few and as small as a short search finds."""
        shapes = self.prepare(integers).shapes
        try:
            for chosen in small_sizes(shapes, self.scope.conditions, integers):
                for bound in BOUNDS:
                    outcome = self.different(integers, chosen, Rationals(bound))
                    if outcome is not None:
                        return self.printed(outcome)
        except (NoExactValueError, TooLargeError, ClaimError):
            pass
        return None

    def different(
        self, integers: Mapping[str, int], chosen: Mapping[str, int], field: Field
    ) -> _Outcome | None:
        """A point where the sides differ, if one is found soon."""
        equal = 0
        for _ in range(DRAWS):
            try:
                outcome = self.at_random(integers, chosen, field)
            except NoExactValueError:
                raise
            except UndefinedError:
                continue
            if outcome.differ.any():
                return outcome
            equal += 1
            if equal == EQUAL:
                break
        return None

    def printed(self, outcome: _Outcome) -> Counterexample:
        """An outcome in which the sides differ, in numbers to print."""
        place = tuple(int(axis[0]) for axis in np.nonzero(outcome.differ))
        indices = place[: len(outcome.labels)]
        values = [(name, Rational(size)) for name, size in outcome.point.sizes.items() if name[0] != "?"]
        values += [(name, Rational(value)) for name, value in outcome.point.integers.items()]
        values += [(label, Rational(index + 1)) for label, index in zip(outcome.labels, indices, strict=True)]
        values += [
            (to_latex(letter), _printed(value.base())) for letter, value in outcome.point.letters.items()
        ]
        values += _functions(outcome.point)
        lhs, rhs = outcome.lhs[indices], outcome.rhs[indices]
        row, column = place[len(indices) :]
        entry = None if lhs.size == 1 else (row + 1, column + 1)
        return Counterexample(tuple(values), _printed(lhs), _printed(rhs), entry)


def _functions(point: Point) -> Iterator[tuple[str, Printed]]:
    """The values of the general functions at a point, and their derivatives by a scalar."""
    keys = [key for key, order in point.coefficients if order == 0]
    for (key, order), value in point.coefficients.items():
        data, name = value.base(), to_latex(key[0])
        alone = sum(other[0] == key[0] for other in keys) <= 1
        if alone and order < 2 and len(data) == 1:
            yield name + "'" * order, _printed(data.reshape(point.shapes[key[0]]))


def _printed(data: np.ndarray) -> Printed:
    """A matrix by rows, or the number that is alone in it."""
    if data.size == 1:
        return Rational(data.item())
    return tuple(tuple(Rational(entry) for entry in row) for row in data.tolist())


def _prints_zero(node: Node) -> bool:
    """Whether a zero is printed as a value: not as an index, an exponent or a bound."""
    if isinstance(node, Zero) or node == Number(0):
        return True
    if isinstance(node, Entry | Power):
        return _prints_zero(node.of if isinstance(node, Entry) else node.base)
    if isinstance(node, Cases):
        return any(_prints_zero(value) for value, _ in node.branches)
    if isinstance(node, SingleEntry | Letter):
        return False
    body = getattr(node, "body", None)
    return any(_prints_zero(child) for child in ([body] if body is not None else children(node)))

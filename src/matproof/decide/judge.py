"""The verdict on one claim: random trials, vacuity, the smallest counterexample.

A false equality of rational functions of total degree d survives a trial modulo p with probability at most
d / p (Schwartz and Zippel). Two primes are drawn for every claim, by the claim's own text, from 24 million:
no literal, size or exponent coincides with one but by a chance of the same order. What sizes and integers
are tried, `sizes` and `trials` say. All draws are seeded by the claim's own text, so that a verdict never
changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from random import Random

from ..arithmetic.arrays import Array, np
from ..arithmetic.fields import (
    Adic,
    Field,
    Rationals,
    Reals,
    Residues,
    TooLargeError,
    UndefinedError,
)
from ..arithmetic.primes import draw_primes
from ..language.claims import Claim, Counterexample, Verdict
from ..language.integers import ClaimError
from ..language.nodes import Call, Cases, Node, Norm
from ..language.operations import operation
from .comparison import Comparison, NowhereError, Outcome, Prepared
from .counterexamples import counterexample
from .elaborate import Roles, elaborate
from .limits import Limits
from .power_series import orders, small_letters
from .shapes import Shapes
from .sizes import sizes, small_sizes
from .trials import assignments, literals
from .vacuity import is_alive, prints_zero

BRANCHES = 30  # points at which the signs of roots and absolute values are tried,
REAL_BRANCHES = 12  # and in real numbers
LARGE_LITERAL = 2**16  # beyond this, integers carry a claim: it is looked at in rationals too
DIGITS = 60, 90  # a difference of real numbers is one if it is the same in both precisions
SHOWN = 9  # sizes up to this are small enough for a counterexample
EXACT = Rationals(4), Rationals(1000), Rationals(10**6)
UNKNOWN_VALUES = "this rests on values of log, exp or a root, of which evaluation knows the derivatives only"


def judge(claim: Claim, *, seed: int = 0, max_seconds: float = 10) -> Verdict:
    """Decide one claim. What cannot be decided is "undecided", with reason and place; never raises."""
    if claim.error is not None:
        return Verdict("unreadable", str(claim.error), place=claim.error.span)
    try:
        return _under_conditions(claim, _Judge(claim, seed, Limits.of(max_seconds)).verdict())
    except ClaimError as error:
        return _under_conditions(claim, Verdict(error.verdict, error.message, place=error.span))
    except NowhereError as error:
        return Verdict("undecided", str(error))
    except MemoryError as error:  # `TooLargeError`, or NumPy's own
        return Verdict("undecided", f"too large to evaluate: {error}")
    except RecursionError:
        return Verdict("undecided", "nested too deeply to evaluate")
    except Exception as error:  # one bad claim costs its own verdict and nothing else
        return Verdict("undecided", f"internal error ({type(error).__name__}: {error})")


def _under_conditions(claim: Claim, verdict: Verdict) -> Verdict:
    """A counterexample may not be one under the conditions that no trial takes into account."""
    if not claim.scope.unused or verdict.verdict != ("holds" if claim.relation == "!=" else "fails"):
        return verdict
    reason = verdict.reason.partition(";")[0] if verdict.place else "the sides differ"
    return Verdict(
        "undecided", f"{reason}, but perhaps not for {', '.join(claim.scope.unused)}", place=verdict.place
    )


class _Judge:
    """The trials of one claim."""

    def __init__(self, claim: Claim, seed: int, limits: Limits) -> None:
        self.claim, self.scope, self.limits = claim, claim.scope, limits
        self.random = Random(f"{seed} {claim.latex} {claim.ordinal}")
        self.roles = Roles.of(claim)
        self.prepared: dict[tuple[tuple[str, int], ...], Prepared] = {}
        self.primes: tuple[int, ...] = ()
        self.trials = 0
        self.sizes: dict[tuple[tuple[str, int], ...], None] = {}
        self.integers: list[Mapping[str, int]] = []
        self.branches: set[object] = set()
        self.inexact = self.rooted = self.drawn = self.selected = self.meant = False

    def verdict(self) -> Verdict:
        """Try all integers and several sizes, until the sides differ."""
        if self.claim.relation == "in":
            self.prepare({})
            return Verdict("holds", "the shapes agree")
        found = self.difference()
        return self.agree() if found is None else self.differ(*found)

    # -- trials

    def difference(self, fields: Sequence[Field] = ()) -> tuple[Mapping[str, int], Mapping[str, int]] | None:
        """Integers and sizes for which the sides differ; modulo primes, or in the fields that are given.

        In lenient mode the printed dots may mean nothing for some integers; unusual ones may be too large.
        """
        self.integers, self.sizes = [], {}
        problem: ClaimError | None = None
        printed = literals([side for side in (self.claim.lhs, self.claim.rhs) if side is not None])
        for integers, usual in assignments(self.roles, self.scope.conditions, printed, self.random):
            try:
                self.prepare(integers)
            except ClaimError as error:
                self.limits.check()
                if usual and not (self.scope.lenient and error.verdict == "undecided"):
                    raise
                problem = problem or error
                continue
            self.integers.append(integers)
            try:
                chosen = self.differing_sizes(integers, usual, fields)
            except (ClaimError, NowhereError, TooLargeError):
                self.limits.check()
                if usual:
                    raise
                self.integers.pop()
                continue
            if chosen is not None:
                return integers, chosen
        if not self.integers and problem is not None:
            raise problem
        return None

    def differing_sizes(
        self, integers: Mapping[str, int], usual: bool, fields: Sequence[Field]
    ) -> Mapping[str, int] | None:
        """The first sizes for which the sides differ, with these integers."""
        nowhere: NowhereError | None = None
        prepared, conditions = self.prepare(integers), self.scope.conditions
        tried, later = 0, len(self.integers) > 1
        for chosen in sizes(
            prepared.shapes, prepared.closed, conditions, integers, self.random, later=later, usual=usual
        ):
            try:
                for field in fields or (self.field(prepared, integers),):
                    if self.outcome(integers, chosen, field).differ.any():
                        return chosen
            except NowhereError as error:
                if not self.scope.lenient and not self.is_excluded(integers, chosen, prepared):
                    raise
                nowhere = error
                continue
            tried += 1
            self.sizes[tuple(item for item in chosen.items() if item[0][0] != "?")] = None
        if not tried and nowhere is not None:
            raise nowhere
        if self.rooted and not fields:
            return self.differing_branch(integers, prepared)
        return None

    def is_excluded(self, integers: Mapping[str, int], chosen: Mapping[str, int], prepared: Prepared) -> bool:
        """Whether the hypotheses cannot be met at these sizes, so that nothing is claimed of them."""
        return self.comparison(prepared).is_excluded(chosen, integers, self.field(prepared, integers))

    def differing_branch(self, integers: Mapping[str, int], prepared: Prepared) -> Mapping[str, int] | None:
        """Sizes for which the sides differ with some signs of roots; each point has its own."""
        for chosen in islice(small_sizes(prepared.shapes, self.scope.conditions, integers), 1):
            for _ in range(BRANCHES):
                if self.outcome(integers, chosen, self.field(prepared, integers)).differ.any():
                    return chosen
            for _ in range(REAL_BRANCHES):
                if self.differs_in_reals(integers, chosen):
                    return chosen
        return None

    def field(self, prepared: Prepared, integers: Mapping[str, int]) -> Field:
        """The next trial's numbers: residues modulo the primes in turn, or a power where a series occurs."""
        if not self.primes:
            rooted = any(map(_is_branched, prepared.shapes.nodes))
            self.primes = draw_primes(self.random, 2, positive=rooted)
        prime = self.primes[self.trials % 2]
        self.trials += 1
        return Adic(prime, orders(prepared.closed, integers)) if prepared.small else Residues(prime)

    def outcome(self, integers: Mapping[str, int], chosen: Mapping[str, int], field: Field) -> Outcome:
        """Both sides at a point, with a note of what was met there."""
        prepared = self.prepare(integers)
        outcome = self.comparison(prepared).somewhere(chosen, integers, field)
        point = outcome.point
        self.inexact = self.inexact or point.opaque or point.rooted
        self.rooted = self.rooted or point.rooted
        self.drawn = self.drawn or bool(point.letters or point.coefficients)
        self.selected = self.selected or bool(outcome.compared.any())
        self.branches |= point.branches
        if not self.meant:
            sides = prepared.closed.lhs, prepared.closed.rhs
            self.meant = not outcome.is_zero or any(is_alive(outcome.evaluator, side) for side in sides)
        return outcome

    def comparison(self, prepared: Prepared) -> Comparison:
        return Comparison(self.scope, prepared, self.random, self.limits)

    def prepare(self, integers: Mapping[str, int]) -> Prepared:
        """The claim closed, and its shapes: for all integers at once, unless its form depends on them."""
        key = tuple(integers.items()) if self.roles.counted else ()
        if key not in self.prepared:
            closed = elaborate(self.claim, self.roles, integers, self.limits)
            shapes = Shapes(self.claim, closed)
            self.prepared[key] = Prepared(closed, shapes, small_letters(closed, shapes))
        return self.prepared[key]

    # -- the sides were equal at every point

    def agree(self) -> Verdict:
        """Say so, unless that means nothing."""
        first = self.integers[0]
        prepared = self.prepare(first)
        reason = self.vacuous(prepared)
        if reason:
            return self.report("undecided", f"vacuous: {reason}")
        if self.differs_in_rationals(prepared):
            return self.differ(first, next(iter(self.small(first)), {}))
        if self.claim.relation == "!=":
            return self.report("fails", "the two sides are equal, whatever the letters are")
        if prepared.small:
            highest = orders(prepared.closed, first) - 1
            return self.report("holds", f"power series, compared up to order {highest}")
        return self.report("holds", "")

    def vacuous(self, prepared: Prepared) -> str:
        """Why the agreement means nothing; "" if it means something."""
        if not self.selected:
            return "no entry that was tried meets the conditions"
        unmet = {case for integers in self.integers for case in _cases(self.prepare(integers))}
        if unmet - self.branches:
            return "nothing that was tried meets the condition of one of the cases"
        printed = any(prints_zero(side) for side in (self.claim.lhs, self.claim.rhs) if side is not None)
        if self.claim.relation == "=" and not self.meant and not printed:
            return "both sides are zero, whatever the letters are"
        return ""

    def differs_in_rationals(self, prepared: Prepared) -> bool:
        """Whether the sides differ as rationals, where integers alone, or large ones, carry the claim."""
        printed = max(literals([prepared.closed.lhs, prepared.closed.rhs]), default=0)
        if (self.drawn and printed < LARGE_LITERAL) or prepared.small:
            return False
        for integers in self.integers:
            for chosen in islice(self.small(integers), 1):
                try:
                    if self.outcome(integers, chosen, Rationals()).differ.any():
                        return True
                except (UndefinedError, NowhereError, TooLargeError):
                    continue
        return False

    # -- the sides were different at a point

    def differ(self, integers: Mapping[str, int], chosen: Mapping[str, int]) -> Verdict:
        """Show it with small numbers, unless it rests on what evaluation does not know."""
        unsolved = self.prepare(integers).shapes.unsolved()
        if unsolved is not None:
            raise unsolved
        found = self.counterexample(integers, chosen)
        if found is None and self.inexact:
            if self.agrees_in_rationals():
                return self.agree()
            if not any(self.differs_in_reals(integers, small) for small in self.small(integers)):
                return self.report("undecided", UNKNOWN_VALUES)
        if self.claim.relation == "!=":
            return self.report("holds", "", found)
        verdict = self.report("fails", self.difference_in_words(integers, found), found)
        closed = self.prepare(integers).closed
        return replace(verdict, place=closed.free[closed.alone[0][0]]) if closed.alone else verdict

    def difference_in_words(self, integers: Mapping[str, int], found: Counterexample | None) -> str:
        closed = self.prepare(integers).closed
        when = ", ".join(f"{name} = {value}" for name, value in integers.items())
        reason = f"the two sides differ at {when}" if when else "the two sides differ"
        reason += "".join(
            f"; the index {name} is free on the {side}-hand side only" for name, side in closed.alone
        )
        return reason if found else f"{reason}; no counterexample in small numbers was found"

    def counterexample(self, integers: Mapping[str, int], chosen: Mapping[str, int]) -> Counterexample | None:
        """Small numbers for which the sides differ."""
        tried = list(self.small(integers))
        if max(chosen.values(), default=0) <= SHOWN and chosen not in tried:
            tried.append(dict(chosen))
        # Signs of roots and absolute values may have to meet for the sides to differ.
        return counterexample(self.comparison(self.prepare(integers)), integers, tried, rare=self.rooted)

    def small(self, integers: Mapping[str, int]) -> Iterator[dict[str, int]]:
        return small_sizes(self.prepare(integers).shapes, self.scope.conditions, integers)

    def agrees_in_rationals(self) -> bool:
        """Whether the sides agree wherever they are tried in rationals, where absolute values are exact.

        In a prime field x^2 + 1 may be no square, and counts as negative.
        """
        kept = self.integers, self.sizes
        try:
            if self.difference(EXACT) is None:
                return True
        except (UndefinedError, NowhereError, TooLargeError):
            pass
        self.integers, self.sizes = kept
        return False

    def differs_in_reals(self, integers: Mapping[str, int], chosen: Mapping[str, int]) -> bool:
        """Whether the sides differ at a real point by more than rounding explains."""
        comparison = self.comparison(self.prepare(integers))
        low, high = map(Reals, DIGITS)
        try:
            seed = self.random.getrandbits(64)
            rough, exact = (comparison.at(seed, chosen, integers, field) for field in (low, high))
        except (UndefinedError, ArithmeticError, ClaimError, TooLargeError):
            return False
        return bool((rough.differ & exact.differ & _stable(rough, exact, high)).any())

    def report(self, verdict: str, reason: str, counterexample: Counterexample | None = None) -> Verdict:
        """The verdict, with what was tried."""
        names = dict.fromkeys(name for integers in self.integers for name in integers)
        tried = ((name, tuple(dict.fromkeys(values[name] for values in self.integers))) for name in names)
        return Verdict(verdict, reason, tuple(self.sizes), tuple(tried), counterexample)


def _is_branched(node: Node) -> bool:
    """Whether a value has a sign that is chosen."""
    return isinstance(node, Norm) or (isinstance(node, Call) and operation(node).values == "branched")


def _cases(prepared: Prepared) -> Iterator[object]:
    """The conditions of all cases."""
    for node in prepared.shapes.nodes:
        if isinstance(node, Cases):
            yield from ((node.span, k) for k, (_, condition) in enumerate(node.branches) if condition)


def _stable(rough: Outcome, exact: Outcome, field: Field) -> Array:
    """Where more digits do not change the difference of the sides."""
    with field.session():
        first, second = rough.lhs - rough.rhs, exact.lhs - exact.rhs
        return np.asarray(abs(first - second) * 10**6 <= abs(second))

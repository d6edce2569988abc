"""What one claim may cost: time, and memory for the values that are kept."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

from ..arithmetic.fields import TooLargeError
from ..language.integers import ClaimError

MOST_NODES = 200_000  # of a claim with its definitions and dots written out
MOST_KEPT = 2**25  # numbers in all the values that a point keeps: 256 MB


@dataclass
class Limits:
    """A deadline and a budget; whatever may take long asks `check` now and then."""

    deadline: float = float("inf")
    nodes: int = 0

    @classmethod
    def of(cls, seconds: float) -> Limits:
        """The limits of a claim that may take so long from now on."""
        return cls(perf_counter() + seconds)

    def check(self) -> None:
        """Raise a `ClaimError` when the time is up."""
        if perf_counter() > self.deadline:
            raise ClaimError("the time limit was reached", None, "undecided")

    def count_node(self) -> None:
        """Count a node that is written out."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise TooLargeError("the claim is too long when its definitions and dots are written out")
        if self.nodes % 64 == 0:
            self.check()

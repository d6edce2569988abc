"""What one claim may cost: time, and memory for the values that are kept."""

from __future__ import annotations

from dataclasses import dataclass

try:  # the processor's time of this thread, which neither a busy machine nor a pause of it uses up
    from time import thread_time as clock
except ImportError:  # not everywhere
    from time import perf_counter as clock

from ..arithmetic.fields import TooLargeError
from ..language.integers import ClaimError

MOST_NODES = 200_000  # of a claim with its definitions and dots written out
MOST_KEPT = 2**25  # numbers in all the values that a point keeps: 256 MB


@dataclass
class Limits:
    """A deadline, in processor time, and a budget; whatever may take long asks `check` now and then."""

    deadline: float = float("inf")
    nodes: int = 0

    @classmethod
    def of(cls, seconds: float) -> Limits:
        """The limits of a claim that may take so long from now on."""
        return cls(clock() + seconds)

    def check(self) -> None:
        """Raise a `ClaimError` when the time is up."""
        if clock() > self.deadline:
            raise ClaimError("the time limit was reached", None, "undecided")

    def count_node(self) -> None:
        """Count a node that is written out."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise TooLargeError("the claim is too long when its definitions and dots are written out")
        if self.nodes % 64 == 0:
            self.check()

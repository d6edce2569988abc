"""How to check: one frozen object for everything that a caller may choose."""

from __future__ import annotations

from dataclasses import dataclass

from .language.scope import Layout

SECONDS = 10.0  # for one claim
DOCUMENT_SECONDS = 600.0  # for all claims of a document


@dataclass(frozen=True)
class Settings:
    """What may be chosen for a run.

    layout            None takes it from the document, else "numerator"
    lenient           infer what other people's documents leave undeclared
    seed              of the random points
    max_seconds       for one claim
    document_seconds  for all claims of one document; what is left over then is undecided
    jobs              processes that judge; the report does not depend on them
    memory            bytes of address space of a process, where the system can bound it; None does not
    """

    layout: Layout | None = None
    lenient: bool = False
    seed: int = 0
    max_seconds: float = SECONDS
    document_seconds: float = DOCUMENT_SECONDS
    jobs: int = 1
    memory: int | None = None

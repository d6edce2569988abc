"""Verdicts -> a report: text for a person, JSON for a program.

The JSON, version 1:

    {"version": 1,
     "documents": [{"path", "layout",
                    "claims": [CLAIM, ...],      one for every = and \\neq that is a claim
                    "shapes": [CLAIM, ...],      expressions said to lie in R^{m x n}, with "relation": "in"
                    "lints":  [{"line", "cell", "message"}, ...]}],
     "summary": {"equals_seen", "claims", "definitions", "conditions", "annotations",
                 "holds", "fails", "undecided", "unreadable", "shapes"}}

    CLAIM = {"id"              the nearest label or heading,
             "n"               ordinal of the claim under that id, from 1,
             "line", "cell"    from 1; cell is null outside of notebooks,
             "relation"        "=" or "!=",
             "latex",
             "verdict"         "holds", "fails", "undecided" or "unreadable",
             "reason"          "" where nothing is to be said,
             "sizes"           one object a trial: {"m": 3, "n": 5},
             "exponents"       the values tried of each integer: {"n": [1, 2, 3, 4, 5]},
             "counterexample"  null, or {"values": {NAME: VALUE}, "lhs": VALUE, "rhs": VALUE, "entry"},
             "assumptions"     what lenient mode took for granted, as sentences}

A VALUE is a string such as "-3/2", or a list of rows of such strings; "entry" is the first [row, column],
from 1, in which the sides differ, or null. A display that is refused as a whole is one claim that counts for
all its equals signs. In the summary, equals_seen = claims + definitions + conditions + annotations, and
claims = holds + fails + undecided + unreadable; "annotations" are the equals signs in bounds of sums, points
of evaluation and cases, and signs that are only spoken of.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ..language.claims import Claim, Verdict
from ..read.documents import Unit
from ..read.reader import Account, Lint
from . import as_json, as_text

VERDICTS = as_text.VERDICTS


@dataclass(frozen=True)
class Result:
    """A claim, its verdict, and the text it stands in."""

    claim: Claim
    verdict: Verdict
    unit: Unit = field(repr=False)


@dataclass(frozen=True)
class DocumentReport:
    """What became of one document."""

    path: str
    layout: str
    results: tuple[Result, ...]
    account: Account
    lints: tuple[Lint, ...] = ()

    def count(self, verdict: str) -> int:
        """The number of claims with this verdict; shape statements are not counted."""
        equations = (result for result in self.results if result.claim.relation != "in")
        return sum(result.claim.count for result in equations if result.verdict.verdict == verdict)

    @property
    def problems(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.verdict.verdict != "holds")


@dataclass(frozen=True)
class Report:
    """What became of all documents of a run; `refused` says which files could not be read, and why."""

    documents: tuple[DocumentReport, ...]
    refused: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every file was read, every claim holds and no equals sign was lost."""
        return not self.refused and all(
            not document.problems and document.account.balanced for document in self.documents
        )

    @property
    def summary(self) -> dict[str, int]:
        """The figures of the JSON's "summary"."""
        total: Counter[str] = Counter()
        for document in self.documents:
            total.update(vars(document.account))
            total.update({verdict: document.count(verdict) for verdict in VERDICTS})
            total["shapes"] += sum(result.claim.relation == "in" for result in document.results)
        names = ("equals_seen", "claims", "definitions", "conditions", "annotations", *VERDICTS, "shapes")
        return {name: total[name] for name in names}

    def to_json(self) -> dict[str, Any]:
        """The report as the JSON object that this module documents."""
        return as_json.to_json(self)

    def to_text(self, *, lints: bool = True) -> str:
        """For a person: one line for a document where all is well, else every problem at its place."""
        return as_text.to_text(self, lints=lints)

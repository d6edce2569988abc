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

from .document import Unit
from .hypotheses import declaration, definition, used
from .reading import Account, Lint
from .syntax import Claim, Counterexample, Span, Value, Verdict

MOST_PROBLEMS = 50  # shown in full in the text report of one document
VERDICTS = ("holds", "fails", "undecided", "unreadable")


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
    """What became of all documents of a run."""

    documents: tuple[DocumentReport, ...]

    @property
    def ok(self) -> bool:
        """Whether every claim holds and no equals sign was lost."""
        return all(not document.problems and document.account.balanced for document in self.documents)

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

    def to_json(self) -> dict:
        """The report as the JSON object that this module documents."""
        return {
            "version": 1,
            "documents": [_document_json(document) for document in self.documents],
            "summary": self.summary,
        }

    def to_text(self, *, lints: bool = True) -> str:
        """For a person: one line for a document where all is well, else every problem at its place."""
        lines = [line for document in self.documents for line in _document_lines(document, lints)]
        if len(self.documents) != 1:
            lines.append(_total(self.summary, len(self.documents)))
        return "\n".join(lines)


# ---------------------------------------------------------------------------------------------- JSON


def _document_json(document: DocumentReport) -> dict:
    equations = [_claim_json(result) for result in document.results if result.claim.relation != "in"]
    shapes = [_claim_json(result) for result in document.results if result.claim.relation == "in"]
    lints = [{"line": lint.line, "cell": lint.unit.cell, "message": lint.message} for lint in document.lints]
    return {
        "path": document.path,
        "layout": document.layout,
        "claims": equations,
        "shapes": shapes,
        "lints": lints,
    }


def _claim_json(result: Result) -> dict:
    claim, verdict = result.claim, result.verdict
    return {
        "id": claim.id,
        "n": claim.ordinal,
        "line": claim.line,
        "cell": claim.cell,
        "relation": claim.relation,
        "latex": claim.latex,
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "sizes": [dict(trial) for trial in verdict.sizes],
        "exponents": {name: list(values) for name, values in verdict.exponents},
        "counterexample": _counterexample_json(verdict.counterexample),
        "assumptions": list(claim.assumptions),
    }


def _counterexample_json(found: Counterexample | None) -> dict | None:
    if found is None:
        return None
    return {
        "values": {name: _value_json(value) for name, value in found.values},
        "lhs": _value_json(found.lhs),
        "rhs": _value_json(found.rhs),
        "entry": list(found.entry) if found.entry else None,
    }


def _value_json(value: Value) -> str | list:
    return [[str(entry) for entry in row] for row in value] if isinstance(value, tuple) else str(value)


# ---------------------------------------------------------------------------------------------- text


def _document_lines(document: DocumentReport, lints: bool) -> list[str]:
    lines = [f"{document.path}: {_tally(document)}"]
    if not document.account.balanced:
        lines.append(f"  INTERNAL ERROR: an equals sign was lost or counted twice: {document.account}")
    for result in document.problems[:MOST_PROBLEMS]:
        lines += ["", *_problem_lines(document.path, result)]
    if len(document.problems) > MOST_PROBLEMS:
        lines += ["", f"  ... and {len(document.problems) - MOST_PROBLEMS} more problems"]
    for lint in document.lints if lints else ():
        head = f"{_where(document.path, lint.unit, lint.line)}: warning: {lint.message}"
        lines += ["", *_placed(head, lint.unit, lint.span)]
    if len(lines) > 1:
        lines.append("")
    return lines


def _tally(document: DocumentReport) -> str:
    counts = {verdict: document.count(verdict) for verdict in VERDICTS}
    total = sum(counts.values())
    if not document.problems:
        return {0: "no claims", 1: "the claim holds"}.get(total, f"all {total} claims hold")
    bad = [_counted(counts[verdict], verdict) for verdict in VERDICTS[1:] if counts[verdict]]
    wrong = sum(result.claim.relation == "in" for result in document.problems)
    bad += [f"{wrong} wrong shape{'s' * (wrong != 1)}"] if wrong else []
    return f"{total} claim{'s' * (total != 1)}: {_counted(counts['holds'], 'holds')}, {', '.join(bad)}"


def _counted(count: int, verdict: str) -> str:
    """1 holds, 2 hold; undecided and unreadable stay as they are."""
    return f"{count} {verdict if count == 1 else verdict.removesuffix('s')}"


def _total(summary: dict[str, int], documents: int) -> str:
    verdicts = ", ".join(_counted(summary[verdict], verdict) for verdict in VERDICTS)
    counts = f"{summary['equals_seen']} equals signs, {summary['claims']} claims"
    return f"{documents} documents, {counts}: {verdicts}"


def _where(path: str, unit: Unit, line: int) -> str:
    return f"{path}: cell {unit.cell}, line {line}" if unit.cell else f"{path}:{line}"


def _problem_lines(path: str, result: Result) -> list[str]:
    claim, verdict = result.claim, result.verdict
    name = f" ({claim.id}, {claim.ordinal})" if claim.id else ""
    head = f"{_where(path, result.unit, claim.line)}{name}: {verdict.verdict}"
    head += f": {verdict.reason}" if verdict.reason else ""
    lines = _placed(head, result.unit, verdict.place or claim.span)
    lines += _counterexample_lines(verdict.counterexample)
    return lines + [f"    assumed: {assumption}" for assumption in claim.assumptions]


def _placed(head: str, unit: Unit, span: Span) -> list[str]:
    """A message, the row it is about, and carets under the place."""
    row, start = unit.row(span[0])
    bare = row.lstrip()
    before = span[0] - start - (len(row) - len(bare))
    width = max(1, min(span[1], start + len(row)) - span[0])
    if len(bare) > 160:
        cut = max(0, before - 60)
        bare, before, width = "..." + bare[cut : cut + 140], before - cut + 3, min(width, 80)
    return [head, f"    {bare}", f"    {' ' * max(0, before)}{'^' * width}"]


def _counterexample_lines(found: Counterexample | None) -> list[str]:
    if found is None:
        return []
    lines = ["    counterexample:"]
    for name, value in (*found.values, ("left side", found.lhs), ("right side", found.rhs)):
        lines += _value_lines(name, value)
    if found.entry:
        lines.append(f"      first difference in row {found.entry[0]}, column {found.entry[1]}")
    return lines


def _value_lines(name: str, value: Value) -> list[str]:
    """name = value, a matrix over several lines."""
    if not isinstance(value, tuple):
        return [f"      {name} = {value}"]
    texts = [[str(entry) for entry in row] for row in value]
    widths = [max(len(row[column]) for row in texts) for column in range(len(texts[0]))]
    rows = [
        "[" + "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) + "]"
        for row in texts
    ]
    label = f"      {name} = "
    return [label + rows[0], *(" " * len(label) + row for row in rows[1:])]


def explain(result: Result, document: DocumentReport) -> str:
    """What was declared, tried and found for one claim, and what its verdict guarantees."""
    claim, verdict = result.claim, result.verdict
    lines = [
        f"{_where(document.path, result.unit, claim.line)} ({claim.id}, {claim.ordinal}): {verdict.verdict}",
        f"    {claim.latex}",
        f"  layout: {claim.scope.layout}",
    ]
    lines += [f"  declared: {text}" for text in _used_declarations(claim)]
    lines += [f"  assumed: {assumption}" for assumption in claim.assumptions]
    lines += [f"  trial {number}: {_sizes(trial)}" for number, trial in enumerate(verdict.sizes, start=1)]
    lines += [f"  {name} tried for {', '.join(map(str, values))}" for name, values in verdict.exponents]
    if verdict.reason:
        lines.append(f"  reason: {verdict.reason}")
    lines += _counterexample_lines(verdict.counterexample)
    lines.append(f"  {_guarantee(claim, verdict)}")
    return "\n".join(lines)


def _used_declarations(claim: Claim) -> list[str]:
    """The declarations and definitions that the claim rests on, in LaTeX."""
    declared, defined = used(claim)
    return [declaration(found) for found in declared] + [definition(found) for found in defined]


def _guarantee(claim: Claim, verdict: Verdict) -> str:
    """What the verdict means."""
    if verdict.verdict == "holds" and claim.relation == "!=":
        return "The sides differ for the values above."
    if verdict.verdict == "holds":
        text = "Both sides agree, exactly and in a prime field, at random points of all sizes above; "
        text += "a false equation would be found with probability above 1 - 10^-18"
        return text + (", for the exponents that were tried." if verdict.exponents else ".")
    return {
        "fails": "The sides are not equal.",
        "undecided": "The claim was understood, but evaluation does not decide it.",
        "unreadable": "The claim was not understood, so nothing is said about it.",
    }[verdict.verdict]


def _sizes(trial: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in trial) or "no sizes"

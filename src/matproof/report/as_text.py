"""A report for a person: every problem at its place, and all that is known of one claim."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..about.hypotheses import declaration, definition, used
from ..language.claims import Claim, Counterexample, Numbers, Verdict
from ..language.nodes import Span
from ..read.documents import Unit

if TYPE_CHECKING:
    from .results import DocumentReport, Report, Result

VERDICTS = ("holds", "fails", "undecided", "unreadable")
MOST_PROBLEMS = 50  # shown in full in the text report of one document
# What would move a terminal's cursor, turn the direction of the text, or cannot be encoded.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """The text with control characters and halves of characters as escapes."""
    return UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)


def to_text(report: Report, *, lints: bool = True) -> str:
    """For a person: one line for a document where all is well, else every problem at its place."""
    lines = [line for document in report.documents for line in _document_lines(document, lints)]
    if len(report.documents) != 1:
        lines.append(_total(report.summary, len(report.documents)))
    return visible("\n".join(lines))


def _document_lines(document: DocumentReport, lints: bool) -> list[str]:
    lines = [f"{document.path}: {_tally(document)}"]
    if not document.account.balanced:
        lines.append(f"  INTERNAL ERROR: an equals sign was lost or counted twice: {document.account}")
    lines += _notes(document)
    short = len(lines)
    for result in document.problems[:MOST_PROBLEMS]:
        lines += ["", *_problem_lines(document.path, result)]
    if len(document.problems) > MOST_PROBLEMS:
        lines += ["", f"  ... and {len(document.problems) - MOST_PROBLEMS} more problems"]
    for lint in document.lints if lints else ():
        head = f"{_where(document.path, lint.unit, lint.line)}: warning: {lint.message}"
        lines += ["", *_placed(head, lint.unit, lint.span)]
    if len(lines) > short:
        lines.append("")
    return lines


def _notes(document: DocumentReport) -> list[str]:
    """What is to be said of claims that hold: how they were compared, what was taken for granted."""
    places: dict[str, list[Result]] = {}
    for result in document.results:
        if result.verdict.verdict == "holds" and result.claim.relation != "in":
            for note in (result.verdict.reason, *(f"assumed: {text}" for text in result.claim.assumptions)):
                places.setdefault(note, []).append(result)
    places.pop("", None)
    return [
        f"  {_counted(len(results), 'holds')}: {note}; the first on {_line(results[0])}"
        for note, results in places.items()
    ]


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
    """The place of a line; what was included is shown in its own file."""
    return f"{path}: cell {unit.cell}, line {line}" if unit.cell else f"{unit.path or path}:{line}"


def _line(result: Result) -> str:
    cell = result.unit.cell
    return f"line {result.claim.line}{f' of cell {cell}' if cell else ''}"


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
    row = row.rstrip("\r")
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


def _value_lines(name: str, value: Numbers) -> list[str]:
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
    return visible("\n".join(lines))


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

"""A report as a JSON object; `matproof.report.results` documents its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..language.claims import Counterexample, Numbers

if TYPE_CHECKING:
    from .results import DocumentReport, Report, Result

Object = dict[str, Any]


def to_json(report: Report) -> Object:
    """The report as the JSON object that `matproof.report.results` documents."""
    return {
        "version": 1,
        "documents": [_document_json(document) for document in report.documents],
        "summary": report.summary,
    }


def _document_json(document: DocumentReport) -> Object:
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


def _claim_json(result: Result) -> Object:
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


def _counterexample_json(found: Counterexample | None) -> Object | None:
    if found is None:
        return None
    return {
        "values": {name: _value_json(value) for name, value in found.values},
        "lhs": _value_json(found.lhs),
        "rhs": _value_json(found.rhs),
        "entry": list(found.entry) if found.entry else None,
    }


def _value_json(value: Numbers) -> str | list[list[str]]:
    return [[str(entry) for entry in row] for row in value] if isinstance(value, tuple) else str(value)

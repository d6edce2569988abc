"""matproof: checks every equals sign of a derivation in matrix calculus, from the LaTeX itself.

    report = matproof.check(text, layout="numerator")
    print(report.to_text())

`check` and the classes of its report are imported when they are first used, so that the vocabulary of the
book's verification cells, `matproof.notebook`, does not wait for them.
"""

from importlib import import_module

_HOMES = {
    "check": "checking",
    "check_files": "checking",
    "explain": "report.as_text",
    "DocumentError": "read.documents",
    "Report": "report.results",
    "DocumentReport": "report.results",
    "Result": "report.results",
    "Claim": "language.claims",
    "Verdict": "language.claims",
    "Counterexample": "language.claims",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)

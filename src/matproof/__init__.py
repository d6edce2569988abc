"""matproof: checks every equals sign of a derivation in matrix calculus, from the LaTeX itself.

    report = matproof.check(text, layout="numerator")
    print(report.to_text())

`check` and the classes of its report are imported when they are first used, so that the vocabulary of the
book's verification cells, `matproof.notebook`, does not wait for them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .checking import check, check_files
    from .language.claims import Claim, Counterexample, Verdict
    from .read.documents import DocumentError
    from .report.as_text import explain
    from .report.results import DocumentReport, Report, Result

    __version__: str

__all__ = [
    "Claim",
    "Counterexample",
    "DocumentError",
    "DocumentReport",
    "Report",
    "Result",
    "Verdict",
    "__version__",
    "check",
    "check_files",
    "explain",
]
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


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("importlib.metadata").version("matproof")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

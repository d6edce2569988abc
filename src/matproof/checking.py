"""The whole way: a text -> its formulas -> their claims -> verdicts -> a report."""

from __future__ import annotations

from pathlib import Path

from .decide.judge import judge
from .read.documents import DocumentError, read_document
from .read.kinds import read_claims_leniently
from .read.lints import lint
from .read.reader import read_claims
from .report.results import DocumentReport, Report, Result

ENDINGS = (".ipynb", ".md", ".tex", ".txt")


def check(
    text: str,
    layout: str | None = None,
    *,
    path: str = "<text>",
    lenient: bool = False,
    seed: int = 0,
    max_seconds: float = 10,
) -> Report:
    """Check every claim of a text; the ending of `path` says what kind of text it is (Markdown without one).

    `layout` is "numerator" or "denominator"; None takes it from the document, else "numerator". Raises
    `DocumentError` if the text cannot be read as a whole; whatever is wrong with a formula is in the report.
    """
    document = read_document(text, path, lenient=lenient)
    layout = layout or document.layout or "numerator"
    reading = (read_claims_leniently if lenient else read_claims)(document, layout)
    results = tuple(
        Result(claim, judge(claim, seed=seed, max_seconds=max_seconds), item.unit)
        for claim, item in reading.claims
    )
    return Report((DocumentReport(path, layout, results, reading.account, lint(reading)),))


def check_files(
    paths: list[str],
    layout: str | None = None,
    *,
    lenient: bool = False,
    seed: int = 0,
    max_seconds: float = 10,
) -> Report:
    """Check files, and folders with all below them. Raises `DocumentError` for what cannot be read."""
    documents: list[DocumentReport] = []
    for path in find_files(paths):
        report = check(
            read_text(path), layout, path=str(path), lenient=lenient, seed=seed, max_seconds=max_seconds
        )
        documents.extend(report.documents)
    return Report(tuple(documents))


def find_files(paths: list[str]) -> list[Path]:
    """The files named, and those with a known ending in the folders named, hidden ones left out."""
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            below = (
                file for file in sorted(path.rglob("*")) if file.suffix.lower() in ENDINGS and file.is_file()
            )
            found += [file for file in below if not _is_hidden(file.relative_to(path))]
        else:
            found.append(path)
    return found


def _is_hidden(path: Path) -> bool:
    return any(part.startswith((".", "_build")) for part in path.parts)


def read_text(path: Path) -> str:
    """The text of a file; a byte order mark is dropped. Raises `DocumentError`."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise DocumentError(f"{path}: {reason or error}") from None

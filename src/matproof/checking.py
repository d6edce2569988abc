"""The whole way: a text -> its formulas -> their claims -> verdicts -> a report."""

from __future__ import annotations

from pathlib import Path

from .decide.judge import judge
from .read.documents import DocumentError, read_document
from .read.files import read_text
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
    folder: Path | None = None,
) -> Report:
    """Check every claim of a text; the ending of `path` says what kind of text it is (Markdown without one).

    `layout` is "numerator" or "denominator"; None takes it from the document, else "numerator". Files that a
    LaTeX text includes are looked for in `folder`, if it is given. Raises `DocumentError` if the text cannot
    be read as a whole; whatever is wrong with a formula is in the report.
    """
    document = read_document(text, path, lenient=lenient, folder=folder)
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
    """Check files, and folders with all below them.

    A file that cannot be read is named in the report and costs the others nothing; raises `DocumentError` if
    none can be read.
    """
    documents: list[DocumentReport] = []
    refused: list[str] = []
    for path in find_files(paths):
        try:
            report = check(
                read_text(path),
                layout,
                path=str(path),
                lenient=lenient,
                seed=seed,
                max_seconds=max_seconds,
                folder=path.parent,
            )
            documents.extend(report.documents)
        except DocumentError as error:
            refused.append(str(error))
    if refused and not documents:
        raise DocumentError("\n".join(refused))
    return Report(tuple(documents), tuple(refused))


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

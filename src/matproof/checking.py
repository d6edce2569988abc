"""The whole way: a text -> its formulas -> their claims -> verdicts -> a report."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .cache import Cache
from .judging import Judges, judges
from .language.scope import Layout
from .read.documents import DocumentError, read_document
from .read.files import read_text
from .read.kinds import read_claims_leniently
from .read.lints import lint
from .read.reader import read_claims
from .report.results import DocumentReport, Report, Result
from .settings import SECONDS, Settings

ENDINGS = (".ipynb", ".md", ".tex", ".txt")


def check(
    text: str,
    layout: Layout | None = None,
    *,
    path: str = "<text>",
    lenient: bool = False,
    seed: int = 0,
    max_seconds: float = SECONDS,
    folder: Path | None = None,
    cache: Cache | None = None,
) -> Report:
    """Check every claim of a text; the ending of `path` says what kind of text it is (Markdown without one).

    `layout` is "numerator" or "denominator"; None takes it from the document, else "numerator". Files that a
    LaTeX text includes are looked for in `folder`, if it is given. Verdicts are taken from a `cache` and put
    into it; saving it is for its owner. Raises `DocumentError` if the text cannot be read as a whole;
    whatever is wrong with a formula is in the report.
    """
    settings = Settings(layout, lenient, seed, max_seconds)
    return Report((check_text(text, path, folder, Judges(settings, cache)),))


def check_files(
    paths: list[str],
    layout: Layout | None = None,
    *,
    lenient: bool = False,
    seed: int = 0,
    max_seconds: float = SECONDS,
) -> Report:
    """Check files, and folders with all below them.

    A file that cannot be read is named in the report and costs the others nothing; raises `DocumentError` if
    none can be read.
    """
    with judges(Settings(layout, lenient, seed, max_seconds)) as found:
        return check_paths(find_files(paths), found)


def check_paths(paths: Iterable[Path], found: Judges) -> Report:
    """Check single files. Raises `DocumentError` if there are some and none can be read."""
    documents: list[DocumentReport] = []
    refused: list[str] = []
    for path in paths:
        try:
            documents.append(check_text(read_text(path), str(path), path.parent, found))
        except DocumentError as error:
            refused.append(str(error))
    if refused and not documents:
        raise DocumentError("\n".join(refused))
    return Report(tuple(documents), tuple(refused))


def check_text(text: str, path: str, folder: Path | None, found: Judges) -> DocumentReport:
    """Check one text. Raises `DocumentError` if it cannot be read as a whole."""
    settings = found.settings
    document = read_document(text, path, lenient=settings.lenient, folder=folder)
    layout = settings.layout or document.layout or "numerator"
    reading = (read_claims_leniently if settings.lenient else read_claims)(document, layout)
    verdicts = found.verdicts([claim for claim, _ in reading.claims])
    results = tuple(
        Result(claim, verdict, item.unit)
        for (claim, item), verdict in zip(reading.claims, verdicts, strict=True)
    )
    return DocumentReport(path, layout, results, reading.account, lint(reading))


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

"""The command line: `matproof check` and `matproof explain`.

Exit status: 0 when every claim holds, 1 when any fails, is undecided or is unreadable, 2 for wrong usage or a
file that cannot be read, 130 when it was interrupted, 141 when nobody reads what it prints.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .read.documents import LAYOUTS, DocumentError
from .settings import DOCUMENT_SECONDS, SECONDS, Settings

if TYPE_CHECKING:
    from .judging import Judges
    from .report.results import DocumentReport, Report

INTERRUPTED, UNREAD = 130, 141
MEGABYTES = 4096  # of address space
SURROGATE = re.compile("[\ud800-\udfff]")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
        if arguments is None:  # All is said: Ctrl-C while Python ends would only print a traceback.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    except DocumentError as error:
        return _complain(str(error), 2)
    except MemoryError:
        return _complain(f"more than {options.max_memory} MB of memory would be needed", 2)
    except KeyboardInterrupt:
        if arguments is None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        return _complain("interrupted", INTERRUPTED)
    except BrokenPipeError:
        # Python flushes standard output once more at its end, and must find somebody who listens.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    return status


def _complain(message: str, status: int = 0) -> int:
    for line in message.splitlines():
        print(f"matproof: {line.encode('ascii', 'backslashreplace').decode()}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="matproof", description="Checks every equals sign of a derivation in matrix calculus."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="check all claims of notebooks, Markdown, LaTeX and text files")
    check.add_argument(
        "paths", nargs="*", default=["."], metavar="PATH", help="file, folder, or - (default: .)"
    )
    check.add_argument("--format", choices=["text", "json"], default="text")
    check.set_defaults(run=_check)
    explain = commands.add_parser("explain", help="say what was declared, tried and found for a claim")
    explain.add_argument("path", metavar="PATH", help="file, or -")
    explain.add_argument("id", nargs="?", metavar="ID", help="label or heading (default: all claims)")
    explain.add_argument("n", nargs="?", type=int, metavar="N", help="ordinal of the claim under that label")
    explain.set_defaults(run=_explain)
    for command in (check, explain):
        _add_settings(command)
    return parser


def _add_settings(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--layout", choices=LAYOUTS, help="default: the document's own, else numerator")
    add("--lenient", action="store_true", help="infer what other people's documents leave undeclared")
    add("--seed", type=int, default=0, help="of the random points (default: 0)")
    add("--max-seconds", type=_positive, default=SECONDS, metavar="S", help="for one claim (default: 10)")
    add(
        "--max-document-seconds",
        type=_positive,
        default=DOCUMENT_SECONDS,
        metavar="S",
        help="for all claims of a document (default: 600)",
    )
    add(
        "--max-memory",
        type=_positive,
        default=MEGABYTES,
        metavar="MB",
        help="address space of a process, where the system can bound it (default: 4096)",
    )
    add("--jobs", type=_count, default=1, metavar="N", help="processes that judge (default: 1; 0: all cores)")
    add("--cache", type=Path, metavar="FILE", help="keep verdicts in this file from one run to the next")


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise argparse.ArgumentTypeError(f"{text} is not a number of processes")
    return value or os.cpu_count() or 1


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(
        options.layout,
        options.lenient,
        options.seed,
        options.max_seconds,
        options.max_document_seconds,
        options.jobs,
        int(options.max_memory * 2**20),
    )


def _report(paths: list[str], options: argparse.Namespace) -> Report:
    from .cache import Cache
    from .judging import bound, judges
    from .report.results import Report

    settings = _settings(options)
    bound(settings)
    cache = Cache(options.cache) if options.cache else None
    documents: list[DocumentReport] = []
    refused: list[str] = []
    with judges(settings, cache) as found:
        for path in paths:
            try:
                report = _one(path, found)
            except DocumentError as error:
                refused.append(str(error))
            else:
                documents.extend(report.documents)
                refused.extend(report.refused)
    if cache is not None and cache.complaint:
        _complain(f"warning: {cache.complaint}")
    if not documents:
        raise DocumentError("\n".join(refused) or f"no documents in {', '.join(paths)}")
    return Report(tuple(documents), tuple(refused))


def _one(path: str, found: Judges) -> Report:
    """The report on a file or folder, or on standard input."""
    from .checking import check_paths, check_text, find_files
    from .read.files import read_standard_input
    from .report.results import Report

    if path != "-":
        return check_paths(find_files([path]), found)
    return Report((check_text(read_standard_input(), "<stdin>", None, found),))


def _check(options: argparse.Namespace) -> int:
    report = _report(options.paths, options)
    if options.format == "json":
        _print_json(report.to_json())
    else:
        _print(report.to_text())
    for message in report.refused:
        _complain(message)
    return 2 if report.refused else 0 if report.ok else 1


def _print(text: str) -> None:
    """Print what a terminal may not be able to print as escapes."""
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding))


def _print_json(data: object) -> None:
    """Print JSON, in plain ASCII where the output is not UTF-8; half a character is written as its escape."""
    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    text = json.dumps(data, ensure_ascii=plain, indent=1)
    print(SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text))


def _explain(options: argparse.Namespace) -> int:
    from .report.as_text import explain

    if options.path != "-" and Path(options.path).is_dir():
        raise DocumentError(f"{options.path}: a folder; expected one file")
    (document,) = _report([options.path], options).documents
    chosen = [
        result
        for result in document.results
        if options.id in (None, result.claim.id) and options.n in (None, result.claim.ordinal)
    ]
    if not chosen:
        known = ", ".join(dict.fromkeys(result.claim.id for result in document.results)) or "none"
        raise DocumentError(f"{options.path}: no such claim; there are claims under: {known}")
    _print("\n\n".join(explain(result, document) for result in chosen))
    return 0 if all(result.verdict.verdict == "holds" for result in chosen) else 1


if __name__ == "__main__":
    sys.exit(main())

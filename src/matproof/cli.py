"""The command line: `matproof check` and `matproof explain`.

Exit status: 0 when every claim holds, 1 when any fails, is undecided or is unreadable, 2 for wrong usage or a
file that cannot be read.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .read.documents import LAYOUTS, DocumentError

if TYPE_CHECKING:
    from .report.results import DocumentReport, Report


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    collect_rarely()
    try:
        status: int = options.run(options)
    except DocumentError as error:
        print(f"matproof: {error}", file=sys.stderr)
        return 2
    return status


def collect_rarely() -> None:
    """Let Python look for cyclic garbage less often.

    Trees and values have no cycles, and looking costs a tenth of the time. The size limits bound the memory.
    """
    gc.set_threshold(100_000, 20, 20)


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
        command.add_argument("--layout", choices=LAYOUTS, help="default: the document's own, else numerator")
        command.add_argument(
            "--lenient", action="store_true", help="infer what other people's documents leave undeclared"
        )
        command.add_argument("--seed", type=int, default=0, help="of the random points (default: 0)")
        command.add_argument(
            "--max-seconds", type=_positive, default=10.0, metavar="S", help="for one claim (default: 10)"
        )
    return parser


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a positive number of seconds")
    return value


def _report(paths: list[str], options: argparse.Namespace) -> Report:
    from .checking import check, check_files
    from .read.files import read_standard_input
    from .report.results import Report

    settings = {"lenient": options.lenient, "seed": options.seed, "max_seconds": options.max_seconds}
    documents: list[DocumentReport] = []
    refused: list[str] = []
    for path in paths:
        try:
            if path == "-":
                report = check(read_standard_input(), options.layout, path="<stdin>", **settings)
            else:
                report = check_files([path], options.layout, **settings)
        except DocumentError as error:
            refused.append(str(error))
        else:
            documents.extend(report.documents)
            refused.extend(report.refused)
    if not documents:
        raise DocumentError("\nmatproof: ".join(refused) or f"no documents in {', '.join(paths)}")
    return Report(tuple(documents), tuple(refused))


def _check(options: argparse.Namespace) -> int:
    report = _report(options.paths, options)
    if options.format == "json":
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=1))
    else:
        print(report.to_text())
    for message in report.refused:
        print(f"matproof: {message}", file=sys.stderr)
    return 2 if report.refused else 0 if report.ok else 1


def _explain(options: argparse.Namespace) -> int:
    from .report.as_text import explain

    if options.path != "-" and Path(options.path).is_dir():
        raise DocumentError(f"{options.path}: a folder; expected one file")
    report = _report([options.path], options)
    (document,) = report.documents
    chosen = [
        result
        for result in document.results
        if options.id in (None, result.claim.id) and options.n in (None, result.claim.ordinal)
    ]
    if not chosen:
        known = ", ".join(dict.fromkeys(result.claim.id for result in document.results)) or "none"
        raise DocumentError(f"{options.path}: no such claim; there are claims under: {known}")
    print("\n\n".join(explain(result, document) for result in chosen))
    return 0 if all(result.verdict.verdict == "holds" for result in chosen) else 1


if __name__ == "__main__":
    sys.exit(main())

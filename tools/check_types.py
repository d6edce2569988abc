#!/usr/bin/env python3
"""Check the types of src, site and tools with mypy, against what is known to be missing.

    python tools/check_types.py

Exit status 1 if there is an error more than the baseline says. Where there are fewer, the baseline is lowered
at once, so that the lower number belongs to the commit that has earned it: the hook for commits and the
workflow fail if it does not. The baseline counts the errors of each kind in each folder, so that moving a
file or a line changes nothing.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / "tools" / "types-baseline.txt"
HEADER = "# The errors of mypy that are left, by folder and kind. `make types` lowers the numbers.\n"
WIDEST = 200  # some messages spell out a type of hundreds of words
ERROR = re.compile(r"(?P<folder>\w+)[/\\].*: error: .*\[(?P<kind>[a-z-]+)\]$")

Counts = Counter[tuple[str, str]]


def run_mypy() -> list[str]:
    """The lines that mypy prints. Raises RuntimeError if it could not check at all."""
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--no-error-summary",
        "--hide-error-context",
        "--no-color-output",
    ]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode > 1:
        raise RuntimeError(result.stdout + result.stderr)
    return result.stdout.splitlines()


def place(line: str) -> tuple[str, str] | None:
    """The folder and the kind of an error; None for a note."""
    match = ERROR.match(line)
    return (match["folder"], match["kind"]) if match else None


def count(lines: Iterable[str]) -> Counts:
    """How many errors there are of each kind in each folder."""
    return Counter(where for line in lines if (where := place(line)))


def read(text: str) -> Counts:
    """The inverse of `write`."""
    rows = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return Counter({(folder, kind): int(number) for folder, kind, number in rows})


def write(counts: Counts) -> str:
    """The baseline as text, one row a kind."""
    rows = (f"{folder} {kind} {number}\n" for (folder, kind), number in sorted(counts.items()) if number)
    return HEADER + "".join(rows)


def compare(baseline: Counts, lines: list[str]) -> list[str]:
    """What is wrong: kinds that have become more, each with its errors, and kinds that have become fewer."""
    found = count(lines)
    report = []
    for where in sorted(baseline | found):
        before, now, name = baseline[where], found[where], f"{where[0]}, {where[1]}"
        if now > before:
            report.append(f"{name}: {now} errors, {before} in the baseline. One or more of these are new:")
            report += [f"  {line[:WIDEST]}" for line in lines if place(line) == where]
        elif now < before:
            report.append(f"{name}: {now} errors, {before} in the baseline. Commit the lower number.")
    return report


def main() -> int:
    """Compare, lower the baseline, and report on standard output."""
    lines = run_mypy()
    baseline = read(BASELINE.read_text(encoding="utf-8"))
    BASELINE.write_text(write(baseline & count(lines)), encoding="utf-8")
    report = compare(baseline, lines)
    print("\n".join(report) or f"types: no new error, {baseline.total()} old ones left")
    return int(bool(count(lines) - baseline))


if __name__ == "__main__":
    sys.exit(main())

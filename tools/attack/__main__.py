"""Attack the checker with generated documents, and see whether it is taken in.

    PYTHONPATH=tools python -m attack [--count N] [--seed S] [--jobs N] [--figures FILE]

Without arguments, documents with about 3,000 claims. Exits 1 if a false claim holds, a true one fails, one is
lost, or the checker crashes or hangs. A finding is printed as a small document.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "tests" / "matproof")]

from attack.referee import FAULTS, FORMULAS, Tally, attack, distinct  # noqa: E402

CHUNK = 50  # documents that one process takes at a time
SHOWN = 40  # findings
BYTES = 3 * 2**30  # of memory for one process


def bounded() -> None:
    """Bound the memory of this process, where the system can: a flood of it is a crash, and so a finding."""
    try:
        from resource import RLIMIT_AS, getrlimit, setrlimit
    except ImportError:
        return
    setrlimit(RLIMIT_AS, (BYTES, getrlimit(RLIMIT_AS)[1]))


def run(count: int, seed: int, jobs: int) -> Tally:
    """Attack with about so many claims, over several processes; the figures do not depend on how many."""
    documents = max(1, count // FORMULAS)
    chunks = [range(at, min(at + CHUNK, documents)) for at in range(0, documents, CHUNK)]
    total = Tally()
    with ProcessPoolExecutor(max_workers=jobs, initializer=bounded) as pool:
        for tally in pool.map(attack, [seed] * len(chunks), chunks):
            total.add(tally)
    return total


def figures(tally: Tally) -> dict[str, object]:
    """What the status page says."""
    counts = tally.counts
    names = ("documents", "claims", "holds", "fails", "undecided", "unreadable", "known", "decided", *FAULTS)
    return {name.replace(" ", "_"): counts[name] for name in names}


def to_text(tally: Tally) -> str:
    """The figures and findings for a person."""
    lines = [str(found) for found in distinct(tally.findings, SHOWN)]
    lines += [f"{number:6} {kind}" for kind, number in tally.undecided.most_common(15)]
    lines += [", ".join(f"{name} {number}" for name, number in figures(tally).items())]
    lines += [f"decided: {tally.share:.2%} of the claims of the language"]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; the exit status says whether there is nothing to report."""
    parser = argparse.ArgumentParser(prog="attack", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=3000, help="about how many claims")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--figures", type=Path, metavar="FILE", help="where to write the figures")
    options = parser.parse_args(arguments)
    tally = run(options.count, options.seed, options.jobs)
    print(to_text(tally).encode("utf-8", "backslashreplace").decode())
    if options.figures:
        options.figures.write_text(json.dumps(figures(tally), indent=1) + "\n", "utf-8")
    return int(any(tally.counts[fault] for fault in FAULTS))


if __name__ == "__main__":
    sys.exit(main())

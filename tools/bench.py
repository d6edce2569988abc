#!/usr/bin/env python3
"""How fast the checker is: on the book, when the book grows, and beside SymPy on the same theorems.

    python tools/bench.py [--json FILE] [PATH ...]         default: book/

Four parts. (1) All claims of the book: claims a second over reading and judging, median and worst time of a
judgement, peak memory. (2) The book given 1, 2, 4 and 8 times. (3) One long document. (4) For each theorem
that the book verifies with SymPy on matrices of generic entries: the time of these cells, and the checker's
time for the claims of the same theorem. SymPy checks one small size, and is not charged for its import or for
showing its results.
All times are processor times of this one process, so that a busy machine does not distort them.
"""

import argparse
import json
import os
import resource
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import process_time

import nbformat

from matproof.checking import check as check_whole
from matproof.checking import find_files
from matproof.decide.judge import judge
from matproof.judging import bound
from matproof.language.claims import Claim
from matproof.read.documents import read_document
from matproof.read.files import read_text
from matproof.read.reader import read_claims
from matproof.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
TIMES = (1, 2, 4, 8)
SYMBOLIC = (
    "assert_equal",
    "check_equal",
    "derivative",
    "differing_entries",
    "functions",
    "generic",
    "hadamard",
    "inverse(",
)
EXACT_CHECKS = ("assert_equal(", "check_equal(")
NUMERIC = ("np.", "complex_step", "central_difference", "draw_")
STATEMENTS = ("{prf:theorem}", "{prf:lemma}", "{prf:corollary}")


@dataclass(frozen=True)
class Timed:
    """A claim and the seconds that judging it took."""

    path: str
    claim: Claim
    seconds: float


@dataclass(frozen=True)
class Theorem:
    """A theorem verified both ways; `label` is that of its first claim."""

    label: str
    claims: int
    checker: float
    sympy: float

    @property
    def ratio(self) -> float:
        return self.sympy / self.checker


# ------------------------------------------------------------------------------------------- the checker


def check(path: Path) -> list[Timed]:
    """Read and judge one document."""
    document = read_document(read_text(path), str(path))
    timed = []
    for claim, _ in read_claims(document, document.layout or "numerator").claims:
        start = process_time()
        judge(claim)
        timed.append(Timed(str(path), claim, process_time() - start))
    return timed


def whole(paths: list[Path]) -> tuple[float, list[Timed]]:
    """Seconds for reading and judging all documents, and the single judgements."""
    start = process_time()
    timed = [one for path in paths for one in check(path)]
    return process_time() - start, timed


def peak_memory() -> int:
    """The largest resident size of this process so far, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


LONG = (1000, 10_000)  # claims in one document
OF_A_LONG_ONE = (
    r"\operatorname{tr}(\mathbf{A} \mathbf{B}) = \operatorname{tr}(\mathbf{B} \mathbf{A})",
    r"(\mathbf{A} \mathbf{B})_{ij} = \sum_{k} a_{ik} b_{kj}",
    r"\frac{\partial u^{2}}{\partial \mathbf{A}} = 2 u \frac{\partial u}{\partial \mathbf{A}}",
    r"(x + 1)^{3} = (x + 1) (x + 1)^{2}",
)


def long(claims: int) -> float:
    """Seconds for one document with so many claims."""
    given = r"Let $\mathbf{A}, \mathbf{B} \in \mathbb{R}^{n \times n}$, $x, u(\mathbf{A}) \in \mathbb{R}$."
    displays = (f"$$\n{latex}\n$$" for latex in islice(cycle(OF_A_LONG_ONE), claims))
    start = process_time()
    report = check_whole("\n\n".join([given, *displays]))
    seconds = process_time() - start
    assert report.summary["holds"] == claims, "the claims of the long document hold"
    return seconds


# ------------------------------------------------------------------------------------------ beside SymPy


def theorems(path: Path, timed: list[Timed]) -> list[Theorem]:
    """The theorems of one chapter that its cells verify with SymPy."""
    cells = nbformat.read(path, as_version=4).cells
    seconds = run_cells(cells, path)
    found = []
    for number, own in statements(cells).items():
        claims = [one for one in timed if one.path == str(path) and one.claim.cell == number]
        if own and claims:
            checker = sum(one.seconds for one in claims)
            found.append(
                Theorem(claims[0].claim.id, len(claims), checker, sum(seconds[cell] for cell in own))
            )
    return found


def statements(cells: list) -> dict[int, list[int]]:
    """Theorems and the cells that verify them exactly, by their numbers.

    These are the cells up to the last one with an exact check, before the next theorem or section, that
    use the symbolic vocabulary and no numbers or pictures.
    """
    found: dict[int, list[int]] = {}
    number = None
    for at, cell in enumerate(cells, 1):
        if cell.cell_type == "markdown":
            if any(statement in cell.source for statement in STATEMENTS):
                number = at
                found[number] = []
            elif any(line.startswith("## ") for line in cell.source.splitlines()):
                number = None
        elif number is not None and is_exact(cell.source):
            found[number].append(at)
    return {number: up_to_the_last_assertion(own, cells) for number, own in found.items()}


def is_exact(source: str) -> bool:
    """Whether a cell works with symbols only."""
    return any(name in source for name in SYMBOLIC) and not any(name in source for name in NUMERIC)


def up_to_the_last_assertion(numbers: list[int], cells: list) -> list[int]:
    """The cells that a verification needs: what follows the last assertion shows something else."""
    checking = (
        number for number in numbers if any(name in cells[number - 1].source for name in EXACT_CHECKS)
    )
    last = max(checking, default=0)
    return [number for number in numbers if number <= last]


def run_cells(cells: list, path: Path) -> dict[int, float]:
    """Run all cells of a chapter in order; the seconds that each took."""
    namespace: dict = {"__name__": "__main__", "display": lambda *values: None}
    seconds = {}
    for number, cell in enumerate(cells, 1):
        if cell.cell_type == "code":
            code = compile(cell.source, f"{path}, cell {number}", "exec")
            with redirect_stdout(StringIO()):
                start = process_time()
                exec(code, namespace)
                seconds[number] = process_time() - start
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
    return seconds


# ------------------------------------------------------------------------------------------------ report


def measure(paths: list[Path], times: tuple[int, ...] = TIMES, lengths: tuple[int, ...] = LONG) -> dict:
    """All figures, in seconds and bytes."""
    whole(paths[:1])  # the first run also imports and fills caches
    seconds, timed = whole(paths)
    worst = max(timed, key=lambda one: one.seconds)
    checker = {
        "documents": len(paths),
        "claims": len(timed),
        "seconds": seconds,
        "claims_per_second": len(timed) / seconds,
        "median": median(one.seconds for one in timed),
        "worst": worst.seconds,
        "worst_claim": f"{worst.path}: {worst.claim.id}, {worst.claim.ordinal}",
        "peak_memory": peak_memory(),
    }
    growth = {str(count): whole(paths * count)[0] for count in times}
    one_document = {str(claims): long(claims) for claims in lengths}
    os.environ["MPLBACKEND"] = "agg"  # cells that draw must not open windows
    both = [one for path in paths if path.suffix == ".ipynb" for one in theorems(path, timed)]
    return {"checker": checker, "growth": growth, "one_document": one_document, "sympy": beside(both)}


def beside(both: list[Theorem]) -> dict:
    """The comparison, over all theorems together and theorem by theorem."""
    figures: dict = {"theorems": len(both), "single": {one.label: one.ratio for one in both}}
    if both:
        checker, sympy = sum(one.checker for one in both), sum(one.sympy for one in both)
        figures |= {"checker_seconds": checker, "sympy_seconds": sympy, "ratio": sympy / checker}
        figures |= {
            "median_ratio": median(one.ratio for one in both),
            "claims": sum(one.claims for one in both),
        }
    return figures


def to_text(figures: dict) -> str:
    """The figures for a person."""
    checker, sympy = figures["checker"], figures["sympy"]
    first = next(iter(figures["growth"].values()))
    growth = [
        f"{count} x: {seconds:.2f} s ({seconds / first:.2f})" for count, seconds in figures["growth"].items()
    ]
    alone = [
        f"{count}: {1e3 * seconds / int(count):.2f} ms" for count, seconds in figures["one_document"].items()
    ]
    lines = [
        f"{checker['claims']} claims of {checker['documents']} documents in {checker['seconds']:.2f} s: "
        f"{checker['claims_per_second']:.0f} a second",
        f"one claim: median {1e3 * checker['median']:.2f} ms, worst {1e3 * checker['worst']:.0f} ms "
        f"({checker['worst_claim']})",
        f"peak memory {checker['peak_memory'] / 1e6:.0f} MB",
        "the book given several times: " + ", ".join(growth),
        "a claim in one document of so many: " + ", ".join(alone),
    ]
    if sympy["theorems"]:
        lines += [
            f"{sympy['theorems']} theorems ({sympy['claims']} claims) beside SymPy: "
            f"{sympy['checker_seconds']:.2f} s, SymPy {sympy['sympy_seconds']:.2f} s; "
            f"ratio {sympy['ratio']:.0f}, median {sympy['median_ratio']:.0f}"
        ]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", default=[str(ROOT / "book")], metavar="PATH")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args(arguments)
    bound(Settings())
    figures = measure(find_files(options.paths))
    print(to_text(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

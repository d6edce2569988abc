#!/usr/bin/env python3
"""Run the chapters as other machines would: other BLAS kernels, other vector features, 1 and 2 threads.

    python tools/matrix.py [NOTEBOOK …]    default: every chapter of the book

Every pair of choices is met in some run: each kernel with each set of features, and each of these with each
number of threads. Before a run a process of its own says which of them are in force; then nbval runs the
cells and compares. What this machine cannot run is named. Where the environment sets OPENBLAS_CORETYPE it is
left as it is, and only the rest varies: `env -u OPENBLAS_CORETYPE make matrix` tries the other kernels there.
Exits 1 if an output differs anywhere, or if something else was in force than was asked for.
"""

import argparse
import itertools
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from notebooks import chapters

ROOT = Path(__file__).resolve().parents[1]
KERNEL_VARIABLE, THREADS_VARIABLE = "OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS"
FEATURES_VARIABLE = "NPY_DISABLE_CPU_FEATURES"

Settings = dict[str, str]  # variables of the environment

# OpenBLAS's kernels, each with what the processor needs for it, in NumPy's words.
KERNELS = {
    "Prescott": "SSE3",
    "Sandybridge": "AVX",
    "Haswell": "AVX2",
    "Zen": "AVX2",
    "SkylakeX": "AVX512_SKX",
    "Cooperlake": "AVX512BF16",
    "SapphireRapids": "AVX512_SPR",
    "ARMV8": "ASIMD",
    "NEOVERSEN1": "ASIMDDP",
    "NEOVERSEV1": "SVE",
}
# As threadpoolctl names them.
SAID = {name.casefold(): name for name in KERNELS} | {"katmai": "Prescott"}

PROBE = """
import json, numpy, threadpoolctl
from numpy._core import _multiarray_umath as core
numpy.ones((2, 2)) @ numpy.ones((2, 2))
blas = [(b["internal_api"], b.get("architecture"), b["num_threads"])
        for b in threadpoolctl.threadpool_info() if b["user_api"] == "blas"]
api, kernel, threads = blas[0] if blas else ("none", None, None)
on = [name for name, there in core.__cpu_features__.items() if there]
print(json.dumps(dict(api=api, kernel=kernel, threads=threads, on=on, dispatch=core.__cpu_dispatch__)))
"""


class MatrixError(Exception):
    """A run in which something else is in force than was asked for."""


@dataclass(frozen=True)
class Machine:
    """What a Python process on this machine computes with."""

    api: str
    kernel: str | None
    threads: int | None
    on: tuple[str, ...]
    dispatch: tuple[str, ...]

    @property
    def features(self) -> tuple[str, ...]:
        """The vector features beyond the baseline that NumPy uses, in its own order."""
        return tuple(name for name in self.dispatch if name in self.on)


def probe(settings: Settings) -> Machine:
    """The machine as a process with these variables sees it."""
    command = [sys.executable, "-c", PROBE]
    environment = {**os.environ, **settings}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    said = json.loads(run.stdout)
    kernel = said["kernel"] and SAID.get(said["kernel"].casefold(), said["kernel"])
    return Machine(said["api"], kernel, said["threads"], tuple(said["on"]), tuple(said["dispatch"]))


@dataclass(frozen=True)
class Run:
    """One choice of everything. No kernel: the one that is there. `features` are those that stay on."""

    kernel: str | None
    features: tuple[str, ...]
    threads: int | None

    def settings(self, machine: Machine) -> Settings:
        """The variables that bring it about."""
        off = [name for name in machine.features if name not in self.features]
        return (
            ({KERNEL_VARIABLE: self.kernel} if self.kernel else {})
            | ({THREADS_VARIABLE: str(self.threads)} if self.threads else {})
            | ({FEATURES_VARIABLE: " ".join(off)} if off else {})
        )

    def check(self, found: Machine, machine: Machine) -> None:
        """Raise MatrixError unless a process found in force what this run asks for."""
        wanted = (self.kernel or machine.kernel, self.features, self.threads or found.threads)
        if (found.kernel, found.features, found.threads) != wanted:
            raise MatrixError(f"asked for {wanted}, in force {(found.kernel, found.features, found.threads)}")


def kernels(machine: Machine) -> tuple[Sequence[str | None], list[str]]:
    """The kernels to run, and for each of the others the reason why it is not run."""
    if machine.api != "openblas":
        return [None], [f"other kernels: NumPy's BLAS here is {machine.api}, not OpenBLAS"]
    if name := os.environ.get(KERNEL_VARIABLE):
        return [None], [f"other kernels: {KERNEL_VARIABLE}={name} is set outside and left as it is"]
    there, reasons = [], []
    for name, need in KERNELS.items():
        if need not in machine.on:
            reasons.append(f"{name}: the processor lacks {need}")
        elif (found := probe({KERNEL_VARIABLE: name}).kernel) != name:
            reasons.append(f"{name}: this OpenBLAS takes {found} for it")
        else:
            there.append(name)
    return there or [None], reasons


def feature_sets(machine: Machine) -> list[tuple[str, ...]]:
    """All vector features, only the first (oldest), and none: fewer where the processor has fewer."""
    return list(dict.fromkeys(machine.features[:count] for count in (None, 1, 0)))


def covering(*axes: Sequence[Any]) -> list[tuple[Any, ...]]:
    """A selection from the product of the axes in which every pair of choices occurs."""
    product, runs = list(itertools.product(*axes)), []
    missing = {pair for choice in product for pair in _pairs(choice)}
    while missing:
        best = max(product, key=lambda choice: len(missing & _pairs(choice)))
        missing -= _pairs(best)
        runs.append(best)
    return runs


def _pairs(choice: tuple[Any, ...]) -> set[tuple[tuple[int, Any], tuple[int, Any]]]:
    return set(itertools.combinations(enumerate(choice), 2))


def run_chapters(paths: list[Path], settings: Settings) -> tuple[int, list[str]]:
    """Run the chapters with nbval: how many cells passed, and the lines that say which did not."""
    options = ["-q", "--nbval", "-n", "2", "--dist=loadscope", "-p", "no:cacheprovider", "--tb=short"]
    command = [sys.executable, "-m", "pytest", *options, *map(str, paths)]
    environment = {**os.environ, **settings}
    run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    passed = re.search(r"(\d+) passed", run.stdout)
    failures = [] if run.returncode == 0 else (run.stdout + run.stderr).splitlines()
    return int(passed[1]) if passed else 0, failures


def try_run(run: Run, machine: Machine, paths: list[Path]) -> bool:
    """Run the chapters once and print a row of the table; whether all is as it should be."""
    settings, began = run.settings(machine), time.monotonic()
    found = probe(settings)
    try:
        run.check(found, machine)
        passed, failures = run_chapters(paths, settings)
    except MatrixError as error:
        passed, failures = 0, [str(error)]
    features = ", ".join(found.features) or "none beyond the baseline"
    result = "FAILED" if failures else "same"
    seconds = time.monotonic() - began
    print(
        f"| {found.kernel} | {features} | {found.threads} | {passed} | {seconds:.0f} | {result} |", flush=True
    )
    print(*failures, sep="\n", end="\n" if failures else "", file=sys.stderr)
    return not failures


def main(arguments: list[str] | None = None) -> int:
    """Print the table of all runs and what is not run; 1 if any of them failed."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: every chapter of the book")
    paths = [path.resolve() for path in parser.parse_args(arguments).notebooks] or chapters()
    machine = probe({})
    names, reasons = kernels(machine)
    threads = [1, 2] if machine.api == "openblas" else [None]
    print(*(f"Not run: {reason}." for reason in reasons), sep="\n")
    print("\n| BLAS kernel | NumPy's vector features | threads | cells passed | seconds | outputs |")
    print("|---|---|---|---|---|---|", flush=True)
    runs = [Run(*choice) for choice in covering(names, feature_sets(machine), threads)]
    good = [try_run(run, machine, paths) for run in runs]
    print(f"\n{sum(good)} passed, {len(good) - sum(good)} failed")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())

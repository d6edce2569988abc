#!/usr/bin/env python3
"""Re-execute the chapters and store them in one normal form, so that a diff shows only what changed.

    python tools/notebooks.py run   [NOTEBOOK …]    execute, normalise, write (default: all of book/)
    python tools/notebooks.py check [NOTEBOOK …]    is it stored in its normal form? executes nothing

Normal form: short ids that a cell keeps for good, execution counts from 1, only the metadata that mean
something here, adjacent streams merged, figures in the normal form of `figures`, one trailing newline. A
stored output stays if the fresh one looks the same, so that another machine changes no byte. A notebook that
does not execute is left as it was. Exits 1 if a notebook fails or, for `check`, differs. Whether the stored
outputs are fresh is for the tests to find out, which run every cell with nbval.
"""

import argparse
import copy
import difflib
import os
import sys
from pathlib import Path

import figures
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

Outputs = list[NotebookNode]

BOOK = Path(__file__).resolve().parents[1] / "book"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# A chapter must not depend on the order in which Python hashes its sets, nor print a warning of the debugger.
KERNEL_ENVIRONMENT = {"PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
# Notebook metadata that belong to the book; everything else is an editor's or a run's own.
KEPT_METADATA = ("matproof",)
KEPT_CELL_METADATA = ("tags", "mystnb", "slideshow")
FIGURE = "image/svg+xml"
LONGEST_ID = 16  # editors give 36 characters


class ChapterError(Exception):
    """A chapter that does not execute; the message names the notebook, the cell and the error."""


def chapters(folder: Path = BOOK) -> list[Path]:
    """All notebooks of the book, sorted, without Jupyter's checkpoints."""
    return sorted(p for p in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)


def execute(notebook: NotebookNode, path: Path) -> None:
    """Run all cells of `notebook` in place, in the folder of `path`. Raises ChapterError."""
    os.environ.update(KERNEL_ENVIRONMENT)
    resources = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(notebook, timeout=300, resources=resources, extra_arguments=["--log-level=ERROR"])
    try:
        client.execute()
    except CellExecutionError as error:
        raise ChapterError(f"{path}: cell {_failed_cell(notebook)} failed\n{error}") from error


def _failed_cell(notebook: NotebookNode) -> int | str:
    """The number (from 1, all cells counted) of the first cell that stores an error."""
    for number, cell in enumerate(notebook.cells, 1):
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            return number
    return "unknown"


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Bring a notebook into the normal form, in place, and return it."""
    notebook.metadata = {k: notebook.metadata[k] for k in KEPT_METADATA if k in notebook.metadata}
    notebook.metadata["kernelspec"] = dict(KERNEL)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    count = 0
    for cell in notebook.cells:
        cell.source = cell.source.rstrip()
        cell.id = _short(cell.id)
        cell.metadata = {k: cell.metadata[k] for k in KEPT_CELL_METADATA if cell.metadata.get(k)}
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            cell.outputs = _normal_outputs(cell)
    return notebook


def _short(name: str) -> str:
    """A cell keeps its id for good, whatever becomes of its text; an editor's long one is cut once."""
    return name if len(name) <= LONGEST_ID else name[:8]


def _merged(outputs: Outputs) -> Outputs:
    """Join neighbouring pieces of the same stream: where a kernel flushes is chance."""
    merged: Outputs = []
    for output in outputs:
        before = merged[-1] if merged else None
        if output.output_type == "stream" and before is not None and before.get("name") == output.name:
            before.text += output.text
        else:
            merged.append(output)
    return merged


def _normal_outputs(cell: NotebookNode) -> Outputs:
    outputs = _merged(cell.outputs)
    for number, output in enumerate(outputs):
        if output.output_type == "execute_result":
            output.execution_count = cell.execution_count
        if "metadata" in output:
            output.metadata = {}
        if FIGURE in output.get("data", {}):
            # Several figures may stand on one page, and an id there means one thing only.
            output.data[FIGURE] = figures.normal(output.data[FIGURE], f"fig-{cell.id}-{number}-")
    return outputs


def same_outputs(stored: Outputs, fresh: Outputs) -> bool:
    """Whether two lists of outputs say the same: figures to the eye, everything else to the letter."""
    stored, fresh = _merged(copy.deepcopy(stored)), _merged(copy.deepcopy(fresh))
    return len(stored) == len(fresh) and all(map(_same_output, stored, fresh))


def _same_output(stored: NotebookNode, fresh: NotebookNode) -> bool:
    pictures = [output.get("data", {}).pop(FIGURE, None) for output in (stored, fresh)]
    for output in (stored, fresh):
        output.pop("execution_count", None)
        output.pop("metadata", None)
    if stored != fresh or pictures.count(None) == 1:
        return False
    return pictures[0] is None or figures.difference(*pictures) is None


def text_of(notebook: NotebookNode) -> str:
    """The notebook as it is stored. Raises nbformat's ValidationError if it is not a valid notebook."""
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def refreshed(path: Path) -> str:
    """The text that the chapter at `path` should be stored as: executed and normalised."""
    notebook = nbformat.read(path, as_version=4)
    stored = copy.deepcopy(notebook)
    execute(notebook, path)
    for before, cell in zip(stored.cells, notebook.cells, strict=True):
        if cell.cell_type == "code" and same_outputs(before.outputs, cell.outputs):
            cell.outputs = before.outputs
    return text_of(normalise(notebook))


def difference(path: Path) -> list[str]:
    """What the normal form would change in the chapter's file, as the lines of a unified diff."""
    stored, normal = path.read_text("utf-8"), text_of(normalise(nbformat.read(path, as_version=4)))
    names = (f"{path.name} (stored)", f"{path.name} (normal form)")
    return list(difflib.unified_diff(stored.splitlines(), normal.splitlines(), *names, lineterm="", n=2))


def _run(path: Path) -> bool:
    fresh = refreshed(path)
    changed = fresh != path.read_text("utf-8")
    if changed:
        path.write_text(fresh, "utf-8")
    print(f"{'written  ' if changed else 'unchanged'} {path}")
    return True


def _check(path: Path) -> bool:
    lines = difference(path)
    print("\n".join(line[:200] for line in lines[:40]) if lines else f"normal    {path}")
    return not lines


def main(arguments: list[str] | None = None) -> int:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("mode", choices=["run", "check"])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: every chapter of the book")
    options = parser.parse_args(arguments)
    action, good = {"run": _run, "check": _check}[options.mode], True
    for path in [path.resolve() for path in options.notebooks] or chapters():
        try:
            good &= action(path)
        except ChapterError as error:
            print(error, file=sys.stderr)
            good = False
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

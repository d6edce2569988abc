#!/usr/bin/env python3
"""Derive the student notebooks: the chapters, with solutions and some verification cells left to fill in.

    python tools/student.py [NOTEBOOK …]    write _build/student/<folder>/<chapter>.ipynb

Without arguments: of every chapter outside the appendix.

Two standard cell tags steer it. In a cell tagged `blank`, the right side of every check,
`check_equal(left, right)`, `check_close(left, right, bound)` or `assert_equal(left, right)`, becomes
`answer`, with a line `answer = ...` above for the student; the check itself stays. A cell tagged
`solution` gives an answer away and is left out; a cell that is a `solution` directive becomes room for the
student's own. Outputs are not kept.
"""

import argparse
import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from notebooks import BOOK, chapters, normalise, text_of

BUILT = BOOK.parent / "_build" / "student"
BLANK = "answer = ...  # your answer in place of the dots"
# The checks of `matproof.notebook`, and how many arguments each takes.
CHECKS = {"assert_equal": 2, "check_equal": 2, "check_close": 3}
SOLUTION = ":::{solution}"  # such a cell holds nothing else: a rule of the book's structure
GUIDE = (
    "This is the student notebook of the chapter. Run the cells from top to bottom, one by one, since "
    "*Run All* stops at the first blank. Where a cell says "
    "`answer = ...`, put an expression of your own in place of the dots: the line below says which "
    "entries differ, unless the answer is right. Below each exercise is room for your solution."
)
ROOM = "**Your answer:**"


class BlankError(ValueError):
    """A cell tagged `blank` in which nothing can be blanked; the message names the notebook and the cell."""


def main_chapters() -> list[Path]:
    """The chapters outside the appendix, sorted."""
    return [path for path in chapters() if path.parent.name != "appendix"]


def tags(cell: NotebookNode) -> list[str]:
    """The tags of a cell, [] if it has none."""
    return list(cell.metadata.get("tags", []))


def blanked(source: str) -> tuple[str, list[str]]:
    """The source with its answers blanked, and the answers, in the order of the lines.

    Each check that is a statement of its own, however deeply indented, is given `answer` for its right
    side and a line to fill in above it. Raises ValueError if the source has no such statement.
    """
    lines, answers = source.splitlines(), list[str]()
    # From the last to the first, so that the numbers of the lines above stay true.
    for name, call in sorted(_checks(source), key=lambda check: check[1].lineno, reverse=True):
        left, right, *bound = (ast.get_source_segment(source, argument) or "" for argument in call.args)
        answers.insert(0, right)
        check = f"{name}({', '.join([left, 'answer', *bound])})"
        indent = " " * call.col_offset
        lines[call.lineno - 1 : call.end_lineno] = [indent + BLANK, indent + check]
    if not answers:
        raise ValueError("expected a statement check_equal(left, right) or check_close(left, right, bound)")
    return "\n".join(lines), answers


def _checks(source: str) -> Iterator[tuple[str, ast.Call]]:
    """The calls of a check that are statements of their own, each with the check's name."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) as call):
                if CHECKS.get(name) == len(arguments):
                    yield name, call


def student_cells(cell: NotebookNode) -> list[NotebookNode]:
    """What a cell of a chapter becomes: a list of cells, [] if it is left out."""
    if "solution" in tags(cell):
        return []
    if cell.cell_type == "markdown":
        text = ROOM if cell.source.startswith(SOLUTION) else cell.source
        return [nbformat.v4.new_markdown_cell(text, id=cell.id)]
    source = blanked(cell.source)[0] if "blank" in tags(cell) else cell.source
    return [nbformat.v4.new_code_cell(source, id=cell.id, metadata={"tags": tags(cell)})]


def student_notebook(path: Path) -> NotebookNode:
    """The student's version of the chapter at `path`. Raises BlankError for a tag in the wrong place."""
    chapter, cells = nbformat.read(path, as_version=4), []
    for number, cell in enumerate(chapter.cells, 1):
        try:
            cells += student_cells(cell)
        except ValueError as error:
            raise BlankError(f"{path}: cell {number} is tagged 'blank': {error}") from error
    cells.insert(1, nbformat.v4.new_markdown_cell(GUIDE, id="guide"))
    return _without_counts(normalise(nbformat.v4.new_notebook(cells=cells, metadata=chapter.metadata)))


def _without_counts(notebook: NotebookNode) -> NotebookNode:
    """Nothing has been executed yet, so no cell has a number."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = None
    return notebook


def main(arguments: list[str] | None = None) -> int:
    """Write the student notebooks and say how many there are; 1 if a tag stands in the wrong place."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: every chapter outside the appendix")
    parser.add_argument("--output", type=Path, default=BUILT, help="default: _build/student")
    options = parser.parse_args(arguments)
    paths = [path.resolve() for path in options.notebooks] or main_chapters()
    try:
        for path in paths:
            inside = path.relative_to(BOOK) if path.is_relative_to(BOOK) else Path(path.name)
            target = options.output / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text_of(student_notebook(path)), "utf-8")
    except BlankError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(paths)} student notebooks in {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

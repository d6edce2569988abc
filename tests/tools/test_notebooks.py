"""The normaliser: one form, nothing lost on failure, and what it and nbval find in a broken notebook."""

import subprocess
import sys
from pathlib import Path

import nbformat
import notebooks
import pytest

ROOT = Path(__file__).resolve().parents[2]


def write(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A small notebook, executed and stored."""
    path = write(
        tmp_path_factory.mktemp("stored") / "small.ipynb", "print('a')\nprint('b')", "n = 2\nassert n\nn + 1"
    )
    assert notebooks.main(["run", str(path)]) == 0
    return path


def broken(stored, folder, old, new):
    text = stored.read_text("utf-8")
    assert old in text
    path = folder / "broken.ipynb"
    path.write_text(text.replace(old, new), "utf-8")
    return path


def nbval(path):
    arguments = [
        "--nbval",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--rootdir",
        str(path.parent),
        "-c",
        "/dev/null",
    ]
    command = [sys.executable, "-m", "pytest", "-q", *arguments, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=path.parent)


def test_running_twice_changes_no_byte(stored):
    before = stored.read_bytes()
    assert notebooks.main(["run", str(stored)]) == 0
    assert stored.read_bytes() == before


def test_outputs_are_merged_and_counted(stored):
    first, second = nbformat.read(stored, as_version=4).cells
    assert [output.text for output in first.outputs] == ["a\nb\n"]
    assert (first.execution_count, second.execution_count) == (1, 2)
    assert second.outputs[0]["data"]["text/plain"] == "3"


def test_normal_form_drops_what_an_editor_leaves():
    cell = nbformat.v4.new_code_cell("1", metadata={"collapsed": True, "tags": ["hide"]}, execution_count=7)
    twin = nbformat.v4.new_code_cell("1")
    notebook = nbformat.v4.new_notebook(
        cells=[cell, twin], metadata={"language_info": {"name": "python", "version": "3.0"}}
    )
    notebook.metadata["matproof"] = {"layout": "numerator"}
    normal = notebooks.normalise(notebook)
    assert sorted(normal.metadata) == ["kernelspec", "matproof"]
    assert normal.cells[0].metadata == {"tags": ["hide"]}
    assert normal.cells[1].id == f"{normal.cells[0].id}-2"


def test_pieces_of_one_stream_are_one_output():
    outputs = [nbformat.v4.new_output("stream", name="stdout", text=text) for text in "ab"]
    cell = nbformat.v4.new_code_cell("1", outputs=outputs)
    normal = notebooks.normalise(nbformat.v4.new_notebook(cells=[cell]))
    assert [output.text for output in normal.cells[0].outputs] == ["ab"]


def test_a_failing_cell_is_named_and_the_file_is_left_alone(tmp_path, capsys):
    path = write(tmp_path / "failing.ipynb", "1 + 1", "assert 1 == 2, 'one is not two'")
    before = path.read_bytes()
    assert notebooks.main(["run", str(path)]) == 1
    message = capsys.readouterr().err
    assert f"{path}: cell 2 failed" in message
    assert "Traceback" in message
    assert "one is not two" in message
    assert path.read_bytes() == before


def test_a_fresh_notebook_passes_both_checks(stored):
    assert notebooks.main(["check", str(stored)]) == 0
    assert nbval(stored).returncode == 0


def test_a_changed_output_is_found_by_both(stored, tmp_path):
    path = broken(stored, tmp_path, '"3"', '"4"')
    assert notebooks.difference(path)
    assert nbval(path).returncode == 1


def test_a_failing_assertion_is_found_by_both(stored, tmp_path):
    path = broken(stored, tmp_path, "assert n", "assert not n")
    assert notebooks.main(["check", str(path)]) == 1
    assert "AssertionError" in nbval(path).stdout


def test_removed_outputs_are_found_by_the_check(stored, tmp_path):
    path = tmp_path / "bare.ipynb"
    notebook = nbformat.read(stored, as_version=4)
    for cell in notebook.cells:
        cell.outputs = []
    path.write_text(notebooks.text_of(notebook), "utf-8")
    assert notebooks.main(["check", str(path)]) == 1


@pytest.mark.parametrize("chapter", notebooks.chapters(), ids=lambda path: path.stem)
def test_stored_chapters_are_fresh(chapter):
    assert notebooks.difference(chapter) == []

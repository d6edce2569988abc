"""The normaliser: one form, nothing lost on failure, and what it and nbval find in a broken notebook."""

import json
import re
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
    notebook = nbformat.v4.new_notebook(
        cells=[cell], metadata={"language_info": {"name": "python", "version": "3.0"}}
    )
    notebook.metadata["matproof"] = {"layout": "numerator"}
    normal = notebooks.normalise(notebook)
    assert sorted(normal.metadata) == ["kernelspec", "matproof"]
    assert normal.cells[0].metadata == {"tags": ["hide"]}


def ids(folder, *names):
    """The ids with which a notebook is stored whose cells have these ids, or none."""
    path = write(folder / "ids.ipynb", *("1" for _ in names))
    raw = json.loads(path.read_text("utf-8"))
    for cell, name in zip(raw["cells"], names, strict=True):
        cell["id"] = name
        if name is None:
            del cell["id"]
    path.write_text(json.dumps(raw), "utf-8")
    assert notebooks.main(["run", str(path)]) == 0
    return [cell["id"] for cell in json.loads(path.read_text("utf-8"))["cells"]]


def test_an_id_survives_and_an_editor_s_long_one_is_cut(tmp_path):
    assert ids(tmp_path, "guide", "a1b2-2") == ["guide", "a1b2-2"]
    assert ids(tmp_path, "5d3f8b2e-6c1f-4c39-9a53-2f4f4b7f9a10") == ["5d3f8b2e"]


@pytest.mark.filterwarnings("ignore::nbformat.warnings.MissingIDFieldWarning")
@pytest.mark.filterwarnings("ignore::nbformat.warnings.DuplicateCellId")
def test_a_cell_gets_an_id_only_where_it_has_none_of_its_own(tmp_path):
    names = ids(tmp_path, "a", "a", None)
    assert names[0] == "a"
    assert len(set(names)) == 3
    assert max(map(len, names)) <= 8
    assert ids(tmp_path, *names) == names


def picture(content):
    data = {"image/svg+xml": f'<svg xmlns="http://www.w3.org/2000/svg">{content}</svg>', "text/plain": "<F>"}
    return nbformat.v4.new_output("display_data", data=data)


def text(content):
    return nbformat.v4.new_output("stream", name="stdout", text=content)


def test_two_figures_of_a_page_share_no_id():
    content = '<path id="p" d="M 0 0"/><use href="#p"/>'
    cells = [nbformat.v4.new_code_cell("1", outputs=[picture(content), picture(content)]) for _ in "ab"]
    normal = notebooks.normalise(nbformat.v4.new_notebook(cells=cells))
    svgs = [output.data["image/svg+xml"] for cell in normal.cells for output in cell.outputs]
    assert len(set(re.findall('id="([^"]+)"', "".join(svgs)))) == 4


@pytest.mark.parametrize(
    ("stored", "fresh", "same"),
    [
        ([text("ab")], [text("a"), text("b")], True),
        ([text("0.1")], [text("0.10")], False),
        ([text("a")], [], False),
        ([text("a")], [picture("")], False),
        ([picture('<path d="M 1.5 0"/>')], [picture('<path d="M 1.500001 0"/>')], True),
        ([picture('<path d="M 1.5 0"/>')], [picture('<path d="M 1.6 0"/>')], False),
        ([picture("")], [nbformat.v4.new_output("display_data", data={"text/plain": "<F>"})], False),
    ],
)
def test_outputs_are_the_same_to_the_letter_and_figures_to_the_eye(stored, fresh, same):
    assert notebooks.same_outputs(stored, fresh) is same
    assert notebooks.same_outputs(fresh, stored) is same


DRAW = """from IPython.display import SVG, display
display(SVG('<svg xmlns="http://www.w3.org/2000/svg"><path d="M 1.5 {}"/></svg>'))"""


def test_a_figure_that_looks_the_same_stays_as_it_is_stored(tmp_path):
    path = write(tmp_path / "figure.ipynb", DRAW.format("2.004999"))
    assert notebooks.main(["run", str(path)]) == 0
    assert "M1.5 2" in path.read_text("utf-8")
    for number, kept in (("2.005001", True), ("2.1", False)):
        old = path.read_text("utf-8").replace("2.004999", number)
        path.write_text(old, "utf-8")
        assert notebooks.main(["run", str(path)]) == 0
        assert (path.read_text("utf-8") == old) is kept
        path.write_text(path.read_text("utf-8").replace(number, "2.004999"), "utf-8")


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

"""The normaliser: one form, nothing lost on failure; and what nbval with our plugin finds in a broken one."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import notebooks
import pytest

pytestmark = pytest.mark.slow  # kernels are started

ROOT = Path(__file__).resolve().parents[2]


DRAW = """from IPython.display import SVG, display
line = '<path d="M 0 0 L 1 1" style="stroke: #0072b2"/>'
display(SVG(f'<svg xmlns="http://www.w3.org/2000/svg">{line}</svg>'))"""


def write(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A small notebook, executed and stored."""
    sources = ["print('a')\nprint('b')", "n = 2\nassert n\nn + 1", DRAW, DRAW, DRAW, "assert n"]
    path = write(tmp_path_factory.mktemp("stored") / "small.ipynb", *sources)
    assert notebooks.main(["run", str(path)]) == 0
    return path


def nbval(path):
    """Run the notebook as `make test` does, in a process of its own."""
    options = ["-q", "--nbval", "-p", "no:cacheprovider", "-n", "0", "-c", str(ROOT / "pyproject.toml")]
    command = [sys.executable, "-m", "pytest", *options, "-p", "conftest", str(path)]
    environment = {
        name: value for name, value in os.environ.items() if name not in notebooks.KERNEL_ENVIRONMENT
    }
    environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'tools'}"
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_running_twice_changes_no_byte(stored):
    before = stored.read_bytes()
    assert notebooks.main(["run", str(stored)]) == 0
    assert stored.read_bytes() == before


def test_outputs_are_merged_and_counted(stored):
    first, second, *_ = nbformat.read(stored, as_version=4).cells
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
    text = notebooks.text_of(notebooks.normalise(nbformat.read(path, as_version=4)))
    return [cell["id"] for cell in json.loads(text)["cells"]]


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


def test_a_figure_that_looks_the_same_stays_as_it_is_stored(tmp_path):
    path = write(tmp_path / "figure.ipynb", DRAW.replace("L 1 1", "L 1.5 2.004999"))
    assert notebooks.main(["run", str(path)]) == 0
    assert "L1.5 2" in path.read_text("utf-8")
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


# What is broken in each cell of the small notebook, its outputs and its source, and what is said of it.
BROKEN = {
    "another line": ('"a\\n"', '"a \\n"', "mismatch 'stdout'"),
    "another result": ('"3"', '"4"', "mismatch 'text/plain'"),
    "another curve": (
        "L1 1",
        "L1 1.1",
        "figure that differs at element 2, path: d is 'M0 0L1 1.1' and 'M0 0L1 1'",
    ),
    "another colour": ("stroke:#0072b2", "stroke:#d55e00", "style is 'stroke:#d55e00' and 'stroke:#0072b2'"),
    "a missing line": (
        "<path d=",
        "<path /><path d=",
        "figure that differs at element 1, svg: 2 elements in it and 1",
    ),
    "a false claim": ("assert n", "assert not n", "AssertionError"),
}


@pytest.fixture(scope="module")
def broken_run(stored, tmp_path_factory):
    """What nbval says of a copy of the small notebook in which every cell is broken."""
    raw = json.loads(stored.read_text("utf-8"))
    for cell, (old, new, _) in zip(raw["cells"], BROKEN.values(), strict=True):
        part = "source" if old.startswith("assert") else "outputs"
        text = json.dumps(cell[part])
        assert old in text
        cell[part] = json.loads(text.replace(old, new))
    path = tmp_path_factory.mktemp("broken") / "broken.ipynb"
    path.write_text(json.dumps(raw), "utf-8")
    return nbval(path).stdout


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_cell_is_found_by_nbval(broken_run, fault):
    assert BROKEN[fault][2] in broken_run
    assert f"Cell {list(BROKEN).index(fault)}" in broken_run.partition("short test summary")[2]


def stripped(stored, folder, count):
    path = folder / "bare.ipynb"
    notebook = nbformat.read(stored, as_version=4)
    for cell in notebook.cells:
        cell.outputs, cell.execution_count = [], count
    nbformat.write(notebook, path)
    return path


def test_a_notebook_without_outputs_is_found_by_nbval(stored, tmp_path):
    run = nbval(stripped(stored, tmp_path, count=1))
    assert run.returncode == 1
    assert "Unexpected output fields" in run.stdout


def test_a_notebook_that_was_never_run_is_found_by_the_check(stored, tmp_path, capsys):
    assert notebooks.main(["check", str(stripped(stored, tmp_path, count=None))]) == 1
    assert '-   "execution_count": null' in capsys.readouterr().out


@pytest.mark.parametrize("chapter", notebooks.chapters(), ids=lambda path: path.stem)
def test_chapters_are_stored_in_the_normal_form(chapter):
    assert notebooks.difference(chapter) == []


def test_the_book_can_be_reviewed():
    """Figures took nine lines of ten; a book that doubles may have twice as many."""
    lines = [len(path.read_text("utf-8").splitlines()) for path in notebooks.chapters()]
    assert sum(lines) / len(lines) < 1300

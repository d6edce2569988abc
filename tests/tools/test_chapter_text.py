"""The text form of a notebook for `git diff`."""

import chapter_text
import nbformat
import pytest

SVG = '<svg viewBox="0 0 422 192"><path/><path/></svg>'


@pytest.fixture
def path(tmp_path):
    """A notebook with every kind of cell and output."""
    new, output = nbformat.v4, nbformat.v4.new_output
    outputs = [
        output("stream", name="stdout", text="a\nb\n"),
        output("display_data", data={"image/svg+xml": SVG, "text/plain": "<Figure>"}),
        output("error", ename="E", evalue="why", traceback=["long"]),
    ]
    cells = [
        new.new_markdown_cell("# Title\n\nText."),
        new.new_code_cell("1\n2", outputs=outputs, metadata={"tags": ["blank"]}),
    ]
    path = tmp_path / "small.ipynb"
    nbformat.write(new.new_notebook(cells=cells, metadata={"matproof": {"layout": "numerator"}}), path)
    return path


def printed(path, capsys):
    assert chapter_text.main([str(path)]) == 0
    return capsys.readouterr().out


def test_cells_and_outputs_are_text(path, capsys):
    assert printed(path, capsys).splitlines() == [
        'matproof: {"layout": "numerator"}',
        "",
        "[markdown]",
        "# Title",
        "",
        "Text.",
        "",
        '[code {"tags": ["blank"]}]',
        "1",
        "2",
        "[output]",
        "a",
        "b",
        "[output]",
        "image/svg+xml: 422 x 192 points, 2 paths, ef0138e9",
        "text/plain: <Figure>",
        "[output]",
        "E: why",
    ]


def test_a_changed_figure_changes_its_line(path, capsys):
    before = printed(path, capsys).splitlines()
    path.write_text(path.read_text("utf-8").replace("0 0 422 192", "0 0 422 193"), "utf-8")
    after = printed(path, capsys).splitlines()
    assert [line.partition(":")[0] for line in after if line not in before] == ["image/svg+xml"]


@pytest.mark.parametrize("content", ["<<<<<<< ours\n{}", "[1, 2]\n", '{"cells": [{"cell_type": "raw"}]}'])
def test_what_is_no_notebook_is_printed_as_it_is(tmp_path, capsys, content):
    path = tmp_path / "broken.ipynb"
    path.write_text(content, "utf-8")
    assert printed(path, capsys) == content


def test_usage(capsys):
    assert chapter_text.main([]) == 2
    assert "NOTEBOOK" in capsys.readouterr().err

"""The student notebooks: what is taken out, and that each blank fails its check and each answer passes it."""

import nbformat
import pytest
import student
from notebooks import normalise

pytestmark = pytest.mark.slow  # the solutions of the book are computed

CHAPTERS = student.main_chapters()

CELL = """x = 1
for n in (1, 2):
    y = x * n
    assert_equal(y,
                 x * n)
check_equal(x, 1)  # the same
check_close(x, 1.0, 1e-12)
x"""


def test_every_check_of_a_cell_gets_a_blank():
    source, answers = student.blanked(CELL)
    assert answers == ["x * n", "1", "1.0"]
    assert source.splitlines() == [
        "x = 1",
        "for n in (1, 2):",
        "    y = x * n",
        f"    {student.BLANK}",
        "    assert_equal(y, answer)",
        student.BLANK,
        "check_equal(x, answer)",
        student.BLANK,
        "check_close(x, answer, 1e-12)",
        "x",
    ]


@pytest.mark.parametrize(
    "source", ["assert x == 1", "assert_equal(x)", "print(check_equal(1, 1))", "check_close(1, 1)"]
)
def test_a_cell_without_a_check_cannot_be_blanked(source):
    with pytest.raises(ValueError, match=r"expected a statement check_equal\(left, right\) or"):
        student.blanked(source)


def write(path, *cells):
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    made = [make[kind](source, metadata={"tags": list(tags)}) for kind, source, *tags in cells]
    nbformat.write(normalise(nbformat.v4.new_notebook(cells=made)), path)
    return path


def test_a_small_chapter(tmp_path):
    path = write(
        tmp_path / "small.ipynb",
        ("markdown", "# Title"),
        ("code", "assert_equal(1, 1)", "blank"),
        ("code", "print('The answer is 1.')", "solution"),
        ("code", "1 + 1"),
        ("markdown", ":::{exercise} E\n:label: e\nHow?\n:::"),
        ("markdown", ":::{solution} e\n:class: dropdown\nSo.\n:::"),
    )
    assert student.main([str(path), "--output", str(tmp_path / "out")]) == 0
    written = nbformat.read(tmp_path / "out" / "small.ipynb", as_version=4)
    blank = f"{student.BLANK}\nassert_equal(1, answer)"
    assert [cell.source for cell in written.cells] == [
        "# Title",
        student.GUIDE,
        blank,
        "1 + 1",
        ":::{exercise} E\n:label: e\nHow?\n:::",
        student.ROOM,
    ]


def test_a_tag_in_the_wrong_place_is_named(tmp_path, capsys):
    path = write(tmp_path / "wrong.ipynb", ("markdown", "# Title"), ("code", "1 + 1", "blank"))
    assert student.main([str(path), "--output", str(tmp_path)]) == 1
    message = capsys.readouterr().err
    assert f"{path}: cell 2 is tagged 'blank': expected a statement" in message


def filled(source, answers):
    """A blanked source with the given answers filled in, the dots where an answer is None or missing."""
    for answer in answers:
        source = source.replace(student.BLANK, f"answer = {answer or '...'}", 1)
    return source


def run(source, names):
    """Run a cell of one of our own chapters in the chapter's names, as a kernel would; nothing is drawn."""
    exec(source, names)
    names |= {name: lambda *_, **__: None for name in names if name.startswith("draw_")}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_blanks_of_a_chapter(path):
    """Each blank that is left fails and says so, however often it is run; then the answers pass."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    cells = [cell for cell in cells if "solution" not in student.tags(cell)]
    tagged = [at for at, cell in enumerate(cells) if "blank" in student.tags(cell)]
    assert tagged, "no cell is tagged 'blank'"
    names = {}
    for cell in cells[: tagged[-1] + 1]:
        source, answers = cell.source, []
        if "blank" in student.tags(cell):
            source, answers = student.blanked(cell.source)
        for k in range(len(answers)):
            with pytest.raises(AssertionError, match="not answered yet: replace the dots"):
                run(filled(source, [*answers[:k], None]), names)
        run(filled(source, answers), names)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_student_notebook_gives_nothing_away(path):
    """A valid notebook without a solution or an output, and with room for the answers."""
    notebook = student.student_notebook(path)
    nbformat.validate(notebook)
    assert not any("{solution}" in cell.source or cell.get("outputs") for cell in notebook.cells)
    assert sum(cell.source == student.ROOM for cell in notebook.cells) >= 2

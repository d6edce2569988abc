"""The structure of the book, and that each rule finds what it is there to find."""

from pathlib import Path

import nbformat
import pytest
import yaml
from structure import BOOK, RULES, Chapter, chapters, crowded_displays, labels, repeated_labels

CHAPTERS = chapters()


def toc_files():
    toc = yaml.safe_load((BOOK.parent / "_toc.yml").read_text("utf-8"))
    return [toc["root"]] + [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path.stem)
def test_chapter_keeps_the_rule(chapter, rule):
    assert rule(chapter) == []


def test_every_label_is_unique():
    pages = [page.read_text("utf-8") for page in sorted(BOOK.rglob("*.md"))]
    assert repeated_labels([chapter.markdown for chapter in CHAPTERS] + pages) == []


def test_every_chapter_is_in_the_table_of_contents():
    stored = [
        p for kind in ("*.ipynb", "*.md") for p in BOOK.rglob(kind) if ".ipynb_checkpoints" not in p.parts
    ]
    names = sorted(str(path.relative_to(BOOK.parent).with_suffix("")) for path in stored)
    assert sorted(toc_files()) == names


# From here on: a good chapter, and what happens when one thing in it is broken.

GOOD = [
    ("markdown", "# Title\n\nAfter this chapter you can\n\n- count.\n\n**Notation.** $x \\in \\mathbb{R}$."),
    ("markdown", ":::{prf:theorem} One\n:label: one\n\nThen\n\n$$\nx = x.\n$$\n:::"),
    ("markdown", ":::{prf:proof}\nRead it twice.\n:::"),
    ("code", "assert 1 == 1"),
    ("markdown", ":::{prf:remark} A tempting mistake\n:label: wrong\n\n$x \\neq 2x$\n:::"),
    *(("markdown", f":::{{exercise}} E\n:label: e{k}\n\n$x$\n:::") for k in "abc"),
    *(("markdown", f":::{{solution}} e{k}\n\n$x$\n:::") for k in "abc"),
    ("markdown", "## Summary\n\n![A line that goes from left to right](line.svg)"),
]


def write(path, cells, layout="numerator"):
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    notebook = nbformat.v4.new_notebook(cells=[make[kind](source) for kind, source in cells])
    notebook.metadata["matproof"] = {"layout": layout}
    nbformat.write(notebook, path)
    return Chapter(path)


def problems(chapter):
    return [problem for rule in RULES for problem in rule(chapter)]


def replaced(old, new):
    return [(kind, source.replace(old, new)) for kind, source in GOOD]


def test_a_good_chapter_has_no_problem(tmp_path):
    assert problems(write(tmp_path / "good.ipynb", GOOD)) == []


MIXED = "cell 6: exercise beside something else"
MIXED_WITH_SOLUTION = "cell 6: exercise and solution beside something else"


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ([cell for cell in GOOD if "{prf:proof}" not in cell[1]], "one has no proof"),
        ([cell for cell in GOOD if cell[0] != "code"], "one has no verifying cell"),
        ([GOOD[0], GOOD[1], GOOD[3], GOOD[2], *GOOD[4:]], "one has no verifying cell"),
        (replaced(":label: one\n", ""), "cell 2: prf:theorem without a label"),
        (replaced("Then\n\n$$", "Then\n$$"), "cell 2, line 5: no empty line beside $$"),
        (replaced("$$\n:::", "$$\nand so on.\n:::"), "cell 2, line 8: no empty line beside $$"),
        (replaced("assert 1 == 1", "\n".join(["1"] * 16)), "cell 4 has 16 lines"),
        (replaced("[A line that goes from left to right]", "[]"), "cell 12: figure without alt text"),
        (replaced("After this chapter you can", "Goals"), "lacks learning goals"),
        (replaced("**Notation.**", "Notation"), "lacks notation"),
        (replaced("![A line that goes from left to right](line.svg)", ""), "lacks a picture"),
        (replaced(r"\neq", "="), r"lacks a tempting mistake with \neq"),
        (GOOD[:7] + GOOD[8:], "lacks three exercises"),
        (GOOD[:-2] + GOOD[-1:], "lacks a solution to every exercise"),
        (replaced(":::{exercise} E\n:label: ea", "And now:\n\n:::{exercise} E\n:label: ea"), MIXED),
        (replaced(":label: ea\n\n$x$\n:::", ":label: ea\n\n$x$\n:::\n\nWell?"), MIXED),
        (replaced(":label: ea\n\n$x$\n:::", f":label: ea\n:::\n\n{GOOD[9][1]}"), MIXED_WITH_SOLUTION),
        (replaced("## Summary", "## End"), "lacks a summary"),
    ],
)
def test_a_broken_chapter_is_found(tmp_path, cells, problem):
    assert problem in problems(write(tmp_path / "broken.ipynb", cells))


def test_a_stored_error_is_found(tmp_path):
    chapter = write(tmp_path / "broken.ipynb", GOOD)
    notebook = nbformat.read(chapter.path, as_version=4)
    notebook.cells[3].outputs = [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])]
    nbformat.write(notebook, chapter.path)
    assert problems(Chapter(chapter.path)) == ["cell 4 stores an error"]


def test_a_figure_without_alt_text_is_found(tmp_path):
    chapter = write(tmp_path / "broken.ipynb", GOOD)
    notebook = nbformat.read(chapter.path, as_version=4)
    picture = nbformat.v4.new_output("display_data", data={"image/svg+xml": "<svg/>"})
    notebook.cells[3].outputs = [picture]
    nbformat.write(notebook, chapter.path)
    assert problems(Chapter(chapter.path)) == ["cell 4: figure without alt text"]


def test_a_missing_layout_is_found(tmp_path):
    chapter = write(tmp_path / "broken.ipynb", GOOD)
    notebook = nbformat.read(chapter.path, as_version=4)
    del notebook.metadata["matproof"]
    nbformat.write(notebook, chapter.path)
    assert problems(Chapter(chapter.path)) == ["lacks the layout in its metadata"]


def test_a_label_used_twice_is_found():
    assert repeated_labels([":label: a\n", "(a)=\n", "$$ (eq-b)\n", ":name: c"]) == ["a"]


def test_a_display_at_the_edge_of_its_directive_is_fine(tmp_path):
    cells = [("markdown", ":::{prf:proof}\n\n$$\nx = x\n$$ (eq-x)\n:::\n\n$$\n1 = 1\n$$")]
    assert crowded_displays(write(tmp_path / "edge.ipynb", cells)) == []


def test_a_label_that_was_published_still_leads_somewhere():
    """Where a label changes, the old one stays as a target, `(old-label)=` on the line before the fence."""
    published = set((Path(__file__).parent / "labels.txt").read_text(encoding="utf-8").split())
    texts = [chapter.markdown for chapter in CHAPTERS]
    texts += [path.read_text(encoding="utf-8") for path in BOOK.rglob("*.md")]
    assert published - {label for text in texts for label in labels(text)} == set()

"""The site's part in the decks: slideshow metadata become classes, a chapter's page links to its deck."""

import nbformat
import pytest
from book_site.slides import deck_of, mark_blocks
from docutils import nodes
from docutils.utils import new_document


class App:
    """As much of Sphinx as the handler needs."""

    def __init__(self, path):
        self.env = self
        self.docname = "chapter"
        self.path = path

    def doc2path(self, docname):
        return str(self.path)


@pytest.fixture
def marked(tmp_path):
    def mark(wish, name="chapter.ipynb"):
        metadata = {"slideshow": {"slide_type": wish}} if wish else {}
        cells = [
            nbformat.v4.new_markdown_cell("first"),
            nbformat.v4.new_markdown_cell("two", metadata=metadata),
        ]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / name)
        tree = new_document(name)
        section = nodes.section()
        for line in (10_002, 20_002, 20_004):
            section += nodes.paragraph("", "text")
            section[-1].line = line
        tree += section
        mark_blocks(App(tmp_path / name), tree)
        return [block["classes"] for block in section]

    return mark


@pytest.mark.parametrize("wish", ["skip", "notes", "fragment"])
def test_every_block_of_the_cell_is_marked(marked, wish):
    assert marked(wish) == [[], [f"slideshow-{wish}"], [f"slideshow-{wish}"]]


@pytest.mark.parametrize("wish", ["slide", "subslide"])
def test_only_the_first_block_begins_a_slide(marked, wish):
    assert marked(wish) == [[], [f"slideshow-{wish}"], []]


@pytest.mark.parametrize("wish", [None, "-", "unheard-of"])
def test_other_cells_stay_as_they_are(marked, wish):
    assert marked(wish) == [[], [], []]


def test_a_deck_lies_as_deep_as_its_page():
    assert deck_of("book/trace/basics") == "decks/trace/basics.html"
    assert deck_of("book/notation") == "decks/notation.html"

"""Where the deck of a chapter lies, and the ``slideshow`` metadata of its cells, which steer the deck.

A chapter is a page with a number. Its deck is written after the build, by the package ``decks``.
"""

from pathlib import Path

import nbformat
from docutils import nodes

from .katex import CELL

# What begins a slide concerns the first block of a cell, the rest all of its blocks.
BEGIN = ("slide", "subslide")
ALL = ("fragment", "skip", "notes")


def deck_of(docname: str) -> str:
    """The address of a chapter's deck in the site: ``book/part/chapter`` has ``decks/part/chapter.html``."""
    return f"decks/{docname.removeprefix('book/')}.html"


def add_link(app, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Tell the template of a chapter where its deck will be."""
    if app.env.toc_secnumbers.get(pagename):
        context["deck"] = deck_of(pagename)


def mark_blocks(app, doctree: nodes.document) -> None:
    """Write the slideshow metadata of the notebook's cells as classes ``slideshow-…`` to their blocks."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    wishes = {
        number: wish
        for number, cell in enumerate(nbformat.read(path, as_version=4).cells, 1)
        if (wish := cell.metadata.get("slideshow", {}).get("slide_type", "-")) in BEGIN + ALL
    }
    for block in _blocks(doctree) if wishes else ():
        number = (block.line or 0) // CELL
        wish = wishes.get(number)
        if wish:
            block["classes"].append(f"slideshow-{wish}")
        if wish in BEGIN:
            del wishes[number]


def _blocks(parent: nodes.Element):
    for child in parent.children:
        if isinstance(child, nodes.section):
            yield from _blocks(child)
        elif isinstance(child, nodes.Element):
            yield child


def setup(app) -> None:
    """Register the handlers."""
    app.connect("doctree-read", mark_blocks)
    app.connect("html-page-context", add_link, priority=900)

"""What turns the book into a site, as one Sphinx extension."""

from . import boxes, katex, pages, search


def setup(app) -> dict:
    """Register all parts of the extension."""
    for part in (katex, boxes, pages, search):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}

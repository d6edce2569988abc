"""What turns the book into a site, as one Sphinx extension."""

from . import katex


def setup(app) -> dict:
    """Register all parts of the extension."""
    for part in (katex,):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}

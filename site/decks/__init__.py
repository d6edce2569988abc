"""The built chapters as reveal.js decks, as a Sphinx extension that cuts them when the pages are written.

Nothing is written twice: a deck is cut from the page that Sphinx has built. ``python -m decks _build/html``,
with ``site`` on the Python path, cuts the decks of a site that is there.
"""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)


def cut(app: Sphinx, error: Exception | None) -> None:
    """Cut the decks whose pages have changed."""
    if error or app.builder.name != "html":
        return
    from .site import build

    cache = Path(app.doctreedir).parent / "katex.sqlite"
    number, written = build(Path(app.outdir), cache, app.config.katex_macros)
    logger.info("decks: %d, cut anew: %d", number, written)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the handler; the formulas are typeset by the extension ``book_site``."""
    app.setup_extension("book_site")
    app.connect("build-finished", cut)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

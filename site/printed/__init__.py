"""The book as one PDF, and each deck as a handout: ``python -m printed _build/html``, ``site`` on the path.

The PDF is Chromium's print of the built pages, joined. So it has the very formulas, boxes and numbers of the
site. LaTeX would need 300 MB of TeX Live and a second set of templates for the boxes and the cells; Sphinx's
own single page crashes on the exercises and would number everything anew.

As a Sphinx extension, it keeps what has been printed linked on the start page, which Sphinx writes anew.
"""

from pathlib import Path

from sphinx.application import Sphinx


def link_again(app: Sphinx, error: Exception | None) -> None:
    """Link the PDFs that are there."""
    if error or app.builder.name != "html":
        return
    from .linked import link

    link(Path(app.outdir))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the handler."""
    app.connect("build-finished", link_again)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

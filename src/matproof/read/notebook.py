"""A notebook -> its Markdown cells."""

from __future__ import annotations

import json

from .events import DocumentError, Unit
from .markdown import read_markdown


def read_notebook(text: str, path: str, *, lenient: bool = False) -> tuple[tuple[Unit, ...], object]:
    """The Markdown cells, and the layout that the metadata names. Raises `DocumentError`."""
    try:
        notebook = json.loads(text)
        cells = [(number, cell) for number, cell in enumerate(notebook["cells"], start=1)]
        sources = [
            (number, "".join(cell["source"])) for number, cell in cells if cell["cell_type"] == "markdown"
        ]
        layout = notebook.get("metadata", {}).get("matproof", {}).get("layout")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DocumentError(f"{path}: not a notebook ({type(error).__name__}: {error})") from None
    return tuple(read_markdown(source, cell=number, lenient=lenient) for number, source in sources), layout

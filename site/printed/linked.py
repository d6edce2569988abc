"""The PDFs that have been printed, named at the end of the start page."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from .joined import START, chapters

FOLDER = "pdf"
BOOK = "book.pdf"
LAYOUTS = ("numerator", "denominator")


def sheet(layout: str) -> str:
    """The name of the cheat sheet in a layout."""
    return f"formulas-{layout}.pdf"


def link(site: Path) -> None:
    """Name the PDFs at the end of the start page, if there are any: the book, then the slides in order."""
    start = site / START
    text = re.sub(r'<div class="printed">.*?</div>', "", start.read_text(encoding="utf-8"), flags=re.DOTALL)
    if (site / FOLDER / BOOK).is_file():
        book = f'<p><a href="../{FOLDER}/{BOOK}">The book as PDF</a></p>'
        book += "".join(_sheets(site))
        handouts = "".join(_handouts(site, text))
        slides = f"<details><summary>Slides as PDF</summary><ul>{handouts}</ul></details>" if handouts else ""
        text = text.replace("</article>", f'<div class="printed">{book}{slides}</div></article>', 1)
    start.write_text(text, encoding="utf-8")


def _sheets(site: Path) -> Iterator[str]:
    for layout in LAYOUTS:
        if (site / FOLDER / sheet(layout)).is_file():
            yield f'<p><a href="../{FOLDER}/{sheet(layout)}">All formulas in {layout} layout as PDF</a></p>'


def _handouts(site: Path, start: str) -> Iterator[str]:
    """A list item for each chapter whose slides have been printed."""
    for path, title in chapters(start):
        handout = (
            f"{FOLDER}/decks/{Path(path).relative_to(Path(START).parent).with_suffix('.pdf').as_posix()}"
        )
        if (site / handout).is_file():
            yield f'<li><a href="../{handout}">{html.escape(title)}</a></li>'

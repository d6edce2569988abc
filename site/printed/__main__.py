"""Print the built book and its decks as PDF, and link them."""

import argparse
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from .chromium import chromium, find_chromium
from .joined import START, join
from .linked import BOOK, FOLDER, LAYOUTS, link, sheet

# The printed column: A4 less the margins in print.css, in CSS pixels.
COLUMN = round((210 - 2 * 18) / 25.4 * 96)
INDEX = "book/appendix/formulas.html"
# Returns what is still wider than the column.
NARROW = """() => {
  const boxes = [...document.querySelectorAll(".math-scroll, .table-scroll")];
  for (const box of boxes) {
    for (let factor = 1; box.scrollWidth > box.clientWidth + 1 && factor > 0.4; ) {
      factor *= Math.max(0.8, Math.min(0.98, box.clientWidth / box.scrollWidth));
      box.style.fontSize = `${factor}em`;
    }
  }
  const wide = boxes.filter((box) => box.scrollWidth > box.clientWidth + 1);
  return wide.map((box) => box.textContent.slice(0, 80));
}"""


def print_book(browser: Browser, site: Path) -> None:
    """Write the book's PDF. Raises ValueError if something is too wide for the page."""
    joined = site / "_printed.html"
    joined.write_text(join(site), encoding="utf-8")
    try:
        page = browser.new_page(viewport={"width": COLUMN, "height": 1000})
        page.set_default_timeout(0)
        page.emulate_media(media="print", color_scheme="light")
        page.goto(joined.as_uri())
        page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
        page.evaluate("document.fonts.ready")
        if wide := page.evaluate(NARROW):
            raise ValueError(f"too wide for the printed page: {wide}")
        _pdf(page, site / FOLDER / BOOK, outline=True)
        page.close()
    finally:
        joined.unlink()


def print_formulas(browser: Any, site: Path, layout: str) -> None:
    """Write the formula index as a cheat sheet of a few pages, in one layout."""
    page = browser.new_page(viewport={"width": COLUMN, "height": 1000})
    page.set_default_timeout(0)
    page.emulate_media(media="print", color_scheme="light")
    page.goto(f"{(site / INDEX).as_uri()}?layout={layout}")
    page.evaluate("document.fonts.ready")
    page.evaluate(NARROW)
    _pdf(page, site / FOLDER / sheet(layout))
    page.close()


def print_deck(browser: Browser, site: Path, deck: Path) -> None:
    """Write the handout of a deck, one page a slide."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(0)
    page.goto(deck.as_uri() + "?print-pdf")
    page.wait_for_selector(".pdf-page")
    page.wait_for_timeout(300)
    handout = site / FOLDER / deck.relative_to(site).with_suffix(".pdf")
    _pdf(page, handout)
    page.close()


def _pdf(page: Page, path: Path, outline: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    page.pdf(
        path=str(path), prefer_css_page_size=True, print_background=True, outline=outline, tagged=outline
    )


def main() -> int:
    """Print; 1 and one line if the site or Chromium is missing."""
    parser = argparse.ArgumentParser(prog="printed", description=__doc__)
    parser.add_argument("site", type=Path, help="the built site, _build/html")
    site = parser.parse_args().site.resolve()
    if not (site / START).is_file():
        print(f"There is no book in {site}: run `make book` first.", file=sys.stderr)
        return 1
    try:
        find_chromium()
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    with chromium() as browser:
        print_book(browser, site)
        for layout in LAYOUTS if (site / INDEX).is_file() else ():
            print_formulas(browser, site, layout)
        for deck in sorted((site / "decks").rglob("*.html")):
            print_deck(browser, site, deck)
    print(f"Printed into {site / FOLDER}.")
    link(site)
    return 0


if __name__ == "__main__":
    sys.exit(main())

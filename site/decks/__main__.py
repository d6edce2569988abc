"""Cut a deck from every page that links to one (``<a id="slides" href=…>``), to where the link leads."""

import argparse
import html
import re
import shutil
import sys
from pathlib import Path
from posixpath import relpath
from string import Template
from urllib.parse import urldefrag

import yaml
from book_site.katex import Typesetter
from bs4 import BeautifulSoup, Tag

from .formulas import Formulas
from .slides import Slide, cut

HERE = Path(__file__).parent
REVEAL = HERE.parent / "node_modules" / "reveal.js"
ASSETS = [REVEAL / "dist/reveal.js", REVEAL / "dist/reveal.css", REVEAL / "plugin/notes/notes.js"]
OWN = [HERE / "deck.js", HERE / "deck.css"]
CONFIG = HERE.parents[1] / "_config.yml"
BUTTON = re.compile(r'<a\b[^>]*\bid="slides"[^>]*>')


def build(site: Path, typesetter: Typesetter) -> tuple[int, int]:
    """Write the decks that are older than their pages; return how many there are, and how many were cut."""
    copy_assets(site / "decks" / "assets")
    code = max(path.stat().st_mtime for path in HERE.iterdir())
    number = written = 0
    for page in sorted(site.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        button = BUTTON.search(text)
        if not button or page.is_relative_to(site / "decks"):
            continue
        target = (page.parent / re.search(r'href="([^"]+)"', button[0])[1]).resolve()
        number += 1
        if target.is_file() and target.stat().st_mtime > max(code, page.stat().st_mtime):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        formulas = Formulas(lambda tex: typesetter.html(tex, display=True))
        links = Links(relpath(site, target.parent), relpath(page, target.parent))
        target.write_text(deck(text, formulas, links), encoding="utf-8")
        written += 1
    return number, written


def copy_assets(folder: Path) -> None:
    """Copy reveal.js, the decks' script and style. Raises FileNotFoundError if reveal.js is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in [*ASSETS, *OWN]:
        if not path.is_file():
            raise FileNotFoundError(f"{path.name} is missing: run `make book`, which installs it.")
        shutil.copyfile(path, folder / path.name)


class Links:
    """How a deck refers to the files of the site: the way to its root, and to the page it is cut from."""

    def __init__(self, root: str, page: str):
        self.root = root
        self.page = page

    def adapt(self, soup: Tag, places: set[str]) -> None:
        """Links to places in the deck stay; all others lead to the book, in a window of their own."""
        for link in soup.select("a[href]"):
            address, place = urldefrag(link["href"])
            if ":" in address.split("/")[0] or (not address and place in places):
                continue
            link["href"] = self._from_page(address) + (f"#{place}" if place else "")
            link["target"] = "_blank"
        for image in soup.select("img[src]"):
            image["src"] = self._from_page(image["src"])
            del image["loading"]

    def _from_page(self, address: str) -> str:
        folder = self.page.rpartition("/")[0]
        return relpath(f"{folder}/{address}") if address else self.page


def deck(page: str, formulas: Formulas, links: Links) -> str:
    """The deck of a page, as HTML."""
    soup = BeautifulSoup(formulas.lift(page), "html.parser")
    article = soup.select_one("article")
    title = article.h1.get_text().removesuffix("#").strip()
    slides = cut(article, formulas)
    slides[0].parts.insert(
        0, _element(f'<p class="book-of-deck">{soup.select_one(".book-title").get_text()}</p>')
    )
    columns = []
    for slide in slides:
        if slide.new_column or not columns:
            columns.append([])
        columns[-1].append(slide)
    text = "\n".join(_column(column, title, links) for column in columns)
    result = BeautifulSoup(text, "html.parser")
    _drop_repeated_ids(result)
    links.adapt(result, {tag["id"] for tag in result.select(".content [id]")})
    for aside in result.select("aside"):
        _plain_formulas(aside, formulas)
    template = Template((HERE / "deck.html").read_text(encoding="utf-8"))
    return template.substitute(
        title=html.escape(title), root=links.root, slides=formulas.put_back(str(result))
    )


def _column(slides: list[Slide], title: str, links: Links) -> str:
    inner = "\n".join(_section(slide, title, links) for slide in slides)
    return f"<section>{inner}</section>" if len(slides) > 1 else inner


def _section(slide: Slide, title: str, links: Links) -> str:
    where = f'<a href="{links.page}#{slide.place}">{title}{_crumb(slide, title)}</a>'
    notes = "".join(str(note) for note in slide.notes)
    aside = f'<aside class="notes">{notes}</aside>' if notes else ""
    content = "".join(str(part) for part in slide.parts)
    head = f'<p class="running">{where}</p>'
    return f'<section data-kind="{slide.kind}">{head}<div class="content">{content}</div>{aside}</section>'


def _crumb(slide: Slide, title: str) -> str:
    section = re.sub(r"</?a\b[^>]*>", "", slide.section)
    return "" if _element(f"<p>{section}</p>").get_text().strip() == title else f" › {section}"


def _drop_repeated_ids(soup: Tag) -> None:
    seen = set()
    for tag in soup.select("[id]"):
        if tag["id"] in seen:
            del tag["id"]
        else:
            seen.add(tag["id"])


def _plain_formulas(notes: Tag, formulas: Formulas) -> None:
    """MathML alone, which the speaker's window shows without KaTeX's style sheet."""
    for place in notes.select("[data-formula]"):
        formula = BeautifulSoup(formulas.html[int(place["data-formula"])], "html.parser").math
        for annotation in formula.select("annotation"):
            annotation.decompose()
        for bold in formula.find_all(attrs={"mathvariant": "bold"}):
            bold["style"] = "font-weight: bold"
        place.replace_with(formula)


def _element(text: str) -> Tag:
    return BeautifulSoup(text, "html.parser").find()


def main() -> int:
    """Build the decks of the site that is named on the command line."""
    parser = argparse.ArgumentParser(prog="decks", description=__doc__)
    parser.add_argument("site", type=Path, help="the built site, _build/html")
    site = parser.parse_args().site.resolve()
    if not (site / "_static").is_dir():
        print(f"There is no site in {site}: run `make book` first.", file=sys.stderr)
        return 2
    settings = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["sphinx"]["config"]
    typesetter = Typesetter(site.parent / "katex.sqlite", settings.get("katex_macros", {}))
    try:
        number, written = build(site, typesetter)
    finally:
        typesetter.close()
    print(f"{number} decks, {written} of them new, in {site / 'decks'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

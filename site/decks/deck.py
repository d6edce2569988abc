"""The deck of one page: its slides as HTML, its links led back to the book."""

import html
import re
from pathlib import Path
from posixpath import relpath
from string import Template
from urllib.parse import urldefrag

from bs4 import BeautifulSoup, Tag

from .formulas import Formulas
from .slides import Slide, cut

TEMPLATE = Path(__file__).parent / "deck.html"


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
    columns: list[list[Slide]] = []
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
    template = Template(TEMPLATE.read_text(encoding="utf-8"))
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

"""The built pages of a site as one page, in the order of the contents."""

import html
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from posixpath import dirname, normpath
from string import Template
from urllib.parse import urldefrag

from bs4 import BeautifulSoup, Tag
from decks.formulas import OPENING, Formulas, tex_of

HERE = Path(__file__).parent
START = "book/index.html"
HEADING = re.compile(r"h[1-5]")
PAGE = Template("""<!DOCTYPE html>
<html lang="en" data-colours="light">
<head>
<meta charset="utf-8">
<title>$title</title>
<link rel="stylesheet" href="_static/katex/katex.css">
<link rel="stylesheet" href="_static/book.css">
<style>$style</style>
</head>
<body><div class="title-page"><p class="title">$title</p></div>$contents$chapters</body>
</html>
""")


def join(site: Path) -> str:
    """One HTML page, to be stored in the site's root. Raises FileNotFoundError if the site is not built."""
    start = _soup((site / START).read_text(encoding="utf-8"))
    entries = list(_entries(start))
    names = {path: f"page-{number}" for number, (path, *_) in enumerate(entries)}
    base = start.select_one("link[rel=canonical]")
    base = base["href"].removesuffix(START) if base else ""
    styles, texts, part = [], [], None
    for path, _, caption in entries:
        chapter, title = _chapter(site, path, names, base)
        if caption != part and caption:
            texts.append(f'<h1 class="part" style="page: {names[path]}">{html.escape(caption)}</h1>')
        part = caption
        styles.append(_running_head(names[path], title))
        texts.append(f'<article id="{names[path]}" style="page: {names[path]}">{chapter}</article>')
    title = start.select_one(".book-title").get_text()
    style = (HERE / "print.css").read_text(encoding="utf-8") + "".join(styles)
    contents = _contents(entries[1:], names)
    return PAGE.substitute(title=html.escape(title), style=style, contents=contents, chapters="".join(texts))


def _contents(entries: list[tuple[str, str, str]], names: dict[str, str]) -> str:
    """The chapters, linked, under the captions of their parts."""
    parts = []
    for caption, group in groupby(entries, key=lambda entry: entry[2]):
        items = (f'<li><a href="#{names[path]}">{html.escape(title)}</a></li>' for path, title, _ in group)
        parts.append(f"<p>{html.escape(caption)}</p><ul>{''.join(items)}</ul>")
    return f'<nav class="printed-contents"><h2>Contents</h2>{"".join(parts)}</nav>'


def chapters(start: str) -> list[tuple[str, str]]:
    """The pages that the start page's list of contents names, with their titles."""
    return [(path, title) for path, title, _ in _entries(_soup(start))]


def _entries(start: Tag) -> Iterator[tuple[str, str, str]]:
    """The pages of the book, each with its title and the caption of its part."""
    yield START, start.select_one(".book-title").get_text(), ""
    caption = ""
    for item in start.select("#contents .caption, #contents li.toctree-l1 > a.internal[href]"):
        if item.name == "p":
            caption = item.get_text(strip=True)
            continue
        path = normpath(f"{dirname(START)}/{urldefrag(item['href'])[0]}")
        if path not in (START, dirname(START)):
            yield path, item.get_text(), caption


def _chapter(site: Path, path: str, names: dict[str, str], base: str) -> tuple[str, str]:
    """The text of a page and its title; its places are named after the page, its links stay in the book."""
    formulas = Formulas(lambda tex: tex)
    article = _soup(formulas.lift((site / path).read_text(encoding="utf-8"))).article
    for needless in article.select(".headerlink, script, input, form, .printed"):
        needless.decompose()
    title = article.h1.get_text().strip()
    for tag in article.select("[id]"):
        tag["id"] = f"{names[path]}-{tag['id']}"
    for link in article.select("a[href]"):
        link["href"] = _target(path, link["href"], names, base)
    for image in article.select("img[src]"):
        image["src"] = normpath(f"{dirname(path)}/{image['src']}")
        del image["loading"]
    for details in article.select("details"):
        details["open"] = ""
    if path != START:
        # Parts are headings of the first level.
        for heading in article.find_all(HEADING):
            heading.name = f"h{int(heading.name[1]) + 1}"
    formulas.html = [_printed_formula(formula) for formula in formulas.html]
    return formulas.put_back(article.decode_contents()), title


def _printed_formula(formula: str) -> str:
    """KaTeX's visual half, with the TeX as its text: Chromium needs many minutes to tag all the MathML."""
    visual = re.sub(r'<span class="katex-mathml">.*?</math></span>', "", formula, flags=re.DOTALL)
    label = f'<span class="katex" role="img" aria-label="{html.escape(tex_of(formula).strip())}">'
    return label + visual.removeprefix(OPENING)


def _target(path: str, href: str, names: dict[str, str], base: str) -> str:
    address, place = urldefrag(href)
    if ":" in address.split("/")[0]:
        return href
    target = normpath(f"{dirname(path)}/{address}") if address else path
    if target in names:
        return f"#{names[target]}-{place}" if place else f"#{names[target]}"
    return base + target


def _running_head(name: str, title: str) -> str:
    text = title.replace("\\", "\\\\").replace('"', '\\"')
    return f'@page {name} {{ @top-left {{ content: "{text}"; }} }}\n'


def _soup(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "html.parser")

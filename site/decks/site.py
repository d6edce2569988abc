"""The decks of a built site: which pages have one, which of them must be cut anew, all cores at it."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from posixpath import relpath

from book_site.katex import Typesetter

from .deck import Links, deck
from .formulas import Formulas

HERE = Path(__file__).parent
REVEAL = HERE.parent / "node_modules" / "reveal.js"
ASSETS = [REVEAL / "dist/reveal.js", REVEAL / "dist/reveal.css", REVEAL / "plugin/notes/notes.js"]
OWN = [HERE / "deck.js", HERE / "deck.css"]
BUTTON = re.compile(r'<a\b[^>]*\bid="slides"[^>]*\bhref="([^"]+)"')
# What a deck is cut from: the rest of a page, such as the contents, changes with every other page.
TITLE = re.compile(r'<a class="book-title"[^>]*>.*?</a>')
ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)
STAMP = "<!-- cut from {} -->\n"


@dataclass(frozen=True)
class Order:
    """A deck to be cut: the parts of the page, where it goes, how it refers to the site, and its stamp."""

    source: str
    target: Path
    links: Links
    stamp: str


def build(site: Path, cache: Path, macros: dict[str, str]) -> tuple[int, int]:
    """Write the decks whose pages have changed; return how many there are, and how many were cut.

    `cache` is the file in which KaTeX's output is kept, `macros` are those of the book.
    """
    copy_assets(site / "decks" / "assets")
    orders = list(_orders(site, _version(cache, macros)))
    stale = [order for order in orders if not _is_fresh(order)]
    workers = min(os.cpu_count() or 1, len(stale))
    if workers > 1:
        # Long chapters first, so that no core waits for the last one.
        stale.sort(key=lambda order: len(order.source), reverse=True)
        with ProcessPoolExecutor(workers) as pool:
            list(pool.map(_cut_one, stale, [cache] * len(stale), [macros] * len(stale)))
    else:
        for order in stale:
            _cut_one(order, cache, macros)
    return len(orders), len(stale)


def copy_assets(folder: Path) -> None:
    """Copy reveal.js, the decks' script and style. Raises FileNotFoundError if reveal.js is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in [*ASSETS, *OWN]:
        if not path.is_file():
            raise FileNotFoundError(f"{path.name} is missing: run `make book`, which installs it.")
        shutil.copyfile(path, folder / path.name)


def _orders(site: Path, version: str) -> Iterator[Order]:
    for page in sorted(site.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        button = BUTTON.search(text)
        if not button or page.is_relative_to(site / "decks"):
            continue
        target = (page.parent / button[1]).resolve()
        links = Links(relpath(site, target.parent), relpath(page, target.parent))
        source = "".join([*TITLE.findall(text), *ARTICLE.findall(text)])
        yield Order(source, target, links, STAMP.format(_hash([version, links.root, links.page, source])))


def _version(cache: Path, macros: dict[str, str]) -> str:
    """What a deck depends on beside its page: this code, the template, KaTeX with the book's macros."""
    typesetter = Typesetter(cache, macros)
    typesetter.close()
    code = [path.read_text(encoding="utf-8") for path in sorted([*HERE.glob("*.py"), HERE / "deck.html"])]
    return _hash([typesetter.salt, *code])


def _hash(texts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def _is_fresh(order: Order) -> bool:
    try:
        with order.target.open(encoding="utf-8") as old:
            return old.readline() == order.stamp
    except FileNotFoundError:
        return False


def _cut_one(order: Order, cache: Path, macros: dict[str, str]) -> None:
    typesetter = Typesetter(cache, macros)
    try:
        formulas = Formulas(lambda tex: typesetter.html(tex, display=True))
        text = deck(order.source, formulas, order.links)
    finally:
        typesetter.close()
    order.target.parent.mkdir(parents=True, exist_ok=True)
    order.target.write_text(order.stamp + text, encoding="utf-8")

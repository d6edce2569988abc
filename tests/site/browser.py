"""A real browser on the built site: finding it, watching it, and what it is asked about a page.

Every question is a function that returns a list of complaints, so that a check can also be shown to complain.
"""

import contextlib
import functools
import http.server
import re
import threading
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from playwright.sync_api import Browser, Page
from printed.chromium import chromium, find_chromium  # noqa: F401, the checks take them from here

AXE = Path(__file__).resolve().parents[2] / "site" / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (390, 768, 1280)


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def serve(folder: Path, handler: type = _QuietHandler):
    """Serve a folder on a free local port; yields its address, which ends with a slash."""
    at_folder = functools.partial(handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), at_folder) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Watched:
    """A page of which every console message, error and request is watched; foreign requests are blocked."""

    def __init__(self, browser: Browser, home: str, **options):
        self.home = home
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.context = browser.new_context(**options)
        self.context.route(lambda url: not url.startswith((home, "data:")), self._block)
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("response", self._receive)

    def _block(self, route) -> None:
        self.foreign.append(route.request.url)
        route.abort()

    def _hear(self, message) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def _receive(self, response) -> None:
        if response.status >= 400:
            self.errors.append(f"{response.status} {response.url}")

    def open(self, path: str) -> Page:
        """Load a page of the site and wait until it is quiet."""
        self.page.goto(self.home + path, wait_until="load")
        self.page.evaluate("document.fonts.ready")
        return self.page

    def complaints(self) -> list[str]:
        """What went wrong on the way."""
        return [f"request to {url}" for url in self.foreign] + [f"console: {text}" for text in self.errors]

    def __enter__(self) -> "Watched":
        return self

    def __exit__(self, *error) -> None:
        self.context.close()


def overflow(page: Page) -> list[str]:
    """The widths at which the page scrolls sideways, with the widest culprit."""
    complaints = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        culprit = page.evaluate(
            """() => {
              const limit = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= limit) return null;
              const inner = [...document.querySelectorAll("main *")]
                .filter((e) => e.getBoundingClientRect().right > limit + 1 && !e.closest(".scrolls"));
              return inner.length ? inner[0].outerHTML.slice(0, 120) : "outside main";
            }"""
        )
        if culprit:
            complaints.append(f"{width} px: the page scrolls sideways at {culprit}")
    return complaints


def wide_displays(page: Page) -> list[str]:
    """Displays of the text that must be scrolled at 1280 px (the outputs of cells may be)."""
    page.set_viewport_size({"width": 1280, "height": 900})
    return page.evaluate(
        """() => [...document.querySelectorAll("main .math-scroll")]
          .filter((box) => box.scrollWidth > box.clientWidth + 1 && !box.closest(".cell_output"))
          .map((box) => `display ${box.scrollWidth - box.clientWidth} px too wide at 1280 px: `
            + box.querySelector("annotation").textContent.trim().slice(0, 100))"""
    )


def untypeset(page: Page) -> list[str]:
    """Formulas that are not typeset: without KaTeX's parts or MathML, invisible, or left in the text."""
    complaints = page.evaluate(
        """() => [...document.querySelectorAll(".math")]
          .filter((math) => !math.querySelector(".katex-mathml math") || !math.querySelector(".katex-html")
            || (math.checkVisibility() && !math.querySelector(".katex-html").getBoundingClientRect().width))
          .map((math) => "not typeset: " + math.textContent.slice(0, 80))"""
    )
    words = page.evaluate(
        """() => {
          const text = document.querySelector("main")?.cloneNode(true);
          text?.querySelectorAll("code, pre, .math, script").forEach((e) => e.remove());
          return text?.textContent ?? "";
        }"""
    )
    return complaints + [
        f"TeX in the text: {found}" for found in re.findall(r"\$\$|\\[a-z]{2,}\b|:::", words)
    ]


def parted(page: Page) -> list[str]:
    """Formulas parted on a phone from the bracket before them or the comma after them."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return page.evaluate(
        """() => {
          const letter = (text, end) => {
            const range = document.createRange();
            range.setStart(text, end ? text.length - 1 : 0);
            range.setEnd(text, end ? text.length : 1);
            return range.getBoundingClientRect();
          };
          const apart = (one, part) => {
            const other = part.getBoundingClientRect();
            return one.width && (one.bottom < other.top || other.bottom < one.top);
          };
          return [...document.querySelectorAll(".together")].filter((together) => {
            const parts = together.querySelectorAll(".katex-base");
            const { firstChild: before, lastChild: after } = together;
            return (before.length && apart(letter(before, true), parts[0]))
              || (after.length && apart(letter(after, false), parts[parts.length - 1]));
          }).map((together) => "parted: " + together.textContent);
        }"""
    )


def fonts_missing(page: Page) -> list[str]:
    """Whether KaTeX's fonts, which the page uses, could not be loaded."""
    return page.evaluate(
        """async () => {
          await document.fonts.ready;
          const failed = [...document.fonts].filter((font) => font.status === "error");
          return failed.map((font) => "font " + font.family);
        }"""
    )


def structure(page: Page) -> list[str]:
    """What a page must have: language, title, description, policy, one h1, unique ids, texts for pictures."""
    return page.evaluate(
        """() => {
          const complaints = [];
          const demand = (selector) => {
            const number = document.querySelectorAll(selector).length;
            if (number !== 1) complaints.push(`${number} elements ${selector}`);
          };
          ["html[lang=en]", "title", "meta[name=description][content]", "link[rel=icon]", "h1",
           "meta[http-equiv=Content-Security-Policy]", "main", "link[rel=canonical]"].forEach(demand);
          const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
          const repeated = new Set(ids.filter((id, n) => ids.indexOf(id) !== n));
          repeated.forEach((id) => complaints.push(`id ${id} twice`));
          document.querySelectorAll("img:not([alt]), img[alt='']").forEach((image) =>
            complaints.push(`no text for ${image.getAttribute("src")}`));
          return complaints;
        }"""
    )


def inaccessible(page: Page) -> list[str]:
    """Violations of WCAG 2.x A and AA that axe-core finds; afterwards the formulas of the page are gone.

    Formulas are nine tenths of a page's elements, axe-core has no rule for MathML, and the visual half is
    hidden from assistive tools and has the colour of the text around it. So each becomes a box of its size.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(
        """async () => {
          const formulas = [...document.querySelectorAll(".katex")];
          const boxes = formulas.map((formula) => {
            const box = document.createElement("span");
            const { width, height } = formula.getBoundingClientRect();
            box.setAttribute("role", "img");
            box.setAttribute("aria-label", formula.querySelector("annotation").textContent);
            box.style.cssText = `display: inline-block; width: ${width}px; height: ${height}px`;
            return box;
          });
          formulas.forEach((formula, n) => formula.replaceWith(boxes[n]));
          const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
          const found = await axe.run({ runOnly: tags, resultTypes: ["violations"] });
          return found.violations.flatMap(({ id, help, nodes }) =>
            nodes.map((node) => `${id} (${help}): ${node.html.slice(0, 160)}`));
        }"""
    )


class _Anchors(HTMLParser):
    """The addresses that a page refers to, and the places in it that can be referred to."""

    ATTRIBUTES = frozenset({"href", "src", "action"})

    def __init__(self, text: str):
        super().__init__()
        self.references: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.places.add(value)
            elif name in self.ATTRIBUTES and value is not None:
                self.references.append(value)


def dead_links(folder: Path) -> tuple[list[str], int]:
    """The references between the files of a site that lead nowhere, and the number of references."""
    pages = {path: _Anchors(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))}
    complaints, number = [], 0
    for path, page in pages.items():
        for reference in page.references:
            if urlsplit(reference).scheme:
                continue
            number += 1
            if not _leads_somewhere(path, reference, pages):
                complaints.append(f"{path.relative_to(folder)}: dead link {reference}")
    return complaints, number


def _leads_somewhere(path: Path, reference: str, pages: dict[Path, _Anchors]) -> bool:
    address, place = urldefrag(reference)
    target = path
    if address:
        target = Path(unquote(urlsplit(urljoin(path.as_uri(), address)).path))
    if not target.is_file():
        return False
    return not place or target not in pages or unquote(place) in pages[target].places

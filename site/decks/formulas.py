"""Formulas on slides: lifted out of a page while it is cut, measured, split into rows, revealed row by row.

KaTeX's HTML is nine tenths of a page. While a page is cut, each formula is an empty ``<span data-formula>``,
which is quick to parse and to copy; `Formulas.put_back` fills them in again.
"""

import html
import re
from collections.abc import Callable, Iterator
from copy import copy

from bs4 import BeautifulSoup, Tag

# What is seen of a formula; before it stands its MathML, for screen readers.
VISIBLE = '<span class="katex-html"'
OPENING = '<span class="katex">'
SPAN = re.compile(r"<span\b|</span>")
STRUT = re.compile(r'class="(?:katex-)?strut" style="height:([\d.]+)em')
ANNOTATION = re.compile(r"<annotation[^>]*>(.*?)</annotation>", re.DOTALL)
ALIGNED = re.compile(r"\s*\\begin\{aligned\}(.*)\\end\{aligned\}(\s*[.,;]?\s*)", re.DOTALL)
# What may end a row or a cell of `aligned`, and what hides such an end.
MARK = re.compile(r"\\(begin|end)\{\w+\*?\}|\\\\(?:\[[^\]]*\])?|\\.|[{}&]", re.DOTALL)


class Formulas:
    """The formulas of one page, by number. `typeset` makes KaTeX's HTML of the TeX of a display."""

    def __init__(self, typeset: Callable[[str], str]):
        self.typeset = typeset
        self.html: list[str] = []

    def add(self, text: str) -> str:
        """Keep a formula's HTML and return the empty element that stands for it."""
        self.html.append(text)
        return f'<span data-formula="{len(self.html) - 1}"></span>'

    def lift(self, page: str) -> str:
        """A page with all its formulas replaced by empty elements."""
        parts, done = [], 0
        while (start := page.find(OPENING, done)) >= 0:
            parts.append(page[done:start])
            done = _end_of_span(page, start)
            parts.append(self.add(page[start:done]))
        return "".join([*parts, page[done:]])

    def put_back(self, text: str) -> str:
        """The inverse of `lift`."""
        return re.sub(r'<span data-formula="(\d+)"></span>', lambda match: self.html[int(match[1])], text)

    def of(self, tag: Tag) -> list[str]:
        """The HTML of the formulas inside an element."""
        return [self.html[int(span["data-formula"])] for span in tag.select("[data-formula]")]

    def rows(self, display: Tag) -> list[str]:
        """The TeX of the rows of a display; a display that is not one `aligned` has one row."""
        tex = tex_of("".join(self.of(display)))
        aligned = ALIGNED.fullmatch(tex)
        if not aligned:
            return [tex]
        rows = split_rows(aligned[1])
        rows[-1] += aligned[2].strip()
        return rows

    def with_rows(self, display: Tag, rows: list[str]) -> Tag:
        """A copy of a display with some of its rows only."""
        part = copy(display)
        part.find(attrs={"data-formula": True}).replace_with(self._element(self.typeset(join_rows(rows))))
        return part

    def _element(self, text: str) -> Tag:
        inner = text.removeprefix('<span class="katex-display">').removesuffix("</span>")
        return BeautifulSoup(self.add(inner if inner != text else text), "html.parser").span

    def reveal(self, display: Tag, rows: list[str], first: int) -> int:
        """Let the rows of a display appear one by one from step `first`; return the step after them.

        Step 0 is what is there when the slide opens.
        """
        place = display.find(attrs={"data-formula": True})
        marked = _mark_rows(self.html[int(place["data-formula"])], rows, first) if len(rows) > 1 else ""
        if not marked:
            appear(display, first)
            return first + 1
        place.replace_with(self._element(marked))
        return first + len(rows)

    def height(self, tag: Tag) -> float:
        """The height of a display in em of the formula, as KaTeX has computed it."""
        return max((float(h) for text in self.of(tag) for h in STRUT.findall(text)), default=0.0)

    def letters(self, tag: Tag) -> int:
        """How many letters of running text are about as wide as an element."""
        formulas = (re.sub("<[^>]*>", "", text.partition('class="katex-html"')[2]) for text in self.of(tag))
        return len(tag.get_text()) + sum(len(html.unescape(text)) for text in formulas)


def appear(tag: Tag, step: int) -> None:
    """Let an element appear at a step; at step 0 it is there from the start."""
    if step > 0:
        tag["class"] = [*tag.get("class", []), "fragment"]
        tag["data-fragment-index"] = str(step - 1)


def tex_of(formula: str) -> str:
    """The TeX that KaTeX has noted in its MathML."""
    found = ANNOTATION.search(formula)
    return html.unescape(found[1]) if found else ""


def join_rows(rows: list[str]) -> str:
    """The inverse of `split_rows`, within `aligned`."""
    return "\\begin{aligned}\n" + " \\\\\n".join(row.strip() for row in rows) + "\n\\end{aligned}"


def split_rows(tex: str) -> list[str]:
    r"""The rows of the inside of an environment: split at every ``\\`` that no brace or environment hides."""
    rows, start = [], 0
    for mark in _open_marks(tex):
        if mark[0].startswith("\\\\"):
            rows.append(tex[start : mark.start()].strip())
            start = mark.end()
    return [*rows, tex[start:].strip()] if tex[start:].strip() else rows


def cells(row: str) -> int:
    """The number of cells of a row."""
    return 1 + sum(mark[0] == "&" for mark in _open_marks(row))


def _open_marks(tex: str) -> Iterator[re.Match[str]]:
    """The marks outside all braces and environments."""
    depth = 0
    for mark in MARK.finditer(tex):
        if mark[1] == "begin" or mark[0] == "{":
            depth += 1
        elif mark[1] == "end" or mark[0] == "}":
            depth -= 1
        elif depth == 0 and (mark[0] == "&" or mark[0].startswith("\\\\")):
            yield mark


def _end_of_span(page: str, start: int) -> int:
    depth = 0
    for edge in SPAN.finditer(page, start):
        depth += -1 if edge[0] == "</span>" else 1
        if depth == 0:
            return edge.end()
    raise ValueError(f"a formula has no end: {page[start : start + 200]!r}")


def _mark_rows(formula: str, rows: list[str], first: int) -> str:
    """A formula in which each row of the outermost table appears at a step of its own.

    KaTeX sets an array column by column; a column holds the cells of those rows that reach so far. Returns
    "" if the HTML does not look like that.
    """
    start = formula.find(VISIBLE)
    end = _end_of_span(formula, start)
    soup = BeautifulSoup(formula[start:end], "html.parser")
    table = soup.find(class_="mtable")
    columns = table.find_all(class_=re.compile("^col-align-"), recursive=False) if table else []
    found: list[tuple[Tag, int]] = []
    for number, column in enumerate(columns):
        vlist = column.find(class_="vlist")
        here = [row for row, tex in enumerate(rows) if cells(tex) > number]
        spans = vlist.find_all("span", recursive=False)
        if len(spans) != len(here):
            return ""
        found += zip(spans, here, strict=True)
    for span, row in found:
        appear(span, first + row)
    return formula[:start] + str(soup) + formula[end:] if found else ""

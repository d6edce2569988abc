"""A built page → the slides of a deck.

A section of the page is a column of slides: its lead; then each statement, proof, cell and exercise. Prose
between them is what one says, so it goes to the speaker notes, but for the sentence before a cell. The
standard ``slideshow`` metadata of the notebook's cells, which the site's extension turns into classes, steers
it: ``slide`` starts a column, ``subslide`` a slide, ``fragment`` appears later on the slide before, ``skip``
is left out, ``notes`` goes to the speaker notes.

What fits on a slide is estimated here, from the sizes that KaTeX has computed and the length of the text;
deck.js shrinks what turns out a little too high or too wide.
"""

import math
import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from itertools import pairwise

from bs4 import BeautifulSoup, Tag

from .formulas import Formulas, appear

# The slide's canvas is 1280 by 720; this much of it, in pixels, is left for the content (deck.css).
WIDTH, HEIGHT = 1150, 600
FONT = 26
LINE = 1.45 * FONT
LETTERS_A_LINE = 92
CODE_LINE = 27
GAP = 16


@dataclass
class Slide:
    """One slide: its kind (a CSS class), the parts of its content, and what is said."""

    kind: str
    section: str
    place: str
    new_column: bool = False
    parts: list[Tag] = field(default_factory=list)
    notes: list[Tag] = field(default_factory=list)


@dataclass
class Step:
    """What appears at once, or row by row if it is a display of several rows."""

    tag: Tag
    height: float
    rows: list[str] = field(default_factory=list)


def cut(article: Tag, formulas: Formulas) -> list[Slide]:
    """The slides of a chapter, given the article of its page with the formulas lifted out."""
    cutter = _Cutter(formulas)
    for link in article.select(".headerlink"):
        link.decompose()
    for block in _blocks(article):
        cutter.take(block)
    cutter.finish()
    return cutter.slides


def _blocks(parent: Tag) -> Iterator[Tag]:
    """The blocks of a page in order, headings among them, sections dissolved."""
    for child in parent.find_all(recursive=False):
        if child.name == "section":
            if child.get("id") and (heading := child.find(re.compile("^h[1-6]$"), recursive=False)):
                heading["id"] = child["id"]
            yield from _blocks(child)
        else:
            yield child


def kind(block: Tag) -> str:
    """What a block is to a deck."""
    classes = block.get("class", [])
    if block.name in ("h1", "h2", "h3", "h4"):
        return "heading"
    if block.name == "p":
        return "prose"
    if "cell" in classes:
        return "cell"
    if "admonition" not in classes:
        return "rich"
    for name in ("exercise", "solution"):
        if name in classes:
            return name
    return ("statement" if len(classes) > 2 else "proof") if "proof" in classes else "rich"


class _Cutter:
    def __init__(self, formulas: Formulas):
        self.formulas = formulas
        self.slides: list[Slide] = []
        self.section = self.place = ""
        self.heading: Tag | None = None
        self.lead = False
        self.column = self.fresh = False
        self.free: list[Tag] = []
        self.statement = ""

    # --- Which slide a block belongs to ---------------------------------------------------------------------

    def take(self, block: Tag) -> None:
        """Put one block on slides, or keep it until the next one tells where it belongs."""
        wish = next((c[10:] for c in block.get("class", []) if c.startswith("slideshow-")), "")
        what = kind(block)
        if wish == "skip" or block.name == "script" or (what == "cell" and _only_imports(block)):
            return None
        if wish == "notes":
            return self._say(block)
        if wish == "fragment" and self.slides:
            self._flush(what)
            appear(block, 1)
            self.slides[-1].parts.append(block)
            return None
        if wish in ("slide", "subslide"):
            self._flush("")
            self.column = self.column or wish == "slide"
            self.lead = self.fresh = True
        if what in ("prose", "rich"):
            return self.free.append(block)
        caption = self._flush(what)
        return getattr(self, "_" + what)(block, caption)

    def finish(self) -> None:
        """Put what is left on slides."""
        self._flush("")

    def _flush(self, next_kind: str) -> list[Tag]:
        """Put away the free blocks; return the sentence that belongs to the cell that follows, if any."""
        free, self.free = self.free, []
        rich = any(kind(block) != "prose" for block in free)
        caption = []
        if next_kind == "cell" and free and kind(free[-1]) == "prose" and (len(free) > 1 or not self.lead):
            caption = [free.pop()]
        if self.lead and (free or self.heading):
            self._lead(free)
        elif rich:
            self._flow("text", [], free)
        else:
            for block in free:
                self._say(block)
        return caption

    def _say(self, block: Tag) -> None:
        if self.slides:
            self.slides[-1].notes.append(block)

    def _heading(self, heading: Tag, caption: list[Tag]) -> None:
        self.column = self.column or heading.name in ("h1", "h2")
        self.heading, self.lead, self.place = heading, True, heading.get("id", "")
        self.section = heading.decode_contents()

    def _lead(self, free: list[Tag]) -> None:
        """The opening of a section, or the title and the goals of the chapter."""
        heading, self.heading, self.lead = self.heading, None, False
        if heading is None:
            return self._flow("text", [], free)
        if heading.name != "h1":
            return self._flow("lead", [heading], free) if free else None
        goals = next((n for n, block in enumerate(free) if block.name == "ul"), None)
        title = self._new("title")
        title.parts = [heading, *[block for block in free[:1] if _is_japanese(block)]]
        rest = free[len(title.parts) - 1 :]
        if goals is None:
            return self._flow("text", [], rest) if rest else None
        goals -= len(free) - len(rest)
        title.notes += rest[: max(goals - 1, 0)]
        self._flow("goals", [], rest[max(goals - 1, 0) : goals + 1])
        if rest[goals + 1 :]:
            self._flow("text", [], rest[goals + 1 :])
        return None

    def _statement(self, box: Tag, caption: list[Tag]) -> None:
        number = box.select_one(".caption-number")
        self.statement = number.get_text(strip=True) if number else ""
        self._boxed("statement", box)

    def _proof(self, proof: Tag, caption: list[Tag]) -> None:
        if word := proof.select_one(".proof-word"):
            word.decompose()
        of = f" of {self.statement}" if self.statement else ""
        title = _element(f'<p class="proof-title">Proof{of}</p>')
        self._flow("proof", [title], [*_inner(proof)], anchor=proof.get("id"), stepwise=True)

    def _exercise(self, box: Tag, caption: list[Tag]) -> None:
        self._boxed("exercise", box)

    def _solution(self, box: Tag, caption: list[Tag]) -> None:
        """After its exercise on the same slide, if there is room for it."""
        title = _element('<p class="admonition-title">Solution</p>')
        steps = [*self._steps(_inner(box))]
        exercise = self.slides[-1]
        needed = sum(step.height for step in steps) + 3 * LINE
        if exercise.kind == "exercise" and self._height(exercise.parts) + needed < HEIGHT:
            parts = self._arrange(
                [title, *(step.tag for step in steps)], {id(s.tag): s for s in steps}, True, 1
            )
            exercise.parts.append(_wrap(box, parts))
        else:
            self._flow("solution", [title], [*_inner(box)], frame=box, stepwise=True)

    def _boxed(self, name: str, box: Tag) -> None:
        title = box.select_one(".admonition-title")
        blocks = [*_inner(box)]
        self._flow(name, [title.extract()] if title else [], blocks, frame=box, anchor=box.get("id"))

    def _cell(self, cell: Tag, caption: list[Tag]) -> None:
        """A cell with what it prints; a picture has a slide of its own unless both fit."""
        source, output = cell.select_one(".cell_input"), cell.select_one(".cell_output")
        picture = output.find("img") if output else None
        needed = self._height([*caption, cell])
        if source is None or not picture or needed < HEIGHT:
            self._place_cell([*caption, cell], output if source else None, needed)
            return
        output.extract()
        self._place_cell([*caption, cell], None, HEIGHT)
        self._new("picture").parts = [*map(copy, caption), output]

    def _place_cell(self, parts: list[Tag], output: Tag | None, needed: float) -> None:
        """On the slide of the cell before, if there is room and no other block between them."""
        slide, step = self.slides[-1] if self.slides else None, 0
        if slide and slide.kind == "cell" and not self.column and not self.fresh:
            room = HEIGHT - self._height(slide.parts)
            step = 1 + len(slide.parts) if needed < room else 0
        if slide is None or not step:
            slide = self._new("cell")
        for part in parts:
            appear(part, step)
        if output:
            appear(output, step + 1)
        slide.parts += parts

    # --- Filling slides -------------------------------------------------------------------------------------

    def _new(self, name: str, anchor: str | None = None) -> Slide:
        slide = Slide(name, self.section, anchor or self.place, new_column=self.column)
        self.column = self.fresh = self.lead = False
        self.slides.append(slide)
        return slide

    def _flow(
        self,
        name: str,
        title: list[Tag],
        blocks: list[Tag],
        frame: Tag | None = None,
        anchor: str | None = None,
        stepwise: bool = False,
    ) -> None:
        """Put blocks on as many slides as they need, the title on each; inside a copy of a box if framed."""
        for number, group in enumerate(self._groups([*self._steps(blocks)], HEIGHT - 1.5 * LINE)):
            slide = self._new(name if number == 0 else name + " continued", anchor)
            head = [*map(copy, title)]
            if number and head:
                head[0].append(_element('<span class="continued-word">, continued</span>'))
                del head[0]["id"]
            steps = {id(step.tag): step for step in group}
            parts = self._arrange([*head, *(step.tag for step in group)], steps, stepwise, 0)
            if frame is not None:
                parts = [_wrap(frame, parts, keep_id=number == 0)]
            elif anchor and parts and number == 0:
                parts[0]["id"] = anchor
            slide.parts = parts

    def _steps(self, blocks: Iterable[Tag]) -> Iterator[Step]:
        for block in blocks:
            rows = self.formulas.rows(block) if _is_display(block) else []
            yield Step(block, self._height([block]), rows)

    def _groups(self, steps: list[Step], room: float) -> Iterator[list[Step]]:
        """Cut a sequence into slides. A paragraph stays with the display after it, if both fit on a slide."""
        group: list[Step] = []
        left = room
        for number, step in enumerate(steps):
            if group and self._needed(steps, number, room) > left:
                yield group
                group, left = [], room
            if step.height <= left:
                group.append(step)
                left -= step.height
                continue
            for piece in self._pieces(step, left, room):
                if group and piece.height > left:
                    yield group
                    group, left = [], room
                group.append(piece)
                left -= piece.height
        if group:
            yield group

    def _needed(self, steps: list[Step], number: int, room: float) -> float:
        """The room without which a step does not begin on a slide; 0 if it goes on where it is anyway."""
        step = steps[number]
        if step.rows and number and steps[number - 1].tag.name == "p":
            return 0
        after = steps[number + 1] if number + 1 < len(steps) else None
        if step.tag.name == "p" and after and after.rows:
            both = step.height + after.height
            return both if both <= room else step.height + 2 * after.height / len(after.rows)
        # A table may begin under its introduction and go on.
        return step.height if step.height <= room and not step.tag.find("tbody") else 0

    def _pieces(self, step: Step, left: float, room: float) -> Iterator[Step]:
        """A display, a list or a table in pieces, the first for the room that is left; else the step."""
        if len(step.rows) > 2:
            yield from self._row_pieces(step, left, room)
        elif body := step.tag.find("tbody"):
            yield from self._item_pieces(step, body, body.find_all("tr", recursive=False), left, room)
        elif step.tag.name in ("ul", "ol"):
            yield from self._item_pieces(step, step.tag, step.tag.find_all("li", recursive=False), left, room)
        else:
            yield step

    def _row_pieces(self, step: Step, left: float, room: float) -> Iterator[Step]:
        heights = [self._display_height(self.formulas.with_rows(step.tag, [row])) for row in step.rows]
        starts, used = [0], 0.0
        for row, height in enumerate(heights):
            if row and used + height + GAP > left and not re.match(r"&\s*\\q?quad", step.rows[row]):
                starts.append(row)
                used, left = 0.0, room
            used += height
        for start, end in pairwise([*_in_company(starts, len(heights)), len(heights)]):
            yield self._piece(step, start, end, sum(heights[start:end]))

    def _piece(self, step: Step, start: int, end: int, height: float) -> Step:
        rows = step.rows[start:end]
        return Step(self.formulas.with_rows(step.tag, rows), height + GAP, rows)

    def _item_pieces(
        self, step: Step, body: Tag, items: list[Tag], left: float, room: float
    ) -> Iterator[Step]:
        """A list or a table, by its items; a table's head is repeated."""
        heights = [self._height([item]) for item in items]
        overhead = step.height - sum(heights)
        starts, used = [0], overhead
        for number, height in enumerate(heights):
            if number and used + height > left:
                starts.append(number)
                used, left = overhead, room
            used += height
        for start, end in pairwise([*_in_company(starts, len(items)), len(items)]):
            yield Step(_only(step.tag, body, items[start:end]), overhead + sum(heights[start:end]))

    def _arrange(self, tags: list[Tag], steps: dict[int, Step], stepwise: bool, first: int) -> list[Tag]:
        """Number the steps: a paragraph appears with the first row of the display after it."""
        if not stepwise:
            return tags
        index, waiting = first, False
        for tag in tags:
            if _is_display(tag):
                index = self.formulas.reveal(tag, steps[id(tag)].rows, index)
                waiting = False
            elif id(tag) in steps or first:
                index += waiting
                appear(tag, index)
                waiting = id(tag) in steps
        return tags

    # --- Estimates ------------------------------------------------------------------------------------------

    def _height(self, tags: list[Tag]) -> float:
        return sum(self._height_of(tag) for tag in tags)

    def _height_of(self, tag: Tag) -> float:
        if _is_display(tag):
            return self._display_height(tag) + GAP
        if tag.name == "tr":
            return max((self._height_of(cell) for cell in tag.find_all(["td", "th"])), default=0)
        if tag.name in ("td", "th"):
            lines = math.ceil(self.formulas.letters(tag) / 45)
            return max(lines * LINE, 1.15 * FONT * self.formulas.height(tag)) + GAP
        if tag.name == "img":
            width, height = float(tag.get("width", 1)), float(tag.get("height", 1))
            return min(WIDTH * height / width, 19 * FONT)
        if tag.name == "pre":
            return CODE_LINE * len(tag.get_text().strip("\n").split("\n")) + 2 * GAP
        inner = tag.find_all(
            ["p", "div", "pre", "img", "li", "tr", "table", "thead", "tbody", "section"], recursive=False
        )
        if inner:
            return self._height(inner)
        lines = math.ceil(self.formulas.letters(tag) / LETTERS_A_LINE)
        return lines * LINE + GAP

    def _display_height(self, display: Tag) -> float:
        return 1.12 * FONT * self.formulas.height(display) + GAP / 2


def _inner(box: Tag) -> Iterator[Tag]:
    """The blocks of a box, without its title."""
    for child in box.find_all(recursive=False):
        if child.name == "section":
            yield from _inner(child)
        elif "admonition-title" not in child.get("class", []):
            yield child


def _in_company(starts: list[int], end: int) -> list[int]:
    """Where pieces start, such that none goes to the last slide alone if another can keep it company."""
    if len(starts) > 1 and starts[-1] == end - 1 and starts[-1] - starts[-2] > 2:
        return [*starts[:-1], end - 2]
    return starts


def _is_display(tag: Tag) -> bool:
    return tag.name == "div" and "math" in tag.get("class", [])


def _is_japanese(tag: Tag) -> bool:
    return tag.name == "p" and tag.get("lang") == "ja"


def _only_imports(cell: Tag) -> bool:
    lines = [line for line in cell.get_text().splitlines() if line.strip()]
    return not cell.select_one(".cell_output") and all(
        re.match(r"(import|from) |\s|\)|%", line) for line in lines
    )


def _only(tag: Tag, body: Tag, items: list[Tag]) -> Tag:
    """A copy of a list or table with some of its items only."""
    part = copy(tag)
    inner = part if body is tag else part.find(body.name)
    inner.clear()
    inner.extend(map(copy, items))
    return part


def _wrap(frame: Tag, parts: list[Tag], keep_id: bool = True) -> Tag:
    """The parts in a new box of the kind of `frame`, with its anchors."""
    box = _element("<div></div>")
    box["class"] = [name for name in frame.get("class", []) if name != "dropdown"]
    if keep_id and frame.get("id"):
        box["id"] = frame["id"]
    box.extend(parts)
    return box


def _element(text: str) -> Tag:
    return BeautifulSoup(text, "html.parser").find()

"""From stretches of mathematics in a text to formulas, with the equals signs between and beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from .environments import LABEL
from .events import Event, Formula, blank
from .excerpt import Excerpt
from .macros import definitions

RELATION = r"(?::=|\\neq?(?![A-Za-z])|\\coloneqq|[=＝≠≔≡])"
_BETWEEN = re.compile(rf"\s*{RELATION}\s*[-+]?\s*\d*\s*")
_BEFORE = re.compile(rf"(?:[\s*_]|&\w+;)*({RELATION})")
_BEHIND = re.compile(rf"({RELATION})(?:[\s*_]|&\w+;)*\Z")


class Stretch(NamedTuple):
    """A stretch of a text that is no plain text: a formula with its delimiters, or something hidden."""

    start: int
    end: int
    kind: str  # "inline", "display" or "hidden"
    inner: tuple[int, int] = (0, 0)
    problem: str = ""

    @property
    def is_formula(self) -> bool:
        return self.kind != "hidden"


class Writer:
    """Gathers the events of a text, and what is read of its formulas, in `shown`."""

    def __init__(self, source: str) -> None:
        self.events: list[Event] = []
        self.shown = list(blank(source))

    def passage(self, part: Excerpt, spans: Sequence[Stretch]) -> list[tuple[int, int]]:
        """Note the formulas of a text, given its stretches in order; returns the text that is left."""
        gaps = _gaps(spans, len(part.text))
        rest: list[tuple[int, int]] = []
        group: list[Stretch] = []
        for gap, span in zip(gaps, [*spans, None], strict=True):
            formula = span if span and span.is_formula else None
            if group and formula and _is_between(part.text, gap, group[-1], formula):
                group.append(formula)
                continue
            self.group(part, group)
            rest += self.loose_signs(part, gap, bool(group), bool(formula))
            group = [formula] if formula else []
        return rest

    def group(self, part: Excerpt, group: list[Stretch]) -> None:
        """A formula, or several with nothing but equals signs between them, which a reader sees as one."""
        if len(group) == 1:
            (span,) = group
            self.formula(part, *span.inner, span.kind == "display", problem=span.problem)
        elif group:
            display = any(span.kind == "display" for span in group)
            pieces = [(part, *span.inner) for span in group]
            between = [(part, left.end, right.start) for left, right in pairwise(group)]
            self.joined(sorted([*pieces, *between], key=lambda piece: piece[1]), display)

    def loose_signs(
        self, part: Excerpt, gap: tuple[int, int], behind: bool, before: bool
    ) -> list[tuple[int, int]]:
        """Note an equals sign beside a formula, outside of it; returns the rest of the gap."""
        start, end = gap
        text = part.text[start:end]
        signs = []
        if behind and (match := _BEFORE.match(text)):
            signs.append((start + match.start(1), start + match.end(1)))
        if before and (match := _BEHIND.search(text)):
            signs.append((start + match.start(1), start + match.end(1)))
        rest = []
        for low, high in sorted(set(signs)):
            self.formula(part, low, high, False, problem="an equals sign outside of the formula")
            rest.append((start, low))
            start = high
        return [*rest, (start, end)]

    def formula(
        self, part: Excerpt, start: int, end: int, display: bool, label: str | None = None, problem: str = ""
    ) -> None:
        """Note a formula, and show it."""
        if label is None and display and (inner := LABEL.search(part.text, start, end)):
            label = inner[1]
        self.show(part, start, end)
        self.macros(part, start, end)
        first, last = part.origin(start), part.end(end) if end > start else part.origin(start)
        self.events.append(Formula(first, max(first, last), display, label, problem))

    def joined(self, parts: list[tuple[Excerpt, int, int]], display: bool, label: str | None = None) -> None:
        """One formula of several parts."""
        if not parts:
            return
        for part, start, end in parts:
            self.show(part, start, end)
            self.macros(part, start, end)
            if label is None and display and (inner := LABEL.search(part.text, start, end)):
                label = inner[1]
        first, last = parts[0], parts[-1]
        self.events.append(Formula(first[0].origin(first[1]), last[0].end(last[2]), display, label))

    def macros(self, part: Excerpt, start: int, end: int) -> None:
        """Note what a formula defines; a definition is not shown."""
        if "\\" not in part.text[start:end]:
            return
        for macro, behind in definitions(part.text[start:end]):
            self.events.append(replace(macro, start=part.origin(start + macro.start)))
            for word, origin in part.solid(start + macro.start, start + behind):
                self.shown[origin : origin + len(word)] = " " * len(word)

    def show(self, part: Excerpt, start: int, end: int) -> None:
        for word, origin in part.solid(start, end):
            self.shown[origin : origin + len(word)] = word


def _gaps(spans: Sequence[Stretch], end: int) -> list[tuple[int, int]]:
    """The plain text before, between and behind the spans."""
    starts = [0, *(min(span.end, end) for span in spans)]
    ends = [*(span.start for span in spans), end]
    return [(start, max(start, stop)) for start, stop in zip(starts, ends, strict=True)]


def _is_between(text: str, gap: tuple[int, int], before: Stretch, after: Stretch) -> bool:
    """Whether two formulas are one for a reader: $1$ = $2$, or $1$ $=$ $2$."""
    between = text[slice(*gap)]
    if _depth(text[slice(*before.inner)]) > 0:
        return True  # the dollar stands within braces, as in \text{... $1 = 2$}
    if between.strip():
        return bool(_BETWEEN.fullmatch(between))
    return any(re.fullmatch(rf"\s*{RELATION}\s*", text[slice(*span.inner)]) for span in (before, after))


def _depth(text: str) -> int:
    """How many braces are left open."""
    return len(re.findall(r"(?<!\\)\{", text)) - len(re.findall(r"(?<!\\)\}", text))

"""Parts of a text that were taken out of their containers, and still know where they came from."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

_SOLID = re.compile(r"\S+")


class Excerpt:
    """A text made of pieces: from `starts[i]` on, it came from `origins[i]` on."""

    def __init__(self, text: str, starts: list[int] | None = None, origins: list[int] | None = None) -> None:
        self.text = text
        self.starts = starts or [0]
        self.origins = origins or [0]

    def origin(self, at: int) -> int:
        """Where the character at a place came from."""
        piece = bisect.bisect_right(self.starts, at) - 1
        return self.origins[piece] + at - self.starts[piece]

    def end(self, at: int) -> int:
        """Where the part that ends at a place ended."""
        return self.origin(at - 1) + 1 if at else self.origin(0)

    def slice(self, start: int, end: int) -> Excerpt:
        """The part from `start` to `end`."""
        first = bisect.bisect_right(self.starts, start)
        last = bisect.bisect_left(self.starts, end)
        starts = [0, *(place - start for place in self.starts[first:last])]
        return Excerpt(self.text[start:end], starts, [self.origin(start), *self.origins[first:last]])

    @cached_property
    def rows(self) -> list[int]:
        """Where the lines start, and one place more."""
        return [0, *accumulate(len(line) + 1 for line in self.text.split("\n"))]

    def row(self, number: int) -> str:
        """A line, counted from 0, without its end."""
        return self.text[self.rows[number] : self.rows[number + 1] - 1]

    def lines(self, content: str, first: int, closing: str = "") -> Excerpt:
        """Lines that a parser cut out of the lines from `first` on, each with its end (or up to `closing`).

        Only the container's marks and white space were taken away before a line, so that it is found from
        its end on.
        """
        starts, origins, at = [], [], 0
        last = min(first + content.count("\n"), len(self.rows) - 2)
        for number, line in enumerate(content.split("\n"), first):
            row = self.row(min(number, last))
            end = row.rfind(closing) if closing and number == last else len(row)
            bare = line.strip()
            column = max(row.rfind(bare, 0, end), 0) - (len(line) - len(line.lstrip()))
            starts.append(at)
            origins.append(self.origin(self.rows[min(number, last)]) + column)
            at += len(line) + 1
        return Excerpt(content, starts, origins)

    def cell(self, content: str, number: int, cursor: int) -> tuple[Excerpt, int]:
        r"""A cell of a table in a line, looked for from `cursor` on, and where it ends. It had \| for |."""
        row, start = self.row(number), self.rows[number]
        at = max(row.find(content.replace("|", r"\|"), cursor), 0)
        starts, origins, place = [], [], 0
        for part in content.split("|"):
            starts.append(place)
            origins.append(self.origin(start + at))
            place += len(part) + 1
            at += len(part) + 2
            if place <= len(content):  # the bar stands one character behind its backslash
                starts.append(place - 1)
                origins.append(self.origin(start + at - 1))
        return Excerpt(content, starts, origins), at - 2

    def solid(self, start: int, end: int) -> Iterator[tuple[str, int]]:
        """The words between two places, each with its origin; a piece ends a word."""
        cuts = self.starts[bisect.bisect_right(self.starts, start) : bisect.bisect_left(self.starts, end)]
        for low, high in zip([start, *cuts], [*cuts, end], strict=True):
            for word in _SOLID.finditer(self.text, low, high):
                yield word[0], self.origin(word.start())

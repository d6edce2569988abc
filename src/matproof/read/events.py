"""What cutting a file yields: its text, cell by cell, and what stands in it, in order."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate


class DocumentError(ValueError):
    """A file that cannot be read at all."""


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 6."""

    start: int
    level: int
    text: str


@dataclass(frozen=True)
class Opening:
    """The beginning of a directive or environment, such as a theorem."""

    start: int
    name: str
    label: str | None
    argument: str


@dataclass(frozen=True)
class Closing:
    """The end of the innermost open directive."""

    start: int


@dataclass(frozen=True)
class Target:
    """(label)= on a line of its own."""

    start: int
    label: str


@dataclass(frozen=True)
class Formula:
    """Mathematics from `start` to `end`; `problem` says why it cannot be read (a missing delimiter)."""

    start: int
    end: int
    display: bool
    label: str | None = None
    problem: str = ""


@dataclass(frozen=True)
class Macro:
    r"""A command that the document defines, from here on; #1, #2, ... in `body` are its arguments.

    With a `default`, the first argument may be left out, else it stands in square brackets.
    """

    start: int
    name: str
    body: str
    arity: int = 0
    default: str | None = None


@dataclass(frozen=True)
class Inclusion:
    r"""\input or \include of another file."""

    start: int
    name: str


Event = Heading | Opening | Closing | Target | Formula | Macro | Inclusion


@dataclass(frozen=True)
class Unit:
    """The text of a file, or of one cell of a notebook (counted from 1), and the events in it.

    `shown` has the length of the text, and only what a reader sees of its formulas: the marks of a block
    quote, comments and options within them are blank. Without it, all of the text is shown. `path` is set
    where the text comes from another file than the document's own.
    """

    text: str
    events: tuple[Event, ...]
    cell: int | None = None
    shown: str | None = None
    path: str | None = None

    @property
    def visible(self) -> str:
        """The text of the formulas, at their places."""
        return self.text if self.shown is None else self.shown

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.text.split("\n"))][:-1]

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return bisect.bisect_right(self._line_starts, offset)

    def row(self, offset: int) -> tuple[str, int]:
        """The line around an offset, without its end, and where it starts."""
        start = self._line_starts[self.line(offset) - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r"), start


def blank(text: str) -> str:
    """As many spaces, with the ends of lines kept."""
    return re.sub(r"[^\r\n]", " ", text)


def in_order(events: list[Event]) -> tuple[Event, ...]:
    """By their places; of two at the same place, the one that was found first."""
    return tuple(sorted(events, key=lambda event: event.start))

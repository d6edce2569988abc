"""What is claimed, and the answer to it: claims, verdicts, counterexamples."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction as Rational
from typing import Literal

from .nodes import Node, ReadError, Span
from .scope import Scope


@dataclass(frozen=True)
class Box:
    """What a claim may stand in: a theorem, a proof, an exercise, a note.

    `number` counts the boxes of this kind in the document from 1.
    """

    kind: str
    label: str | None
    number: int


@dataclass(frozen=True)
class Claim:
    """One `=` or `\\neq` of a document, or one shape statement ("in", with a `Space` on the right).

    `id` is the nearest label or heading, `ordinal` counts the claims under it from 1; `cell` counts the cells
    of a notebook from 1 and is None elsewhere; `line` counts from 1 within the file or cell. `span` is the
    place of the relation sign, in the same coordinates as the spans of the nodes. `error` is set, and the
    sides are None, where the formula could not be read; `count` is then the number of relation signs that the
    claim stands for (more than 1 where a display too long to read is refused as a whole). `assumptions` lists
    what lenient mode took for granted.
    """

    relation: Literal["=", "!=", "in"]
    lhs: Node | None
    rhs: Node | None
    scope: Scope
    id: str
    ordinal: int
    line: int
    latex: str
    span: Span
    cell: int | None = None
    error: ReadError | None = None
    count: int = 1
    assumptions: tuple[str, ...] = ()
    inside: Box | None = None


Numbers = (
    Rational | tuple[tuple[Rational, ...], ...]
)  # a scalar, or a matrix by rows (a vector is one column)


@dataclass(frozen=True)
class Counterexample:
    """Values for which the sides differ.

    `values` holds (name in LaTeX, value) for sizes, integers, indices and letters; `lhs` and `rhs` are the
    two sides, and `entry` is the first place (row, column), from 1, where matrices differ.
    """

    values: tuple[tuple[str, Numbers], ...]
    lhs: Numbers
    rhs: Numbers
    entry: tuple[int, int] | None = None


@dataclass(frozen=True)
class Verdict:
    """The judge's answer to one claim.

    `sizes` holds the sizes of each trial as ((name, value), ...); `exponents` the values tried of each
    integer parameter as (name, (values)); `place` is the span to point at, or None for the whole claim.
    """

    verdict: Literal["holds", "fails", "undecided", "unreadable"]
    reason: str = ""
    sizes: tuple[tuple[tuple[str, int], ...], ...] = ()
    exponents: tuple[tuple[str, tuple[int, ...]], ...] = ()
    counterexample: Counterexample | None = None
    place: Span | None = None

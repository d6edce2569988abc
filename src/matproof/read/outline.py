"""A document -> its formulas in order, each with the region whose declarations hold for it.

A region is the part of a chapter in which the same declarations hold: a labelled statement with its proof and
the remarks behind it, an exercise with its solution, or the prose at the beginning of a section. Declarations
before the first section hold for the whole chapter; definitions hold until the section ends.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from ..language.claims import Box
from ..language.nodes import Condition, Node, ReadError
from ..language.scope import Declaration, Definition
from .documents import Closing, Document, Event, Formula, Heading, Macro, Opening, Target, Unit
from .macros import expand, uses
from .statements import Statements, Stray, read_statements
from .tokens import LABEL, Token, tokenize

MAX_CHARACTERS = 100_000  # of one formula
MAX_RELATIONS = 2_000  # in one formula

Place = tuple[int, int]  # number of the formula, offset in it: which of two things was said first

_RELATION = re.compile(r"\\neq(?![A-Za-z])|\\ne(?![A-Za-z])|\\not\s*=|\\coloneqq|\\equiv|[=＝≠≔≡]")
_NOT_PRINTED = re.compile(r"(?<!\\)(?:\\\\)*%.*|" + LABEL)


def count_relations(latex: str) -> int:
    """The equals signs of a formula (with their relatives), counted in its characters, not by the parser."""
    return len(_RELATION.findall(_NOT_PRINTED.sub("", latex)))


@dataclass
class Section:
    """What lasts until the next section."""

    defined: list[tuple[Place, Definition]] = field(default_factory=list)


@dataclass
class Region:
    """What was said in one region, and when; `start` is the number of its first formula."""

    chapter: Region | None
    section: Section
    start: int = 0
    declared: list[tuple[Place, Declaration]] = field(default_factory=list)
    conditions: list[tuple[Place, Condition]] = field(default_factory=list)
    invertible: list[tuple[Place, Node]] = field(default_factory=list)
    # the members of sets that say nothing to the checker
    unknown: list[tuple[Place, tuple[Token, ...]]] = field(default_factory=list)


@dataclass
class Item:
    """One formula: what it states, where, and in which region. `refused` says why it was not read at all."""

    number: int
    unit: Unit
    formula: Formula
    region: Region
    id: str
    in_statement: bool
    tokens: list[Token] = field(default_factory=list)
    statements: Statements = field(default_factory=Statements)
    nested: bool = False  # it stands in the words of another formula
    refused: ReadError | None = None
    inside: Box | None = None  # the innermost box
    relations: int = 0  # its equals signs, with those that macros bring

    @property
    def latex(self) -> str:
        return self.unit.visible[self.formula.start : self.formula.end]


def outline(document: Document, *, lenient: bool = False) -> list[Item]:
    """The formulas of a document in order."""
    writer = _Outline(document, lenient)
    for unit in document.units:
        for event in unit.events:
            writer.read(event, unit)
        writer.close_all()
    return writer.items


class _Outline:
    """Walks through the events and keeps track of regions and names."""

    def __init__(self, document: Document, lenient: bool) -> None:
        self.document, self.lenient = document, lenient
        self.items: list[Item] = []
        self.open: list[tuple[bool, Box]] = []  # for each open directive: is it a statement?
        self.boxes: Counter[str] = Counter()
        self.named: dict[str, Region] = {}
        self.target: str | None = None
        self.macros: dict[str, Macro] = {}
        self.id = ""
        events = [event for unit in document.units for event in unit.events]
        titles = sum(isinstance(event, Heading) and event.level == 1 for event in events)
        # In documents by others level 1 may be any heading; where there is one alone, it is the title.
        self.has_chapters = not lenient or titles == 1
        self.new_chapter()

    def new_chapter(self) -> None:
        self.chapter = Region(None, Section(), len(self.items))
        self.region = self.chapter

    def new_region(self, section: Section | None = None) -> None:
        self.region = Region(self.chapter, section or self.region.section, len(self.items))

    def read(self, event: Event, unit: Unit) -> None:
        match event:
            case Heading():
                self.heading(event)
            case Opening():
                self.opening(event)
            case Closing() if self.open:
                self.open.pop()
            case Target():
                self.target = event.label
            case Formula():
                self.formula(event, unit)
            case Macro():
                self.macros[event.name] = event

    def close_all(self) -> None:
        """Nothing stays open at the end of a cell."""
        self.open.clear()

    def heading(self, event: Heading) -> None:
        self.id, self.target = self.target or event.text, None
        if event.level == 1 and self.has_chapters:
            self.new_chapter()
        elif event.level == 2 or self.lenient:
            self.new_region(Section())

    def opening(self, event: Opening) -> None:
        name = event.name.removesuffix("-start")
        statement = name.startswith("prf:") and name != "prf:proof"
        if name == "solution":
            self.region = self.named.get(event.argument.split(" ")[0], self.region)
        elif name == "exercise" or (statement and event.label):
            self.new_region()
        if event.label and (statement or name == "exercise"):
            self.named[event.label] = self.region
        if event.label or self.target:
            self.id, self.target = event.label or self.target or self.id, None
        kind = name.removeprefix("prf:")
        self.boxes[kind] += 1
        self.open.append((statement or name == "exercise", Box(kind, event.label, self.boxes[kind])))

    def formula(self, formula: Formula, unit: Unit, parent: Item | None = None) -> None:
        item = Item(
            len(self.items),
            unit,
            formula,
            self.region,
            formula.label or self.id,
            any(statement for statement, _ in self.open),
            nested=bool(parent),
            inside=self.open[-1][1] if self.open else None,
        )
        self.items.append(item)
        item.refused = self.refusal(item)
        tokens = [] if item.refused else self.tokens(item)
        if item.refused:
            return
        item.tokens = tokens
        item.statements = read_statements(item.tokens, self.previous(item), self.lenient)
        for text in item.statements.texts:
            self.words(text, unit, item)

    def refusal(self, item: Item) -> ReadError | None:
        item.relations = count_relations(item.latex)
        place = (item.formula.start, min(item.formula.end, item.formula.start + 1))
        if item.formula.problem:
            return ReadError(item.formula.problem, place, "a formula that is closed")
        if item.formula.end - item.formula.start > MAX_CHARACTERS:
            return ReadError("this formula is too long", place, f"at most {MAX_CHARACTERS} characters")
        if item.relations > MAX_RELATIONS:
            return ReadError("this formula has too many relations", place, f"at most {MAX_RELATIONS}")
        return None

    def tokens(self, item: Item) -> list[Token]:
        """The tokens of a formula with its macros written out, at their places in the document."""
        visible, formula = item.unit.visible, item.formula
        if not uses(item.latex, self.macros):
            return tokenize(visible, formula.start, formula.end, lenient=self.lenient)
        try:
            expansion = expand(item.latex, formula.start, self.macros)
        except ReadError as error:
            item.refused = error
            return []
        item.relations = count_relations(expansion.text)
        tokens = tokenize(expansion.text, lenient=self.lenient)
        spans = (expansion.span(*token.span) for token in tokens)
        return [
            token._replace(start=start, end=end) for token, (start, end) in zip(tokens, spans, strict=True)
        ]

    def previous(self, item: Item) -> list[Token] | None:
        """In lenient mode a chain may go on from the display before."""
        if not (self.lenient and item.formula.display):
            return None
        for other in reversed(self.items[:-1]):
            if other.unit is not item.unit:
                return None
            if other.formula.display:
                return other.statements.last
        return None

    def words(self, text: Token, unit: Unit, parent: Item) -> None:
        r"""Formulas within \text{...}; an equals sign outside of them belongs to nothing."""
        written = unit.visible[text.start : text.start + len(text.text)] == text.text
        for match in re.finditer(r"\$([^$]*)\$", text.text) if written else ():
            place = Formula(text.start + match.start(1), text.start + match.end(1), False)
            self.formula(place, unit, parent)
        within = r"\$[^$]*\$" if written else r"\$"  # in the body of a macro nothing has a place of its own
        outside = re.sub(within, lambda match: " " * len(match[0]), text.text)
        for match in _RELATION.finditer(outside):
            span = (text.start + match.start(), text.start + match.end())
            error = ReadError("an equals sign among words", span, r"$...$ around the formula")
            parent.statements.found.append(Stray(Token("relation", "=", *span), error))

"""Conditions on integers, sizes and indices: which formulas are conditions, and for which others they hold.

A relation in a sentence of prose holds for that sentence, up to its display. An inequality in a statement, or
in a sentence that declares its letters (an n in N with n >= 3), holds for its region, as that declaration.
A condition in a formula of claims holds for that formula alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Literal

from ..language.nodes import Condition, Indexed, Letter, Negative, Number, Product, ReadError, Sum, walk
from ..language.scope import Declaration, Scope
from .grammar import parse_integer
from .outline import Item
from .prose import ends_sentence, introducing, is_released, only_joins, without_fence
from .statements import INEQUALITIES, Link

IntegerRelation = Literal["=", "!=", "<=", "<", ">=", ">"]
_INTEGER_NODES = (Number, Letter, Indexed, Sum, Negative, Product)
_RELATIONS: dict[str, IntegerRelation] = {
    "=": "=",
    "!=": "!=",
    "<=": "<=",
    "<": "<",
    ">=": ">=",
    ">": ">",
}
IMPLICATION = "what the implication takes for granted"
AROUND = 200  # characters before a formula that may introduce it


class Conditions:
    """The sentences of a document, and the conditions that hold in each of them and in each formula."""

    def __init__(self, items: list[Item]) -> None:
        self.words = [""] * len(items)  # before each formula, up to the one before it
        self.sentence = list(range(len(items)))
        self.introduced = [""] * len(items)  # the word that makes a formula a condition
        self.in_sentence: defaultdict[int, list[Condition]] = defaultdict(list)
        self.in_formula: defaultdict[int, list[Condition]] = defaultdict(list)
        self.declared: defaultdict[int, set[Letter]] = defaultdict(set)  # by sentence: integers and sizes
        self.unused: defaultdict[int, list[str]] = defaultdict(list)  # by sentence: what cannot be used
        for number, item in enumerate(items):
            self._read_words(number, item, items[number - 1] if number else None)

    def _read_words(self, number: int, item: Item, before: Item | None) -> None:
        start = item.formula.start
        together = before is not None and before.unit is item.unit and before.formula.end <= start
        first = max(before.formula.end if before and together else 0, start - AROUND)
        self.words[number] = words = without_fence(item.unit.text[first:start])
        self.introduced[number] = introducing(words)
        if before is None or not together or before.region is not item.region or before.nested:
            return
        full_stop = before.tokens and before.tokens[-1].text == "."
        if full_stop or first > before.formula.end or ends_sentence(words):
            return
        behind_display = before.formula.display and (item.formula.display or not self.introduced[number])
        if not behind_display:
            self.sentence[number] = self.sentence[number - 1]
        if not self.introduced[number] and only_joins(words):
            self.introduced[number] = self.introduced[number - 1]

    def declare(self, item: Item, declaration: Declaration) -> None:
        """Note the integer, or the sizes, that a sentence declares."""
        letters = [part for size in declaration.dimensions for part in walk(size) if isinstance(part, Letter)]
        letters += [declaration.letter] if declaration.kind == "integer" else []
        self.declared[self.sentence[item.number]].update(letters)

    def add(self, item: Item, condition: Condition, *, local: bool) -> None:
        """Note a condition where it holds."""
        if local:
            self.in_formula[item.number].append(condition)
        elif self.is_lasting(item, condition):
            item.region.conditions.append(((item.number, (condition.span or (0, 0))[0]), condition))
        else:
            self.in_sentence[self.sentence[item.number]].append(condition)

    def is_lasting(self, item: Item, condition: Condition) -> bool:
        """Whether an inequality holds for all that follows in its region."""
        if condition.relation not in INEQUALITIES:
            return False
        letters = {part for part in walk(condition) if isinstance(part, Letter)}
        if letters and letters <= self.declared[self.sentence[item.number]]:
            return True
        if not item.in_statement:
            return False
        behind = item.unit.text[item.formula.end : item.formula.end + AROUND]
        return self.introduced[item.number] not in ("", "case") and not is_released(behind)

    def at(self, item: Item) -> tuple[Condition, ...]:
        """All conditions under which the claims of a formula stand."""
        sentence = self.sentence[item.number]
        lasting = [
            condition
            for (number, _), condition in item.region.conditions
            if number <= item.number or self.sentence[number] == sentence
        ]
        return (*lasting, *self.in_sentence[sentence], *self.in_formula[item.number])

    def unused_at(self, item: Item) -> tuple[str, ...]:
        """The conditions that no trial can take into account."""
        implication = (IMPLICATION,) if item.statements.implies else ()
        return (*self.unused[self.sentence[item.number]], *_members_of_unknown_sets(item), *implication)


def _members_of_unknown_sets(item: Item) -> Iterator[str]:
    """Letters of a formula that were said to lie in sets that say nothing to the checker."""
    here = {(token.text, token.bold) for token in item.tokens if token.kind == "letter"}
    regions = [item.region, item.region.chapter] if item.region.chapter else [item.region]
    for (number, _), letters in (said for region in regions for said in region.unknown):
        if number <= item.number:
            names = [token.text for token in letters if (token.text, token.bold) in here]
            yield from (f"the set of {name}" for name in names)


def as_condition(link: Link, scope: Callable[[], Scope]) -> Condition | None:
    """The relation between integers, sizes or indices that a link is, if it is one."""
    relation = _RELATIONS.get(link.relation)
    if relation is None:
        return None
    try:
        left, right = (parse_integer(tokens, Scope(), link.sign.span) for tokens in (link.left, link.right))
    except ReadError:
        return None
    parts = [part for side in (left, right) for part in walk(side)]
    if not all(isinstance(part, _INTEGER_NODES) for part in parts):
        return None
    if any(isinstance(part, Indexed) and part.name == r"\delta" for part in parts):
        return None  # a Kronecker delta is no index
    known = scope()
    if any(isinstance(part, Letter) and not _may_be_integer(part, known) for part in parts):
        return None
    return Condition(left, relation, right, span=link.sign.span)


def _may_be_integer(letter: Letter, scope: Scope) -> bool:
    """An integer, a size, or a letter of which nothing is said: an index."""
    declared = scope.declaration(letter)
    is_integer = letter in scope.sizes or bool(declared and declared.kind == "integer")
    return not letter.bold and (is_integer or not scope.knows(letter))

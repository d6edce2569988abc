"""Warnings that are not verdicts: habits that hide mistakes which values cannot show."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from ..language.claims import Claim
from ..language.nodes import BoundedSum, Delta, Derivative, Entry, Letter, Node, SingleEntry, walk
from .outline import Item
from .reader import Lint, Reading
from .statements import Membership


def lint(reading: Reading) -> tuple[Lint, ...]:
    """All warnings of a document, in the order of their places."""
    found: dict[tuple, Lint] = {}
    for warning in (
        *_of_claims(reading),
        *_unused(reading),
        *_continued_chains(reading.items),
        *reading.warnings,
    ):
        found.setdefault((warning.unit.cell, warning.span, warning.message), warning)
    return tuple(sorted(found.values(), key=lambda one: (one.unit.cell or 0, one.span)))


def _sides(claim: Claim) -> list[Node]:
    return [side for side in (claim.lhs, claim.rhs) if side is not None]


def _of_claims(reading: Reading) -> Iterator[Lint]:
    for claim, item in reading.claims:
        for part in (part for side in _sides(claim) for part in walk(side)):
            if isinstance(part, BoundedSum):
                for derivative in _derivatives_by_summed(part):
                    message = f"a derivative by an entry whose index {part.index.name} is summed"
                    yield Lint(message, item.unit, derivative.span)
            for index in _indices(part):
                declared = claim.scope.declaration(index)
                if declared and declared.kind in ("scalar", "integer"):
                    yield Lint(f"{index.name} in two roles: {declared.kind} and index", item.unit, index.span)


def _derivatives_by_summed(summed: BoundedSum) -> list[Derivative]:
    """Those by an entry with the index of the sum; in a chain rule the entry is differentiated as well."""
    derivatives = [part for part in walk(summed.body) if isinstance(part, Derivative)]
    numerators = {derivative.of for derivative in derivatives}
    return [
        derivative
        for derivative in derivatives
        if any(
            isinstance(v, Entry) and summed.index in v.indices and v not in numerators for v in derivative.by
        )
    ]


def _indices(node: Node) -> Iterator[Letter]:
    """The letters that are whole indices of a node."""
    if isinstance(node, Delta | SingleEntry):
        candidates: tuple[Node, ...] = (node.row, node.column)
    else:
        candidates = node.indices if isinstance(node, Entry) else ()
    yield from (index for index in candidates if isinstance(index, Letter))


def _unused(reading: Reading) -> Iterator[Lint]:
    """Letters that are declared, but occur in no other formula for which the declaration holds."""
    used: defaultdict[int, set[str]] = defaultdict(set)
    for item in reading.items:
        names = _letters_used(item)
        used[id(item.region)] |= names
        used[id(item.region.chapter)] |= names
    for item in {id(item.region): item for item in reversed(reading.items)}.values():
        for place, declaration in item.region.declared:
            if declaration.letter.name.lower() not in used[id(item.region)]:
                unit = reading.items[place[0]].unit
                yield Lint(f"{declaration.letter.name} is declared, but never used", unit, declaration.span)


def _letters_used(item: Item) -> set[str]:
    """The letters of a formula, small, but for those that it only declares."""
    names = Counter(token.text.lower() for token in item.tokens if token.kind == "letter")
    for statement in item.statements.found:
        if isinstance(statement, Membership):
            names.subtract(tokens[0].text.lower() for tokens in statement.items if tokens)
    return {name for name, count in names.items() if count > 0}


def _continued_chains(items: list[Item]) -> Iterator[Lint]:
    for item in items:
        if item.statements.continued:
            yield Lint("a chain continued across displays", item.unit, item.statements.continued.span)

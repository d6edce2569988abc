"""Printed dots, written out: chains of factors, arithmetic progressions of summands, matrices with dots.

Every printed member must fit the progression through the others; otherwise a `ClaimError` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations, pairwise, product
from math import prod

from ..language.integers import ClaimError, Poly, polynomial
from ..language.nodes import (
    Dots,
    Entry,
    ExplicitMatrix,
    Identity,
    Indexed,
    Letter,
    Negative,
    Node,
    Number,
    Power,
    Product,
    Span,
)
from ..language.printing import to_latex
from .limits import Limits

MOST_WAYS = 2_000  # to see factors of one member in those of another
LONGEST = 20  # members of a chain, or iterated sums


@dataclass(frozen=True)
class Grid(Node):
    """Matrix with `body` at (row, column), both counted from 0 to `rows` - 1 and `columns` - 1."""

    row: Letter
    rows: Node
    column: Letter
    columns: Node
    body: Node


def has_dots(parts: Sequence[Node]) -> bool:
    """Whether dots, or minus dots, stand among the parts of a sum, product or row."""
    return any(
        isinstance(part, Dots) or (isinstance(part, Negative) and isinstance(part.of, Dots)) for part in parts
    )


# ---------------------------------------------------------------------------------------------- chains


def expand_chain(
    factors: tuple[Node, ...], integers: Mapping[str, int], span: Span | None
) -> tuple[Node, ...]:
    r"""Write out the chain x_{k u_1} x_{u_1 u_2} \cdots x_{u_{n-1} l} of a product, for given integers.

    The factors around the dots are entries of one matrix; each begins with the last index of the one before.
    With n = 1 the chain is x_{kl}.
    """
    places = [position for position, factor in enumerate(factors) if isinstance(factor, Dots)]
    start, stop = places[0], places[0] + 1
    while start > 0 and _links(factors[start - 1], factors[start] if start < places[0] else None):
        start -= 1
    while stop < len(factors) and _links(factors[stop - 1] if stop > places[0] + 1 else None, factors[stop]):
        stop += 1
    before, after = factors[start : places[0]], factors[places[0] + 1 : stop]
    if len(places) > 1 or not before or not after or before[-1].of != after[0].of:
        message = "dots between factors need a chain: x_{k u_1} x_{u_1 u_2} before them, x_{u_{n-1} l} after"
        raise ClaimError(message, span, "unreadable")
    head = [before[0].indices[0], *(factor.indices[1] for factor in before)]
    tail = [after[0].indices[0], *(factor.indices[1] for factor in after)]
    nodes = _chain_indices(head, tail, integers, span)
    chain = tuple(Entry(before[0].of, pair, span=before[0].span) for pair in pairwise(nodes))
    return factors[:start] + chain + factors[stop:]


def _links(left: Node | None, right: Node | None) -> bool:
    """Whether two neighbours are links of one chain; None stands for the dots."""
    links = [node for node in (left, right) if node is not None]
    if not all(isinstance(node, Entry) and len(node.indices) == 2 for node in links):
        return False
    if len(links) == 1:
        return True
    joint = right.indices[0]
    return left.of == right.of and left.indices[1] == joint and isinstance(joint, Indexed)


def _chain_indices(
    head: list[Node], tail: list[Node], integers: Mapping[str, int], span: Span | None
) -> list[Node]:
    """The indices of the whole chain, from those printed before and after the dots."""
    family, first = _member(head[1], span)
    _, last = _member(tail[-2], span)
    for offset, node in enumerate(head[1:]):
        _expect(node, family, first + Poly.of(offset), span)
    for offset, node in enumerate(reversed(tail[:-1])):
        _expect(node, family, last - Poly.of(offset), span)
    try:
        low, high = first.at(integers), last.at(integers)
    except KeyError as error:
        raise ClaimError(f"nothing says that {error.args[0]} is an integer", span, "unreadable") from None
    if high < low - 1 or high - low > LONGEST:
        raise ClaimError(
            f"the dots from {family}_{low} to {family}_{high} cannot be written out", span, "undecided"
        )
    return [head[0], *(Indexed(family, Number(number)) for number in range(low, high + 1)), tail[-1]]


def _member(node: Node, span: Span | None) -> tuple[str, Poly]:
    """Family and subscript of an inner index of a chain."""
    subscript = polynomial(node.subscript) if isinstance(node, Indexed) else None
    if subscript is None:
        raise ClaimError(
            "the inner indices of a chain with dots are u_1, u_2, ...", node.span or span, "unreadable"
        )
    return node.name, subscript


def _expect(node: Node, family: str, subscript: Poly, span: Span | None) -> None:
    if _member(node, span) != (family, subscript):
        wanted = to_latex(Indexed(family, subscript.node()))
        raise ClaimError(f"the chain continues with the index {wanted} here", node.span or span, "unreadable")


# ----------------------------------------------------------------------------------------- progressions


@dataclass(frozen=True)
class Progression:
    """Members body(0), body(1), ..., body(steps) of an arithmetic progression; `letter` counts them."""

    letter: Letter
    body: Node
    steps: Poly


@dataclass(frozen=True)
class _Counter:
    """The letter that counts the members, and the limits of the search for what they have in common."""

    letter: Letter
    limits: Limits


class _MismatchError(ValueError):
    """Members that do not have one form (no message), or do not progress evenly (a message)."""


def expand_summands(
    terms: tuple[Node, ...], letter: Letter, span: Span | None, least: int = 2, limits: Limits | None = None
) -> tuple[int, int, Progression]:
    """The progression that the dots of a sum stand for, and the slice of the terms that it replaces.

    All summands before the dots that have the form of those next to the dots are its members; there must be
    `least` of them. A single one is followed by steps of one.
    """
    places = [position for position, term in enumerate(terms) if has_dots((term,))]
    place = places[0]
    if len(places) > 1 or place < least or place == len(terms) - 1:
        raise ClaimError("dots need two summands before them and one after", span, "unreadable")
    last = terms[place + 1]
    if isinstance(terms[place], Negative) != isinstance(last, Negative):
        raise ClaimError(
            "the dots and the summand after them have different signs", last.span or span, "unreadable"
        )
    message, counter = "", _Counter(letter, limits or Limits())
    for start in range(place - least + 1):
        try:
            return start, place + 2, _progression([*terms[start:place], last], counter)
        except _MismatchError as error:
            message = str(error)
        if message:
            break
    message = message or "the summands around the dots do not have one form"
    raise ClaimError(f"{message}; a sum sign can say what is meant", span, "unreadable")


def _progression(members: Sequence[Node], counter: _Counter) -> Progression:
    """The progression through the members, of which the last stands after the dots."""
    steps: list[Poly] = []
    body = _merge(list(members), counter, steps)
    if not steps:
        raise _MismatchError("the members around the dots are all the same")
    return Progression(counter.letter, body, steps[0])


def _merge(nodes: list[Node], counter: _Counter, steps: list[Poly]) -> Node:
    """One tree for all members, with the counter in the integers that progress; `steps` gets their number."""
    counter.limits.count_node()
    if all(node == nodes[0] for node in nodes):
        return nodes[0]
    if any(isinstance(node, Product | Power) for node in nodes):
        return _merge_products(nodes, counter, steps)
    polys = [polynomial(node) for node in nodes]
    if None not in polys:
        return _advance(polys, counter, steps).node()
    if any(type(node) is not type(nodes[0]) for node in nodes):
        raise _MismatchError
    names = [item.name for item in fields(nodes[0]) if item.name != "span"]
    columns = [[getattr(node, name) for node in nodes] for name in names]
    return type(nodes[0])(*(_merge_column(column, counter, steps) for column in columns), span=nodes[0].span)


def _merge_column(values: Sequence, counter: _Counter, steps: list[Poly]):
    """Merge what the members have in one field."""
    if isinstance(values[0], Node):
        return _merge(list(values), counter, steps)
    if isinstance(values[0], tuple) and len({len(value) for value in values}) == 1:
        return tuple(_merge_column(column, counter, steps) for column in zip(*values, strict=True))
    if any(value != values[0] for value in values):
        raise _MismatchError
    return values[0]


def _merge_products(nodes: list[Node], counter: _Counter, steps: list[Poly]) -> Node:
    """A product may lack a factor with exponent 0, as in J X^{n-1} + X J X^{n-2} + ... + X^{n-1} J.

    The longest of the printed members has all factors; the others' must fit into it in one way only.
    """
    members = [_powers(node) for node in nodes]
    model = [base for base, _ in max(members, key=len)]
    if all(len(powers) == len(model) for powers in members):
        ways: Iterable[tuple[Powers, ...]] = [tuple(members)]
    else:
        embedded = [list(_embeddings(powers, model)) for powers in members]
        if prod(map(len, embedded)) > MOST_WAYS:
            raise _MismatchError("the members around the dots can be compared in too many ways")
        ways = product(*embedded)
    found: dict[Node, list[Poly]] = {}
    problem = _MismatchError()
    for way in ways:
        trial = list(steps)
        try:
            factors = tuple(_merge_powers(column, counter, trial) for column in zip(*way, strict=True))
        except _MismatchError as error:
            problem = error
            continue
        found[factors[0] if len(factors) == 1 else Product(factors, span=nodes[0].span)] = trial
    if len(found) != 1:
        raise problem
    ((merged, steps[:]),) = found.items()
    return merged


Powers = list[tuple[Node, Poly]]  # bases and exponents of the factors of a product


def _powers(node: Node) -> Powers:
    if isinstance(node, Identity) or node == Number(1):
        return []
    powers = []
    for factor in node.factors if isinstance(node, Product) else (node,):
        exponent = polynomial(factor.exponent) if isinstance(factor, Power) else None
        powers.append((factor, Poly.of(1)) if exponent is None else (factor.base, exponent))
    return powers


def _embeddings(powers: Powers, model: list[Node]) -> Iterator[Powers]:
    """Every way to place the factors among those of the model, the missing ones with exponent 0."""
    if len(model) > 8:
        return
    for places in combinations(range(len(model)), len(powers)):
        if all(model[place] == base for place, (base, _) in zip(places, powers, strict=True)):
            exponents = {place: exponent for place, (_, exponent) in zip(places, powers, strict=True)}
            yield [(base, exponents.get(place, Poly())) for place, base in enumerate(model)]


def _merge_powers(column: Powers, counter: _Counter, steps: list[Poly]) -> Node:
    """One factor of all members."""
    base = _merge([base for base, _ in column], counter, steps)
    exponents = [exponent for _, exponent in column]
    if all(exponent == Poly.of(1) for exponent in exponents):
        return base
    return Power(base, _advance(exponents, counter, steps).node(), span=base.span)


def _advance(values: list[Poly], counter: _Counter, steps: list[Poly]) -> Poly:
    """The progression through integers, the last of which stands after the dots; `steps` gets its length."""
    *printed, last = values
    step = (printed[1] - printed[0]).constant() if len(printed) > 1 else _unit(last - printed[0])
    if step is None or any((later - earlier).constant() != step for earlier, later in pairwise(printed)):
        raise _MismatchError("the members before the dots do not progress evenly")
    count = (last - printed[0]).divided(step) if step else None
    if (
        (step == 0 and last != printed[0])
        or (step and count is None)
        or (step and steps and steps[0] != count)
    ):
        raise _MismatchError("the member after the dots does not continue those before them")
    if step:
        steps.append(count)
    return printed[0] + Poly.of(step) * Poly.of(counter.letter.name)


def _unit(distance: Poly) -> int:
    """1 upwards, -1 downwards, judged by the leading coefficient; 0 for no distance."""
    leading = distance.terms[-1][1] if distance.terms else 0
    return (leading > 0) - (leading < 0)


# --------------------------------------------------------------------------------------------- matrices


def expand_matrix(node: ExplicitMatrix, row: Letter, column: Letter, limits: Limits | None = None) -> Node:
    """A matrix with dots as a `Grid`, or as a matrix of such blocks; `row` and `column` count the cells."""
    try:
        return _blocks(node, _Counter(row, limits or Limits()), _Counter(column, limits or Limits()))
    except _MismatchError as error:
        message = str(error) or "the cells around the dots do not have one form"
        raise ClaimError(
            message.replace("members", "cells").replace("member", "cell"), node.span, "unreadable"
        ) from None


def _blocks(node: ExplicitMatrix, row: _Counter, column: _Counter) -> Node:
    vertical = [position for position, cells in enumerate(node.rows) if _all_dots(cells)]
    lines = [_expand_row(cells, column) for cells in node.rows if not _all_dots(cells)]
    if not vertical:
        return ExplicitMatrix(
            tuple(_block_row(*line, row.letter, column.letter) for line in lines), span=node.span
        )
    if vertical != [len(node.rows) - 2] or len(lines) < 3:
        raise _MismatchError("vertical dots need two rows before them and one after")
    if len({(width, len(body)) for width, body in lines}) > 1:
        raise _MismatchError("the rows of the matrix have different lengths")
    merged = [_progression(cells, row) for cells in zip(*(body for _, body in lines), strict=True)]
    if len({progression.steps for progression in merged}) > 1:
        raise _MismatchError("the columns of the matrix have different lengths")
    height, width = (merged[0].steps + Poly.of(1)).node(), (lines[0][0] or Poly.of(1)).node()
    grids = tuple(
        Grid(row.letter, height, column.letter, width, progression.body, span=node.span)
        for progression in merged
    )
    return grids[0] if len(grids) == 1 else ExplicitMatrix((grids,), span=node.span)


def _block_row(width: Poly | None, cells: tuple[Node, ...], row: Letter, column: Letter) -> tuple[Node, ...]:
    """A row without vertical dots: its cells, or one grid."""
    if width is None:
        return cells
    return (Grid(row, Number(1), column, width.node(), cells[0], span=cells[0].span),)


def _all_dots(cells: tuple[Node, ...]) -> bool:
    return all(isinstance(cell, Dots) for cell in cells)


def _expand_row(cells: tuple[Node, ...], column: _Counter) -> tuple[Poly | None, tuple[Node, ...]]:
    """The number of columns and the one cell that stands for them; without dots None and the cells."""
    if not has_dots(cells):
        return None, cells
    places = [position for position, cell in enumerate(cells) if isinstance(cell, Dots)]
    if places != [len(cells) - 2] or len(cells) < 4:
        raise _MismatchError("dots in a row need two cells before them and one after")
    progression = _progression((*cells[: places[0]], cells[-1]), column)
    return progression.steps + Poly.of(1), (progression.body,)

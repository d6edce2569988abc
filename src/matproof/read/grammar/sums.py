r"""Sum signs: with bounds or without, several in a row, with dots between them."""

from __future__ import annotations

from dataclasses import dataclass

from ...language.nodes import BoundedSum, Dots, DottedSums, Indexed, Infinity, Letter, Node, Span
from ..tokens import Token
from .core import Parser
from .scripts import script_tokens


@dataclass(frozen=True)
class Head:
    """One sum sign."""

    index: Letter | Indexed
    lower: Node | None
    upper: Node | None
    sign: Token


Heads = list[Head | Dots]


def sums(parser: Parser) -> Node:
    r"""One or more sum signs in a row, with or without dots between them, and their body."""
    start, bound = parser.token, parser.bound
    heads: Heads = []
    while parser.sees("command", r"\sum") or (parser.sees("dots", "c") and parser.ahead().text == r"\sum"):
        if dots := parser.accept("dots", "c"):
            heads.append(Dots(span=dots.span))
        else:
            found = sum_head(parser)
            _refuse_second(parser, found, bound)
            heads.extend(found)
            parser.bound = parser.bound + [head.index.name for head in found[-1:] if isinstance(head, Head)]
    with parser.deeper(len(heads)):
        body = parser.term()
    parser.bound, parser.reached = bound, parser.at
    return _fold(parser, heads, body, parser.place(start))


def _refuse_second(parser: Parser, heads: Heads, bound: list[str]) -> None:
    """A sum within the reach of one over the same index is hardly meant to stand there."""
    for head in heads:
        if isinstance(head, Head) and head.index.name in bound and not parser.scope.lenient:
            raise parser.error(
                f"{head.index.name} is summed already", "brackets around the first sum", head.index.span
            )


def sum_head(parser: Parser) -> Heads:
    """What one sum sign says; in lenient mode there may be several indices."""
    sign = parser.step()
    if not parser.accept("symbol", "_"):
        raise parser.error("a sum without its index", "a subscript such as _{k}", sign.span)
    braced = parser.accept("{", "{")
    indices: list[Letter | Indexed | Dots] = [sum_index(parser)]
    while parser.scope.lenient and parser.accept("symbol", ","):
        dots = parser.accept("dots", "c")
        indices.append(Dots(span=dots.span) if dots else sum_index(parser))
    lower = upper = None
    if braced:
        if parser.accept("relation", "="):
            lower = parser.expression()
        parser.expect("}", "}", "= and the lower bound, or } (one index a sum sign)")
    if parser.accept("symbol", "^"):
        upper = upper_bound(parser)
    if (lower is None) != (upper is None):
        raise parser.error("a sum with one bound", "both bounds or none", parser.place(sign))
    return [index if isinstance(index, Dots) else Head(index, lower, upper, sign) for index in indices]


def sum_index(parser: Parser) -> Letter | Indexed:
    """A letter that means nothing else here."""
    start = parser.token
    with parser.indexing():
        index = parser.factor() if parser.starts_factor() else None
    if not isinstance(index, Letter | Indexed) or (isinstance(index, Letter) and index.bold):
        raise parser.error("the index of a sum", "a letter", parser.place(start))
    declared = parser.scope.declaration(index) if isinstance(index, Letter) else None
    taken = declared.kind if declared and declared.kind in ("scalar", "integer") else None
    if (taken or index in parser.scope.sizes) and not parser.scope.lenient:
        kind = taken or "size"
        raise parser.error(
            f"{index.name} is {'an' if kind == 'integer' else 'a'} {kind} here", "another index", index.span
        )
    return index


def upper_bound(parser: Parser) -> Node:
    """The superscript of a sum sign."""
    inside = script_tokens(parser)
    if len(inside) == 1 and inside[0].text == r"\infty":
        return Infinity(span=inside[0].span)
    return parser.inner(inside).whole()


def _fold(parser: Parser, heads: Heads, body: Node, span: Span) -> Node:
    """Nest the sums, the last one innermost."""
    while heads:
        head = heads.pop()
        if isinstance(head, Dots):
            raise parser.error("dots between sums over what?", r"\sum_{u_1} \cdots \sum_{u_n}", head.span)
        place = (head.sign.start, span[1])
        if heads and isinstance(heads[-1], Dots):
            heads.pop()
            body = _dotted(parser, heads, head, body, place)
        else:
            body = BoundedSum(head.index, head.lower, head.upper, body, span=place)
    return body


def _dotted(parser: Parser, heads: Heads, last: Head, body: Node, span: Span) -> Node:
    r"""\sum_{u_1} \sum_{u_2} \cdots \sum_{u_{n-1}}: take the members of the family off the heads."""
    family = [last]
    while heads and _same_family(heads[-1], last):
        head = heads.pop()
        assert isinstance(head, Head)
        family.insert(0, head)
        span = (head.sign.start, span[1])
    first = tuple(head.index for head in family[:-1] if isinstance(head.index, Indexed))
    bounded = any(head.lower is not None or head.upper is not None for head in family)
    if not first or bounded or not isinstance(last.index, Indexed):
        raise parser.error("dots between sums over what?", r"\sum_{u_1} \cdots \sum_{u_n}", last.index.span)
    return DottedSums(first, last.index, body, span=span)


def _same_family(one: Head | Dots, other: Head) -> bool:
    if isinstance(one, Dots) or not isinstance(one.index, Indexed) or not isinstance(other.index, Indexed):
        return False
    return one.index.name == other.index.name

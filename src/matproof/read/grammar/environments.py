"""Printed matrices and case distinctions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from ...language.nodes import Call, Cases, Condition, Dots, ExplicitMatrix, Node
from ..cursor import token_name
from ..tokens import Token
from .core import Parser
from .products import dots_of

_MATRICES = {"matrix", "pmatrix", "bmatrix", "array", "smallmatrix"}
IntegerRelation = Literal["=", "!=", "<=", "<", ">=", ">"]
_INTEGER_RELATIONS: dict[str, IntegerRelation] = {
    "=": "=",
    "!=": "!=",
    "<=": "<=",
    "<": "<",
    ">=": ">=",
    ">": ">",
}


def environment(parser: Parser) -> Node:
    r"""From \begin to \end."""
    start = parser.step()
    if start.text in _MATRICES:
        return matrix(parser, start)
    if start.text == "vmatrix":
        return Call("det", (matrix(parser, start),), span=parser.place(start))
    if start.text == "cases":
        return cases(parser, start)
    raise parser.error(f"unknown environment {start.text!r}", "pmatrix or cases", start.span)


def rows(parser: Parser, start: Token, cell: Callable[[Parser], Node]) -> tuple[tuple[Node, ...], ...]:
    r"""Cells between & and \\ up to the matching \end."""
    found: list[tuple[Node, ...]] = []
    row = [cell(parser)]
    while not parser.sees("end"):
        if parser.accept("&"):
            row.append(cell(parser))
        elif parser.accept("row"):
            found.append(tuple(row))
            row = [] if parser.sees("end") else [cell(parser)]
        else:
            raise parser.error(f"unexpected {token_name(parser.token)}", r"&, \\ or the end of the matrix")
    if row:
        found.append(tuple(row))
    parser.expect("end", start.text, rf"\end{{{start.text}}}")
    return tuple(found)


def matrix(parser: Parser, start: Token) -> Node:
    """Rows of equally many cells; a row may be one single vertical "dots"."""
    found = rows(parser, start, _cell)
    whole = [row for row in found if row != (Dots("v"),)]
    if len({len(row) for row in whole}) != 1:
        raise parser.error("rows of different length", "equally many cells in each row", parser.place(start))
    return ExplicitMatrix(found, span=parser.place(start))


def _cell(parser: Parser) -> Node:
    dots = parser.accept("dots")
    return dots_of(dots) if dots else parser.expression()


def cases(parser: Parser, start: Token) -> Node:
    r"""value & condition \\ ... \\ value & \text{otherwise}"""
    branches: list[tuple[Node, Condition | None]] = []
    while not parser.sees("end"):
        value = parser.expression()
        parser.accept("symbol", ",")
        parser.expect("&", "&", "& and the condition")
        if branches and branches[-1][1] is None:
            raise parser.error('a case after "otherwise"', r"\end{cases}", value.span)
        branches.append((value, condition(parser)))
        parser.accept("symbol", ",", ".", ";")
        if not parser.accept("row"):
            break
    parser.expect("end", "cases", r"\\ or \end{cases}")
    if not branches:
        raise parser.error("no cases", "value & condition", parser.place(start))
    return Cases(tuple(branches), span=parser.place(start))


def condition(parser: Parser) -> Condition | None:
    """A relation between integers, in brackets or not; None for "otherwise"."""
    text = parser.accept("text")
    if text and text.text.strip(" .,") in ("otherwise", "else"):
        return None
    if text and text.text.strip() not in ("if", "for", "when"):
        raise parser.error(f"unknown condition {text.text!r}", "a relation, or otherwise", text.span)
    start, bracket = parser.token, parser.accept("open", "(")
    with parser.indexing():
        left, sign = parser.expression(), parser.step()
        relation = _INTEGER_RELATIONS.get(sign.text) if sign.kind == "relation" else None
        if relation is None:
            raise parser.error("a case without its condition", "a relation such as i = j", sign.span)
        node = Condition(left, relation, parser.expression(), span=parser.place(start))
    if bracket:
        parser.expect("close", "(", ")")
    return node

r"""Brackets, bars, invisible braces, and the arguments in braces of commands such as \frac."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from ...language.nodes import (
    AtPoint,
    Call,
    ExplicitMatrix,
    Hadamard,
    Kronecker,
    Letter,
    Negative,
    Node,
    Norm,
    Product,
    Sum,
)
from ..cursor import CLOSING, PRINTED, token_name
from ..groups import Groups
from ..tokens import Token
from .core import Parser
from .lookup import simple_letter
from .numbers import number_of
from .scripts import script_tokens


def group(parser: Parser) -> Node:
    """Invisible braces: what is inside must hold together without them."""
    before = parser.tokens[parser.at - 1] if parser.at else None
    first = parser.at + 1
    brace = parser.step()
    node = parser.expression()
    if parser.tokens[first].kind == "open" and parser.groups.partner.get(first) == parser.at - 1:
        parser.expect("}", "}", "}")
        return node  # the brackets inside are printed, and hold it together
    reaches_on = parser.reached == parser.at
    parser.expect("}", "}", "}")
    scripted = parser.sees("symbol", "^", "_", "'")
    goes_on = scripted or parser.starts_factor()
    if isinstance(node, Sum | Negative):
        raise parser.error("braces are not printed", "round brackets around this sum", parser.place(brace))
    mixed = isinstance(node, Hadamard | Kronecker) and (goes_on or not _begins_term(before))
    if mixed or (scripted and isinstance(node, Product)) or (goes_on and reaches_on):
        raise parser.error(
            "braces are not printed", "round brackets around this product", parser.place(brace)
        )
    if reaches_on:
        parser.reached = parser.at
    return node


def _begins_term(before: Token | None) -> bool:
    """Whether a term begins behind this token."""
    return before is None or before.kind in ("open", "{", "&", "row") or before.text in ("+", "-", ",")


def brace_over(parser: Parser) -> Node:
    r"""\underbrace{...}_{...}: a printed brace holds together like a bracket; its label says nothing.

    Sum signs under a brace of their own reach on.
    """
    place, over = parser.at, parser.step()
    closing = parser.groups.partner.get(parser.at) if parser.sees("{") else None
    inside = parser.tokens[parser.at + 1 : closing] if closing else []
    signs = closing is not None and _is_only_sums(inside)
    node = None if signs else argument(parser)
    if closing and signs:
        parser.at = closing + 1
    if parser.accept("symbol", "_" if over.text == r"\underbrace" else "^"):
        label = script_tokens(parser)
        if any(token.kind == "relation" for token in label):
            raise parser.error("a relation in the label of a brace", "words or a number", label[0].span)
    if parser.sees("symbol", "^", "_", "'"):
        raise parser.error("a script on a brace", "brackets")
    if node is None:
        parser.replace(place, parser.at, inside)
        return parser.primary()
    return node


def _is_only_sums(tokens: list[Token]) -> bool:
    """Whether these are sum signs with their bounds, dots between them, and nothing else."""
    outside = [token for _, token in Groups(tokens).outermost()]
    plain = all(
        token.text in (r"\sum", "_", "^") or token.kind in ("dots", "{", "}") or before.text in ("_", "^")
        for before, token in pairwise([*outside[:1], *outside])
    )
    return plain and bool(outside) and outside[0].text == r"\sum"


def brackets(parser: Parser) -> Node:
    """What a printed bracket opens."""
    if parser.token.text == ".":
        return point(parser)
    opening = parser.step()
    if opening.text in ("<", "|", r"\|"):
        return between_bars(parser, opening)
    node = parser.expression()
    parser.expect("close", opening.text, f"{CLOSING[opening.text]} to match {PRINTED[opening.text]}")
    return node


def bar(parser: Parser) -> Node:
    """A bar that does not say whether it opens or closes."""
    return between_bars(parser, parser.step())


def between_bars(parser: Parser, opening: Token) -> Node:
    """Norm or absolute value."""
    if opening.text == "<":
        raise parser.error(r"unknown bracket \langle", "a product such as a^T b", opening.span)
    parser.bars.append(opening.text if opening.kind == "bar" else "")
    node = parser.expression()
    parser.bars.pop()
    if not parser.accept("bar" if opening.kind == "bar" else "close", opening.text):
        raise parser.error(
            f"unexpected {token_name(parser.token)}", f"{opening.text} to close the one before"
        )
    if opening.text == "|" and isinstance(node, ExplicitMatrix):
        return Call("det", (node,), span=parser.place(opening))
    if opening.text == "|":
        return Call("abs", (node,), span=parser.place(opening))
    return Norm(node, norm_kind(parser), span=parser.place(opening))


def norm_kind(parser: Parser) -> Literal["2", "F"]:
    """The Euclidean norm has no subscript, the Frobenius norm an F."""
    if not parser.accept("symbol", "_"):
        return "2"
    inside = script_tokens(parser)
    if [token.text for token in inside] not in (["F"], ["2"]):
        span = (inside[0].start, inside[-1].end) if inside else parser.token.span
        raise parser.error("unknown norm", "no subscript, or F for the Frobenius norm", span)
    return "F" if inside[0].text == "F" else "2"


def point(parser: Parser) -> Node:
    r"""\left. ... \right|_{x = 1, y = 0}"""
    opening = parser.step()
    node = parser.expression()
    parser.expect("close", ".", r"\right|")
    if not (parser.accept("symbol", "_") and parser.accept("{", "{")):
        raise parser.error("a value at a point without the point", r"a subscript such as _{x = 1}")
    pairs = [assignment(parser)]
    while parser.accept("symbol", ","):
        pairs.append(assignment(parser))
    parser.expect("}", "}", "}")
    return AtPoint(node, tuple(pairs), span=parser.place(opening))


def assignment(parser: Parser) -> tuple[Letter, Node]:
    """letter = value"""
    start = parser.token
    letter = parser.factor()
    if not isinstance(letter, Letter) or not parser.accept("relation", "="):
        raise parser.error("the point of a value at a point", "letter = value", parser.place(start))
    return letter, parser.expression()


def argument(parser: Parser) -> Node:
    r"""The argument of \frac or \sqrt: a group, or one digit or letter."""
    if parser.accept("{", "{"):
        node = parser.expression()
        parser.expect("}", "}", "}")
        return node
    if parser.sees("number"):
        return number_of(parser, parser.digit())
    if parser.sees("letter"):
        return simple_letter(parser, parser.step())
    raise parser.error(f"unexpected {token_name(parser.token)}", "an argument in braces")

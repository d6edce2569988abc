r"""Brackets, bars, invisible braces, and the arguments in braces of commands such as \frac."""

from __future__ import annotations

from ...language.nodes import AtPoint, Call, Letter, Negative, Node, Norm, Product, Sum
from ..cursor import CLOSING, PRINTED, token_name
from ..tokens import Token
from .core import Parser
from .lookup import simple_letter
from .numbers import number
from .scripts import script_tokens


def group(parser: Parser) -> Node:
    """Invisible braces: what is inside must hold together without them."""
    brace = parser.step()
    node = parser.expression()
    parser.expect("}", "}", "}")
    if isinstance(node, Sum | Negative):
        raise parser.error("braces are not printed", "round brackets around this sum", parser.place(brace))
    if isinstance(node, Product) and parser.sees("symbol", "^", "_", "'"):
        raise parser.error(
            "braces are not printed", "round brackets around this product", parser.place(brace)
        )
    return node


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
    if opening.text == "|":
        return Call("abs", (node,), span=parser.place(opening))
    return Norm(node, norm_kind(parser), span=parser.place(opening))


def norm_kind(parser: Parser) -> str:
    """The Euclidean norm has no subscript, the Frobenius norm an F."""
    if not parser.accept("symbol", "_"):
        return "2"
    inside = script_tokens(parser)
    if [token.text for token in inside] not in (["F"], ["2"]):
        span = (inside[0].start, inside[-1].end) if inside else parser.token.span
        raise parser.error("unknown norm", "no subscript, or F for the Frobenius norm", span)
    return inside[0].text


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
        parser.split_number()
        return number(parser)
    if parser.sees("letter"):
        return simple_letter(parser, parser.step())
    raise parser.error(f"unexpected {token_name(parser.token)}", "an argument in braces")

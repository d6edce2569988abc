r"""\frac: quotients, Leibniz fractions, and operators \frac{\partial}{\partial x}."""

from __future__ import annotations

from ...language.nodes import Derivative, Entry, Fraction, Letter, Node, Transpose
from ..tokens import Token
from .brackets import argument
from .calls import inside_bracket, listed_letters
from .core import Parser
from .lookup import known
from .scripts import script_tokens


def fraction(parser: Parser) -> Node:
    r"""A quotient, a Leibniz fraction, or an operator \frac{\partial}{\partial x} with its operand."""
    start, after = parser.step(), parser.at
    if not (parser.accept("{", "{") and differential(parser)):
        parser.at = after
        return quotient(parser, start)
    parser.step()
    order = _order(parser)
    numerator = None if parser.sees("}") else _numerator(parser)
    parser.expect("}", "}", "the end of the numerator")
    parser.expect("{", "{", r"a denominator in braces, {\partial x}")
    by = variables(parser)
    parser.expect("}", "}", r"\partial or }")
    if len(by) != order:
        raise parser.error(
            f"a derivative of order {order} by {len(by)} variables", "equally many", parser.place(start)
        )
    if numerator is None:
        if not parser.starts_factor():
            raise parser.error("an operator with nothing to its right", "a term to differentiate")
        _refuse_short_reach(parser)
        numerator = parser.term()
        parser.reached = parser.at
    else:
        _refuse_point_in_brackets(parser)
    return Derivative(numerator, tuple(by), span=parser.place(start))


def _refuse_point_in_brackets(parser: Parser) -> None:
    r"""A derivative before (x) or (0) is hardly meant as a factor."""
    inside = inside_bracket(parser) if parser.sees("open", "(") else []
    behind = parser.ahead(len(inside) + 2).text
    if behind not in ("_", "^") and (listed_letters(inside) or [t.kind for t in inside] == ["number"]):
        raise parser.error(
            "a derivative at a point?", r"\left. ... \right|_{x = ...}, or \cdot for a product"
        )


def _refuse_short_reach(parser: Parser) -> None:
    """An operator before a bracket and more: does it reach to the bracket or to the end of the term?"""
    closing = parser.groups.partner.get(parser.at) if parser.sees("open") else None
    if closing is None:
        return
    behind = parser.ahead(closing + 1 - parser.at)
    at, parser.at = parser.at, closing + 1
    goes_on = parser.starts_factor() and behind.text not in ("^", "_", "'")
    parser.at = at
    if goes_on:
        raise parser.error(
            "how far does the operator reach?", "brackets around all of its operand", behind.span
        )


def quotient(parser: Parser, start: Token) -> Node:
    """One expression by another."""
    numerator = argument(parser)
    if parser.sees("{") and (parser.ahead().text == r"\partial" or parser.ahead()[:2] == ("name", "d")):
        raise parser.error("a differential below, but none above", r"\partial in the numerator")
    return Fraction(numerator, argument(parser), span=parser.place(start))


def lone_partial(parser: Parser) -> Node:
    r"""\partial where nothing is differentiated."""
    raise parser.error(r"\partial outside of a fraction", r"\frac{\partial ...}{\partial ...}")


def differential(parser: Parser) -> bool:
    r"""At \partial or \mathrm{d}; in lenient mode also at a letter d that nothing is known of."""
    if parser.sees("command", r"\partial") or parser.sees("name", "d"):
        return True
    return (
        parser.scope.lenient
        and parser.sees("letter", "d")
        and not parser.token.bold
        and not known(parser, "d")
    )


def _order(parser: Parser) -> int:
    if not parser.accept("symbol", "^"):
        return 1
    inside = script_tokens(parser)
    if len(inside) != 1 or inside[0].kind != "number" or not 1 <= int(inside[0].text[:3]) <= 9:
        raise parser.error("the order of a derivative", "a number from 1 to 9")
    return int(inside[0].text)


def _numerator(parser: Parser) -> Node:
    """What a Leibniz fraction differentiates: one term, so that a sum needs its brackets."""
    if parser.scope.lenient:
        return parser.expression()
    start = parser.token
    node = None if parser.sees("symbol", "+", "-") else parser.term()
    if node is None or parser.sees("symbol", "+", "-"):
        span = start.span if node is None else (start.start, parser.token.end)
        raise parser.error("where does the differentiated expression end?", "brackets around the sum", span)
    return node


def variables(parser: Parser) -> list[Node]:
    """The differentials of a denominator, each variable as often as its order says."""
    by: list[Node] = []
    while differential(parser):
        parser.step()
        start = parser.token
        with parser.deeper():
            variable = parser.primary() if parser.starts_factor() else None
            if variable and parser.sees("symbol", "^") and _superscript_is_transpose(parser):
                variable = parser.rules.behind(parser, variable, start)
        if variable is None or not _is_variable(variable):
            raise parser.error(
                "this is not a variable", "a letter or an entry of a letter", parser.place(start)
            )
        by.extend([variable] * _order(parser))
    if not by:
        raise parser.error("a differential above, but none below", r"\partial in the denominator")
    return by


def _superscript_is_transpose(parser: Parser) -> bool:
    inner = parser.ahead(2) if parser.ahead().kind == "{" else parser.ahead()
    return inner.text == r"\top"


def _is_variable(node: Node) -> bool:
    if isinstance(node, Transpose):
        return isinstance(node.of, Letter)
    return isinstance(node, Letter) or (isinstance(node, Entry) and isinstance(node.of, Letter))

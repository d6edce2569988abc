r"""Operations with a name, tr, det, vec and their like, and \sqrt."""

from __future__ import annotations

from ...language.nodes import Apply, Call, Node
from ...language.operations import OPERATIONS, WORDS
from ...language.scope import own_operation
from ..cursor import CLOSING
from ..tokens import Token
from .brackets import argument, brackets
from .core import Parser


def named(parser: Parser) -> Node:
    """An operation of a bracket or of one factor."""
    token = parser.step()
    if token.text in _SPECIAL:
        return _SPECIAL[token.text](parser)
    own = parser.scope.definition(own_operation(token.text))
    if own is not None:
        arguments = _arguments(parser, token, len(own.parameters))
        return Apply(own_operation(token.text, token.span), arguments, span=parser.place(token))
    if token.text not in WORDS:
        known = ", ".join(row.words[0] for row in OPERATIONS.values() if row.words)
        expected = rf"{known}, or a definition, \operatorname{{{token.text}}}(...) := ..."
        raise parser.error(f"unknown operation {token.text!r}", expected, token.span)
    row = OPERATIONS[WORDS[token.text]]
    arguments = _arguments(parser, token, len(row.shape.arguments))
    return Call(row.name, arguments, span=parser.place(token))


def _arguments(parser: Parser, token: Token, count: int) -> tuple[Node, ...]:
    """What an operation is applied to: brackets, or one factor."""
    if parser.sees("symbol", "^", "_"):
        raise parser.error(f"a script on {token.text}", f"brackets: ({token.text}(...))^2", token.span)
    if parser.sees("open", "(", "[", r"\{"):
        return (brackets(parser),) if count == 1 else _listed(parser, token, count)
    if not parser.starts_factor() or count != 1:
        raise parser.error(f"{token.text} of what?", "an argument" if count == 1 else f"{count} arguments")
    of = parser.factor()
    if parser.starts_factor() and not parser.sees("command", r"\cdot", r"\odot", r"\otimes"):
        raise parser.error(f"where does the argument of {token.text} end?", "brackets around the argument")
    parser.reached = parser.at
    return (of,)


def _listed(parser: Parser, token: Token, count: int) -> tuple[Node, ...]:
    """Several arguments in brackets, with commas between them."""
    opening = parser.step()
    found = [parser.expression()]
    while parser.accept("symbol", ","):
        found.append(parser.expression())
    parser.expect("close", opening.text, f"{CLOSING[opening.text]} or a comma")
    if len(found) != count:
        raise parser.error(f"{len(found)} arguments of {token.text}", str(count), parser.place(token))
    return tuple(found)


def exponential(parser: Parser) -> Node:
    r"""\mathrm{e}^{...}, behind its e."""
    token = parser.tokens[parser.at - 1]
    if not parser.accept("symbol", "^"):
        raise parser.error("the letter e", r"\exp(...) or \mathrm{e}^{...}", token.span)
    return Call("exp", (argument(parser),), span=parser.place(token))


def lone_differential(parser: Parser) -> Node:
    r"""\mathrm{d} where nothing is differentiated."""
    token = parser.tokens[parser.at - 1]
    raise parser.error(
        r"\mathrm{d} outside of a fraction", r"\frac{\mathrm{d} ...}{\mathrm{d} ...}", token.span
    )


_SPECIAL = {"e": exponential, "d": lone_differential}


def root(parser: Parser) -> Node:
    r"""\sqrt{...}"""
    start = parser.step()
    if parser.sees("open", "["):
        raise parser.error("a root other than the square root", r"\sqrt{...}")
    return Call("sqrt", (argument(parser),), span=parser.place(start))

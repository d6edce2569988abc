r"""Operations with a name, tr, det, vec and their like, and \sqrt."""

from __future__ import annotations

from ...language.nodes import Call, Node
from ...language.operations import OPERATIONS, WORDS
from .brackets import argument, brackets
from .core import Parser


def named(parser: Parser) -> Node:
    """An operation of a bracket or of one factor."""
    token = parser.step()
    if token.text in _SPECIAL:
        return _SPECIAL[token.text](parser)
    if token.text not in WORDS:
        known = ", ".join(row.words[0] for row in OPERATIONS.values() if row.words)
        raise parser.error(f"unknown operation {token.text!r}", f"{known} or a declared letter", token.span)
    if parser.sees("symbol", "^", "_"):
        raise parser.error(f"a script on {token.text}", f"brackets: ({token.text}(...))^2", token.span)
    if parser.sees("open", "(", "[", r"\{"):
        return Call(WORDS[token.text], (brackets(parser),), span=parser.place(token))
    if not parser.starts_factor():
        raise parser.error(f"{token.text} of what?", "an argument")
    of = parser.factor()
    if parser.starts_factor() and not parser.sees("command", r"\cdot", r"\odot", r"\otimes"):
        raise parser.error(f"where does the argument of {token.text} end?", "brackets around the argument")
    parser.reached = parser.at
    return Call(WORDS[token.text], (of,), span=parser.place(token))


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

"""Digits, and what looks like a number but is none of this language."""

from __future__ import annotations

from ...language.nodes import Node, Number, Zero
from ..cursor import token_name
from ..tokens import Token
from .core import Parser

MAX_DIGITS = 18


def number(parser: Parser) -> Node:
    r"""Digits; bold ones mean \mathbf{0}."""
    return number_of(parser, parser.step())


def number_of(parser: Parser, token: Token) -> Node:
    """The node of digits that have been passed."""
    if token.bold:
        if token.text != "0":
            raise parser.error(rf"\mathbf{{{token.text}}} has no meaning here", r"\mathbf{0}", token.span)
        return Zero(span=token.span)
    if len(token.text) > MAX_DIGITS:
        raise parser.error(f"a number of {len(token.text)} digits", f"at most {MAX_DIGITS}", token.span)
    if len(token.text) > 1 and token.text[0] == "0":
        raise parser.error(f"the number {token.text}", "digits that begin with another one", token.span)
    return Number(int(token.text), span=token.span)


def words(parser: Parser) -> Node:
    """Words that stand in a formula like a factor."""
    raise parser.error(
        f"{token_name(parser.token)} within mathematics", r"\operatorname{...}, or \quad and words"
    )


def decimal(parser: Parser) -> Node:
    """Refused: 0.5 may be exact or rounded."""
    raise parser.error(f"the decimal number {parser.token.text}", r"a fraction, \frac{...}{...}")


def infinity(parser: Parser) -> Node:
    r"""\infty is no value."""
    raise parser.error(r"\infty outside of the bounds of a sum", "a finite value")

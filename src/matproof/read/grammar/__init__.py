r"""Tokens of one expression -> syntax tree: a hand-written recursive descent.

What LaTeX leaves open is settled as a reader would: juxtaposition is a product; a sum sign and an operator
$\frac{\partial}{\partial x}$ reach to the end of their term; a letter before a bracket is a function exactly
when it was declared as one. What could be read in two ways is refused, with its place and what was expected.

The parts are modules of one kind of notation each; `RULES` says which of them reads what.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...language.nodes import Node, ReadError, Span
from ...language.scope import Scope
from ..tokens import Token, tokenize
from . import brackets, derivatives, environments, letters, numbers, operators, products, scripts, sums
from .core import Parser, Rules

__all__ = ["MAX_TOKENS", "RULES", "parse", "parse_integer", "parse_tokens"]

MAX_TOKENS = 5_000  # of one side of an equation

RULES = Rules(
    kinds={
        "number": numbers.number,
        "decimal": numbers.decimal,
        "letter": letters.letter,
        "open": brackets.brackets,
        "bar": brackets.bar,
        "{": brackets.group,
        "begin": environments.environment,
        "name": operators.named,
        "text": numbers.words,
        "stuck": numbers.words,
    },
    commands={
        r"\frac": derivatives.fraction,
        r"\partial": derivatives.lone_partial,
        r"\sum": sums.sums,
        r"\sqrt": operators.root,
        r"\infty": numbers.infinity,
        r"\underbrace": brackets.brace_over,
        r"\overbrace": brackets.brace_over,
    },
    between={
        r"\cdot": products.plain,
        r"\times": products.plain,
        r"\odot": products.entrywise,
        r"\otimes": products.entrywise,
        "dots": products.dots,
    },
    behind=scripts.scripts,
)


def parse(latex: str, scope: Scope | None = None) -> Node:
    """The tree of one expression. Raises `ReadError`; spans count from the start of `latex`."""
    scope = scope or Scope()
    return parse_tokens(tokenize(latex, lenient=scope.lenient), scope, (len(latex), len(latex)))


def parse_tokens(tokens: Sequence[Token], scope: Scope, end: Span) -> Node:
    """The tree of the expression that all `tokens` make up; `end` is the place behind them, for messages."""
    if len(tokens) > MAX_TOKENS:
        raise ReadError(f"this expression has {len(tokens)} tokens", tokens[0].span, f"at most {MAX_TOKENS}")
    return Parser(tokens, scope, end, RULES).whole()


def parse_integer(tokens: Sequence[Token], scope: Scope, end: Span) -> Node:
    """An integer expression, in which any plain letter may stand for an index or a size."""
    parser = Parser(tokens, scope, end, RULES)
    parser.in_index = True
    return parser.whole()

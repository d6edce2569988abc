r"""A place in the tokens of one expression: what stands there, what comes next, how deep it is nested.

The grammar reads with this; it knows nothing of trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, wraps
from typing import TypeVar

from ..language.nodes import ReadError, Span
from .groups import Groups
from .tokens import Token

MAX_DEPTH = 60  # levels, three for a pair of brackets: far above any formula, far below Python's stack
PRINTED = {"(": "(", "[": "[", r"\{": r"\{", r"\|": r"\|", "|": "|", "<": r"\langle", ".": r"\left."}
CLOSING = {"(": ")", "[": "]", r"\{": r"\}", r"\|": r"\|", "|": "|", "<": r"\rangle", ".": r"\right|"}

Here = TypeVar("Here", bound="Cursor")
Result = TypeVar("Result")


def nested(rule: Callable[[Here], Result]) -> Callable[[Here], Result]:
    """A grammar rule that may stand within itself, to a limited depth."""

    @wraps(rule)
    def one_deeper(cursor: Here) -> Result:
        cursor.go_deeper()
        node = rule(cursor)
        cursor.depth -= 1
        return node

    return one_deeper


class Cursor:
    """Moves through the tokens of one expression; `end` is the place behind them, for messages."""

    def __init__(self, tokens: Sequence[Token], end: Span) -> None:
        self.tokens = list(tokens)
        self.end = Token("end of the formula", "", *end)
        self.at = self.depth = 0
        self.passed = 0  # end of the last token that was passed

    @cached_property
    def groups(self) -> Groups:
        """Which brackets belong together."""
        return Groups(self.tokens)

    @property
    def token(self) -> Token:
        """The token at this place; behind the last one, `end`."""
        return self.tokens[self.at] if self.at < len(self.tokens) else self.end

    def ahead(self, steps: int = 1) -> Token:
        """The token some steps further on."""
        return self.tokens[self.at + steps] if self.at + steps < len(self.tokens) else self.end

    def step(self) -> Token:
        """Pass a token and return it."""
        token = self.token
        self.at += 1
        self.passed = token.end
        return token

    def sees(self, kind: str, *texts: str) -> bool:
        """Whether a token of this kind stands here, with one of the texts if there are any."""
        token = self.token
        return token.kind == kind and (not texts or token.text in texts)

    def accept(self, kind: str, *texts: str) -> Token | None:
        """Pass the token if it is such a one."""
        return self.step() if self.sees(kind, *texts) else None

    def digit(self) -> Token:
        r"""Pass the first digit of a number: in \frac12 and x^12 it is all of the argument."""
        token = self.token
        if len(token.text) == 1:
            return self.step()
        self.passed = token.start + 1
        self.tokens[self.at] = token._replace(text=token.text[1:], start=self.passed)
        return token._replace(text=token.text[0], end=self.passed)

    def replace(self, start: int, end: int, tokens: Sequence[Token]) -> None:
        """Put other tokens in the place of some, and go back to the first of them."""
        self.tokens[start:end] = tokens
        self.at = start
        del self.groups

    def expect(self, kind: str, text: str, printed: str) -> Token:
        """Pass the token; raise `ReadError`, which asks for what is `printed`, if it is not such a one."""
        if not self.sees(kind, text):
            raise self.error(f"unexpected {token_name(self.token)}", printed)
        return self.step()

    def error(self, message: str, expected: str = "", span: Span | None = None) -> ReadError:
        """The error to raise: here, unless a span is given."""
        return ReadError(message, span or self.token.span, expected)

    def finish(self) -> None:
        """Raise `ReadError` unless all tokens have been passed."""
        if self.at < len(self.tokens):
            raise self.error(f"unexpected {token_name(self.token)}", "the end of the expression")

    def place(self, start: Token) -> Span:
        """From a token to the last one that has been passed."""
        return start.start, max(start.end, self.passed)

    @contextmanager
    def deeper(self, levels: int = 1) -> Iterator[None]:
        """Some levels deeper for a while."""
        self.go_deeper(levels)
        yield
        self.depth -= levels

    def go_deeper(self, levels: int = 1) -> None:
        """Count levels; raise `ReadError` beyond `MAX_DEPTH`."""
        self.depth += levels
        if self.depth > MAX_DEPTH:
            raise self.error("nested too deep", "a simpler formula")


def token_name(token: Token) -> str:
    """What to call a token in a message."""
    if token.kind == "close":
        return CLOSING[token.text]
    if token.kind == "open":
        return PRINTED[token.text]
    if token.kind in ("begin", "end"):
        return rf"\{token.kind}{{{token.text}}}"
    if token.kind == "relation":
        return f"relation {token.text}" if token.text != "other" else "relation"
    if token.text == "/":
        return r"/ (a quotient is written \frac{...}{...})"
    if token.kind == "end of the formula":
        return token.kind
    return f"text {token.text!r}" if token.kind in ("text", "stuck") else token.text or token.kind

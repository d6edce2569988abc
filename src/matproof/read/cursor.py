r"""A place in the tokens of one expression: what stands there, what comes next, how deep it is nested.

The grammar reads with this; it knows nothing of trees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TypeVar

from ..language.nodes import ReadError, Span
from .tokens import Token

MAX_DEPTH = 60  # levels, three for a pair of brackets: far above any formula, far below Python's stack
PRINTED = {"(": "(", "[": "[", r"\{": r"\{", r"\|": r"\|", "|": "|", "<": r"\langle", ".": r"\left."}
CLOSING = {"(": ")", "[": "]", r"\{": r"\}", r"\|": r"\|", "|": "|", "<": r"\rangle", ".": r"\right|"}

Rule = TypeVar("Rule", bound=Callable)


def nested(rule: Rule) -> Rule:
    """A grammar rule that may stand within itself, to a limited depth."""

    @wraps(rule)
    def one_deeper(cursor):
        cursor.go_deeper()
        node = rule(cursor)
        cursor.depth -= 1
        return node

    return one_deeper


class Cursor:
    """Moves through the tokens of one expression; `end` is the place behind them, for messages."""

    def __init__(self, tokens: Sequence[Token], end: Span) -> None:
        self.tokens = without_braces_over(list(tokens))
        self.end = Token("end of the formula", "", *end)
        self.at = self.depth = 0

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
        return token

    def sees(self, kind: str, *texts: str) -> bool:
        """Whether a token of this kind stands here, with one of the texts if there are any."""
        token = self.token
        return token.kind == kind and (not texts or token.text in texts)

    def accept(self, kind: str, *texts: str) -> Token | None:
        """Pass the token if it is such a one."""
        return self.step() if self.sees(kind, *texts) else None

    def split_number(self) -> None:
        r"""Leave of the number that stands here its first digit: of \frac12 each digit is an argument."""
        token = self.token
        if token.kind == "number" and len(token.text) > 1:
            cut = token.start + 1
            self.tokens[self.at : self.at + 1] = [
                token._replace(text=token.text[0], end=cut),
                token._replace(text=token.text[1:], start=cut),
            ]

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
        return start.start, max(start.end, self.tokens[self.at - 1].end if self.at else 0)

    @contextmanager
    def deeper(self, levels: int = 1):
        """Some levels deeper for a while."""
        self.go_deeper(levels)
        yield
        self.depth -= levels

    def go_deeper(self, levels: int = 1) -> None:
        """Count levels; raise `ReadError` beyond `MAX_DEPTH`."""
        self.depth += levels
        if self.depth > MAX_DEPTH:
            raise self.error("nested too deep", "a simpler formula")


def closing_place(tokens: Sequence[Token]) -> int:
    """Where the bracket that the tokens begin with is closed; -1 if it is not."""
    depth = 0
    for place, token in enumerate(tokens):
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if depth == 0:
            return place
    return -1


def without_braces_over(tokens: list[Token]) -> list[Token]:
    r"""Splice the contents of \underbrace{...}_{...} and \overbrace{...}^{...}; their labels say nothing.

    Raises `ReadError` for a relation in a label, a script on a brace, and a brace that is not closed.
    """
    while True:
        place = next((p for p, t in enumerate(tokens) if t.text in (r"\underbrace", r"\overbrace")), None)
        if place is None:
            return tokens
        inner, rest = _group_at(tokens, place + 1)
        if rest < len(tokens) and tokens[rest].text in ("_", "^"):
            label, rest = _group_at(tokens, rest + 1)
            if any(token.kind == "relation" for token in label):
                raise ReadError("a relation in the label of a brace", label[0].span, "words or a number")
        if rest < len(tokens) and tokens[rest].text in ("_", "^"):
            raise ReadError("a script on a brace", tokens[rest].span, "brackets")
        depth, is_sum = 0, False
        for token in inner:
            depth += {"open": 1, "{": 1, "begin": 1, "close": -1, "}": -1, "end": -1}.get(token.kind, 0)
            is_sum |= depth == 0 and token.kind == "symbol" and token.text in "+-"
        if is_sum:
            brace = tokens[place]
            inner = [brace._replace(kind="open", text="("), *inner, brace._replace(kind="close", text="(")]
        tokens = tokens[:place] + inner + tokens[rest:]


def _group_at(tokens: list[Token], place: int) -> tuple[list[Token], int]:
    """The tokens of the group (or the single token) at `place`, and the place behind it."""
    if place >= len(tokens):
        raise ReadError("a brace over nothing", tokens[-1].span, "a group in braces")
    if tokens[place].kind != "{":
        return [tokens[place]], place + 1
    depth = 0
    for at in range(place, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[at].kind, 0)
        if depth == 0:
            return tokens[place + 1 : at], at + 1
    raise ReadError("a brace that is not closed", tokens[place].span, "}")


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
    return f"text {token.text!r}" if token.kind == "text" else token.text or token.kind

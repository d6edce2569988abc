r"""The frame of the grammar: sums of terms, terms of factors, factors with scripts.

What a factor may begin with, what may stand between factors and what may stand behind one is not known here:
it is in the tables of `Rules`, one row for each notation. A part of the grammar is a module with the rules of
one kind of notation, each a function that takes the parser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ...language.nodes import Dots, Fraction, Negative, Node, Number, Product, Span, Sum
from ...language.scope import Scope
from ..cursor import Cursor, nested, token_name
from ..tokens import Token

Rule = Callable[["Parser"], Node]
Between = Callable[["Parser", list[Node]], None]
Behind = Callable[["Parser", Node, Token], Node]

_BEGINNERS = {"number", "decimal", "letter", "open", "{", "dots", "name", "begin", "bb", "text", "stuck"}
_BRACES_OVER = (r"\underbrace", r"\overbrace")
_NO_FACTOR = {"+", "-", ",", ";", ".", ":", "/", ""}


@dataclass(frozen=True)
class Rules:
    """What the grammar knows.

    kinds      kind of a token -> how to read what begins with it
    commands   the same by the command that it begins with
    between    command (or kind) between factors -> how to add what follows to the factors before it
    behind     reads the scripts of a factor, which starts at the token given
    """

    kinds: Mapping[str, Rule]
    commands: Mapping[str, Rule]
    between: Mapping[str, Between]
    behind: Behind


class Parser(Cursor):
    """Recursive descent over the tokens of one expression."""

    def __init__(self, tokens: Sequence[Token], scope: Scope, end: Span, rules: Rules) -> None:
        super().__init__(tokens, end)
        self.scope, self.rules = scope, rules
        self.in_index = False  # letters are indices, whatever their declaration
        self.bound: list[str] = []  # indices of the sums around this place
        self.bars: list[str] = []  # open bars, which look like closing ones
        self.reached = -1  # where the reach of the last sum, operator or unbracketed argument ended

    def inner(self, tokens: Sequence[Token], in_index: bool = False) -> Parser:
        """A parser for a superscript or subscript that has just been passed."""
        last = self.tokens[self.at - 1]
        end = last.start if last.kind == "}" else self.passed
        parser = Parser(tokens, self.scope, (end, end), self.rules)
        parser.depth, parser.bound, parser.in_index = self.depth, self.bound, in_index
        return parser

    def whole(self) -> Node:
        """All tokens as one expression."""
        node = self.expression()
        self.finish()
        return node

    @contextmanager
    def indexing(self) -> Iterator[None]:
        """Letters are indices for a while."""
        before, self.in_index = self.in_index, True
        yield
        self.in_index = before

    # ------------------------------------------------------------------------ sums and products

    @nested
    def expression(self) -> Node:
        """Terms with signs."""
        start = self.token
        terms = [self.signed_term(first=True)]
        while self.sees("symbol", "+", "-"):
            terms.append(self.signed_term())
        return terms[0] if len(terms) == 1 else Sum(tuple(terms), span=self.place(start))

    def signed_term(self, first: bool = False) -> Node:
        start = self.token
        sign = self.accept("symbol", "+", "-")
        if sign and sign.text == "+" and first and not self.scope.lenient:
            raise self.error("a plus sign without a left-hand side", "a term", sign.span)
        if sign and self.sees("symbol", "+", "-"):
            if not (self.scope.lenient and sign.text == self.token.text == "+"):
                raise self.error("two signs in a row", "a term")
            self.step()
        if sign and not first and (dots := self.accept("dots", "c")):
            node: Node = Dots(span=dots.span)
            if not self.sees("symbol", "+", "-"):
                raise self.error("a sum that ends in dots", "+ or - and the last term")
        else:
            node = self.term()
        return Negative(node, span=self.place(start)) if sign and sign.text == "-" else node

    @nested
    def term(self) -> Node:
        """Factors, up to the next sign or closing bracket."""
        start = self.token
        factors: list[Node] = []
        while self.starts_factor():
            self.next_factor(factors)
        if not factors:
            raise self.error(f"unexpected {token_name(self.token)}", "a term")
        if isinstance(factors[-1], Dots):
            raise self.error("a product that ends in dots", "the last factor")
        return factors[0] if len(factors) == 1 else Product(tuple(factors), span=self.place(start))

    def starts_factor(self) -> bool:
        """Whether what stands here goes on with a product."""
        token = self.token
        if token.kind == "bar":
            return not (self.bars and self.bars[-1] == token.text)
        if token.kind == "command":
            return token.text not in (r"\right", r"\middle")
        return token.kind in _BEGINNERS or (token.kind == "symbol" and token.text not in _NO_FACTOR)

    def next_factor(self, factors: list[Node]) -> None:
        """Read on and add to the factors; a sum or an operator takes all that follows."""
        token = self.token
        between = self.rules.between.get(token.text if token.kind == "command" else token.kind)
        if between is not None:
            between(self, factors)
            return
        joined = bool(factors) and self.tokens[self.at - 1].text not in self.rules.between
        if joined and self._number_begins():
            raise self.error("a number behind a factor", r"\cdot before it")
        factor = self.factor()
        if token.text in _BRACES_OVER and isinstance(factor, Product):
            factors.extend(
                factor.factors
            )  # as if the brace were not there: a long product is evaluated in pairs
        else:
            factors.append(factor)
        if joined and isinstance(factors[-2], Number) and _is_numeric(factors[-1]):
            raise self.error("a fraction behind a number", r"\cdot or + between them", factors[-1].span)

    def _number_begins(self) -> bool:
        """Whether digits are printed here, in braces or not."""
        steps = 0
        while self.ahead(steps).kind == "{":
            steps += 1
        return self.ahead(steps).kind == "number" and not self.ahead(steps).bold

    # ------------------------------------------------------------------------------------ factors

    @nested
    def factor(self) -> Node:
        """A primary with its superscripts and subscripts."""
        start = self.token
        return self.rules.behind(self, self.primary(), start)

    def primary(self) -> Node:
        """What a row of the tables reads."""
        token = self.token
        rows = self.rules.commands if token.kind == "command" else self.rules.kinds
        rule = rows.get(token.text if token.kind == "command" else token.kind)
        if rule is not None:
            return rule(self)
        raise self.error(f"unknown {token_name(token)}", "a letter, a number or an operation")


def _is_numeric(node: Node) -> bool:
    """Whether this is printed like the second half of a mixed number, as in two and a half."""
    return (
        isinstance(node, Fraction)
        and isinstance(node.numerator, Number)
        and isinstance(node.denominator, Number)
    )

r"""Tokens of one expression -> syntax tree: a hand-written recursive descent.

What LaTeX leaves open is settled as a reader would: juxtaposition is a product; a sum sign and an operator
$\frac{\partial}{\partial x}$ reach to the end of their term; a letter before a bracket is a function exactly
when it was declared as one. What could be read in two ways is refused, with its place and what was expected.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager

from ..language.nodes import (
    Abs,
    Adj,
    Apply,
    AtPoint,
    BoundedSum,
    Cases,
    Condition,
    Delta,
    Derivative,
    Det,
    Diag,
    Dots,
    DottedSums,
    Entry,
    Exp,
    ExplicitMatrix,
    Fraction,
    Hadamard,
    Identity,
    Indexed,
    Infinity,
    Inverse,
    Kronecker,
    Letter,
    Log,
    Negative,
    Node,
    Norm,
    Number,
    Power,
    Product,
    ReadError,
    SingleEntry,
    Span,
    Sqrt,
    Sum,
    Trace,
    Transpose,
    Vec,
    Zero,
    walk,
)
from ..language.scope import Scope
from .cursor import CLOSING, PRINTED, Cursor, closing_place, nested, token_name
from .tokens import Token, tokenize

MAX_TOKENS = 5_000  # of one side of an equation
MAX_DIGITS = 18
MAX_PRIMES = 3

_FUNCTIONS = {"tr": Trace, "det": Det, "adj": Adj, "vec": Vec, "diag": Diag, "exp": Exp, "log": Log}
_MATRICES = {"matrix", "pmatrix", "bmatrix"}
_INTEGER_RELATIONS = {"=", "!=", "<=", "<", ">=", ">"}
_SCRIPTS = {"^": "superscript", "_": "subscript"}


def parse(latex: str, scope: Scope | None = None) -> Node:
    """The tree of one expression. Raises `ReadError`; spans count from the start of `latex`."""
    scope = scope or Scope()
    return parse_tokens(tokenize(latex, lenient=scope.lenient), scope, (len(latex), len(latex)))


def parse_tokens(tokens: Sequence[Token], scope: Scope, end: Span) -> Node:
    """The tree of the expression that all `tokens` make up; `end` is the place behind them, for messages."""
    if len(tokens) > MAX_TOKENS:
        raise ReadError(f"this expression has {len(tokens)} tokens", tokens[0].span, f"at most {MAX_TOKENS}")
    return Parser(tokens, scope, end).whole()


def parse_integer(tokens: Sequence[Token], scope: Scope, end: Span) -> Node:
    """An integer expression, in which any plain letter may stand for an index or a size."""
    parser = Parser(tokens, scope, end)
    parser.in_index = True
    return parser.whole()


class Parser(Cursor):
    """Recursive descent over the tokens of one expression."""

    def __init__(self, tokens: Sequence[Token], scope: Scope, end: Span) -> None:
        super().__init__(tokens, end)
        self.scope = scope
        self.in_index = False  # letters are indices, whatever their declaration
        self.bound: list[str] = []  # indices of the sums around this place
        self.bars: list[str] = []  # open bars, which look like closing ones

    def inner(self, tokens: Sequence[Token], in_index: bool = False) -> Parser:
        """A parser for a superscript or subscript that has just been passed."""
        end = (
            self.tokens[self.at - 1].start
            if self.tokens[self.at - 1].kind == "}"
            else self.tokens[self.at - 1].end
        )
        parser = Parser(tokens, self.scope, (end, end))
        parser.depth, parser.bound, parser.in_index = self.depth, self.bound, in_index
        return parser

    def whole(self) -> Node:
        """All tokens as one expression."""
        node = self.expression()
        self.finish()
        return node

    @contextmanager
    def indexing(self, on: bool = True):
        before, self.in_index = self.in_index, on
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
        start, factors = self.token, []
        while self.starts_factor():
            self.next_factor(factors)
        if not factors:
            raise self.error(f"unexpected {token_name(self.token)}", "a term")
        if isinstance(factors[-1], Dots):
            raise self.error("a product that ends in dots", "the last factor")
        return factors[0] if len(factors) == 1 else Product(tuple(factors), span=self.place(start))

    def starts_factor(self) -> bool:
        token = self.token
        if token.kind == "bar":
            return not (self.bars and self.bars[-1] == token.text)
        if token.kind == "command":
            return token.text not in (r"\right", r"\middle")
        return token.kind in (
            "number",
            "decimal",
            "letter",
            "open",
            "{",
            "dots",
            "name",
            "begin",
            "bb",
            "text",
        ) or (token.kind == "symbol" and token.text not in ("+", "-", ",", ";", ".", ":", "/", ""))

    def next_factor(self, factors: list[Node]) -> None:
        """Read on and add to the factors; a sum or an operator takes all that follows."""
        if self.sees("command", r"\odot", r"\otimes"):
            self.entrywise(factors)
        elif self.sees("command", r"\cdot", r"\times"):
            sign = self.step()
            if not factors or not self.starts_factor() or self.sees("command", r"\cdot", r"\times"):
                raise self.error(f"{sign.text} between what?", "a factor on each side", sign.span)
        elif self.sees("dots"):
            dots = self.step()
            if dots.text != "c" or not factors:
                raise self.error("dots outside of a chain", "factors on both sides", dots.span)
            factors.append(Dots(span=dots.span))
        else:
            joined = factors and self.tokens[self.at - 1].text not in (r"\cdot", r"\times")
            if joined and self.sees("number") and not self.token.bold:
                raise self.error("a number behind a factor", r"\cdot before it")
            factors.append(self.factor())

    def entrywise(self, factors: list[Node]) -> None:
        """Hadamard or Kronecker product of single factors; numbers and scalars may stand before it."""
        sign = self.token
        if not factors:
            raise self.error(f"{sign.text} without a left-hand side", "a factor")
        if not all(_plain_scalar(factor) for factor in factors[:-1]):
            raise self.error(f"a product mixed with {sign.text}", "brackets that say which comes first")
        parts = [factors.pop()]
        while self.accept("command", sign.text):
            if not self.starts_factor():
                raise self.error(f"{sign.text} without a right-hand side", "a factor")
            parts.append(self.factor())
        if self.starts_factor():
            raise self.error(f"a product mixed with {sign.text}", "brackets that say which comes first")
        span = (parts[0].span[0], self.tokens[self.at - 1].end)
        factors.append((Hadamard if sign.text == r"\odot" else Kronecker)(tuple(parts), span=span))

    # ------------------------------------------------------------------------------------ factors

    @nested
    def factor(self) -> Node:
        """A primary with its superscripts and subscripts."""
        start = self.token
        node = self.primary()
        return self.scripts(node, start)

    def primary(self) -> Node:
        token = self.token
        reader = _COMMANDS.get(token.text) if token.kind == "command" else _PRIMARIES.get(token.kind)
        if reader is not None:
            return reader(self)
        if token.kind == "decimal":
            raise self.error(f"the decimal number {token.text}", r"a fraction, \frac{...}{...}")
        if token.text == r"\partial":
            raise self.error(r"\partial outside of a fraction", r"\frac{\partial ...}{\partial ...}")
        raise self.error(f"unknown {token_name(token)}", "a letter, a number or an operation")

    def number(self) -> Node:
        token = self.step()
        if token.bold:
            if token.text != "0":
                raise self.error(rf"\mathbf{{{token.text}}} has no meaning here", r"\mathbf{0}", token.span)
            return Zero(span=token.span)
        if len(token.text) > MAX_DIGITS:
            raise self.error(f"a number of {len(token.text)} digits", f"at most {MAX_DIGITS}", token.span)
        return Number(int(token.text), span=token.span)

    def infinity(self) -> Node:
        token = self.step()
        raise self.error(r"\infty outside of the bounds of a sum", "a finite value", token.span)

    def group(self) -> Node:
        """Invisible braces: what is inside must hold together without them."""
        brace = self.step()
        node = self.expression()
        self.expect("}", "}", "}")
        if isinstance(node, Sum | Negative):
            raise self.error("braces are not printed", "round brackets around this sum", self.place(brace))
        if isinstance(node, Product) and (self.sees("symbol", "^", "_", "'")):
            raise self.error(
                "braces are not printed", "round brackets around this product", self.place(brace)
            )
        return node

    def brackets(self) -> Node:
        if self.token.text == ".":
            return self.point()
        opening = self.step()
        if opening.text in ("<", "|", r"\|"):
            return self.between_bars(opening)
        node = self.expression()
        self.expect("close", opening.text, f"{CLOSING[opening.text]} to match {PRINTED[opening.text]}")
        return node

    def bar(self) -> Node:
        return self.between_bars(self.step())

    def between_bars(self, opening: Token) -> Node:
        """Norm or absolute value."""
        if opening.text == "<":
            raise self.error(r"unknown bracket \langle", "a product such as a^T b", opening.span)
        self.bars.append(opening.text if opening.kind == "bar" else "")
        node = self.expression()
        self.bars.pop()
        if not self.accept("bar" if opening.kind == "bar" else "close", opening.text):
            raise self.error(
                f"unexpected {token_name(self.token)}", f"{opening.text} to close the one before"
            )
        if opening.text == "|":
            return Abs(node, span=self.place(opening))
        return Norm(node, self.norm_kind(), span=self.place(opening))

    def norm_kind(self) -> str:
        """The Euclidean norm has no subscript, the Frobenius norm an F."""
        if not self.accept("symbol", "_"):
            return "2"
        inside = self.script_tokens()
        if [token.text for token in inside] not in (["F"], ["2"]):
            span = (inside[0].start, inside[-1].end) if inside else self.token.span
            raise self.error("unknown norm", "no subscript, or F for the Frobenius norm", span)
        return inside[0].text

    def point(self) -> Node:
        r"""\left. ... \right|_{x = 1, y = 0}"""
        opening = self.step()
        node = self.expression()
        self.expect("close", ".", r"\right|")
        if not (self.accept("symbol", "_") and self.accept("{", "{")):
            raise self.error("a value at a point without the point", r"a subscript such as _{x = 1}")
        pairs = [self.assignment()]
        while self.accept("symbol", ","):
            pairs.append(self.assignment())
        self.expect("}", "}", "}")
        return AtPoint(node, tuple(pairs), span=self.place(opening))

    def assignment(self) -> tuple[Letter, Node]:
        start = self.token
        letter = self.factor()
        if not isinstance(letter, Letter) or not self.accept("relation", "="):
            raise self.error("the point of a value at a point", "letter = value", self.place(start))
        return letter, self.expression()

    def root(self) -> Node:
        start = self.step()
        if self.sees("open", "["):
            raise self.error("a root other than the square root", r"\sqrt{...}")
        return Sqrt(self.argument(), span=self.place(start))

    def argument(self) -> Node:
        r"""The argument of \frac or \sqrt: a group, or one digit or letter."""
        if self.accept("{", "{"):
            node = self.expression()
            self.expect("}", "}", "}")
            return node
        if self.sees("number") and len(self.token.text) > 1:
            self.split_digit()
        if self.sees("number") or self.sees("letter"):
            return self.number() if self.sees("number") else self.simple_letter(self.step())
        raise self.error(f"unexpected {token_name(self.token)}", "an argument in braces")

    def split_digit(self) -> None:
        r"""Of \frac12 each digit is an argument."""
        token = self.token
        first = token._replace(text=token.text[0], end=token.start + 1)
        self.tokens[self.at : self.at + 1] = [
            first,
            token._replace(text=token.text[1:], start=token.start + 1),
        ]

    # ----------------------------------------------------------------------------- named operations

    def named(self) -> Node:
        token = self.step()
        if token.text == "e":
            return self.exponential(token)
        if token.text == "d":
            raise self.error(
                r"\mathrm{d} outside of a fraction", r"\frac{\mathrm{d} ...}{\mathrm{d} ...}", token.span
            )
        if token.text not in _FUNCTIONS:
            raise self.error(
                f"unknown operation {token.text!r}",
                "tr, det, adj, vec, diag, exp, log or a declared letter",
                token.span,
            )
        if self.sees("symbol", "^", "_"):
            raise self.error(f"a script on {token.text}", f"brackets: ({token.text}(...))^2", token.span)
        if self.sees("open") and self.token.text in ("(", "[", r"\{"):
            return _FUNCTIONS[token.text](self.brackets(), span=self.place(token))
        if not self.starts_factor():
            raise self.error(f"{token.text} of what?", "an argument")
        argument = self.factor()
        if self.starts_factor() and not self.sees("command", r"\cdot", r"\odot", r"\otimes"):
            raise self.error(f"where does the argument of {token.text} end?", "brackets around the argument")
        return _FUNCTIONS[token.text](argument, span=self.place(token))

    def exponential(self, token: Token) -> Node:
        if not self.accept("symbol", "^"):
            raise self.error("the letter e", r"\exp(...) or \mathrm{e}^{...}", token.span)
        return Exp(self.argument(), span=self.place(token))

    def environment(self) -> Node:
        start = self.step()
        if start.text in _MATRICES:
            return self.matrix(start)
        if start.text == "cases":
            return self.cases(start)
        raise self.error(f"unknown environment {start.text!r}", "pmatrix or cases", start.span)

    def rows(self, start: Token, cell: Callable[[], Node | None]) -> tuple[tuple, ...]:
        r"""Cells between & and \\ up to the matching \end."""
        rows, row = [], [cell()]
        while not self.sees("end"):
            if self.accept("&"):
                row.append(cell())
            elif self.accept("row"):
                rows.append(tuple(row))
                row = [] if self.sees("end") else [cell()]
            else:
                raise self.error(f"unexpected {token_name(self.token)}", r"&, \\ or the end of the matrix")
        if row:
            rows.append(tuple(row))
        self.expect("end", start.text, rf"\end{{{start.text}}}")
        return tuple(rows)

    def matrix(self, start: Token) -> Node:
        rows = self.rows(start, self.cell)
        whole = [row for row in rows if row != (Dots("v"),)]
        if len({len(row) for row in whole}) != 1:
            raise self.error("rows of different length", "equally many cells in each row", self.place(start))
        return ExplicitMatrix(rows, span=self.place(start))

    def cell(self) -> Node:
        dots = self.accept("dots")
        return Dots(dots.text, span=dots.span) if dots else self.expression()

    def cases(self, start: Token) -> Node:
        r"""value & condition \\ ... \\ value & \text{otherwise}"""
        branches: list[tuple[Node, Condition | None]] = []
        while not self.sees("end"):
            value = self.expression()
            self.accept("symbol", ",")
            self.expect("&", "&", "& and the condition")
            if branches and branches[-1][1] is None:
                raise self.error('a case after "otherwise"', r"\end{cases}", value.span)
            branches.append((value, self.condition()))
            self.accept("symbol", ",", ".", ";")
            if not self.accept("row"):
                break
        self.expect("end", "cases", r"\\ or \end{cases}")
        if not branches:
            raise self.error("no cases", "value & condition", self.place(start))
        return Cases(tuple(branches), span=self.place(start))

    def condition(self) -> Condition | None:
        """A relation between integers, in brackets or not; None for "otherwise"."""
        text = self.accept("text")
        if text and text.text.strip(" .,") in ("otherwise", "else"):
            return None
        if text and text.text.strip() not in ("if", "for", "when"):
            raise self.error(f"unknown condition {text.text!r}", "a relation, or otherwise", text.span)
        start, bracket = self.token, self.accept("open", "(")
        with self.indexing():
            left, relation = self.expression(), self.step()
            if relation.kind != "relation" or relation.text not in _INTEGER_RELATIONS:
                raise self.error("a case without its condition", "a relation such as i = j", relation.span)
            node = Condition(left, relation.text, self.expression(), span=self.place(start))
        if bracket:
            self.expect("close", "(", ")")
        return node

    # -------------------------------------------------------------------------------- sums

    def sums(self) -> Node:
        r"""One or more sum signs in a row, with or without dots between them, and their body."""
        start, heads, bound = self.token, [], self.bound
        while self.sees("command", r"\sum") or (self.sees("dots", "c") and self.ahead().text == r"\sum"):
            if dots := self.accept("dots", "c"):
                heads.append(Dots(span=dots.span))
            else:
                heads.extend(self.sum_head())
                self.bound = self.bound + [head[0].name for head in heads[-1:] if not isinstance(head, Dots)]
        with self.deeper(len(heads)):
            body = self.term()
        self.bound = bound
        return self.fold_sums(heads, body, self.place(start))

    def sum_head(self) -> list[tuple]:
        """(index, lower, upper) of one sum sign; in lenient mode there may be several indices."""
        sign = self.step()
        if not self.accept("symbol", "_"):
            raise self.error("a sum without its index", "a subscript such as _{k}", sign.span)
        braced = self.accept("{", "{")
        indices = [self.sum_index()]
        while self.scope.lenient and self.accept("symbol", ","):
            dots = self.accept("dots", "c")
            indices.append(Dots(span=dots.span) if dots else self.sum_index())
        lower = upper = None
        if braced:
            if self.accept("relation", "="):
                lower = self.expression()
            self.expect("}", "}", "= and the lower bound, or } (one index a sum sign)")
        if self.accept("symbol", "^"):
            upper = self.upper_bound()
        if (lower is None) != (upper is None):
            raise self.error("a sum with one bound", "both bounds or none", self.place(sign))
        return [index if isinstance(index, Dots) else (index, lower, upper, sign) for index in indices]

    def sum_index(self) -> Node:
        start = self.token
        with self.indexing():
            index = self.factor() if self.starts_factor() else None
        if not isinstance(index, Letter | Indexed) or (isinstance(index, Letter) and index.bold):
            raise self.error("the index of a sum", "a letter", self.place(start))
        declared = self.scope.declaration(index) if isinstance(index, Letter) else None
        taken = declared and declared.kind in ("scalar", "integer")
        if (taken or index in self.scope.sizes) and not self.scope.lenient:
            kind = declared.kind if taken else "size"
            raise self.error(
                f"{index.name} is a {kind} here".replace("a i", "an i"), "another index", index.span
            )
        return index

    def upper_bound(self) -> Node:
        inside = self.script_tokens()
        if len(inside) == 1 and inside[0].text == r"\infty":
            return Infinity(span=inside[0].span)
        return self.inner(inside).whole()

    def fold_sums(self, heads: list, body: Node, span: Span) -> Node:
        """Nest the sums, the last one innermost."""
        while heads:
            head = heads.pop()
            if isinstance(head, Dots):
                raise self.error("dots between sums over what?", r"\sum_{u_1} \cdots \sum_{u_n}", head.span)
            index, lower, upper, sign = head
            if heads and isinstance(heads[-1], Dots):
                heads.pop()
                body = self.dotted(heads, index, (lower, upper), body, (sign.start, span[1]))
            else:
                body = BoundedSum(index, lower, upper, body, span=(sign.start, span[1]))
        return body

    def dotted(self, heads: list, last: Node, bounds: tuple, body: Node, span: Span) -> Node:
        r"""\sum_{u_1} \sum_{u_2} \cdots \sum_{u_{n-1}}: take the members of the family off the heads."""
        first: list[Node] = []
        while heads and not isinstance(heads[-1], Dots) and _same_family(heads[-1][0], last):
            index, *more_bounds, sign = heads.pop()
            bounds, span = (*bounds, *more_bounds), (sign.start, span[1])
            first.insert(0, index)
        if not first or any(bound is not None for bound in bounds):
            raise self.error("dots between sums over what?", r"\sum_{u_1} \cdots \sum_{u_n}", last.span)
        return DottedSums(tuple(first), last, body, span=span)

    # ------------------------------------------------------------------- fractions and derivatives

    def fraction(self) -> Node:
        r"""A quotient, a Leibniz fraction, or an operator \frac{\partial}{\partial x} with its operand."""
        start, after = self.step(), self.at
        if not (self.accept("{", "{") and self.differential()):
            self.at = after
            return self.quotient(start)
        self.step()
        order = self.order()
        numerator = None
        if not self.sees("}"):
            numerator = self.numerator()
        self.expect("}", "}", "the end of the numerator")
        if not self.accept("{", "{"):
            raise self.error(f"unexpected {token_name(self.token)}", r"a denominator in braces, {\partial x}")
        by = self.variables()
        self.expect("}", "}", r"\partial or }")
        if len(by) != order:
            raise self.error(
                f"a derivative of order {order} by {len(by)} variables", "equally many", self.place(start)
            )
        if numerator is None:
            if not self.starts_factor():
                raise self.error("an operator with nothing to its right", "a term to differentiate")
            numerator = self.term()
        else:
            self.refuse_point_in_brackets()
        return Derivative(numerator, tuple(by), span=self.place(start))

    def refuse_point_in_brackets(self) -> None:
        r"""A derivative before (x) or (0) is hardly meant as a factor."""
        inside = self.inside_bracket() if self.sees("open", "(") else []
        behind = self.ahead(len(inside) + 2).text
        if behind not in ("_", "^") and (_listed_letters(inside) or [t.kind for t in inside] == ["number"]):
            raise self.error(
                "a derivative at a point?", r"\left. ... \right|_{x = ...}, or \cdot for a product"
            )

    def quotient(self, start: Token) -> Node:
        numerator = self.argument()
        if self.sees("{") and (self.ahead().text == r"\partial" or self.ahead()[:2] == ("name", "d")):
            raise self.error("a differential below, but none above", r"\partial in the numerator")
        return Fraction(numerator, self.argument(), span=self.place(start))

    def differential(self) -> bool:
        r"""At \partial or \mathrm{d}; in lenient mode also at a letter d that stands before a letter or }."""
        if self.sees("command", r"\partial") or self.sees("name", "d"):
            return True
        return self.scope.lenient and self.sees("letter", "d") and not self.token.bold and not self.known("d")

    def order(self) -> int:
        if not self.accept("symbol", "^"):
            return 1
        inside = self.script_tokens()
        if len(inside) != 1 or inside[0].kind != "number" or not 1 <= int(inside[0].text[:3]) <= 9:
            raise self.error("the order of a derivative", "a number from 1 to 9")
        return int(inside[0].text)

    def numerator(self) -> Node:
        """What a Leibniz fraction differentiates: one term, so that a sum needs its brackets."""
        if self.scope.lenient:
            return self.expression()
        start = self.token
        node = None if self.sees("symbol", "+", "-") else self.term()
        if node is None or self.sees("symbol", "+", "-"):
            span = start.span if node is None else (start.start, self.token.end)
            raise self.error("where does the differentiated expression end?", "brackets around the sum", span)
        return node

    def variables(self) -> list[Node]:
        """The differentials of a denominator, each variable as often as its order says."""
        by: list[Node] = []
        while self.differential():
            self.step()
            start = self.token
            with self.deeper():
                variable = self.primary() if self.starts_factor() else None
                if self.sees("symbol", "^") and self.superscript_is_transpose():
                    variable = self.scripts(variable, start)
            if not _is_variable(variable):
                raise self.error(
                    "this is not a variable", "a letter or an entry of a letter", self.place(start)
                )
            by.extend([variable] * self.order())
        if not by:
            raise self.error("a differential above, but none below", r"\partial in the denominator")
        return by

    def superscript_is_transpose(self) -> bool:
        inner = self.ahead(2) if self.ahead().kind == "{" else self.ahead()
        return inner.text == r"\top"

    # ------------------------------------------------------------------------------ scripts

    def scripts(self, node: Node, start: Token) -> Node:
        """Superscripts and subscripts behind a primary."""
        written: set[str] = set()
        while self.sees("symbol", "^", "_", "'"):
            if self.token.text == "'":
                node = self.primed(node, start)
                continue
            kind = self.token.text
            if kind in written:
                raise self.error(
                    f"two {_SCRIPTS[kind]}s", f"brackets around what has the first {_SCRIPTS[kind]}"
                )
            if kind == "_" and written:
                raise self.error(
                    "a subscript after a superscript", "brackets, (...^{...})_{...} or (..._{...})^{...}"
                )
            written.add(kind)
            node = self.power(node, start) if kind == "^" else self.entry_of(node, start)
        return node

    def primed(self, node: Node, start: Token) -> Node:
        """(x^2)' in lenient mode, where only one letter can be meant."""
        prime = self.step()
        if isinstance(node, Derivative):
            raise self.error("a second prime", r"\frac{\mathrm{d}^2}{\mathrm{d}x^2}", prime.span)
        letters = {part for part in walk(node) if isinstance(part, Letter) and not part.bold}
        if not self.scope.lenient or len(letters) != 1:
            raise self.error("a prime on an expression", r"\frac{\mathrm{d}}{\mathrm{d}x}", prime.span)
        return Derivative(node, (letters.pop(),), span=self.place(start))

    def power(self, base: Node, start: Token) -> Node:
        hat = self.step()
        inside = self.script_tokens()
        texts = [token.text for token in inside]
        if texts == [r"\top"] or (texts == ["T"] and self.scope.lenient):
            return Transpose(base, span=self.place(start))
        if texts == ["-", r"\top"]:
            inverse = Inverse(base, span=self.place(start))
            return Transpose(inverse, span=self.place(start))
        if texts == ["-", "1"]:
            return Inverse(base, span=self.place(start))
        if texts and texts[0] == r"\prime":
            raise self.error(r"a superscript \prime", "a function with a prime, g'(x)", inside[0].span)
        if texts == ["T"] and not self.known("T"):
            raise self.error("the exponent T is not declared", r"\top for a transpose", inside[0].span)
        if not inside:
            raise self.error("an empty superscript", "an exponent", hat.span)
        if inside[0].kind == "open" and closing_place(inside) == len(inside) - 1:
            span = (inside[0].start, inside[-1].end)
            raise self.error("a superscript in brackets", "an exponent without them, or a letter", span)
        return Power(base, self.inner(inside).whole(), span=self.place(start))

    def known(self, name: str) -> bool:
        letter = Letter(name)
        return self.scope.knows(letter) or name in self.bound

    def script_tokens(self) -> list[Token]:
        """The tokens of a group, or the one next token."""
        if not self.accept("{", "{"):
            if self.token is self.end or self.token.kind in ("}", "close", "&", "row"):
                raise self.error(f"unexpected {token_name(self.token)}", "a superscript or subscript")
            return [self.step()]
        first, depth = self.at, 1
        while depth:
            if self.token is self.end:
                raise self.error("a brace that is not closed", "}", self.tokens[first - 1].span)
            depth += {"{": 1, "}": -1}.get(self.step().kind, 0)
        return self.tokens[first : self.at - 1]

    def indices(self) -> tuple[Node, ...]:
        """A subscript: indices in a row, or separated by commas, or one integer expression."""
        sign = self.step()
        inside = self.script_tokens()
        found = self.inner(inside, in_index=True).index_list()
        if not found:
            raise self.error("an empty subscript", "indices", sign.span)
        if len(found) > 2:
            span = (inside[0].start, inside[-1].end)
            raise self.error(f"{len(found)} indices", "one index for a vector, two for a matrix", span)
        return found

    def index_list(self) -> tuple[Node, ...]:
        depth, level = 0, []
        for token in self.tokens:
            depth -= token.kind in ("close", "}")
            level.append(token.text if depth == 0 else "")
            depth += token.kind in ("open", "{")
        if "," in level:
            found = [self.expression()]
            while self.accept("symbol", ","):
                found.append(self.expression())
        elif "+" in level or "-" in level:
            found = [self.expression()]
        else:
            found = []
            while self.at < len(self.tokens):
                found.extend(self.digits() if self.sees("number") else [self.factor()])
        self.finish()
        return tuple(found)

    def digits(self) -> list[Node]:
        token = self.step()
        return [
            Number(int(digit), span=(token.start + place, token.start + place + 1))
            for place, digit in enumerate(token.text)
        ]

    def entry_of(self, node: Node, start: Token) -> Node:
        """Entry of a bracketed expression, of a function's value or of a bold capital."""
        bracketed = self.tokens[self.at - 1].kind in ("close", "end")
        sign = self.token
        indices = self.indices()
        if isinstance(node, Letter) and node.bold and not bracketed and len(indices) != 2:
            raise self.error(
                f"a subscript on {_shown(node)}", "an entry such as x_{ij}, or a letter", sign.span
            )
        if not bracketed and not isinstance(node, Letter):
            raise self.error("a subscript on an expression", "brackets around it", sign.span)
        return Entry(node, indices, span=self.place(start))

    # ------------------------------------------------------------------------------- letters

    def letter(self) -> Node:
        """A letter with what belongs to it: indices, primes, arguments."""
        token = self.token
        if self.in_index:
            return self.index_letter()
        if token.text == r"\delta" and self.ahead().text == "_":
            return self.delta()
        if token.bold and token.text in "IJ" and not self.known_letter(token):
            special = self.identity() if token.text == "I" else self.single_entry()
            if special is not None:
                return special
        self.step()
        if not token.bold and self.sees("symbol", "_"):
            return self.entry_by_letter(token)
        primes = self.primes()
        letter = Letter(token.text, token.bold, span=token.span)
        if self.scope.knows(letter) and self.calls(letter, primes):
            return self.application(token, letter, primes)
        return self.derived(token, primes) if primes else self.simple_letter(token)

    def known_letter(self, token: Token) -> bool:
        letter = Letter(token.text, token.bold)
        declared = self.scope.declaration(letter)
        return bool(self.scope.definition(letter) or (declared and declared.kind != "single-entry"))

    def simple_letter(self, token: Token) -> Letter:
        """A letter that stands for a value: declared, a size, or the index of a sum around it."""
        letter = Letter(token.text, token.bold, span=token.span)
        declared = self.scope.declaration(letter)
        if declared and declared.kind in ("sequence", "single-entry"):
            raise self.error(
                f"{_shown(letter)} without its index", f"{_shown(letter)} with indices", token.span
            )
        if not (
            self.scope.lenient or self.scope.knows(letter) or (letter.name in self.bound and not letter.bold)
        ):
            raise self.error(f"{_shown(letter)} is not declared", _declaration_of(letter), token.span)
        return letter

    def index_letter(self) -> Node:
        token = self.step()
        if token.bold:
            raise self.error(f"{_shown(Letter(token.text, True))} as an index", "a plain letter", token.span)
        if not self.accept("symbol", "_"):
            return Letter(token.text, span=token.span)
        inside = self.script_tokens()
        return Indexed(token.text, self.inner(inside, in_index=True).whole(), span=self.place(token))

    def delta(self) -> Node:
        token = self.step()
        indices = self.indices()
        if len(indices) != 2:
            raise self.error("a Kronecker delta with one index", "two indices", self.place(token))
        return Delta(*indices, span=self.place(token))

    def identity(self) -> Node:
        token = self.step()
        if not self.sees("symbol", "_"):
            return Identity(span=token.span)
        self.step()
        size = self.inner(self.script_tokens(), in_index=True).whole()
        return Identity(size, span=self.place(token))

    def single_entry(self) -> Node | None:
        r"""\mathbf{J}^{ij}, or None if this J has no such superscript."""
        token = self.token
        if self.ahead().text != "^":
            return None
        self.step()
        indices = self.indices()
        if len(indices) != 2:
            raise self.error(
                "a single-entry matrix with one index", r"two indices, \mathbf{J}^{ij}", self.place(token)
            )
        return SingleEntry(*indices, span=self.place(token))

    def entry_by_letter(self, token: Token) -> Node:
        r"""x_{ij} of \mathbf{X}, x_i of \mathbf{x}, f_i(x) of \mathbf{f}(x), c_n of a sequence."""
        indices = self.indices()
        owner = self.owner(token, len(indices), self.place(token))
        if self.calls(owner):
            return Entry(self.application(token, owner, 0), indices, span=self.place(token))
        return Entry(owner, indices, span=self.place(token))

    def owner(self, token: Token, count: int, span: Span) -> Letter:
        """The letter whose entries are written with this small letter."""
        name = token.text
        capital = name.capitalize() if not name.startswith("\\") else "\\" + name[1:].capitalize()
        owners = (
            [Letter(capital, True), Letter(capital)] if count == 2 else [Letter(name, True), Letter(name)]
        )
        if self.scope.lenient:
            owners.append(Letter(name))
        for letter in owners:
            declared = self.scope.declaration(letter) if self.scope.knows(letter) else None
            # a plain letter has entries only as a sequence, or where a document has no bold letters
            if self.scope.knows(letter) and (letter.bold or (declared and declared.has_entries(count))):
                return Letter(letter.name, letter.bold, span=token.span)
        if not self.scope.lenient:
            raise self.error(f"{_shown(owners[0])} is not declared", _declaration_of(owners[0]), span)
        return Letter(owners[0].name, True, span=token.span)

    def primes(self) -> int:
        count = 0
        while self.accept("symbol", "'"):
            count += 1
        if count > MAX_PRIMES:
            raise self.error(f"{count} primes", f"at most {MAX_PRIMES}")
        return count

    def calls(self, letter: Letter, primes: int = 0) -> bool:
        """Whether the bracket that follows holds arguments, not a factor. Raises where both make sense."""
        if not self.sees("open", "("):
            return False
        definition = self.scope.definition(letter) or self.scope.definition(letter, 1)
        declared = None if definition else self.scope.declaration(letter)
        arguments = declared.arguments if declared else ()
        if (definition and definition.parameters) or (declared and declared.kind == "function"):
            return True
        if arguments and (primes or letter.name in "fgh"):
            return True
        inside = self.inside_bracket()
        listed = _listed_letters(inside)
        if listed == list(arguments) or (arguments and [token.kind for token in inside] == ["number"]):
            return bool(arguments)
        if self.scope.lenient:
            return False
        if listed or (arguments and self.is_ambiguous(inside, arguments)):
            raise self.not_an_argument(letter, inside, arguments)
        return False

    def inside_bracket(self) -> list[Token]:
        """The tokens in the bracket that opens here."""
        rest = self.tokens[self.at :]
        closing = closing_place(rest)
        return rest[1 : closing if closing > 0 else len(rest)]

    def is_ambiguous(self, inside: list[Token], arguments: tuple[Letter, ...]) -> bool:
        """Arguments in the bracket may mean a value: u(2x), U(AX). A derivative or a sum is a factor."""
        names = {Letter(token.text, token.bold) for token in inside if token.kind == "letter"}
        texts = {token.text for token in inside}
        if not names & set(arguments) or texts & {r"\partial", r"\sum"}:
            return False
        scalars = not any(argument.bold for argument in arguments)
        return not (scalars and ("_" in texts or any(token.bold for token in inside)))

    def not_an_argument(
        self, letter: Letter, inside: list[Token], arguments: tuple[Letter, ...]
    ) -> ReadError:
        """u(x) with a u that was declared otherwise is hardly meant as a product."""
        closing = self.ahead(len(inside) + 1)  # the end of the formula, where nothing closes the bracket
        at = (letter.span[0], closing.end)
        shown, wanted = _shown(letter), ", ".join(map(_shown, arguments))
        if arguments:
            message = f"{shown} is declared as a function of {wanted} only"
            expected = rf"{shown}({wanted}), \cdot for a product, or a function called f, g or h"
        else:
            listed = ", ".join(_shown(Letter(t.text, t.bold)) for t in inside if t.kind == "letter")
            message = f"{shown} is not declared as a function of {listed}"
            expected = rf"{shown}({listed}) \in ..., or \cdot for a product"
        return self.error(message, expected, at)

    def application(self, start: Token, function: Letter, primes: int) -> Node:
        self.step()
        arguments = [self.expression()]
        while self.accept("symbol", ","):
            arguments.append(self.expression())
        self.expect("close", "(", ") or a comma")
        declared = self.scope.declaration(function)
        definition = self.scope.definition(function, primes)
        wanted = definition.parameters if definition else declared.arguments if declared else ()
        if wanted and len(wanted) != len(arguments):
            span = self.place(start)
            raise self.error(
                f"{len(arguments)} arguments of {_shown(function)}", f"{len(wanted)}, as declared", span
            )
        if primes and len(arguments) > 1:
            raise self.error("a prime on a function of several arguments", r"\partial", self.place(start))
        return Apply(function, tuple(arguments), primes, span=self.place(start))

    def derived(self, token: Token, primes: int) -> Node:
        """u' for a letter that depends on one other."""
        letter = self.simple_letter(token)
        declared = self.scope.declaration(letter)
        if declared and len(declared.arguments) == 1:
            return Apply(letter, declared.arguments, primes, span=self.place(token))
        if self.scope.lenient and not letter.bold and primes == 1:
            return Derivative(letter, (letter,), span=self.place(token))
        raise self.error(
            f"a prime on {_shown(letter)}", r"a function of one argument, or \top", self.place(token)
        )


_PRIMARIES: dict[str, Callable[[Parser], Node]] = {
    "number": Parser.number,
    "letter": Parser.letter,
    "open": Parser.brackets,
    "bar": Parser.bar,
    "{": Parser.group,
    "begin": Parser.environment,
    "name": Parser.named,
}
_COMMANDS: dict[str, Callable[[Parser], Node]] = {
    r"\frac": Parser.fraction,
    r"\sum": Parser.sums,
    r"\sqrt": Parser.root,
    r"\infty": Parser.infinity,
}

# ------------------------------------------------------------------------------------------ small helpers


def _listed_letters(tokens: list[Token]) -> list[Letter]:
    """The letters of "x, y"; none if the tokens are anything else."""
    letters, commas = tokens[::2], tokens[1::2]
    if len(letters) != len(commas) + 1 or any(token.text != "," for token in commas):
        return []
    return [Letter(token.text, token.bold) for token in letters if token.kind == "letter"]


def _plain_scalar(node: Node) -> bool:
    return isinstance(node, Number | Entry | Delta) or (isinstance(node, Letter) and not node.bold)


def _same_family(one: Node, other: Node) -> bool:
    return isinstance(one, Indexed) and isinstance(other, Indexed) and one.name == other.name


def _is_variable(node: Node | None) -> bool:
    if isinstance(node, Transpose):
        return isinstance(node.of, Letter)
    return isinstance(node, Letter) or (isinstance(node, Entry) and isinstance(node.of, Letter))


def _shown(letter: Letter) -> str:
    return rf"\mathbf{{{letter.name}}}" if letter.bold else letter.name


def _declaration_of(letter: Letter) -> str:
    if not letter.bold:
        return rf"a declaration such as {letter.name} \in \mathbb{{R}}"
    size = r"m \times n" if letter.name.lstrip("\\")[0].isupper() else "n"
    return rf"a declaration such as {_shown(letter)} \in \mathbb{{R}}^{{{size}}}"

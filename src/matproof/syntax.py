r"""The contract between reading and judging: trees, declarations, claims, verdicts.

`tex` and `document` build these objects from LaTeX, `judge` decides them, `report` prints them. Everything
is frozen and comparable; a node's `span` says where it stood and takes no part in comparisons.

Conventions that hold for every tree
- Brackets are not nodes: `A(BC)` is `Product((A, Product((B, C))))`, and nothing is multiplied out.
- A minus sign is `Negative`: `a - b` is `Sum((a, Negative(b)))`. A `Number` is never negative.
- A product does not know whether it is scalar or matrix multiplication; shapes decide.
- `x_{ij}` is `Entry(Letter("X", bold=True), (i, j))`, the very node of `(\mathbf{X})_{ij}`.
- `X^{-1}` is `Inverse(X)`, never `Power(X, -1)`; `X^{-\top}` is `Transpose(Inverse(X))`.
- Sizes, bounds, exponents and indices are ordinary nodes: `Number`, `Letter`, `Sum`, `Negative`, `Product`.
- `Dots` stands where dots are printed: as a term of a `Sum` (`Negative(Dots())` after a minus sign), as a
  factor of a `Product`, as a cell of an `ExplicitMatrix`. `DottedSums` is the one other dotted node.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from fractions import Fraction as Rational
from functools import cache, cached_property
from typing import Literal

Span = tuple[int, int]  # start and end offset in the text of the file, or of the notebook's cell
Layout = Literal["numerator", "denominator"]


class ReadError(ValueError):
    """A formula that is not understood: what is wrong, where, and what was expected there."""

    def __init__(self, message: str, span: Span, expected: str = "") -> None:
        super().__init__(message)
        self.message, self.span, self.expected = message, span, expected

    def __str__(self) -> str:
        return f"{self.message}; expected {self.expected}" if self.expected else self.message


# ---------------------------------------------------------------------------------------------- nodes


@dataclass(frozen=True)
class Node:
    """A part of a formula. `span` is None for a node that no text stands for."""

    span: Span | None = field(default=None, compare=False, kw_only=True, repr=False)

    @cached_property
    def _children(self) -> tuple[Node, ...]:
        """See `children`; kept, for trees never change and are walked often."""
        return tuple(_nodes_in(tuple(getattr(self, name) for name in field_names(type(self)))))


@dataclass(frozen=True)
class Number(Node):
    """A natural number."""

    value: int


@dataclass(frozen=True)
class Infinity(Node):
    r"""`\infty`, only as the upper bound of a sum."""


@dataclass(frozen=True)
class Letter(Node):
    r"""A letter: `Letter("X", True)` for \mathbf{X}, `Letter("x")`, `Letter("\\lambda")`.

    A size or an index is a plain letter too.
    """

    name: str
    bold: bool = False


@dataclass(frozen=True)
class Indexed(Node):
    r"""A member of a numbered family of indices, u_{n-1}; only in subscripts and under sum signs."""

    name: str
    subscript: Node


@dataclass(frozen=True)
class Entry(Node):
    """Entry of a matrix (two indices) or of a vector, row or sequence (one). `of` is any expression.

    For a coefficient c_n, `of` is the plain letter c, declared as a "sequence".
    """

    of: Node
    indices: tuple[Node, ...]


@dataclass(frozen=True)
class Delta(Node):
    """The Kronecker delta of two indices."""

    row: Node
    column: Node


@dataclass(frozen=True)
class SingleEntry(Node):
    r"""\mathbf{J}^{ij}: 1 at (row, column), 0 elsewhere.

    Its shape is that of the "single-entry" declaration of \mathbf{J}, else it comes from the context.
    """

    row: Node
    column: Node


@dataclass(frozen=True)
class Identity(Node):
    """The identity matrix; without a size its shape comes from the context."""

    size: Node | None = None


@dataclass(frozen=True)
class Zero(Node):
    r"""\mathbf{0}, of the shape that the context needs."""


@dataclass(frozen=True)
class Dots(Node):
    """Printed dots: "c" horizontal, "v" vertical, "d" diagonal."""

    kind: Literal["c", "v", "d"] = "c"


@dataclass(frozen=True)
class Negative(Node):
    """Minus `of`."""

    of: Node


@dataclass(frozen=True)
class Sum(Node):
    """Sum of two or more terms; `Dots` among them stand for the terms between their neighbours."""

    terms: tuple[Node, ...]


@dataclass(frozen=True)
class Product(Node):
    """Product of two or more factors, scalar or matrix by their shapes; `Dots` may stand among them."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Hadamard(Node):
    """Entrywise product of two or more factors."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Kronecker(Node):
    """Kronecker product of two or more factors."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Power(Node):
    """Power with an integer exponent other than -1, of a scalar or a square matrix."""

    base: Node
    exponent: Node


@dataclass(frozen=True)
class Transpose(Node):
    """Transpose of a matrix or vector."""

    of: Node


@dataclass(frozen=True)
class Inverse(Node):
    """Inverse of a square matrix, reciprocal of a scalar."""

    of: Node


@dataclass(frozen=True)
class Fraction(Node):
    """Quotient of an expression by a scalar."""

    numerator: Node
    denominator: Node


@dataclass(frozen=True)
class Trace(Node):
    """Trace of a square matrix."""

    of: Node


@dataclass(frozen=True)
class Det(Node):
    """Determinant of a square matrix."""

    of: Node


@dataclass(frozen=True)
class Adj(Node):
    """Adjugate of a square matrix."""

    of: Node


@dataclass(frozen=True)
class Vec(Node):
    """The columns of a matrix, stacked."""

    of: Node


@dataclass(frozen=True)
class Diag(Node):
    """Diagonal matrix of a vector (a matrix as argument is an error)."""

    of: Node


@dataclass(frozen=True)
class Norm(Node):
    r"""Euclidean norm of a vector (kind "2", printed without subscript) or Frobenius norm of a matrix ("F").

    `Norm(matrix, "2")` is an error: the spectral norm is not supported.
    """

    of: Node
    kind: Literal["2", "F"] = "2"


@dataclass(frozen=True)
class Abs(Node):
    """Absolute value of a scalar."""

    of: Node


@dataclass(frozen=True)
class Exp(Node):
    """Exponential of a scalar or of a square matrix."""

    of: Node


@dataclass(frozen=True)
class Log(Node):
    """Natural logarithm (of the absolute value) of a scalar."""

    of: Node


@dataclass(frozen=True)
class Sqrt(Node):
    """Square root of a scalar."""

    of: Node


@dataclass(frozen=True)
class BoundedSum(Node):
    r"""\sum_{index=lower}^{upper} body; without bounds the range comes from the shapes."""

    index: Letter | Indexed
    lower: Node | None
    upper: Node | None
    body: Node


@dataclass(frozen=True)
class DottedSums(Node):
    r"""\sum_{u_1} \sum_{u_2} \cdots \sum_{u_{n-1}} body, all over indices of one family.

    Here `first` is (u_1, u_2) and `last` u_{n-1}. With n = 1 no sum is left, and the body has no u.
    """

    first: tuple[Indexed, ...]
    last: Indexed
    body: Node


@dataclass(frozen=True)
class Derivative(Node):
    r"""Derivative of `of` by the variables `by`, outermost first (x, y for \partial x \partial y).

    Each variable is a `Letter`, an `Entry`, or the `Transpose` of a letter (second derivatives). Leibniz
    fraction and operator form are the same node, and so are \partial and \mathrm{d}.
    """

    of: Node
    by: tuple[Node, ...]


@dataclass(frozen=True)
class Apply(Node):
    """A function at arguments: g(u), U(x, y), or its derivative g'(u) (`primes` = 1)."""

    function: Letter
    arguments: tuple[Node, ...]
    primes: int = 0


@dataclass(frozen=True)
class AtPoint(Node):
    r"""\left. of \right|_{x = 1, ...}: the value after substituting for letters."""

    of: Node
    assignments: tuple[tuple[Letter, Node], ...]


@dataclass(frozen=True)
class ExplicitMatrix(Node):
    """A printed matrix; all rows have equally many cells, but a row may be one single vertical `Dots`."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Condition(Node):
    """A relation between integer expressions: n = 1, i != j, 1 <= i."""

    left: Node
    relation: Literal["=", "!=", "<=", "<", ">=", ">"]
    right: Node


@dataclass(frozen=True)
class Cases(Node):
    """A definition by cases: (value, condition) each; the condition None means "otherwise" and comes last."""

    branches: tuple[tuple[Node, Condition | None], ...]


@dataclass(frozen=True)
class Space(Node):
    """R, R^m or R^{m x n} by its dimensions; only as the right-hand side of a claim "in"."""

    dimensions: tuple[Node, ...]


@cache
def field_names(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a type of node that make it what it is: all but the span."""
    return tuple(item.name for item in fields(kind) if item.name != "span")


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below `node`, in printed order."""
    return node._children


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes_in(part)


def walk(node: Node) -> Iterator[Node]:
    """`node` and everything below it, depth first."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node._children[::-1])


# ------------------------------------------------------------------------- what a text says of its letters


@dataclass(frozen=True)
class Declaration:
    """A hypothesis on a letter, e.g. U(x) in R^{m x n}.

    kind        "integer" (n in N), "function" (f, g, h where nothing else is said; values in R, any
                arguments), "sequence" (c_n in R), "single-entry" (J^{ij} in R^{m x n}), else the shape:
                "scalar", "vector", "matrix"
    dimensions  () for a scalar, (m,) for a vector, (m, n) for a matrix; for lenient declarations fresh
                letters whose names start with "?", to be inferred
    arguments   the letters that it depends on; () means constant (for a "function": nothing is known)
    minimum     smallest value of an integer: 1 for N, 0 for N_0, None for Z
    rigid       False for a declaration that the reader inferred in lenient mode
    """

    letter: Letter
    kind: Literal["scalar", "vector", "matrix", "integer", "function", "sequence", "single-entry"]
    dimensions: tuple[Node, ...] = ()
    arguments: tuple[Letter, ...] = ()
    symmetric: bool = False
    invertible: bool = False
    minimum: int | None = 1
    rigid: bool = True
    span: Span | None = field(default=None, compare=False)

    def has_entries(self, indices: int) -> bool:
        """Whether the letter itself, not a small copy of it, may carry this number of indices."""
        return {"sequence": 1, "vector": 1, "matrix": 2}.get(self.kind) == indices


@dataclass(frozen=True)
class Definition:
    """letter := body, or letter(parameters) := body, or letter'(parameters) := body with `primes` = 1.

    A bare letter with parameters, as in the derivative of f after f(x) := ..., means its value at them.
    """

    letter: Letter
    body: Node
    parameters: tuple[Letter, ...] = ()
    primes: int = 0
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Scope:
    """What holds where a claim stands. Each letter is declared, or defined, at most once.

    `conditions` relate integers, sizes and indices (n = 1, i != j, 1 <= i); `invertible` holds the
    expressions declared invertible, such as X + A.
    """

    declarations: tuple[Declaration, ...] = ()
    definitions: tuple[Definition, ...] = ()
    conditions: tuple[Condition, ...] = ()
    invertible: tuple[Node, ...] = ()
    layout: Layout = "numerator"
    lenient: bool = False

    @cached_property
    def _declared(self) -> dict[Letter, Declaration]:
        return {declaration.letter: declaration for declaration in self.declarations}

    @cached_property
    def _defined(self) -> dict[tuple[Letter, int], Definition]:
        return {(definition.letter, definition.primes): definition for definition in self.definitions}

    def declaration(self, letter: Letter) -> Declaration | None:
        """The declaration of a letter; f, g and h are functions unless declared or defined otherwise."""
        found = self._declared.get(letter)
        if found is None and letter.name in "fgh" and not letter.bold and (letter, 0) not in self._defined:
            return Declaration(letter, "function")
        return found

    @cached_property
    def sizes(self) -> frozenset[Letter]:
        """The letters in the dimensions of all declarations."""
        dimensions = (size for declaration in self.declarations for size in declaration.dimensions)
        return frozenset(part for size in dimensions for part in walk(size) if isinstance(part, Letter))

    def knows(self, letter: Letter) -> bool:
        """Whether the letter is declared, defined or a size."""
        return letter in self.sizes or (letter, 0) in self._defined or self.declaration(letter) is not None

    def definition(self, letter: Letter, primes: int = 0) -> Definition | None:
        """The definition of a letter (of its derivative, with `primes`)."""
        return self._defined.get((letter, primes))


@dataclass(frozen=True)
class Claim:
    """One `=` or `\\neq` of a document, or one shape statement ("in", with a `Space` on the right).

    `id` is the nearest label or heading, `ordinal` counts the claims under it from 1; `cell` counts the cells
    of a notebook from 1 and is None elsewhere; `line` counts from 1 within the file or cell. `span` is the
    place of the relation sign, in the same coordinates as the spans of the nodes. `error` is set, and the
    sides are None, where the formula could not be read; `count` is then the number of relation signs that the
    claim stands for (more than 1 where a display too long to read is refused as a whole). `assumptions` lists
    what lenient mode took for granted.
    """

    relation: Literal["=", "!=", "in"]
    lhs: Node | None
    rhs: Node | None
    scope: Scope
    id: str
    ordinal: int
    line: int
    latex: str
    span: Span
    cell: int | None = None
    error: ReadError | None = None
    count: int = 1
    assumptions: tuple[str, ...] = ()


# --------------------------------------------------------------------------------------------- verdicts

Value = Rational | tuple[tuple[Rational, ...], ...]  # a scalar, or a matrix by rows (a vector is one column)


@dataclass(frozen=True)
class Counterexample:
    """Values for which the sides differ.

    `values` holds (name in LaTeX, value) for sizes, integers, indices and letters; `lhs` and `rhs` are the
    two sides, and `entry` is the first place (row, column), from 1, where matrices differ.
    """

    values: tuple[tuple[str, Value], ...]
    lhs: Value
    rhs: Value
    entry: tuple[int, int] | None = None


@dataclass(frozen=True)
class Verdict:
    """The judge's answer to one claim.

    `sizes` holds the sizes of each trial as ((name, value), ...); `exponents` the values tried of each
    integer parameter as (name, (values)); `place` is the span to point at, or None for the whole claim.
    """

    verdict: Literal["holds", "fails", "undecided", "unreadable"]
    reason: str = ""
    sizes: tuple[tuple[tuple[str, int], ...], ...] = ()
    exponents: tuple[tuple[str, tuple[int, ...]], ...] = ()
    counterexample: Counterexample | None = None
    place: Span | None = None


# ---------------------------------------------------------------------------------------------- printing

_SUM, _TERM, _FACTOR, _ATOM = range(4)  # how tightly a printed node holds together
_COMMANDS = {Trace: "tr", Det: "det", Adj: "adj", Vec: "vec", Diag: "diag", Exp: "exp", Log: "log"}
_NATIVE = {"det", "exp", "log"}  # LaTeX has commands of these names
_DOTS = {"c": r"\cdots", "v": r"\vdots", "d": r"\ddots"}
_RELATIONS = {"=": "=", "!=": r"\neq", "<=": r"\le", "<": "<", ">=": r"\ge", ">": ">"}


def to_latex(node: Node) -> str:
    """LaTeX that `tex.parse`, in a scope that declares the letters, reads back as the same tree."""
    return _print(node)[0]


def _print(node: Node) -> tuple[str, int]:
    """The LaTeX of a node and how tightly it holds together."""
    if type(node) in _COMMANDS:
        name = _COMMANDS[type(node)]
        command = f"\\{name}" if name in _NATIVE else rf"\operatorname{{{name}}}"
        return rf"{command}\left({to_latex(node.of)}\right)", _FACTOR
    return _PRINTERS[type(node)](node)


def _at_least(node: Node, level: int) -> str:
    text, own = _print(node)
    return text if own >= level else rf"\left({text}\right)"


def _letter(node: Letter) -> tuple[str, int]:
    if not node.bold:
        return node.name, _ATOM
    font = "boldsymbol" if node.name.startswith("\\") else "mathbf"
    return rf"\{font}{{{node.name}}}", _ATOM


def _index(node: Node, alone: bool) -> str:
    text = to_latex(node)
    # "12" in a subscript is read as two indices
    return f"({text})" if alone and isinstance(node, Number) and node.value > 9 else text


def _subscript(indices: tuple[Node, ...]) -> str:
    simple = all(isinstance(i, Letter | Indexed) or (isinstance(i, Number) and i.value < 10) for i in indices)
    texts = [_index(i, len(indices) == 1) for i in indices]
    return ("" if all(len(text) == 1 for text in texts) else " " if simple else ", ").join(texts)


def entry_letter(matrix: Letter) -> str:
    r"""The letter of the entries: x for \mathbf{X} and \mathbf{x}, \sigma for \boldsymbol{\Sigma}."""
    return "\\" + matrix.name[1:].lower() if matrix.name.startswith("\\") else matrix.name.lower()


def _entry(node: Entry) -> tuple[str, int]:
    of, subscript = node.of, _subscript(node.indices)
    if isinstance(of, Letter):
        capital = of.name.lstrip("\\")[0].isupper()
        if not of.bold or capital == (len(node.indices) == 2):
            return f"{entry_letter(of) if of.bold else of.name}_{{{subscript}}}", _ATOM
    return rf"\left({to_latex(of)}\right)_{{{subscript}}}", _ATOM


def _sum(node: Sum) -> tuple[str, int]:
    text = _at_least(node.terms[0], _SUM if isinstance(node.terms[0], Negative) else _TERM)
    for term in node.terms[1:]:
        sign, term = ("-", term.of) if isinstance(term, Negative) else ("+", term)
        text += f" {sign} {_at_least(term, _TERM)}"
    return text, _SUM


def _product(node: Product) -> tuple[str, int]:
    parts: list[str] = []
    for position, factor in enumerate(node.factors):
        last = position == len(node.factors) - 1
        text = _at_least(factor, _TERM if last and isinstance(factor, BoundedSum | DottedSums) else _FACTOR)
        # a number, or a bracket after what may be a function, would run into its left neighbour
        before = node.factors[position - 1] if position else None
        function = isinstance(before, Letter) or (isinstance(before, Entry) and isinstance(before.of, Letter))
        if parts and (text[0].isdigit() or (function and text.startswith(r"\left("))):
            parts.append(r"\cdot")
        parts.append(text)
    return " ".join(parts), _TERM


def _transpose(node: Transpose) -> tuple[str, int]:
    of, exponent = (node.of.of, r"-\top") if isinstance(node.of, Inverse) else (node.of, r"\top")
    return f"{_at_least(of, _ATOM)}^{{{exponent}}}", _FACTOR


def _joined(operator: str):
    def printer(node: Hadamard | Kronecker) -> tuple[str, int]:
        return f" {operator} ".join(_at_least(factor, _FACTOR) for factor in node.factors), _TERM

    return printer


def _bounded_sum(node: BoundedSum) -> tuple[str, int]:
    index = to_latex(node.index)
    low = f"{index}={to_latex(node.lower)}" if node.lower is not None else index
    high = f"^{{{to_latex(node.upper)}}}" if node.upper is not None else ""
    return rf"\sum_{{{low}}}{high} {_at_least(node.body, _TERM)}", _TERM


def _dotted_sums(node: DottedSums) -> tuple[str, int]:
    first = " ".join(rf"\sum_{{{to_latex(index)}}}" for index in node.first)
    return rf"{first} \cdots \sum_{{{to_latex(node.last)}}} {_at_least(node.body, _TERM)}", _TERM


def _derivative(node: Derivative) -> tuple[str, int]:
    order = f"^{{{len(node.by)}}}" if len(node.by) > 1 else ""
    by = r"\,".join(rf"\partial {to_latex(variable)}" for variable in node.by)
    return rf"\frac{{\partial{order} {_at_least(node.of, _FACTOR)}}}{{{by}}}", _FACTOR


def _apply(node: Apply) -> tuple[str, int]:
    arguments = ", ".join(to_latex(argument) for argument in node.arguments)
    return f"{to_latex(node.function)}{chr(39) * node.primes}({arguments})", _FACTOR


def _at_point(node: AtPoint) -> tuple[str, int]:
    values = ", ".join(f"{to_latex(letter)} = {to_latex(value)}" for letter, value in node.assignments)
    return rf"\left. {to_latex(node.of)} \right|_{{{values}}}", _FACTOR


def _norm(node: Norm) -> tuple[str, int]:
    return rf"\left\|{to_latex(node.of)}\right\|{'_F' if node.kind == 'F' else ''}", _ATOM


def _condition(node: Condition) -> tuple[str, int]:
    return f"{to_latex(node.left)} {_RELATIONS[node.relation]} {to_latex(node.right)}", _SUM


def _explicit_matrix(node: ExplicitMatrix) -> tuple[str, int]:
    rows = r" \\ ".join(" & ".join(to_latex(cell) for cell in row) for row in node.rows)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}", _ATOM


def _cases(node: Cases) -> tuple[str, int]:
    rows = r" \\ ".join(
        f"{to_latex(value)} & {to_latex(condition) if condition else chr(92) + 'text{otherwise}'}"
        for value, condition in node.branches
    )
    return rf"\begin{{cases}} {rows} \end{{cases}}", _FACTOR


def _space(node: Space) -> tuple[str, int]:
    size = r" \times ".join(to_latex(dimension) for dimension in node.dimensions)
    return r"\mathbb{R}" + (f"^{{{size}}}" if size else ""), _ATOM


_PRINTERS = {
    Number: lambda node: (str(node.value), _ATOM),
    Infinity: lambda node: (r"\infty", _ATOM),
    Letter: _letter,
    Indexed: lambda node: (f"{node.name}_{{{to_latex(node.subscript)}}}", _ATOM),
    Entry: _entry,
    Delta: lambda node: (rf"\delta_{{{_subscript((node.row, node.column))}}}", _ATOM),
    SingleEntry: lambda node: (rf"\mathbf{{J}}^{{{_subscript((node.row, node.column))}}}", _FACTOR),
    Identity: lambda node: (r"\mathbf{I}" + (f"_{{{to_latex(node.size)}}}" if node.size else ""), _ATOM),
    Zero: lambda node: (r"\mathbf{0}", _ATOM),
    Dots: lambda node: (_DOTS[node.kind], _ATOM),
    Negative: lambda node: (f"-{_at_least(node.of, _TERM)}", _SUM),
    Sum: _sum,
    Product: _product,
    Hadamard: _joined(r"\odot"),
    Kronecker: _joined(r"\otimes"),
    Power: lambda node: (f"{_at_least(node.base, _ATOM)}^{{{to_latex(node.exponent)}}}", _FACTOR),
    Transpose: _transpose,
    Inverse: lambda node: (f"{_at_least(node.of, _ATOM)}^{{-1}}", _FACTOR),
    Fraction: lambda node: (rf"\frac{{{to_latex(node.numerator)}}}{{{to_latex(node.denominator)}}}", _FACTOR),
    Norm: _norm,
    Abs: lambda node: (rf"\left|{to_latex(node.of)}\right|", _FACTOR),
    Sqrt: lambda node: (rf"\sqrt{{{to_latex(node.of)}}}", _FACTOR),
    BoundedSum: _bounded_sum,
    DottedSums: _dotted_sums,
    Derivative: _derivative,
    Apply: _apply,
    AtPoint: _at_point,
    ExplicitMatrix: _explicit_matrix,
    Condition: _condition,
    Cases: _cases,
    Space: _space,
}

r"""The kinds of nodes that a formula is made of.

`read` builds trees of them from LaTeX, `decide` decides what they claim. Everything is frozen and comparable;
a node's `span` says where it stood and takes no part in comparisons.

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

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Literal

Span = tuple[int, int]  # start and end offset in the text of the file, or of the notebook's cell


class ReadError(ValueError):
    """A formula that is not understood: what is wrong, where, and what was expected there."""

    def __init__(self, message: str, span: Span, expected: str = "") -> None:
        super().__init__(message)
        self.message, self.span, self.expected = message, span, expected

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, Span, str]]:
        """How it is sent to another process: an exception keeps the first argument only."""
        return type(self), (self.message, self.span, self.expected)

    def __str__(self) -> str:
        return f"{self.message}; expected {self.expected}" if self.expected else self.message


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
class Call(Node):
    """An operation with a name, tr or det, of its arguments: a row of `operations.OPERATIONS`."""

    operation: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Norm(Node):
    r"""Euclidean norm of a vector (kind "2", printed without subscript) or Frobenius norm of a matrix ("F").

    `Norm(matrix, "2")` is an error: the spectral norm is not supported.
    """

    of: Node
    kind: Literal["2", "F"] = "2"


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


def field_names(kind: type[Node]) -> tuple[str, ...]:
    """The fields of a type of node that make it what it is: all but the span."""
    if kind not in _FIELD_NAMES:
        _FIELD_NAMES[kind] = tuple(item.name for item in fields(kind) if item.name != "span")
    return _FIELD_NAMES[kind]


_FIELD_NAMES: dict[type[Node], tuple[str, ...]] = {}


def rebuilt(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with `change` applied to every child."""
    kind = type(node)
    return kind(*(_changed(getattr(node, name), change) for name in field_names(kind)), span=node.span)


def _changed(value: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(value, Node):
        return change(value)
    return tuple(_changed(part, change) for part in value) if isinstance(value, tuple) else value


def substitute(node: Node, values: Mapping[Letter, Node]) -> Node:
    """The tree with letters replaced. It renames nothing: the caller sees to it that nothing is captured."""
    if isinstance(node, Letter):
        return values.get(node, node)
    return rebuilt(node, lambda child: substitute(child, values))


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

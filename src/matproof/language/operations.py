r"""The operations that have a name, one row each: all that any part of the program knows of them.

An operation is added by adding a row to `OPERATIONS`. The grammar, the printer, the shapes, the evaluator,
the other layout, the topics, the mutants, the random expressions of the tests and the page of the language
read it. A tree holds a `Call` with the row's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction as Rational
from functools import cached_property
from typing import Any, Literal

from .integers import ClaimError, Poly
from .nodes import (
    Call,
    Condition,
    Fraction,
    Inverse,
    Letter,
    Negative,
    Node,
    Number,
    Product,
    Sum,
    Transpose,
)
from .scope import Declaration, Definition, own_operation

Dimensions = tuple[Poly, Poly]  # rows and columns
Sizes = Mapping[str, int]  # the values of the letters of a signature


@dataclass(frozen=True)
class Signature:
    r"""The shapes that an operation takes, and the shape it gives, as `m × n, n -> m`.

    1 is a scalar, one size the column of that length, two factors in a size their product; a letter that
    stands twice is one size.
    """

    text: str

    @cached_property
    def arguments(self) -> tuple[Dimensions, ...]:
        """The shape of every argument."""
        return tuple(map(_dimensions, self.text.partition("->")[0].split(",")))

    @cached_property
    def result(self) -> Dimensions:
        """The shape of the value."""
        return _dimensions(self.text.partition("->")[2])


def _dimensions(text: str) -> Dimensions:
    rows, _, columns = text.partition("×")
    return _size(rows), _size(columns or "1")


def _size(text: str) -> Poly:
    size = Poly.of(1)
    for factor in text.split():
        size = size * Poly.of(int(factor) if factor.isdigit() else factor)
    return size


@dataclass(frozen=True, kw_only=True)
class Operation:
    r"""All that is known of an operation. No field has a default: what is missing is an error at import.

    name        in trees, and the key of the oracle's column
    words       every spelling as an upright word or command: tr of \operatorname{tr}, \mathrm{tr}, \tr
    printed     what stands before and behind the arguments where we print it
    topic       the word under which a reader looks for it
    noun        how a message speaks of it
    meaning     what it is, in a sentence
    shape       what it takes and gives
    value       its value: a function of the sizes and of one jet an argument (a matrix with its derivatives),
                or for a derived operation one line of matrix algebra, the letters of whose arguments are A, B
    values      "exact"; "branched" if the value depends on a sign that is chosen; "opaque" if it is no
                rational number, so that only its derivatives are exact
    series      None, or what makes each coefficient of its power series out of the one before, by the order:
                the operation of a matrix
    transposed  what its transpose is: the "same", the operation "inside" of the transposed arguments, or
                neither: the transpose stays "outside"
    invertible  whether its value is: "always", "inherited" from the first argument, or "unknown"
    degree      the degree of its value in the entries of its arguments, None for what is no polynomial
    accepted    claims with it that hold; the letters are those of `EXAMPLES`
    rejected    what is refused, with the message
    """

    name: str
    words: tuple[str, ...]
    printed: tuple[str, str]
    topic: str
    noun: str
    meaning: str
    shape: Signature
    value: Callable[..., Any] | Derived
    values: Literal["exact", "branched", "opaque"]
    series: Callable[[int], Rational] | None
    transposed: Literal["same", "inside", "outside"]
    invertible: Literal["always", "inherited", "unknown"]
    degree: Poly | None
    accepted: tuple[str, ...]
    rejected: tuple[tuple[str, str], ...]

    @cached_property
    def definition(self) -> Definition | None:
        """Of a derived operation, what a document would have defined it as."""
        if not isinstance(self.value, Derived):
            return None
        declared = tuple(map(_parameter, "AB", self.shape.arguments))
        parameters = tuple(found.letter for found in declared)
        return Definition(
            own_operation(self.name),
            self.value.body,
            parameters,
            declarations=declared,
            conditions=self.value.conditions,
        )

    def needs(self, place: int) -> str:
        """What it asks of an argument, for messages."""
        rows, columns = self.shape.arguments[place]
        if rows == columns == _ONE:
            return f"the argument of {self.noun} must be a scalar"
        kind = "vector" if columns == _ONE else "square matrix" if rows == columns else f"{rows} × {columns}"
        return f"{self.noun} needs a {kind}"


@dataclass(frozen=True)
class Derived:
    """What a derived operation is written out as, and what must hold between its sizes."""

    body: Node
    conditions: tuple[Condition, ...] = ()


def _parameter(name: str, shape: Dimensions) -> Declaration:
    """The declaration of a parameter of that shape: A, a bold or plain."""
    rows, columns = shape
    if rows == columns == _ONE:
        return Declaration(Letter(name.lower()), "scalar")
    if columns == _ONE:
        return Declaration(Letter(name.lower(), True), "vector", (rows.node(),))
    return Declaration(Letter(name, True), "matrix", (rows.node(), columns.node()))


def _named(command: str) -> tuple[str, str]:
    r"""Printed as a command with its arguments in brackets."""
    return rf"{command}\left(", r"\right)"


_ONE = _LINEAR = Poly.of(1)
_SIZE = Poly.of("n")
_A, _B = Letter("A", True), Letter("B", True)
_HALF = Fraction(Number(1), Number(2))
_GRAM = Product((Transpose(_A), _A))

OPERATIONS = {
    row.name: row
    for row in (
        Operation(
            name="tr",
            words=("tr", "Tr", "trace"),
            printed=_named(r"\operatorname{tr}"),
            topic="trace",
            noun="a trace",
            meaning="the sum of the diagonal of a square matrix",
            shape=Signature("n × n -> 1"),
            value=lambda sizes, a: a.trace(),
            values="exact",
            series=None,
            transposed="same",
            invertible="unknown",
            degree=_LINEAR,
            accepted=(r"\operatorname{tr}(\mathbf{A}\mathbf{B}) = \operatorname{tr}(\mathbf{B}\mathbf{A})",),
            rejected=((r"\operatorname{tr}(\mathbf{X}) = c", "a trace needs a square matrix, not m × n"),),
        ),
        Operation(
            name="det",
            words=("det",),
            printed=_named(r"\det"),
            topic="determinant",
            noun="a determinant",
            meaning="the determinant of a square matrix",
            shape=Signature("n × n -> 1"),
            value=lambda sizes, a: a.adjugate(sizes["n"])[0],
            values="exact",
            series=None,
            transposed="same",
            invertible="unknown",
            degree=_SIZE,
            accepted=(
                r"\det(\mathbf{A}\mathbf{B}) = \det(\mathbf{A}) \det(\mathbf{B})",
                r"\frac{\partial \det\mathbf{A}}{\partial \mathbf{A}} = \operatorname{adj}\mathbf{A}",
            ),
            rejected=((r"\det\mathbf{X} = c", "a determinant needs a square matrix, not m × n"),),
        ),
        Operation(
            name="adj",
            words=("adj",),
            printed=_named(r"\operatorname{adj}"),
            topic="adjugate",
            noun="an adjugate",
            meaning="the adjugate of a square matrix: the transpose of its cofactors",
            shape=Signature("n × n -> n × n"),
            value=lambda sizes, a: a.adjugate(sizes["n"])[1],
            values="exact",
            series=None,
            transposed="inside",
            invertible="inherited",
            degree=_SIZE - _LINEAR,
            accepted=(r"\mathbf{A} \operatorname{adj}(\mathbf{A}) = \det(\mathbf{A}) \mathbf{I}",),
            rejected=(
                (
                    r"\operatorname{adj}(\mathbf{X}) = \mathbf{X}",
                    "an adjugate needs a square matrix, not m × n",
                ),
            ),
        ),
        Operation(
            name="vec",
            words=("vec",),
            printed=_named(r"\operatorname{vec}"),
            topic="vec",
            noun="vec",
            meaning="the columns of a matrix, one below the other",
            shape=Signature("m × n -> m n"),
            value=lambda sizes, a: a.vec(),
            values="exact",
            series=None,
            transposed="outside",
            invertible="unknown",
            degree=_LINEAR,
            accepted=(
                r"\operatorname{vec}(\mathbf{A}\mathbf{B}) = (\mathbf{I}_n \otimes \mathbf{A})"
                r" \operatorname{vec}\mathbf{B}",
            ),
            rejected=(
                (
                    r"\operatorname{vec}(\mathbf{X}) = \mathbf{X}",
                    "the left-hand side is m n × 1, the right-hand side is m × n",
                ),
            ),
        ),
        Operation(
            name="diag",
            words=("diag",),
            printed=_named(r"\operatorname{diag}"),
            topic="diagonal matrix",
            noun="diag",
            meaning="the diagonal matrix of a vector",
            shape=Signature("n -> n × n"),
            value=lambda sizes, a: a.diag(sizes["n"]),
            values="exact",
            series=None,
            transposed="same",
            invertible="unknown",
            degree=_LINEAR,
            accepted=(r"\operatorname{diag}(\mathbf{a}) \mathbf{b} = \mathbf{a} \odot \mathbf{b}",),
            rejected=(
                (r"\operatorname{diag}(\mathbf{A}) = \mathbf{A}", "diag needs a vector, not n × n"),
            ),
        ),
        Operation(
            name="exp",
            words=("exp",),
            printed=_named(r"\exp"),
            topic="exponential",
            noun="an exponential",
            meaning="the exponential of a scalar, or of a square matrix as a power series",
            shape=Signature("n × n -> n × n"),
            value=lambda sizes, a: a.exp(),
            values="opaque",
            series=lambda order: Rational(1, order),
            transposed="inside",
            invertible="always",
            degree=None,
            accepted=(
                r"\frac{\partial \exp(c x)}{\partial x} = c \exp(c x)",
                r"\frac{\partial \exp(x\mathbf{A})}{\partial x} = \mathbf{A} \exp(x\mathbf{A})",
            ),
            rejected=((r"\exp(\mathbf{X}) = \mathbf{X}", "an exponential needs a square matrix, not m × n"),),
        ),
        Operation(
            name="log",
            words=("log", "ln"),
            printed=_named(r"\log"),
            topic="logarithm",
            noun="a logarithm",
            meaning="the natural logarithm of the absolute value of a scalar",
            shape=Signature("1 -> 1"),
            value=lambda sizes, a: a.log(),
            values="opaque",
            series=None,
            transposed="same",
            invertible="unknown",
            degree=None,
            accepted=(
                r"\frac{\partial \log\det\mathbf{G}}{\partial \mathbf{G}} = \mathbf{G}^{-1}",
            ),
            rejected=(
                (
                    r"\log(\mathbf{A}) = \mathbf{A}",
                    "the argument of a logarithm must be a scalar, not n × n",
                ),
            ),
        ),
        Operation(
            name="sqrt",
            words=(),
            printed=(r"\sqrt{", "}"),
            topic="square root",
            noun="a square root",
            meaning="the square root of a scalar",
            shape=Signature("1 -> 1"),
            value=lambda sizes, a: a.sqrt(),
            values="branched",
            series=None,
            transposed="same",
            invertible="unknown",
            degree=None,
            accepted=(r"\frac{\partial \sqrt{x}}{\partial x} = \frac{1}{2 \sqrt{x}}",),
            rejected=(
                (
                    r"\sqrt{\mathbf{A}} = \mathbf{A}",
                    "the argument of a square root must be a scalar, not n × n",
                ),
            ),
        ),
        Operation(
            name="abs",
            words=(),
            printed=(r"\left|", r"\right|"),
            topic="absolute value",
            noun="an absolute value",
            meaning="the absolute value of a scalar",
            shape=Signature("1 -> 1"),
            value=lambda sizes, a: a.absolute(),
            values="branched",
            series=None,
            transposed="same",
            invertible="unknown",
            degree=None,
            accepted=(r"|x|^2 = x^2",),
            rejected=(
                (
                    r"|\mathbf{A}| = c",
                    "the argument of an absolute value must be a scalar, not n × n",
                ),
            ),
        ),
        Operation(
            name="sym",
            words=("sym",),
            printed=_named(r"\operatorname{sym}"),
            topic="symmetric part",
            noun="a symmetric part",
            meaning=r"the symmetric part of a square matrix",
            shape=Signature("n × n -> n × n"),
            value=Derived(Product((_HALF, Sum((_A, Transpose(_A)))))),
            values="exact",
            series=None,
            transposed="same",
            invertible="unknown",
            degree=_LINEAR,
            accepted=(
                r"\operatorname{sym}(\mathbf{A}) = \frac{1}{2}(\mathbf{A} + \mathbf{A}^{\top})",
                r"\mathbf{a}^{\top} \operatorname{sym}(\mathbf{A}) \mathbf{a}"
                r" = \mathbf{a}^{\top} \mathbf{A} \mathbf{a}",
            ),
            rejected=(
                (
                    r"\operatorname{sym}(\mathbf{X}) = \mathbf{X}",
                    "a symmetric part needs a square matrix, not m × n",
                ),
            ),
        ),
        Operation(
            name="skew",
            words=("skew",),
            printed=_named(r"\operatorname{skew}"),
            topic="skew-symmetric part",
            noun="a skew-symmetric part",
            meaning="the skew-symmetric part of a square matrix",
            shape=Signature("n × n -> n × n"),
            value=Derived(Product((_HALF, Sum((_A, Negative(Transpose(_A))))))),
            values="exact",
            series=None,
            transposed="inside",
            invertible="unknown",
            degree=_LINEAR,
            accepted=(
                r"\mathbf{A} = \operatorname{sym}(\mathbf{A}) + \operatorname{skew}(\mathbf{A})",
                r"\mathbf{a}^{\top} \operatorname{skew}(\mathbf{A}) \mathbf{a} = 0",
            ),
            rejected=(
                (
                    r"\operatorname{skew}(\mathbf{X}) = \mathbf{X}",
                    "a skew-symmetric part needs a square matrix, not m × n",
                ),
            ),
        ),
        Operation(
            name="cof",
            words=("cof",),
            printed=_named(r"\operatorname{cof}"),
            topic="cofactors",
            noun="a cofactor matrix",
            meaning="the matrix of the cofactors of a square matrix",
            shape=Signature("n × n -> n × n"),
            value=Derived(Transpose(Call("adj", (_A,)))),
            values="exact",
            series=None,
            transposed="inside",
            invertible="inherited",
            degree=_SIZE - _LINEAR,
            accepted=(
                r"\mathbf{A} \operatorname{cof}(\mathbf{A})^{\top} = \det(\mathbf{A}) \mathbf{I}",
            ),
            rejected=(
                (
                    r"\operatorname{cof}(\mathbf{X}) = \mathbf{X}",
                    "a cofactor matrix needs a square matrix, not m × n",
                ),
            ),
        ),
        Operation(
            name="comm",
            words=("comm",),
            printed=_named(r"\operatorname{comm}"),
            topic="commutator",
            noun="a commutator",
            meaning="the commutator of two square matrices",
            shape=Signature("n × n, n × n -> n × n"),
            value=Derived(Sum((Product((_A, _B)), Negative(Product((_B, _A)))))),
            values="exact",
            series=None,
            transposed="outside",
            invertible="unknown",
            degree=_LINEAR + _LINEAR,
            accepted=(
                r"\operatorname{comm}(\mathbf{A}, \mathbf{B}) = \mathbf{A}\mathbf{B} - \mathbf{B}\mathbf{A}",
                r"\operatorname{tr}(\operatorname{comm}(\mathbf{A}, \mathbf{B})) = 0",
            ),
            rejected=(
                (
                    r"\operatorname{comm}(\mathbf{A}, \mathbf{X}) = \mathbf{A}",
                    "a commutator needs a square matrix, not m × n",
                ),
                (r"\operatorname{comm} \mathbf{A} = \mathbf{A}", "comm of what?; expected 2 arguments"),
            ),
        ),
        Operation(
            name="pinv",
            words=("pinv",),
            printed=_named(r"\operatorname{pinv}"),
            topic="pseudo-inverse",
            noun="a pseudo-inverse",
            meaning=r"the pseudo-inverse of a matrix of full column rank",
            shape=Signature("m × n -> n × m"),
            value=Derived(
                Product((Inverse(_GRAM), Transpose(_A))),
                (Condition(Letter("m"), ">=", Letter("n")),),
            ),
            values="exact",
            series=None,
            transposed="outside",
            invertible="unknown",
            degree=None,
            accepted=(r"\operatorname{pinv}(\mathbf{T}) \mathbf{T} = \mathbf{I}_n",),
            rejected=(
                (
                    r"\operatorname{pinv}(\mathbf{X}) \mathbf{X} = \mathbf{I}_n",
                    "nothing says that this matrix is invertible; the zero matrix of its shape is not",
                ),
            ),
        ),
    )
}  # fmt: skip

WORDS = {word: row.name for row in OPERATIONS.values() for word in row.words}

EXAMPLES = (
    r"$\mathbf{A}, \mathbf{B} \in \mathbb{R}^{n \times n}$, $\mathbf{X} \in \mathbb{R}^{m \times n}$, "
    r"$\mathbf{G} \in \mathrm{GL}_n(\mathbb{R})$, $\mathbf{a}, \mathbf{b} \in \mathbb{R}^n$, "
    r"$c, x \in \mathbb{R}$, $\mathbf{T} \in \mathbb{R}^{m \times n}$ "
    r"with $\mathbf{T}^{\top} \mathbf{T} \in \mathrm{GL}_n(\mathbb{R})$"
)  # the declarations that the rows' examples stand under


def operation(node: Call) -> Operation:
    """The row of a call; an unknown one leaves its claim undecided."""
    if node.operation not in OPERATIONS:
        raise ClaimError(f"nothing is known of the operation {node.operation}", node.span, "undecided")
    return OPERATIONS[node.operation]

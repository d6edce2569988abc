"""Values of powers, inverses, named operations, and matrices that are printed."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as Rational
from itertools import product
from typing import TYPE_CHECKING

from ..arithmetic.fields import Adic, NoExactValueError, Rationals, Reals
from ..arithmetic.jets import Jet
from ..arithmetic.tensors import unit_matrix
from ..language.integers import ClaimError, integer
from ..language.nodes import (
    Call,
    Cases,
    ExplicitMatrix,
    Fraction,
    Hadamard,
    Inverse,
    Kronecker,
    Norm,
    Power,
)
from ..language.operations import Derived, Operation, operation
from .dots import Grid
from .entries import condition
from .sums import MOST_TERMS

if TYPE_CHECKING:
    from .evaluate import Evaluator

SUCCESSIVE = 16  # up to this exponent all powers are kept, since sums of powers need them all
REAL_TERMS = 40  # of a power series of real numbers


def power(evaluator: Evaluator, node: Power) -> Jet:
    """A^n; ||a||^{2n} without a root; A^0 = I; A^{-n} = (A^{-1})^n."""
    exponent = integer(node.exponent, evaluator.integers)
    if isinstance(node.base, Norm) and exponent % 2 == 0:
        base, exponent, size = squared_norm(evaluator, node.base), exponent // 2, 1
    else:
        base, (size, _) = evaluator.visit(node.base), evaluator.size(node.base)
    if exponent < 0:
        if size > 1:
            evaluator.shapes.require_invertible(node.base)
        base, exponent = inverted(evaluator, base, size), -exponent
    if exponent > 64 and isinstance(evaluator.field, Rationals | Reals):
        raise NoExactValueError("a power too large for a counterexample")
    if exponent > SUCCESSIVE or isinstance(node.base, Norm):
        return base.power(exponent, Jet.identity(evaluator.field, size))
    powers = evaluator.powers.setdefault(id(base), (base, [Jet.identity(evaluator.field, size), base]))[1]
    while len(powers) <= exponent:
        powers.append(powers[-1] @ base)
    return powers[exponent]


def inverse(evaluator: Evaluator, node: Inverse) -> Jet:
    """A^{-1}."""
    return inverted(evaluator, evaluator.visit(node.of), evaluator.size(node.of)[0])


def inverted(evaluator: Evaluator, value: Jet, size: int) -> Jet:
    """The inverse of a value, computed once."""
    if id(value) not in evaluator.inverses:
        evaluator.inverses[id(value)] = value, value.inverse(size)
    return evaluator.inverses[id(value)][1]


def fraction(evaluator: Evaluator, node: Fraction) -> Jet:
    """a / b."""
    return evaluator.visit(node.numerator) * evaluator.visit(node.denominator).reciprocal()


def hadamard(evaluator: Evaluator, node: Hadamard) -> Jet:
    """(A o B)_ij = a_ij b_ij."""
    result = evaluator.visit(node.factors[0])
    for factor in node.factors[1:]:
        result = result * evaluator.visit(factor)
    return result


def kronecker(evaluator: Evaluator, node: Kronecker) -> Jet:
    """Blocks a_ij B."""
    result = evaluator.visit(node.factors[0])
    for factor in node.factors[1:]:
        result = result.kronecker(evaluator.visit(factor))
    return result


def call(evaluator: Evaluator, node: Call) -> Jet:
    """By the row of the operation; of a matrix by its power series, where the row has one."""
    row, arguments = operation(node), [evaluator.visit(argument) for argument in node.arguments]
    size = evaluator.size(node.arguments[0])
    if row.series is not None and size != (1, 1):
        return series_of(evaluator, node, arguments[0], size[0], row.series)
    if isinstance(row.value, Derived):
        raise ClaimError(f"{row.noun} that was not written out", node.span, "undecided")
    evaluator.point.opaque |= row.values == "opaque"
    evaluator.point.rooted |= row.values == "branched"
    value: Jet = row.value(sizes_in(evaluator, node, row), *arguments)
    return value


def sizes_in(evaluator: Evaluator, node: Call, row: Operation) -> dict[str, int]:
    """The letters of an operation's signature at this point."""
    found: dict[str, int] = {}
    for argument, dimensions in zip(node.arguments, row.shape.arguments, strict=True):
        for printed, size in zip(dimensions, evaluator.size(argument), strict=True):
            letter = printed.letter()
            if letter is not None:
                found[letter] = size
    return found


def norm(evaluator: Evaluator, node: Norm) -> Jet:
    """The root of the sum of all squares."""
    evaluator.point.rooted = True
    return squared_norm(evaluator, node).sqrt()


def squared_norm(evaluator: Evaluator, node: Norm) -> Jet:
    """tr A'A."""
    value = evaluator.visit(node.of)
    return (value.transpose() @ value).trace()


def series_of(
    evaluator: Evaluator, node: Call, base: Jet, size: int, ratio: Callable[[int], Rational]
) -> Jet:
    """I + c_1 A + c_2 A^2 + ..., where c_k is c_{k-1} times `ratio`."""
    noun = operation(node).noun
    if isinstance(evaluator.field, Rationals):
        raise NoExactValueError(f"{noun} of a matrix has no exact value here")
    evaluator.point.opaque |= isinstance(evaluator.field, Reals)
    last = (
        evaluator.field.orders + len(evaluator.active) + 2
        if isinstance(evaluator.field, Adic)
        else REAL_TERMS
    )
    total = term = Jet.identity(evaluator.field, size)
    for order in range(1, last + 1):
        number, factor = evaluator.field.number, ratio(order)
        term = (
            (term @ base)
            .times(number(factor.numerator))
            .times(evaluator.field.reciprocal(number(factor.denominator)))
        )
        total = total + term
    if evaluator.field.exact and any(data.any() for _, data in term.parts.values()):
        text = f"{noun} here is not a power series in one of its letters"
        raise ClaimError(text, node.span, "undecided")
    return total


def grid(evaluator: Evaluator, node: Grid) -> Jet:
    """A matrix with dots, cell by cell."""
    rows, columns = evaluator.size(node)
    if rows * columns > MOST_TERMS:
        raise ClaimError("this matrix has too many cells", node.span, "undecided")
    total, outside = Jet(evaluator.field, {}), evaluator.integers
    for row, column in product(range(rows), range(columns)):
        evaluator.integers = {**outside, node.row.name: row, node.column.name: column}
        total = total + evaluator.visit(node.body) * single_one(evaluator, rows, columns, row, column)
    evaluator.integers = outside
    return total


def single_one(evaluator: Evaluator, rows: int, columns: int, row: int, column: int) -> Jet:
    """1 at one place, 0 elsewhere."""
    return evaluator.unit(row, rows) @ evaluator.unit(column, columns).transpose()


def explicit_matrix(evaluator: Evaluator, node: ExplicitMatrix) -> Jet:
    """A printed matrix, from cells that may be blocks: sum of P_r A_rc Q_c."""
    rows, columns = evaluator.size(node)
    total, top = Jet(evaluator.field, {}), 0
    for line in node.rows:
        left = 0
        for cell in line:
            height, width = evaluator.size(cell)
            down = unit_matrix(rows, evaluator.field.dtype)[:, top : top + height]
            right = unit_matrix(columns, evaluator.field.dtype)[left : left + width]
            block = (
                Jet.constant(evaluator.field, down)
                @ evaluator.visit(cell)
                @ Jet.constant(evaluator.field, right)
            )
            total, left = total + block, left + width
        top += height
    return total


def cases(evaluator: Evaluator, node: Cases) -> Jet:
    """The value of the first branch whose condition holds."""
    total, rest = Jet(evaluator.field, {}), Jet.number(evaluator.field, 1)
    for number, (value, case) in enumerate(node.branches):
        here = rest if case is None else rest * condition(evaluator, case)
        if here.base().any():  # elsewhere the value need not be defined
            evaluator.point.branches.add((node.span, number))
            total = total + here * evaluator.visit(value)
            rest = rest - here
    if rest.base().any():
        raise ClaimError("none of the cases says what the value is", node.span, "undecided")
    return total

"""Functions that the text leaves general, U(X) and g'(u): random Taylor coefficients at every point."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from ..arithmetic.contraction import contract
from ..arithmetic.jets import Jet
from ..arithmetic.tensors import unit_matrix
from ..language.nodes import (
    Apply,
    Letter,
)

if TYPE_CHECKING:
    from .evaluate import Evaluator


def application(evaluator: Evaluator, node: Apply) -> Jet:
    """f(a), or with primes f'(a)."""
    return function(
        evaluator, node.function, [evaluator.visit(argument) for argument in node.arguments], node.primes
    )


def function(evaluator: Evaluator, letter: Letter, arguments: list[Jet], primes: int) -> Jet:
    """A random function: at every point its Taylor coefficients are random, f(a + v) = sum_k W_k v^k."""
    labels = sorted({label for value in arguments if 0 in value.parts for label in value.parts[0][0]})
    if not labels:
        return taylor(evaluator, letter, arguments, primes)
    total = Jet(evaluator.field, {})
    for place in product(*(range(evaluator.range(label)) for label in labels)):
        here = arguments
        for label, position in zip(labels, place, strict=True):
            here = [value.at(label, position) for value in here]
        units = [
            evaluator.unit(label, evaluator.range(label)).entry(position, 0)
            for label, position in zip(labels, place, strict=True)
        ]
        total = total + contract([taylor(evaluator, letter, here, primes), *units], {})
    return total


def taylor(evaluator: Evaluator, letter: Letter, arguments: list[Jet], primes: int) -> Jet:
    """The primes-th derivative of sum_k W_k v^k, with v the nilpotent part of the arguments, a row."""
    size = evaluator.letter_size(letter)
    key = (letter, *map(_point, arguments))
    row, length = nilpotent_row(evaluator, letter, arguments)
    total, power = Jet(evaluator.field, {}), None
    for order in range(row.levels() + 1):
        factor = 1
        for step in range(order + 1, order + primes + 1):
            factor *= step
        factor_of = coefficient(evaluator, key, order + primes, length, size)
        term = factor_of if power is None else power @ factor_of
        total = total + (term.times(evaluator.field.number(factor)) if primes else term)
        if order < row.levels():
            power = row if power is None else power.kronecker(row)
    return total.reshape(size)


def nilpotent_row(evaluator: Evaluator, letter: Letter, arguments: list[Jet]) -> tuple[Jet, int]:
    """The nilpotent parts of the arguments as one row, and its length."""
    declared = evaluator.shapes.scope.declaration(letter).arguments
    sizes = [value.base().shape[-2:] if 0 in value.parts else None for value in arguments]
    sizes = [
        size or (evaluator.letter_size(declared[k]) if declared else (1, 1)) for k, size in enumerate(sizes)
    ]
    lengths = [rows * columns for rows, columns in sizes]
    total, start = Jet(evaluator.field, {}), 0
    for value, length in zip(arguments, lengths, strict=True):
        row = value.nilpotent().reshape((1, length))
        if len(arguments) > 1:
            place = unit_matrix(sum(lengths), evaluator.field.dtype)[start : start + length]
            row, start = row @ Jet.constant(evaluator.field, place), start + length
        total = total + row
    return total, sum(lengths)


def coefficient(evaluator: Evaluator, key: tuple, order: int, length: int, size: tuple[int, int]) -> Jet:
    """W_k of a function at a point: one row of output for every product of k entries of the argument."""
    if (key, order) not in evaluator.point.coefficients:
        evaluator.point.shapes[key[0]] = size
        data = evaluator.draw(key[0], size, (length**order,) if order else ())
        evaluator.point.coefficients[key, order] = Jet.constant(
            evaluator.field, data.reshape(length**order, size[0] * size[1])
        )
    return evaluator.point.coefficients[key, order]


def _point(argument: Jet) -> tuple:
    """What tells the value of an argument from another."""
    base = argument.base()
    return base.shape, str(base.tolist()) if base.dtype == object else base.tobytes()

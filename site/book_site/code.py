"""The right side of an identity as code, for NumPy and for SymPy, written from matproof's trees.

In NumPy a vector is a one-dimensional array, which has no orientation, so that a row and a column are written
alike; in SymPy it is a column. A derivative of a letter, dU/dx, is written `dU`. What has no code, a printed
matrix or an unknown function, is None: there is no code in the book that a test has not run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matproof import Claim
from matproof.about.layouts import SCALAR, chains, extent
from matproof.language import nodes
from matproof.language.nodes import Letter, Node
from matproof.language.scope import Scope

COLUMN, ROW = (False, True), (True, False)
KINDS = ("scalar", "vector", "matrix", "integer")
# How tightly a piece of code holds together: what is looser than its surroundings is put in brackets.
LOOSE, FACTORS, TIGHT = range(3)
Code = tuple[str, int]


class NoCodeError(ValueError):
    """A part of a formula that has no code."""


@dataclass(frozen=True)
class Dialect:
    """How the operations are written; a template takes the code of the parts. Calls go by their names."""

    name: str
    times: str
    templates: dict[type[Node] | str, str]
    has_orientation: bool


NUMPY = Dialect(
    "numpy",
    " @ ",
    {
        "tr": "np.trace({})",
        "det": "np.linalg.det({})",
        nodes.Inverse: "np.linalg.inv({})",
        nodes.Norm: "np.linalg.norm({})",
        "exp": "np.exp({})",
        "log": "np.log(np.abs({}))",
        nodes.Power: "np.linalg.matrix_power({}, {})",
        nodes.Identity: "np.eye({})",
        nodes.Hadamard: "{} * {}",
    },
    has_orientation=False,
)
SYMPY = Dialect(
    "sympy",
    " * ",
    {
        "tr": "Trace({})",
        "det": "Determinant({})",
        nodes.Inverse: "Inverse({})",
        "exp": "exp({})",
        "log": "log(abs({}))",
        nodes.Identity: "Identity({})",
        nodes.Hadamard: "HadamardProduct({}, {})",
    },
    has_orientation=True,
)


def expression(node: Node | None, scope: Scope, dialect: Dialect) -> str | None:
    """The code of a tree, or None."""
    if node is None:
        return None
    try:
        return _code(node, scope, dialect)[0]
    except NoCodeError:
        return None


def both_sides(claim: Claim, dialect: Dialect) -> tuple[str, str] | None:
    """The code of what an identity differentiates and of its right side, or None unless both have one."""
    if not isinstance(claim.lhs, nodes.Derivative) or not isinstance(claim.lhs.by[0], Letter):
        return None
    if len(claim.lhs.by) != 1 or claim.scope.definition(claim.lhs.by[0]):
        return None
    of, slope = (expression(side, claim.scope, dialect) for side in (claim.lhs.of, claim.rhs))
    return (of, slope) if of is not None and slope is not None else None


def _code(node: Node, scope: Scope, dialect: Dialect) -> Code:
    rule = _RULES.get(type(node))
    if rule is None:
        raise NoCodeError(type(node).__name__)
    return rule(node, scope, dialect)


def _within(node: Node, least: int, scope: Scope, dialect: Dialect) -> str:
    """The code of a part, in brackets if it is looser than that."""
    text, level = _code(node, scope, dialect)
    return text if level >= least else f"({text})"


def name(letter: Letter) -> str:
    r"""A letter as an identifier: X for \mathbf{X}, mu for \mu."""
    identifier = letter.name.removeprefix("\\")
    return f"{identifier}_" if identifier == "lambda" else identifier


def _letter(node: Letter, scope: Scope, dialect: Dialect) -> Code:
    definition = scope.definition(node)
    if definition is None:
        found = scope.declaration(node)
        if node in scope.sizes:
            return name(node), TIGHT
        if (
            found is None
            or found.kind not in KINDS
            or not all(_is_scalar(on, scope) for on in found.arguments)
        ):
            raise NoCodeError("an unknown function")
        return name(node), TIGHT
    if definition.parameters:
        raise NoCodeError("a function")
    return _code(definition.body, scope, dialect)


def _is_scalar(letter: Letter, scope: Scope) -> bool:
    return extent(letter, scope) == SCALAR


def _sum(node: nodes.Sum, scope: Scope, dialect: Dialect) -> Code:
    text = _within(node.terms[0], FACTORS, scope, dialect)
    for term in node.terms[1:]:
        part = _within(term.of if isinstance(term, nodes.Negative) else term, FACTORS, scope, dialect)
        text += f" {'-' if isinstance(term, nodes.Negative) else '+'} {part}"
    return text, LOOSE


def _negative(node: nodes.Negative, scope: Scope, dialect: Dialect) -> Code:
    return "-" + _within(node.of, FACTORS, scope, dialect), FACTORS


def _product(node: nodes.Product, scope: Scope, dialect: Dialect) -> Code:
    """Scalars first; what has a shape last, as in `matproof.about.layouts.chains`."""
    parts = [_chain(chain, scope, dialect) for chain in chains(node, scope)[0]]
    return " * ".join(text if level >= FACTORS else f"({text})" for text, level in parts), FACTORS


def _chain(factors: list[Node], scope: Scope, dialect: Dialect) -> Code:
    """A product of matrices and vectors."""
    if len(factors) == 1:
        return _code(factors[0], scope, dialect)
    extents = [extent(factor, scope) for factor in factors]
    for cut in range(1, len(factors)):
        outer = extents[0][0] is False and extents[cut - 1] == COLUMN and extents[cut] == ROW
        if outer and not dialect.has_orientation:
            left, right = (_chain(part, scope, dialect)[0] for part in (factors[:cut], factors[cut:]))
            return f"np.outer({left}, {right})", TIGHT
    text = dialect.times.join(_within(factor, TIGHT, scope, dialect) for factor in factors)
    if dialect.has_orientation and extents[0][0] and extents[-1][1]:
        return f"({text})[0, 0]", TIGHT
    return text, FACTORS


def _transpose(node: nodes.Transpose, scope: Scope, dialect: Dialect) -> Code:
    text = _within(node.of, TIGHT, scope, dialect)
    plain = SCALAR if dialect.has_orientation else (COLUMN, ROW, SCALAR)
    return (text if extent(node.of, scope) in plain else f"{text}.T"), TIGHT


def _power(node: nodes.Power, scope: Scope, dialect: Dialect) -> Code:
    base, exponent = (_code(part, scope, dialect) for part in (node.base, node.exponent))
    template = dialect.templates.get(nodes.Power)
    if template and extent(node.base, scope) != SCALAR:
        return template.format(base[0], exponent[0]), TIGHT
    texts = [text if level == TIGHT else f"({text})" for text, level in (base, exponent)]
    return " ** ".join(texts), FACTORS


def _fraction(node: nodes.Fraction, scope: Scope, dialect: Dialect) -> Code:
    top = _within(node.numerator, FACTORS, scope, dialect)
    return f"{top} / {_within(node.denominator, TIGHT, scope, dialect)}", FACTORS


def _inverse(node: nodes.Inverse, scope: Scope, dialect: Dialect) -> Code:
    if extent(node.of, scope) == SCALAR:
        return f"1 / {_within(node.of, TIGHT, scope, dialect)}", FACTORS
    return _filled(nodes.Inverse, node.of, scope, dialect), TIGHT


def _call(node: nodes.Call, scope: Scope, dialect: Dialect) -> Code:
    (argument,) = node.arguments if len(node.arguments) == 1 else (None,)
    if argument is None or (node.operation in ("exp", "log") and extent(argument, scope) != SCALAR):
        raise NoCodeError("several arguments, or a function of a matrix")
    return _filled(node.operation, argument, scope, dialect), TIGHT


def _filled(operation: type[Node] | str, argument: Node, scope: Scope, dialect: Dialect) -> str:
    """The template of an operation with one argument, filled in."""
    template = dialect.templates.get(operation)
    if template is None:
        raise NoCodeError(f"{operation} in {dialect.name}")
    return template.format(_code(argument, scope, dialect)[0])


def _hadamard(node: nodes.Hadamard, scope: Scope, dialect: Dialect) -> Code:
    text = _within(node.factors[0], TIGHT, scope, dialect)
    for factor in node.factors[1:]:
        text = dialect.templates[nodes.Hadamard].format(text, _within(factor, TIGHT, scope, dialect))
    return text, TIGHT if dialect.has_orientation else LOOSE


def _identity(node: nodes.Identity, scope: Scope, dialect: Dialect) -> Code:
    if not isinstance(node.size, Letter):
        raise NoCodeError("an identity matrix of a size that is not written")
    return dialect.templates[nodes.Identity].format(_size(node.size, scope, dialect)), TIGHT


def _size(size: Letter, scope: Scope, dialect: Dialect) -> str:
    """A size; in NumPy, where no letter stands for it, that of an array which has it."""
    if dialect.has_orientation:
        return name(size)
    for found in scope.declarations:
        if found.kind in ("matrix", "vector") and size in found.dimensions:
            return f"{name(found.letter)}.shape[{found.dimensions.index(size)}]"
    raise NoCodeError("a size that no array has")


def _bounded_sum(node: nodes.BoundedSum, scope: Scope, dialect: Dialect) -> Code:
    if (
        node.lower is None
        or node.upper is None
        or dialect.has_orientation
        or not isinstance(node.index, Letter)
    ):
        raise NoCodeError("a sum over a range that is not written")
    lower, upper, body = (_code(part, scope, dialect)[0] for part in (node.lower, node.upper, node.body))
    end = upper.removesuffix(" - 1") if upper.endswith(" - 1") else f"{upper} + 1"
    bounds = end if lower == "0" else f"{lower}, {end}"
    return f"sum({body} for {name(node.index)} in range({bounds}))", TIGHT


def _derivative(node: nodes.Derivative, scope: Scope, dialect: Dialect) -> Code:
    """The derivative of a function of a scalar, where it is a letter: dU."""
    letter, by = node.of, node.by[0]
    if len(node.by) == 1 and isinstance(letter, Letter) and isinstance(by, Letter) and _is_scalar(by, scope):
        found = scope.declaration(letter)
        if found is not None and found.arguments == node.by:
            return f"d{name(letter)}", TIGHT
    raise NoCodeError("a derivative that is not a letter's")


_RULES: dict[type[Node], Callable[[Any, Scope, Dialect], Code]] = {
    nodes.Letter: _letter,
    nodes.Number: lambda node, scope, dialect: (str(node.value), TIGHT),
    nodes.Sum: _sum,
    nodes.Negative: _negative,
    nodes.Product: _product,
    nodes.Transpose: _transpose,
    nodes.Power: _power,
    nodes.Fraction: _fraction,
    nodes.Inverse: _inverse,
    nodes.Norm: lambda node, scope, dialect: (_filled(nodes.Norm, node.of, scope, dialect), TIGHT),
    nodes.Call: _call,
    nodes.Hadamard: _hadamard,
    nodes.Identity: _identity,
    nodes.BoundedSum: _bounded_sum,
    nodes.Derivative: _derivative,
}

r"""The same claim in the other layout: numerator and denominator layout differ by transposes.

A derivative by a vector or a matrix is in one layout the transpose of what it is in the other; a derivative
by a scalar or by an entry, and a matrix of second derivatives, are the same in both. So a claim is carried
over by transposing those derivatives, and then both of its sides if its left side is simpler that way.
Transposes are pushed down to the letters: (A X b)^T becomes b^T X^T A^T.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal, TypeVar

from ..language.claims import Claim
from ..language.integers import ClaimError
from ..language.nodes import (
    Apply,
    AtPoint,
    BoundedSum,
    Call,
    Cases,
    Delta,
    Derivative,
    Dots,
    DottedSums,
    Entry,
    ExplicitMatrix,
    Fraction,
    Hadamard,
    Identity,
    Indexed,
    Infinity,
    Inverse,
    Kronecker,
    Letter,
    Negative,
    Node,
    Norm,
    Number,
    Power,
    Product,
    ReadError,
    SingleEntry,
    Sum,
    Transpose,
    Zero,
    rebuilt,
    substitute,
    walk,
)
from ..language.operations import operation
from ..language.printing import to_latex
from ..language.scope import Definition, Layout, Scope
from ..read.grammar import parse

_SELF_TRANSPOSED = (Identity, Zero)
# Nodes with the shape of one of their parts.
_LIKE = {Negative: "of", Inverse: "of", Power: "base", Fraction: "numerator"} | {
    BoundedSum: "body", DottedSums: "body", AtPoint: "of",
}  # fmt: skip
_SCALARS = (Number, Infinity, Indexed, Entry, Delta, Norm, Dots)

Extent = tuple[bool, bool]  # whether a node has only one row, only one column; declared sizes are at least 2
_OTHER: dict[Layout, Layout] = {"numerator": "denominator", "denominator": "numerator"}
Rule = Callable[[Any, Scope], Extent]
Turn = Callable[[Any, Scope], Node]
Found = TypeVar("Found")
SCALAR: Extent = (True, True)


def other_layout(claim: Claim, after: Claim | None = None) -> Claim:
    """The claim that says in the other layout what this one says in its own.

    Where a chain of equalities goes on, `after` is its claim before this one, in the other layout. Raises
    ValueError for a claim that could not be read, and for one about a shape.
    """
    if claim.lhs is None or claim.rhs is None or claim.relation == "in":
        raise ValueError(f"only a relation that was understood has another layout, not {claim.latex!r}")
    scope = claim.scope
    definitions = tuple(
        replace(found, body=carried_over(found.body, _inside_of(found, scope))) for found in scope.definitions
    )
    there = replace(scope, layout=_OTHER[scope.layout], definitions=definitions)
    lhs, rhs = carried_over(claim.lhs, scope), carried_over(claim.rhs, scope)
    turned = transposed(lhs, there)
    changed = (lhs, rhs) != (claim.lhs, claim.rhs)
    goes_on = after is not None and after.rhs == turned != lhs
    if goes_on or (changed and _transposes(turned) < _transposes(lhs)):
        lhs, rhs = turned, transposed(rhs, there)
    sign = "=" if claim.relation == "=" else r"\neq"
    latex = f"{readable(lhs, there)} {sign} {readable(rhs, there)}"
    return replace(claim, lhs=lhs, rhs=rhs, scope=there, latex=latex)


def _inside_of(definition: Definition, scope: Scope) -> Scope:
    """What holds in the body of a definition: its parameters are what they were declared as there."""
    own = {found.letter for found in definition.declarations}
    others = tuple(found for found in scope.declarations if found.letter not in own)
    return replace(scope, declarations=(*others, *definition.declarations))


def _transposes(node: Node) -> int:
    return sum(isinstance(part, Transpose) for part in walk(node))


_LOW_BRACKETS = re.compile(r"\\left\(((?:(?!\\left|\\right|\\frac|\\sum|\\begin).)*)\\right\)")


def readable(node: Node, scope: Scope) -> str:
    r"""LaTeX of a tree as one would write it by hand: low brackets, and no \cdot where none is needed."""
    cautious = to_latex(node)
    plain, found = cautious.replace(r"\cdot \left(", r"\left("), 1
    while found:
        plain, found = _LOW_BRACKETS.subn(r"(\1)", plain)
    try:
        return plain if parse(plain, scope) == node else cautious
    except ReadError:
        return cautious


def carried_over(node: Node, scope: Scope) -> Node:
    """A tree of the same value in the other layout; `scope` is that of the layout it is written in."""
    there = replace(scope, layout=_OTHER[scope.layout])

    def carry(part: Node) -> Node:
        changed = rebuilt(part, carry)
        if isinstance(part, Derivative) and _depends_on_layout(part, scope):
            return Transpose(changed)
        if changed == part:
            return part
        if isinstance(changed, Transpose):
            return transposed(changed.of, there)
        if isinstance(changed, Entry) and isinstance(changed.of, Transpose):
            return replace(changed, of=changed.of.of, indices=changed.indices[::-1])
        return changed

    return carry(node)


def _depends_on_layout(node: Derivative, scope: Scope) -> bool:
    """Whether a derivative is one by a vector or a matrix, and not one of second order."""
    return len(node.by) == 1 and extent(node.by[0], scope) != SCALAR


# ---------------------------------------------------------------------------------------------- shapes


def extent(node: Node, scope: Scope) -> Extent:
    """Whether a node has only one row, and only one column, by the declarations; sizes are at least 2."""
    return _rule_for(node, _EXTENTS)(node, scope)


def _rule_for(node: Node, rules: Mapping[type[Node], Found]) -> Found:
    """A rule for a node; without one, no formula is guessed."""
    if type(node) not in rules:
        text = f"no rule says what {type(node).__name__} is in the other layout"
        raise ClaimError(text, node.span, "undecided")
    return rules[type(node)]


def _extent_of_letter(letter: Letter, scope: Scope) -> Extent:
    definition, declaration = scope.definition(letter), scope.declaration(letter)
    if definition is not None:
        return extent(definition.body, scope)
    kind = declaration.kind if declaration is not None else ""
    return kind not in ("matrix", "vector", "single-entry"), kind not in ("matrix", "single-entry")


def _extent_of_terms(terms: tuple[Node, ...], scope: Scope) -> Extent:
    """That of the first term; a zero takes its shape from the others, and dots have none."""
    shaped = [term for term in terms if not isinstance(term, Zero | Dots)]
    return extent(shaped[0] if shaped else terms[0], scope)


def chains(node: Product, scope: Scope) -> tuple[list[list[Node]], Extent]:
    """The factors, cut where a product has become a scalar, and the extent of the whole.

    Scalars stand first and alone, the chain that gives the product its shape last: `Shapes.product` does
    the same with sizes.
    """
    found: list[list[Node]] = []
    rows, columns = SCALAR
    for factor in node.factors:
        of_factor = extent(factor, scope)
        if isinstance(factor, Dots) and (rows, columns) != SCALAR:
            found[-1].append(factor)  # between matrices they stand for matrices
        elif of_factor == SCALAR:
            found.insert(len(found) - ((rows, columns) != SCALAR), [factor])
        elif (rows, columns) == SCALAR:
            found.append([factor])
            rows, columns = of_factor
        else:
            found[-1].append(factor)
            columns = of_factor[1]
    return found, (rows, columns)


def _extent_of_derivative(node: Derivative, scope: Scope) -> Extent:
    of, by = extent(node.of, scope), [extent(variable, scope) for variable in node.by]
    if all(each == SCALAR for each in by):
        return of
    if len(by) == 2:
        return False, False
    result = by[0][::-1] if of == SCALAR else (False, False)
    return result if scope.layout == "numerator" else result[::-1]


def _extent_of_printed(node: ExplicitMatrix, scope: Scope) -> Extent:
    one_row = len(node.rows) == 1 and extent(node.rows[0][0], scope)[0]
    wide = any(len(row) > 1 for row in node.rows)
    return one_row, not wide and extent(node.rows[0][0], scope)[1]


def _extent_of_apply(node: Apply, scope: Scope) -> Extent:
    written_out = _written_out(node, scope)
    return _extent_of_letter(node.function, scope) if written_out is None else extent(written_out, scope)


def _written_out(node: Apply, scope: Scope) -> Node | None:
    """The body of a function that was defined, at the arguments."""
    definition = scope.definition(node.function)
    if definition is None or len(definition.parameters) != len(node.arguments):
        return None
    return substitute(definition.body, dict(zip(definition.parameters, node.arguments, strict=True)))


def _extent_of_call(node: Call, scope: Scope) -> Extent:
    """By the signature: a size is 1 where all of its letters are."""
    shape, ones = operation(node).shape, set()
    for argument, dimensions in zip(node.arguments, shape.arguments, strict=True):
        for size, one in zip(dimensions, extent(argument, scope), strict=True):
            ones |= set(size.names()) if one else set()
    return ones.issuperset(shape.result[0].names()), ones.issuperset(shape.result[1].names())


def _extent_of(name: str) -> Callable[[Node, Scope], Extent]:
    return lambda node, scope: extent(getattr(node, name), scope)


_EXTENTS: dict[type[Node], Rule] = {
    **{kind: _extent_of(name) for kind, name in _LIKE.items()},
    **dict.fromkeys(_SCALARS, lambda node, scope: SCALAR),
    **dict.fromkeys((SingleEntry, Identity, Zero, Kronecker), lambda node, scope: (False, False)),
    Letter: _extent_of_letter,
    Apply: _extent_of_apply,
    Transpose: lambda node, scope: extent(node.of, scope)[::-1],
    Sum: lambda node, scope: _extent_of_terms(node.terms, scope),
    Hadamard: lambda node, scope: _extent_of_terms(node.factors, scope),
    Cases: lambda node, scope: _extent_of_terms(tuple(value for value, _ in node.branches), scope),
    Product: lambda node, scope: chains(node, scope)[1],
    Derivative: _extent_of_derivative,
    ExplicitMatrix: _extent_of_printed,
    Call: _extent_of_call,
}


# ------------------------------------------------------------------------------------------- transposes


def transposed(node: Node, scope: Scope) -> Node:
    """The transpose of a tree, with transposes pushed down to the letters; a scalar stays as it is."""
    if isinstance(node, Transpose):
        return node.of
    if isinstance(node, _SELF_TRANSPOSED) or extent(node, scope) == SCALAR:
        return node
    return _rule_for(node, _TRANSPOSED)(node, scope)


def _inside(name: str) -> Turn:
    """A node whose transpose is the same node of a transposed part."""

    def rule(node: Any, scope: Scope) -> Node:
        turned: Node = replace(node, **{name: transposed(getattr(node, name), scope)})
        return turned

    return rule


def _in_each(name: str) -> Turn:
    """The same for parts whose order does not matter: A + A^T is its own transpose."""

    def rule(node: Any, scope: Scope) -> Node:
        parts = tuple(transposed(part, scope) for part in getattr(node, name))
        same = Counter(parts) == Counter(getattr(node, name))
        turned: Node = node if same else replace(node, **{name: parts})
        return turned

    return rule


def _of_call(node: Call, scope: Scope) -> Node:
    """By the row of the operation."""
    row = operation(node)
    if row.transposed == "inside":
        return replace(node, arguments=tuple(transposed(argument, scope) for argument in node.arguments))
    return node if row.transposed == "same" else Transpose(node)


def _of_apply(node: Apply, scope: Scope) -> Node:
    """By what its definition makes of transposes: itself, itself of transposed arguments, or neither."""
    written_out = _written_out(node, scope)
    if written_out is None or node.primes:
        return Transpose(node)
    turned = _settled(transposed(written_out, scope), scope)
    inside = replace(node, arguments=tuple(transposed(argument, scope) for argument in node.arguments))
    for candidate in (node, inside):
        of_candidate = _written_out(candidate, scope)
        if of_candidate is not None and _settled(of_candidate, scope) == turned:
            return candidate
    return Transpose(node)


def _settled(node: Node, scope: Scope) -> Node:
    """The same for trees that differ in the order of terms, and in how far transposes are pushed down."""

    def ordered(part: Node) -> Node:
        part = rebuilt(part, ordered)
        return replace(part, terms=tuple(sorted(part.terms, key=to_latex))) if isinstance(part, Sum) else part

    return ordered(transposed(transposed(node, scope), scope))


def _of_letter(node: Letter, scope: Scope) -> Node:
    declaration = scope.declaration(node)
    return node if declaration is not None and declaration.symmetric else Transpose(node)


def _of_product(node: Product, scope: Scope) -> Node:
    """Scalars first, then the matrices in reverse order."""
    *scalars, shaped = chains(node, scope)[0]
    factors = [factor for chain in scalars for factor in chain]
    factors += [transposed(factor, scope) for factor in reversed(shaped)]
    return Product(tuple(factors)) if len(factors) > 1 else factors[0]


def _of_inverse(node: Inverse, scope: Scope) -> Node:
    r"""X^{-\top}, unless X is symmetric: the text says of X, not of its transpose, that it is invertible."""
    return node if transposed(node.of, scope) == node.of else Transpose(node)


def _of_single_entry(node: SingleEntry, scope: Scope) -> Node:
    """J^{ji}; but a declaration fixes the shape of J for both."""
    declared = scope.declaration(Letter("J", True)) is not None
    return Transpose(node) if declared else replace(node, row=node.column, column=node.row)


def _of_derivative(node: Derivative, scope: Scope) -> Node:
    """By scalars entry by entry; second derivatives by vectors change places; else a transpose stays."""
    if all(extent(variable, scope) == SCALAR for variable in node.by):
        return replace(node, of=transposed(node.of, scope))
    if len(node.by) == 2 and isinstance(node.by[1], Transpose):
        return replace(node, by=(node.by[1].of, Transpose(node.by[0])))
    return Transpose(node)


_TURNED: dict[Literal["c", "v", "d"], Literal["c", "v", "d"]] = {"c": "v", "v": "c", "d": "d"}


def _of_printed(node: ExplicitMatrix, scope: Scope) -> Node:
    """Rows become columns, and horizontal dots vertical ones."""
    if len({len(row) for row in node.rows}) > 1:
        return Transpose(node)  # a row of vertical dots only

    def turned(cell: Node) -> Node:
        return replace(cell, kind=_TURNED[cell.kind]) if isinstance(cell, Dots) else transposed(cell, scope)

    return replace(node, rows=tuple(tuple(map(turned, column)) for column in zip(*node.rows, strict=True)))


def _of_kronecker(node: Kronecker, scope: Scope) -> Node:
    return replace(node, factors=tuple(transposed(factor, scope) for factor in node.factors))


def _of_cases(node: Cases, scope: Scope) -> Node:
    return replace(node, branches=tuple((transposed(value, scope), when) for value, when in node.branches))


_TRANSPOSED: dict[type[Node], Turn] = {
    **{kind: _inside(name) for kind, name in _LIKE.items()},
    Sum: _in_each("terms"),
    Hadamard: _in_each("factors"),
    Kronecker: _of_kronecker,
    Letter: _of_letter,
    Product: _of_product,
    Inverse: _of_inverse,
    SingleEntry: _of_single_entry,
    Derivative: _of_derivative,
    ExplicitMatrix: _of_printed,
    Cases: _of_cases,
    Call: _of_call,
    Apply: _of_apply,
}

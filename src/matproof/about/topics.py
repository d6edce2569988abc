"""What a claim is about, read off its tree: the kind of derivative, and words under which to look for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..language.claims import Claim
from ..language.nodes import (
    Apply,
    BoundedSum,
    Call,
    Delta,
    Derivative,
    Entry,
    Hadamard,
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
    SingleEntry,
    Sum,
    Transpose,
    children,
    walk,
)
from ..language.operations import OPERATIONS
from ..language.scope import Scope
from .hypotheses import used
from .layouts import SCALAR, extent

# From the special to the general: the first that fits a derivative is its kind.
KINDS = ("by vector", "by entry", "of trace", "by matrix", "by scalar", "none")

_WORDS = {
    Norm: "norm",
    Hadamard: "Hadamard product",
    Kronecker: "Kronecker product",
    Delta: "Kronecker delta",
    SingleEntry: "single-entry matrix",
}


def derivative_kind(claims: list[Claim]) -> str:
    """What is differentiated by what in some claims that belong together: one of `KINDS`.

    "by vector" is by a vector or one of its entries, "by entry" by one of a matrix; "of trace" is a scalar
    with a trace in it, by a matrix or a scalar; "by matrix" is any other scalar by a matrix, "by scalar" a
    scalar, vector or matrix by a scalar.
    """
    kinds = {_kind(part, claim.scope) for claim in claims for part in derivatives(claim)}
    return min(kinds or {"none"}, key=KINDS.index)


def derivatives(claim: Claim) -> Iterator[Derivative]:
    """The derivatives in a claim's left side; where it has none, in its right side."""
    for side in filter(None, (claim.lhs, claim.rhs)):
        found = [part for part in walk(side) if isinstance(part, Derivative)]
        if found:
            yield from found
            return


def _kind(node: Derivative, scope: Scope) -> str:
    variable = node.by[0]
    letter = variable.of if isinstance(variable, Entry) else variable
    if extent(letter, scope) in ((False, True), (True, False)):
        return "by vector"
    if isinstance(variable, Entry):
        return "by entry"
    if any(isinstance(part, Call) and part.operation == "tr" for part in unfolded(node.of, scope)):
        return "of trace"
    return "by scalar" if extent(letter, scope) == SCALAR else "by matrix"


def unfolded(node: Node, scope: Scope) -> Iterator[Node]:
    """Everything in a tree, and in the definitions of its letters."""
    for part in walk(node):
        yield part
        definition = scope.definition(part) if isinstance(part, Letter) else None
        if definition is not None:
            yield from unfolded(definition.body, scope)


def topics(claims: list[Claim]) -> list[str]:
    """Words under which some claims that belong together can be looked for, in alphabetical order."""
    found = {word for claim in claims for word in _topics(claim)}
    return sorted(found, key=str.lower)


def _topics(claim: Claim) -> Iterator[str]:
    scope = claim.scope
    for part in (part for side in filter(None, (claim.lhs, claim.rhs)) for part in unfolded(side, scope)):
        if isinstance(part, Call) and part.operation in OPERATIONS:
            yield OPERATIONS[part.operation].topic
        if type(part) in _WORDS:
            yield _WORDS[type(part)]
        yield from (word for word, fits in _TOPICS.items() if fits(part, scope))
    if any(declaration.symmetric for declaration in used(claim)[0]):
        yield "symmetric matrix"
    for derivative in derivatives(claim):
        yield from _form(derivative, scope)


def _is_inverse(node: Node, scope: Scope) -> bool:
    """Of a matrix: an inverse, or a power with a negative exponent."""
    if isinstance(node, Power) and isinstance(node.exponent, Negative):
        return extent(node.base, scope) != SCALAR
    return isinstance(node, Inverse) and extent(node.of, scope) != SCALAR


def _is_chain_rule(node: Node, scope: Scope) -> bool:
    """A derivative of a function by its argument: by a letter that depends on others, or with a prime."""
    if isinstance(node, Apply):
        return node.primes > 0
    if not isinstance(node, Derivative) or not isinstance(node.by[0], Letter):
        return False
    declaration = scope.declaration(node.by[0])
    depends = declaration is not None and bool(declaration.arguments)
    return depends or scope.definition(node.by[0]) is not None


_TOPICS: dict[str, Callable[[Node, Scope], bool]] = {
    "inverse": _is_inverse,
    "power": lambda node, scope: isinstance(node, Power) and extent(node.base, scope) == (False, False),
    "power series": lambda node, scope: isinstance(node, BoundedSum) and isinstance(node.upper, Infinity),
    "chain rule": _is_chain_rule,
    "second derivative": lambda node, scope: isinstance(node, Derivative) and len(node.by) > 1,
}


# -------------------------------------------------------------------------------- linear and quadratic


def _form(node: Derivative, scope: Scope) -> Iterator[str]:
    """The kind of polynomial that a scalar is in the variable it is differentiated by."""
    variable = node.by[0].of if isinstance(node.by[0], Entry) else node.by[0]
    if extent(node.of, scope) != SCALAR or extent(variable, scope) == SCALAR or isinstance(node.of, Entry):
        return
    degree = _degree(node.of, variable, scope)
    if degree == 2:
        yield "quadratic form"
    elif degree == 1:
        bilinear = any(_is_bilinear(part, scope) for part in unfolded(node.of, scope))
        yield "bilinear form" if bilinear else "linear form"


def _is_bilinear(node: Node, scope: Scope) -> bool:
    """A row times a matrix times a column."""
    if not isinstance(node, Product):
        return False
    ends = extent(node.factors[0], scope), extent(node.factors[-1], scope)
    inner = [extent(factor, scope) for factor in node.factors[1:-1]]
    return ends == ((True, False), (False, True)) and (False, False) in inner


def _degree(node: Node, variable: Node, scope: Scope) -> int | None:
    """The degree of a polynomial in the entries of a variable; None for what is none, or is not known."""
    if node == variable:
        return 1
    definition = scope.definition(node) if isinstance(node, Letter) else None
    if definition is not None:
        return _degree(definition.body, variable, scope)
    declaration = scope.declaration(node) if isinstance(node, Letter) else None
    if declaration is not None and variable in declaration.arguments:
        return None
    degrees = [_degree(part, variable, scope) for part in children(node)]
    parts = [degree for degree in degrees if degree is not None]
    if len(parts) < len(degrees):
        return None
    if isinstance(node, Product | Hadamard | Kronecker):
        return sum(parts)
    if isinstance(node, Power) and parts[0]:
        return parts[0] * node.exponent.value if isinstance(node.exponent, Number) else None
    if isinstance(node, Call) and any(parts):
        row = OPERATIONS.get(node.operation)
        factor = row.degree.constant() if row is not None and row.degree is not None else None
        return factor * max(parts) if factor is not None else None
    if isinstance(node, Sum | Negative | Transpose | Norm):
        return max(parts)
    return None if any(parts) else 0

"""The key of a formula: equal for formulas that differ in the names of letters, or by turns under a trace.

`theme/static/formula-reader.js` makes the same keys of what a reader types; a test compares the two. A term
is a list: ["l", name, transposed], ["inv", term], ["pow", term], ["prod", terms], ["sum", terms],
["tr", factors], ["f", name, terms]. Signs and numbers are left out, a squared norm is a trace, and so is a
row times a column. A capital is a matrix, any other letter a vector: a reader's formula says no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, product
from typing import Any

from matproof.language import nodes
from matproof.language.nodes import Letter, Node
from matproof.language.scope import Scope

Term = list[Any]
MOST = 64
TURNED_INSIDE = ("had", "exp", "adj")
SQUARES = (2, 3)


class NoKeyError(ValueError):
    """A part of a formula that nobody types."""


def key(node: Node, variable: Node | None, scope: Scope) -> str | None:
    """The key of a formula in which the variable is known, or None."""
    letter = variable.of if isinstance(variable, nodes.Entry | nodes.Transpose) else variable
    name = _name(letter) if isinstance(letter, Letter) else ""
    try:
        return min(_numbered(variant, name) for variant in _variants(_term(node, scope)))
    except NoKeyError:
        return None


def _name(letter: Letter) -> str:
    return letter.name.removeprefix("\\")


def _is_column(term: Term) -> bool:
    match term:
        case ["l", name, turned]:
            return not turned and not name[0].isupper()
        case ["prod", parts]:
            return _is_column(parts[-1]) and not _is_column(_turned(parts[0]))
        case ["sum", parts]:
            return _is_column(parts[0])
    return False


def _turned(term: Term) -> Term:
    match term:
        case ["l", name, turned]:
            return ["l", name, not turned]
        case ["prod", parts]:
            return ["prod", [_turned(part) for part in reversed(parts)]]
        case ["sum", parts]:
            return ["sum", [_turned(part) for part in parts]]
        case ["inv" | "pow" as kind, of]:
            return [kind, _turned(of)]
        case ["f", name, parts] if name in TURNED_INSIDE:
            return ["f", name, [_turned(part) for part in parts]]
    return term


def _product(factors: list[Term]) -> Term:
    flat: list[Term] = []
    for factor in factors:
        flat += factor[1] if factor[0] == "prod" else [factor]
    if len(flat) == 1:
        return flat[0]
    scalar = flat and _is_column(_turned(flat[0])) and _is_column(flat[-1])
    return ["tr" if scalar else "prod", flat]


def _trace(term: Term) -> Term:
    return term if term[0] == "tr" else ["tr", term[1] if term[0] == "prod" else [term]]


def _square(term: Term) -> Term:
    return _trace(_product([_turned(term), term]))


def _sum(terms: list[Term]) -> Term:
    return terms[0] if len(terms) == 1 else ["sum", sorted(terms, key=_anonymous)]


def _anonymous(term: Term) -> str:
    return _written(term, lambda name: "M" if name[0].isupper() else "v")


def _numbered(term: Term, variable: str) -> str:
    known: dict[str, str] = {}

    def rename(name: str) -> str:
        kind = "x" if name == variable else f"a{len(known)}"
        if name not in known:
            known[name] = kind.upper() if name[0].isupper() else kind
        return known[name]

    return _written(term, rename)


def _written(term: Term, rename: Callable[[str], str]) -> str:
    match term:
        case ["l", name, turned]:
            return rename(name) + ("'" if turned else "")
        case ["inv" | "pow" as kind, of]:
            return f"{kind}({_written(of, rename)})"
        case ["f", name, parts]:
            return f"{name}({','.join(_written(part, rename) for part in parts)})"
        case [kind, parts]:
            return f"{kind}({','.join(_written(part, rename) for part in parts)})"
    raise NoKeyError(str(term))


def _variants(term: Term) -> Iterator[Term]:
    """The term with its traces turned in every way."""
    match term:
        case ["tr", factors]:
            for parts in islice(product(*map(_some, factors)), MOST):
                turned = [_turned(part) for part in reversed(parts)]
                for row in (list(parts), turned):
                    for start in range(len(row)):
                        yield ["tr", row[start:] + row[:start]]
        case ["l", _, _]:
            yield term
        case ["inv" | "pow" as kind, of]:
            yield from ([kind, part] for part in _variants(of))
        case [*head, parts]:
            yield from ([*head, list(some)] for some in islice(product(*map(_some, parts)), MOST))


def _some(term: Term) -> list[Term]:
    return list(islice(_variants(term), MOST))


# ------------------------------------------------------------------------------------------ from trees


def _term(node: Node, scope: Scope) -> Term:
    rule = _RULES.get(type(node))
    if rule is None:
        raise NoKeyError(type(node).__name__)
    return rule(node, scope)


def _letter(node: Letter, scope: Scope) -> Term:
    definition = scope.definition(node)
    if definition is not None and not definition.parameters:
        return _term(definition.body, scope)
    return ["l", _name(node), False]


def _factors(node: nodes.Product, scope: Scope) -> Term:
    factors = [factor.of if isinstance(factor, nodes.Negative) else factor for factor in node.factors]
    return _product([_term(factor, scope) for factor in factors if not _is_number(factor)])


def _is_number(node: Node) -> bool:
    if isinstance(node, nodes.Fraction):
        return _is_number(node.numerator) and _is_number(node.denominator)
    return isinstance(node, nodes.Number)


def _power(node: nodes.Power, scope: Scope) -> Term:
    exponent = node.exponent
    if isinstance(exponent, nodes.Number) and exponent.value == 2 and isinstance(node.base, nodes.Norm):
        return _square(_term(node.base.of, scope))
    base = _term(node.base, scope)
    if isinstance(exponent, nodes.Number) and exponent.value in SQUARES:
        return _product([base] * exponent.value)
    return ["pow", ["inv", base] if isinstance(exponent, nodes.Negative) else base]


def _fraction(node: nodes.Fraction, scope: Scope) -> Term:
    above = [] if _is_number(node.numerator) else [_term(node.numerator, scope)]
    below = [] if _is_number(node.denominator) else [["inv", _term(node.denominator, scope)]]
    return _product(above + below)


def _call(node: nodes.Call, scope: Scope) -> Term:
    parts = [_term(part, scope) for part in node.arguments]
    if node.operation == "tr":
        return _trace(parts[0])
    return parts[0] if node.operation == "abs" else ["f", node.operation, parts]


_RULES: dict[type[Node], Callable[[Any, Scope], Term]] = {
    nodes.Letter: _letter,
    nodes.Negative: lambda node, scope: _term(node.of, scope),
    nodes.Number: lambda node, scope: ["f", "1", []],
    nodes.Identity: lambda node, scope: ["l", "I", False],
    nodes.Sum: lambda node, scope: _sum([_term(term, scope) for term in node.terms]),
    nodes.Product: _factors,
    nodes.Transpose: lambda node, scope: _turned(_term(node.of, scope)),
    nodes.Inverse: lambda node, scope: ["inv", _term(node.of, scope)],
    nodes.Power: _power,
    nodes.Fraction: _fraction,
    nodes.Call: _call,
    nodes.Norm: lambda node, scope: ["f", "norm", [_term(node.of, scope)]],
    nodes.Hadamard: lambda node, scope: ["f", "had", [_term(factor, scope) for factor in node.factors]],
    nodes.Kronecker: lambda node, scope: ["f", "kron", [_term(factor, scope) for factor in node.factors]],
    nodes.Apply: lambda node, scope: ["f", "app", [_term(part, scope) for part in node.arguments]],
    nodes.Entry: lambda node, scope: ["f", "entry", [_term(node.of, scope)]],
}

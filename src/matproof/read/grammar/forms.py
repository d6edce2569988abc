r"""What kind of value an expression has, as far as its form and the declarations tell.

Only for signs whose meaning depends on it: \times between anything but scalars is no product of this
language, and \cdot between two columns is their inner product.
"""

from __future__ import annotations

from typing import Literal

from ...language.nodes import (
    Apply,
    AtPoint,
    BoundedSum,
    Call,
    Delta,
    Derivative,
    Entry,
    Fraction,
    Hadamard,
    Inverse,
    Letter,
    Negative,
    Node,
    Norm,
    Number,
    Power,
    Product,
    Sum,
    Transpose,
)
from ...language.operations import OPERATIONS
from ...language.scope import Scope

Form = Literal["scalar", "column", "row", "matrix"]

_SCALARS = (Number, Delta, Entry, Norm)
_TRANSPOSED: dict[Form | None, Form] = {
    "column": "row",
    "row": "column",
    "matrix": "matrix",
    "scalar": "scalar",
}
_DECLARED: dict[str, Form] = {
    "scalar": "scalar",
    "integer": "scalar",
    "function": "scalar",
    "sequence": "scalar",
    "vector": "column",
    "matrix": "matrix",
}


_PRODUCTS: dict[tuple[Form, Form], Form] = {
    ("row", "column"): "scalar",
    ("column", "row"): "matrix",
    ("matrix", "column"): "column",
    ("row", "matrix"): "row",
    ("matrix", "matrix"): "matrix",
    ("column", "scalar"): "column",
    ("row", "scalar"): "row",
    ("matrix", "scalar"): "matrix",
}


def form(node: Node, scope: Scope) -> Form | None:
    """The kind of a value, or None where it takes more than a look."""
    if isinstance(node, _SCALARS):
        return "scalar"
    if isinstance(node, Letter):
        return _of_letter(node, scope)
    if isinstance(node, Product):
        return _of_product(node, scope)
    if isinstance(node, Transpose):
        return _TRANSPOSED.get(form(node.of, scope))
    if isinstance(node, Call):
        return _of_call(node, scope)
    if isinstance(node, Apply):
        return _of_letter(node.function, scope)
    if isinstance(node, Derivative):
        scalars = [form(part, scope) for part in (node.of, *node.by)]
        return "scalar" if all(one == "scalar" for one in scalars) else None
    part = _same_kind(node)
    return form(part, scope) if part is not None else None


def _same_kind(node: Node) -> Node | None:
    """A part that has the kind of the whole."""
    if isinstance(node, Negative | Transpose):
        return node.of
    if isinstance(node, Inverse | AtPoint):
        return node.of
    if isinstance(node, Power):
        return node.base
    if isinstance(node, Fraction):
        return node.numerator
    if isinstance(node, BoundedSum):
        return node.body
    if isinstance(node, Sum):
        return node.terms[0]
    return node.factors[0] if isinstance(node, Hadamard) else None


def _of_call(node: Call, scope: Scope) -> Form | None:
    r"""\exp of a scalar is a scalar; the other operations say what they give."""
    if all(form(argument, scope) == "scalar" for argument in node.arguments):
        return "scalar"
    _, _, result = OPERATIONS[node.operation].shape.text.partition("->")
    if result.strip() == "1":
        return "scalar"
    return "matrix" if "×" in result else "column"


def _of_letter(letter: Letter, scope: Scope) -> Form | None:
    definition = scope.definition(letter)
    if definition is not None:
        return form(definition.body, scope)
    declared = scope.declaration(letter)
    if declared is not None:
        return _DECLARED.get(declared.kind)
    return None if letter.bold else "scalar"


def _of_product(product: Product, scope: Scope) -> Form | None:
    """From left to right; a row times a column is a scalar."""
    whole: Form | None = "scalar"
    for factor in product.factors:
        one = form(factor, scope)
        if whole is None or one is None:
            return None
        whole = one if whole == "scalar" else _PRODUCTS.get((whole, one))
    return whole

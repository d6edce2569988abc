"""Trees -> LaTeX that reads back to the same tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nodes import (
    Apply,
    AtPoint,
    BoundedSum,
    Call,
    Cases,
    Condition,
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
    SingleEntry,
    Space,
    Sum,
    Transpose,
    Zero,
)
from .operations import OPERATIONS

_SUM, _TERM, _FACTOR, _ATOM = range(4)  # how tightly a printed node holds together
_DOTS = {"c": r"\cdots", "v": r"\vdots", "d": r"\ddots"}
_RELATIONS = {"=": "=", "!=": r"\neq", "<=": r"\le", "<": "<", ">=": r"\ge", ">": ">"}


def to_latex(node: Node) -> str:
    """LaTeX that `tex.parse`, in a scope that declares the letters, reads back as the same tree."""
    return _print(node)[0]


def _print(node: Node) -> tuple[str, int]:
    """The LaTeX of a node and how tightly it holds together; no LaTeX stands for a node that is not known."""
    printer = _PRINTERS.get(type(node))
    return printer(node) if printer else (rf"\text{{{type(node).__name__}}}", _ATOM)


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


def _joined(operator: str) -> Callable[[Hadamard | Kronecker], tuple[str, int]]:
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


def _call(node: Call) -> tuple[str, int]:
    row = OPERATIONS.get(node.operation)
    before, behind = row.printed if row else (rf"\operatorname{{{node.operation}}}\left(", r"\right)")
    return f"{before}{', '.join(map(to_latex, node.arguments))}{behind}", _FACTOR


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


_PRINTERS: dict[type[Node], Callable[[Any], tuple[str, int]]] = {
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
    Call: _call,
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

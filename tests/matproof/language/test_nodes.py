"""The tree: walking, comparing, printing, and what a scope knows."""

import pytest

from matproof.language.nodes import (
    Entry,
    Hadamard,
    Identity,
    Inverse,
    Letter,
    Negative,
    Number,
    Power,
    Product,
    ReadError,
    Sum,
    Transpose,
    children,
    walk,
)
from matproof.language.printing import entry_letter, to_latex
from matproof.language.scope import Declaration, Definition, Scope

A, B, X = (Letter(name, True) for name in "ABX")
a, i, j, m, n, x = (Letter(name) for name in "aijmnx")


def test_spans_do_not_matter_for_equality():
    assert Letter("A", True, span=(0, 1)) == A
    assert hash(Product((A, Letter("B", True, span=(3, 4))))) == hash(Product((A, B)))


def test_walking():
    tree = Sum((Product((A, Transpose(B))), Negative(Entry(X, (i, Number(2))))))
    assert list(children(tree)) == list(tree.terms)
    assert list(walk(tree)) == [
        tree, tree.terms[0], A, Transpose(B), B, tree.terms[1], tree.terms[1].of, X, i, Number(2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tree", "latex"),
    [
        (Product((Sum((A, B)), X)), r"\left(\mathbf{A} + \mathbf{B}\right) \mathbf{X}"),
        (Product((A, Product((B, X)))), r"\mathbf{A} \cdot \left(\mathbf{B} \mathbf{X}\right)"),
        (Product((a, Number(2))), r"a \cdot 2"),
        (Sum((A, Negative(Sum((B, X))))), r"\mathbf{A} - \left(\mathbf{B} + \mathbf{X}\right)"),
        (Sum((Sum((A, B)), X)), r"\left(\mathbf{A} + \mathbf{B}\right) + \mathbf{X}"),
        (Power(Sum((A, B)), Number(2)), r"\left(\mathbf{A} + \mathbf{B}\right)^{2}"),
        (Transpose(Inverse(A)), r"\mathbf{A}^{-\top}"),
        (Inverse(Transpose(A)), r"\left(\mathbf{A}^{\top}\right)^{-1}"),
        (Hadamard((Product((A, B)), X)), r"\left(\mathbf{A} \mathbf{B}\right) \odot \mathbf{X}"),
        (Entry(X, (i, j)), "x_{ij}"),
        (Entry(X, (Number(12), j)), "x_{12, j}"),
        (Entry(Letter("x", True), (Number(12),)), "x_{(12)}"),
        (Entry(Letter("\\Sigma", True), (i, j)), r"\sigma_{ij}"),
        (Entry(Inverse(X), (i, Sum((j, Number(1))))), r"\left(\mathbf{X}^{-1}\right)_{i, j + 1}"),
        (Identity(n), r"\mathbf{I}_{n}"),
    ],
)
def test_printing(tree, latex):
    assert to_latex(tree) == latex


@pytest.mark.parametrize(
    ("letter", "small"), [(X, "x"), (Letter("w", True), "w"), (Letter("\\Sigma", True), r"\sigma")]
)
def test_the_letter_of_the_entries(letter, small):
    assert entry_letter(letter) == small


def test_a_scope_knows_what_is_declared_defined_or_a_size():
    scope = Scope((Declaration(A, "matrix", (m, Sum((n, Number(1)))), (x,)),), (Definition(B, A, primes=1),))
    assert scope.sizes == {m, n}
    assert [scope.knows(letter) for letter in (A, m, n, x, B, Letter("f"))] == [
        True,
        True,
        True,
        False,
        False,
        True,
    ]
    assert scope.definition(B) is None
    assert scope.definition(B, 1).body == A


@pytest.mark.parametrize("name", ["f", "g", "h"])
def test_f_g_and_h_are_functions_unless_something_else_is_said(name):
    letter = Letter(name)
    assert Scope().declaration(letter).kind == "function"
    assert Scope((Declaration(letter, "scalar"),)).declaration(letter).kind == "scalar"
    assert Scope((), (Definition(letter, A),)).declaration(letter) is None
    assert Scope().declaration(Letter(name, True)) is None


def test_read_errors_say_what_was_expected():
    assert str(ReadError("two signs", (1, 2), "a term")) == "two signs; expected a term"
    assert str(ReadError("two signs", (1, 2))) == "two signs"

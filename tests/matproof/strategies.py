"""Hypothesis strategies for syntax trees: well-shaped by construction, every kind of node, one fixed scope.

A size is a letter ("m", "n") or "1"; a shape is a pair of sizes. `indices` maps the names of the indices
that may be used to their ranges.
"""

from __future__ import annotations

from hypothesis import strategies as st

from matproof import language as s
from matproof.language.operations import OPERATIONS, Operation

# The exact operations that are drawn: those that are defined for whatever arguments have the right shape.
EXACT = [row for row in OPERATIONS.values() if row.values == "exact" and row.name not in ("pinv", "vec")]
INEXACT = [row for row in OPERATIONS.values() if row.values != "exact"]
SIZES = {"A": "mn", "B": "nn", "C": "mm", "D": "mm", "X": "mn", "Y": "mm", "a": "m", "b": "n", "y": "m"}
FREE = {"i": "m", "j": "n"}
SUMMED = ("k", "l", "r")
X, PLAIN = s.Letter("X", True), s.Letter("x")


def letters(names: str) -> tuple[s.Letter, ...]:
    """One plain letter for each character."""
    return tuple(s.Letter(name) for name in names)


def scope(layout: str = "numerator", **more) -> s.Scope:
    """A to D, X, Y, a, b, y of these shapes, scalars c, x, U(x) and V(x) m x n, u(X), w(X), S, G, q_r, N."""
    declarations = [
        s.Declaration(s.Letter(name, True), ("vector", "matrix")[len(size) - 1], letters(size))
        for name, size in SIZES.items()
    ]
    declarations += [s.Declaration(letter, "scalar") for letter in letters("cx")]
    declarations += [
        s.Declaration(s.Letter(name, True), "matrix", letters("mn"), arguments=(PLAIN,)) for name in "UV"
    ]
    declarations += [s.Declaration(letter, "scalar", arguments=(X,)) for letter in letters("uw")]
    declarations += [
        s.Declaration(s.Letter("S", True), "matrix", letters("mm"), symmetric=True),
        s.Declaration(s.Letter("G", True), "matrix", letters("mm"), invertible=True),
        s.Declaration(s.Letter("J", True), "single-entry", letters("mn")),
        s.Declaration(s.Letter("q"), "sequence"),
        s.Declaration(s.Letter("N"), "integer"),
    ]
    return s.Scope(tuple(declarations), layout=layout, **more)


def claim(lhs: s.Node, rhs: s.Node, where: s.Scope) -> s.Claim:
    """The claim that two trees are equal."""
    latex = f"{s.to_latex(lhs)} = {s.to_latex(rhs)}"
    return s.Claim("=", lhs, rhs, where, "test", 1, 1, latex, (0, 0))


@st.composite
def shapes(draw):
    """A shape: scalar, column or matrix."""
    rows = draw(st.sampled_from("1mn"))
    return rows, "1" if rows == "1" else draw(st.sampled_from("1mn"))


@st.composite
def trees(draw, shape=None, depth=3, general=True, indices=FREE):
    """A tree of a shape. With `general` false it has no general or transcendental functions and no roots."""
    rows, columns = shape or draw(shapes())
    return _Grower(draw, general).grow(rows, columns, depth, dict(indices))


@st.composite
def claims(draw, depth=3, general=True):
    """A claim between two trees of one shape, with the same free indices."""
    shape, where = draw(shapes()), scope()
    indices = draw(st.sampled_from([{}, FREE]))
    sides = [draw(trees(shape, depth, general, indices)) for _ in range(2)]
    if indices:
        sides = [s.Product((s.Entry(X, letters("ij")), side)) for side in sides]
    return claim(*sides, where)


class _Grower:
    """Draws trees from the root down. Every method returns a tree of the shape that it is asked for."""

    def __init__(self, draw, general: bool) -> None:
        self.draw, self.general = draw, general

    def pick(self, options):
        return self.draw(st.sampled_from(list(options)))

    def grow(self, rows: str, columns: str, depth: int, indices: dict[str, str]) -> s.Node:
        if depth <= 0:
            return self.leaf(rows, columns, depth, indices)
        rules = [self.leaf, self.sum, self.negative, self.scaled, self.product, self.fraction, self.bounded]
        rules += [self.by_scalar, self.at_point]
        if (rows, columns) == ("1", "1"):
            rules += [self.number_rules, self.number_rules, self.number_rules, self.call]
        else:
            rules += [self.transpose, self.hadamard, self.gradient]
            rules += [self.square_rules, self.square_rules, self.call] if rows == columns else []
        return self.pick(rules)(rows, columns, depth - 1, indices)

    # -- leaves

    def leaf(self, rows, columns, depth, indices):
        if (rows, columns) == ("1", "1"):
            return self.scalar_leaf(indices)
        if rows == "1":
            return s.Transpose(self.leaf(columns, rows, depth, indices))
        options = [s.Letter(n, True) for n, size in SIZES.items() if size == (rows + columns).strip("1")]
        if columns != "1":
            turned = [s.Letter(n, True) for n, size in SIZES.items() if size == columns + rows]
            options += map(s.Transpose, turned)
        if rows == columns:
            options += [s.Identity(s.Letter(rows))]
            options += [s.Letter("S", True), s.Letter("G", True)] if rows == "m" else []
        if (rows, columns) == ("m", "n"):
            options += [s.Letter("U", True), s.Letter("V", True)] if self.general else []
            options += [_printed(X)] + [
                s.SingleEntry(s.Letter(i), s.Letter(j))
                for i, first in indices.items()
                for j, second in indices.items()
                if (first, second) == ("m", "n")
            ]
        return self.pick(options)

    def scalar_leaf(self, indices):
        options = [s.Number(self.pick(range(1, 4))), s.Letter("c"), PLAIN]
        if self.general:
            options += [s.Letter("u"), s.Letter("w")]
        options += [self.entry(first, second, indices) for first in indices for second in indices]
        options += [s.Entry(s.Letter(SIZED[size], True), (s.Letter(i),)) for i, size in indices.items()]
        options += [
            s.Delta(s.Letter(i), s.Letter(j))
            for i, first in indices.items()
            for j, second in indices.items()
            if first == second and i != j
        ]
        return self.pick(options)

    def entry(self, first, second, indices):
        """The entry of some matrix at two indices."""
        options = {"mn": X, "mm": s.Letter("C", True), "nn": s.Letter("B", True), "nm": s.Transpose(X)}
        of = options[indices[first] + indices[second]]
        return s.Entry(of, (s.Letter(first), s.Letter(second)))

    # -- rules for every shape

    def sum(self, rows, columns, depth, indices):
        terms = [self.grow(rows, columns, depth, indices) for _ in range(self.pick((2, 2, 3)))]
        return s.Sum(tuple(s.Negative(term) if self.pick((True, False)) else term for term in terms))

    def negative(self, rows, columns, depth, indices):
        return s.Negative(self.grow(rows, columns, depth, indices))

    def scaled(self, rows, columns, depth, indices):
        return s.Product((self.grow("1", "1", depth, indices), self.grow(rows, columns, depth, indices)))

    def product(self, rows, columns, depth, indices):
        if "1" in (rows, columns) and rows != columns:
            middle = self.pick("mn")
        else:
            middle = self.pick("mn") if rows != "1" else self.pick("1mn")
        return s.Product(
            (self.grow(rows, middle, depth, indices), self.grow(middle, columns, depth, indices))
        )

    def fraction(self, rows, columns, depth, indices):
        bottom = s.Sum((s.Number(2), s.Power(s.Letter("c"), s.Number(2))))
        return s.Fraction(self.grow(rows, columns, depth, indices), bottom)

    def bounded(self, rows, columns, depth, indices):
        """A sum over a fresh index, which its first factor uses."""
        fresh = next((name for name in SUMMED if name not in indices), None)
        if fresh is None:
            return self.grow(rows, columns, depth, indices)
        size = self.pick("mn")
        inside = indices | {fresh: size}
        use = s.Entry(s.Letter(SIZED[size], True), (s.Letter(fresh),))
        body = s.Product((use, self.grow(rows, columns, depth - 1, inside)))
        bounds = (s.Number(1), s.Letter(size)) if self.pick((True, False)) else (None, None)
        return s.BoundedSum(s.Letter(fresh), *bounds, body)

    def by_scalar(self, rows, columns, depth, indices):
        """A derivative by x or by an entry."""
        entry = s.Entry(X, letters("ij"))
        by = self.pick([entry, entry, PLAIN] if {"i", "j"} <= indices.keys() else [PLAIN, s.Letter("c")])
        order = (by,) if self.pick((True, True, False)) else (by, PLAIN)
        # a power of the variable in front keeps most derivatives from being zero
        front = s.Product(tuple(s.Power(variable, s.Number(2)) for variable in order))
        front = front if len(order) > 1 else front.factors[0]
        return s.Derivative(s.Product((front, self.grow(rows, columns, depth, indices))), order)

    def call(self, rows, columns, depth, indices):
        """An operation whose value has the shape, of arguments of the shapes that its signature asks for."""
        fitting = [(row, sizes) for row in EXACT if (sizes := _fitting(row, rows, columns)) is not None]
        row, sizes = self.pick(fitting)
        for letter in sorted(
            {name for shape in row.shape.arguments for size in shape for name in size.names()}
        ):
            sizes.setdefault(letter, "m" if rows == "1" else self.pick("mn"))
        shapes = [tuple(sizes.get(str(size), "1") for size in shape) for shape in row.shape.arguments]
        return s.Call(row.name, tuple(self.grow(*shape, depth, indices) for shape in shapes))

    def at_point(self, rows, columns, depth, indices):
        value = self.grow("1", "1", 0, {})
        return s.AtPoint(self.grow(rows, columns, depth, indices), ((PLAIN, value),))

    # -- matrices and vectors

    def transpose(self, rows, columns, depth, indices):
        return s.Transpose(self.grow(columns, rows, depth, indices))

    def hadamard(self, rows, columns, depth, indices):
        return s.Hadamard(tuple(self.grow(rows, columns, depth, indices) for _ in range(2)))

    def gradient(self, rows, columns, depth, indices):
        """A derivative of a scalar by a matrix, or of a vector or scalar by a vector, in numerator layout."""
        if (columns, rows) == ("m", "n"):
            front = s.Call("tr", (s.Product((s.Transpose(s.Letter("A", True)), X)),))
            return s.Derivative(s.Product((front, self.grow("1", "1", depth, indices))), (X,))
        if columns == "1":
            return self.grow(rows, columns, depth, indices)
        by, other = (s.Letter(name, True) for name in {"m": "ya", "n": "bb"}[columns])
        front = s.Product((s.Transpose(other), by))
        of = self.grow(rows, "1", depth, indices)
        return s.Derivative(s.Product((front, of)), (by,))

    def square_rules(self, rows, columns, depth, indices):
        inner = self.grow(rows, rows, depth, indices)
        return self.pick(
            [
                lambda: s.Power(inner, self.pick([s.Number(2), s.Number(3), s.Letter("N")])),
                lambda: s.Inverse(s.Letter("G", True)) if rows == "m" else s.Transpose(inner),
                lambda: self.call(rows, columns, depth, indices),
            ]
        )()

    # -- scalars

    def number_rules(self, rows, columns, depth, indices):
        def grow(a, b):
            return self.grow(a, b, depth, indices)

        size = self.pick("mn")
        rules = [
            lambda: self.call(rows, columns, depth, indices),
            lambda: s.Call("tr", (grow(size, size),)),
            lambda: s.Call("tr", (s.Kronecker((grow("m", "m"), grow("n", "n"))),)),
            lambda: s.Power(s.Norm(grow("m", "1")), s.Number(2)),
            lambda: s.Power(s.Norm(grow("m", "n"), "F"), s.Number(2)),
            lambda: s.Product(
                (s.Transpose(s.Call("vec", (grow("m", "n"),))), s.Call("vec", (grow("m", "n"),)))
            ),
            lambda: s.Power(grow("1", "1"), self.pick([s.Number(2), s.Letter("N")])),
            lambda: s.Inverse(s.Letter("c")),
            lambda: self.entry_of(depth, indices),
        ]
        if self.general:
            rules += [
                lambda: s.Apply(s.Letter("g"), (grow("1", "1"),), self.pick((0, 0, 1, 2))),
                lambda: s.Apply(s.Letter("f"), (grow("1", "1"), PLAIN)),
                lambda: s.Derivative(s.Call("log", (s.Call("det", (s.Letter("G", True),)),)), (PLAIN,)),
                lambda: s.Call("exp", (s.Letter("c"),)),
                *(lambda row=row: self.inexact(row) for row in INEXACT),
            ]
        return self.pick(rules)()

    def inexact(self, row):
        """A function of a positive scalar; of those that have no exact value, the derivative."""
        of = s.Sum((s.Number(2), s.Power(PLAIN, s.Number(2))))
        value = s.Call(row.name, (of,))
        return s.Derivative(value, (PLAIN,)) if row.values == "opaque" else value

    def entry_of(self, depth, indices):
        if not indices:
            return self.scalar_leaf(indices)
        first, second = self.pick(indices), self.pick(indices)
        tree = self.grow(indices[first], indices[second], depth, indices)
        return s.Entry(tree, (s.Letter(first), s.Letter(second)))


def _fitting(row: Operation, rows: str, columns: str) -> dict[str, str] | None:
    """The letters of a signature, such that the operation has a value of a shape; None if it has none."""
    sizes: dict[str, str] = {}
    for size, wanted in zip(row.shape.result, (rows, columns), strict=True):
        printed = str(size)
        if (printed == "1") != (wanted == "1") or sizes.setdefault(printed, wanted) != wanted:
            return None
    return {letter: size for letter, size in sizes.items() if letter != "1"}


SIZED = {"m": "a", "n": "b"}  # the vector that has an index of this range


def _printed(letter: s.Letter) -> s.ExplicitMatrix:
    """The m x n matrix of the entries of a letter, with dots."""

    def row(number):
        cells = [s.Entry(letter, (number, column)) for column in (s.Number(1), s.Number(2), s.Letter("n"))]
        return (*cells[:2], s.Dots("c"), cells[2])

    dots = (s.Dots("v"), s.Dots("v"), s.Dots("d"), s.Dots("v"))
    return s.ExplicitMatrix((row(s.Number(1)), row(s.Number(2)), dots, row(s.Letter("m"))))


def _indexed(subscript: s.Node) -> s.Indexed:
    return s.Indexed("u", subscript)


def chain() -> s.DottedSums:
    """(C^N)_{ij} for two indices of range m, written out as N - 1 sums."""
    of, before_last = s.Letter("C", True), s.Sum((s.Letter("N"), s.Negative(s.Number(1))))
    factors = (
        s.Entry(of, (s.Letter("i"), _indexed(s.Number(1)))),
        s.Entry(of, (_indexed(s.Number(1)), _indexed(s.Number(2)))),
        s.Dots("c"),
        s.Entry(of, (_indexed(before_last), s.Letter("l"))),
    )
    first = (_indexed(s.Number(1)), _indexed(s.Number(2)))
    return s.DottedSums(first, _indexed(before_last), s.Product(factors))


# What the strategy does not draw, because it stands only in definitions or needs a special scope.
OTHERS = {
    "delta": s.Product((s.Delta(*letters("ik")), s.Delta(s.Number(1), s.Letter("m")))),
    "kronecker": s.Kronecker((X, s.Letter("A", True))),
    "pseudo-inverse": s.Call("pinv", (X,)),
    "logarithm": s.Call("log", (s.Letter("c"),)),
    "dots between sums": chain(),
    "dots in a sum": s.Sum(
        (s.Entry(s.Letter("a", True), (s.Number(1),)), s.Dots(), s.Entry(s.Letter("a", True), letters("m")))
    ),
    "cases": s.Cases(
        (
            (s.Number(1), s.Condition(s.Letter("i"), "=", s.Letter("j"))),
            (s.Number(0), None),
        )
    ),
    "series": s.BoundedSum(
        s.Letter("r"),
        s.Number(0),
        s.Infinity(),
        s.Product(
            (s.Entry(s.Letter("q"), letters("r")), s.Power(s.Letter("C", True), s.Letter("r")))
        ),
    ),
    "zero": s.Transpose(s.Zero()),
    "identity": s.Sum((s.Identity(), s.Letter("C", True))),
    "second derivative": s.Derivative(
        s.Letter("u"), (s.Letter("y", True), s.Transpose(s.Letter("y", True)))
    ),
}  # fmt: skip

"""Exact checks: SymPy matrices of generic entries, differentiated entry by entry.

SymPy's own `MatrixSymbol` is avoided on purpose: with symbolic exponents and traces its derivatives are
silently wrong in places (SymPy 1.14, `Trace(X**n).diff(X)`). Entries cannot be wrong in that way.
"""

from dataclasses import dataclass

import sympy as sp

from matproof.notebook.layout import check_layout, shape_text


def _entry_name(name, indices):
    """x_{12}; with a comma, x_{1,12}, where an index has two digits."""
    comma = "," if any(index > 9 for index in indices) else ""
    return f"{name}_{{{comma.join(str(index) for index in indices)}}}"


def _fill(name, shape, make):
    """A scalar, a column vector or a matrix whose entries `make` creates from their names."""
    if any(not isinstance(size, int) or size < 1 for size in shape):
        raise ValueError(f"shape of {name!r} is {shape}; expected positive integers")
    if len(shape) > 2:
        raise ValueError(f"shape of {name!r} is {shape_text(shape)}; expected at most rows and columns")
    if not shape:
        return make(name)
    if len(shape) == 1:
        return sp.Matrix(shape[0], 1, lambda i, _: make(_entry_name(name, (i + 1,))))
    return sp.Matrix(*shape, lambda i, j: make(_entry_name(name, (i + 1, j + 1))))


def generic(name, *shape):
    """A scalar, column vector or matrix of independent symbols.

    `generic("c")` is the symbol c, `generic("a", 3)` the column of a_1, a_2, a_3, and
    `generic("x", 2, 3)` the 2 x 3 matrix of x_11 ... x_23. Raises ValueError for a size that is not a
    positive integer.
    """
    return _fill(name, shape, sp.Symbol)


def functions(name, *shape, of):
    """The same shapes as `generic`, but every entry is a function of `of`.

    `of` is a symbol, a sequence of symbols, or a matrix (then each entry depends on all its entries):
    `functions("u", 2, 3, of=x)` is the 2 x 3 matrix of u_11(x) ... u_23(x).
    """
    arguments = [of] if isinstance(of, sp.Expr) else list(of)
    return _fill(name, shape, lambda entry: sp.Function(entry)(*arguments))


def single_entry(i, j, m, n):
    """The single-entry matrix J^ij in m x n: 1 in row i, column j (counted from 1), 0 elsewhere."""
    if not (1 <= i <= m and 1 <= j <= n):
        raise ValueError(f"entry ({i}, {j}) lies outside a {shape_text((m, n))} matrix")
    return sp.Matrix(m, n, lambda row, column: int((row + 1, column + 1) == (i, j)))


def hadamard(left, right):
    """The Hadamard product, entry by entry. Raises ValueError unless the shapes agree."""
    _same_shape("hadamard", left, right)
    return left.multiply_elementwise(right)


def inverse(matrix):
    """The inverse as adjugate over determinant, which keeps generic entries readable.

    Raises ValueError unless the matrix is square and its determinant is not identically zero.
    """
    if matrix.rows != matrix.cols:
        raise ValueError(f"inverse: the matrix is {shape_text(matrix.shape)}; expected a square one")
    determinant = sp.factor(matrix.det(method="berkowitz"))
    if determinant == 0:
        raise ValueError("inverse: the determinant is 0; expected an invertible matrix")
    return matrix.adjugate() / determinant


def derivative(y, x, layout="numerator"):
    """The derivative of y by x, entry by entry.

    y and x are scalars (SymPy expressions), vectors (one row or one column) or matrices. By a scalar, y
    keeps its shape. A scalar by an m x n matrix is n x m in numerator layout and m x n in denominator
    layout; a vector of p by a vector of q is p x q in numerator layout and q x p in denominator layout.
    A 1 x 1 matrix y, such as a.T * X * b, counts as a scalar.

    Raises ValueError for an unknown layout and for a vector or matrix by a matrix, which is not a matrix:
    differentiate by one entry at a time.
    """
    check_layout(layout)
    if isinstance(y, sp.MatrixBase) and y.shape == (1, 1):
        y = y[0]
    if not isinstance(x, sp.MatrixBase):
        return y.diff(x) if isinstance(y, sp.MatrixBase) else sp.sympify(y).diff(x)
    if not isinstance(y, sp.MatrixBase):
        gradient = x.applyfunc(lambda entry: sp.diff(y, entry))
        return gradient.T if layout == "numerator" else gradient
    if 1 not in y.shape or 1 not in x.shape:
        raise ValueError(
            f"derivative of {shape_text(y.shape)} by {shape_text(x.shape)} is not a matrix; "
            "expected a scalar or a vector by a vector: differentiate by one entry at a time"
        )
    jacobian = sp.Matrix(len(y), len(x), lambda i, j: sp.diff(y[i], x[j]))
    return jacobian if layout == "numerator" else jacobian.T


def _shortened(expression, width=80):
    """The text of an expression, cut: a wall of symbols would hide which entries are concerned."""
    text = str(expression)
    return text if len(text) <= width else text[: width - 2] + " …"


@dataclass(frozen=True)
class Differences:
    """Where two matrices differ: (row, column, left entry, right entry), rows and columns from 1.

    As text, entries of more than 80 characters are cut; `entries` has all of them.
    """

    entries: tuple

    def __len__(self):
        return len(self.entries)

    def __repr__(self):
        if not self.entries:
            return "no entry differs"
        return "\n".join(
            f"entry ({i}, {j}): {_shortened(left)} != {_shortened(right)}"
            for i, j, left, right in self.entries
        )

    def _repr_latex_(self):
        if not self.entries:
            return "no entry differs"
        rows = (f"({i}, {j}) & {sp.latex(left)} & {sp.latex(right)}" for i, j, left, right in self.entries)
        head = r"\text{entry} & \text{left} & \text{right} \\ \hline "
        return r"$\displaystyle \begin{array}{c|cc} " + head + r" \\ ".join(rows) + r" \end{array}$"


def _as_matrix(value):
    return value if isinstance(value, sp.MatrixBase) else sp.Matrix([[value]])


def _same_shape(what, left, right):
    if left.shape != right.shape:
        raise ValueError(
            f"{what}: the left side is {shape_text(left.shape)} and the right side is "
            f"{shape_text(right.shape)}; expected equal shapes"
        )


def _is_zero(expression):
    # expand settles polynomials at once; simplify is slow and only needed for quotients and functions.
    return sp.expand(expression) == 0 or sp.simplify(sp.cancel(sp.together(expression))) == 0


def differing_entries(left, right):
    """The entries in which two matrices (or scalars) differ identically, as `Differences`.

    Raises ValueError, naming both shapes, if the shapes differ.
    """
    left, right = _as_matrix(left), _as_matrix(right)
    _same_shape("differing_entries", left, right)
    pairs = ((i, j, left[i, j], right[i, j]) for i in range(left.rows) for j in range(left.cols))
    return Differences(tuple((i + 1, j + 1, a, b) for i, j, a, b in pairs if not _is_zero(a - b)))


def assert_equal(left, right):
    """Assert that two matrices (or scalars) are identically equal.

    Raises AssertionError naming every entry in which they differ, with both values (long ones cut), and
    ValueError naming both shapes if the shapes differ. A right side that is still `...`, as in a
    student's notebook, is an AssertionError that says what to fill in.
    """
    if right is ...:
        shape = shape_text(_as_matrix(left).shape)
        raise AssertionError(f"not answered yet: replace the dots by an expression of shape {shape}")
    _same_shape("assert_equal", _as_matrix(left), _as_matrix(right))
    if differences := differing_entries(left, right):
        raise AssertionError(f"the two sides differ:\n{differences!r}")


def check_equal(left: object, right: object) -> None:
    """`assert_equal`, and then say what was compared: `✓ 6 entries equal`."""
    assert_equal(left, right)
    count = len(_as_matrix(left))
    print("✓ equal" if count == 1 else f"✓ {count} entries equal")

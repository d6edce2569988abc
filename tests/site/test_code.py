"""Code of identities: every piece that the index gives is run and compared with a difference quotient."""

from pathlib import Path

import numpy as np
import pytest
import sympy
from book_site.code import NUMPY, SYMPY, both_sides, expression, name

from matproof.about.hypotheses import used
from matproof.about.layouts import other_layout
from matproof.language.nodes import Letter
from matproof.notebook import central_difference
from matproof.read.documents import read_document
from matproof.read.reader import read_claims

pytestmark = pytest.mark.slow  # all formulas of the book are computed

BOOK = Path(__file__).resolve().parents[2] / "book"
EXPONENT = 3


def identities():
    """Every equality of the book's statements that has code, in its own layout and in the other."""
    for path in sorted(BOOK.rglob("*.ipynb")):
        document = read_document(path.read_text(encoding="utf-8"), path.name)
        for claim, _ in read_claims(document, document.layout or "numerator").claims:
            if claim.id.startswith(("exercise", "products-mistake")):
                continue  # no entry of the index
            if claim.relation == "=" and claim.error is None and both_sides(claim, NUMPY):
                name = f"{path.stem}-{claim.id}-{claim.ordinal}"
                yield pytest.param(claim, id=f"{name}-{claim.scope.layout}")
                yield pytest.param(other_layout(claim), id=f"{name}-other")


IDENTITIES = list(identities())


def values(claim) -> dict:
    """Random arrays for the letters of a claim, tall ones or else wide ones, so that its inverses exist."""
    tall = arrays(claim, range(7, 0, -1))
    inverted = [expression(node, claim.scope, NUMPY) for node in claim.scope.invertible]
    try:
        conditions = [np.linalg.cond(eval(code, {"np": np} | tall)) for code in inverted if code]
    except NameError:  # of letters that this claim does not use
        conditions = []
    return tall if max(conditions, default=0) < 1e9 else arrays(claim, range(2, 9))


def arrays(claim, numbers: range) -> dict:
    """Random arrays for the letters of a claim, their sizes the numbers in turn; dU for the slope of U."""
    random = np.random.default_rng(0)
    sizes: dict = {}
    found = {}
    for declaration in used(claim)[0]:
        shape = [sizes.setdefault(size, numbers[len(sizes)]) for size in declaration.dimensions]
        value = random.standard_normal(shape)
        if declaration.symmetric:
            value = value + value.T
        if declaration.invertible:
            value = value + 4 * np.eye(*shape)
        found[name(declaration.letter)] = EXPONENT if declaration.kind == "integer" else value
        if declaration.arguments:
            found[f"d{name(declaration.letter)}"] = random.standard_normal(shape)
    return found | {name(size): value for size, value in sizes.items() if isinstance(size, Letter)}


def moved(claim, found: dict, at) -> dict:
    """The values with the variable at another place; what depends on it goes along, in a straight line."""
    variable = name(claim.lhs.by[0])
    lines = {
        key: found[key] + (at - found[variable]) * found[f"d{key}"] for key in found if f"d{key}" in found
    }
    return found | lines | {variable: at}


@pytest.mark.parametrize("claim", IDENTITIES)
def test_numpy_code_is_the_slope(claim):
    of, slope = both_sides(claim, NUMPY)
    found = values(claim)
    expected = central_difference(
        lambda at: eval(of, {"np": np}, moved(claim, found, at)),
        found[name(claim.lhs.by[0])],
        claim.scope.layout,
    )
    np.testing.assert_allclose(eval(slope, {"np": np} | found), expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("claim", [case for case in IDENTITIES if both_sides(case.values[0], SYMPY)])
def test_sympy_code_is_the_numpy_code(claim):
    found = values(claim)
    symbols, arrays = {}, {}
    for letter, value in found.items():
        shape = (*np.shape(value), 1)[:2]
        symbols[letter] = sympy.MatrixSymbol(letter, *shape) if np.ndim(value) else value
        if np.ndim(value):
            arrays[symbols[letter]] = sympy.Matrix(value)
    written = eval(both_sides(claim, SYMPY)[1], vars(sympy) | symbols)
    result = sympy.sympify(written).subs(arrays).doit()
    expected = eval(both_sides(claim, NUMPY)[1], {"np": np} | found)
    result = np.array(result.tolist() if hasattr(result, "tolist") else result, dtype=float)
    np.testing.assert_allclose(np.ravel(result), np.ravel(expected), rtol=1e-8, atol=1e-8)


def test_most_derivatives_have_code():
    assert len(IDENTITIES) > 150

"""The key of a formula in the book and of what a reader types: they must meet."""

from pathlib import Path

import pytest
from book_site.keys import key
from scripts import call

from matproof.language.nodes import Derivative
from matproof.read.documents import read_document
from matproof.read.reader import read_claims

pytestmark = pytest.mark.slow  # all formulas of the book are read

BOOK = Path(__file__).resolve().parents[2] / "book"


def differentiated():
    """What the book differentiates by a letter, as LaTeX, with its key."""
    for path in sorted(BOOK.rglob("*.ipynb")):
        document = read_document(path.read_text(encoding="utf-8"), path.name)
        for claim, _ in read_claims(document, document.layout or "numerator").claims:
            if claim.error is None and isinstance(claim.lhs, Derivative) and len(claim.lhs.by) == 1:
                found = key(claim.lhs.of, claim.lhs.by[0], claim.scope)
                if found and "(" in found and not claim.scope.definitions:
                    yield claim.latex, found


def test_the_latex_of_the_book_is_read_as_the_book_means_it():
    cases = sorted(set(differentiated()))
    answers = call(["formula-reader.js"], "formulaKeys", [latex for latex, _ in cases])
    missed = [
        (latex, wanted, found)
        for (latex, wanted), found in zip(cases, answers, strict=True)
        if wanted not in found
    ]
    assert len(cases) > 200
    assert missed == []


SAME = {
    "tr(AXBX^T)": [
        r"\operatorname{tr}(\mathbf{X}\mathbf{A}\mathbf{X}^{\top}\mathbf{B})",
        "np.trace(A @ X @ B @ X.T)",
        "tr XCX'D",
    ],
    "||Ax-b||^2": [
        r"\|\mathbf{A}\mathbf{x} - \mathbf{b}\|^2",
        "np.linalg.norm(A@x - b)**2",
        "(Ax-b)'(Ax-b)",
        "‖Ax - b‖²",
    ],
    "log det X": [r"\log\det\mathbf{X}", "log(det(X))", "logdet(X)", "d/dX log det X"],
    "d/dX a'Xb": ["a^T X b", "b'X'a", "tr(Xba')", "∂(aᵀXb)/∂X", r"\frac{\partial}{\partial X} c^\top X d"],
    "x'Ax": ["w^T S w", "gradient of x^T A x", "x.T @ A @ x", "1/2 x'Ax"],
    "tr(A X^-1 B)": ["trace(A inv(X) B)", r"\operatorname{tr}(\mathbf{B}\mathbf{A}\mathbf{X}^{-1})"],
}


@pytest.mark.parametrize("query", SAME)
def test_spellings_of_one_formula(query):
    first, *others = call(["formula-reader.js"], "formulaKeys", [query, *SAME[query]])
    assert first
    for spelling, found in zip(SAME[query], others, strict=True):
        assert set(first) & set(found), (spelling, first, found)


def test_words_are_not_taken_for_formulas():
    words = ["trace", "chain rule", "quadratic form", "inverse", "slope of the determinant", "トレース"]
    assert call(["formula-reader.js"], "looksLikeFormula", words) == [False] * len(words)
    assert call(["formula-reader.js"], "looksLikeFormula", list(SAME)) == [True] * len(SAME)


@pytest.mark.parametrize("broken", ["tr(", "^^", "||x", "", "(A", "A)", "_", "frac("])
def test_what_is_no_formula_has_no_key(broken):
    assert call(["formula-reader.js"], "formulaKeys", [broken]) == [[]]

"""LaTeX as a reader takes it along."""

from scripts import call

PLAIN = {
    r"\mathbf{A}^{\top} \mathbf{X}": "A^T X",
    r"\mathbf{a}^{\top}\mathbf{X}^{-\top}\mathbf{b}": "a^TX^{-T}b",
    r"\frac{\partial \operatorname{tr}(\mathbf{A}\mathbf{X})}{\partial\mathbf{X}}": (
        r"\frac{\partial \operatorname{tr}(AX)}{\partial X}"
    ),
    r"\det\mathbf{X} \odot\mathbf{U}^{2}": r"\det X \odot U^2",
    r"\boldsymbol{\Sigma}_{ij} + x_{i}": r"\Sigma_{ij} + x_i",
    r"\topological \mathbf{X}^{k-1}": r"\topological X^{k-1}",
}


def test_plain_letters():
    assert call(["tex.js"], "plainTex", list(PLAIN)) == list(PLAIN.values())


def test_room_between_rows_was_not_typed():
    spaced = r"\frac{a}{b} \\[0.8em] &= c \\ &= d \\[2em] "
    assert call(["tex.js"], "typedTex", [spaced]) == [r"\frac{a}{b} \\ &= c \\ &= d \\[2em]"]

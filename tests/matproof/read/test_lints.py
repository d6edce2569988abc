"""Warnings: found where they should be, and only there."""

import pytest

from matproof.checking import check

GIVEN = r"""Let $\mathbf{X} \in \mathbb{R}^{n \times n}$, $x \in \mathbb{R}$, $q \in \mathbb{N}$,
$u(\mathbf{X}) \in \mathbb{R}$, $\mathbf{U}(\mathbf{X}) \in \mathbb{R}^{n \times n}$.
$x^q u = u x^q$, $u_{ij} = u_{ij}$
"""


@pytest.mark.parametrize(
    ("formula", "message", "place"),
    [
        (
            r"\sum_k \frac{\partial x_{ji}}{\partial x_{kk}} = \delta_{ij}",
            "a derivative by an entry whose index k is summed",
            r"\frac{\partial x_{ji}}{\partial x_{kk}}",
        ),
        (r"x_{iq} = x_{iq}", "q in two roles: integer and index", "q"),
        (r"\delta_{xi} = \delta_{ix}", "x in two roles: scalar and index", "x"),
    ],
)
def test_warnings_about_claims(formula, message, place):
    text = f"{GIVEN}\n$$\n{formula}\n$$\n"
    (document,) = check(text).documents
    assert {(lint.message, text[slice(*lint.span)]) for lint in document.lints} == {(message, place)}


@pytest.mark.parametrize(
    "formula",
    [
        r"\sum_k \sum_l \frac{\partial u}{\partial u_{kl}} \frac{\partial u_{kl}}{\partial x_{ij}} = x",
        r"\frac{\partial}{\partial x_{ij}} \sum_k x_{kk} = \delta_{ij}",
        r"\sum_{r=0}^{q-1} (\mathbf{X}^r)_{ij} = 0",
    ],
)
def test_no_warnings_where_nothing_is_wrong(formula):
    (document,) = check(f"{GIVEN}\n$$\n{formula}\n$$\n").documents
    assert document.lints == ()


def test_letters_that_are_never_used():
    text = r"Let $\mathbf{A}, \mathbf{B} \in \mathbb{R}^{n \times n}$. $$\mathbf{A} = \mathbf{A}$$"
    (document,) = check(text).documents
    assert [lint.message for lint in document.lints] == ["B is declared, but never used"]


@pytest.mark.parametrize(
    "use", [r"$$b_{ij} = b_{ij}$$", r"the matrix $\mathbf{B}$", r"$\mathbf{Y} := \mathbf{B}$"]
)
def test_letters_that_are_used_in_some_way(use):
    (document,) = check(rf"Let $\mathbf{{B}} \in \mathbb{{R}}^{{n \times n}}$. {use}").documents
    assert document.lints == ()

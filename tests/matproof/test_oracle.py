"""The second opinion is itself tested: on statements whose truth is known, in both layouts."""

import re

import numpy as np
import oracle
import pytest
from strategies import claim, scope

from matproof import language as s
from matproof.read.grammar import parse


def spelled(latex):
    r"""LaTeX from a shorthand: @A for \mathbf{A}, ∂ for \partial, tr for \operatorname{tr}."""
    latex = re.sub(r"@(\w)", r"\\mathbf{\1}", latex).replace("∂", r"\partial ")
    return re.sub(r"\btr\b", r"\\operatorname{tr}", latex)


def opinion(latex, layout="numerator", **more):
    """The oracle's opinion on an equation, in `spelled` shorthand."""
    latex, where = spelled(latex), scope(layout, **more)
    lhs, rhs = (parse(side, where) for side in latex.split(" = ", 1))
    return oracle.opinion(claim(lhs, rhs, where))


TRUE = [
    r"\begin{pmatrix} @A & @A \\ @A & @A \end{pmatrix} = \begin{pmatrix} @A & @A \\ @A & @A \end{pmatrix}",
    r"a_{i} - a_{i} = 2 \cdot 0",
    r"tr(@A @X^{\top}) = tr(@X^{\top} @A)",
    r"(@A @B)_{ij} = \sum_{k} a_{ik} b_{kj}",
    r"(@A @B)^{\top} = @B^{\top} @A^{\top}",
    r"\sum_{k=1}^{m} \delta_{ik} c_{kj} = c_{ij}",
    r"@S^{\top} = @S",
    r"@G @G^{-1} = @I",
    r"@C^{N+1} = @C @C^{N}",
    r"\frac{∂x_{kl}}{∂x_{ij}} = \delta_{ki} \delta_{lj}",
    r"\frac{∂@X}{∂x_{ij}} = @J^{ij}",
    r"\left(\frac{∂u}{∂@X}\right)_{ij} = \frac{∂u}{∂x_{ji}}",
    r"\frac{∂(u w)}{∂@X} = u \frac{∂w}{∂@X} + w \frac{∂u}{∂@X}",
    r"\frac{∂(@U \odot @V)}{∂x} = @U \odot \frac{∂@V}{∂x} + \frac{∂@U}{∂x} \odot @V",
    r"\frac{∂g(u)}{∂x_{ij}} = g'(u) \frac{∂u}{∂x_{ij}}",
    r"\frac{∂\log \det @G}{∂@G} = @G^{-1}",
    r"\frac{∂\exp(c x)}{∂x} = c \exp(c x)",
    r"\frac{∂\|@y\|}{∂@y} = \frac{1}{\|@y\|} @y^{\top}",
    r"\frac{∂^{2} (@y^{\top} @C @y)}{∂@y\, ∂@y^{\top}} = @C + @C^{\top}",
    r"\frac{∂(@D @y)}{∂@y} = @D",
    r"\frac{\partial}{∂x} \sum_{r=0}^{\infty} q_{r} (x @C)^{r} = \sum_{r=1}^{\infty} r q_{r} @C (x @C)^{r-1}",
    r"\operatorname{vec}(@A @X^{\top}) = (@I_{m} \otimes @A) \operatorname{vec}(@X^{\top})",
    r"\operatorname{adj}(@C) @C = \det(@C) @I",
    r"\left. \frac{∂(x @C)^{2}}{∂x} \right|_{x=1} = 2 @C^{2}",
    r"@a = \begin{pmatrix} a_{1} \\ \vdots \\ a_{m} \end{pmatrix}",
    r"@a^{\top} @y = a_{1} y_{1} + a_{2} y_{2} + \cdots + a_{m} y_{m}",
    r"\operatorname{diag}(@a) @y = @a \odot @y",
    r"tr(@I_{m}) = m",
    r"(@C^{N})_{kl} = \sum_{u_1} \sum_{u_2} \cdots \sum_{u_{N-1}} c_{k u_1} c_{u_1 u_2} "
    r"\cdots c_{u_{N-2} u_{N-1}} c_{u_{N-1} l}",
    r"@a^{\top} @C^{N} @y = \sum_{k} \sum_{u_1} \sum_{u_2} \cdots \sum_{u_{N-1}} \sum_{l} a_{k} "
    r"c_{k u_1} c_{u_1 u_2} \cdots c_{u_{N-1} l} y_{l}",
    r"\frac{∂tr(@D @C^{N})}{∂@C} = @C^{N-1} @D + @C^{N-2} @D @C + \cdots + @D @C^{N-1}",
    r"\frac{∂x^{N}}{∂x} + x = N x^{N-1} + x",
]

FALSE = [
    r"@C @D = @D @C",
    r"@A @B = @B @A",
    r"c @I = c",
    r"\operatorname{diag}(@a^{\top}) = \operatorname{diag}(@a)",
    r"tr(@C @D @S) = tr(@D @C @S)",
    r"@C^{\top} = @C",
    r"\sum_{k} c_{ik} d_{kj} = \sum_{k} c_{ik} d_{jk}",
    r"\delta_{ij} x_{ij} = x_{ij}",
    r"\sum_{k} a_{i} = a_{i}",
    r"\frac{∂@U}{∂x} = @0",
    r"\frac{∂u}{∂x_{ij}} = \left(\frac{∂u}{∂@X}\right)_{ij}",
    r"\frac{∂g(u)}{∂x_{ij}} = \frac{∂u}{∂x_{ij}}",
    r"\|@a + @y\| = \|@a\| + \|@y\|",
    r"\det(@C + @D) = \det(@C) + \det(@D)",
    r"\frac{∂@X}{∂x_{ij}} = @J^{ji}",
    r"\frac{∂tr(@D @C^{N})}{∂@C} = @C^{N-1} @D + @C^{N-2} @D @C + \cdots + @C^{N-1} @D",
]


@pytest.mark.parametrize("latex", TRUE)
def test_what_is_true(latex):
    assert opinion(latex) == oracle.Opinion("true")


@pytest.mark.parametrize("latex", FALSE)
def test_what_is_false(latex):
    assert opinion(latex).answer == "false"


@pytest.mark.parametrize(
    ("layout", "right"),
    [("numerator", r"@b @a^{\top}"), ("denominator", r"@a @b^{\top}")],
)
def test_a_gradient_has_its_layout(layout, right):
    latex = r"\frac{∂(@a^{\top} @X @b)}{∂@X} = " + right
    assert opinion(latex, layout).answer == "true"
    assert opinion(latex, {"numerator": "denominator", "denominator": "numerator"}[layout]).answer == "false"


def test_a_jacobian_has_its_layout():
    latex = r"\frac{∂(@D @y)}{∂@y} = @D^{\top}"
    assert opinion(latex, "denominator").answer == "true"
    assert opinion(latex, "numerator").answer == "false"


def test_a_condition_restricts():
    condition = s.Condition(s.Letter("N"), "=", s.Number(1))
    latex = r"\frac{∂x^{N}}{∂x} = N"
    assert opinion(latex).answer == "false"
    assert opinion(latex, conditions=(condition,)).answer == "true"


@pytest.mark.parametrize(
    "latex",
    [
        r"f = f",
        r"\sum_{k} \delta_{kk} = 1",
        r"\sum_{r=0}^{\infty} x^{r} = \frac{1}{1-x}",
        r"@I = \operatorname{vec}(@I)",
    ],
)
def test_what_the_oracle_does_not_know_it_says(latex):
    assert opinion(latex).answer == "unsupported"


def test_values_can_be_given():
    where = scope()
    tree = parse(spelled(r"\frac{∂tr(@C^2)}{∂@C} @a"), where)
    matrix, vector = np.array([[1, 2], [3, 4]]), np.array([[5], [-1]])
    values = {s.Letter("C", True): matrix, s.Letter("a", True): vector}
    point = oracle.Point(where, {"m": 2}, values=values)
    np.testing.assert_allclose(point.value(tree), 2 * matrix @ vector, rtol=1e-9)

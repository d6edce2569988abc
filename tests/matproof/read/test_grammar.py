"""Each rule of the language of expressions: what is read, how it is printed, what is refused and where."""

import contextlib
import random

import pytest

from matproof.language.nodes import ReadError
from matproof.language.operations import OPERATIONS
from matproof.language.printing import to_latex
from matproof.read.documents import read_document
from matproof.read.grammar import MAX_TOKENS, parse
from matproof.read.reader import read_claims

LETTERS = r"""Let $\mathbf{A}, \mathbf{B} \in \mathbb{R}^{n \times n}$,
$\mathbf{X} \in \mathbb{R}^{m \times n}$, $\mathbf{a}, \mathbf{w} \in \mathbb{R}^{n}$,
$a, t, y \in \mathbb{R}$, $q \in \mathbb{N}$, $c_q \in \mathbb{R}$,
$\mathbf{U}(t) \in \mathbb{R}^{m \times n}$, $\mathbf{W}(t, y) \in \mathbb{R}^{n \times n}$,
$u(\mathbf{X}) \in \mathbb{R}$, $\boldsymbol{\Sigma} \in \mathbb{S}^{n}$,
$\mathbf{f}(\mathbf{w}) \in \mathbb{R}^{m}$.
"""


@pytest.fixture(scope="module")
def scope():
    """The scope of a claim behind the declarations above."""
    ((claim, _),) = read_claims(read_document(f"{LETTERS}\n\n$$\na = a\n$$\n")).claims
    return claim.scope


# formula, and the form in which its tree is printed
ACCEPTED = [
    # letters and operators in the commands of text
    (r"\textbf{A}\mathbf{B}", r"\mathbf{A} \mathbf{B}"),
    (r"{\bf A}{\rm tr}(\mathbf{B})", r"\mathbf{A} \operatorname{tr}\left(\mathbf{B}\right)"),
    (r"\text{tr}(\mathbf{A})", r"\operatorname{tr}\left(\mathbf{A}\right)"),
    (r"\mbox{det}(\mathbf{A})", r"\det\left(\mathbf{A}\right)"),
    (r"\textrm{tr}\,\mathbf{A}", r"\operatorname{tr}\left(\mathbf{A}\right)"),
    (r"\operatorname*{tr}(\mathbf{A})", r"\operatorname{tr}\left(\mathbf{A}\right)"),
    (r"\mathbf{A}^{\text{T}}", r"\mathbf{A}^{\top}"),
    (r"\mathbf{A}^\textrm{T}", r"\mathbf{A}^{\top}"),
    (r"\frac{\text{d} t}{\text{d} t}", r"\frac{\partial t}{\partial t}"),
    (r"a\text{ }t", r"a t"),
    # digits as TeX takes them
    (r"1{,}000 a", r"1000 a"),
    (r"1\,000\,000 a", r"1000000 a"),
    (r"t^2a", r"t^{2} a"),
    (r"\frac12 a", r"\frac{1}{2} a"),
    # braces around signs, and braces that are printed
    (r"a {+} t", r"a + t"),
    (r"a \mathbin{-} t", r"a - t"),
    (r"\underbrace{a + t}_{2} y", r"\left(a + t\right) y"),
    (
        r"\overbrace{\frac{\partial}{\partial t} a}^{\text{zero}} y",
        r"\frac{\partial a}{\partial t} y",
    ),
    # bars around a printed matrix are a determinant
    (
        r"\left|\begin{matrix} a & t \\ y & a \end{matrix}\right|",
        r"\det\left(\begin{pmatrix} a & t \\ y & a \end{pmatrix}\right)",
    ),
    (r"\begin{vmatrix} a \end{vmatrix}", r"\det\left(\begin{pmatrix} a \end{pmatrix}\right)"),
    (r"\begin{array}{c} a \end{array}", r"\begin{pmatrix} a \end{pmatrix}"),
    # products that depend on their sides
    (r"\mathbf{a} \cdot \mathbf{w}", r"\mathbf{a}^{\top} \mathbf{w}"),
    (r"2 \times 3 \times \mathbf{A}", r"2 \cdot 3 \mathbf{A}"),
    (r"\mathbf{A} \times t", r"\mathbf{A} t"),
    (r"a_{10}", r"a_{(10)}"),
    (r"\mathbf{A}\mathbf{B}", r"\mathbf{A} \mathbf{B}"),
    (r"\mathbf{AB}", r"\mathbf{A} \mathbf{B}"),
    (r"\mathbf{A}(\mathbf{B}\mathbf{A})", r"\mathbf{A} \cdot \left(\mathbf{B} \mathbf{A}\right)"),
    (r"\mathbf A \cdot \mathbf B", r"\mathbf{A} \mathbf{B}"),
    (r"2a\,\mathbf{A}", r"2 a \mathbf{A}"),
    (r"-\mathbf{A} - a\mathbf{B} + \mathbf{A}", r"-\mathbf{A} - a \mathbf{B} + \mathbf{A}"),
    (r"(-a)\mathbf{A}", r"\left(-a\right) \mathbf{A}"),
    (
        r"\mathbf{A}\bigl(\mathbf{B} + \mathbf{A}\bigr)",
        r"\mathbf{A} \cdot \left(\mathbf{B} + \mathbf{A}\right)",
    ),
    (r"\mathbf{A}[\mathbf{B} - \mathbf{A}]", r"\mathbf{A} \cdot \left(\mathbf{B} - \mathbf{A}\right)"),
    (r"\mathbf{A} \odot \mathbf{B} \odot \mathbf{A}", r"\mathbf{A} \odot \mathbf{B} \odot \mathbf{A}"),
    (r"2a \mathbf{A} \odot \mathbf{B}", r"2 a \cdot \left(\mathbf{A} \odot \mathbf{B}\right)"),
    (r"(\mathbf{A}\mathbf{B}) \otimes \mathbf{X}", r"\left(\mathbf{A} \mathbf{B}\right) \otimes \mathbf{X}"),
    (r"\mathbf{A}^{\top}", r"\mathbf{A}^{\top}"),
    (r"\mathbf{A}^\top\mathbf{B}", r"\mathbf{A}^{\top} \mathbf{B}"),
    (r"\mathbf{A}^{\mathrm{T}}", r"\mathbf{A}^{\top}"),
    (r"\mathbf{A}^{-1}", r"\mathbf{A}^{-1}"),
    (r"\mathbf{A}^{-\top}", r"\mathbf{A}^{-\top}"),
    (r"\mathbf{A}^{-2}", r"\mathbf{A}^{-2}"),
    (r"\mathbf{A}^{q-1}", r"\mathbf{A}^{q - 1}"),
    (r"(\mathbf{A}^{q})^{\top}", r"\left(\mathbf{A}^{q}\right)^{\top}"),
    (r"t^2", r"t^{2}"),
    (r"x_{ij}", r"x_{ij}"),
    (r"x_{i,j}", r"x_{ij}"),
    (r"x_{12}", r"x_{12}"),
    (r"x_{1,n}", r"x_{1n}"),
    (r"x_{i+1, j}", r"x_{i + 1, j}"),
    (r"a_{ij}^2", r"a_{ij}^{2}"),
    (r"w_i", r"w_{i}"),
    (r"w_{n-1}", r"w_{n - 1}"),
    (r"\sigma_{ij}", r"\sigma_{ij}"),
    (r"c_3", r"c_{3}"),
    (r"f_i", r"f_{i}"),
    (r"(\mathbf{X}\mathbf{A})_{kl}", r"\left(\mathbf{X} \mathbf{A}\right)_{kl}"),
    (r"\left(\mathbf{A}\mathbf{w}\right)_i", r"\left(\mathbf{A} \mathbf{w}\right)_{i}"),
    (r"(\mathbf{A}^{-1})_{ij}", r"\left(\mathbf{A}^{-1}\right)_{ij}"),
    (r"\mathbf{X}_{ij}", r"x_{ij}"),
    (r"\delta_{ij}", r"\delta_{ij}"),
    (r"\delta_{u_1, u_2}", r"\delta_{u_{1} u_{2}}"),
    (r"\mathbf{J}^{ij}", r"\mathbf{J}^{ij}"),
    (r"\mathbf{J}^{12}\mathbf{A}", r"\mathbf{J}^{12} \mathbf{A}"),
    (r"\mathbf{I}", r"\mathbf{I}"),
    (r"\mathbf{I}_n", r"\mathbf{I}_{n}"),
    (r"\mathbf{I}_{12}", r"\mathbf{I}_{12}"),
    (r"\mathbf{I}_{m+1}", r"\mathbf{I}_{m + 1}"),
    (r"\mathbf{I}_{m}", r"\mathbf{I}_{m}"),
    (r"\mathbf{0}", r"\mathbf{0}"),
    (r"\mathbf{0}^{\top}", r"\mathbf{0}^{\top}"),
    (r"\operatorname{tr}(\mathbf{A})", r"\operatorname{tr}\left(\mathbf{A}\right)"),
    (
        r"\operatorname{tr}\left(\mathbf{A}\mathbf{B}\right)^2",
        r"\left(\operatorname{tr}\left(\mathbf{A} \mathbf{B}\right)\right)^{2}",
    ),
    (r"\operatorname{tr}\mathbf{A}", r"\operatorname{tr}\left(\mathbf{A}\right)"),
    (r"\mathrm{tr}(\mathbf{A})", r"\operatorname{tr}\left(\mathbf{A}\right)"),
    (r"\det\mathbf{A}", r"\det\left(\mathbf{A}\right)"),
    (r"\log\det\mathbf{A}", r"\log\left(\det\left(\mathbf{A}\right)\right)"),
    (r"\ln\left|\det\mathbf{A}\right|", r"\log\left(\left|\det\left(\mathbf{A}\right)\right|\right)"),
    (r"\operatorname{adj}\mathbf{A}", r"\operatorname{adj}\left(\mathbf{A}\right)"),
    (
        r"\operatorname{vec}(\mathbf{X})^{\top}",
        r"\left(\operatorname{vec}\left(\mathbf{X}\right)\right)^{\top}",
    ),
    (r"\operatorname{diag}(\mathbf{a})", r"\operatorname{diag}\left(\mathbf{a}\right)"),
    (r"\exp(t\mathbf{A})", r"\exp\left(t \mathbf{A}\right)"),
    (r"\mathrm{e}^{2t}", r"\exp\left(2 t\right)"),
    (r"\sqrt{t}", r"\sqrt{t}"),
    (r"\|\mathbf{a}\|^2", r"\left\|\mathbf{a}\right\|^{2}"),
    (r"\left\|\mathbf{A}\mathbf{w}\right\|^2", r"\left\|\mathbf{A} \mathbf{w}\right\|^{2}"),
    (r"\lVert\mathbf{A}\rVert_F^2", r"\left\|\mathbf{A}\right\|_F^{2}"),
    (r"|t|", r"\left|t\right|"),
    (r"\frac{1}{2}", r"\frac{1}{2}"),
    (r"\tfrac12 a", r"\frac{1}{2} a"),
    (r"\frac{a + t}{y}", r"\frac{a + t}{y}"),
    (r"\sum_{k} a_{ik} x_{kj}", r"\sum_{k} a_{ik} x_{kj}"),
    (r"\sum_{k=1}^{m} \sum_{l=1}^{n} x_{kl}", r"\sum_{k=1}^{m} \sum_{l=1}^{n} x_{kl}"),
    (r"\sum_k a_{ik} \sum_l x_{kl}", r"\sum_{k} a_{ik} \sum_{l} x_{kl}"),
    (
        r"\sum\limits_{r=0}^{q-1} \mathbf{A}^r\mathbf{B}\mathbf{A}^{q-r-1}",
        r"\sum_{r=0}^{q - 1} \mathbf{A}^{r} \mathbf{B} \mathbf{A}^{q - r - 1}",
    ),
    (r"\left(\sum_k a_{kk}\right) a", r"\left(\sum_{k} a_{kk}\right) a"),
    (
        r"\sum_{r=0}^{\infty} c_r (t\mathbf{A})^r",
        r"\sum_{r=0}^{\infty} c_{r} \cdot \left(t \mathbf{A}\right)^{r}",
    ),
    (
        r"\sum_{u_1} \sum_{u_2} \cdots \sum_{u_{q-1}} a_{k u_1} a_{u_1 u_2} \cdots a_{u_{q-1} l}",
        r"\sum_{u_{1}} \sum_{u_{2}} \cdots \sum_{u_{q - 1}} a_{k u_{1}} a_{u_{1} u_{2}} \cdots "
        r"a_{u_{q - 1} l}",
    ),
    (
        r"\underbrace{\sum_{u_1} \cdots \sum_{u_{q-1}}}_{q - 1} a_{k u_1} \cdots a_{u_{q-1} l}",
        r"\sum_{u_{1}} \cdots \sum_{u_{q - 1}} a_{k u_{1}} \cdots a_{u_{q - 1} l}",
    ),
    (
        r"\underbrace{\mathbf{A} + \mathbf{B}}_{\text{sum}} \mathbf{A}",
        r"\left(\mathbf{A} + \mathbf{B}\right) \mathbf{A}",
    ),
    (
        r"\mathbf{A} + \mathbf{A}^2 + \cdots + \mathbf{A}^q",
        r"\mathbf{A} + \mathbf{A}^{2} + \cdots + \mathbf{A}^{q}",
    ),
    (
        r"\mathbf{A} - \mathbf{A}^2 - \cdots - \mathbf{A}^q",
        r"\mathbf{A} - \mathbf{A}^{2} - \cdots - \mathbf{A}^{q}",
    ),
    (r"\frac{\partial \mathbf{U}}{\partial t}", r"\frac{\partial \mathbf{U}}{\partial t}"),
    (
        r"\frac{\partial \mathbf{X}\mathbf{A}}{\partial x_{ij}}",
        r"\frac{\partial \left(\mathbf{X} \mathbf{A}\right)}{\partial x_{ij}}",
    ),
    (
        r"\frac{\partial (\mathbf{X} + \mathbf{U})}{\partial t}",
        r"\frac{\partial \left(\mathbf{X} + \mathbf{U}\right)}{\partial t}",
    ),
    (
        r"\frac{\partial}{\partial x_{ij}} \sum_k x_{kk} t",
        r"\frac{\partial \left(\sum_{k} x_{kk} t\right)}{\partial x_{ij}}",
    ),
    (r"a \frac{\partial}{\partial t} t^2 + t", r"a \frac{\partial t^{2}}{\partial t} + t"),
    (r"\frac{\mathrm{d}}{\mathrm{d}t}\frac{1}{t}", r"\frac{\partial \frac{1}{t}}{\partial t}"),
    (
        r"\frac{\partial^2 \mathbf{W}}{\partial t\,\partial y}",
        r"\frac{\partial^{2} \mathbf{W}}{\partial t\,\partial y}",
    ),
    (r"\frac{\partial^2 u}{\partial t^2}", r"\frac{\partial^{2} u}{\partial t\,\partial t}"),
    (
        r"\frac{\partial^2 u}{\partial \mathbf{w}\,\partial \mathbf{w}^{\top}}",
        r"\frac{\partial^{2} u}{\partial \mathbf{w}\,\partial \mathbf{w}^{\top}}",
    ),
    (
        r"\frac{\partial \mathbf{A}\mathbf{w}}{\partial \mathbf{w}}",
        r"\frac{\partial \left(\mathbf{A} \mathbf{w}\right)}{\partial \mathbf{w}}",
    ),
    (r"\frac{\partial g(u)}{\partial u}", r"\frac{\partial g(u)}{\partial u}"),
    (r"\mathbf{U}(t)", r"\mathbf{U}(t)"),
    (r"\mathbf{U}(2)", r"\mathbf{U}(2)"),
    (r"\mathbf{W}(t, y)", r"\mathbf{W}(t, y)"),
    (r"g'(u)", r"g'(u)"),
    (r"f(g(u))", r"f(g(u))"),
    (r"f_i(\mathbf{w})", r"\left(\mathbf{f}(\mathbf{w})\right)_{i}"),
    (r"\mathbf{U}(\mathbf{A} + \mathbf{B})", r"\mathbf{U} \cdot \left(\mathbf{A} + \mathbf{B}\right)"),
    (
        r"\left.\frac{\partial \mathbf{U}}{\partial t}\right|_{t=1}",
        r"\left. \frac{\partial \mathbf{U}}{\partial t} \right|_{t = 1}",
    ),
    (r"\left.t y\right|_{t = 1, y = a}", r"\left. t y \right|_{t = 1, y = a}"),
    (
        r"\begin{pmatrix} w_1 & w_2 & \cdots & w_n \end{pmatrix}",
        r"\begin{pmatrix} w_{1} & w_{2} & \cdots & w_{n} \end{pmatrix}",
    ),
    (
        r"\begin{pmatrix} x_{11} & \cdots \\ \vdots & \ddots \end{pmatrix}",
        r"\begin{pmatrix} x_{11} & \cdots \\ \vdots & \ddots \end{pmatrix}",
    ),
    (r"\begin{bmatrix} a \\ t \\ \end{bmatrix}", r"\begin{pmatrix} a \\ t \end{pmatrix}"),
    (
        r"\begin{cases} 1 & (i = j) \\ 0 & (i \neq j) \end{cases}",
        r"\begin{cases} 1 & i = j \\ 0 & i \neq j \end{cases}",
    ),
    (
        r"\begin{cases} 1, & \text{if } i = j, \\ 0, & \text{otherwise.} \end{cases}",
        r"\begin{cases} 1 & i = j \\ 0 & \text{otherwise} \end{cases}",
    ),
    (r"{\mathbf{A}^{-1}}^{\top}", r"\mathbf{A}^{-\top}"),
    (r"\frac{\partial a}{\partial (t)}", r"\frac{\partial a}{\partial t}"),
]


@pytest.mark.parametrize(("latex", "printed"), ACCEPTED)
def test_accepted(scope, latex, printed):
    tree = parse(latex, scope)
    assert to_latex(tree) == printed
    assert parse(printed, scope) == tree


# formula, message, and the place that it points at ("" for the end)
KNOWN = ", ".join(row.words[0] for row in OPERATIONS.values() if row.words)


def stuck(words):
    """The message for words that stand in a formula like a factor."""
    return rf"text {words!r} within mathematics; expected \operatorname{{...}}, or \quad and words"


REJECTED = [
    (r"t^23", "a number behind a factor; expected \\cdot before it", "3"),
    (r"w_12", "a number behind a factor; expected \\cdot before it", "2"),
    (r"2{3}", "a number behind a factor; expected \\cdot before it", "{"),
    (r"a{{3}}", "a number behind a factor; expected \\cdot before it", "{"),
    (r"2\frac{1}{2}", "a fraction behind a number; expected \\cdot or + between them", r"\frac{1}{2}"),
    (r"007", "the number 007; expected digits that begin with another one", "007"),
    (
        r"{\frac{\partial}{\partial t} a} t",
        "braces are not printed; expected round brackets around this product",
        r"{\frac{\partial}{\partial t} a}",
    ),
    (
        r"{\sum_{i} x_{ii}} t",
        "braces are not printed; expected round brackets around this product",
        r"{\sum_{i} x_{ii}}",
    ),
    (
        r"{\operatorname{tr}\mathbf{A}}\mathbf{B}",
        "braces are not printed; expected round brackets around this product",
        r"{\operatorname{tr}\mathbf{A}}",
    ),
    (
        r"\mathbf{A}{\mathbf{B} \odot \mathbf{A}}",
        "braces are not printed; expected round brackets around this product",
        r"{\mathbf{B} \odot \mathbf{A}}",
    ),
    (
        r"\frac{\partial}{\partial t} (t) y",
        "how far does the operator reach?; expected brackets around all of its operand",
        "y",
    ),
    (
        r"\frac{\partial}{\partial t} [t] (y)",
        "how far does the operator reach?; expected brackets around all of its operand",
        "(",
    ),
    (
        r"\sum_{i} a_{i} \sum_{i} w_{i}",
        "i is summed already; expected brackets around the first sum",
        "i",
    ),
    (
        r"\mathbf{a} \times \mathbf{w}",
        r"\times between anything but scalars; expected \cdot or nothing for a matrix product",
        r"\times",
    ),
    (
        r"\text{rank}(\mathbf{A})",
        stuck("rank"),
        "rank",
    ),
    (r"a\text{-}t", stuck("-"), "-"),
    (
        r"3\,\text{kg}",
        stuck("kg"),
        "kg",
    ),
    (
        r"a\text{ minus }t",
        stuck(" minus "),
        " minus ",
    ),
    (r"\mathbf{A} +", r"unexpected end of the formula; expected a term", r""),
    (r"+ \mathbf{A}", r"a plus sign without a left-hand side; expected a term", r"+"),
    (r"\mathbf{A} + - \mathbf{B}", r"two signs in a row; expected a term", r"-"),
    (r"\mathbf{A} \cdot", r"\cdot between what?; expected a factor on each side", r"\cdot"),
    (r"\cdot \mathbf{A}", r"\cdot between what?; expected a factor on each side", r"\cdot"),
    (r"\mathbf{A} \odot", r"\odot without a right-hand side; expected a factor", r""),
    (
        r"\mathbf{A}\mathbf{B} \odot \mathbf{A}",
        r"a product mixed with \odot; expected brackets that say which comes first",
        r"\odot",
    ),
    (
        r"\mathbf{A} \otimes \mathbf{B} \mathbf{A}",
        r"a product mixed with \otimes; expected brackets that say which comes first",
        r"\mathbf{A}",
    ),
    (
        r"\mathbf{A} \odot \mathbf{B} \otimes \mathbf{A}",
        r"a product mixed with \odot; expected brackets that say which comes first",
        r"\otimes",
    ),
    (r"2 3", r"a number behind a factor; expected \cdot before it", r"3"),
    (r"1.5 a", r"the decimal number 1.5; expected a fraction, \frac{...}{...}", r"1.5"),
    (
        r"a / t",
        r"unexpected / (a quotient is written \frac{...}{...}); expected the end of the expression",
        r"/",
    ),
    (r"(\mathbf{A}", r"unexpected end of the formula; expected ) to match (", r""),
    (r"\mathbf{A})", r"unexpected ); expected the end of the expression", r")"),
    (r"(\mathbf{A}]", r"unexpected ]; expected ) to match (", r"]"),
    (r"\left(\mathbf{A}\right]", r"unexpected ]; expected ) to match (", r"\right]"),
    (r"{a + t} y", r"braces are not printed; expected round brackets around this sum", r"{a + t}"),
    (r"{a t}^2", r"braces are not printed; expected round brackets around this product", r"{a t}"),
    (r"\mathbf{A}^", r"unexpected end of the formula; expected a superscript or subscript", r""),
    (
        r"\mathbf{A}^{(q)}",
        "a superscript in brackets; expected an exponent without them, or a letter",
        "(q)",
    ),
    (
        r"\frac{\partial t^2}{\partial t}(t)",
        r"a derivative at a point?; expected \left. ... \right|_{x = ...}, or \cdot for a product",
        "(",
    ),
    (r"\mathbf{A}^{}", r"an empty superscript; expected an exponent", r"^"),
    (r"\mathbf{A}^2^3", r"two superscripts; expected brackets around what has the first superscript", r"^"),
    (
        r"\mathbf{A}^{-1}_{ij}",
        r"a subscript after a superscript; expected brackets, (...^{...})_{...} or (..._{...})^{...}",
        r"_",
    ),
    (r"\mathbf{A}^T", r"the exponent T is not declared; expected \top for a transpose", r"T"),
    (r"\mathbf{A}'", r"a prime on \mathbf{A}; expected a function of one argument, or \top", r"\mathbf{A}'"),
    (r"\mathbf{w}_i", r"a subscript on \mathbf{w}; expected an entry such as x_{ij}, or a letter", r"_"),
    (r"x_{ijk}", r"3 indices; expected one index for a vector, two for a matrix", r"ijk"),
    (r"x_{}", r"an empty subscript; expected indices", r"_"),
    (
        r"q_i",
        r"\mathbf{q} is not declared; expected a declaration such as \mathbf{q} \in \mathbb{R}^{n}",
        r"q_i",
    ),
    (r"\delta_i", r"a Kronecker delta with one index; expected two indices", r"\delta_i"),
    (
        r"\mathbf{J}^{i}",
        r"a single-entry matrix with one index; expected two indices, \mathbf{J}^{ij}",
        r"\mathbf{J}^{i}",
    ),
    (r"\mathbf{1}", r"\mathbf{1} has no meaning here; expected \mathbf{0}", r"\mathbf{1}"),
    (
        r"\mathbf{M}",
        r"\mathbf{M} is not declared; expected a declaration such as \mathbf{M} \in \mathbb{R}^{m \times n}",
        r"\mathbf{M}",
    ),
    (r"b", r"b is not declared; expected a declaration such as b \in \mathbb{R}", r"b"),
    (
        r"\lambda",
        r"\lambda is not declared; expected a declaration such as \lambda \in \mathbb{R}",
        r"\lambda",
    ),
    (
        r"z_{ij}",
        r"\mathbf{Z} is not declared; expected a declaration such as \mathbf{Z} \in \mathbb{R}^{m \times n}",
        r"z_{ij}",
    ),
    (r"x_{i\mathbf{j}}", r"\mathbf{j} as an index; expected a plain letter", r"\mathbf{j}"),
    (r"c", r"c without its index; expected c with indices", r"c"),
    (r"\operatorname{tr}", r"tr of what?; expected an argument", r""),
    (
        r"\operatorname{tr}\mathbf{A}\mathbf{B}",
        r"where does the argument of tr end?; expected brackets around the argument",
        r"\mathbf{B}",
    ),
    (
        r"\operatorname{tr}^2(\mathbf{A})",
        r"a script on tr; expected brackets: (tr(...))^2",
        r"\operatorname{tr}",
    ),
    (
        r"\operatorname{rank}(\mathbf{A})",
        f"unknown operation 'rank'; expected {KNOWN}, "
        r"or a definition, \operatorname{rank}(...) := ...",
        r"\operatorname{rank}",
    ),
    (r"\sqrt[3]{t}", r"a root other than the square root; expected \sqrt{...}", r"["),
    (r"\|\mathbf{a}\|_3", r"unknown norm; expected no subscript, or F for the Frobenius norm", r"3"),
    (r"\|\mathbf{a}", r"unexpected end of the formula; expected \| to close the one before", r""),
    (
        r"\langle \mathbf{a}, \mathbf{w} \rangle",
        r"unknown bracket \langle; expected a product such as a^T b",
        r"\langle",
    ),
    (r"\frac{a}", r"unexpected end of the formula; expected an argument in braces", r""),
    (r"\frac12a3", r"a number behind a factor; expected \cdot before it", r"3"),
    (
        r"\frac{\partial a}{t}",
        r"a differential above, but none below; expected \partial in the denominator",
        r"t",
    ),
    (
        r"\frac{a}{\partial t}",
        r"a differential below, but none above; expected \partial in the numerator",
        r"{",
    ),
    (
        r"{\partial a}{\partial t}",
        r"\partial outside of a fraction; expected \frac{\partial ...}{\partial ...}",
        r"\partial",
    ),
    (
        r"\frac{\partial a + t}{\partial t}",
        r"where does the differentiated expression end?; expected brackets around the sum",
        r"a +",
    ),
    (
        r"\frac{\partial -a}{\partial t}",
        r"where does the differentiated expression end?; expected brackets around the sum",
        r"-",
    ),
    (
        r"\frac{\partial}{\partial t}",
        r"an operator with nothing to its right; expected a term to differentiate",
        r"",
    ),
    (
        r"\frac{\partial a}{\partial 2}",
        r"this is not a variable; expected a letter or an entry of a letter",
        r"2",
    ),
    (
        r"\frac{\partial a}{\partial (\mathbf{X}\mathbf{A})_{ij}}",
        r"this is not a variable; expected a letter or an entry of a letter",
        r"(\mathbf{X}\mathbf{A})",
    ),
    (
        r"\frac{\partial^2 a}{\partial t}",
        r"a derivative of order 2 by 1 variables; expected equally many",
        r"\frac{\partial^2 a}{\partial t}",
    ),
    (
        r"\frac{\partial a}{\partial t^2}",
        r"a derivative of order 1 by 2 variables; expected equally many",
        r"\frac{\partial a}{\partial t^2}",
    ),
    (r"\frac{\partial^n a}{\partial t^n}", r"the order of a derivative; expected a number from 1 to 9", r"a"),
    (r"\frac{da}{dt}", r"d is not declared; expected a declaration such as d \in \mathbb{R}", r"d"),
    (r"\sum a", r"a sum without its index; expected a subscript such as _{k}", r"\sum"),
    (r"\sum_k", r"unexpected end of the formula; expected a term", r""),
    (
        r"\sum_{k,l} x_{kl}",
        r"unexpected ,; expected = and the lower bound, or } (one index a sum sign)",
        r",",
    ),
    (r"\sum_{k=1} x_{kk}", r"a sum with one bound; expected both bounds or none", r"\sum_{k=1}"),
    (r"\sum_{k}^{n} x_{kk}", r"a sum with one bound; expected both bounds or none", r"\sum_{k}^{n}"),
    (r"\sum_{k=D}^{n} a", r"D is not declared; expected a declaration such as D \in \mathbb{R}", r"D"),
    (r"\sum_{2} a", r"the index of a sum; expected a letter", r"2"),
    (r"\sum_{n} a_{nn}", r"n is a size here; expected another index", r"n"),
    (r"\sum_{t} a", r"t is a scalar here; expected another index", r"t"),
    (
        r"\sum_{k} \cdots \sum_{l} a_{kl}",
        r"dots between sums over what?; expected \sum_{u_1} \cdots \sum_{u_n}",
        r"l",
    ),
    (r"\mathbf{A} + \cdots", r"a sum that ends in dots; expected + or - and the last term", r""),
    (r"\mathbf{A} \cdots", r"a product that ends in dots; expected the last factor", r""),
    (r"\cdots \mathbf{A}", r"dots outside of a chain; expected factors on both sides", r"\cdots"),
    (r"\vdots \mathbf{A}", r"dots outside of a chain; expected factors on both sides", r"\vdots"),
    (r"\infty", r"\infty outside of the bounds of a sum; expected a finite value", r"\infty"),
    (
        r"u(t)",
        r"u is declared as a function of \mathbf{X} only; expected u(\mathbf{X}), \cdot for a "
        r"product, or a function called f, g or h",
        r"u(t)",
    ),
    (
        r"a(t)",
        r"a is not declared as a function of t; expected a(t) \in ..., or \cdot for a product",
        r"a(t)",
    ),
    (
        r"\mathbf{A}(\mathbf{B})",
        r"\mathbf{A} is not declared as a function of \mathbf{B}; expected \mathbf{A}(\mathbf{B}) "
        r"\in ..., or \cdot for a product",
        r"\mathbf{A}(\mathbf{B})",
    ),
    (
        r"\mathbf{U}(2t)",
        r"\mathbf{U} is declared as a function of t only; expected \mathbf{U}(t), \cdot for a "
        r"product, or a function called f, g or h",
        r"\mathbf{U}(2t)",
    ),
    (
        r"u(\mathbf{X}\mathbf{A})",
        r"u is declared as a function of \mathbf{X} only; expected u(\mathbf{X}), \cdot for a "
        r"product, or a function called f, g or h",
        r"u(\mathbf{X}\mathbf{A})",
    ),
    (
        r"\mathbf{W}(t, y, a)",
        r"\mathbf{W} is declared as a function of t, y only; expected \mathbf{W}(t, y), \cdot for a "
        r"product, or a function called f, g or h",
        r"\mathbf{W}(t, y, a)",
    ),
    (r"\mathbf{W}'", r"a prime on \mathbf{W}; expected a function of one argument, or \top", r"\mathbf{W}'"),
    (r"g''''(u)", r"4 primes; expected at most 3", r"("),
    (r"\left.t\right|", r"a value at a point without the point; expected a subscript such as _{x = 1}", r""),
    (r"\left.t\right|_{2}", r"the point of a value at a point; expected letter = value", r"2"),
    (
        r"\begin{pmatrix} a & t \\ y \end{pmatrix}",
        r"rows of different length; expected equally many cells in each row",
        r"\begin{pmatrix} a & t \\ y \end{pmatrix}",
    ),
    (
        r"\begin{pmatrix} a & t \end{bmatrix}",
        r"unexpected \end{bmatrix}; expected \end{pmatrix}",
        r"\end{bmatrix}",
    ),
    (
        r"\begin{pmatrix} a & t",
        r"unexpected end of the formula; expected &, \\ or the end of the matrix",
        r"",
    ),
    (
        r"\begin{tabular} a \end{tabular}",
        r"unknown environment 'tabular'; expected pmatrix or cases",
        r"\begin{tabular}",
    ),
    (r"\begin{cases} 1 \\ 0 \end{cases}", r"unexpected \\; expected & and the condition", r"\\"),
    (
        r"\begin{cases} 1 & a \\ 0 & i = j \end{cases}",
        r"a case without its condition; expected a relation such as i = j",
        r"\\",
    ),
    (
        r"\begin{cases} 1 & \text{otherwise} \\ 0 & i = j \end{cases}",
        r'a case after "otherwise"; expected \end{cases}',
        r"0",
    ),
    (
        r"\underbrace{\mathbf{A}}_{= \mathbf{B}}",
        r"a relation in the label of a brace; expected words or a number",
        r"=",
    ),
    (r"\unknown", r"unknown \unknown; expected a letter, a number or an operation", r"\unknown"),
    (
        r"a \text{ and } t",
        stuck(" and "),
        r" and ",
    ),
    (r"a = t", r"unexpected relation =; expected the end of the expression", r"="),
    (r"\hat{a}", r"unknown \hat; expected a letter, a number or an operation", r"\hat"),
    (r"a?", r"unknown ?; expected a letter, a number or an operation", r"?"),
]


@pytest.mark.parametrize(("latex", "message", "place"), REJECTED)
def test_rejected(scope, latex, message, place):
    with pytest.raises(ReadError) as caught:
        parse(latex, scope)
    start, end = caught.value.span
    assert (str(caught.value), latex[start:end]) == (message, place)
    if not place:
        assert start == len(latex)


def test_single_entry_or_power(scope):
    """J is a single-entry matrix, unless it is declared as something else."""
    assert type(parse(r"\mathbf{J}^{ij}", scope)).__name__ == "SingleEntry"
    given = (
        r"Let $\mathbf{J} \in \mathbb{R}^{n \times n}$ and $i \in \mathbb{N}$. $$\mathbf{J} = \mathbf{J}$$"
    )
    ((claim, _),) = read_claims(read_document(given)).claims
    assert type(parse(r"\mathbf{J}^{i}", claim.scope)).__name__ == "Power"


def test_spans_point_into_the_text(scope):
    latex = r"a\mathbf{AB} + \frac{\partial x_{ij}}{\partial t}"
    tree = parse(latex, scope)
    product, derivative = tree.terms
    texts = [latex[slice(*part.span)] for part in (*product.factors, derivative, derivative.of)]
    assert texts == ["a", r"\mathbf{A", "B}", r"\frac{\partial x_{ij}}{\partial t}", "x_{ij}"]


@pytest.mark.parametrize(
    "latex",
    [
        "{" * 10_000,
        "{" * 10_000 + "a" + "}" * 10_000,
        "(" * 10_000 + "a" + ")" * 10_000,
        r"\frac{" * 10_000,
        r"\sum_k " * 10_000 + "a",
        r"\frac{\partial}{\partial t} " * 10_000 + "a",
        r"a^{" * 10_000,
        r"x_{" * 10_000,
        r"\log" * 10_000 + " a",
        r"\sqrt" * 10_000,
        "|" * 10_000,
        r"\mathbf{" * 10_000,
        r"\mathrm{" * 10_000,
        r"\text{" * 10_000,
        "a'" * 10_000,
        r"\underbrace{" * 10_000 + "a" + "}" * 10_000,
        r"\begin{pmatrix}" * 10_000,
        "-" * 10_000 + "a",
        "9" * 10_000,
    ],
    ids=lambda latex: latex[:12],
)
def test_hostile_input_is_refused(scope, latex):
    with pytest.raises(ReadError):
        parse(latex, scope)


def test_long_expressions_are_refused_by_their_length(scope):
    with pytest.raises(ReadError, match=f"expected at most {MAX_TOKENS}"):
        parse("+".join(["a"] * MAX_TOKENS), scope)


PIECES = r"""
a t x_{ij} \mathbf{A} \mathbf{w} \mathbf{I}_n \mathbf{J}^{ij} \delta_{ij} c_q u f g' 2 1.5 ( ) [ ]
\{ \} { } ^ _ + - \cdot \odot \otimes \cdots = \neq := \in < , . & \\ \quad \text{if} \frac \partial
\mathrm{d} \sum_k \sum \infty \operatorname{tr} \det \log \exp \sqrt \| | \left. \right|_{t=1}
\left( \right) \left \right \underbrace \top \begin{pmatrix} \end{pmatrix} \begin{cases} \end{cases}
\begin{aligned} \mathbb{R} \mathbf \' $ % ~ é
"""


@pytest.mark.parametrize("seed", range(20))
def test_token_salads_raise_read_errors_only(scope, seed):
    draw, pieces = random.Random(seed), PIECES.split()
    for _ in range(100):
        latex = " ".join(draw.choices(pieces, k=draw.randint(1, 25)))
        with contextlib.suppress(ReadError):
            tree = parse(latex, scope)
            assert parse(to_latex(tree), scope) == tree

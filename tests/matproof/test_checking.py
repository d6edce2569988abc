"""The whole way from a text to its verdicts."""

import pytest

from matproof.checking import check, find_files

GIVEN = r"""Let $\mathbf{A}, \mathbf{B} \in \mathbb{R}^{n \times n}$,
$\mathbf{X} \in \mathbb{R}^{m \times n}$,
$\mathbf{a} \in \mathbb{R}^{n}$, $x \in \mathbb{R}$, $q \in \mathbb{N}$.

"""


def verdict(formula, layout=None):
    (document,) = check(f"{GIVEN}$$\n{formula}\n$$\n", layout).documents
    (result,) = document.results
    return result.verdict.verdict


TRACE = r"\sum_{k=1}^{n} a_{kk} = \operatorname{tr}\mathbf{A}"
POWERS = r"\mathbf{A} + \mathbf{A}^2 + \cdots + \mathbf{A}^q = \sum_{r=1}^{q} \mathbf{A}^r"
ROW = r"\mathbf{a}^{\top} = \begin{pmatrix} a_1 & a_2 & \cdots & a_n \end{pmatrix}"


@pytest.mark.parametrize(
    ("right", "old", "new"),
    [
        pytest.param(
            r"\|\mathbf{a}\|^2 = \mathbf{a}^{\top}\mathbf{a}", r"\|^2", r"\|_3^2", id="subscript of a norm"
        ),
        pytest.param(POWERS, r"\mathbf{A} +", r"-\mathbf{A} +", id="sign of a summand before dots"),
        pytest.param(POWERS, r"+ \cdots", r"- \cdots", id="sign of the dots"),
        pytest.param(
            r"\frac{\partial x}{\partial x} = 1", r"\frac", "", id="differentials without a fraction"
        ),
        pytest.param(TRACE, "k=1}^{n}", "k=n}^{1}", id="reversed bounds"),
        pytest.param(TRACE, "k=1}^{n}", "k=1}^{m}", id="wrong upper bound"),
        pytest.param(TRACE, "k=1", "k=2", id="wrong lower bound"),
        pytest.param(TRACE, "k=1", "k=D", id="undeclared bound"),
        pytest.param(ROW, "a_n", "a_m", id="last entry of a row with dots"),
        pytest.param(ROW, "a_2", "a_3", id="second entry of a row with dots"),
        pytest.param(ROW, r"\end{pmatrix}", r"\end{bmatrix}", id="name of an environment"),
        pytest.param(r"x \cdot (x) = x^2", r"\cdot", "", id="bracket behind a letter"),
    ],
)
def test_what_a_careless_reader_would_pass_over(right, old, new):
    assert verdict(right) == "holds"
    assert old in right
    assert verdict(right.replace(old, new, 1)) in ("fails", "unreadable")


def test_the_layout_is_the_readers_the_documents_or_numerator():
    formula = r"\frac{\partial (\mathbf{A}\mathbf{a})}{\partial \mathbf{a}} = \mathbf{A}^{\top}"
    assert (verdict(formula), verdict(formula, "denominator")) == ("fails", "holds")


def test_all_exponents_of_the_declared_set_are_tried():
    zero = r"\mathbf{A}^p \mathbf{A}^{-p} = \mathbf{I}"
    given = r"Let $\mathbf{A} \in \mathrm{GL}_n(\mathbb{R})$, $p \in \mathbb{N}_0$. "
    (result,) = check(f"{given}$${zero}$$").documents[0].results
    assert (result.verdict.verdict, dict(result.verdict.exponents)["p"][0]) == ("holds", 0)


def test_folders_are_searched_for_documents(tmp_path):
    for name in (
        "b.md",
        "a.ipynb",
        "c.py",
        ".d.md",
        "_build/e.md",
        "f/g.TEX",
        "f/.ipynb_checkpoints/a.ipynb",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = [str(path.relative_to(tmp_path)) for path in find_files([str(tmp_path)])]
    assert found == ["a.ipynb", "b.md", "f/g.TEX"]
    assert [str(path) for path in find_files(["named.py"])] == ["named.py"]


def test_latex_documents():
    text = r"""\newcommand{\A}{\mathbf{A}} \newcommand{\R}{\mathbb{R}} \DeclareMathOperator{\Tr}{tr}
\begin{document}
\section{Traces} % $\A = 2\A$
\begin{theorem}\label{cyclic}
Let $\A, \mathbf{B} \in \R^{n \times n}$. Then
\begin{align}
  \Tr(\A\mathbf{B}) &= \Tr(\mathbf{B}\A) \label{eq:two} \\
                    &\neq \Tr(\A)\Tr(\mathbf{B}).
\end{align}
\end{theorem}
\begin{proof} Note \[ (\A\mathbf{B})_{ii} = \sum_k a_{ik} b_{ki}. \] \end{proof}
\begin{verbatim} $a = b$ \end{verbatim}
"""
    (document,) = check(text, path="notes.tex").documents
    found = [(r.claim.id, r.claim.relation, r.verdict.verdict) for r in document.results]
    assert found == [("eq:two", "=", "holds"), ("eq:two", "!=", "holds"), ("cyclic", "=", "holds")]

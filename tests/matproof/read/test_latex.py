r"""LaTeX: what TeX prints as a formula is read as one, and nothing else is. pylatexenc is the witness."""

import itertools
import sys

import pytest
from pylatexenc.latexwalker import LatexMathNode, LatexWalker

from matproof.read.documents import Closing, Formula, Heading, Opening, read_document


def read(text, **options):
    (unit,) = read_document(text, "notes.tex", **options).units
    return unit, [event for event in unit.events if isinstance(event, Formula)]


def shown(text):
    unit, found = read(text)
    return ["".join(unit.visible[one.start : one.end].split()) for one in found]


def problems(text):
    return [one.problem for one in read(text)[1] if one.problem]


@pytest.mark.parametrize(
    "text",
    [
        "We say ``foo'' and $1=2$ and ``bar''.",
        "`foo' $1=2$ `bar'",
        r"See \url{http://x.org/a%20b} where $1=2$.",
        r"See \href{http://x.org/a%20b$}{$1=2$}.",
        r"The sign \verb|%| and $1=2$.",
        r"The sign \verb|$| and $1=2$.",
        r"The sign \verb*+\end{verbatim}$+ and $1=2$.",
        r"The sign \lstinline{$} and $1=2$.",
        r"The sign \mintinline{tex}|$| and $1=2$.",
        "% \\begin{comment}\n$1=2$\n% \\end{comment}\n",
        "% \\begin{verbatim}\n$1=2$",
        "\\begin{comment}\n$a=b$\n\\end{comment}\n$1=2$",
        "\\begin{lstlisting}[language=TeX]\n$a=b$ % \\end{x}\n\\end{lstlisting}\n$1=2$",
        "\\begin{dmath}\n1=2\n\\end{dmath}",
        "\\begin{dmath}[label={eq:a=b}]\n1=2\n\\end{dmath}",
        "\\begin {equation*}\n1=2\n\\end {equation*}".replace("equation*", "dmath*"),
        "\\begin{IEEEeqnarray}{rCl}\n1=2\n\\end{IEEEeqnarray}",
        "\\begin{IEEEeqnarray*}[][t]{rCl}\n1=2\n\\end{IEEEeqnarray*}".replace("[][t]", "[t]"),
        "\\begin{empheq}[box=\\fbox]{align}\n1=2\n\\end{empheq}",
        "\\begin{alignat}{2}\n1=2\n\\end{alignat}",
        "\\begin{alignat*}{2}\n1=2\n\\end{alignat*}",
        "\\begin{alignat}2\n1=2\n\\end{alignat}",
        "\\begin{alignat*} 2\n1=2\n\\end{alignat*}",
        "\\begin{flaligned}1=2\\end{flaligned}",
        r"\ensuremath{1=2}",
        "$$1=2$$",
        r"\[1=2\]",
        r"\(1=2\)",
        "$1=2$%$a$\n%$b$",
        r"50\% of $1=2$",
        r"cost \$5 and $1=2$",
        r"\iffalse $a=b$ \fi $1=2$",
        r"\includegraphics[width=3cm]{a=b} $1=2$",
        r"\section{On $1=2$}",
        r"\footnote{On $1=2$}",
        r"$1=2$\label{a=b}\ref{$}",
        r"\documentclass{x}$a$\begin{document}$1=2$\end{document}$b$",
        "\\documentclass{x}\n%\\begin{document}\n$a$\\begin{document}$1=2$",
        r"\newcommand{\foo}{$a=b$}$1=2$",
        r"\newcommand{\foo}[2][x]{#1 = #2}$1=2$",
        r"\newtheorem{thm}[section]{Theorem}\begin{thm}$1=2$\end{thm}",
        r"\newenvironment{eqn}{\begin{equation}}{\end{equation}}\begin{eqn}1=2\end{eqn}",
        r"\newenvironment{eqn}[1]{\[}{\]}\begin{eqn}1=2\end{eqn}",
        "$1\n% a = b\n=2$",
        "\\begin{mybox}[title=Of x]$1=2$\\end{mybox}",
        "\\begin{figure}[h]\\caption{$1=2$}\\end{figure}",
        "$1$ = $2$",
        "$1$ $=$ $2$",
    ],
)
def test_one_formula(text):
    assert ["".join(one.split()) for one in shown(text)] == ["1=2"]
    assert not problems(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"$x \text{ with $1=2$}$", [r"x\text{with$1=2$}"]),
        (r"\[x \mbox{ if $1=2$ or \(3=4\)}\]", [r"x\mbox{if$1=2$or\(3=4\)}"]),
        ("$a$$b$", ["a", "b"]),
        ("$a = b$$$c$$", ["a=b", "c"]),
        (r"$$x \text{ if $a$ and $b$}$$", [r"x\text{if$a$and$b$}"]),
        (r"$a\$b$", [r"a\$b"]),
        (r"\[ a \\[2pt] b \]", [r"a\\[2pt]b"]),
        (r"\[\begin{split}a\end{split}\]", [r"\begin{split}a\end{split}"]),
        (r"\begin {equation} a \end {equation}", [r"\begin{equation}a\end{equation}"]),
        (r"\begin{equation}\begin{aligned}a\end{aligned}\end{equation}",
         [r"\begin{equation}\begin{aligned}a\end{aligned}\end{equation}"]),
        ("", []),
        ("x = 3", []),
    ],
)  # fmt: skip
def test_formulas(text, found):
    assert shown(text) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\\begin{mystery}\na = b\n\\end{mystery}", ["the environment mystery"]),
        ("\\begin{mystery}\na = b $c$ d = e\n\\end{mystery} x = y", ["the environment mystery"] * 2),
        ("\\begin{mystery}[a=b]\n\\begin{itemize} $c = d$ \\end{itemize}\n\\end{mystery}", []),
        ("\\begin{mystery}\na = b", ["the environment mystery"]),
        ("\\begin{itemize}\na = b\n\\end{itemize}", []),
        ("$a = b\n\n$c = d$", ["$ without its end"]),
        ("$a = b", ["$ without its end"]),
        ("costs 5$ and no more", []),
        ("\\begin{equation} a = b\n\nand $c = d$", ["\\begin{equation} a = without its end"]),
        ("\\[ a = b\n\nand $c$", ["\\[ without its end"]),
        ("$\\frac{a}{b$ and $c = d$", ["$ without its end"]),
        ("$x$ = 3", ["an equals sign outside of the formula"]),
    ],
)
def test_what_cannot_be_read_is_named(text, expected):
    assert problems(text) == expected


def test_what_is_behind_an_open_formula_is_read():
    assert shown("$a = b\n\n$c = d$")[-1] == "c=d"


def test_structure():
    text = (
        "\\newtheorem{thm}{Theorem}\\newtheorem*{own}{Satz}\n\\section[short]{A $a$ title}\n"
        "\\begin{thm}[Name]\n% note\n\\label{lab}\\end{thm}\\begin{own}\\end{own}"
    )
    (unit,) = read_document(text, "a.tex").units
    found = [event for event in unit.events if not isinstance(event, Formula)]
    assert [type(event) for event in found] == [Heading, Opening, Closing, Opening, Closing]
    assert found[0].text == "A $a$ title"
    assert (found[1].name, found[1].label, found[3].name) == ("prf:theorem", "lab", "prf:own")


# -------------------------------------------------------------------------------------- the witness

FORMULAS = {
    "dollar": "$u = v$",
    "dollars": "$$u = v$$",
    "bracket": r"\[u = v\]",
    "round": r"\(u = v\)",
    "align": "\\begin{align*}\nu &= v \\\\\n&= w\n\\end{align*}",
    "text": r"$u = v \text{ if } w$",
    "quotes": "``$u = v$''",
    "verb": r"\verb|$x$| $u = v$",
    "comment": "% $x = y$\n$u = v$",
    "verbatim": "\\begin{verbatim}\n$x = y$\n\\end{verbatim}",
    "escaped": r"\$ $u = v$ 5\%",
    "url": r"\url{http://a.org} $u = v$",
}
CONTAINERS = {
    "plain": "{}",
    "words": "Words.\n\n{}\n\nWords.",
    "item": "\\begin{{itemize}}\n\\item {}\n\\end{{itemize}}",
    "braces": "\\emph{{a}} {{{}}}",
    "theorem": "\\begin{{theorem}}[Name] {} \\end{{theorem}}",
    "footnote": "\\footnote{{a}} {}",
    "center": "\\begin{{center}}{}\\end{{center}}",
}


def witnessed(text):
    """The mathematics that pylatexenc finds, without blanks and without what delimits it."""
    waiting, found = list(LatexWalker(text).get_latex_nodes()[0]), []
    while waiting:
        node = waiting.pop()
        if node is None or node.isNodeType(LatexMathNode):
            if node is not None:
                found.append("".join(n.latex_verbatim() for n in node.nodelist))
            continue
        name = getattr(node, "environmentname", "")
        if name.startswith("align"):
            found.append(node.latex_verbatim())
            continue
        arguments = getattr(node, "nodeargd", None)
        waiting += list(getattr(node, "nodelist", None) or [])
        waiting += list(getattr(arguments, "argnlist", None) or []) if arguments else []
    return sorted("".join(one.split()) for one in found)


@pytest.mark.parametrize(("outer", "inner"), list(itertools.product(CONTAINERS, repeat=2)))
def test_the_witness_finds_the_same(outer, inner):
    for formula in FORMULAS.values():
        text = CONTAINERS[outer].format(CONTAINERS[inner].format(formula))
        assert sorted(shown(text)) == witnessed(text), text


# ------------------------------------------------------------------------------------------- bounds

HOSTILE = {
    "environments": lambda n: "\\begin{align} a\n\n" * n,
    "unknown": lambda n: "\\begin{foo} = " * n + "\\end{foo} = " * n,
    "unknown names": lambda n: "".join(f"\\begin{{foo{k:05}}} = " for k in range(n)),
    "dollars": lambda n: "$ a = \n\n" * n,
    "braces": lambda n: "$" + "{" * n + "a = b$",
    "comments": lambda n: "$a % b\n = c$ % d\n" * n,
    "macros": lambda n: "\\newcommand{\\a}{b} $\\a = b$ " * n,
    "open macros": lambda n: "\\newcommand{\\a}{b" * n,
    "verb": lambda n: "\\verb|a " * n,
    "brackets": lambda n: "\\[ a " * n,
    "options": lambda n: "\\includegraphics[" * n,
    "sections": lambda n: "\\section{" * n,
    "formulas": lambda n: "$a=b$ = " * n,
}


def calls(text):
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        read_document(text, "a.tex")
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_the_work_grows_no_faster_than_the_text(name):
    assert calls(HOSTILE[name](1600)) <= 5 * calls(HOSTILE[name](400)) + 1000

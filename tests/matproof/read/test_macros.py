r"""Macros: read wherever they are written, expanded with their arguments, bounded, and at their places."""

import pytest

from matproof.checking import check, check_files
from matproof.language.nodes import ReadError
from matproof.read.documents import Macro, read_document
from matproof.read.macros import MAX_EXPANSION, expand, read_macro

LET = r"Let $x, y \in \mathbb{R}$ and $\mathbf{A} \in \mathbb{R}^{n \times n}$. "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\newcommand{\X}{\mathbf{X}}", Macro(0, r"\X", r"\mathbf{X}")),
        (r"\newcommand*\R{\mathbb{R}}", Macro(0, r"\R", r"\mathbb{R}")),
        (r"\renewcommand {\two} [2] {#1 #2}", Macro(0, r"\two", "#1 #2", 2)),
        (r"\newcommand{\opt}[1][n]{a_#1}", Macro(0, r"\opt", "a_#1", 1, "n")),
        (r"\providecommand{\a}{b}", Macro(0, r"\a", "b")),
        (r"\def\half{\frac{1}{2}}", Macro(0, r"\half", r"\frac{1}{2}")),
        (r"\gdef\pair#1#2{#1 + #2}", Macro(0, r"\pair", "#1 + #2", 2)),
        (r"\DeclareMathOperator*{\Tr}{tr}", Macro(0, r"\Tr", r"\operatorname{tr}")),
        (r"\DeclarePairedDelimiter{\norm}{\|}{\|}", Macro(0, r"\norm", r"\left\| #1 \right\|", 1)),
        (r"\NewDocumentCommand{\dd}{m m}{\frac{#1}{#2}}", Macro(0, r"\dd", r"\frac{#1}{#2}", 2)),
        (r"\let\eps=\epsilon", Macro(0, r"\eps", r"\epsilon")),
        (r"\newcommand{\e}{a \} b}", Macro(0, r"\e", r"a \} b")),
        (r"\newcommand{\e}{a", None),
        (r"\newcommandx{\e}{a}", None),
        (r"\define{\e}{a}", None),
    ],
)  # fmt: skip
def test_definitions(text, expected):
    found = read_macro(text, 0)
    assert (found[0] if found else None) == expected
    assert not found or found[1] == len(text)


def written_out(text, *definitions):
    macros = {found[0].name: found[0] for found in (read_macro(one, 0) for one in definitions)}
    return "".join(expand(text, 0, macros).text.split())


@pytest.mark.parametrize(
    ("text", "definitions", "expected"),
    [
        (r"\X y", [r"\def\X{x}"], "xy"),
        (r"\Xy", [r"\def\X{x}"], r"\Xy"),
        (r"\p{a}{b}", [r"\def\p#1#2{#2#1}"], "ba"),
        (r"\p ab", [r"\def\p#1#2{#2#1}"], "ba"),
        (r"\p{\p{a}{b}}\alpha", [r"\def\p#1#2{#2#1}"], r"\alphaba"),
        (r"\g{f}", [r"\def\g{\grad}", r"\def\grad#1{\nabla#1}"], r"\nablaf"),
        (r"\o[k] \o", [r"\newcommand{\o}[1][n]{a_{#1}}"], "a_{k}a_{n}"),
        (r"\p{a}", [r"\def\p#1#2{#2#1}"], "a"),
        (r"\p{{a}b", [r"\def\p#1{<#1>}"], "<{a}b>"),
        (r"a\\b", [r"\def\b{x}"], r"a\\b"),
    ],
)
def test_expansion(text, definitions, expected):
    assert written_out(text, *definitions) == expected


def test_an_argument_does_not_become_part_of_a_name():
    macro = read_macro(r"\def\m#1{\mathbf#1}", 0)[0]
    assert expand(r"\m x", 0, {r"\m": macro}).text == r"\mathbf x"


def test_places():
    macro = read_macro(r"\def\m#1{\mathbf{#1}}", 0)[0]
    text = r"a \m{xy} b"
    expansion = expand(text, 100, {r"\m": macro})
    place = expansion.text.index("y")
    assert expansion.span(place, place + 1) == (106, 107)
    assert expansion.span(2, 3) == (102, 104)
    assert expansion.span(len(expansion.text) - 1, len(expansion.text)) == (109, 110)


@pytest.mark.parametrize(
    "definitions",
    [[r"\def\a{\a}"], [r"\def\a{\b\b}", r"\def\b{\a\a}"], [r"\def\a#1{\a{#1#1}}"], [r"\def\a{\a x}"]],
)
def test_macros_that_grow_without_end(definitions):
    with pytest.raises(ReadError, match="grows without end"):
        written_out(r"\a{x}", *definitions)


def test_an_expansion_is_bounded():
    doubling = [
        rf"\def\{a}{{\{b}\{b}}}" for a, b in zip("abcdefghijklmnopqrst", "bcdefghijklmnopqrstu", strict=True)
    ]
    with pytest.raises(ReadError, match="grows without end"):
        written_out(r"\a", *doubling)
    assert len(written_out(r"\l", *doubling, r"\def\u{x}")) < MAX_EXPANSION


@pytest.mark.parametrize("ending", ["md", "tex"])
@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        (r"$\newcommand{\eq}[2]{#1 = #2}$ $\eq{x}{y}$", ["fails"]),
        (r"$\newcommand{\eq}[2]{#1 = #2} \eq{x}{x}$", ["holds"]),
        (r"$\newcommand{\is}{=} x \is y$", ["fails"]),
        (r"$\newcommand{\m}[1]{\mathbf{#1}} \m{A} + \m{A} = 2 \m A$", ["holds"]),
        (r"$\def\v{x}$ $\v = x$ $\renewcommand{\v}{y}$ $\v = x$", ["holds", "fails"]),
        (r"$\DeclareMathOperator{\Tr}{tr} \Tr(\mathbf{A}) = \Tr(\mathbf{A}^{\top})$", ["holds"]),
        (r"$\def\a{\a\a} x = \a$", ["unreadable"]),
        (r"$\def\e{= y} x \e \e$", ["fails", "holds"]),
    ],
)
def test_verdicts(ending, text, verdicts):
    (document,) = check(LET + text, path=f"notes.{ending}").documents
    assert [result.verdict.verdict for result in document.results] == verdicts
    assert document.account.balanced


def test_macros_are_defined_in_the_preamble():
    text = r"\newcommand{\is}{=}\begin{document}" + LET + r"$x \is y$\end{document}"
    (document,) = check(text, path="a.tex").documents
    assert [result.verdict.verdict for result in document.results] == ["fails"]


# ------------------------------------------------------------------------------------------- inclusion


def read_in(folder, text, **files):
    for name, inside in files.items():
        path = folder / name.replace("__", "/").replace("_tex", ".tex")
        path.parent.mkdir(exist_ok=True)
        path.write_text(inside, encoding="utf-8")
    main = folder / "main.tex"
    main.write_text(LET + text, encoding="utf-8")
    (document,) = check_files([str(main)]).documents
    return [(result.unit.path is not None, result.verdict.verdict) for result in document.results]


def test_files_beside_a_document_are_included(tmp_path):
    files = {"macros_tex": r"\newcommand{\is}{=}", "parts__one_tex": r"$x \is y$", "two_tex": "$y = y$"}
    text = r"\input{macros} $x \is x$ \include{parts/one} \input two.tex $x \is x$"
    assert read_in(tmp_path, text, **files) == [
        (False, "holds"),
        (True, "fails"),
        (True, "holds"),
        (False, "holds"),
    ]


def test_inclusion_ends(tmp_path):
    assert read_in(
        tmp_path, r"\input{one} $x = x$", one_tex=r"\input{two} $y = y$", two_tex=r"\input{one}"
    ) == [
        (True, "holds"),
        (False, "holds"),
    ]


@pytest.mark.parametrize("name", ["../secret", "{}/secret", "missing", "a\0b", "."])
def test_nothing_outside_of_the_folder_is_included(tmp_path, name):
    (tmp_path / "secret.tex").write_text("$x = y$", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    assert read_in(inside, rf"\input{{{name.format(tmp_path)}}}") == []


def test_a_text_without_a_folder_includes_nothing():
    (unit,) = read_document(r"\input{README}", "a.tex").units
    assert unit.path is None

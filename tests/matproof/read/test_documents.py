"""Where the formulas of a file are, in each kind of file, and what is not a formula."""

import json

import pytest

from matproof.checking import check
from matproof.language.claims import Box
from matproof.read.documents import Closing, DocumentError, Formula, Heading, Opening, Target, read_document


def formulas(text, path="notes.md", **options):
    """The formulas of a document's units, stripped."""
    units = read_document(text, path, **options).units
    events = [(unit, event) for unit in units for event in unit.events]
    return [unit.text[e.start : e.end].strip() for unit, e in events if isinstance(e, Formula)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("an $a$ and $b$", ["a", "b"]),
        ("$a\nb$", ["a\nb"]),
        ("$a\n\nb$", []),
        (r"costs \$5 and $a$", ["a"]),
        (r"$a \$ b$", [r"a \$ b"]),
        ("costs 5$ and more", []),
        ("$$\na\n$$ (label)\n$b$", ["a", "b"]),
        (r"\[a\] and \(b\)", ["a", "b"]),
        ("\\begin{align*}\na &= b\n\\end{align*}", ["\\begin{align*}\na &= b\n\\end{align*}"]),
        ("$$\\begin{aligned}a\\end{aligned}$$", [r"\begin{aligned}a\end{aligned}"]),
        ("`$a$` and ``$b` $`` and $c$", ["c"]),
        ("a lone ` and $c$", ["c"]),
        ("{math}`a = b`", ["a = b"]),
        ("{prf:ref}`label`", []),
        ("<!-- $a$ -->$b$", ["b"]),
        ("% $a$\n$b$", ["b"]),
        ("```python\n$a$\n```\n$b$", ["b"]),
        ("~~~\n$a$\n~~~\n$b$", ["b"]),
        ("````\n```\n$a$\n```\n````\n$b$", ["b"]),
        ("```\n$a$", []),
        ("```{code-cell}\n$a$\n```\n$b$", ["b"]),
        (":::{note}\n$a$\n:::", ["a"]),
        ("```{note}\n$a$\n```", ["a"]),
        ("::::{note}\n:::{prf:proof}\n$a$\n:::\n$b$\n::::\n$c$", ["a", "b", "c"]),
        (":::{prf:theorem} Of $a$\n:label: b=c\n$d$\n:::", ["a", "d"]),
        ("```{math}\n:label: eq\na = b\n```", ["a = b"]),
        (":::{math}\na = b\n:::", ["a = b"]),
        ("| $a$ | text |\n|---|---|\n| $b$ | $c$ |", ["a", "b", "c"]),
        ("- item $a$\n  - ```\n    $b$\n    ```\n", ["a"]),
        ("# Title of $a$", ["a"]),
        ("---\ntitle: $a$\n---\n$b$", ["b"]),
        ("$a$\r\n\r\n$b$", ["a", "b"]),
        ("[text $a$](https://example.org/?x=y)", ["a"]),
        ("", []),
    ],
)
def test_formulas_of_markdown(text, found):
    assert formulas(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a % $b$\n$c$", ["c"]),
        (r"50\% $c$", ["c"]),
        ("\\begin{verbatim}$a$\\end{verbatim}$b$", ["b"]),
        ("\\documentclass{article}$a$\\begin{document}$b$\\end{document}", ["b"]),
        ("\\begin{equation}\\label{e} a \\end{equation}", [r"\begin{equation}\label{e} a \end{equation}"]),
        (r"\[ a \]", ["a"]),
    ],
)
def test_formulas_of_latex(text, found):
    assert formulas(text, "notes.tex") == found


def test_text_files_are_read_as_markdown():
    assert formulas("# A\n\n$a$ `$b$`", "notes.txt") == ["a"]


def test_lenient_reading_finds_formulas_without_delimiters():
    text = "Words\n \\frac{a}{b} = c\nw = 1 is none\n$x = \\top$\n微分 \\frac{d}{dx} = e である"
    assert formulas(text, lenient=True) == [r"\frac{a}{b} = c", r"x = \top", r"\frac{d}{dx} = e"]
    assert formulas(text) == [r"x = \top"]


def events(text, path="notes.md"):
    (unit,) = read_document(text, path).units
    return [event for event in unit.events if not isinstance(event, Formula)]


def test_structure_of_markdown():
    text = "(mark)=\n# One #\n\n:::{prf:theorem} Name\n:label: lab\n:class: x\n\n## Two\n:::\n"
    assert events(text) == [
        Target(0, "mark"),
        Heading(8, 1, "One"),
        Opening(17, "prf:theorem", "lab", "Name"),
        Heading(62, 2, "Two"),
        Closing(69),
    ]


def test_structure_of_latex():
    text = "\\section{One}\n\\begin{theorem}[Name]\\label{lab}\n\\end{theorem}\n\\begin{proof}\\end{proof}"
    assert events(text, "notes.tex") == [
        Heading(0, 2, "One"),
        Opening(14, "prf:theorem", "lab", ""),
        Closing(47),
        Opening(61, "prf:proof", None, ""),
        Closing(74),
    ]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("$$a$$ (eq-one)", "eq-one"),
        ("$$a$$ (two words)", "two-words"),
        ("$$a$$ (see (a))", None),
        ("```{math}\n:label: one\na\n```", "one"),
        ("\\begin{equation}\\label{one}a\\end{equation}", "one"),
        (r"\[ a \label{one} \]", "one"),
    ],
)
def test_labels_of_equations(text, label):
    (unit,) = read_document(text).units
    assert [event.label for event in unit.events if isinstance(event, Formula)] == [label]


def notebook(*cells, metadata=None):
    kinds = {"markdown": {}, "code": {"outputs": [], "execution_count": None}}
    return json.dumps(
        {
            "cells": [{"cell_type": k, "metadata": {}, "source": s, **kinds[k]} for k, s in cells],
            "metadata": metadata or {},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


def test_notebooks_are_read_cell_by_cell():
    text = notebook(("markdown", ["$a$\n", "$b$"]), ("code", "x = '$c$'"), ("markdown", "$d$"))
    document = read_document(text, "notes.ipynb")
    assert [unit.cell for unit in document.units] == [1, 3]
    assert formulas(text, "notes.ipynb") == ["a", "b", "d"]


@pytest.mark.parametrize(
    ("text", "path", "layout"),
    [
        (notebook(metadata={"matproof": {"layout": "denominator"}}), "a.ipynb", "denominator"),
        (notebook(), "a.ipynb", None),
        ("---\nmatproof: {layout: denominator}\n---\n", "a.md", "denominator"),
        ("---\ntitle: A\nmatproof:\n  layout: numerator\n---\n", "a.md", "numerator"),
        ("---\ntitle: A\n---\n", "a.md", None),
        ("matproof: {layout: denominator}\n", "a.md", None),
    ],
)
def test_the_layout_of_a_document(text, path, layout):
    assert read_document(text, path).layout == layout


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("no json", "a.ipynb", "a.ipynb: not a notebook (JSONDecodeError"),
        ("[1]", "a.ipynb", "a.ipynb: not a notebook (TypeError"),
        ("{}", "a.ipynb", "a.ipynb: not a notebook (KeyError: 'cells'"),
        ("[" * 100_000, "a.ipynb", "a.ipynb: not a notebook (RecursionError"),
        (
            notebook(metadata={"matproof": {"layout": "both"}}),
            "a.ipynb",
            "a.ipynb: layout 'both'; expected numerator or denominator",
        ),
        ("---\nmatproof: {layout: x}\n---\n", "a.md", "a.md: layout 'x'; expected numerator or denominator"),
    ],
)
def test_documents_that_cannot_be_read(text, path, message):
    with pytest.raises(DocumentError) as caught:
        read_document(text, path)
    assert str(caught.value).startswith(message)


def test_lines_and_rows():
    (unit,) = read_document("one\ntwo \x0c $a$\n\nfour").units
    assert [unit.line(offset) for offset in (0, 3, 4, 13, 14, 15, 18)] == [1, 1, 2, 2, 3, 4, 4]
    assert unit.row(5) == ("two \x0c $a$", 4)


def test_claims_know_their_box():
    text = """$1 = 1$

:::{prf:theorem} T
:label: one
$2 = 2$
:::
::::{prf:proof}
$3 = 3$
:::{note}
$4 = 4$
:::
$5 = 5$
::::
:::{prf:theorem}
$6 = 6$
:::
"""
    (document,) = check(text, path="a.md").documents
    boxes = [result.claim.inside for result in document.results]
    proof = Box("proof", None, 1)
    expected = [None, Box("theorem", "one", 1), proof, Box("note", None, 1), proof, Box("theorem", None, 2)]
    assert boxes == expected

"""Tokens: one form for what looks alike, and a place for each."""

import pytest

from matproof.read.tokens import tokenize


def kinds(latex, **options):
    return " ".join(f"{token.kind}:{token.text}{'!' * token.bold}" for token in tokenize(latex, **options))


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\mathbf{AB}", "letter:A! letter:B!"),
        (r"\mathbf A", "letter:A!"),
        (r"\boldsymbol{\Sigma}", r"letter:\Sigma!"),
        (r"\mathbf{0}", "number:0!"),
        (r"a\,b\;c\ d~e", "letter:a letter:b letter:c letter:d letter:e"),
        (r"\dfrac\tfrac\frac", r"command:\frac command:\frac command:\frac"),
        (r"( \left( \bigl( \Big(", "open:( open:( open:( open:("),
        (r") \right) \bigr)", "close:( close:( close:("),
        (r"\{ \left\{ \lbrace", r"open:\{ open:\{ open:\{"),
        (r"\| \left\| \lVert \Vert", r"bar:\| open:\| open:\| bar:\|"),
        (r"\left. a \right|", "open:. letter:a close:."),
        (r"\left( a \right. \left. b \right)", "open:( letter:a letter:b close:("),
        (r"= \neq \ne \not=", "relation:= relation:!= relation:!= relation:!="),
        (r":= \coloneqq", "relation::= relation::="),
        (r"\le \leq \geq \in", "relation:<= relation:<= relation:>= relation:in"),
        (r"\operatorname{tr} \mathrm{tr} \det", "name:tr name:tr name:det"),
        (r"^\top \mathrm{T} \intercal", r"symbol:^ command:\top command:\top command:\top"),
        (r"\mathbb{R}", "bb:R"),
        (r"\text{if $a$} b", "text:if $a$ letter:b"),
        (r"\begin{pmatrix} a & b \\[2pt] c \end{pmatrix}",
         r"begin:pmatrix letter:a &:& letter:b row:\\[2pt] letter:c end:pmatrix"),
        (r"\label{eq:a-b} c \tag{1}", "letter:c"),
        (r"\label{a=b}", r"command:\label {:{ letter:a relation:= letter:b }:}"),
        (r"12 1.5 a12", "number:12 decimal:1.5 letter:a number:12"),
        (r"a % b" + "\nc", "letter:a letter:c"),
        (r"\cdots \ldots \vdots \ddots", "dots:c dots:c dots:v dots:d"),
        (r"\mathbf{", r"command:\mathbf {:{"),
        (r"\mathbf{a = b}", "letter:a! relation:= letter:b!"),
        (r"\operatorname{a = b}", "{:{ letter:a relation:= letter:b }:}"),
        ("é", "symbol:é"),
        ("\\", "command:\\"),
    ],
)  # fmt: skip
def test_kinds(latex, expected):
    assert kinds(latex) == expected


def test_places():
    latex = r"a \mathbf{X}^{\top} \left( b"
    assert [latex[slice(*token.span)] for token in tokenize(latex)] == [
        "a", r"\mathbf{X}", "^", "{", r"\top", "}", r"\left(", "b",
    ]  # fmt: skip
    assert tokenize(latex, 2, 12) == [token for token in tokenize(latex) if token.text == "X"]


@pytest.mark.parametrize(
    ("damaged", "repaired"),
    [
        (r"rac{a}{b}", r"\frac{a}{b}"),
        (r"x^{ op}", r"x^{\top}"),
        ("\\left(a\night)", r"\left(a\right)"),
        ("ig( a ig)", r"\big( a \big)"),
        ("tr(a)", r"\operatorname{tr}(a)"),
    ],
)
def test_damage_is_repaired_in_lenient_mode_only(damaged, repaired):
    assert kinds(damaged, lenient=True) == kinds(repaired)
    assert kinds(damaged) != kinds(repaired)

"""Brackets of every kind hold the arguments of a function that the document defines."""

import pytest

from matproof import check


@pytest.mark.parametrize(
    "brackets", ["()", "[]", (r"\{", r"\}"), (r"\left[", r"\right]"), (r"\bigl(", r"\bigr)")]
)
@pytest.mark.parametrize(("argument", "value", "verdict"), [("2 t", "4 t^2", "holds"), ("t", "t", "fails")])
def test_the_value_of_a_function(brackets, argument, value, verdict):
    opening, closing = brackets
    text = (
        r"Let $t \in \mathbb{R}$. Define $f(t) := t^2$."
        + "\n\n"
        + f"$f{opening}{argument}{closing} = {value}$"
    )
    (result,) = check(text).documents[0].results
    assert result.verdict.verdict == verdict


def test_square_brackets_behind_a_number_are_a_factor():
    (result,) = check(r"Let $c, x \in \mathbb{R}$. Then $c[x + 1] = c x + c$.").documents[0].results
    assert result.verdict.verdict == "holds"

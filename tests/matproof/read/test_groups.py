"""Which brackets belong together."""

from __future__ import annotations

import pytest

from matproof.read.groups import Groups, closing_place
from matproof.read.tokens import tokenize


@pytest.mark.parametrize(
    ("latex", "place"), [("(a)b", 2), ("((a)b)", 5), ("(a", -1), ("[0, 1)", 4), ("{(a}", 3), ("a(b)", -1)]
)
def test_where_a_bracket_is_closed(latex, place):
    assert closing_place(tokenize(latex)) == place


@pytest.mark.parametrize(
    ("latex", "outside"),
    [
        ("a(b{c})d", "a ( ( d"),
        (r"\begin{cases} a & b \end{cases} c", "cases cases c"),
        ("a) b", "a ( b"),
        ("(a b", "("),
        ("{a (b} c", "{ } c"),
        ("a } b", "a } b"),
    ],
)
def test_what_stands_outside_of_all_brackets(latex, outside):
    assert " ".join(token.text for _, token in Groups(tokenize(latex)).outermost()) == outside


def test_the_brackets_around_a_token_come_innermost_first():
    groups = Groups(tokenize("(a[b{c}])"))
    assert list(groups.brackets_around(5)) == [4, 2, 0]


def test_partners_know_each_other():
    groups = Groups(tokenize("(a(b))(c)"))
    assert groups.partner == {2: 4, 4: 2, 0: 5, 5: 0, 6: 8, 8: 6}

"""Moving through tokens: what is seen, passed and refused, and where."""

import pytest

from matproof.language.nodes import ReadError
from matproof.read.cursor import MAX_DEPTH, Cursor, nested, token_name
from matproof.read.tokens import tokenize


def cursor(latex):
    return Cursor(tokenize(latex), (len(latex), len(latex)))


def texts(tokens):
    return [token.text for token in tokens]


def test_it_stands_at_the_first_token_and_sees_the_next():
    at = cursor("a+b")
    assert (at.token.text, at.ahead().text, at.ahead(2).text) == ("a", "+", "b")
    assert at.ahead(3) is at.end


def test_what_is_accepted_is_passed_and_nothing_else():
    at = cursor("a+b")
    assert at.accept("symbol", "+") is None
    assert at.accept("letter").text == "a"
    assert at.accept("symbol", "-", "+").text == "+"
    assert at.token.text == "b"


def test_behind_the_last_token_stands_the_end():
    at = cursor("a")
    at.step()
    assert at.token is at.end
    at.finish()


def test_what_was_expected_is_named_with_its_place():
    at = cursor("(a]")
    at.step(), at.step()
    with pytest.raises(ReadError) as caught:
        at.expect("close", "(", ")")
    assert str(caught.value) == "unexpected ]; expected )"
    assert caught.value.span == (2, 3)


def test_what_is_left_over_is_refused():
    with pytest.raises(ReadError, match="unexpected a; expected the end of the expression"):
        cursor("a").finish()


def test_a_place_reaches_from_a_token_to_the_last_one_passed():
    at = cursor("ab c")
    start = at.step()
    at.step(), at.step()
    assert at.place(start) == (0, 4)


def test_levels_are_left_again():
    at = cursor("a")
    with at.deeper(3):
        assert at.depth == 3
    assert at.depth == 0


def test_a_rule_within_itself_ends_at_the_greatest_depth():
    calls = []

    @nested
    def rule(at):
        """Calls itself."""
        calls.append(at.depth)
        return rule(at)

    with pytest.raises(ReadError, match="nested too deep"):
        rule(cursor("a"))
    assert calls == list(range(1, MAX_DEPTH + 1))
    assert rule.__doc__ == "Calls itself."


@pytest.mark.parametrize(
    ("latex", "name"),
    [
        ("(", "("),
        (r"\rangle", r"\rangle"),
        (r"\begin{matrix}", r"\begin{matrix}"),
        ("=", "relation ="),
        ("7", "7"),
    ],
)
def test_tokens_have_names_for_messages(latex, name):
    assert token_name(tokenize(latex)[0]) == name

"""The page of the language: up to date, and its messages those of the checker."""

import language_page
import pytest

from matproof import check
from matproof.language.operations import EXAMPLES, OPERATIONS

TEXT = language_page.PAGE.read_text("utf-8")


def test_the_page_is_up_to_date():
    assert language_page.page(TEXT) == TEXT, "run `make language`"


def test_everything_on_the_page_holds():
    (document,) = check(TEXT).documents
    assert {result.verdict.verdict for result in document.results} == {"holds"}


def test_the_page_speaks_of_every_operation_and_of_the_letters():
    assert EXAMPLES in TEXT
    for row in OPERATIONS.values():
        assert row.meaning in TEXT


def test_what_holds_cannot_be_called_refused():
    with pytest.raises(ValueError, match="holds"):
        language_page.message(r"\mathbf{A} = \mathbf{A}")


def test_a_message_that_has_changed_is_replaced():
    stale = TEXT.replace("a trace needs a square matrix", "a trace needs luck")
    assert language_page.page(stale) == TEXT

"""The links to what has been printed, on the start page."""

import pytest
from printed.linked import link

START = (
    '<a class="book-title" href="#">The book</a><article><p>Welcome.</p></article><nav id="contents"></nav>'
)


@pytest.fixture
def site(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "index.html").write_text(START)
    return tmp_path


def start_page(site):
    link(site)
    return (site / "book" / "index.html").read_text()


def test_nothing_is_linked_before_it_is_printed(site):
    assert start_page(site) == START


def test_the_book_is_linked_once(site):
    (site / "pdf").mkdir()
    (site / "pdf" / "book.pdf").touch()
    first = start_page(site)
    assert first.count('href="../pdf/book.pdf"') == 1
    assert start_page(site) == first


def test_a_link_goes_with_its_pdf(site):
    (site / "pdf").mkdir()
    (site / "pdf" / "book.pdf").touch()
    start_page(site)
    (site / "pdf" / "book.pdf").unlink()
    assert start_page(site) == START


def test_cheat_sheets_are_linked_with_the_book(site):
    (site / "pdf").mkdir()
    for name in ("book.pdf", "formulas-denominator.pdf"):
        (site / "pdf" / name).touch()
    page = start_page(site)
    assert "All formulas in denominator layout as PDF" in page
    assert "numerator layout as PDF" not in page

"""The printed book and the handouts: `make test-pdf` prints them and runs this."""

import re

import pytest
from printed.joined import START
from pypdf import PdfReader

# Points: A4 less the margins of print.css, and what the rounding of a pixel may take of them.
MM = 72 / 25.4
LEFT, RIGHT, SLACK = 18 * MM, (210 - 18) * MM, 2
CHAPTER = re.compile(r'<h1><span class="section-number">(\d+)\.')


@pytest.fixture(scope="session")
def book(site):
    path = site / "pdf" / "book.pdf"
    if not path.is_file():
        pytest.exit(f"There is no {path}: run `make pdf` first.", returncode=2)
    return PdfReader(path)


def titles(entries):
    for entry in entries:
        if isinstance(entry, list):
            yield from titles(entry)
        else:
            yield entry.title


def at_least_as_wide(text, font, size):
    """A lower bound of the width of a run of text: the very width of code, half the usual one of the rest."""
    mono = font is not None and "Mono" in str(font.get("/BaseFont"))
    return max(map(len, text.split("\n"))) * size * (0.6 if mono else 0.25)


def test_every_chapter_and_section_has_a_bookmark(book, site):
    found = [" ".join(title.split()) for title in titles(book.outline)]
    numbers = [
        int(match[1])
        for page in (site / "book").rglob("*.html")
        if (match := CHAPTER.search(page.read_text(encoding="utf-8")))
    ]
    chapters = [int(match[1]) for title in found if (match := re.match(r"(\d+)\. ", title))]
    assert chapters == sorted(numbers)
    assert any(re.match(r"\d+\.\d+\. ", title) for title in found)


def test_all_fonts_are_embedded(book):
    missing = set()
    for page in book.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            inner = font.get("/DescendantFonts", [font])[0].get_object()
            descriptor = inner.get("/FontDescriptor", {})
            embedded = {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
            if not embedded and font["/Subtype"] != "/Type3":
                missing.add(font.get("/BaseFont"))
    assert missing == set()


def test_no_text_beyond_the_margins(book):
    outside = []
    for number, page in enumerate(book.pages, 1):

        def visit(text, cm, tm, font, size, number=number):
            left = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            right = left + at_least_as_wide(text, font, abs(size * tm[0] * cm[0]))
            if text.strip() and not (left >= LEFT - SLACK and right <= RIGHT + SLACK):
                outside.append((number, text.strip()[:40], round(left), round(right)))

        page.extract_text(visitor_text=visit)
    assert outside == []


def test_links_lead_to_a_place(book):
    places, number = book.named_destinations, 0
    for page in book.pages:
        for note in page.get("/Annots", []):
            note = note.get_object()
            target = note.get("/Dest", note.get("/A", {}).get("/D"))
            if isinstance(target, str):
                number += 1
                assert target in places or target.lstrip("/") in places, target
            elif target is None:
                assert str(note["/A"]["/URI"]).startswith("http"), note["/A"]
    assert number > 100


def test_running_heads_and_page_numbers(book):
    assert not re.search(r"^\s*1\s*$", book.pages[0].extract_text(), re.MULTILINE), "none on the title page"
    middle = len(book.pages) // 2
    head, number = book.pages[middle].extract_text().splitlines()[:2]
    assert re.match(r"\d+\. \w", head), "the chapter's title"
    assert number.strip() == str(middle + 1)


def test_a_page_of_a_handout_for_every_slide(book, site):
    decks = sorted((site / "decks").rglob("*.html"))
    assert decks
    for deck in decks:
        slides = deck.read_text(encoding="utf-8").count("<section data-kind=")
        handout = PdfReader(site / "pdf" / deck.relative_to(site).with_suffix(".pdf"))
        assert len(handout.pages) == slides, deck


def test_the_start_page_links_to_the_book_and_to_every_handout(book, site):
    start = (site / START).read_text(encoding="utf-8")
    linked = re.findall(r'href="\.\./(pdf/[^"]+)"', start)
    assert sorted(linked) == sorted(str(path.relative_to(site)) for path in (site / "pdf").rglob("*.pdf"))

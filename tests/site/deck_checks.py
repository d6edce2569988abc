"""Every deck of the built site in a real browser; part of `make test-site`."""

import re
from pathlib import Path

import browser
import decks_in_browser as questions
import pytest

SIZES = {"1280x720": {"width": 1280, "height": 720}, "1024x768": {"width": 1024, "height": 768}}
# A labelled box on a page, and a slide with the beginning of one; a bare proof has no other class.
STATEMENT = re.compile(r'<div class="proof (?!admonition)\w+ admonition"')
STATEMENT_SLIDE = re.compile(r'data-kind="statement"')


def pytest_generate_tests(metafunc):
    if "deck" in metafunc.fixturenames:
        folder = Path(metafunc.config.getoption("site")) / "decks"
        if not folder.is_dir():
            pytest.exit(f"There are no decks in {folder}: run `make book` first.", returncode=2)
        metafunc.parametrize("deck", sorted(str(path.relative_to(folder)) for path in folder.rglob("*.html")))


@pytest.mark.parametrize("size", SIZES)
def test_deck_fits(chromium, home, deck, size, record_property):
    with browser.Watched(chromium, home, viewport=SIZES[size]) as watched:
        page = questions.ready(watched.open(f"decks/{deck}"))
        complaints = questions.overflow(page)
        if size == "1280x720":
            record_property("decks", 1)
            record_property("slides", page.evaluate("Reveal.getTotalSlides()"))
        record_property("slides that overflow", len(complaints))
        assert complaints + browser.fonts_missing(page) + watched.complaints() == []


def test_keyboard_reaches_the_last_slide(chromium, home, deck):
    with browser.Watched(chromium, home, viewport=SIZES["1280x720"]) as watched:
        page = questions.ready(watched.open(f"decks/{deck}"))
        assert questions.walk(page) + watched.complaints() == []


def test_as_many_statements_as_the_page_has(site, deck):
    page = (site / "book" / deck).read_text(encoding="utf-8")
    slides = (site / "decks" / deck).read_text(encoding="utf-8")
    assert len(STATEMENT.findall(page)) == len(STATEMENT_SLIDE.findall(slides))


def test_every_chapter_links_to_its_deck(site):
    linked = [
        str(path.relative_to(site / "book"))
        for path in (site / "book").rglob("*.html")
        if 'id="slides"' in path.read_text(encoding="utf-8")
    ]
    decks = site / "decks"
    assert sorted(linked) == sorted(str(path.relative_to(decks)) for path in decks.rglob("*.html"))


def test_as_many_pages_in_print_as_slides(chromium, home, deck):
    with browser.Watched(chromium, home, viewport=SIZES["1280x720"]) as watched:
        page = questions.ready(watched.open(f"decks/{deck}?print-pdf"))
        page.wait_for_selector(".pdf-page")
        slides = page.evaluate("document.querySelectorAll('.slides section:not(.stack)').length")
        assert page.locator(".pdf-page").count() == slides
        assert watched.complaints() == []


LONG = "matrix-by-scalar/inverse.html"


def test_works_from_a_file_in_the_dark(chromium, site):
    with browser.Watched(chromium, site.as_uri() + "/", color_scheme="dark") as watched:
        page = questions.ready(watched.open(f"decks/{LONG}"))
        background = page.evaluate(
            "getComputedStyle(document.querySelector('.reveal-viewport')).backgroundColor"
        )
        assert int(re.search(r"\d+", background)[0]) < 100
        assert watched.complaints() == []


def test_rows_of_a_proof_appear_one_by_one(chromium, home):
    rows = "section.present:not(.stack) .katex .fragment"
    with browser.Watched(chromium, home, viewport=SIZES["1280x720"]) as watched:
        page = questions.ready(watched.open(f"decks/{LONG}"))
        page.evaluate(
            """() => {
              const row = document.querySelector("[data-kind^=proof] .katex .fragment");
              const { h, v } = Reveal.getIndices(row.closest("section"));
              Reveal.slide(h, v, -1);
            }"""
        )
        number = page.locator(rows).count()
        assert number > 0
        assert page.locator(rows + ".visible").count() == 0
        assert not page.locator(rows + " .mord").first.is_visible()
        page.keyboard.press("Space")
        page.wait_for_timeout(400)
        assert page.locator(rows + " .mord").first.is_visible()
        while page.evaluate("Reveal.availableFragments().next"):
            page.keyboard.press("Space")
        assert page.locator(rows + ".visible").count() == number


def test_overview_notes_and_the_way_back(chromium, home):
    with browser.Watched(chromium, home, viewport=SIZES["1280x720"]) as watched:
        page = questions.ready(watched.open(f"decks/{LONG}"))
        assert page.locator(".slide-number").inner_text().split()[0] == "1"
        page.keyboard.press("o")
        assert page.evaluate("Reveal.isOverview()")
        page.keyboard.press("Escape")
        with page.expect_popup() as popup:
            page.keyboard.press("s")
        notes = popup.value.locator(".speaker-controls-notes .value:not(:empty)")
        notes.wait_for()
        written = page.locator("section.present:not(.stack) aside.notes").text_content()
        assert written.strip()
        assert notes.text_content().strip() == written.strip()
        popup.value.close()
        with page.expect_popup() as book:
            page.locator("section.present:not(.stack) .running a").click()
        assert "/book/matrix-by-scalar/inverse.html" in book.value.url


FAULTS = {
    "overflow": '<div class="content" style="position: absolute; inset: 0; height: 120px; overflow: hidden">'
    '<p style="height: 300px">high</p></div>',
    "walk": '<div class="content">one</div></section><section><div class="content">two</div>',
}


@pytest.mark.parametrize("question", FAULTS)
def test_the_checks_can_complain(chromium, question):
    with browser.Watched(chromium, "about:blank") as watched:
        slides = f'<div class="slides"><section>{FAULTS[question]}</section></div>'
        watched.page.set_content(f"<!DOCTYPE html><body>{slides}")
        watched.page.evaluate(
            "window.Reveal = { getTotalSlides: () => 2, isLastSlide: () => false,"
            " getCurrentSlide: () => document.body }"
        )
        assert getattr(questions, question)(watched.page) != []

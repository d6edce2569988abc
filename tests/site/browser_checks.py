"""The built site in a real browser: `make test-site` builds the book and runs this."""

import re
from pathlib import Path
from urllib.parse import quote

import browser
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
REPOSITORY = CONFIG["repository"]["url"]
DARK = {"color_scheme": "dark"}


def pytest_generate_tests(metafunc):
    if "path" in metafunc.fixturenames:
        site = Path(metafunc.config.getoption("site"))
        if not (site / "search.html").is_file():
            pytest.exit(f"There is no site in {site}: run `make book` first.", returncode=2)
        pages = sorted(str(page.relative_to(site)) for page in site.rglob("*.html"))
        # Outside the layout: the redirection at the root, the 404 of a server, the decks (deck_checks.py).
        outside = ("index.html", "404.html")
        metafunc.parametrize(
            "path", [page for page in pages if page not in outside and not page.startswith("decks/")]
        )


@pytest.fixture
def watched(chromium, home):
    with browser.Watched(chromium, home) as page:
        yield page


@pytest.fixture
def chapter(site):
    """A page with theorems, cells, outputs and exercises."""
    return "book/matrix-by-scalar/basics.html"


def test_page(watched, path, record_property):
    page = watched.open(path)
    complaints = browser.untypeset(page) + browser.fonts_missing(page) + browser.overflow(page)
    complaints += browser.parted(page)
    if path != "search.html":
        complaints += browser.structure(page) + browser.wide_displays(page)
    record_property("pages", 1)
    record_property("formulas", page.locator(".math").count())
    record_property("requests to other hosts", len(watched.foreign))
    record_property("console errors", len(watched.errors))
    assert complaints + watched.complaints() == []


@pytest.mark.parametrize(("colours", "width"), [("light", 1280), ("dark", 390)])
def test_accessible(chromium, home, path, colours, width, record_property):
    viewport = {"width": width, "height": 900}
    # The policy keeps axe-core out, like any script that is not the site's own.
    options = {"color_scheme": colours, "viewport": viewport, "bypass_csp": True}
    with browser.Watched(chromium, home, **options) as watched:
        complaints = browser.inaccessible(watched.open(path))
    record_property("axe violations", len(complaints))
    assert complaints == []


def test_links(site, record_property):
    complaints, number = browser.dead_links(site)
    record_property("links", number)
    assert complaints == []


def test_every_page_is_in_the_sitemap(site):
    listed = re.findall(r"<loc>[^<]*?/(book/[^<]+)</loc>", (site / "sitemap.xml").read_text())
    assert sorted(listed) == sorted(str(page.relative_to(site)) for page in site.rglob("book/**/*.html"))


def test_launch_links_lead_to_the_notebook(watched, path):
    page = watched.open(path)
    hrefs = page.locator("#run a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    notebook = Path(path).with_suffix(".ipynb").as_posix()
    if not (ROOT / notebook).is_file():
        assert hrefs == []
        return
    assert len(hrefs) == 3
    assert all(href.endswith(notebook) for href in hrefs)


def test_own_jupyterhub(watched, chapter):
    page = watched.open(chapter)
    page.get_by_role("button", name="Run").click()
    page.get_by_label("JupyterHub").fill("https://hub.example.org/")
    page.get_by_role("button", name="Open").click()
    page.wait_for_timeout(200)
    name = REPOSITORY.rpartition("/")[2]
    assert watched.foreign == [
        "https://hub.example.org/hub/user-redirect/git-pull"
        f"?repo={quote(REPOSITORY, safe='')}&branch=main"
        f"&urlpath=lab%2Ftree%2F{name}%2Fbook%2Fmatrix-by-scalar%2Fbasics.ipynb"
    ]


KNOWN = {
    "constant matrix": "mbs-constant",
    "product rule hadamard": "mbs-hadamard",
    "second derivative inverse": "mbs-inverse-second",
    "cyclic trace": "def-trace-cyclic-two",
    "transpose of products": "transpose-of-product",
    "quadratic form": "vec-wtxw",
    "trace quadratic form": "squares-and-quadratic-forms-under-a-trace",
}


@pytest.mark.parametrize("query", KNOWN)
def test_search(watched, query):
    page = watched.open("search.html")
    page.get_by_label("Search this book").fill(query)
    page.keyboard.press("Enter")
    page.locator("#search-results a").first.click()
    page.wait_for_selector(":target")
    assert page.url.endswith("#" + KNOWN[query])
    assert watched.complaints() == []


@pytest.mark.parametrize("width", [390, 1280])
def test_link_into_the_middle_of_a_long_page(chromium, home, width):
    """Sections out of sight are not laid out yet; a link must lead to its place all the same."""
    viewport = {"width": width, "height": 900}
    with browser.Watched(chromium, home, viewport=viewport) as watched:
        page = watched.open("book/notation.html#def-trace-cyclic-three")
        page.wait_for_timeout(500)
        assert 0 <= page.locator(":target").bounding_box()["y"] < 300
        page.locator("#contents a[href='#checking-with-symbols']").evaluate("link => link.click()")
        page.wait_for_timeout(500)
        assert 0 <= page.locator(":target h2").bounding_box()["y"] < 300


def test_search_of_nothing_says_so(watched):
    page = watched.open("search.html?q=zyxwv")
    assert "No places found" in page.locator("#search-status").inner_text()


@pytest.mark.parametrize("system", ["light", "dark"])
def test_colours(chromium, home, chapter, system):
    other = {"light": "dark", "dark": "light"}[system]
    with browser.Watched(chromium, home, color_scheme=system) as watched:
        page = watched.open(chapter)
        assert _luminance(page) == system
        page.get_by_role("button", name="Dark colours").click()
        assert _luminance(page) == other
        assert _luminance(watched.open("book/index.html")) == other
        assert watched.complaints() == []


def _luminance(page) -> str:
    red = page.evaluate("Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])")
    return "light" if red > 127 else "dark"


def test_pictures_in_the_dark(chromium, home, chapter):
    with browser.Watched(chromium, home, **DARK) as watched:
        filters = watched.open(chapter).locator(".cell_output img")
        assert "invert" in filters.first.evaluate("image => getComputedStyle(image).filter")


def test_works_from_a_file(chromium, site, chapter):
    with browser.Watched(chromium, site.as_uri() + "/") as watched:
        page = watched.open(chapter)
        assert browser.untypeset(page) + browser.fonts_missing(page) == []
        assert page.evaluate("document.fonts.check('16px KaTeX_Main')")
        page.get_by_label("Search this book").fill("constant matrix")
        page.keyboard.press("Enter")
        page.wait_for_selector("#search-results a")
        assert watched.complaints() == []


def test_formulas_reach_screen_readers(watched, chapter):
    page = watched.open(chapter)
    tree = watched.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in tree if not node["ignored"]]
    formulas = "elements => elements.filter((math) => math.checkVisibility()).length"
    assert roles.count("MathMLMath") == page.locator("math").evaluate_all(formulas) > 50
    assert roles.count("MathMLFraction") > 10


def test_works_without_scripts(chromium, home, chapter):
    with browser.Watched(chromium, home, java_script_enabled=False) as watched:
        watched.page.goto(home + chapter)
        assert watched.page.locator(".theorem .katex-html").first.is_visible()
        assert watched.page.locator("#contents").is_visible()
        solution = watched.page.locator("details.solution").first
        solution.locator("summary").click()
        assert solution.locator("p").first.is_visible()


def test_contents_on_a_phone(chromium, home, chapter):
    with browser.Watched(chromium, home, viewport={"width": 390, "height": 800}) as watched:
        page = watched.open(chapter)
        contents = page.locator("#contents")
        assert not contents.is_visible()
        page.get_by_role("button", name="Contents").press("Enter")
        assert contents.is_visible()
        page.keyboard.press("Escape")
        assert not contents.is_visible()


def test_keyboard_reaches_the_text_first(watched, chapter):
    page = watched.open(chapter)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_copy_button(chromium, home, chapter):
    with browser.Watched(chromium, home, permissions=["clipboard-read", "clipboard-write"]) as watched:
        page = watched.open(chapter)
        page.locator(".cell_input").first.hover()
        page.get_by_role("button", name="Copy").first.click()
        assert page.evaluate("navigator.clipboard.readText()").startswith("import numpy as np\n")


CLIPBOARD = ["clipboard-read", "clipboard-write"]
SUM = r"\frac{\partial (\mathbf{U} + \mathbf{V})}{\partial x} = "
SUM += r"\frac{\partial \mathbf{U}}{\partial x} + \frac{\partial \mathbf{V}}{\partial x}"


def _copied(page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def test_a_place_gives_its_link_latex_citation_and_report(chromium, home, chapter):
    with browser.Watched(chromium, home, permissions=CLIPBOARD) as watched:
        page = watched.open(chapter)
        for words, expected in {
            "Copy link": f"{CONFIG['html']['baseurl']}{chapter}#mbs-sum",
            "Copy LaTeX": SUM,
            "Copy LaTeX, plain letters": SUM.replace("\\mathbf{U}", "U").replace("\\mathbf{V}", "V"),
        }.items():
            page.locator("#mbs-sum .headerlink").press("Enter")
            page.get_by_role("button", name=words, exact=True).click()
            page.wait_for_selector("#place-menu", state="hidden")
            assert _copied(page) == expected
        assert page.url.endswith("#mbs-sum")
        page.locator("#mbs-sum .headerlink").press("Enter")
        page.get_by_role("button", name="BibTeX").click()
        assert "note = {Theorem 2.3 (Sum rule)}" in _copied(page)
        page.wait_for_selector("#place-menu", state="hidden")
        page.locator("#mbs-sum .headerlink").press("Enter")
        report = page.get_by_role("link", name="Report an error here").get_attribute("href")
        assert report.startswith(f"{REPOSITORY}/issues/new?template=")
        assert "%23mbs-sum" in report
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#mbs-sum"
        assert watched.complaints() == []


def test_a_display_is_copied_by_its_button(chromium, home, chapter):
    with browser.Watched(chromium, home, permissions=CLIPBOARD) as watched:
        page = watched.open(chapter + "#mbs-sum")
        page.locator("#mbs-sum div.math").hover()
        page.locator("#mbs-sum div.math .copy").click()
        page.get_by_role("button", name="Copy LaTeX", exact=True).click()
        page.wait_for_selector("#place-menu", state="hidden")
        assert _copied(page) == SUM
        assert watched.complaints() == []


def test_a_selected_formula_is_copied_as_latex(chromium, home, chapter):
    select = """(selector) => {
      const range = document.createRange();
      range.selectNodeContents(document.querySelector(selector));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }"""
    with browser.Watched(chromium, home, permissions=CLIPBOARD) as watched:
        page = watched.open(chapter)
        page.evaluate(select, "#mbs-sum div.math .katex-html")
        page.keyboard.press("ControlOrMeta+C")
        assert _copied(page) == SUM
        page.evaluate(select, "#mbs-sum")
        page.keyboard.press("ControlOrMeta+C")
        assert _copied(page).startswith("Theorem 2.3")
        assert f"$$\n{SUM}.\n$$" in _copied(page)
        assert r"Let $\mathbf{U}(x), \mathbf{V}(x) \in \mathbb{R}^{m \times n}$. Then" in _copied(page)


REFERENCES = {
    "book/trace/affine.html": ("#def-layout-scalar-by-matrix", "Definition 1.4"),
    "book/matrix-by-scalar/power-series.html": ("references.html#", "Higham"),
    "book/vector/quadratic.html": ("#vec-", "Lemma 21.1"),
}


@pytest.mark.parametrize("where", REFERENCES)
def test_a_reference_shows_what_it_leads_to(watched, where):
    address, shown = REFERENCES[where]
    page = watched.open(where)
    link = page.locator(f"main article a.internal[href*='{address}']").first
    link.hover()
    page.wait_for_selector("#preview:popover-open")
    assert shown in page.locator("#preview").inner_text()
    page.keyboard.press("Escape")
    page.wait_for_selector("#preview", state="hidden")
    assert watched.complaints() == []


def test_a_reference_is_tapped_twice_on_a_phone(chromium, home):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    with browser.Watched(chromium, home, **phone) as watched:
        page = watched.open("book/trace/affine.html")
        page.locator("main article a.internal[href*='#def-layout']").first.tap()
        page.wait_for_selector("#preview:popover-open")
        assert "trace/affine" in page.url
        page.locator("#preview > a").tap()
        page.wait_for_url("**/notation.html#def-layout-scalar-by-matrix")


def test_previews_from_a_file(chromium, site):
    page = chromium.new_page()
    page.goto((site / "book/trace/affine.html").as_uri())
    page.locator("main article a.internal[href*='#def-layout']").first.hover()
    page.wait_for_selector("#preview:popover-open")
    page.close()


def test_print(watched, chapter):
    page = watched.open(chapter)
    page.emulate_media(media="print")
    assert not page.locator(".bar").is_visible()
    assert not page.locator("#contents").is_visible()
    assert page.locator("details.solution p").first.is_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_contents_show_the_current_chapter(chromium, home, width):
    with browser.Watched(chromium, home, viewport={"width": width, "height": 600}) as watched:
        page = watched.open("book/vector/quadratic.html")
        if width == 390:
            page.get_by_role("button", name="Contents").click()
            page.wait_for_timeout(200)
        box = page.locator("#contents a.current").bounding_box()
        assert 0 < box["y"] < 500
        assert page.evaluate("scrollY") == 0


def test_wide_display_scrolls_with_a_hint(chromium, home):
    with browser.Watched(chromium, home, viewport={"width": 390, "height": 800}) as watched:
        page = watched.open("book/notation.html")
        box = page.locator(".table-scroll.scrolls, .math-scroll.scrolls").first
        assert "gradient" in box.evaluate("box => getComputedStyle(box).backgroundImage")
        assert box.get_attribute("tabindex") == "0"


def test_root_leads_to_the_start(watched, home):
    watched.page.goto(home)
    watched.page.wait_for_url("**/book/index.html")
    assert watched.complaints() == []


def test_not_found_page_stands_alone(watched):
    """A server shows it at any depth, so it works without any other file of the site."""
    page = watched.open("404.html")
    assert "Page not found" in page.title()
    assert page.locator("main a").first.get_attribute("href").startswith("https://")
    assert watched.complaints() == []


HEAD = "<!DOCTYPE html><html lang=en><title>t</title><body><main><h1>t</h1>"
FAULTS = {
    "untypeset": '<span class="math">$x$</span> and $$x$$',
    "overflow": '<div style="width: 3000px">wide</div>',
    "structure": '<p id="a"></p><p id="a"></p><img src="x.png">',
    "inaccessible": '<p style="color: #eee; background: #fff">pale</p><img src="data:,">',
    "parted": '<p class="together"><b class="katex-base">x</b><br>,</p>',
    "wide_displays": '<div class="math-scroll" style="width: 9px; overflow: auto">'
    '<div style="width: 99px"><annotation>x</annotation></div></div>',
}


@pytest.mark.parametrize("question", FAULTS)
def test_the_checks_can_complain(chromium, question):
    with browser.Watched(chromium, "about:blank") as watched:
        watched.page.set_content(HEAD + FAULTS[question])
        assert getattr(browser, question)(watched.page) != []


def test_the_watch_can_complain(chromium, tmp_path):
    content = HEAD + '<script>console.error("oh")</script><img alt="" src="http://other.example/a.png">'
    (tmp_path / "index.html").write_text(content)
    with browser.serve(tmp_path) as home, browser.Watched(chromium, home) as watched:
        watched.open("")
        assert watched.foreign == ["http://other.example/a.png"]
        assert "oh" in watched.errors


def test_dead_links_are_found(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="b.html#here">1</a><a href="b.html#gone">2</a><a href="c.html">3</a>'
    )
    (tmp_path / "b.html").write_text('<p id="here">')
    complaints, number = browser.dead_links(tmp_path)
    assert complaints == ["a.html: dead link b.html#gone", "a.html: dead link c.html"]
    assert number == 3


FORMULAS = "book/appendix/formulas.html"


def _formulas(page) -> tuple[int, int]:
    """How many formulas of the index are shown, and under how many headings."""
    headings = page.locator("section:has(> .table-scroll .formula):visible > h2")
    return page.locator(".formula:visible").count(), headings.count()


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("trace quadratic forms", "tr-xtax"),
        ("INVERS second", "mbs-inverse-second"),
        ("by a vector symmetric", "vec-wtxw-symmetric"),
        ("hadamard", "mbs-hadamard"),
    ],
)
def test_formulas_are_filtered(watched, words, label):
    page = watched.open(FORMULAS)
    total, headings = _formulas(page)
    page.get_by_label("Show only formulas with").fill(words)
    shown, below = _formulas(page)
    assert 0 < shown < total / 2
    assert 0 < below < headings
    assert page.locator(f"#formula-{label}").is_visible()
    assert page.get_by_role("status").inner_text() == f"{shown} of {total} for “{words}”."
    page.get_by_label("Show only formulas with").fill("")
    assert _formulas(page) == (total, headings)
    assert watched.complaints() == []


def test_filter_that_finds_nothing_says_so(watched):
    page = watched.open(FORMULAS)
    page.get_by_label("Show only formulas with").fill("trace zyxwv")
    assert _formulas(page) == (0, 0)
    assert page.get_by_role("status").inner_text().startswith("Nothing found for “trace zyxwv”")


def test_filter_by_keyboard_address_and_from_a_file(chromium, site):
    with browser.Watched(chromium, site.as_uri() + "/") as watched:
        page = watched.open(FORMULAS + "?q=determinant")
        shown, _ = _formulas(page)
        assert 0 < shown < 40
        page.get_by_label("Show only formulas with").focus()
        page.keyboard.type(" zyxwv")
        assert _formulas(page) == (0, 0)
        # A link to a formula that is hidden shows it, below the filter.
        page.evaluate("location.hash = 'formula-tr-xtax'")
        page.wait_for_selector("#formula-tr-xtax:target", state="visible")
        title, field = page.locator("#formula-tr-xtax"), page.locator(".formula-filter")
        assert title.bounding_box()["y"] >= field.bounding_box()["y"] + field.bounding_box()["height"]
        assert watched.complaints() == []


def test_formula_index_without_scripts(chromium, home):
    with browser.Watched(chromium, home, java_script_enabled=False) as watched:
        watched.page.goto(home + FORMULAS)
        formulas = watched.page.locator(".formula")
        assert formulas.count() > 50
        assert formulas.first.is_visible()
        assert formulas.last.is_visible()
        assert watched.page.locator(".formula-filter").count() == 0


def test_the_layout_is_chosen_once_for_the_whole_book(watched):
    page = watched.open(FORMULAS)
    shown = page.locator("#formula-tr-axb td:nth-child(2) .katex:visible annotation")
    assert shown.text_content().endswith(r"\mathbf{B} \mathbf{A}")
    page.locator(".formula-filter .layout-switch").click()
    assert shown.text_content().endswith(r"\mathbf{A}^{\top} \mathbf{B}^{\top}")
    page = watched.open(FORMULAS)
    assert shown.text_content().endswith(r"\mathbf{A}^{\top} \mathbf{B}^{\top}")
    assert page.locator(".layout-switch strong").first.text_content() == "denominator"
    page = watched.open(FORMULAS + "?layout=numerator")
    assert shown.text_content().endswith(r"\mathbf{B} \mathbf{A}")
    assert watched.complaints() == []


def test_an_entry_gives_its_latex_and_code(chromium, home):
    with browser.Watched(chromium, home, permissions=CLIPBOARD) as watched:
        page = watched.open(FORMULAS + "?layout=denominator")
        taken = {
            "Copy LaTeX": r"\partial \operatorname{tr}(\mathbf{A} \mathbf{X} \mathbf{B})"
            r" \,/\, \partial \mathbf{X} = \mathbf{A}^{\top} \mathbf{B}^{\top}",
            "Copy NumPy": "A.T @ B.T",
            "Copy SymPy": "A.T * B.T",
        }
        page.locator("#formula-tr-axb summary").click()
        for words, expected in taken.items():
            page.locator("#formula-tr-axb").get_by_role("button", name="Copy").click()
            page.get_by_role("button", name=words, exact=True).click()
            page.wait_for_selector("#place-menu", state="hidden")
            assert _copied(page) == expected
        assert watched.complaints() == []


TYPED = {
    "tr(AXBX^T)": "tr-xaxtb",
    "np.trace(A @ X @ B)": "tr-axb",
    r"\frac{\partial}{\partial X} a^\top X b": "sbm-axb",
    "||Xa||^2": "sbm-norm-xa",
    "||Ax-b||^2": "vec-least-squares",
    "log det X": "det-log",
    "x'Ax": "vec-wtxw",
}


@pytest.mark.parametrize("query", TYPED)
def test_a_formula_is_found_as_one_types(chromium, site, query):
    with browser.Watched(chromium, site.as_uri() + "/") as watched:
        page = watched.open("search.html")
        page.get_by_label("Search this book").press_sequentially(query)
        addresses = page.locator("#search-results a").evaluate_all("links => links.map((link) => link.href)")
        assert any(address.endswith("#" + TYPED[query]) for address in addresses[:6]), addresses
        assert page.locator("#search-results .katex:visible").count() > 0
        assert watched.complaints() == []


@pytest.mark.parametrize(
    ("query", "label"), [("gradient quadratic form", "#vec-wtxw"), ("アダマール積", "#mbs-hadamard")]
)
def test_words_find_their_synonyms(watched, query, label):
    page = watched.open("search.html")
    page.get_by_label("Search this book").fill(query)
    addresses = page.locator("#search-results a").evaluate_all("links => links.map((link) => link.href)")
    assert any(label in address for address in addresses[:10]), addresses
    assert "fracpartial" not in page.locator("#search-results").inner_text()

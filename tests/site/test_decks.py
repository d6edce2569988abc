"""The cutting of a page into slides, on tiny pages."""

import re

import pytest
from book_site.katex import Typesetter
from bs4 import BeautifulSoup
from decks import formulas as f
from decks.deck import Links, deck
from decks.site import build
from decks.slides import HEIGHT, cut


@pytest.fixture
def typesetter(tmp_path):
    made = Typesetter(tmp_path / "formulas.sqlite", {})
    yield made
    made.close()


@pytest.fixture
def formulas(typesetter):
    return f.Formulas(lambda tex: typesetter.html(tex, display=True))


@pytest.fixture
def display(typesetter):
    def make(tex):
        html = typesetter.html(tex, display=True)
        return f'<div class="math notranslate"><div class="math-scroll">{html}</div></div>'

    return make


def page(body, title="A chapter"):
    return (
        '<a class="book-title" href="#">The book</a><article>'
        f'<section id="top"><h1>{title}<a class="headerlink" href="#top">#</a></h1>{body}</section></article>'
    )


def slides_of(body, formulas):
    return cut(BeautifulSoup(formulas.lift(page(body)), "html.parser").article, formulas)


def cell(source, output=""):
    shown = f'<div class="cell_output">{output}</div>' if output else ""
    return f'<div class="cell"><div class="cell_input"><pre>{source}</pre></div>{shown}</div>'


def box(kinds, inner, name="box"):
    title = '<p class="admonition-title"><span class="caption-number">Theorem 1.1</span> (It)</p>'
    return f'<div class="{kinds} admonition" id="{name}">{title}<section>{inner}</section></div>'


def rows_tex(number):
    rows = " \\\\\n".join(f"&= \\frac{{a}}{{b_{{{n}}}}}" for n in range(number))
    return f"\\begin{{aligned}}\nx {rows}.\n\\end{{aligned}}"


@pytest.mark.parametrize(
    ("tex", "rows"),
    [
        ("a &= b \\\\ &= c", ["a &= b", "&= c"]),
        (r"a &= \begin{bmatrix} 1 \\ 2 \end{bmatrix} \\[0.8em] &= c", None),
        ("a &= {b \\\\ c}", ["a &= {b \\\\ c}"]),
        ("a \\\\", ["a"]),
        (r"\{ a \\ b \}", [r"\{ a", r"b \}"]),
    ],
)
def test_rows(tex, rows):
    assert f.split_rows(tex) == (rows or [r"a &= \begin{bmatrix} 1 \\ 2 \end{bmatrix}", "&= c"])


def test_cells_are_counted_outside_of_braces_only():
    assert f.cells(r"a &= \begin{matrix} 1 & 2 \end{matrix} \& {x & y}") == 2


def test_formulas_are_lifted_and_put_back(formulas, display):
    text = page("<p>one</p>" + display("x^2") + display("y"))
    lifted = formulas.lift(text)
    assert len(formulas.html) == 2
    assert "katex-html" not in lifted
    assert formulas.put_back(lifted) == text


def test_a_formula_without_an_end_is_an_error(formulas):
    with pytest.raises(ValueError, match="has no end"):
        formulas.lift('<p><span class="katex"><span>')


def test_order_and_kinds(formulas, display):
    body = (
        '<p lang="ja"><em>題</em></p><p>Why.</p><p>After this chapter you can</p>'
        + "<ul><li>prove</li></ul><p>Notation.</p>"
        + cell("import numpy as np")
        + '<section id="one"><h2>One</h2><p>Lead.</p>'
        + box("proof theorem", "<p>Let</p>" + display("x = y"))
        + '<div class="proof admonition" id="p"><p><em class="proof-word">Proof.</em> As</p>'
        + display("x = y")
        + "</div>"
        + "<p>Look:</p>"
        + cell("x", "<pre>1</pre>")
        + "<p>Said only.</p></section>"
        + '<section id="two"><h2>Two</h2>'
        + box("exercise", "<p>Show it.</p>", "e")
        + box("solution dropdown", "<p>So.</p>", "s")
        + "</section>"
    )
    slides = slides_of(body, formulas)
    kinds = ["title", "goals", "text", "lead", "statement", "proof", "cell", "exercise"]
    assert [slide.kind for slide in slides] == kinds
    assert [slide.new_column for slide in slides] == [
        slide.kind in ("title", "lead", "exercise") for slide in slides
    ]
    assert [note.get_text() for note in slides[0].notes] == ["Why."]
    assert [note.get_text() for note in slides[6].notes] == ["Said only."]
    assert slides[5].parts[0].get_text() == "Proof of Theorem 1.1"
    assert "Look:" in slides[6].parts[0].get_text()
    solution = slides[7].parts[1]
    assert all("fragment" in part["class"] for part in solution.find_all("p"))


def test_a_long_proof_goes_on_and_appears_row_by_row(formulas, display):
    body = f'<h2>S</h2><div class="proof admonition"><p>Proof.</p>{display(rows_tex(20))}</div>'
    slides = slides_of(body, formulas)
    assert len(slides) > 2
    assert slides[-1].kind == "proof continued"
    html = formulas.put_back("".join(str(part) for slide in slides[1:] for part in slide.parts))
    assert all(f"b_{{{n}}}" in html for n in range(20)), "no row is lost"
    for slide in slides[1:]:
        text = formulas.put_back("".join(map(str, slide.parts)))
        rows = len(re.findall(r"b_\{\d+\}", text))
        steps = {int(n) for n in re.findall(r'data-fragment-index="(\d+)"', text)}
        assert steps == set(range(rows - 1)), "the first row is there, the others follow one by one"
        heights = [float(h) for h in f.STRUT.findall(text)]
        assert max(heights) * 29 < HEIGHT


def test_rows_that_reach_less_far_keep_their_step(formulas, display):
    tex = "\\begin{aligned}\nf(x) \\\\\n&= y \\\\\n&= z\n\\end{aligned}"
    tag = BeautifulSoup(formulas.lift(display(tex)), "html.parser").div
    assert formulas.reveal(tag, formulas.rows(tag), 0) == 3
    table = BeautifulSoup(formulas.put_back(str(tag)), "html.parser").select_one(".mtable")
    columns = table.find_all(class_=re.compile("^col-align-"), recursive=False)
    steps = [
        [
            row.get("data-fragment-index")
            for row in column.select_one(".vlist").find_all("span", recursive=False)
        ]
        for column in columns
    ]
    assert steps[1] == ["0", "1"]


def test_a_long_table_repeats_its_head(formulas):
    rows = "".join(f"<tr><td><p>row {n}</p></td></tr>" for n in range(30))
    head = "<thead><tr><th><p>Head</p></th></tr></thead>"
    table = f'<div class="table-scroll"><table>{head}<tbody>{rows}</tbody></table></div>'
    slides = slides_of(f"<section><h2>Summary</h2><p>All:</p>{table}</section>", formulas)[1:]
    assert len(slides) > 1
    texts = ["".join(part.get_text(" ") for part in slide.parts) for slide in slides]
    assert all("Head" in text for text in texts)
    assert re.findall(r"row (\d+)", " ".join(texts)) == [str(n) for n in range(30)]


def test_a_picture_too_high_beside_its_code_has_a_slide_of_its_own(formulas):
    code = "plot()\n" * 9
    picture = '<img src="../_images/p.svg" alt="p" width="100" height="100" loading="lazy">'
    slides = slides_of(f"<h2>S</h2><p>See:</p>{cell(code, picture)}", formulas)
    assert [slide.kind for slide in slides] == ["title", "lead", "cell", "picture"]
    assert slides[-1].parts[-1].img


@pytest.mark.parametrize(
    ("wish", "kinds"),
    [
        ("skip", ["title", "cell"]),
        ("notes", ["title", "cell"]),
        ("subslide", ["title", "cell", "statement"]),
        ("slide", ["title", "cell", "statement"]),
        ("fragment", ["title", "cell"]),
    ],
)
def test_slideshow_metadata(formulas, wish, kinds):
    body = "<h2>S</h2>" + cell("a") + box(f"slideshow-{wish} proof theorem", "<p>Let.</p>")
    slides = slides_of(body, formulas)
    assert [slide.kind for slide in slides] == kinds
    last = slides[-1]
    assert last.new_column == (wish == "slide") or last.kind == "cell"
    assert bool(last.notes) == (wish == "notes")
    assert any("fragment" in part.get("class", []) for part in last.parts) == (wish == "fragment")


def test_links_of_a_deck(formulas):
    body = (
        '<h2 id="here">S</h2><p>See <a href="#here">1</a>, <a href="#gone">2</a>, <a href="b.html#c">3</a>, '
        '<a href="https://example.org/">4</a>.</p><p id="gone">Said <img src="../_images/p.svg" alt="p">.</p>'
    )
    html = deck(page(body, "A & B"), formulas, Links("..", "../book/a.html"))
    soup = BeautifulSoup(html, "html.parser")
    links = [link["href"] for link in soup.select(".content a")]
    assert links[:2] == ["#here", "#gone"]
    assert links[2:] == ["../book/b.html#c", "https://example.org/"]
    assert soup.title.get_text() == "Slides: A & B"
    assert soup.select_one(".running a")["href"].startswith("../book/a.html#")
    assert soup.select_one("img")["src"] == "../_images/p.svg"


def test_notes_carry_mathml_alone(formulas, typesetter):
    said = f"<p>Said: {typesetter.html('x', display=False)}</p>"
    html = deck(page("<h2>S</h2>" + cell("a") + said + cell("b")), formulas, Links("..", "../book/a.html"))
    assert "katex-html" in html
    plain = deck(page("<h2>S</h2>" + cell("a") + said), formulas, Links("..", "../book/a.html"))
    notes = BeautifulSoup(plain, "html.parser").select_one("aside.notes")
    assert notes.math
    assert not notes.select("annotation, .katex-html")


@pytest.fixture
def site(tmp_path):
    """A site of two chapters and a page without a deck."""
    for name in ("one", "two"):
        button = f'<a class="button" id="slides" href="../decks/{name}.html">Slides</a>'
        (tmp_path / "site" / "book").mkdir(parents=True, exist_ok=True)
        text = f"<nav>Contents</nav>{button}{page('<h2>S</h2><p>Lead.</p>', name)}"
        (tmp_path / "site" / "book" / f"{name}.html").write_text(text)
    (tmp_path / "site" / "book" / "index.html").write_text(page("<p>Welcome.</p>"))
    return tmp_path / "site"


def cut_decks(site, macros=None):
    """How many decks there are, and the names of those that have been written."""
    old = {path: path.read_bytes() for path in (site / "decks").rglob("*.html")}
    for path in old:
        path.write_bytes(old[path] + b"old")
    number, written = build(site, site.parent / "katex.sqlite", macros or {})
    new = sorted(path.stem for path in (site / "decks").glob("*.html") if b"old" not in path.read_bytes())
    assert len(new) == written
    return number, new


def edit(path, old, new):
    path.write_text(path.read_text().replace(old, new))


def test_a_deck_is_cut_once(site):
    assert cut_decks(site) == (2, ["one", "two"])
    assert cut_decks(site) == (2, [])
    assert "Slides: one" in (site / "decks" / "one.html").read_text()


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("Contents", "Other contents", []),
        ("Lead.", "Lead!", ["one"]),
        ("The book", "Another book", ["one"]),
    ],
)
def test_a_deck_is_cut_anew_when_its_page_has_changed(site, old, new, again):
    cut_decks(site)
    edit(site / "book" / "one.html", old, new)
    assert cut_decks(site) == (2, again)


def test_other_macros_cut_all_decks(site):
    cut_decks(site)
    assert cut_decks(site, {r"\x": "y"}) == (2, ["one", "two"])


def test_a_deck_that_was_removed_is_cut_again(site):
    cut_decks(site)
    (site / "decks" / "two.html").unlink()
    assert cut_decks(site) == (2, ["two"])

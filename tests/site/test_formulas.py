"""The formula index of a tiny book: the page, the file and its schema, and what is warned of."""

import json
import re

import jsonschema
import pytest
from test_book_site import build

NUMERATOR = [
    "# Traces\n\nTraces of products.",
    "## A product\n\nLet it be.",
    r""":::{prf:theorem} A constant times the variable
:label: tr-ax
Let $\mathbf{A} \in \mathbb{R}^{n \times m}$ and $\mathbf{X} \in \mathbb{R}^{m \times n}$. Then
$$
\frac{\partial \operatorname{tr}(\mathbf{A}\mathbf{X})}{\partial \mathbf{X}}
= \frac{\partial \operatorname{tr}(\mathbf{X}\mathbf{A})}{\partial \mathbf{X}} = \mathbf{A}.
$$
:::""",
    r""":::{prf:proof}
Entry by entry,
$$
\operatorname{tr}(\mathbf{A}\mathbf{X}) = \sum_k \sum_l a_{kl} x_{lk}.
$$
:::""",
    "## By a scalar",
    r""":::{prf:lemma}
:label: nameless
Let $x \in \mathbb{R}$ and $\mathbf{U}(x) \in \mathbb{R}^{m \times n}$. Then
$$
\frac{\partial (2 \mathbf{U})}{\partial x} = 2 \frac{\partial \mathbf{U}}{\partial x}.
$$
:::""",
    r""":::{prf:remark} A mistake
:label: mistake
For $x \in \mathbb{R}$ it is $x = x$, but $2 x \neq x$.
:::""",
    ":::{prf:theorem} In words\n:label: words\nNothing to check.\n:::",
]
LINEAR = r""":::{prf:theorem} Linear
:label: linear
Let $\mathbf{a}, \mathbf{w} \in \mathbb{R}^{n}$. Then
$$
\frac{\partial (\mathbf{a}^{\top}\mathbf{w})}{\partial \mathbf{w}} = \mathbf{a}.
$$
:::"""
KINDS = ("by-scalar", "by-entry", "by-matrix", "of-trace", "by-vector", "none")
PAGE = "# Formulas\n\nAll of them.\n" + "".join(
    f"\n(formulas-{kind})=\n## Kind {kind}\n\nThese.\n" for kind in (*KINDS, "json")
)


def build_with_index(folder, cells, page=PAGE, layout="numerator"):
    """The tiny book, with the formula index as its page."""
    metadata = {"matproof": {"layout": layout}}
    return build(folder, cells, page, metadata, formulas_page="status", status_page="")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder, warnings = build_with_index(tmp_path_factory.mktemp("formulas"), NUMERATOR)
    assert warnings == ""
    return folder


@pytest.fixture(scope="module")
def page(book):
    html = (book / "status.html").read_text(encoding="utf-8")
    # The pages of the tiny book are numbered, those of the appendix are not.
    return re.sub('<span class="section-number">.*?</span>', "", html)


@pytest.fixture(scope="module")
def data(book):
    return json.loads((book / "formulas.json").read_text(encoding="utf-8"))


def entry(page: str, label: str) -> str:
    """The HTML of one formula."""
    return page[page.index(f'id="formula-{label}"') :].split("</tr>")[0]


def tex(html: str) -> list[str]:
    return re.findall(r'<annotation encoding="application/x-tex">(.*?)</annotation>', html)


def test_theorem_in_both_layouts(page):
    found = entry(page, "tr-ax")
    assert 'href="chapter.html#tr-ax">Theorem 1.1</a>' in found
    for layout, slope in {"numerator": r"\mathbf{A}", "denominator": r"\mathbf{A}^{\top}"}.items():
        (value,) = re.findall(
            rf'<span class="in-{layout}">(?:(?!in-).)*?displaystyle (.*?)</annotation>', found
        )
        assert value == slope
    formulas = tex(found)
    assert formulas[0] == r"\partial \operatorname{tr}(\mathbf{A} \mathbf{X}) \,/\, \partial \mathbf{X}"
    assert [formula for formula in formulas if "times" in formula] == [
        r"n \times m",
        r"m \times n",
        r"\mathbf{A} \in \mathbb{R}^{n \times m}",
        r"\mathbf{X} \in \mathbb{R}^{m \times n}",
    ]
    assert "A constant times the variable theorem linear form trace" in found, "words for the filter"


def test_what_only_turns_the_factors_around_is_behind_the_fold(page):
    row, fold = entry(page, "tr-ax").split("<details")
    turned = r"\operatorname{tr}(\mathbf{X} \mathbf{A})"
    assert turned not in row
    assert turned in fold


def test_code_of_an_entry(page):
    fold = re.sub("<.*?>", "", entry(page, "tr-ax").split("<details")[1].split("</details>")[0])
    assert re.findall(r"(\w+) (A\S*?)(A\S*)", fold) == [("NumPy", "A", "A.T"), ("SymPy", "A", "A.T")]


def test_what_is_the_same_in_both_layouts_stands_once(page):
    found = entry(page, "nameless")
    assert "in-numerator" not in found
    assert ">Lemma 1.1<" in found


def test_formulas_stand_under_their_kind(page):
    _, *sections = page.split("<h2>Kind ")
    found = {text.split("<")[0]: re.findall(r'id="formula-([\w-]+)"', text) for text in sections}
    expected = {kind: [] for kind in (*KINDS, "json")} | {"of-trace": ["tr-ax"], "by-scalar": ["nameless"]}
    assert found == expected, "no remarks, and no statements without an equality"


def test_page_loads_the_filter_and_no_other_does(book, page):
    assert "_static/formulas.js?" in page
    assert "formulas.js" not in (book / "chapter.html").read_text(encoding="utf-8")


def test_file_fits_its_schema(book, data):
    schema = json.loads((book / data["$schema"]).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema)
    del data["formulas"][0]["checked"]
    with pytest.raises(jsonschema.ValidationError, match="checked"):
        jsonschema.validate(data, schema)


def test_rows_of_the_file(data):
    first, second = data["formulas"]
    assert {**first, "numerator": 0, "denominator": 0, "checked": 0} == {
        "id": "tr-ax",
        "name": "Theorem 1.1",
        "title": "A constant times the variable",
        "derivative": "of trace",
        "topics": ["linear form", "trace"],
        "assumptions": [r"\mathbf{A} \in \mathbb{R}^{n \times m}", r"\mathbf{X} \in \mathbb{R}^{m \times n}"],
        "layout": "numerator",
        "numerator": 0,
        "denominator": 0,
        "checked": 0,
        "url": "chapter.html#tr-ax",
        "proof": "chapter.html#proof-of-tr-ax",
    }
    assert [formula["shape"] for formula in first["numerator"]] == [["n", "m"]]
    assert [formula["shape"] for formula in first["denominator"]] == [["m", "n"]]
    assert (second["proof"], second["numerator"]) == (None, second["denominator"])


def test_page_links_the_file_and_its_schema(page):
    assert 'href="formulas.json"' in page
    assert 'href="_static/formulas.schema.json"' in page


def test_denominator_layout_stays_where_it_is_stated(tmp_path):
    folder, warnings = build_with_index(tmp_path, ["# A\n\nB.", LINEAR], layout="denominator")
    assert warnings == ""
    (only,) = json.loads((folder / "formulas.json").read_text(encoding="utf-8"))["formulas"]
    assert (only["layout"], only["derivative"]) == ("denominator", "by vector")
    assert only["denominator"][0]["latex"].endswith(r"= \mathbf{a}")
    assert only["numerator"][0]["latex"].endswith(r"= \mathbf{a}^{\top}")


def test_a_missing_section_is_a_warning(tmp_path):
    _, warnings = build_with_index(tmp_path, NUMERATOR, page=PAGE.replace("formulas-of-trace", "gone"))
    assert "no section of the label formulas-of-trace, which tr-ax needs" in warnings


def test_a_chapter_that_changes_changes_the_index(tmp_path):
    build_with_index(tmp_path, NUMERATOR)
    folder, _ = build_with_index(tmp_path, NUMERATOR[:2] + NUMERATOR[4:])
    assert "formula-tr-ax" not in (folder / "status.html").read_text(encoding="utf-8")
    assert len(json.loads((folder / "formulas.json").read_text(encoding="utf-8"))["formulas"]) == 1

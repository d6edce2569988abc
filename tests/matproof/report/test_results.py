"""The report: text with carets for a person, JSON for a program."""

import json

import pytest

from matproof.checking import check
from matproof.report.as_text import explain

GIVEN = (
    r"Let $\mathbf{A}, \mathbf{B} \in \mathbb{R}^{n \times n}$ and $\mathbf{C} \in \mathbb{R}^{m \times n}$."
    "\n\n"
)


def text_of(body, **options):
    return check(GIVEN + body, path="notes.md", **options).to_text()


def test_one_line_when_all_is_well():
    assert text_of(
        r"$$\operatorname{tr}(\mathbf{A}\mathbf{B}) = \operatorname{tr}(\mathbf{B}\mathbf{A})$$"
        r"$\mathbf{C} = \mathbf{C}$"
    ) == ("notes.md: all 2 claims hold")
    assert text_of("Words only: $\\mathbf{A}$ $\\mathbf{B}$ $\\mathbf{C}$") == "notes.md: no claims"


def test_a_counterexample_is_shown_as_small_matrices():
    lines = text_of(
        "## Order\n\n$$\n\\mathbf{A}\\mathbf{B} = \\mathbf{B}\\mathbf{A} + \\mathbf{C}^{\\top}\\mathbf{C}\n$$"
    ).split("\n")
    assert lines[:5] == [
        "notes.md: 1 claim: 0 hold, 1 fails",
        "",
        "notes.md:6 (Order, 1): fails: the two sides differ",
        r"    \mathbf{A}\mathbf{B} = \mathbf{B}\mathbf{A} + \mathbf{C}^{\top}\mathbf{C}",
        "                         ^",
    ]
    assert lines[5] == "    counterexample:"
    assert {line.split(" = ")[0].strip() for line in lines if " = [" in line} >= {r"\mathbf{A}", "left side"}
    assert any(line.startswith(r"      \mathbf{A} = [") for line in lines)
    assert any(line.startswith("      first difference in row ") for line in lines)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (
            r"\mathbf{A} = q",
            [
                r"notes.md:4: unreadable: q is not declared; expected a declaration such as q \in \mathbb{R}",
                r"    \mathbf{A} = q",
                "                 ^",
            ],
        ),
        (
            r"(\mathbf{A} = \mathbf{B}",
            [
                "notes.md:4: unreadable: a relation inside brackets; "
                "expected relations in the open, or words",
                r"    (\mathbf{A} = \mathbf{B}",
                "                ^",
            ],
        ),
    ],
)
def test_unreadable_claims_are_shown_at_their_place(formula, expected):
    assert text_of(f"$$\n{formula}\n$$").split("\n")[2:5] == expected


def test_shapes_are_shown_with_their_place():
    lines = text_of("$$\n\\mathbf{A}\\mathbf{B} = \\mathbf{B}\\mathbf{C}\n$$").split("\n")
    assert lines[2].startswith("notes.md:4: fails: cannot multiply n × n by m × n")
    assert lines[3] == r"    \mathbf{A}\mathbf{B} = \mathbf{B}\mathbf{C}"
    assert set(lines[4].strip()) == {"^"}


def test_long_rows_are_cut_around_the_place():
    formula = "+".join([r"\mathbf{A}"] * 60) + " = q"
    lines = text_of(f"$$\n{formula}\n$$").split("\n")
    assert lines[3].startswith("    ...")
    assert len(lines[3]) < 160
    assert lines[3][lines[4].index("^")] == "q"


def test_many_problems_are_counted():
    lines = text_of("\n".join([r"$\mathbf{A} = q$"] * 60)).split("\n")
    assert "  ... and 10 more problems" in lines


def test_warnings_and_assumptions_are_shown():
    report = check(r"$$\mathbf{A}\mathbf{B} = \mathbf{B}\mathbf{A}$$ $\mathbf{A} = \mathbf{I}$", lenient=True)
    text = report.to_text()
    assert r"    assumed: \mathbf{A} is a matrix" in text
    assert "warning: taken as a setting, not as a claim" in text
    assert "warning" not in report.to_text(lints=False)


def test_summary_and_status():
    report = check(
        GIVEN
        + r"$$\mathbf{A} = \mathbf{A} = \mathbf{B} \neq \mathbf{B}$$"
        + r"$\mathbf{D} := \mathbf{C}$ $\mathbf{A} = q$"
    )
    assert report.summary == {
        "equals_seen": 5,
        "claims": 4,
        "definitions": 1,
        "conditions": 0,
        "annotations": 0,
        "holds": 1,
        "fails": 2,
        "undecided": 0,
        "unreadable": 1,
        "shapes": 0,
    }
    assert not report.ok
    assert (
        check(
            GIVEN + r"$\mathbf{A} = \mathbf{A}$, $\mathbf{B} \neq \mathbf{C}$, $\mathbf{B} \neq \mathbf{A}$"
        ).ok
        is False
    )
    assert check(GIVEN + r"$\mathbf{A} = \mathbf{A}$, $\mathbf{B} \neq \mathbf{A}$").ok


def test_json():
    text = r"Let $\mathbf{A} \in \mathbb{R}^{m \times n}$, $q \in \mathbb{N}$, $t \in \mathbb{R}$." "\n\n"
    text += "$$\nt^{q+1} = t\\, t^q\n$$ (power)\n\n$$\n\\mathbf{A} = 2\\mathbf{A}\n$$ (wrong)\n"
    data = json.loads(json.dumps(check(text, "denominator", path="a.md").to_json()))
    assert list(data) == ["version", "documents", "summary"]
    assert data["version"] == 1
    (document,) = data["documents"]
    assert (document["path"], document["layout"], document["shapes"]) == ("a.md", "denominator", [])
    holds, fails = document["claims"]
    assert list(holds) == [
        "id", "n", "line", "cell", "relation", "latex", "verdict", "reason", "sizes", "exponents",
        "counterexample", "assumptions",
    ]  # fmt: skip
    assert (holds["id"], holds["n"], holds["line"], holds["cell"]) == ("power", 1, 4, None)
    assert (holds["latex"], holds["relation"]) == (r"t^{q+1} = t\, t^q", "=")
    assert (holds["verdict"], holds["exponents"]["q"][:5]) == ("holds", [1, 2, 3, 4, 5])
    assert (fails["verdict"], fails["id"]) == ("fails", "wrong")
    found = fails["counterexample"]
    assert set(found) == {"values", "lhs", "rhs", "entry"}
    assert all(isinstance(entry, str) for row in found["lhs"] for entry in row)
    assert len(found["entry"]) == 2


def test_a_report_never_changes():
    body = GIVEN + r"$$\mathbf{A}\mathbf{B} = \mathbf{B}\mathbf{A}$$"
    assert check(body).to_json() == check(body).to_json()


def test_explanations():
    text = r"Let $\mathbf{A}(t) \in \mathbb{S}^{n}$, $t \in \mathbb{R}$, $q \in \mathbb{N}_0$." "\n"
    text += (
        r"With $\mathbf{Y} := \mathbf{A}^{q}$: $$\mathbf{Y} = \mathbf{A}^{q}$$ $$\mathbf{Y} = \mathbf{A}$$"
    )
    (document,) = check(text, path="a.md").documents
    holds, fails = (explain(result, document) for result in document.results)
    assert holds.split("\n")[:8] == [
        "a.md:2 (, 1): holds",
        r"    \mathbf{Y} = \mathbf{A}^{q}",
        "  layout: numerator",
        r"  declared: \mathbf{A}(t) \in \mathbb{S}^{n}",
        r"  declared: t \in \mathbb{R}",
        r"  declared: q \in \mathbb{N}_0",
        r"  declared: \mathbf{Y} := \mathbf{A}^{q}",
        holds.split("\n")[7],
    ]
    assert "trial 1: n = " in holds
    assert "q tried for 0, 1, 2, 3, 4, 5" in holds
    assert "1 - 10^-18, for the exponents that were tried." in holds
    assert "The sides are not equal." in fails


def test_what_is_to_be_said_of_claims_that_hold_is_said():
    text = "Let $x \\in \\mathbb{R}$.\n\n$$\\sum_{r=0}^{\\infty} x^{r+1} = x \\sum_{r=0}^{\\infty} x^{r}$$\n"
    lines = check(text).to_text().splitlines()
    assert lines[0] == "<text>: the claim holds"
    assert lines[1].startswith("  1 holds: power series, compared up to order ")
    assert lines[1].endswith("; the first on line 3")
    assert len(lines) == 2


def test_what_lenient_mode_assumed_is_said_once():
    report = check("$AB + AB = 2AB$ and $3AB = AB + 2AB$", lenient=True)
    assumed = {note for result in report.documents[0].results for note in result.claim.assumptions}
    assert assumed
    for note in assumed:
        assert report.to_text().count(f"assumed: {note}") == 1


@pytest.mark.parametrize("bad", ["\x1b[31m", "\x9b", "\u202e", "\ud800", "\x7f"])
def test_nothing_unseen_is_printed(bad):
    (document,) = check(f"## A {bad}\n\n$1 = 2 {bad}$").documents
    for text in (check(f"## A {bad}\n\n$1 = 2 {bad}$").to_text(), explain(document.results[0], document)):
        assert bad not in text
        assert ascii(bad[0])[1:-1] in text


def test_what_is_included_is_shown_in_its_own_file(tmp_path):
    (tmp_path / "part.tex").write_text("\n\n$2 = 3$\n", "utf-8")
    report = check("$4 = 5$\n\\input{part}\n$6 = 7$", path="main.tex", folder=tmp_path).to_text()
    places = [
        report.index(place) for place in ("main.tex:1: ", f"{tmp_path / 'part.tex'}:3: ", "main.tex:3: ")
    ]
    assert places == sorted(places)

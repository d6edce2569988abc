"""Mutation: what is changed, that nothing false survives a sample, that a blind checker is found out."""

import json
from dataclasses import replace
from math import ceil
from pathlib import Path
from random import Random

import mutants
import pytest

from matproof import check
from matproof import language as s
from matproof.decide.judge import judge
from matproof.read.grammar import parse

pytestmark = pytest.mark.slow  # the claims of a chapter are changed in every place

NOTES = r"""
# Notes

Let $\mathbf{A} \in \mathbb{R}^{m \times n}$ and $\mathbf{B} \in \mathbb{R}^{n \times m}$ be constant,
$\mathbf{X} \in \mathbb{R}^{m \times n}$, $\mathbf{Y} \in \mathbb{R}^{m \times m}$,
$\mathbf{a}, \mathbf{c} \in \mathbb{R}^{m}$, $\mathbf{U}(x) \in \mathbb{R}^{m \times m}$,
$\mathbf{V}(x) \in \mathrm{GL}_m(\mathbb{R})$, $u(\mathbf{X}) \in \mathbb{R}$,
$x \in \mathbb{R}$ and $p \in \mathbb{N}$.

$$
\begin{aligned}
\frac{\partial \operatorname{tr}(\mathbf{B} \mathbf{X})}{\partial x_{ji}}
&= \frac{\partial}{\partial x_{ji}} \sum_{k} \sum_{l} b_{kl} x_{lk} \\
&= \sum_{k} \sum_{l} b_{kl} \delta_{lj} \delta_{ki} \\
&= b_{ij}.
\end{aligned}
$$

$$
\frac{\partial (\mathbf{U} \mathbf{V}^{-1})}{\partial x}
= \frac{\partial \mathbf{U}}{\partial x} \mathbf{V}^{-1}
- \mathbf{U} \mathbf{V}^{-1} \frac{\partial \mathbf{V}}{\partial x} \mathbf{V}^{-1}
$$

$$
\frac{\partial g(u)}{\partial \mathbf{X}} = g'(u) \frac{\partial u}{\partial \mathbf{X}}
$$

$$
\frac{\partial (\mathbf{Y}^{p})_{kl}}{\partial y_{ij}}
= \sum_{r=0}^{p-1} (\mathbf{Y}^{r} \mathbf{J}^{ij} \mathbf{Y}^{p-r-1})_{kl}
$$

$$
\frac{\partial \|\mathbf{A}^{\top} \mathbf{a} - \mathbf{X}^{\top} \mathbf{c}\|^{2}}{\partial \mathbf{a}}
= 2 (\mathbf{A}^{\top} \mathbf{a} - \mathbf{X}^{\top} \mathbf{c})^{\top} \mathbf{A}^{\top}
$$
"""


@pytest.fixture(scope="module")
def results():
    (document,) = check(NOTES).documents
    assert [result.verdict.verdict for result in document.results] == ["holds"] * 7
    return document.results


@pytest.fixture(scope="module")
def everything(results):
    return [mutants.mutants_of(result.claim, result.unit.text) for result in results]


@pytest.fixture(scope="module")
def outcomes(everything):
    return mutants.run(mutants.sample(everything, 300))


def changes(latex, kind):
    scope = s.Scope(tuple(s.Declaration(s.Letter(name, True), "matrix") for name in "AB"))
    letters = frozenset(declaration.letter for declaration in scope.declarations)
    found = mutants.mutations(parse(latex, scope), letters, frozenset(map(s.Letter, "ij")))
    return [s.to_latex(tree) for name, tree in found if name == kind]


@pytest.mark.parametrize(
    ("kind", "latex", "expected"),
    [
        ("swap two factors", r"\mathbf{A} \mathbf{B}", [r"\mathbf{B} \mathbf{A}"]),
        ("delete a factor", r"\mathbf{A} \mathbf{B}", [r"\mathbf{B}", r"\mathbf{A}"]),
        ("drop a transpose", r"\mathbf{A}^{\top}", [r"\mathbf{A}"]),
        ("add a transpose", r"\mathbf{A}", [r"\mathbf{A}^{\top}"]),
        ("another letter", r"\mathbf{A}^{\top}", [r"\mathbf{B}^{\top}"]),
        ("swap two indices", r"a_{ij}", [r"a_{ji}"]),
        ("rename an index", r"\delta_{ij}", [r"\delta_{jj}", r"\delta_{ii}"]),
        ("flip a sign", r"-\mathbf{A}", [r"\mathbf{A}", r"\mathbf{A}"]),
        ("delete a term", r"\mathbf{A} + \mathbf{B}", [r"\mathbf{B}", r"\mathbf{A}"]),
        ("change a coefficient", r"\mathbf{A}", [r"2 \mathbf{A}"]),
        ("change an exponent", r"\mathbf{A}^{-1}", [r"\mathbf{A}", r"\mathbf{A}^{2}"]),
        ("change a bound", r"\sum_{k=1}^{3} a_{ik}", [
            r"\sum_{k=1 + 1}^{3} a_{ik}", r"\sum_{k=1}^{3 - 1} a_{ik}",
        ]),
    ],
)  # fmt: skip
def test_a_tree_is_changed_in_one_place(kind, latex, expected):
    assert changes(latex, kind) == expected


def test_a_change_may_be_deep_inside():
    assert r"\operatorname{tr}\left(\mathbf{B} \mathbf{A}\right)" in changes(
        r"\operatorname{tr}(\mathbf{A} \mathbf{B})", "swap two factors"
    )


def test_tokens_are_changed_but_no_brace_is_lost():
    latex = r"\frac{\partial \mathbf{A}}{\partial x}"
    changed = [new for _, new in mutants.token_mutations(latex, Random(0), 50)]
    assert len(set(changed)) > 10
    assert all(new.count("{") == new.count("}") for new in changed)


def test_every_mutant_differs_from_its_claim(everything, outcomes):
    assert all(len(own) > 20 for own in everything)
    assert len({(m.claim.ordinal, m.latex) for own in everything for m in own}) == sum(map(len, everything))
    assert len(outcomes) > 280


def test_no_false_mutant_is_called_true(outcomes):
    survivors = [found for found in outcomes if found.verdict == "holds"]
    assert len(survivors) > 3
    assert [found.mutant.latex for found in survivors if found.opinion.answer != "true"] == []


def test_no_true_mutant_is_called_false(outcomes):
    asked = [found for found in outcomes if found.verdict == "fails" and found.opinion is not None]
    assert len(asked) > 3
    assert [found.mutant.latex for found in asked if found.opinion.answer != "false"] == []


def gullible(claim):
    return s.Verdict("holds")


def of_the_other_layout(claim):
    return judge(replace(claim, scope=replace(claim.scope, layout="denominator")))


def with_symmetric_matrices(claim):
    """A checker to which every square matrix is symmetric."""
    declarations = claim.scope.declarations
    square = [d for d in declarations if len(d.dimensions) == 2 and len(set(d.dimensions)) == 1]
    symmetric = tuple(replace(d, symmetric=d.symmetric or d in square) for d in declarations)
    return judge(replace(claim, scope=replace(claim.scope, declarations=symmetric)))


@pytest.mark.parametrize("checker", [gullible, of_the_other_layout, with_symmetric_matrices])
def test_a_checker_that_believes_too_much_is_found_out(checker, everything, monkeypatch):
    monkeypatch.setattr(mutants, "judge", lambda claim, **options: checker(claim))
    figures = mutants.summary(mutants.run(mutants.sample(everything, 200)))
    assert figures["survivors"]["false"] > 0


def test_a_checker_that_believes_nothing_is_found_out(everything, monkeypatch):
    def disbelieve(claim, **options):
        return s.Verdict("fails" if judge(claim, **options).verdict == "holds" else "undecided")

    judge = mutants.judge
    monkeypatch.setattr(mutants, "judge", disbelieve)
    figures = mutants.summary(mutants.run(mutants.sample(everything, 200)))
    assert figures["called_false"] == {"true": ceil(figures["fails"] / 10), "false": 0, "unsupported": 0}
    assert figures["fails"] > 5


def consistent(figures):
    """Whether the figures add up."""
    verdicts = {verdict: figures[verdict] for verdict in mutants.VERDICTS}
    columns = {verdict: sum(row[verdict] for row in figures["kinds"].values()) for verdict in verdicts}
    opinions = sum(figures["survivors"].values()), sum(figures["called_false"].values())
    sampled = ceil(figures["fails"] / 10)
    return (
        figures["tried"] == sum(verdicts.values())
        and columns == verdicts
        and opinions == (figures["holds"], sampled)
    )


def test_the_command_reports_and_writes(tmp_path, capsys):
    notes, everything, figures = (tmp_path / name for name in ("notes.md", "all.json", "figures.json"))
    notes.write_text(NOTES, "utf-8")
    options = ["--count", "30", "--json", str(everything), "--figures", str(figures)]
    assert mutants.main([*options, str(notes)]) == 0
    assert "7 claims that hold" in capsys.readouterr().out
    written = json.loads(figures.read_text("utf-8"))
    assert (written["claims"], written["tried"]) == (7, 30)
    assert consistent(written)
    report = json.loads(everything.read_text("utf-8"))
    assert report["summary"] == written
    assert len(report["survivors"]) == written["holds"]


def test_the_figures_that_the_book_shows():
    """What `make mutants` has found in the book: nothing false was called true, and hardly any left open."""
    figures = json.loads((Path(mutants.ROOT) / "book/appendix/mutants.json").read_text("utf-8"))
    assert consistent(figures)
    assert figures["tried"] - figures["unreadable"] >= 5000
    assert figures["survivors"]["false"] == figures["called_false"]["true"] == 0
    assert figures["survivors"]["unsupported"] < 0.01 * figures["holds"]


def test_a_text_without_claims_is_no_success(tmp_path):
    notes = tmp_path / "notes.md"
    notes.write_text("No formula.", "utf-8")
    assert mutants.main([str(notes)]) == 1

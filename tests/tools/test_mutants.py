"""Mutation: what is changed, that nothing false survives a sample, that a blind checker is found out."""

import json
from random import Random

import mutants
import pytest

from matproof import check
from matproof import syntax as s
from matproof.tex import parse

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


def test_a_checker_that_believes_everything_is_found_out(everything, monkeypatch):
    monkeypatch.setattr(mutants, "judge", lambda claim, **options: s.Verdict("holds"))
    figures = mutants.summary(mutants.run(mutants.sample(everything, 40)))
    assert figures["survivors"]["false"] > 10


def test_the_command_reports_and_writes(tmp_path, capsys):
    notes, figures = tmp_path / "notes.md", tmp_path / "figures.json"
    notes.write_text(NOTES, "utf-8")
    assert mutants.main(["--count", "30", "--json", str(figures), str(notes)]) == 0
    assert "7 claims that hold" in capsys.readouterr().out
    summary = json.loads(figures.read_text("utf-8"))["summary"]
    assert summary["tried"] == sum(sum(row.values()) for row in summary["kinds"].values())


def test_a_text_without_claims_is_no_success(tmp_path):
    notes = tmp_path / "notes.md"
    notes.write_text("No formula.", "utf-8")
    assert mutants.main([str(notes)]) == 1

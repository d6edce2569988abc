"""The benchmark runs and counts rightly; no test looks at a time."""

from functools import partial

import bench
import nbformat
import pytest

THEOREM = r"""
:::{prf:theorem} A sum
:label: sum
Let $x \in \mathbb{R}$ and $\mathbf{U}(x), \mathbf{V}(x) \in \mathbb{R}^{m \times n}$. Then
$$
\frac{\partial (\mathbf{U} + \mathbf{V})}{\partial x}
= \frac{\partial \mathbf{U}}{\partial x} + \frac{\partial \mathbf{V}}{\partial x}.
$$
:::
"""
SETUP = "import sympy as sp\nfrom matproof.notebook import assert_equal, derivative, functions, generic"
MAKE = 'x = sp.Symbol("x")\nU, V = functions("u", 2, 3, of=x), functions("v", 2, 3, of=x)'
ASSERT = "assert_equal(derivative(U + V, x), derivative(U, x) + derivative(V, x))"
NUMBERS = "import numpy as np\nprint(np.zeros(2) + 0 * len(generic('a', 1, 2)))"


@pytest.fixture
def chapter(tmp_path):
    markdown, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    sources = [code(SETUP), markdown("## A section"), markdown(THEOREM), code(MAKE), code(ASSERT)]
    sources += [code(NUMBERS), code("generic('b', 1, 1)"), markdown("## Exercises"), code(ASSERT)]
    path = tmp_path / "chapter.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=sources), path)
    return path


def test_a_theorem_is_paired_with_its_exact_cells(chapter):
    cells = nbformat.read(chapter, as_version=4).cells
    assert bench.statements(cells) == {3: [4, 5]}


def test_all_figures_are_there(chapter, tmp_path, capsys, monkeypatch):
    json_file = tmp_path / "figures.json"
    monkeypatch.setattr(bench, "measure", partial(bench.measure, lengths=(4,)))
    assert bench.main(["--json", str(json_file), str(chapter)]) == 0
    assert "1 theorems (1 claims)" in capsys.readouterr().out
    figures = bench.measure([chapter], times=(1, 2), lengths=(4, 8))
    assert figures["checker"]["claims"] == 1
    assert figures["checker"]["peak_memory"] > 10**6
    assert list(figures["growth"]) == ["1", "2"]
    assert list(figures["one_document"]) == ["4", "8"]
    assert "a claim in one document of so many: 4:" in bench.to_text(figures)
    assert list(figures["sympy"]["single"]) == ["sum"]


def test_a_document_without_theorems_is_measured_too(tmp_path):
    notes = tmp_path / "notes.md"
    notes.write_text("Let $a \\in \\mathbb{R}$. Then $a + a = 2 a$.", "utf-8")
    figures = bench.measure([notes], times=(1,), lengths=(4,))
    assert figures["sympy"]["theorems"] == 0
    assert "SymPy" not in bench.to_text(figures)

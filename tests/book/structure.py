"""What a chapter must look like: each rule is a function from a chapter to the problems found in it.

Rules read the stored notebook only; that its cells run and its outputs are fresh is shown elsewhere.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat

BOOK = Path(__file__).resolve().parents[2] / "book"
LONGEST_CELL = 15
FEWEST_EXERCISES = 3

DIRECTIVE = re.compile(r"^\s*(?::{3,}|`{3,})\{([\w:-]+)\}", re.M)
ONE_DIRECTIVE = re.compile(r"(:{3,})\{\w+\}(?:(?!\n\1\n).)*\n\1", re.S)
LABEL = re.compile(
    r"^\s*:(?:label|name):\s*(\S+)\s*$|^\s*\(([\w-]+)\)=\s*$|^\s*\$\$\s*\(([\w-]+)\)\s*$", re.M
)
IMAGE = re.compile(r"!\[([^\]]*)\]\(")
CLAIMS = {"prf:theorem", "prf:lemma", "prf:corollary"}


@dataclass(frozen=True)
class Chapter:
    """One notebook of the book, read from its file."""

    path: Path

    @cached_property
    def cells(self):
        return nbformat.read(self.path, as_version=4).cells

    @cached_property
    def metadata(self):
        return nbformat.read(self.path, as_version=4).metadata

    @property
    def markdown(self):
        return "\n\n".join(cell.source for cell in self.cells if cell.cell_type == "markdown")

    @property
    def is_appendix(self):
        return "appendix" in self.path.parts

    def numbered(self, kind):
        return [(number, cell) for number, cell in enumerate(self.cells, 1) if cell.cell_type == kind]


def chapters(folder=BOOK):
    """All notebooks of the book, without Jupyter's checkpoints."""
    return [Chapter(p) for p in sorted(folder.rglob("*.ipynb")) if ".ipynb_checkpoints" not in p.parts]


def labels(text):
    """All labels and targets that a Markdown text defines, in order."""
    return [next(group for group in match.groups() if group) for match in LABEL.finditer(text)]


def repeated_labels(texts):
    """Labels that are defined more than once in the texts of the whole book."""
    counts = Counter(label for text in texts for label in labels(text))
    return sorted(label for label, count in counts.items() if count > 1)


def long_cells(chapter):
    """Code cells with more lines than a reader takes in at a glance."""
    sizes = [(number, len(cell.source.splitlines())) for number, cell in chapter.numbered("code")]
    return [f"cell {number} has {size} lines" for number, size in sizes if size > LONGEST_CELL]


def stored_errors(chapter):
    """Cells that store an error or something printed to the error stream."""
    return [
        f"cell {number} stores an error"
        for number, cell in chapter.numbered("code")
        for output in cell.outputs
        if output.output_type == "error" or output.get("name") == "stderr"
    ]


def figures(chapter):
    """(number, alternative text) of every figure: outputs of cells and images in the text."""
    for number, cell in enumerate(chapter.cells, 1):
        if cell.cell_type == "markdown":
            yield from ((number, alt) for alt in IMAGE.findall(cell.source))
        elif any(
            kind.startswith("image/") for out in cell.get("outputs", []) for kind in out.get("data", {})
        ):
            yield number, cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")


def figures_without_alt(chapter):
    """Figures without a text for those who cannot see them."""
    return [f"cell {number}: figure without alt text" for number, alt in figures(chapter) if len(alt) < 20]


def unproved(chapter):
    """Theorems, lemmas and corollaries without a proof and then a code cell before the next one."""
    problems, open_claim, lacks = [], None, set()

    def close():
        if open_claim and lacks:
            problems.append(f"{open_claim} has no {' and no '.join(sorted(lacks))}")

    for cell in chapter.cells:
        if cell.cell_type == "code":
            lacks = lacks - {"verifying cell"}
            continue
        for match in DIRECTIVE.finditer(cell.source):
            if match[1] in CLAIMS:
                close()
                open_claim = (labels(cell.source[match.start() :]) or ["a theorem without a label"])[0]
                lacks = {"proof", "verifying cell"}
            elif match[1] == "prf:proof":
                lacks = lacks - {"proof"} | {"verifying cell"} if open_claim else lacks
    close()
    return problems


def unlabelled(chapter):
    """Theorems, lemmas, corollaries, definitions and exercises without a label to link to."""
    problems = []
    for number, cell in chapter.numbered("markdown"):
        for match in DIRECTIVE.finditer(cell.source):
            body = cell.source[match.end() :].split("\n:::")[0]
            if match[1] in CLAIMS | {"prf:definition", "exercise"} and ":label:" not in body:
                problems.append(f"cell {number}: {match[1]} without a label")
    return problems


def crowded_displays(chapter):
    """Displays that MyST would not see: a `$$` needs an empty line (or the directive's edge) around it."""
    problems = []
    for number, cell in chapter.numbered("markdown"):
        lines, inside = cell.source.splitlines(), False
        for at, line in enumerate(lines):
            if not re.match(r"^\s*\$\$", line):
                continue
            inside = not inside
            neighbour = lines[at - 1 : at] if inside else lines[at + 1 : at + 2]
            if neighbour and neighbour[0].strip() and not re.match(r"\s*:(::|\w+:)", neighbour[0]):
                problems.append(f"cell {number}, line {at + 1}: no empty line beside $$")
    return problems


def mixed_exercises(chapter):
    """Exercises and solutions that share their cell with anything else: a reader may want to drop one."""
    problems = []
    for number, cell in chapter.numbered("markdown"):
        kinds = [kind for kind in DIRECTIVE.findall(cell.source) if kind in {"exercise", "solution"}]
        if kinds and not (len(kinds) == 1 and ONE_DIRECTIVE.fullmatch(cell.source)):
            problems.append(f"cell {number}: {' and '.join(kinds)} beside something else")
    return problems


def missing_parts(chapter):
    """Parts that every chapter outside the appendix has: goals, picture, mistake, exercises, summary."""
    if chapter.is_appendix:
        return []
    text, kinds = chapter.markdown, Counter(DIRECTIVE.findall(chapter.markdown))
    wanted = {
        "learning goals": "After this chapter you can" in text,
        "notation": "**Notation.**" in text,
        "a picture": any(figures(chapter)),
        "a tempting mistake with \\neq": bool(re.search(r"tempting mistake", text)) and r"\neq" in text,
        "three exercises": kinds["exercise"] >= FEWEST_EXERCISES,
        "a solution to every exercise": kinds["solution"] == kinds["exercise"],
        "a summary": bool(re.search(r"^## Summary$", text, re.M)),
        "the layout in its metadata": "layout" in chapter.metadata.get("matproof", {}),
    }
    return [f"lacks {part}" for part, there in wanted.items() if not there]


RULES = [
    crowded_displays,
    figures_without_alt,
    long_cells,
    missing_parts,
    mixed_exercises,
    stored_errors,
    unlabelled,
    unproved,
]

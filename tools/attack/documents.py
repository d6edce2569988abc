"""Documents: formulas in their sections, in the containers of Markdown, LaTeX and notebooks, among decoys.

A decoy looks like a formula and is none: code, a comment, an escaped dollar. Declarations stand in the
opening, definitions and conditions in their own section, so that sections are independent of one another and
a document may lose any of them and any formula of them (the referee shrinks findings so).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from .formulas import DECLARATIONS, Formula

ENDINGS = ("md", "md", "md", "tex", "ipynb")


@dataclass(frozen=True)
class Section:
    """One paragraph or display after its declarations, and the formulas in it, in order."""

    text: str
    formulas: tuple[Formula, ...]
    name: str  # how it was laid out


@dataclass(frozen=True)
class Document:
    """An ending, sections, and the declarations before the first of them."""

    ending: str
    sections: tuple[Section, ...]
    declarations: tuple[str, ...] = DECLARATIONS

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """All formulas, in the order of the text."""
        return tuple(formula for section in self.sections for formula in section.formulas)

    @property
    def text(self) -> str:
        """What the checker reads."""
        given = ", ".join(f"${each}$" for each in self.declarations)
        given = f"Let {given}." if given else ""
        return _ASSEMBLED[self.ending](given, [section.text for section in self.sections])


def _markdown(given: str, sections: list[str]) -> str:
    return (
        "\n\n".join([f"# Notes\n\n{given}", *(f"## {n}\n\n{text}" for n, text in enumerate(sections))]) + "\n"
    )


def _latex(given: str, sections: list[str]) -> str:
    body = "\n\n".join(f"\\section{{Section {n}}}\n\n{text}" for n, text in enumerate(sections))
    return f"\\documentclass{{article}}\n\\begin{{document}}\n{given}\n\n{body}\n\\end{{document}}\n"


def _notebook(given: str, sections: list[str]) -> str:
    cells = [f"# Notes\n\n{given}", *(part for n, text in enumerate(sections) for part in (f"## {n}", text))]
    made: list[dict[str, object]] = [
        {"cell_type": "markdown", "metadata": {}, "source": cell} for cell in cells
    ]
    made.insert(1, {"cell_type": "code", "metadata": {}, "source": "x = 1  # $1 = 2$", "outputs": []})
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


_ASSEMBLED: dict[str, Callable[[str, list[str]], str]] = {"md": _markdown, "tex": _latex, "ipynb": _notebook}


# ----------------------------------------------------------------------------------- one or two formulas


def printed(formula: Formula) -> str:
    """The formula on one line."""
    return f" {formula.relation} ".join(formula.sides)


def _row(formula: Formula) -> str:
    return f" &{formula.relation} ".join(formula.sides)


ROW_ENDS = (r"\\", r"\\[2pt]", r"\\*", r" \nonumber \\", r"\notag\\", "\\\\\n")
REMARKS = ("", "", "", r" \quad \text{(by symmetry)}", r" \qquad \text{as above}", ".", ",")
DISPLAYS = {
    "md": ("$$\n%s\n$$", "$$ %s $$", "$$%s$$", "\\begin{equation}\n%s\n\\end{equation}",
           "```{math}\n%s\n```", ":::{math}\n:label: eq\n%s\n:::", "```math\n%s\n```", "$$\n%s\n$$ (eq-name)",
           "\\begin{equation*}\n%s\n\\end{equation*}"),
    "tex": ("\\[\n%s\n\\]", "\\begin{equation} %s \\end{equation}", "$$ %s $$",
            "\\begin{equation*}\n%s\n\\end{equation*}", "\\begin{displaymath}\n%s\n\\end{displaymath}",
            "\\begin {equation}\n%s\n\\end {equation}",
            "\\begin{dmath}\n%s\n\\end{dmath}", "\\begin{multline}\n%s\n\\end{multline}"),
}  # fmt: skip
DISPLAYS["ipynb"] = tuple(form for form in DISPLAYS["md"] if not form.startswith("```math"))
ROWS = ("aligned", "align", "align*", "gather*", "gathered", "split", "alignat", "eqnarray", "array",
        "alignedat", "flalign", "IEEEeqnarray")  # fmt: skip
INNER = {"aligned", "gathered", "split", "array", "alignedat"}  # environments that stand in a display
ARGUMENTS = {"alignat": ("{2}", "{1}", "2", " {2}"), "alignedat": ("{2}", "2"), "array": ("{rcl}", "{ll}"),
             "IEEEeqnarray": ("{rCl}",)}  # fmt: skip


def rows(formulas: tuple[Formula, ...], ending: str, random: Random) -> tuple[str, str]:
    """Formulas as the rows of one environment."""
    name = random.choice([name for name in ROWS if name != "IEEEeqnarray" or ending == "tex"])
    row = printed if "gather" in name else _row
    lines = [row(formula) + random.choice(REMARKS) for formula in formulas]
    end = random.choice(ROW_ENDS)
    body = f" {end}\n".join(lines)
    text = f"\\begin{{{name}}}{random.choice(ARGUMENTS.get(name, ('',)))}\n{body}\n\\end{{{name}}}"
    if name in INNER:
        text = DISPLAYS[ending][0] % text
    return text, name


def side_by_side(formulas: tuple[Formula, ...], ending: str, random: Random) -> tuple[str, str]:
    """Formulas in one display, with words or a gap between them."""
    between = random.choice(
        (r" \quad\text{and}\quad ", r", \quad ", r" \text{ and } ", r" ,\qquad ", r"; \;\; ")
    )
    form = random.choice(DISPLAYS[ending])
    return form % between.join(map(printed, formulas)), "side by side"


def single(formula: Formula, ending: str, random: Random) -> tuple[str, str]:
    """One formula in a display."""
    form = random.choice(DISPLAYS[ending])
    return form % (printed(formula) + random.choice(REMARKS)), form.split("\n")[0].strip()


SENTENCES = ("We have $%s$.", "Here $%s$ as well", "It is clear that $%s$, as we said.", "Then $%s$;",
             "$%s$", "**Bold** words and $%s$", "A 5\\$ note says $%s$.", "It's said: \"$%s$\"",
             "(see $%s$)")  # fmt: skip
TEX_SENTENCES = (*SENTENCES[:5], r"Then \(%s\).", r"We \emph{know} that $%s$.",
                 "``Now'' $%s$, isn't it ``so''?",
                 r"\textbf{Then} $%s$", r"See \url{http://x.org/a%%20b} where $%s$.",
                 r"The sign \verb|%%| and $%s$.", r"The sign \verb|$| and $%s$.",
                 "A % comment\nand $%s$.")  # fmt: skip


def inline(formula: Formula, ending: str, random: Random) -> tuple[str, str]:
    """One formula in a sentence."""
    options = TEX_SENTENCES if ending == "tex" else SENTENCES
    form = "$%s$" if formula.before else random.choice(options)
    body = printed(formula).replace("\n", " ") if "%" not in printed(formula) else printed(formula)
    return form.replace("%s", body).replace("%%", "%"), f"inline {form}"


# ------------------------------------------------------------------------------- containers and decoys

CONTAINERS: dict[str, tuple[str, str]] = {  # the first line's beginning and the others'
    "nothing": ("", ""),
    "a list": ("- ", "  "),
    "a numbered list": ("1. ", "   "),
    "a nested list": ("- one\n  - ", "    "),
    "a quote": ("> ", "> "),
    "a quote in a list": ("- > ", "  > "),
    "a list in a quote": ("> - ", ">   "),
}
FENCED = (":::{prf:theorem} A title\n:label: t-%d\n%s\n:::", "::::{note}\n%s\n::::", "```{note}\n%s\n```",
          "````{admonition} A title\n%s\n````", ":::{prf:proof}\n%s\n:::")  # fmt: skip
TEX_FENCED = ("\\begin{theorem}\\label{t-%d}\n%s\n\\end{theorem}", "\\begin{proof}\n%s\n\\end{proof}",
              "\\begin{itemize}\n\\item %s\n\\end{itemize}",
              "\\begin{quote}\n%s\n\\end{quote}", "\\footnote{%s}", "{\\small %s}")  # fmt: skip
DECOYS = ("`$1 = 2$`", "```python\ny = '$1 = 2$'\n```", "~~~\n$1 = 2$\n~~~", "<!-- $1 = 2$ -->",
          "\\$1 = 2\\$",
          "> ```\n> code $1 = 2$\n\nand", "~~~\n- ~~~\n~~~", "A stray ` backtick.", "See <!--> this.",
          "``a ` b $1 = 2$``", "<!-- a\n$$1 = 2$$\n-->", "Words\u2028% and more", "100 % of all")  # fmt: skip
TEX_DECOYS = ("% $1 = 2$", "\\verb|$1 = 2$|", "\\begin{verbatim}\n$1 = 2$\n\\end{verbatim}", "100\\% of all",
              "\\begin{comment}\n$1 = 2$\n\\end{comment}", "% \\begin{comment}", "``foo'' and ``bar''",
              "\\url{http://x.org/a%20b}", "\\verb|$|", "\\$1 = 2\\$", "% \\end{document}")  # fmt: skip


def contained(text: str, ending: str, random: Random) -> tuple[str, str]:
    """The text inside of a container."""
    if random.random() < 0.55:
        return text, "nothing"
    if ending == "tex":
        form = random.choice(
            [f for f in TEX_FENCED if "\\begin" not in text or not f.startswith(("\\f", "{"))]
        )
        return form.replace("%d", str(random.randrange(10**6))).replace("%s", text), form.split("\n")[0]
    if random.random() < 0.4 and "```" not in text and ":::" not in text:
        form = random.choice(FENCED)
        return form.replace("%d", str(random.randrange(10**6))).replace("%s", text), form.split("\n")[0]
    name = random.choice(list(CONTAINERS))
    first, others = CONTAINERS[name]
    lines = text.split("\n")
    indented = "\n".join([first + lines[0], *(others + line for line in lines[1:])])
    return indented, name


def section(formulas: tuple[Formula, ...], ending: str, random: Random) -> Section:
    """Formulas as one paragraph or display, in a container, next to a decoy."""
    first = formulas[0]
    if first.raw:
        return Section(first.raw, formulas, "raw")
    if len(formulas) > 1:
        text, name = random.choice((rows, side_by_side))(formulas, ending, random)
    elif first.where == "inline" or (
        not first.where and random.random() < 0.3 and "\n" not in printed(first)
    ):
        text, name = inline(first, ending, random)
    else:
        text, name = (
            rows(formulas, ending, random) if random.random() < 0.3 else single(first, ending, random)
        )
    if first.before:
        gap = " " if first.where == "inline" else "\n\n"
        return Section(f"{first.before}{gap}{text}", formulas, name)
    text, container = contained(text, ending, random)
    if random.random() < 0.25:
        decoys = TEX_DECOYS if ending == "tex" else DECOYS
        decoy = random.choice(decoys)
        text = f"{decoy}\n\n{text}"
        container += f" after {decoy!r}"
    return Section(text, formulas, f"{name} in {container}")


def combine(formulas: list[Formula], random: Random) -> list[tuple[Formula, ...]]:
    """Formulas into groups for one section each: some stand together."""
    groups: list[tuple[Formula, ...]] = []
    for formula in formulas:
        free = not (formula.before or formula.raw or formula.where)
        last = groups[-1] if groups else ()
        if free and last and len(last) < 3 and random.random() < 0.35 and not _alone(last[0]):
            groups[-1] = (*last, formula)
        else:
            groups.append((formula,))
    return groups


def _alone(formula: Formula) -> bool:
    return bool(formula.before or formula.raw or formula.where)


def document(formulas: list[Formula], random: Random) -> Document:
    """A document with these formulas, without those that need another ending than the first to need one."""
    ending = next((formula.ending for formula in formulas if formula.ending), "") or random.choice(ENDINGS)
    groups = combine([formula for formula in formulas if formula.ending in ("", ending)], random)
    return Document(ending, tuple(section(group, ending, random) for group in groups))

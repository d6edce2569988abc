#!/usr/bin/env python3
"""Write what the page of the language, book/appendix/language.md, takes from the checker.

    python tools/language_page.py

The section on operations comes from the rows of `matproof.language.operations`, and the message behind every
formula that is marked as refused is the one that the checker gives today. The rest of the page is written by
hand; its formulas are claims that every build checks.
"""

import re
import sys
from pathlib import Path

from matproof import check
from matproof.language.integers import Poly
from matproof.language.operations import EXAMPLES, OPERATIONS, Dimensions, Operation
from matproof.language.printing import to_latex

PAGE = Path(__file__).resolve().parents[1] / "book" / "appendix" / "language.md"
OPERATIONS_BEGIN = re.compile(r"(?<=\n## Operations\n\n)(.*?\n\n).*", re.DOTALL)  # a paragraph, then the list
REFUSED = re.compile(r"(?m)^  - refused: `([^`]+)`.*$")


def page(text: str) -> str:
    """The page with the operations and the messages of today."""
    listed = "\n".join(map(_operation, OPERATIONS.values()))
    text = OPERATIONS_BEGIN.sub(lambda found: f"{found[1]}{listed}\n", text)
    return REFUSED.sub(lambda found: f"  - refused: `{found[1]}`, {_shown(message(found[1]))}", text)


def _operation(row: Operation) -> str:
    """An item of the list: how it is written, what it is, what holds, what is refused."""
    dots = ", ".join(r"\ldots" for _ in row.shape.arguments)
    printed = f"{row.printed[0]}{dots}{row.printed[1]}".replace(r"\left", "").replace(r"\right", "")
    others = [rf"\operatorname{{{word}}}" for word in row.words if word not in row.printed[0]]
    takes = ", ".join(f"${_space(shape)}$" for shape in row.shape.arguments)
    text = ", ".join(f"`{spelling}`" for spelling in (printed, *others))
    text = f"- {text}: {row.meaning}, from {takes} to ${_space(row.shape.result)}$."
    if row.definition is not None:
        text += f" Written out it is ${to_latex(row.definition.body)}$"
        text += "".join(f", where ${to_latex(each)}$" for each in row.definition.conditions) + "."
    if row.values == "opaque":
        text += " Its values are no rational numbers, but its derivatives are exact."
    text += f" For example {' and '.join(f'${formula}$' for formula in row.accepted)}."
    return "\n".join([text, *(f"  - refused: `{formula}`" for formula, _ in row.rejected)])


def _space(shape: Dimensions) -> str:
    r"""\mathbb{R}^{m \times n}, without the sizes that are 1."""
    sizes = [to_latex(size.node()) for size in shape if size != Poly.of(1)]
    power = r" \times ".join(sizes)
    return rf"\mathbb{{R}}^{{{power}}}" if sizes else r"\mathbb{R}"


def _shown(text: str) -> str:
    """A message in italics; as code, where it speaks of LaTeX."""
    return f"`{text}`" if re.search(r"[\\_*`$]", text) else f"*{text}*"


def message(formula: str) -> str:
    """What the checker says of a formula among the letters of the page. Raises ValueError if it holds."""
    (document,) = check(f"{EXAMPLES}\n\n$$\n{formula}\n$$\n").documents
    (result,) = document.results
    if result.verdict.verdict == "holds":
        raise ValueError(f"{formula} holds, but the page calls it refused")
    return str(result.verdict.reason)


def main() -> int:
    """Bring the page up to date."""
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

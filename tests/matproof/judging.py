"""Verdicts on formulas written as a reader would write them, with shorthands.

In these tests \\A is the bold A, \\d is \\partial, \\t is \\top; \\tr, \\adj, \\vec and \\diag are operators.
"""

import re
from dataclasses import dataclass

from matproof.decide.judge import judge
from matproof.language.claims import Verdict
from matproof.read.documents import read_document
from matproof.read.kinds import read_claims_leniently
from matproof.read.reader import read_claims

LETTERS = r"""Let $\mathbf{A}, \mathbf{B}, \mathbf{C} \in \mathbb{R}^{n \times n}$ and
$\mathbf{R}, \mathbf{T} \in \mathbb{R}^{m \times n}$, $\mathbf{S} \in \mathbb{R}^{n \times p}$,
$\mathbf{X} \in \mathbb{R}^{m \times n}$, $\mathbf{Z} \in \mathrm{GL}_n(\mathbb{R})$,
$\mathbf{P} \in \mathbb{S}^{n}$, $\mathbf{a}, \mathbf{b}, \mathbf{w} \in \mathbb{R}^{n}$,
$\mathbf{c} \in \mathbb{R}^{m}$, $a, b, t, y \in \mathbb{R}$, $q \in \mathbb{N}$, $c_q \in \mathbb{R}$,
$\mathbf{U}(t), \mathbf{V}(t) \in \mathbb{R}^{m \times n}$, $\mathbf{W}(t, y) \in \mathrm{GL}_n(\mathbb{R})$,
$u(\mathbf{X}), v(\mathbf{X}) \in \mathbb{R}$, $\mathbf{Y}(\mathbf{X}) \in \mathbb{R}^{p \times m}$."""


_SHORTHANDS = {"d": r"\partial", "t": r"\top"} | {
    name: rf"\operatorname{{{name}}}" for name in ("tr", "adj", "vec", "diag")
}


def written_out(latex: str) -> str:
    """The LaTeX that a shorthand stands for."""

    def expand(match: re.Match) -> str:
        name = match[1]
        bold = rf"\mathbf{{{name}}}" if len(name) == 1 else match[0]
        return _SHORTHANDS.get(name, bold)

    return re.sub(r"\\([A-Za-z]+)", expand, latex)


@dataclass(frozen=True)
class Judged:
    """A verdict, and the piece of LaTeX that it points at."""

    verdict: Verdict
    place: str | None

    @property
    def word(self) -> str:
        return self.verdict.verdict

    @property
    def reason(self) -> str:
        return self.verdict.reason


def judged(
    formula: str, given: str = LETTERS, layout: str = "numerator", lenient: bool = False, **options
) -> Judged:
    """The verdict on the one claim of a display; in lenient mode nothing is given."""
    text = written_out(f"{'' if lenient else given}\n\n$$\n{formula}\n$$\n")
    read = read_claims_leniently if lenient else read_claims
    ((claim, _),) = read(read_document(text, lenient=lenient), layout).claims
    verdict = judge(claim, **options)
    place = None if verdict.place is None else text[verdict.place[0] : verdict.place[1]]
    return Judged(verdict, place)


def word(formula: str, given: str = LETTERS, layout: str = "numerator") -> str:
    """ "holds", "fails", "undecided" or "unreadable"."""
    return judged(formula, given, layout).word

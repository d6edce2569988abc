"""How a formula is written: ways that change nothing, and additions that change what it says.

A formula comes as the printer of trees writes it (`\\operatorname{tr}\\left(...\\right)`, `^{\\top}`, spaces
between tokens), so that patterns find their places.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from .formulas import Formula

NAMED = re.compile(r"\\operatorname\{(\w+)\}")
NATIVE = re.compile(r"\\(det|exp|log)(?![A-Za-z])")
BOLD = re.compile(r"\\mathbf\{(\w)\}(?![\^_])")
GAP = re.compile(r"(?<=[\w})]) ([+-]) (?=[\\\w{])")  # around a sign between two terms
SHORT_SCRIPT = re.compile(r"([\^_])\{(\w)\}")
BARE_GROUP = re.compile(r"(?<![\^_\w}])\\left\(((?:(?!\\left|\\right|\\frac|\\sum)[^&])*)\\right\)(?![\^_'])")


@dataclass(frozen=True)
class Way:
    """One way of writing: what it does to a side, and whether the language covers the outcome."""

    name: str
    change: Callable[[str, Random], str]
    known: bool = True


def _named(forms: tuple[str, ...], pattern: re.Pattern[str] = NAMED) -> Callable[[str, Random], str]:
    def change(side: str, random: Random) -> str:
        form = random.choice(forms)
        return pattern.sub(lambda found: form % found[1], side)

    return change


def _swap(old: str, *new: str) -> Callable[[str, Random], str]:
    return lambda side, random: side.replace(old, random.choice(new))


def _pairs(*pairs: tuple[str, str]) -> Callable[[str, Random], str]:
    def change(side: str, random: Random) -> str:
        first, last = random.choice(pairs)
        return side.replace(r"\left(", first).replace(r"\right)", last)

    return change


def _in_gaps(*fillings: str) -> Callable[[str, Random], str]:
    """Something that prints nothing (or a gap), behind one of the signs between terms or before it."""

    def change(side: str, random: Random) -> str:
        filling, before = random.choice(fillings), random.random() < 0.5
        form = (lambda m: f" {filling} {m[1]} ") if before else (lambda m: f" {m[1]} {filling} ")
        return GAP.sub(form, side, count=1)

    return change


def _around(form: str, pattern: re.Pattern[str] | None = None) -> Callable[[str, Random], str]:
    """A printed brace, or none, around the whole side or around a bracket."""

    def change(side: str, random: Random) -> str:
        if pattern is None:
            return form % side
        return pattern.sub(lambda found: form % found[0], side, count=1)

    return change


WAYS = (
    Way("operator as text", _named((r"\text{%s}", r"\textrm{%s}", r"\mathrm{%s}", r"\operatorname*{%s}"))),
    Way("operator as upright letters", _named((r"\mathop{\mathrm{%s}}", r"{\rm %s}", r"\mbox{%s}")), False),
    Way("native operator as text", _named((r"\text{%s}", r"\mathrm{%s}", r"\operatorname{%s}"), NATIVE)),
    Way("brackets", _pairs(("(", ")"), (r"\bigl(", r"\bigr)"), (r"\Big(", r"\Big)"))),
    Way("other brackets", _pairs(("[", "]"), (r"\{", r"\}"), (r"\left[", r"\right]")), False),
    Way("bold", _named((r"\boldsymbol{%s}", r"\mathbf %s", r"\bm{%s}", r"{\mathbf{%s}}"), BOLD)),
    Way("bold as text", _named((r"\textbf{%s}", r"{\bf %s}"), BOLD), False),
    Way("fractions", _swap(r"\frac", r"\dfrac", r"\tfrac")),
    Way("transpose", _swap(r"^{\top}", r"^\top", r"^{\intercal}", r"^{ \top }")),
    Way("other transpose", _swap(r"^{\top}", r"^{\mathsf{T}}", r"^{\mathrm{T}}", "^T", "'"), False),
    Way("short scripts", lambda side, random: SHORT_SCRIPT.sub(r"\1\2 ", side)),
    Way("spaces", _in_gaps(r"\,", r"\;", r"\!", r"\ ", "~", "{}", r"\:", r"\displaystyle")),
    Way("other spaces", _in_gaps(r"\hspace{1em}", r"\mathstrut", r"\phantom{x}", r"\quad"), False),
    Way("text between terms", _in_gaps(r"\text{ }", r"\mbox{ }", r"\text{}"), False),
    Way("comment", _in_gaps("% a remark, 1 = 2\n")),
    Way("line break", _in_gaps("\n")),
    Way("underbrace", _around(r"\underbrace{%s}_{\text{all}}")),
    Way("overbrace", _around(r"\overbrace{%s}^{\text{all}}")),
    Way("braced bracket", _around("{%s}", BARE_GROUP)),
    Way("underbraced bracket", _around(r"\underbrace{%s}_{r}", BARE_GROUP)),
    Way("box", _around(r"\boxed{%s}"), False),
    Way("colour", _around(r"\color{red} %s"), False),
)  # fmt: skip
NOT_IN_ROWS = {"underbrace", "overbrace", "colour"}  # a brace may not hold an alignment mark or a row's end


def written(formula: Formula, random: Random) -> Formula:
    """The formula in other words: the same statement, written in up to three unusual ways."""
    if formula.raw:
        return formula
    names, known, sides = [], formula.known, list(formula.sides)
    for way in random.sample(WAYS, random.choice((0, 0, 1, 1, 1, 2, 3))):
        at = random.randrange(len(sides))
        new = way.change(sides[at], random)
        if new != sides[at]:
            names.append(way.name)
            known, sides[at] = known and way.known, new
    kind = ", ".join((formula.kind, *sorted(names)))
    return replace(formula, kind=kind, sides=tuple(sides), known=known)


# --------------------------------------------------------------------- additions that make a claim false

ADDED = (  # behind a scalar; known is whether the printed formula is one that the language covers
    (r"%s \text{ } + 1", True),
    (r"%s \mbox{ } - x", False),
    (r"%s \text{-} 1", False),
    (r"%s \quad + 1", False),
    (r"%s {} + 1", True),
    (r"%s \underbrace{{} + 1}_{r}", False),
    (r"%s \phantom{x} + 1", False),
    ("%s % a remark\n + 1", True),
    ("%s\n+ 1", True),
    ("%s\n- x", True),
    (r"%s . x + 1", False),
    (r"%s , 000", None),
    (r"%s \nonumber + 1", True),
    (r"%s \label{here} + 1", False),
    (r"%s + \underbrace{1}_{\text{one}}", True),
    (r"%s \, + \, 1", True),
    (r"1 + \text{ } %s", True),
    (r"\text{-} 1 %s", None),
    (r"x + {} %s", True),
    (r"%s \left. + 1 \right.", False),
    (r"%s + \mathbf{a}^{\top} \text{diag}(\mathbf{a}) \mathbf{y}", True),
)
FACTORS = (  # beside anything that is not zero
    (r"\left( %s \right) \text{det}(\mathbf{C})", True),
    (r"\left( %s \right) \, \text{tr}(\mathbf{C})", True),
    (r"\text{tr}(\mathbf{C}) \left( %s \right)", True),
    (r"\left( %s \right) \mathrm{det}(\mathbf{C})", True),
    (r"2 \text{ } \left( %s \right)", True),
    (r"\left( %s \right) \text{ } 2", None),
    (r"\left( %s \right) \textbf{C}", None),
    (r"\left( %s \right) \cdot \text{det}(\mathbf{C})", True),
    (r"x {} \left( %s \right)", True),
)


def falsified(formula: Formula, random: Random) -> Formula:
    """The formula with an addition to its last side that a careless reader overlooks."""
    if formula.truths != (True,) or formula.relation != "=" or formula.raw or formula.before:
        return formula
    options = (*(ADDED if formula.scalar else ()), *(FACTORS if formula.nonzero else ()))
    if not options:
        return formula
    form, known = random.choice(options)
    if formula.sides[-1][0] in "-+" and form.endswith("%s"):
        return formula
    side = form.replace("%s", formula.sides[-1])
    kind = f"{formula.kind} with {form.replace(chr(10), ' ')}"
    return replace(
        formula,
        kind=kind,
        sides=(*formula.sides[:-1], side),
        truths=(False,),
        known=formula.known and bool(known),
    )

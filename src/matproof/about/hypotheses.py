"""What a claim rests on: the declarations, definitions and conditions of its letters, and its shape."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ..decide.elaborate import Roles, elaborate
from ..decide.shapes import Shapes
from ..decide.trials import smallest
from ..language.claims import Claim
from ..language.nodes import Letter, Node, Space, walk
from ..language.printing import to_latex
from ..language.scope import Declaration, Definition

_INTEGERS = {1: r"\mathbb{N}", 0: r"\mathbb{N}_0", None: r"\mathbb{Z}"}


def shape(claim: Claim) -> tuple[str, ...]:
    """Rows and columns of both sides in LaTeX, () for a scalar.

    Raises `ClaimError` for a claim whose sides have none, or different ones.
    """
    roles = Roles.of(claim)
    integers = smallest(roles, claim.scope.conditions) if roles.counted else {}
    rows, columns = Shapes(claim, elaborate(claim, roles, integers)).shape
    if rows.constant() == columns.constant() == 1:
        return ()
    return to_latex(rows.node()), to_latex(columns.node())


def used(claim: Claim) -> tuple[list[Declaration], list[Definition]]:
    """The declarations and the definitions of the letters that a claim uses, itself or through others."""
    pending: list[Node] = [side for side in (claim.lhs, claim.rhs) if side is not None]
    letters: set[Letter] = set()
    while pending:
        new = {part for part in walk(pending.pop()) if isinstance(part, Letter)} - letters
        letters |= new
        pending += [found.body for found in claim.scope.definitions if found.letter in new]
        for found in claim.scope.declarations:
            pending += found.arguments if found.letter in new else ()
    declared = [found for found in claim.scope.declarations if found.letter in letters]
    return declared, [found for found in claim.scope.definitions if found.letter in letters]


def hypotheses(claims: Sequence[Claim]) -> list[str]:
    r"""All that some claims of one statement rest on, in LaTeX.

    Letters of one set share a membership, `\mathbf{A}, \mathbf{B} \in \mathbb{R}^{m \times n}`. Conditions,
    and expressions declared invertible, are listed where all of their letters are used.
    """
    declared: dict[Declaration, None] = {}
    defined: dict[Definition, None] = {}
    for claim in claims:
        declarations, definitions = used(claim)
        declared.update(dict.fromkeys(declarations))
        defined.update(dict.fromkeys(definitions))
    lines = [
        rf"{', '.join(_name(found) for found in group)} \in {where}"
        for where, group in groupby(declared, key=space)
    ]
    known = {found.letter for found in declared} | {found.letter for found in defined}
    known = known.union(*(claim.scope.sizes for claim in claims))
    for claim in claims:
        lines += [
            rf"{to_latex(node)} \in \mathrm{{GL}}(\mathbb{{R}})"
            for node in claim.scope.invertible
            if _letters(node) <= known
        ]
        lines += [to_latex(condition) for condition in claim.scope.conditions if _letters(condition) <= known]
    return list(dict.fromkeys(lines + [definition(found) for found in defined]))


def _letters(node: Node) -> set[Letter]:
    return {part for part in walk(node) if isinstance(part, Letter)}


def signature(letter: Letter, arguments: tuple[Letter, ...]) -> str:
    """U(x), or the letter alone."""
    return to_latex(letter) + (f"({', '.join(map(to_latex, arguments))})" if arguments else "")


def definition(found: Definition) -> str:
    """f(x) := ..., as one would write it."""
    name = signature(found.letter, ()) + "'" * found.primes + signature(Letter(""), found.parameters)
    return f"{name} := {to_latex(found.body)}"


def declaration(found: Declaration) -> str:
    r"""U(x) \in \mathbb{R}^{m \times n}, as one would write it."""
    return rf"{_name(found)} \in {space(found)}"


def _name(found: Declaration) -> str:
    """What stands on the left of a membership; a sequence is named by its first members."""
    if found.kind == "sequence":
        return rf"{found.letter.name}_0, {found.letter.name}_1, \dots"
    return signature(found.letter, found.arguments)


def space(found: Declaration) -> str:
    r"""The set that a letter is declared to lie in: \mathbb{S}^{n}, \mathrm{GL}_{n}(\mathbb{R}), ..."""
    if found.kind == "integer":
        return _INTEGERS.get(found.minimum, rf"\mathbb{{Z}}_{{\ge {found.minimum}}}")
    sets = []
    if found.symmetric:
        sets.append(rf"\mathbb{{S}}^{{{to_latex(found.dimensions[0])}}}")
    if found.invertible:
        sets.append(rf"\mathrm{{GL}}_{{{to_latex(found.dimensions[0])}}}(\mathbb{{R}})")
    return r" \cap ".join(sets) or to_latex(Space(found.dimensions))

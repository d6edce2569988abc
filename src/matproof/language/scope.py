"""What a text says of its letters: declarations, definitions, conditions, and the scope that holds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from .nodes import Condition, Letter, Node, Span, walk

Layout = Literal["numerator", "denominator"]


@dataclass(frozen=True)
class Declaration:
    """A hypothesis on a letter, e.g. U(x) in R^{m x n}.

    kind        "integer" (n in N), "function" (f, g, h where nothing else is said; values in R, any
                arguments), "sequence" (c_n in R), "single-entry" (J^{ij} in R^{m x n}), else the shape:
                "scalar", "vector", "matrix"
    dimensions  () for a scalar, (m,) for a vector, (m, n) for a matrix; for lenient declarations fresh
                letters whose names start with "?", to be inferred
    arguments   the letters that it depends on; () means constant (for a "function": nothing is known)
    minimum     smallest value of an integer: 1 for N, 0 for N_0, None for Z
    rigid       False for a declaration that the reader inferred in lenient mode
    """

    letter: Letter
    kind: Literal["scalar", "vector", "matrix", "integer", "function", "sequence", "single-entry"]
    dimensions: tuple[Node, ...] = ()
    arguments: tuple[Letter, ...] = ()
    symmetric: bool = False
    invertible: bool = False
    minimum: int | None = 1
    rigid: bool = True
    span: Span | None = field(default=None, compare=False)

    def has_entries(self, indices: int) -> bool:
        """Whether the letter itself, not a small copy of it, may carry this number of indices."""
        return {"sequence": 1, "vector": 1, "matrix": 2}.get(self.kind) == indices


@dataclass(frozen=True)
class Definition:
    r"""letter := body, or letter(parameters) := body, or letter'(parameters) := body with `primes` = 1.

    A bare letter with parameters, as in the derivative of f after f(x) := ..., means its value at them. An
    operation of the document's own is the letter `\operatorname{sym}`. `declarations` say what the parameters
    are, and `conditions` how their sizes are related, where the definition stands.
    """

    letter: Letter
    body: Node
    parameters: tuple[Letter, ...] = ()
    primes: int = 0
    span: Span | None = field(default=None, compare=False)
    declarations: tuple[Declaration, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def sizes(self) -> frozenset[Letter]:
        """The letters in the dimensions of the parameters."""
        dimensions = (size for declaration in self.declarations for size in declaration.dimensions)
        return frozenset(part for size in dimensions for part in walk(size) if isinstance(part, Letter))


def own_operation(word: str, span: Span | None = None) -> Letter:
    """The letter that stands for an operation which a document defines itself."""
    return Letter(rf"\operatorname{{{word}}}", span=span)


def is_own_operation(letter: Letter) -> bool:
    """Whether a letter stands for such an operation."""
    return letter.name.startswith(r"\operatorname")


@dataclass(frozen=True)
class Scope:
    """What holds where a claim stands. Each letter is declared, or defined, at most once.

    `conditions` relate integers, sizes and indices (n = 1, i != j, 1 <= i); `invertible` holds the
    expressions declared invertible, such as X + A; `unused` are conditions, as they are written, that no
    trial takes into account: a claim that holds without them holds.
    """

    declarations: tuple[Declaration, ...] = ()
    definitions: tuple[Definition, ...] = ()
    conditions: tuple[Condition, ...] = ()
    invertible: tuple[Node, ...] = ()
    unused: tuple[str, ...] = ()
    layout: Layout = "numerator"
    lenient: bool = False

    @cached_property
    def _declared(self) -> dict[Letter, Declaration]:
        return {declaration.letter: declaration for declaration in self.declarations}

    @cached_property
    def _defined(self) -> dict[tuple[Letter, int], Definition]:
        return {(definition.letter, definition.primes): definition for definition in self.definitions}

    def declaration(self, letter: Letter) -> Declaration | None:
        """The declaration of a letter; f, g and h are functions unless declared or defined otherwise."""
        found = self._declared.get(letter)
        if found is None and letter.name in "fgh" and not letter.bold and (letter, 0) not in self._defined:
            return Declaration(letter, "function")
        return found

    @cached_property
    def sizes(self) -> frozenset[Letter]:
        """The letters in the dimensions of all declarations."""
        dimensions = (size for declaration in self.declarations for size in declaration.dimensions)
        return frozenset(part for size in dimensions for part in walk(size) if isinstance(part, Letter))

    def knows(self, letter: Letter) -> bool:
        """Whether the letter is declared, defined or a size."""
        return letter in self.sizes or (letter, 0) in self._defined or self.declaration(letter) is not None

    def definition(self, letter: Letter, primes: int = 0) -> Definition | None:
        """The definition of a letter (of its derivative, with `primes`)."""
        return self._defined.get((letter, primes))

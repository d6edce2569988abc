"""Integer expressions (sizes, bounds, exponents, subscripts) as polynomials in their letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .nodes import Letter, Negative, Node, Number, Power, Product, Span, Sum

LARGEST = 10**18  # no exponent or bound beyond this is computed with


class ClaimError(ValueError):
    """A claim that is decided, or given up, without comparing values: why, where, with which verdict."""

    def __init__(self, message: str, span: Span | None = None, verdict: str = "fails") -> None:
        super().__init__(message)
        self.message, self.span, self.verdict = message, span, verdict


Monomial = tuple[str, ...]  # names in ascending order, repeated for powers; () for the constant


@dataclass(frozen=True)
class Poly:
    """A polynomial with integer coefficients, as sorted (monomial, coefficient) pairs without zeros."""

    terms: tuple[tuple[Monomial, int], ...] = ()

    @classmethod
    def of(cls, value: int | str) -> Poly:
        """An integer, or one letter."""
        if isinstance(value, str):
            return cls((((value,), 1),))
        return cls((((), value),)) if value else cls()

    @classmethod
    def _collect(cls, terms: dict[Monomial, int]) -> Poly:
        return cls(tuple(sorted((monomial, c) for monomial, c in terms.items() if c)))

    def __add__(self, other: Poly) -> Poly:
        terms = dict(self.terms)
        for monomial, coefficient in other.terms:
            terms[monomial] = terms.get(monomial, 0) + coefficient
        return self._collect(terms)

    def __neg__(self) -> Poly:
        return Poly(tuple((monomial, -c) for monomial, c in self.terms))

    def __sub__(self, other: Poly) -> Poly:
        return self + -other

    def __mul__(self, other: Poly) -> Poly:
        terms: dict[Monomial, int] = {}
        for left, a in self.terms:
            for right, b in other.terms:
                monomial = tuple(sorted(left + right))
                terms[monomial] = terms.get(monomial, 0) + a * b
        return self._collect(terms)

    def divided(self, divisor: int) -> Poly | None:
        """The quotient by an integer, None if it is not exact."""
        if any(c % divisor for _, c in self.terms):
            return None
        return Poly(tuple((monomial, c // divisor) for monomial, c in self.terms))

    def constant(self) -> int | None:
        """The value, if no letter occurs."""
        if not self.terms:
            return 0
        return self.terms[0][1] if len(self.terms) == 1 and not self.terms[0][0] else None

    def letter(self) -> str | None:
        """The name, if the polynomial is one letter."""
        if len(self.terms) == 1 and self.terms[0][1] == 1 and len(self.terms[0][0]) == 1:
            return self.terms[0][0][0]
        return None

    def names(self) -> list[str]:
        """The letters that occur, in ascending order."""
        return sorted({name for monomial, _ in self.terms for name in monomial})

    def at(self, values: Mapping[str, int]) -> int:
        """The value; raises KeyError for a letter without one."""
        total = 0
        for monomial, coefficient in self.terms:
            for name in monomial:
                coefficient *= values[name]
            total += coefficient
        return total

    def substitute(self, name: str, value: Poly) -> Poly:
        """The polynomial with a letter replaced."""
        total = Poly()
        for monomial, coefficient in self.terms:
            term = Poly.of(coefficient)
            for letter in monomial:
                term = term * (value if letter == name else Poly.of(letter))
            total = total + term
        return total

    def node(self) -> Node:
        """The expression as a tree."""
        terms: list[Node] = []
        for monomial, coefficient in reversed(self.terms):
            factors: list[Node] = [Letter(name) for name in monomial]
            if abs(coefficient) != 1 or not factors:
                factors.insert(0, Number(abs(coefficient)))
            term = factors[0] if len(factors) == 1 else Product(tuple(factors))
            terms.append(Negative(term) if coefficient < 0 else term)
        return Sum(tuple(terms)) if len(terms) > 1 else terms[0] if terms else Number(0)

    def __str__(self) -> str:
        text = ""
        for monomial, coefficient in reversed(self.terms):
            name = " ".join("?" if letter.startswith("?") else letter for letter in monomial)
            size = str(abs(coefficient)) if abs(coefficient) != 1 or not name else ""
            sign = "-" if coefficient < 0 else "+"
            text += (f" {sign} " if text else sign.strip("+")) + " ".join(filter(None, (size, name)))
        return text or "0"


def polynomial(node: Node) -> Poly | None:
    """The polynomial of an integer expression; None for anything else."""
    match node:
        case Number():
            return Poly.of(node.value)
        case Letter(bold=False):
            return Poly.of(node.name)
        case Negative():
            inner = polynomial(node.of)
            return None if inner is None else -inner
        case Sum() | Product():
            total = Poly() if isinstance(node, Sum) else Poly.of(1)
            for part in node.terms if isinstance(node, Sum) else node.factors:
                known = polynomial(part)
                if known is None:
                    return None
                total = total + known if isinstance(node, Sum) else total * known
            return total
        case Power(exponent=Number(value=exponent)) if exponent <= 6:
            base, total = polynomial(node.base), Poly.of(1)
            if base is None:
                return None
            for _ in range(exponent):
                total = total * base
            return total
    return None


def integer(node: Node, values: Mapping[str, int]) -> int:
    """The value of an integer expression; raises `ClaimError` for what is none, or is too large."""
    match node:
        case Number():
            value = node.value
        case Letter(bold=False) if node.name in values:
            value = values[node.name]
        case Negative():
            value = -integer(node.of, values)
        case Sum():
            value = sum(integer(term, values) for term in node.terms)
        case Product():
            value = 1
            for factor in node.factors:
                value *= integer(factor, values)
        case Power():
            exponent = integer(node.exponent, values)
            if not 0 <= exponent <= 60:
                raise ClaimError("an exponent too large to compute", node.span, "undecided")
            value = integer(node.base, values) ** exponent
        case _:
            raise ClaimError("an integer is expected here", node.span, "unreadable")
    if abs(value) > LARGEST:
        raise ClaimError("an integer too large to compute with", node.span, "undecided")
    return value

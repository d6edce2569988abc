"""Statements whose truth is known, each family after a kind of mistake that a checker may make.

A family is a function of a random generator. Truth is known by construction, or for random trees by rules of
rewriting and by the oracle of `tests/matproof/oracle.py`, which shares only the syntax tree with the checker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cache
from random import Random
from typing import Any

import mutants
import oracle
import strategies

from matproof import language as s
from matproof.read.documents import read_document
from matproof.read.grammar import parse
from matproof.read.reader import read_claims

DECLARATIONS = tuple(
    r"""
\mathbf{A}, \mathbf{X} \in \mathbb{R}^{m \times n}
\mathbf{B} \in \mathbb{R}^{n \times n}
\mathbf{C}, \mathbf{D}, \mathbf{Y} \in \mathbb{R}^{m \times m}
\mathbf{a}, \mathbf{y} \in \mathbb{R}^{m}
\mathbf{b} \in \mathbb{R}^{n}
c, x, t \in \mathbb{R}
\mathbf{U}(x), \mathbf{V}(x) \in \mathbb{R}^{m \times n}
v(x) \in \mathbb{R}
u(\mathbf{X}), w(\mathbf{X}) \in \mathbb{R}
\mathbf{S} \in \mathbb{S}^{m}
\mathbf{G} \in \mathrm{GL}_m(\mathbb{R})
q_r \in \mathbb{R}
\mathbf{J}^{ij} \in \mathbb{R}^{m \times n}
N \in \mathbb{N}
""".strip().splitlines()
)


@dataclass(frozen=True)
class Formula:
    """A chain of sides, and for each of its signs whether what it says is true (None: nobody knows).

    before    what stands directly in front of it, in a section of its own: definitions, conditions
    where     "inline" or "display" where only this will do
    raw       a whole section that stands for the formula, not to be dressed; the sides are not looked at
    ending    the ending of the only kind of document that the formula may stand in, or ""
    known     whether the language covers it; if not, anything but the wrong verdict will do
    scalar    whether the sides are scalars
    nonzero   whether a factor changes the sides
    """

    kind: str
    sides: tuple[str, ...]
    truths: tuple[bool | None, ...]
    relation: str = "="
    before: str = ""
    where: str = ""
    raw: str = ""
    ending: str = ""
    known: bool = True
    scalar: bool = False
    nonzero: bool = False


Family = Callable[[Random], Formula]


@cache
def scope() -> s.Scope:
    """What the declarations say."""
    given = ", ".join(f"${declaration}$" for declaration in DECLARATIONS)
    ((claim, _),) = read_claims(read_document(f"Let {given}.\n\n$$x = x$$\n"), "numerator").claims
    return claim.scope


def spelled(latex: str) -> str:
    r"""LaTeX from a shorthand: @A for \mathbf{A}, ~T for ^{\top}, ∂ for \partial, and names of operators."""
    for short, long in SHORT:
        latex = latex.replace(short, long)
    while "@" in latex:
        at = latex.index("@")
        latex = f"{latex[:at]}\\mathbf{{{latex[at + 1]}}}{latex[at + 2 :]}"
    return latex


SHORT = (
    ("~T", r"^{\top}"),
    ("∂", r"\partial "),
    *((f"{name}(", rf"\operatorname{{{name}}}\left(") for name in ("tr", "vec", "diag", "adj")),
    (")", r"\right)"),
    ("(", r"\left("),
    (r"\left\left", r"\left"),
    (r"\right\right", r"\right"),
)


def formula(kind: str, text: str, *truths: bool | None, **more: object) -> Formula:
    """A formula from shorthand; its sides are separated by " = "."""
    sides = tuple(spelled(text).split(" = "))
    return Formula(kind, sides, truths or (True,) * (len(sides) - 1), **more)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------- trees and laws


def opinion(lhs: s.Node, rhs: s.Node) -> str:
    """What the oracle says; mutants of printed matrices may be none, which it does not expect."""
    try:
        return str(oracle.opinion(strategies.claim(lhs, rhs, scope())).answer)
    except (ValueError, ArithmeticError, LookupError):
        return "unsupported"


LAWS = [
    line.split(" = ")
    for line in r"""
tr(@A @X~T) = tr(@X~T @A)
tr(@C @D @Y) = tr(@Y @C @D)
tr(@C) = tr(@C~T)
(@C @D)~T = @D~T @C~T
(@A @B)_{ij} = \sum_{k} a_{ik} b_{kj}
\sum_{k=1}^{m} \delta_{ik} c_{kj} = c_{ij}
@S~T = @S
@G @G^{-1} = @I
@C^{N+1} = @C @C^{N}
\det(@C @D) = \det(@C) \det(@D)
\det(@C~T) = \det(@C)
\operatorname{adj}(@C) @C = \det(@C) @I
(@a @b~T)~T = @b @a~T
@a~T @C @y = @y~T @C~T @a
\|@a + @y\|^{2} = \|@a\|^{2} + 2 @a~T @y + \|@y\|^{2}
\|@X\|_F^{2} = tr(@X~T @X)
(x + t)^{2} = x^{2} + 2 x t + t^{2}
(x + t) (x - t) = x^{2} - t^{2}
\frac{1}{2} (x + t) + \frac{1}{2} (x - t) = x
(@C + @D)^{2} = @C^{2} + @C @D + @D @C + @D^{2}
vec(@A @B) = (@B~T \otimes @I_{m}) vec(@A)
diag(@a) @y = @a \odot @y
tr(@I_{m}) = m
\frac{∂x_{kl}}{∂x_{ij}} = \delta_{ki} \delta_{lj}
\frac{∂@X}{∂x_{ij}} = @J^{ij}
\frac{∂tr(@A~T @X)}{∂@X} = @A~T
\frac{∂(@a~T @X @b)}{∂@X} = @b @a~T
\frac{∂\det(@C)}{∂@C} = \operatorname{adj}(@C)
\frac{∂\log \det(@G)}{∂@G} = @G^{-1}
\frac{∂(u w)}{∂@X} = u \frac{∂w}{∂@X} + w \frac{∂u}{∂@X}
\frac{∂(@U \odot @V)}{∂x} = @U \odot \frac{∂@V}{∂x} + \frac{∂@U}{∂x} \odot @V
\frac{∂(@U @V~T)}{∂x} = @U \frac{∂@V~T}{∂x} + \frac{∂@U}{∂x} @V~T
\frac{∂g(u)}{∂x_{ij}} = g'(u) \frac{∂u}{∂x_{ij}}
\frac{∂f(v)}{∂x} = f'(v) \frac{∂v}{∂x}
\frac{∂\exp(c x)}{∂x} = c \exp(c x)
\frac{∂\|@y\|}{∂@y} = \frac{1}{\|@y\|} @y~T
\frac{∂^{2} (@y~T @C @y)}{∂@y\, ∂@y~T} = @C + @C~T
\frac{∂(@D @y)}{∂@y} = @D
\frac{∂(@y~T @C @y)}{∂@y} = @y~T (@C + @C~T)
\frac{∂x^{N}}{∂x} + x = N x^{N-1} + x
\frac{∂@C^{2}}{∂c_{ij}} = @C \frac{∂@C}{∂c_{ij}} + \frac{∂@C}{∂c_{ij}} @C
\left. \frac{∂(x @C)^{2}}{∂x} \right|_{x=1} = 2 @C^{2}
@a~T @y = a_{1} y_{1} + a_{2} y_{2} + \cdots + a_{m} y_{m}
@a = \begin{pmatrix} a_{1} \\ a_{2} \\ \vdots \\ a_{m} \end{pmatrix}
""".strip().splitlines()
]


def law(random: Random) -> Formula:
    """A law of the trade, either way round."""
    lhs, rhs = random.choice(LAWS)
    sides = (lhs, rhs) if random.random() < 0.7 else (rhs, lhs)
    scalar = all(not set("@_") & set(side) for side in sides)
    return Formula("law", tuple(map(spelled, sides)), (True,), scalar=scalar, nonzero=True)


def broken_law(random: Random) -> Formula:
    """A law with one place changed, by the word of the oracle."""
    where = scope()
    for _ in range(20):
        lhs, rhs = (parse(spelled(side), where) for side in random.choice(LAWS))
        found = _broken(lhs, rhs, where, random)
        if found:
            return replace(found, kind="broken law")
    return law(random)


class Grower(strategies._Grower):  # type: ignore[misc]  # the tests' own is not annotated
    """Random trees, drawn by an ordinary generator."""

    def __init__(self, random: Random, general: bool) -> None:
        self.random, self.general = random, general

    def pick(self, options: Iterable[Any]) -> Any:
        """One of the options."""
        return self.random.choice(list(options))


SHAPES = (("1", "1"), ("1", "1"), ("m", "n"), ("m", "m"), ("m", "1"), ("n", "m"))


def tree(random: Random) -> Formula:
    """A random tree and what rules of rewriting make of it; every other one is then changed in one place."""
    where = scope()
    for _ in range(50):
        shape = random.choice(SHAPES)
        indices = dict(strategies.FREE) if random.random() < 0.3 else {}
        grown = Grower(random, random.random() < 0.5).grow(*shape, random.choice((1, 2, 2, 3)), indices)
        other = rewritten(grown, random)
        if other == grown or opinion(grown, s.Product((s.Number(2), grown))) != "false":
            continue  # nothing to compare, or zero on both sides
        if opinion(grown, other) != "true":
            continue
        if random.random() < 0.5:
            found = _broken(grown, other, where, random)
            if found is None:
                continue
            return replace(found, kind="broken tree")
        sides = (s.to_latex(grown), s.to_latex(other))
        scalar = shape == ("1", "1")
        return Formula("tree", sides, (True,), scalar=scalar, nonzero=True)
    return law(random)


def _broken(lhs: s.Node, rhs: s.Node, where: s.Scope, random: Random) -> Formula | None:
    """The equation with one place of its right side changed, if the oracle finds it false."""
    nodes = [*s.walk(lhs), *s.walk(rhs)]
    letters = frozenset(node for node in nodes if isinstance(node, s.Letter) and node.bold)
    indices = frozenset(i for node in nodes for i in mutants._subscripts(node) if isinstance(i, s.Letter))
    indices -= scope().sizes
    changes = list(mutants.mutations(rhs, letters, indices))
    random.shuffle(changes)
    for _, changed in changes[:5]:
        try:
            same = parse(s.to_latex(changed), where) == changed
        except s.ReadError:
            continue
        if same and opinion(lhs, changed) == "false":
            known = not any(isinstance(node, s.Dots) for node in s.walk(changed))  # they may mean nothing now
            return Formula("", (s.to_latex(lhs), s.to_latex(changed)), (False,), known=known)
    return None


def rewritten(node: s.Node, random: Random, times: int = 2) -> s.Node:
    """A tree of the same value."""
    for _ in range(times):
        options = list(_rewritings(node))
        node = random.choice(options) if options else node
    return node


def _rewritings(node: s.Node) -> Iterator[s.Node]:
    """The trees that one rule makes of a tree, anywhere in it."""
    yield from _at_root(node)
    for item in fields(node):
        value = getattr(node, item.name)
        if isinstance(value, s.Node) and _may_change(node, item.name):
            yield from (_with(node, item.name, new) for new in _rewritings(value))
        elif isinstance(node, s.Sum | s.Product | s.Hadamard | s.Kronecker) and isinstance(value, tuple):
            for at, part in enumerate(value):
                for new in _rewritings(part):
                    yield _with(node, item.name, (*value[:at], new, *value[at + 1 :]))


def _with(node: s.Node, name: str, value: Any) -> s.Node:
    return replace(node, **{name: value})


def _may_change(node: s.Node, name: str) -> bool:
    """Exponents, bounds and variables stay as they are, and what is declared invertible."""
    kept = s.Entry | s.SingleEntry | s.Inverse
    return name in ("of", "body", "numerator", "base") and not isinstance(node, kept)


def _at_root(node: s.Node) -> Iterator[s.Node]:  # noqa: C901 (a list of rules)
    match node:
        case s.Sum(terms):
            yield s.Sum(terms[::-1])
            yield s.Negative(s.Sum(tuple(mutants._negated(term) for term in terms)))
        case s.Product((first, s.Sum(terms))):
            yield s.Sum(tuple(s.Product((first, term)) for term in terms))
        case s.Product((s.Sum(terms), last)):
            yield s.Sum(tuple(s.Product((term, last)) for term in terms))
        case s.Hadamard(factors):
            yield s.Hadamard(factors[::-1])
        case s.Transpose(s.Sum(terms)):
            yield s.Sum(tuple(map(s.Transpose, terms)))
        case s.Call("tr", (s.Product((first, last)),)):
            yield s.Call("tr", (s.Product((last, first)),))
        case s.Call("tr", (s.Sum(terms),)):
            yield s.Sum(tuple(s.Call("tr", (term,)) for term in terms))
        case s.Call("tr" | "det" as name, (of,)):
            yield s.Call(name, (s.Transpose(of),))
        case s.Power(base, s.Number(2)):
            yield s.Product((base, base))
        case s.Derivative(s.Sum(terms), by):
            yield s.Sum(tuple(s.Derivative(term, by) for term in terms))
        case s.BoundedSum(index, lower, upper, s.Sum(terms)):
            yield s.Sum(tuple(s.BoundedSum(index, lower, upper, term) for term in terms))
        case s.Entry(s.Transpose(of), (i, j)):
            yield s.Entry(of, (j, i))
        case s.Fraction(above, below):
            yield s.Product((s.Fraction(s.Number(1), below), above))
    if not isinstance(node, s.Number | s.Identity):
        yield s.Sum((s.Product((s.Number(2), node)), s.Negative(node)))


# -------------------------------------------------------------------------------------------- numbers

PRIMES = (2**31 - 1, 2**31 - 19, 2**61 - 1, 2**32 - 5, 2**63 - 25, 10**9 + 7, 998244353, 65537, 101, 7)


def literal(random: Random) -> Formula:
    """Numbers that a prime field cannot tell apart, and their neighbours."""
    p = random.choice(PRIMES)
    first = random.choice((0, 1, 2, 3, 6, 12))
    second = first + random.choice((0, 0, 0, 1, p, p, -p, 2 * p, p * (2**31 - 1), p - 1, p + 1))
    form = random.choice(
        (
            "{} x = {} x",
            "{} tr(@C) = {} tr(@C)",
            "x^{{{}}} = x^{{{}}}",
            r"\frac{{{}}}{{7}} x = \frac{{{}}}{{7}} x",
            "x + {} = x + {}",
            "g({}) = g({})",
            "tr(@C^{{{}}}) = tr(@C^{{{}}})",
        )
    )
    if "^" in form or second < 0:  # x^p = x for Fermat, and no zeroth power
        first, second = abs(first) + 1, abs(second) + 1
    return _numeric("literal", form.format(first, second), first == second)


def _numeric(kind: str, text: str, true: bool) -> Formula:
    """A formula with numbers; the language has those of up to 18 digits."""
    digits = max(map(len, re.findall(r"\d+", text)))
    return formula(kind, text, true, scalar=True, known=digits <= 18)


def half(random: Random) -> Formula:
    """Fractions that a prime field takes for integers."""
    p, q = random.choice(PRIMES), random.choice((2, 3, 5))
    inverse = pow(q, -1, p)
    if random.random() < 0.5:
        return _numeric("fraction", rf"\frac{{1}}{{{q}}} x = {inverse} x", False)
    k = random.randrange(2, 9)
    return formula("fraction", rf"\frac{{{k}}}{{{q * k}}} x = \frac{{1}}{{{q}}} x", scalar=True, nonzero=True)


def power_of_two(random: Random) -> Formula:
    """Powers as people print them: TeX takes one digit without braces."""
    k = random.choice((3, 5, 10, 16, 31, 32))
    off = random.choice((0, 0, 1, -1))
    if k > 9 and random.random() < 0.3:
        return formula("script", f"2^{k} = {2**k}", False, known=False)
    if k > 9 and random.random() < 0.3:
        return formula("script", f"x^{{{k}}} = x^{k}", False, known=False)
    if random.random() < 0.3:
        a, b = random.randrange(2, 9), random.randrange(2, 9)
        text, true = random.choice(((a * b, False), (10 * a + b, True)))
        return formula("script", f"{a}{{{b}}} = {text}", true, known=False, scalar=True)
    return formula("script", f"2^{{{k}}} x = {2**k + off} x", off == 0, scalar=True, nonzero=True)


def size(random: Random) -> Formula:
    """Sizes as numbers: what holds for a few sizes, for unequal or neighbouring ones, below a degree."""
    k, roots = random.randrange(2, 6), random.sample(range(2, 8), random.randrange(1, 5))
    vanishing = " ".join(f"(n - {root})" for root in roots)
    text, true = random.choice(
        (
            (rf"x + {vanishing} = x", False),
            (rf"{vanishing} tr(@B) = 0", False),
            (r"\sum_{i=1}^{n} i = \frac{1}{2} n (n + 1)", True),
            (r"\sum_{i=1}^{n} i^{2} = \frac{1}{6} n (n + 1) (2 n + 1)", True),
            (rf"\sum_{{i=1}}^{{n}} i^{{3}} = \frac{{1}}{{4}} n^{{2}} (n + 1)^{{2}} + {vanishing}", False),
            (r"tr(@I_{m}) + tr(@I_{n}) = m + n", True),
            (r"tr(@I_{m}) = n", False),
            (r"(m - n)^{2} tr(@X~T @X) = tr(@X~T @X)", False),
            (r"(m - n) ((m - n)^{2} - 1) tr(@X~T @X) = 0", False),
            (r"(m - n)^{2} = m^{2} - 2 m n + n^{2}", True),
            (r"\det(@X @X~T) \det(@X~T @X) = 0", False),
            (rf"\frac{{∂^{{{k}}}}}{{∂x^{{{k}}}}} \det(x @I + @C) = 0", False),
            (rf"\det(c @C) = c^{{{k}}} \det(@C)", False),
            (r"\det(c @C) = c^{m} \det(@C)", True),
            (r"\det(-@C) = (-1)^{m} \det(@C)", True),
            (r"\det(-@C) = \det(@C)", False),
            (rf"(N - {k}) \det(@a @y~T + @y @a~T) = 0", False),
            (r"\det(@a @y~T) = 0", True),
            (r"\det(@a @b~T @b @y~T) = 0", True),
            (r"\operatorname{adj}(c @C) = c^{m-1} \operatorname{adj}(@C)", True),
            (r"\operatorname{adj}(c @C) = c^{2} \operatorname{adj}(@C)", False),
        )
    )
    return formula("size", text, true, scalar="adj" not in text)


def exponent(random: Random) -> Formula:
    """Integers in exponents and beside them: zero, negative, large, and polynomials that vanish at a few."""
    k, j = random.randrange(2, 7), random.randrange(2, 5)
    big = random.choice((100, 1000, 12345))
    vanishing = " ".join(f"(N - {i})" for i in range(1, k + 1))
    text, true = random.choice(
        (
            (vanishing + " x = 0", False),
            (vanishing + " @C^{N} = @0", False),
            (f"x^{{N+{k}}} = x^{{{k}}} x^{{N}}", True),
            (f"x^{{N+{k}}} = x^{{{k}}} + x^{{N}}", False),
            (f"(@C^{{N}})^{{{j}}} = @C^{{{j} N}}", True),
            (f"(@C @D)^{{{j}}} = @C^{{{j}}} @D^{{{j}}}", False),
            ("(@C @D)^{N} = @C^{N} @D^{N}", False),
            ("(x t)^{N} = x^{N} t^{N}", True),
            ("(x + t)^{N} = x^{N} + t^{N}", False),
            ("@C^{0} + @C = @I + @C", True),
            (f"@G^{{-{j}}} @G^{{{j}}} = @I", True),
            (f"@G^{{-{j}}} = @G^{{{j}}}", False),
            (f"c^{{-{j}}} c^{{{j}}} = 1", True),
            (f"c^{{-{j}}} c^{{{k + 5}}} = c", False),
            (f"x^{{{big}}} = (x^{{{big // 5}}})^{{5}}", True),
            (f"x^{{{big}}} = x^{{{big + 1}}}", False),
            ("2^{N} = 2 \\cdot 2^{N-1}", True),
            (f"{k}^{{N}} = {k} N", False),
            ("(-1)^{N} x = x", False),
            ("(-1)^{2 N} x = x", True),
            (r"\sum_{r=0}^{N} x^{r} (x - 1) = x^{N+1} - 1", True),
            (r"\sum_{r=0}^{N} r = \frac{1}{2} N (N + 1)", True),
            (r"\sum_{r=0}^{N} r = \frac{1}{2} N (N + 1) + " + vanishing, False),
        )
    )  # fmt: skip
    if big % 5 and text.startswith(f"x^{{{big}}} = (x"):
        true = big // 5 * 5 == big
    return formula("exponent", text, true, scalar="@C" not in text and "@G" not in text)


def branch(random: Random) -> Formula:
    """Roots and absolute values: signs that hold at half of all points."""
    k = random.randrange(0, 3)
    even = random.random() < 0.3
    squares = ("x^{2}", "(x - t)^{2}", "(@a~T @a)", f"x^{{{2 * k + 2}}}", "x^{2 N}")
    others = ("x", "(x - t)", f"x^{{{2 * k + 1}}}", f"x^{{N+{k}}}", "(@a~T @y)", "(2 x - 3)")
    inside = random.choice(squares if even else others)
    # With N and N + 2 for exponents the base is positive wherever the exponent outside is odd.
    always = even or inside in ("x^{N+0}", "x^{N+2}")
    text, true = random.choice(
        (
            (rf"\sqrt{{({inside})^{{2}}}} = {inside}", even),
            (rf"\sqrt{{({inside})^{{2}}}} = |{inside}|", True),
            (f"|{inside}| = {inside}", even),
            (f"|{inside}|^{{2}} = ({inside})^{{2}}", True),
            (f"|{inside} t| = |{inside}| |t|", True),
            (f"|{inside} t| = {inside} |t|", even),
            (rf"\|{inside} @a\| = {inside} \|@a\|", even),
            (rf"\|{inside} @a\| = |{inside}| \|@a\|", True),
            (rf"|{inside}|^{{N+1}} = {inside} \cdot ({inside})^{{N}}", always),
            (f"|{inside}| + t = |{inside} + t|", False),
        )
    )
    return formula("branch", text, true, scalar=True)


def floats(random: Random) -> Formula:
    """Values that overflow or cancel in floating point."""
    k = random.choice((30, 700, 1000, 10**6))
    e = random.choice((15, 17, 40))
    text, true = random.choice(
        (
            (rf"\exp({k} @a~T @a) \exp(-{k} @a~T @a) = 1", True),
            (rf"\exp({k} x) \exp(-{k} x) = 1", True),
            (rf"\log(\exp({k} x)) = {k} x", True),
            (rf"|x^{{2}} + 1| + 10^{{{e}}} - 10^{{{e}}} = x^{{2}} + 1", True),
            (rf"|x| + 10^{{{e}}} = 10^{{{e}}}", False),
            (rf"\exp({k} x) = \exp({k} t)", False),
            (r"\exp(x + t) = \exp(x) \exp(t)", True),
            (r"\exp(x + t) = \exp(x) + \exp(t)", False),
            (rf"\sqrt{{x^{{2}} + 10^{{-{e}}}}} = |x|", False),
        )
    )
    found = formula("floats", text, true, scalar=True)
    return replace(found, known=k < 100 or "exp" not in text)


def series(random: Random) -> Formula:
    """Power series against their beginnings."""
    k = random.randrange(3, 9)
    partial = " + ".join(["1", "x", *(f"x^{{{i}}}" for i in range(2, k + 1))])
    text, true = random.choice(
        (
            (rf"\sum_{{r=0}}^{{\infty}} x^{{r}} = {partial}", False),
            (rf"\sum_{{r=0}}^{{\infty}} x^{{r}} + x^{{{k}}} = \sum_{{r=0}}^{{\infty}} x^{{r}}", False),
            (rf"@C^{{{k}}} \exp(@C) = @0", False),
            (r"\sum_{r=0}^{\infty} x^{r+1} = x \sum_{r=0}^{\infty} x^{r}", True),
            (r"\frac{∂}{∂x} \sum_{r=0}^{\infty} q_{r} x^{r} = \sum_{r=1}^{\infty} r q_{r} x^{r-1}", True),
            (r"\frac{∂}{∂x} \sum_{r=0}^{\infty} q_{r} x^{r} = \sum_{r=1}^{\infty} q_{r} x^{r-1}", False),
        )
    )
    return formula("series", text, true)


def function(random: Random) -> Formula:
    """General functions: nothing is known of them but their argument."""
    text, true = random.choice(
        (
            ("f(x + t) = f(t + x)", True),
            ("f(x) = f(t)", False),
            ("f(x t) = f(x) f(t)", False),
            ("g(2 x) = 2 g(x)", False),
            (r"\frac{∂f(2 x)}{∂x} = 2 f'(2 x)", True),
            (r"\frac{∂f(2 x)}{∂x} = f'(2 x)", False),
            (r"\frac{∂f(@a~T @y)}{∂@y} = f'(@a~T @y) @a~T", True),
            (r"\frac{∂v^{2}}{∂x} = 2 v \frac{∂v}{∂x}", True),
            (r"\frac{∂v^{2}}{∂x} = 2 v", False),
            (r"\frac{∂(v @U)}{∂x} = v \frac{∂@U}{∂x} + \frac{∂v}{∂x} @U", True),
        )
    )
    return formula("function", text, true)


def one_sided(random: Random) -> Formula:
    """Indices that stand free on one side only, and terms that cancel."""
    text, true = random.choice(
        (
            (r"\sum_{j} c_{ij} (\operatorname{adj}(@C))_{ji} = \det(@C)", True),
            (r"\sum_{j} c_{ij} = \sum_{j} c_{kj}", False),
            (r"\frac{∂a_{k}}{∂a_{k}} = 1", True),
            (r"\frac{∂c_{ij}}{∂c_{ij}} = 1", True),
            (r"\sum_{k} a_{k} = a_{i}", False),
            (r"c_{ij} - c_{ij} + x = x", True),
            (r"c_{ij} + x = x", False),
            (r"@C - @C = @0", True),
            (r"\delta_{ii} = 1", True),
            (r"\sum_{i} \delta_{ii} = 1", False),
        )
    )
    return formula("one-sided index", text, true, known="ii" not in text)


# ------------------------------------------------------------------- definitions, conditions, declarations


def definition(random: Random) -> Formula:
    """Definitions whose variables may be captured, and dependent letters."""
    k, z = random.randrange(2, 7), random.choice("xt")
    other = "t" if z == "x" else "x"
    at = rf"f({z}) := \left. {z} {other} \right|_{{{other} = {k}}}"
    by = rf"f({z}) := \frac{{∂({z} {other}^{{2}})}}{{∂{other}}}"
    before, text, true, known = random.choice(
        (
            (at, f"f({other}) = {k} {other}", True, True),
            (at, f"f({other}) = {k * k}", False, True),
            (by, f"f({other}) = 2 {other}^{{2}}", True, True),
            (by, f"f({other}) = 3 {other}^{{2}}", False, True),
            ("f(x) := x v", "f(t) = t v", False, False),
            (f"f(x) := x^{{{k}}}", f"f(2 t) = {2**k} t^{{{k}}}", True, True),
            (f"f(x) := x^{{{k}}}", f"f'(t) = {k} t^{{{k - 1}}}", True, True),
            (f"f(x) := x^{{{k}}}", f"f'(t) = t^{{{k - 1}}}", False, True),
            ("@Z := @C @D", "tr(@Z) = tr(@D @C)", True, True),
            ("@Z := @C @D", "@Z = @D @C", False, True),
            ("@Z := @C @D", "z_{ij} = \\sum_{k} c_{ik} d_{kj}", True, True),
            (f"z := {k}", f"z^{{2}} = {k * k}", True, True),
            (f"z := {k}", f"z x = {k + 1} x", False, True),
            ("f(x) := \\sum_{k=1}^{2} k x", "f(t) = 3 t", True, True),
        )
    )
    before = f"Define ${spelled(before)}$."
    found = formula("definition", text, true, before=before, known=known)
    redeclared = random.random() < 0.2 and "$z := " in before
    if redeclared:
        more = r" Let $z \in \mathbb{R}$ be arbitrary."
        return replace(formula("definition", f"z = {k}", False, before=before + more), known=False)
    return found


def condition(random: Random) -> Formula:
    """Conditions: none that lets go of too much, none that is swallowed."""
    k = random.choice((2, 3, 9, 40))
    before, text, true, where, known = random.choice(
        (
            (f"For $i > {k}$", "a_{i} = 0", False, "display", k < 9),
            (f"For $i = {k}$", "a_{i} = 0", False, "display", k < 9),
            (f"For $i \\le {k}$", "2 a_{i} = a_{i} + a_{i}", True, "display", False),
            (r"For $1 \le i \le m - 1$", "2 a_{i} = a_{i} + a_{i}", True, "display", False),
            ("For $N = 1$", "@C^{N} = @C", True, "display", True),
            (f"For $N = {k}$", f"x^{{N}} = x^{{{k}}}", True, "display", True),
            (f"For $N = {k}$", f"x^{{N}} = x^{{{k + 1}}}", False, "display", True),
            ("For $N = 1$ we have", "@C^{N} = @C", True, "inline", True),
            ("The case $N \\le 1$ is trivial. In general", "@C^{N} = @C", False, "inline", False),
            ("For $N = 1$ it is trivial. It is true in general:", "@C^{N} = @C", False, "display", False),
            ("Hence", f"{k} N = {k + 1} N", False, "inline", True),
            ("For $m = n$", r"\det(@X @X~T) = \det(@X)^{2}", True, "display", False),
            ("For $m = n$", r"\det(@X @X~T) = 0", False, "display", True),
            ("For $m > n$", r"\det(@X @X~T) = 0", True, "display", True),
            ("For $m < n$", r"\det(@X @X~T) = 0", False, "display", True),
            ("For $N > 2$", r"(N - 1) (N - 2) x = 0", False, "display", True),
            (f"For $N > {k}$", f"N = {k + 1}", False, "display", False),
            ("For $i \\neq j$", r"\delta_{ij} x = 0", True, "display", True),
            ("For $i \\neq j$", r"c_{ij} = 0", False, "display", True),
        )
    )  # fmt: skip
    return formula("condition", text, true, before=before, where=where, known=known)


def cases(random: Random) -> Formula:
    """Cases: a value where none applies is no value."""
    k = random.choice((2, 7, 100))
    when = r"\begin{{cases}} {} & {} \\ {} & \text{{otherwise}} \end{{cases}}"
    text, true = random.choice(
        (
            (rf"0 = \begin{{cases}} x & N = {k} \end{{cases}}", False),
            (r"\delta_{ij} = " + when.format("1", "i = j", "0"), True),
            (r"\delta_{ij} = " + when.format("0", "i = j", "1"), False),
            (r"x^{N} = " + when.format(f"x^{{{k}}}", f"N = {k}", "x^{N}"), True),
            (r"x = " + when.format("t", f"N = {k}", "x"), False),
        )
    )
    lhs, rhs = spelled(text).split(" = ", 1)
    known = "otherwise" in text
    return Formula("cases", (lhs, rhs), (true,), where="display", known=known)


def declaration(random: Random) -> Formula:
    """Letters with a sign, with an index of two digits, or of a name that means something else."""
    k = random.randrange(10, 20)
    before, text, true, known = random.choice(
        (
            (r"Let $s \in \mathbb{R}_{>0}$.", "|s| = s", True, False),
            (r"Let $s \in \mathbb{R}_{>0}$.", r"\sqrt{s^{2}} = s", True, False),
            (r"Let $s \in \mathbb{R}_{>0}$.", "|s| = -s", False, False),
            (r"Let $\mathbf{e} \in \mathbb{R}^{20}$ and $\mathbf{E} \in \mathbb{R}^{n \times n}$.",
             f"2 e_{{{k}}} = e_{{{k}}} + e_{{{k}}}", True, False),
            (r"Let $\mathbf{h} \in \mathbb{R}^{20}$.", f"h_{{{k}}} = h_{{{k + 1}}}", False, True),
            (r"Let $\boldsymbol{\Delta} \in \mathbb{R}^{n \times n}$.",
             r"\delta_{ij} \delta_{ij} = \delta_{ij}", False, False),
            ("With $n := 3$,", "n x = 3 x", None, False),
            ("With $n := 3$,", r"tr(@I_{n}) = n", None, False),
        )
    )  # fmt: skip
    return formula("declaration", text, true, before=before, known=known, scalar=True)


def reach(random: Random) -> Formula:
    """How far an operator reaches, inside of braces that are printed or not."""
    text, true, known = random.choice(
        (
            (r"{\frac{∂}{∂x} v} x^{2} = \frac{∂v}{∂x} x^{2}", None, False),
            (r"{\frac{∂}{∂x} v} x^{2} = \frac{∂(v x^{2})}{∂x}", None, False),
            (r"\underbrace{\frac{∂}{∂x} v}_{r} x = \frac{∂(v x)}{∂x}", False, True),
            (r"\underbrace{\frac{∂}{∂x} v}_{r} x = \frac{∂v}{∂x} x", True, True),
            (r"\frac{∂}{∂x} (v) x = \frac{∂(v x)}{∂x}", None, False),
            (r"\sum_{i} a_{i} y_{i} = (\sum_{i} a_{i}) (\sum_{i} y_{i})", False, True),
            (r"\sum_{i} a_{i} + x = \sum_{i} (a_{i} + x)", False, True),
            (r"\underbrace{\sum_{i} a_{i}}_{s} y_{j} = \sum_{i} a_{i} y_{j}", True, True),
            (r"{x + t} c = x c + t c", False, False),
            (r"\frac{∂}{∂x} x t = t", True, True),
            (r"\frac{∂}{∂x} x + t = 1 + t", True, True),
            (r"\frac{∂}{∂x} (x + x t) = 1 + t", True, True),
        )
    )
    return formula("reach", text, true, known=known)


def foreign(random: Random) -> Formula:
    """Notation outside of the language: true, so that "fails" is wrong; or false, so that "holds" is."""
    text, true = random.choice(
        (
            (r"\left|\begin{matrix} x & t \\ c & x \end{matrix}\right| = x^{2} - t c", True),
            (r"@a \cdot @y = @a~T @y", True),
            (r"\operatorname{tr}(\log(@G)) = \log(\det(@G))", True),
            (r"\|@a\|_1 = \sqrt{@a~T @a}", False),
            (r"\|@a\|_{\infty} = \|@a\|", False),
            (r"@a \cdot @y = @a @y~T", False),
            (r"\lfloor x \rfloor = x", False),
            (r"x! = x", False),
            (r"\bar{x} = x", None),
            (r"\sum_{i} a_{i} \cdot \sum_{i} y_{i} = (\sum_{i} a_{i}) (\sum_{i} y_{i})", True),
        )
    )
    return formula("foreign", text, true, known=False)


RAW = (  # ending, text, the truth of each claim in it
    ("", "$1$ $=$ $2$ and $1$ = $2$", (False, False)),
    ("md", "```{figure} x.png\n:alt: $1 = 2$\n:name: f\n```", (False,)),
    ("md", "```{math} 1 = 2\n```", (False,)),
    ("md", "<div>\n\n$1 = 2$\n\n</div>", (False,)),
    ("md", "| a | b |\n|---|---|\n| $1 = 2$ | $1 = 1$ |", (False, True)),
    ("md", "Text[^1] and more.\n\n[^1]: A note, $x = t$.", (False,)),
    ("ipynb", "---\n$1 = 2$\n\n---\n", (False,)),
    ("tex", r"\ensuremath{1 = 2}", (False,)),
    ("tex", r"$x \text{ with $1 = 2$}$", (False,)),
    ("tex", "\\begin{tabular}{l}\n$1 = 2$ \\\\ $x = x + 1$\n\\end{tabular}", (False, False)),
    ("tex", "\\newcommand{\\bA}{\\mathbf{C}}\n$\\bA = \\bA^{\\top}$", (False,)),
    ("tex", "\\newcommand{\\deriv}[2]{\\frac{\\partial #1}{\\partial #2}}\n$\\deriv{x^2}{x} = 2 x$", (True,)),
    ("tex", "\\newcommand{\\deriv}[2]{\\frac{\\partial #1}{\\partial #2}}\n$\\deriv{x^2}{x} = x$", (False,)),
    ("tex", "\\DeclareMathOperator{\\Tr}{tr}\n$\\Tr(\\mathbf{C}) = \\Tr(\\mathbf{C}^{\\top})$", (True,)),
    ("tex", "\\DeclareMathOperator{\\Tr}{tr}\n$\\Tr(\\mathbf{C}) = \\mathbf{C}$", (False,)),
    ("md", "\\begin{alignat}2 x + t &= t \\end{alignat}", (False,)),
    ("", "$$\\begin{aligned} 1 &= 1 \\\\ [2xt] &= 1 \\end{aligned}$$", (True, False)),
    ("", "$1 = 1,000$", (False,)),
    ("", "$2 = 2.\\overline{3}$", (False,)),
    ("", "$x = x . t$", (False,)),
    ("", "$x + 0.5 = x + \\frac{1}{2}$", (True,)),
    ("", "$a_{12} = (\\mathbf{A})_{12}$ with the vector $\\mathbf{a} \\in \\mathbb{R}^{20}$", (None,)),
    ("md", "> $$\n> x = x\n> + 1\n> $$", (False,)),
    ("md", "> $$\n> x^2\n> = x^2\n> - x\n> $$", (False,)),
    ("md", "- $$\n  \\begin{aligned}\n  x &= x \\\\\n  &\\quad - 1\n  \\end{aligned}\n  $$", (False,)),
)


def raw(random: Random) -> Formula:
    """Whole paragraphs: signs between formulas, in options, in tables, in macros, in numbers."""
    ending, text, truths = random.choice(RAW)
    return Formula(f"raw {text!r}", (), truths, raw=text, ending=ending, known=False)


HOSTILE: tuple[Callable[[int], str], ...] = (
    lambda n: "# " + "#" * n * 500 + "x\n\ntext",
    lambda n: "``` a" + " " * n * 500 + "b\n\ntext",
    lambda n: "$" + "{" * n + "x" + "}" * n + " = x$",
    lambda n: "$" + r"\frac{1}{" * n + "x" + "}" * n + " = x$",
    lambda n: "$" + "(" * n + "x" + ")" * n + " = x$",
    lambda n: "$z := 1$ $z = 1$\n" * n,
    lambda n: "$i=j$ " * n * 10,
    lambda n: "$" + "(" * min(n, 6) + "3^{64})^{64}" * 1 + ")^{64}" * (min(n, 6) - 1) + " x = x$",
    lambda n: "$" + " + ".join(["x x x x"] * 5) + r" + \cdots + x x x x x x x x = 0$",
    lambda n: "$f(x) := x x x x x x x x x x$, $g(x) := " + "f(x) " * 10 + "$, $h(x) := " + "g(x) " * 10
    + "$, $h(h(h(x))) = x$",
    lambda n: "$" + " ".join(f"c_{{{i}{j}}}" for i in "bcdefghijk" for j in "lmnopqrs") + " = 0$",
    lambda n: "$x " + "= x " * n + "$",
    lambda n: "$x = " + " + ".join(["x"] * n * 10) + "$",
    lambda n: "$" + r"\sum_{k} " * min(n, 60) + "x = x$",
    lambda n: r"$0 = \begin{cases} u_{1} & p \le q \\ s & \text{otherwise} \end{cases}$",
    lambda n: r"$x = \sum_{u_1} \cdots \sum_{u_{N-1}} c_{i u_1} c_{u_1 u_2} \cdots c_{u_{N-1} j} "
    r"\sum_{u_1} \cdots \sum_{u_{N-1}} c_{i u_1} c_{u_1 u_2} \cdots c_{u_{N-1} j}$",
    lambda n: "$x = x \\text{" * n,
    lambda n: "> " * n + "$x = x$",
    lambda n: "- " * n + "$x = x$",
    lambda n: r"$f(k) := \sum_{k} a_{k}$, $f(2) = 9$",
    lambda n: r"$f(u) := u(x)$, $f(2) = 9$",
    lambda n: "$x = x$ \ud800 \x00 \x1b[31m",
)  # fmt: skip


def hostile(random: Random) -> Formula:
    """What is too deep, too long or too large: any verdict will do, given in time."""
    return Formula("hostile", (), (), raw=random.choice(HOSTILE)(random.choice((5, 50, 400))), known=False)


def unequal(random: Random) -> Formula:
    """The refutation of something: true where that is false, and the other way round.

    What is broken at random may have no value at all, and then is no refutation either.
    """
    found = random.choice((law, literal, exponent, floats, size))(random)
    (truth,) = found.truths
    return replace(found, kind=f"not {found.kind}", relation=r"\neq", truths=(truth is False,), nonzero=False)


FAMILIES: dict[Family, int] = {
    law: 14,
    broken_law: 12,
    tree: 24,
    literal: 6,
    half: 2,
    power_of_two: 4,
    size: 6,
    exponent: 6,
    branch: 5,
    floats: 3,
    series: 2,
    function: 3,
    one_sided: 3,
    definition: 5,
    condition: 5,
    cases: 2,
    declaration: 2,
    reach: 3,
    foreign: 2,
    unequal: 3,
    raw: 3,
}


def draw(random: Random) -> Formula:
    """A formula of any family."""
    (family,) = random.choices(list(FAMILIES), list(FAMILIES.values()))
    return family(random)

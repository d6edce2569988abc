"""Shapes of closed trees: every node gets rows and columns, every index a range.

Dimensions are polynomials in sizes. The letters of declarations are rigid; names that start with "?" stand
for unknowns and are solved by unification: those of lenient declarations, which may not become 1, and fresh
ones ("?·1"), for the zero and the identity matrix and for the ranges of indices.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..language.claims import Claim
from ..language.integers import ClaimError, Poly, polynomial
from ..language.nodes import (
    Apply,
    AtPoint,
    Call,
    Cases,
    Condition,
    Delta,
    Derivative,
    Entry,
    ExplicitMatrix,
    Fraction,
    Hadamard,
    Identity,
    Inverse,
    Kronecker,
    Letter,
    Negative,
    Node,
    Norm,
    Number,
    Power,
    Product,
    SingleEntry,
    Space,
    Span,
    Sum,
    Transpose,
    walk,
)
from ..language.operations import operation
from ..language.printing import to_latex
from ..language.scope import Scope
from .dots import Grid
from .elaborate import AxisSum, Closed, LoopSum, Unfolded, Unsized

ONE = Poly.of(1)
Shape = tuple[Poly, Poly]  # rows, columns
SCALAR: Shape = (ONE, ONE)


@dataclass(frozen=True)
class Bound:
    """A fixed index that a dimension must reach, as in a_{22}."""

    dimension: Poly
    index: Poly
    span: Span | None


class Shapes:
    """The shapes of all nodes of a closed claim, and what they ask of the sizes.

    Raises `ClaimError` where shapes do not fit, with the place and both shapes.
    """

    def __init__(self, claim: Claim, closed: Closed) -> None:
        self.scope: Scope = claim.scope
        self.closed = closed
        self.solved: dict[str, Poly] = {}
        self.ranges: dict[str, Poly] = {}
        self.summed: dict[str, str] = {}  # unique names of summed indices, as they were printed
        self.bounds: list[Bound] = []
        self.chains: dict[int, tuple[tuple[Node, ...], ...]] = {}
        self.nodes: list[Node] = []
        self.loops: dict[int, tuple[str, ...]] = {}  # for the evaluator: counters that a node depends on
        self._shapes: dict[int, Shape] = {}
        self._solved: dict[int, Shape] = {}
        self._letters: dict[Letter, Shape] = {}
        self.tied: list[str] = []  # sizes that conditions and definitions make equal to something
        self.sizes_as_numbers = False  # whether values, not only shapes, are made from sizes
        self._sizes: set[str] = set()  # sizes that stand for numbers
        self._unsized: list[Node] = []
        self._short: list[tuple[Poly, Poly, AxisSum]] = []  # sums to n - 1, of an index of unknown range
        self._fresh = 0
        self._ties()
        self.shape = self._sides(claim)

    # -- results

    def of(self, node: Node) -> Shape:
        """Rows and columns of a node, solved; only when all nodes have been visited."""
        if id(node) not in self._solved:
            rows, columns = self._shapes[id(node)]
            self._solved[id(node)] = self.solve(rows), self.solve(columns)
        return self._solved[id(node)]

    def letter(self, letter: Letter) -> Shape:
        """Rows and columns of a letter, solved; only when all nodes have been visited."""
        rows, columns = self._letters[letter]
        return self.solve(rows), self.solve(columns)

    def solve(self, dimension: Poly) -> Poly:
        """A dimension with its unknowns replaced as far as they are known."""
        for monomial, _ in dimension.terms:
            for name in monomial:
                if name in self.solved:
                    return self.solve(dimension.substitute(name, self.solved[name]))
        return dimension

    @cached_property
    def names(self) -> list[str]:
        """The sizes that values depend on, and the unknowns that stayed free, in order of appearance."""
        found: dict[str, None] = {}
        shapes = (*self._letters.values(), *self._shapes.values())
        dimensions = dict.fromkeys((*(part for shape in shapes for part in shape), *self.ranges.values()))
        for dimension in dimensions:
            found.update(dict.fromkeys(self.solve(dimension).names()))
        return list(found) + [name for name in sorted(self._sizes) if name not in found]

    @cached_property
    def compound(self) -> set[Poly]:
        """The dimensions that are not a letter or a number, such as n - 1."""
        found = set(map(self.solve, {part for shape in self._shapes.values() for part in shape}))
        return {
            dimension for dimension in found if dimension.letter() is None and dimension.constant() is None
        }

    # -- unknowns

    def unknown(self) -> Poly:
        """A fresh unknown."""
        self._fresh += 1
        return Poly.of(f"?·{self._fresh}")

    def unify(self, left: Poly, right: Poly) -> bool:
        """Make two dimensions equal, if they can be."""
        left, right = self.solve(left), self.solve(right)
        if left == right:
            return True
        # a fresh unknown is solved before one that was declared
        for mine, other in sorted(
            ((left, right), (right, left)), key=lambda pair: "·" not in str(pair[0].letter())
        ):
            name = mine.letter()
            if name and name.startswith("?") and name not in other.names():
                if other == ONE and "·" not in name:
                    continue
                self.solved[name] = other
                return True
        if _is_open(left) or _is_open(right):
            raise ClaimError(f"nothing says whether {left} is {right}", None, "undecided")
        return False

    def same(self, left: Shape, right: Shape) -> bool:
        """Make two shapes equal, if they can be."""
        return self.unify(left[0], right[0]) and self.unify(left[1], right[1])

    def words(self, shape: Shape) -> str:
        """A shape as it is printed in messages."""
        rows, columns = self.solve(shape[0]), self.solve(shape[1])
        return "a scalar" if (rows, columns) == SCALAR else f"{rows} × {columns}"

    # -- the claim

    def _ties(self) -> None:
        """m = n makes two sizes one, and so does n := 3; a size that is defined otherwise is none."""
        equal: list[tuple[Node, Node]] = [
            (condition.left, condition.right)
            for condition in self.scope.conditions
            if condition.relation == "="
        ]
        for definition in self.scope.definitions:
            if self.is_size(definition.letter) and not definition.parameters:
                body = polynomial(definition.body)
                if body is None or not set(body.names()) <= self.closed.roles.sizes:
                    name = to_latex(definition.letter)
                    text = f"{name} is a size, and defined as something that is none"
                    raise ClaimError(text, definition.span, "unreadable")
                equal.append((definition.letter, definition.body))
        for left, right in equal:
            self._tie(polynomial(left), polynomial(right))

    def _tie(self, left: Poly | None, right: Poly | None) -> None:
        """Make one letter of two equal sizes stand for the other."""
        if left is None or right is None or not {*left.names(), *right.names()} <= self.closed.roles.sizes:
            return
        left, right = self.solve(left), self.solve(right)
        for mine, other in ((left, right), (right, left)):
            name = mine.letter()
            if name is not None and name not in other.names():
                self.solved[name] = other
                self.tied.append(name)
                return

    def is_size(self, letter: Letter) -> bool:
        """Whether a letter is a size."""
        return not letter.bold and letter.name in self.closed.roles.sizes

    def _conditions(self) -> None:
        """1 <= i <= m says what the range of the free index i is, unless that is longer."""
        for condition in self.scope.conditions:
            if condition.relation == "<=" and isinstance(condition.left, Letter):
                name, upper = condition.left.name, polynomial(condition.right)
                if name in self.closed.free and upper is not None and upper.constant() is None:
                    known = self.solve(self.range(name))
                    excess = (self.solve(upper) - known).constant()
                    open_ = (known.letter() or "").startswith("?")
                    if open_ or excess is None or excess > 0:
                        self.index(condition.left, upper, condition)

    def _sides(self, claim: Claim) -> Shape:
        """The common shape of both sides."""
        lhs = self.visit(self.closed.lhs)
        if isinstance(self.closed.rhs, Space):
            dimensions = [self.dimension(part) for part in self.closed.rhs.dimensions]
            rhs = ((*dimensions, ONE, ONE)[0], (*dimensions, ONE, ONE)[1]) if dimensions else SCALAR
        else:
            rhs = self.visit(self.closed.rhs)
        if not self.same(lhs, rhs):
            text = f"the left-hand side is {self.words(lhs)}, the right-hand side is {self.words(rhs)}"
            raise ClaimError(text, claim.span)
        self._conditions()
        self._sums_that_stop_short()
        self._no_number_is_an_identity()
        return self.solve(lhs[0]), self.solve(lhs[1])

    def _no_number_is_an_identity(self) -> None:
        r"""x \mathbf{I} = x would make \mathbf{I} a number: true at size 1 only, and no size is 1."""
        for node in self._unsized:
            if node.identity and self.is_scalar(self._shapes[id(node)]):
                raise ClaimError("an identity matrix stands where a scalar is needed", node.span)

    def unsolved(self) -> ClaimError | None:
        """What would have to be said if the sides differ: how far a sum runs, or the size of a matrix."""
        for name, known in self.ranges.items():
            if name not in self.closed.free and any("?·" in letter for letter in self.solve(known).names()):
                index = name.partition("·")[0]
                return ClaimError(f"nothing says how far the index {index} runs", verdict="unreadable")
        for node in self._unsized:
            if any("?·" in name for part in self.of(node) for name in part.names()):
                return ClaimError("nothing fixes the size of this matrix", node.span, "unreadable")
        return None

    def visit(self, node: Node) -> Shape:
        """The shape of a node, computed once."""
        key = id(node)
        if key not in self._shapes:
            rule = _RULES.get(type(node))
            if rule is None:
                raise ClaimError(f"no rule for the shape of {type(node).__name__}", node.span, "undecided")
            self._shapes[key] = rule(self, node)
            self.nodes.append(node)
        return self._shapes[key]

    def scalar(self, node: Node, what: str) -> Shape:
        """The shape of a node that must be a scalar."""
        shape = self.visit(node)
        if not self.same(shape, SCALAR):
            raise ClaimError(f"{what} must be a scalar, not {self.words(shape)}", node.span)
        return SCALAR

    def square(self, node: Node, what: str) -> Shape:
        """The shape of a node that must be square."""
        shape = self.visit(node)
        if not self.unify(*shape):
            raise ClaimError(f"{what} needs a square matrix, not {self.words(shape)}", node.span)
        return shape

    def dimension(self, node: Node) -> Poly:
        """A printed size."""
        size = polynomial(node)
        if size is None:
            raise ClaimError("a size is expected here", node.span, "unreadable")
        return size

    # -- letters and indices

    def of_letter(self, node: Letter) -> Shape:
        """Declared, defined, or an integer."""
        if node not in self._letters:
            if node in self.closed.definitions:
                self._letters[node] = self.visit(self.closed.definitions[node])
            else:
                self._letters[node] = self._declared(node)
        return self._letters[node]

    def _declared(self, node: Letter) -> Shape:
        if not node.bold and node.name in self.closed.roles.sizes:
            self._sizes.add(node.name)
            self.sizes_as_numbers = True
            return SCALAR
        declaration = self.scope.declaration(node)
        if declaration is None:
            return SCALAR
        for argument in declaration.arguments:
            self.of_letter(argument)
        dimensions = [self.dimension(part) for part in declaration.dimensions]
        if declaration.kind == "vector":
            return dimensions[0], ONE
        if declaration.kind != "matrix":
            return SCALAR
        shape = (dimensions[0], dimensions[1])
        if (declaration.symmetric or declaration.invertible) and not self.unify(*shape):
            raise ClaimError(f"{to_latex(node)} is declared square and {self.words(shape)}", declaration.span)
        return shape

    def index(self, node: Node, dimension: Poly, of: Node) -> None:
        """An index runs over a dimension: a letter through all of it, an integer expression within it."""
        if isinstance(node, Letter) and self.is_axis(node.name):
            known = self.range(node.name)
            if not self.unify(known, dimension):
                name = self.summed.get(node.name, node.name)
                text = (
                    f"the index {name} runs to {self.solve(known)} elsewhere, to {self.solve(dimension)} here"
                )
                raise ClaimError(text, of.span)
            return
        expression = polynomial(node)
        if expression is None:
            raise ClaimError("an index is expected here", node.span or of.span, "unreadable")
        if not any(_counts(name) for name in expression.names()):
            self.bounds.append(Bound(dimension, expression, of.span))
        elif expression.letter() in self.ranges and not self.unify(
            self.ranges[expression.letter()], dimension
        ):
            raise ClaimError(f"the index {expression.letter().partition('·')[0]} has two ranges", of.span)

    def is_axis(self, name: str) -> bool:
        """Whether a name is that of a free index, or of one summed as an axis."""
        return name in self.closed.free or name in self.summed

    def range(self, name: str) -> Poly:
        """The number of values of an index."""
        return self.ranges.setdefault(name, self.unknown())

    # -- rules, one a node type

    def sum(self, node: Sum) -> Shape:
        """All terms have one shape."""
        first = self.visit(node.terms[0])
        for term in node.terms[1:]:
            shape = self.visit(term)
            if not self.same(first, shape):
                raise ClaimError(
                    f"cannot add {self.words(first)} and {self.words(shape)}", term.span or node.span
                )
        return first

    def product(self, node: Product) -> Shape:
        """Scalars commute; matrices form chains, each to be multiplied from left to right.

        A chain that has become 1 x 1 is a scalar, and the next matrix begins another one.
        """
        chains: list[tuple[Node, ...]] = []
        current: Shape = SCALAR
        for factor in node.factors:
            shape = self.visit(factor)
            if self.is_scalar(shape):
                chains.insert(len(chains) - (not self.is_scalar(current)), (factor,))
            elif self.is_scalar(current):
                chains.append((factor,))
                current = shape
            elif self.unify(current[1], shape[0]):
                chains[-1] += (factor,)
                current = current[0], shape[1]
            else:
                text = f"cannot multiply {self.words(current)} by {self.words(shape)}"
                text += f": {self.solve(current[1])} columns meet {self.solve(shape[0])} rows"
                raise ClaimError(text, factor.span or node.span)
        self.chains[id(node)] = tuple(chains)
        return current

    def is_scalar(self, shape: Shape) -> bool:
        """Whether a shape is known to be 1 x 1."""
        return self.solve(shape[0]) == ONE == self.solve(shape[1])

    def hadamard(self, node: Hadamard) -> Shape:
        """All factors have one shape."""
        first = self.visit(node.factors[0])
        for factor in node.factors[1:]:
            shape = self.visit(factor)
            if not self.same(first, shape):
                text = f"the entrywise product of {self.words(first)} and {self.words(shape)} does not exist"
                raise ClaimError(text, factor.span or node.span)
        return first

    def kronecker(self, node: Kronecker) -> Shape:
        """Dimensions multiply."""
        rows, columns = ONE, ONE
        for factor in node.factors:
            shape = self.visit(factor)
            rows, columns = rows * self.solve(shape[0]), columns * self.solve(shape[1])
        return rows, columns

    def inverse(self, node: Inverse) -> Shape:
        """Square, and said to be invertible."""
        shape = self.square(node.of, "an inverse")
        if not self.is_scalar(shape):
            self.require_invertible(node.of)
        return shape

    def require_invertible(self, node: Node) -> None:
        """Raise unless the text says, or implies, that a matrix is invertible."""
        if not self.scope.lenient and not self.is_invertible(node):
            name = to_latex(node) if isinstance(node, Letter) else "this matrix"
            text = f"nothing says that {name} is invertible; the zero matrix of its shape is not"
            raise ClaimError(text, node.span)

    def is_invertible(self, node: Node) -> bool:
        """Whether a square matrix is declared invertible, or built from such."""
        if self.is_scalar(self.visit(node)) or node in self.closed.invertible:
            return True
        match node:
            case Letter():
                declaration = self.scope.declaration(node)
                body = self.closed.definitions.get(node)
                declared = declaration is not None and declaration.invertible
                return declared or (body is not None and self.is_invertible(body))
            case Apply():
                declaration = self.scope.declaration(node.function)
                return declaration is not None and declaration.invertible
            case Call():
                known = operation(node).invertible
                return known == "always" or (known == "inherited" and self.is_invertible(node.arguments[0]))
            case Unfolded():
                return self.is_invertible(node.body)
            case Transpose() | Inverse() | Negative():
                return self.is_invertible(node.of)
            case Power():
                return self.is_invertible(node.base)
            case Product() | Kronecker():
                return all(self.is_invertible(factor) for factor in node.factors)
            case Identity() | Unsized(identity=True):
                return True
        return False

    def entry(self, node: Entry) -> Shape:
        """Two indices of a matrix, one of a vector or row; a sequence has no shape."""
        declaration = self.scope.declaration(node.of) if isinstance(node.of, Letter) else None
        if declaration is not None and declaration.kind == "sequence":
            return SCALAR
        rows, columns = self.visit(node.of)
        rows, columns = self.solve(rows), self.solve(columns)
        if len(node.indices) == 2:
            self.index(node.indices[0], rows, node)
            self.index(node.indices[1], columns, node)
        elif len(node.indices) == 1 and ONE in (rows, columns) and (rows, columns) != SCALAR:
            self.index(node.indices[0], columns if rows == ONE else rows, node)
        else:
            text = f"{len(node.indices)} indices for {self.words((rows, columns))}"
            raise ClaimError(text.replace("1 indices", "one index"), node.span)
        return SCALAR

    def delta(self, node: Delta) -> Shape:
        """Both indices have one range."""
        self.compared(node.row, node.column, node)
        return SCALAR

    def compared(self, left: Node, right: Node, of: Node) -> None:
        """Indices that are compared with each other have one range."""
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Letter) and self.is_axis(one.name):
                self.index(other, self.range(one.name), of)
                return

    def single_entry(self, node: SingleEntry) -> Shape:
        """As many rows as the first index has values, as many columns as the second; or as declared."""
        declaration = self.scope.declaration(Letter("J", True))
        if declaration is not None and declaration.kind == "single-entry":
            rows, columns = (self.dimension(part) for part in declaration.dimensions)
        else:
            rows, columns = self.unknown(), self.unknown()
        self.index(node.row, rows, node)
        self.index(node.column, columns, node)
        return rows, columns

    def axis_sum(self, node: AxisSum) -> Shape:
        """Bounds agree with the range of the index, or lie within it."""
        name = node.index.name
        self.summed[name] = name.partition("·")[0]
        shape = self.visit(node.body)
        if node.upper is not None:
            self._sizes.update(self.closed.roles.sizes.intersection(self.dimension(node.upper).names()))
            self.fit(self.solve(self.range(name)), self.dimension(node.upper), node)
        return shape

    def fit(self, known: Poly, upper: Poly, node: AxisSum) -> None:
        """The upper bound is the range, falls short of it by a number, or evaluation will compare the two."""
        loops = any(_counts(name) for name in upper.names())
        if (known.letter() or "").startswith("?") and not loops:
            if upper.letter() is None and upper.constant() is None:
                self._short.append((known, upper, node))
                return
            if self.unify(known, upper):
                return
        excess = (self.solve(upper) - known).constant()
        self.sizes_as_numbers = self.sizes_as_numbers or excess != 0
        if excess is None and (upper.constant() is not None or loops):
            return
        if excess is None or excess > 0:
            name = self.summed[node.index.name]
            raise ClaimError(f"the index {name} has {known} values, but the sum runs to {upper}", node.span)

    def _sums_that_stop_short(self) -> None:
        """A sum to n - 1 may leave out a part of the range, so it does not say what the range is."""
        for known, upper, node in self._short:
            if (self.solve(known).letter() or "").startswith("?"):
                name = self.summed[node.index.name]
                raise ClaimError(f"nothing says how far the index {name} runs", node.span, "unreadable")
            self.fit(self.solve(known), upper, node)

    def _mentions_size(self, node: Node) -> bool:
        return any(isinstance(part, Letter) and self.is_size(part) for part in walk(node))

    def loop_sum(self, node: LoopSum) -> Shape:
        """Without bounds, the range comes from a subscript."""
        if node.upper is None:
            self.range(node.index.name)
        self.sizes_as_numbers |= node.upper is None or self._mentions_size(node.upper)
        return self.visit(node.body)

    def derivative(self, node: Derivative) -> Shape:
        """Shapes by the layout; a derivative by scalars and entries keeps the shape."""
        shape = self.visit(node.of)
        by = [self.variable(variable) for variable in node.by]
        if all(self.is_scalar(each) for each in by):
            return shape
        if len(by) == 2 and isinstance(node.by[1], Transpose) and not isinstance(node.by[0], Transpose):
            return self.hessian(node, shape, by)
        if len(by) == 1 and isinstance(node.by[0], Transpose):
            letter = to_latex(node.by[0].of)
            text = f"conventions disagree on derivatives by a transpose; transpose that by {letter} instead"
            raise ClaimError(text, node.span, "unreadable")
        if len(by) > 1:
            text = r"a second derivative by vectors is written \partial^2 f / \partial x \, \partial x^\top"
            raise ClaimError(text, node.span, "unreadable")
        return self.first_derivative(node, shape, by[0])

    def variable(self, node: Node) -> Shape:
        """The shape of a variable of differentiation."""
        return self.visit(node.of) if isinstance(node, Transpose) else self.visit(node)

    def hessian(self, node: Derivative, shape: Shape, by: list[Shape]) -> Shape:
        """The matrix of the second derivatives of a scalar."""
        if not self.is_scalar(shape) or any(self.solve(each[1]) != ONE for each in by):
            raise ClaimError("a matrix of second derivatives is one of a scalar by two vectors", node.span)
        return by[0][0], by[1][0]

    def first_derivative(self, node: Derivative, shape: Shape, by: Shape) -> Shape:
        """Numerator layout; the transpose of it in denominator layout."""
        if self.is_scalar(shape):
            result = by[1], by[0]
        elif self.solve(by[1]) == ONE and ONE in (self.solve(shape[0]), self.solve(shape[1])):
            result = (shape[1] if self.solve(shape[0]) == ONE else shape[0]), by[0]
        else:
            text = f"the derivative of {self.words(shape)} by {self.words(by)} is not a matrix"
            raise ClaimError(text, node.span)
        return result if self.scope.layout == "numerator" else result[::-1]

    def apply(self, node: Apply) -> Shape:
        """A declared function has its declared shape; its arguments have those of its declaration."""
        declaration = self.scope.declaration(node.function)
        for position, argument in enumerate(node.arguments):
            shape = self.visit(argument)
            if declaration.arguments:
                expected = self.of_letter(declaration.arguments[position])
                if not self.same(shape, expected):
                    text = f"{to_latex(node.function)} takes {self.words(expected)}, not {self.words(shape)}"
                    raise ClaimError(text, argument.span or node.span)
        if node.primes:
            self.scalar(node.arguments[0], "the argument of a function with a prime")
        return self.of_letter(node.function)

    def at_point(self, node: AtPoint) -> Shape:
        """The values have the shapes of their letters."""
        for letter, value in node.assignments:
            shape, given = self.of_letter(letter), self.visit(value)
            if not self.same(shape, given):
                text = f"{to_latex(letter)} is {self.words(shape)}, its value is {self.words(given)}"
                raise ClaimError(text, value.span or node.span)
        return self.visit(node.of)

    def power(self, node: Power) -> Shape:
        """Square."""
        return self.square(node.base, "a power")

    def fraction(self, node: Fraction) -> Shape:
        """Divided by a scalar."""
        self.scalar(node.denominator, "a denominator")
        return self.visit(node.numerator)

    def call(self, node: Call) -> Shape:
        """By the signature of the operation: a letter in it is one size wherever it stands."""
        row = operation(node)
        expected = row.shape.arguments
        if len(expected) != len(node.arguments):
            text = f"{len(node.arguments)} arguments of {row.noun}, which takes {len(expected)}"
            raise ClaimError(text, node.span, "unreadable")
        sizes: dict[str, Poly] = {}
        for place, (argument, dimensions) in enumerate(zip(node.arguments, expected, strict=True)):
            shape = self.visit(argument)
            if not all(map(lambda mine, theirs: self.meet(mine, theirs, sizes), shape, dimensions)):
                text = f"{row.needs(place)}, not {self.words(shape)}"
                # a logarithm of matrices exists; it is only not supported
                verdict = "undecided" if dimensions == SCALAR else "fails"
                raise ClaimError(text, argument.span or node.span, verdict)
        rows, columns = row.shape.result
        return self.put(rows, sizes), self.put(columns, sizes)

    def unfolded(self, node: Unfolded) -> Shape:
        """What the definition says of its arguments, and the shape of its body."""
        for argument, dimensions, takes in zip(node.arguments, node.dimensions, node.takes, strict=True):
            shape = self.visit(argument)
            if dimensions is None:
                continue
            expected = [self.dimension(part) for part in dimensions] + [ONE, ONE]
            if not self.same(shape, (expected[0], expected[1])):
                raise ClaimError(f"{takes}, not {self.words(shape)}", argument.span or node.span)
        return self.visit(node.body)

    @property
    def conditions(self) -> list[Condition]:
        """The conditions of the definitions that are used, between the sizes that the claim has."""
        return [self._solved_condition(condition) for condition in self.closed.conditions]

    def _solved_condition(self, condition: Condition) -> Condition:
        left, right = (self.solve(self.dimension(side)).node() for side in (condition.left, condition.right))
        return Condition(left, condition.relation, right, span=condition.span)

    def meet(self, size: Poly, printed: Poly, sizes: dict[str, Poly]) -> bool:
        """Make a size what a signature says; letters get their sizes where they first stand."""
        letter = printed.letter()
        if letter is not None and letter not in sizes:
            sizes[letter] = size
            return True
        return self.unify(size, self.put(printed, sizes))

    def put(self, printed: Poly, sizes: dict[str, Poly]) -> Poly:
        """A size of a signature, with the sizes of its letters."""
        for letter, size in sizes.items():
            printed = printed.substitute(letter, self.solve(size))
        return printed

    def norm(self, node: Norm) -> Shape:
        """Of a vector, or with subscript F of a matrix."""
        shape = self.visit(node.of)
        if node.kind == "2" and ONE not in (self.solve(shape[0]), self.solve(shape[1])):
            raise ClaimError(
                f"a norm without subscript needs a vector, not {self.words(shape)}", node.span, "undecided"
            )
        return SCALAR

    def grid(self, node: Grid) -> Shape:
        """As many rows and columns as are counted."""
        self.scalar(node.body, "a cell of a matrix with dots")
        return self.dimension(node.rows), self.dimension(node.columns)

    def explicit_matrix(self, node: ExplicitMatrix) -> Shape:
        """Cells in a row have one height, cells in a column one width."""
        heights, widths = [], []
        for row in node.rows:
            shapes = [self.visit(cell) for cell in row]
            heights.append(shapes[0][0])
            total = shapes[0][1]
            for shape in shapes[1:]:
                if not self.unify(shape[0], heights[-1]):
                    raise ClaimError("the cells of this row have different heights", row[0].span or node.span)
                total = self.solve(total) + self.solve(shape[1])
            widths.append(total)
        if not all(self.unify(width, widths[0]) for width in widths):
            raise ClaimError("the rows of this matrix have different lengths", node.span)
        total = heights[0]
        for height in heights[1:]:
            total = self.solve(total) + self.solve(height)
        return total, widths[0]

    def cases(self, node: Cases) -> Shape:
        """All branches have one shape."""
        first = self.visit(node.branches[0][0])
        for value, _ in node.branches[1:]:
            if not self.same(first, self.visit(value)):
                raise ClaimError("the branches have different shapes", value.span or node.span)
        for _, condition in node.branches:
            if condition is not None and condition.relation in ("=", "!="):
                self.compared(condition.left, condition.right, node)
            elif condition is not None:
                for side in (condition.left, condition.right):
                    if isinstance(side, Letter) and self.is_axis(side.name):
                        self.range(side.name)
        return first


def _is_open(size: Poly) -> bool:
    """Whether a size is made from unknown ones in a way that is not solved for them."""
    return size.letter() is None and any(name.startswith("?") for name in size.names())


def _counts(name: str) -> bool:
    """Whether a name is that of a counter, which only a loop gives a value; unknown sizes begin with "?"."""
    return "·" in name and not name.startswith("?")


def _same_as(attribute: str):
    return lambda shapes, node: shapes.visit(getattr(node, attribute))


def _identity(shapes: Shapes, node: Identity) -> Shape:
    size = shapes.dimension(node.size)
    return size, size


def _unsized(shapes: Shapes, node: Unsized) -> Shape:
    shapes._unsized.append(node)
    rows = shapes.unknown()
    return rows, rows if node.identity else shapes.unknown()


_RULES = {
    Number: lambda shapes, node: SCALAR,
    Letter: Shapes.of_letter,
    Entry: Shapes.entry,
    Delta: Shapes.delta,
    SingleEntry: Shapes.single_entry,
    Identity: _identity,
    Unsized: _unsized,
    Negative: _same_as("of"),
    Sum: Shapes.sum,
    Product: Shapes.product,
    Hadamard: Shapes.hadamard,
    Kronecker: Shapes.kronecker,
    Power: Shapes.power,
    Transpose: lambda shapes, node: shapes.visit(node.of)[::-1],
    Inverse: Shapes.inverse,
    Fraction: Shapes.fraction,
    Call: Shapes.call,
    Unfolded: Shapes.unfolded,
    Norm: Shapes.norm,
    AxisSum: Shapes.axis_sum,
    LoopSum: Shapes.loop_sum,
    Derivative: Shapes.derivative,
    Apply: Shapes.apply,
    AtPoint: Shapes.at_point,
    ExplicitMatrix: Shapes.explicit_matrix,
    Grid: Shapes.grid,
    Cases: Shapes.cases,
}

"""A second opinion on claims: floating-point numbers, one entry at a time, derivatives by finite differences.

It shares nothing with the checker but the syntax tree, and differs from it wherever it can: complex floats
instead of residues, numbers instead of index axes, difference quotients instead of propagated derivatives,
definite smooth functions instead of random jets, dots expanded by looking at the printed members only. It is
slow, and only an opinion: what agrees to six digits at a few random points is taken to be true. What it does
not know it says (`Opinion.answer == "unsupported"`), it never guesses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from itertools import islice, pairwise, permutations, product
from zlib import crc32

import numpy as np
from oracle_operations import OPERATIONS, ShapeError, UndefinedError, root_of

from matproof import language as s

TOLERANCE = 1e-6
DIFFERENCE = 1e-4  # what differs by less, but by more than the tolerance, is looked at elsewhere
RADIUS = 2.0**-10  # of the circle on which derivatives are taken
SERIES = 6  # sequences c_n vanish from here on, so that power series end
TRIALS = 3
MOST_ORDERS = 720  # of the sizes, tried until one meets the conditions
REDRAWS = 8
J = s.Letter("J", True)
ASSIGNMENTS = 60  # of values to free indices, in one trial


class UnsupportedError(Exception):
    """The oracle does not know what this means."""


@dataclass(frozen=True)
class Opinion:
    """What the oracle thinks of a claim, and why."""

    answer: str  # "true", "false" or "unsupported"
    reason: str = ""


@dataclass(frozen=True)
class Shapeless:
    """A multiple of an identity matrix whose size is not known yet; the factor 0 fits any shape."""

    factor: complex

    def fit(self, shape: tuple[int, int]) -> np.ndarray:
        """The array of a shape that became known."""
        if self.factor != 0 and (shape[0] != shape[1] or shape == (1, 1)):
            raise ShapeError(f"an identity matrix that is {shape[0]} x {shape[1]}")
        return self.factor * np.eye(*shape, dtype=complex)


Value = np.ndarray | Shapeless  # an array is always two-dimensional; a scalar is 1 x 1


def opinion(claim: s.Claim, seed: int = 0) -> Opinion:
    """Whether a claim `=` is true, at `TRIALS` random points for every choice of its integers."""
    if claim.relation != "=":
        return Opinion("unsupported", f"relation {claim.relation}")
    claim = _alone(claim)
    scope = claim.scope
    try:
        for trial in range(TRIALS):
            for integers in _choices(claim, trial):
                difference = _try_point(claim, scope, integers, [seed, trial])
                if difference:
                    return Opinion("false", difference)
    except UnsupportedError as error:
        return Opinion("unsupported", str(error))
    except ShapeError as error:
        return Opinion("false", str(error))
    return Opinion("true")


# ------------------------------------------------------------------------------------- sizes and indices


def _choices(claim: s.Claim, trial: int) -> Iterator[dict[str, int]]:
    """Values of sizes (different, from 2) and of integers (the smallest four) that meet the conditions."""
    scope = claim.scope
    sizes = sorted(_sizes(claim))
    declared = {d.letter.name: d for d in scope.declarations if d.kind == "integer"}
    used = {name for tree in _trees(claim) for name in _names(tree)}
    free = sorted(name for name in declared if name in used and name not in sizes)
    orders = list(islice(permutations(sizes), MOST_ORDERS))
    start = trial * len(orders) // TRIALS
    ranges = []
    for name in free:
        low = declared[name].minimum
        ranges.append(range(-3, 4) if low is None else range(low, low + 4))
    found: list[dict[str, int]] = []
    for values in product(*ranges):
        integers = dict(zip(free, values, strict=True))
        for order in orders[start:] + orders[:start]:
            chosen = _settle(integers | {name: 2 + at for at, name in enumerate(order)}, scope.conditions)
            if all(_holds(condition, chosen) is not False for condition in scope.conditions) and _is_possible(
                scope, chosen
            ):
                found += [chosen] if chosen not in found else []
                break
    if not found:
        raise UnsupportedError("no integers meet the conditions")
    yield from found


def _is_possible(scope: s.Scope, integers: dict[str, int]) -> bool:
    """Whether what is declared invertible can be so at these sizes: X'X cannot, if X is wide."""
    point = Point(scope, integers, [0])
    for node in scope.invertible:
        try:
            array = point.array(node)
        except (UnsupportedError, ShapeError, UndefinedError):
            continue  # letters that the claim does not have
        if array.shape[0] != array.shape[1] or np.linalg.matrix_rank(array) < len(array):
            return False
    return True


def _settle(integers: dict[str, int], conditions: tuple[s.Condition, ...]) -> dict[str, int]:
    """The integers with the values that conditions such as n = 2 give them, wherever the search begins."""
    for condition in conditions:
        if condition.relation == "=" and s.to_latex(condition.left) in integers:
            integers[condition.left.name] = _integer(condition.right, integers)
    return integers


def _alone(claim: s.Claim) -> s.Claim:
    """The claim with the declarations of its own letters only: elsewhere its indices may be sizes."""
    nodes = [node for tree in _trees(claim) for node in s.walk(tree)]
    letters = {node for node in nodes if isinstance(node, s.Letter)}
    letters |= {J for node in nodes if isinstance(node, s.SingleEntry)}
    declarations = tuple(d for d in claim.scope.declarations if d.letter in letters)
    return replace(claim, scope=replace(claim.scope, declarations=declarations))


def _sizes(claim: s.Claim) -> set[str]:
    """Letters that are the sizes of something."""
    names: set[str] = set()
    for declaration in claim.scope.declarations:
        if not declaration.rigid:
            raise UnsupportedError("shapes are not declared")
        names = names.union(*map(_names, declaration.dimensions))
    for node in (node for tree in _trees(claim) for node in s.walk(tree)):
        if isinstance(node, s.Identity) and node.size is not None:
            names |= _names(node.size)
        if isinstance(node, s.BoundedSum):
            bounds = [bound for bound in (node.lower, node.upper) if bound is not None]
            names |= _unbound(bounds, claim)
    return names


def _unbound(bounds: list[s.Node], claim: s.Claim) -> set[str]:
    """Letters in the bounds of sums that nothing else explains: sizes of nothing but these sums."""
    trees = _trees(claim)
    summed = {node.index for tree in trees for node in s.walk(tree) if isinstance(node, s.BoundedSum)}
    names = {name for bound in bounds for name in _names(bound) if s.Letter(name) not in summed}
    return {name for name in names if claim.scope.declaration(s.Letter(name)) is None}


def _trees(claim: s.Claim) -> list[s.Node]:
    """The two sides, and what stands behind their letters: definitions, arguments, what is invertible."""
    found: list[s.Node] = [claim.lhs, claim.rhs]
    for tree in found:  # grows on the way
        for letter in (node for node in s.walk(tree) if isinstance(node, s.Letter)):
            definitions = [d.body for d in claim.scope.definitions if d.letter == letter]
            declaration = claim.scope.declaration(letter)
            arguments = declaration.arguments if declaration else ()
            found += [more for more in (*definitions, *arguments) if more not in found]
    return found


def _names(node: s.Node) -> set[str]:
    return {part.name for part in s.walk(node) if isinstance(part, s.Letter) and not part.bold}


_COMPARE = {
    "=": lambda a, b: a == b, "!=": lambda a, b: a != b, "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b, ">=": lambda a, b: a >= b, ">": lambda a, b: a > b,
}  # fmt: skip


def _holds(condition: s.Condition, integers: dict[str, int]) -> bool | None:
    """Whether a condition holds; None where it speaks of something without a value."""
    try:
        left, right = _integer(condition.left, integers), _integer(condition.right, integers)
    except UnsupportedError:
        return None
    return _COMPARE[condition.relation](left, right)


def _integer(node: s.Node, integers: dict) -> int:
    """The value of an integer expression; `integers` maps names, and members of families such as u_2."""
    if isinstance(node, s.Number):
        return node.value
    if isinstance(node, s.Letter) and not node.bold and node.name in integers:
        return integers[node.name]
    if isinstance(node, s.Indexed):
        member = (node.name, _integer(node.subscript, integers))
        if member in integers:
            return integers[member]
    if isinstance(node, s.Negative):
        return -_integer(node.of, integers)
    if isinstance(node, s.Sum):
        return sum(_integer(term, integers) for term in node.terms)
    if isinstance(node, s.Product):
        return int(np.prod([_integer(factor, integers) for factor in node.factors]))
    raise UnsupportedError(f"{s.to_latex(node)} is no integer")


def _subscripts(node: s.Node) -> tuple[s.Node, ...]:
    if isinstance(node, s.Entry):
        return node.indices
    return (node.row, node.column) if isinstance(node, s.Delta | s.SingleEntry) else ()


def _free_indices(node: s.Node, known: frozenset[str]) -> set[str]:
    """Index letters that no sum binds and that are not `known` as sizes or integers."""
    if isinstance(node, s.BoundedSum) and isinstance(node.index, s.Letter):
        bounds = [bound for bound in (node.lower, node.upper) if bound is not None]
        inside = _free_indices(node.body, known | {node.index.name})
        return inside.union(*(_free_indices(bound, known) for bound in bounds))
    found = {name for index in _subscripts(node) for name in _names(index)} - known
    return found.union(*(_free_indices(child, known) for child in s.children(node)))


def _try_point(claim: s.Claim, scope: s.Scope, integers: dict[str, int], seed: list[int]) -> str:
    """The first difference between the two sides at one random point, or nothing."""
    for draw in range(REDRAWS):
        point = Point(scope, integers, [*seed, draw])
        try:
            return _compare(point, claim.lhs, claim.rhs)
        except (UndefinedError, np.linalg.LinAlgError, ZeroDivisionError, OverflowError):
            continue
    raise UnsupportedError("no point where both sides have values")


def _compare(point: Point, lhs: s.Node, rhs: s.Node) -> str:
    """The first difference between the two sides, for all values (or many) of the free indices."""
    known = frozenset(point.integers)
    left, right = _free_indices(lhs, known), _free_indices(rhs, known)
    free = sorted(left | right)
    unknown = []
    for name in free:
        try:
            point.ranges[name] = point.range_of(name, (lhs, rhs))
        except UnsupportedError:
            unknown.append(name)
    problem: ShapeError | None = None
    candidates = sorted({2, *(point.integers[name] for name in known if point.integers[name] > 1)})
    for sizes in product(candidates, repeat=len(unknown)):
        point.ranges |= dict(zip(unknown, sizes, strict=True))
        try:
            return _compare_at(point, lhs, rhs, free)
        except ShapeError as error:  # this index, of a J or of nothing but deltas, has another range
            problem = error
            point.memory.clear()
    raise problem or UnsupportedError("no ranges")


def _compare_at(point: Point, lhs: s.Node, rhs: s.Node, free: list[str]) -> str:
    assignments = list(product(*(range(1, point.ranges[name] + 1) for name in free)))
    if len(assignments) > ASSIGNMENTS:
        # deltas make a difference only where indices coincide, so these come first
        assignments.sort(key=lambda values: len(set(values)))
        chosen = point.source.permutation(len(assignments))[: ASSIGNMENTS // 2]
        assignments = assignments[: ASSIGNMENTS // 2] + [assignments[at] for at in chosen]
    for values in assignments:
        point.integers |= dict(zip(free, values, strict=True))
        if any(_holds(condition, point.integers) is False for condition in point.scope.conditions):
            continue
        left, right = _same_shape(point.value(lhs), point.value(rhs))
        if not _close(left, right):
            return f"{left} against {right} at {point.integers}"
    return ""


def _same_shape(left: Value, right: Value) -> tuple[np.ndarray, np.ndarray]:
    if isinstance(left, Shapeless):
        left = left.fit((2, 2) if isinstance(right, Shapeless) else right.shape)
    if isinstance(right, Shapeless):
        right = right.fit(left.shape)
    if left.shape != right.shape:
        raise ShapeError(f"the left side is {left.shape}, the right side {right.shape}")
    return left, right


def _close(left: np.ndarray, right: np.ndarray) -> bool:
    if not (np.isfinite(left).all() and np.isfinite(right).all()):
        raise UndefinedError("overflow")
    difference = np.abs(left - right).max() / max(1.0, np.abs(left).max(), np.abs(right).max())
    if TOLERANCE < difference < DIFFERENCE:
        raise UndefinedError("too near to a singular point to tell")
    return bool(difference <= TOLERANCE)


# -------------------------------------------------------------------------------------------- evaluation


class Point:
    """Values for everything that a scope speaks of, and the evaluation of trees at these values.

    `integers` maps sizes, integer parameters and indices to their values; `values` may fix letters (real or
    complex arrays), all others are drawn at random when they are first needed.
    """

    def __init__(self, scope: s.Scope, integers: dict, seed=0, values: dict[s.Letter, object] | None = None):
        self.scope, self.integers, self.seed = scope, dict(integers), seed
        self.source = np.random.default_rng(seed)
        self.values = {key: np.atleast_2d(np.asarray(v, dtype=complex)) for key, v in (values or {}).items()}
        self.ranges: dict[str, int] = {}
        self.families: dict[str, int] = {}  # how many members u_1, u_2, ... there are, within their sums
        self.memory: dict[tuple, Value] = {}
        self.names: dict[int, set[str]] = {}
        self.expanded: dict[tuple, object] = {}  # trees made on the way; kept: `memory` knows trees by id
        self.version = self.versions = 0

    def value(self, node: s.Node) -> Value:
        """The value of a tree."""
        rule = _RULES.get(type(node))
        if rule is None:
            raise UnsupportedError(f"{type(node).__name__} has no value")
        if not any(True for _ in s.children(node)):
            return rule(self, node)
        key = (id(node), self.version, *self.relevant(node))
        if key not in self.memory:
            self.memory[key] = rule(self, node)
        return self.memory[key]

    def relevant(self, node: s.Node) -> list[tuple]:
        """The integers on which a value depends: all of them, where definitions may hide letters."""
        if self.scope.definitions:
            return list(self.integers.items())
        if id(node) not in self.names:
            families = {part.name for part in s.walk(node) if isinstance(part, s.Indexed)}
            self.names[id(node)] = _names(node) | families
        names = self.names[id(node)]
        return [item for item in self.integers.items() if item[0] in names or item[0][0] in names]

    def array(self, node: s.Node) -> np.ndarray:
        """The value of a tree whose shape must be known."""
        value = self.value(node)
        if isinstance(value, Shapeless):
            raise UnsupportedError(f"{s.to_latex(node)} has no shape of its own")
        return value

    def square(self, node: s.Node) -> np.ndarray:
        """The value of a tree that must be square."""
        array = self.array(node)
        if array.shape[0] != array.shape[1]:
            raise ShapeError(f"{s.to_latex(node)} is not square: {array.shape}")
        return array

    def number(self, node: s.Node) -> complex:
        """The value of a tree that must be a scalar."""
        array = self.array(node)
        if array.shape != (1, 1):
            raise ShapeError(f"{s.to_latex(node)} is not a scalar: {array.shape}")
        return array[0, 0]

    def integer(self, node: s.Node) -> int:
        """The value of an integer expression."""
        return _integer(node, self.integers)

    # -- letters

    def letter(self, letter: s.Letter) -> Value:
        """The value of a letter: given, drawn, computed from its arguments, or that of its definition."""
        if letter in self.values:
            return self.values[letter]
        if not letter.bold and letter.name in self.integers:
            return _scalar(self.integers[letter.name])
        definition = self.scope.definition(letter)
        if definition is not None:
            return self.value(definition.body)
        declaration = self.scope.declaration(letter)
        if declaration is None or declaration.kind in ("function", "sequence", "integer", "single-entry"):
            raise UnsupportedError(f"the value of {s.to_latex(letter)}")
        if declaration.arguments:
            return self.function(letter, [self.array(argument) for argument in declaration.arguments])
        self.values[letter] = self.draw(letter, declaration)
        return self.values[letter]

    def shape_of(self, declaration: s.Declaration) -> tuple[int, int]:
        """Rows and columns of a declared letter."""
        sizes = [self.integer(dimension) for dimension in declaration.dimensions]
        return tuple(sizes + [1] * (2 - len(sizes)))

    def draw(self, letter: s.Letter, declaration: s.Declaration) -> np.ndarray:
        """A random value of a declared letter, the same whenever it is asked for."""
        shape = self.shape_of(declaration)
        return _shaped(self.stream(letter).uniform(-1.5, 1.5, shape), declaration).astype(complex)

    def stream(self, letter: s.Letter, *more: int) -> np.random.Generator:
        """Random numbers that depend on nothing but the seed and the letter."""
        seed = self.seed if isinstance(self.seed, list) else [self.seed]
        return np.random.default_rng([*seed, crc32(s.to_latex(letter).encode()), *more])

    def function(self, letter: s.Letter, arguments: list[np.ndarray]) -> np.ndarray:
        """A smooth function of all entries of the arguments, the same function for a letter at each call."""
        declaration = self.scope.declaration(letter)
        if declaration is None:
            raise UnsupportedError(f"the function {s.to_latex(letter)}")
        entries = np.concatenate([argument.ravel() for argument in arguments])
        shape = self.shape_of(declaration)
        size = shape[0] * shape[1]
        stream = self.stream(letter, len(entries), size)
        slopes, waves = stream.uniform(-1, 1, (2, size, len(entries)))
        bends = stream.uniform(-0.3, 0.3, (size, len(entries), len(entries)))
        flat = stream.uniform(-1, 1, size) + slopes @ entries + np.sin(waves @ entries)
        flat = flat + np.einsum("kij,i,j", bends, entries, entries)
        return _shaped(flat.reshape(shape), declaration)

    def range_of(self, name: str, trees: tuple[s.Node, ...], seen: frozenset[str] = frozenset()) -> int:
        """The number of values of an index: from the shape of what it is an index of, else through deltas."""
        if name in self.ranges:
            return self.ranges[name]
        letter = s.Letter(name)
        nodes = [node for tree in trees for node in s.walk(tree)]
        for node in nodes:
            if isinstance(node, s.Entry) and letter in node.indices:
                return self.extents(node, trees)[node.indices.index(letter)]
            if isinstance(node, s.SingleEntry) and letter in (node.row, node.column):
                declaration = self.scope.declaration(J)
                if declaration is not None:
                    return self.shape_of(declaration)[(node.row, node.column).index(letter)]
        for node in nodes:
            if isinstance(node, s.Delta) and letter in (node.row, node.column):
                other = node.column if node.row == letter else node.row
                if isinstance(other, s.Letter) and other.name not in seen | {name}:
                    try:
                        return self.range_of(other.name, trees, seen | {name})
                    except UnsupportedError:
                        continue
        raise UnsupportedError(f"the range of the index {name}")

    def extents(self, node: s.Entry, trees: tuple[s.Node, ...]) -> tuple[int, ...]:
        """The ranges of the indices of an entry."""
        before = dict(self.integers)
        indices = _free_indices(node.of, frozenset(before))
        self.integers |= dict.fromkeys(self.unknown(node.of), 0) | dict.fromkeys(indices, 1)
        if any(isinstance(part, s.SingleEntry) for part in s.walk(node.of)):
            for name in indices - self.ranges.keys():
                self.ranges[name] = self.range_of(name, trees)
        try:
            shape = self.array(node.of).shape
        finally:
            self.integers = before
        return shape if len(node.indices) == 2 else (max(shape),)

    def unknown(self, node: s.Node) -> set[str]:
        """Plain letters without a value, such as the index of a sum around this place in an exponent."""
        names = _names(node) - self.integers.keys()
        return {
            name
            for name in names
            if not (self.scope.declaration(s.Letter(name)) or self.scope.definition(s.Letter(name)))
        }

    # -- derivatives

    def with_values(self, values: dict[s.Letter, np.ndarray], tree: s.Node) -> Value:
        """The value of a tree where some letters have other values."""
        kept, version = self.values, self.version
        self.values = kept | values
        self.versions += 1
        self.version = self.versions
        try:
            return self.value(tree)
        finally:
            # what was drawn meanwhile is the same when it is drawn again
            self.values, self.version = kept, version

    def slope(self, function: Callable[[complex], Value]) -> Value:
        """f'(0), from f at four points of a small circle; exact up to RADIUS^4."""
        turns = (1, 1j, -1, -1j)
        results = [function(RADIUS * turn) for turn in turns]
        if any(isinstance(result, Shapeless) for result in results):
            return Shapeless(0)
        return sum(result / turn for result, turn in zip(results, turns, strict=True)) / (4 * RADIUS)

    def directional(self, of: s.Node, by: tuple[s.Node, ...], letter: s.Letter, row: int, column: int):
        """The derivative along one entry of a letter, after the derivatives by `by` (inner ones)."""
        base = self.letter(letter)
        if isinstance(base, Shapeless):
            raise UnsupportedError("a derivative by a letter without a shape")
        if not (0 <= row < base.shape[0] and 0 <= column < base.shape[1]):
            raise ShapeError(f"there is no entry ({row + 1}, {column + 1})")
        step = np.zeros(base.shape)
        step[row, column] = 1
        declaration = self.scope.declaration(letter)
        if declaration is not None and declaration.symmetric:
            step[column, row] = 1

        def along(offset):
            inner = self._inner(of, by)
            return self.with_values({letter: base + offset * step}, inner)

        return self.slope(along)

    def _inner(self, of: s.Node, by: tuple[s.Node, ...]) -> s.Node:
        """The tree of the inner derivatives, kept so that its identity can be remembered."""
        key = (id(of), by)
        if key not in self.expanded:
            self.expanded[key] = s.Derivative(of, by) if by else of
        return self.expanded[key]

    def derivative(self, of: s.Node, by: tuple[s.Node, ...]) -> Value:
        """The derivative in the layout of the scope, outermost variable first."""
        if len(by) == 2 and any(isinstance(variable, s.Transpose) for variable in by):
            return self.hessian(of, by)
        variable, inner = by[0], by[1:]
        if isinstance(variable, s.Entry):
            if not isinstance(variable.of, s.Letter):
                raise UnsupportedError("a derivative by an entry of an expression")
            at = [self.integer(index) - 1 for index in variable.indices]
            return self.directional(of, inner, variable.of, at[0], at[1] if len(at) == 2 else 0)
        if not isinstance(variable, s.Letter):
            raise UnsupportedError(f"a derivative by {s.to_latex(variable)}")
        base = self.letter(variable)
        if isinstance(base, Shapeless):
            raise UnsupportedError("a derivative by a letter without a shape")
        if base.shape == (1, 1):
            return self.directional(of, inner, variable, 0, 0)
        rows, columns = base.shape
        slopes = [[self.directional(of, inner, variable, i, j) for j in range(columns)] for i in range(rows)]
        return self.arrange(slopes)

    def arrange(self, slopes: list[list[Value]]) -> Value:
        """Slopes by the entries of a vector or matrix, laid out."""
        if any(isinstance(slope, Shapeless) for row in slopes for slope in row):
            return Shapeless(0)
        shape, numerator = slopes[0][0].shape, self.scope.layout == "numerator"
        if shape == (1, 1):
            result = np.array([[slope[0, 0] for slope in row] for row in slopes])
            return result.T if numerator else result
        if 1 not in shape or len(slopes[0]) > 1:
            raise ShapeError("the derivative is not a matrix")
        result = np.array([row[0].ravel() for row in slopes]).T
        return result if numerator else result.T

    def hessian(self, of: s.Node, by: tuple[s.Node, ...]) -> Value:
        """The matrix of the second derivatives by x_i and x_j, the same in both layouts."""
        first, second = (v.of if isinstance(v, s.Transpose) else v for v in by)
        if not all(isinstance(v, s.Letter) for v in (first, second)):
            raise UnsupportedError("second derivatives by these variables")
        rows, columns = self.letter(first).shape[0], self.letter(second).shape[0]
        entries = np.zeros((rows, columns), dtype=complex)
        for i, j in product(range(rows), range(columns)):
            inner = s.Entry(second, (s.Number(j + 1),))
            value = self.directional(of, (inner,), first, i, 0)
            entries[i, j] = value.factor if isinstance(value, Shapeless) else value[0, 0]
        return entries


def _scalar(number: complex) -> np.ndarray:
    return np.array([[number]], dtype=complex)


def _shaped(array: np.ndarray, declaration: s.Declaration) -> np.ndarray:
    """A random matrix made symmetric or safely invertible, where it is declared so."""
    if declaration.symmetric:
        array = (array + array.T) / 2
    if declaration.invertible and declaration.kind != "matrix":
        return array + 3
    return array + 3 * np.eye(*array.shape) if declaration.invertible else array


# ------------------------------------------------------------------------------- one rule for each node


def _sum(point: Point, node: s.Sum) -> Value:
    terms = _undotted(point, node.terms)
    total = point.value(terms[0]) if terms else Shapeless(0)
    for term in terms[1:]:
        total = _add(total, point.value(term))
    return total


def _add(left: Value, right: Value) -> Value:
    if isinstance(left, Shapeless) and isinstance(right, Shapeless):
        return Shapeless(left.factor + right.factor)
    return np.add(*_same_shape(left, right))


def _product(point: Point, node: s.Product) -> Value:
    chained = any(isinstance(factor, s.Entry) and _families(factor) for factor in node.factors)
    dotted = any(isinstance(factor, s.Dots) for factor in node.factors)
    factors = (_with_chain if chained and dotted else _undotted)(point, node.factors)
    result = point.value(factors[0]) if factors else _scalar(1)
    for factor in factors[1:]:
        result = _times(result, point.value(factor))
    return result


def _times(left: Value, right: Value) -> Value:
    if isinstance(left, Shapeless) and isinstance(right, Shapeless):
        return Shapeless(left.factor * right.factor)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Shapeless):
            scaled = one.factor * other
            return (
                Shapeless(scaled[0, 0]) if other.shape == (1, 1) else scaled if one.factor else Shapeless(0)
            )
    if left.shape == (1, 1) or right.shape == (1, 1):
        return left * right
    if left.shape[1] != right.shape[0]:
        raise ShapeError(f"a product of {left.shape} and {right.shape}")
    return left @ right


def _hadamard(point: Point, node: s.Hadamard) -> Value:
    result = point.value(node.factors[0])
    for factor in node.factors[1:]:
        left, right = _same_shape(result, point.value(factor))
        result = left * right
    return result


def _kronecker(point: Point, node: s.Kronecker) -> Value:
    result = point.array(node.factors[0])
    for factor in node.factors[1:]:
        result = np.kron(result, point.array(factor))
    return result


def _power(point: Point, node: s.Power) -> Value:
    exponent = point.integer(node.exponent)
    if isinstance(node.base, s.Norm) and exponent > 0 and exponent % 2 == 0:
        return _scalar(_squares(point, node.base) ** (exponent // 2))  # no root where none is needed
    base = point.value(node.base)
    if isinstance(base, Shapeless):
        return Shapeless(base.factor**exponent)
    if base.shape[0] != base.shape[1]:
        raise ShapeError(f"a power of {base.shape}")
    if abs(exponent) > 12:
        raise UnsupportedError(f"the power {exponent}")
    if exponent < 0:
        base, exponent = _inverse_of(base), -exponent
    result = np.eye(len(base), dtype=complex)
    for _ in range(exponent):
        result = result @ base
    return result


def _transpose(point: Point, node: s.Transpose) -> Value:
    value = point.value(node.of)
    return value if isinstance(value, Shapeless) else value.T


def _inverse(point: Point, node: s.Inverse) -> Value:
    value = point.value(node.of)
    if isinstance(value, Shapeless):
        return Shapeless(1 / value.factor)
    return _inverse_of(point.square(node.of))


def _inverse_of(array: np.ndarray) -> np.ndarray:
    if np.linalg.cond(array) > 1e3:
        raise UndefinedError("nearly singular")
    return np.linalg.inv(array)


def _fraction(point: Point, node: s.Fraction) -> Value:
    bottom = point.number(node.denominator)
    if abs(bottom) < 0.05:
        raise UndefinedError("division by nearly zero")
    return _times(_scalar(1 / bottom), point.value(node.numerator))


def _call(point: Point, node: s.Call) -> Value:
    """By the oracle's own column of the table of operations."""
    if node.operation not in OPERATIONS:
        raise UnsupportedError(f"operation {node.operation}")
    return OPERATIONS[node.operation](*map(point.array, node.arguments))


def _norm(point: Point, node: s.Norm) -> Value:
    return _scalar(root_of(_squares(point, node)))


def _squares(point: Point, node: s.Norm) -> complex:
    """The square of a norm."""
    array = point.array(node.of)
    if (node.kind == "2") != (1 in array.shape):
        raise ShapeError(f"this norm of {array.shape}")
    return (array**2).sum()


def _entry(point: Point, node: s.Entry) -> Value:
    at = [point.integer(index) for index in node.indices]
    declaration = point.scope.declaration(node.of) if isinstance(node.of, s.Letter) else None
    if declaration is not None and declaration.kind == "sequence":
        return _scalar(point.stream(node.of, at[0]).uniform(-1, 1) if 0 <= at[0] < SERIES else 0)
    value = point.value(node.of)
    if isinstance(value, Shapeless):
        return _scalar(value.factor if len(at) == 2 and at[0] == at[1] else 0)
    if len(at) == 1:
        if 1 not in value.shape:
            raise ShapeError("one index for a matrix")
        value, at = value.reshape(-1, 1), [at[0], 1]
    if not (1 <= at[0] <= value.shape[0] and 1 <= at[1] <= value.shape[1]):
        raise ShapeError(f"there is no entry {at}")
    return _scalar(value[at[0] - 1, at[1] - 1])


def _single_entry(point: Point, node: s.SingleEntry) -> Value:
    declaration = point.scope.declaration(J)
    if declaration is not None:
        shape = point.shape_of(declaration)
    else:
        names = [index.name for index in (node.row, node.column) if isinstance(index, s.Letter)]
        if len(names) < 2 or not point.ranges.keys() >= set(names):
            raise UnsupportedError("the shape of J")
        shape = point.ranges[names[0]], point.ranges[names[1]]
    result = np.zeros(shape, dtype=complex)
    result[point.integer(node.row) - 1, point.integer(node.column) - 1] = 1
    return result


def _bounded_sum(point: Point, node: s.BoundedSum) -> Value:
    if not isinstance(node.index, s.Letter):
        raise UnsupportedError("a sum over a member of a family of indices")
    name, before = node.index.name, dict(point.integers)
    extents = dict(point.ranges)
    lower = 1 if node.lower is None else point.integer(node.lower)
    if node.upper is None:
        if name not in _names(node.body):
            raise ShapeError(f"a sum over {name} of what has no {name}")
        point.integers.pop(name, None)
        try:
            upper = point.range_of(name, (node.body,))
        finally:
            point.integers = dict(before)
    elif isinstance(node.upper, s.Infinity):
        upper = _series_end(point, node.body)
    else:
        upper = point.integer(node.upper)
    point.ranges[name] = upper
    total: Value = Shapeless(0)
    try:
        for value in range(lower, upper + 1):
            point.integers = before | {name: value}
            total = _add(total, point.value(node.body))
    finally:
        point.integers, point.ranges = before, extents
    return total


def _series_end(point: Point, body: s.Node) -> int:
    """Where a power series may end, because its coefficients vanish."""
    for node in s.walk(body):
        if isinstance(node, s.Entry) and isinstance(node.of, s.Letter):
            declaration = point.scope.declaration(node.of)
            if declaration is not None and declaration.kind == "sequence":
                return SERIES + 2
    raise UnsupportedError("a series without coefficients of its own")


def _dotted_sums(point: Point, node: s.DottedSums) -> Value:
    """Sums over all members u_1, ..., u_{n-1} of a family of indices."""
    family, count = node.first[0].name, point.integer(node.last.subscript)
    linked = [part for part in s.walk(node.body) if isinstance(part, s.Entry) and _families(part) == {family}]
    if not linked:
        raise UnsupportedError("sums with dots over indices of nothing")
    size = point.array(linked[0].of).shape[0]
    total: Value = Shapeless(0)
    before, families = dict(point.integers), dict(point.families)
    point.families[family] = count
    try:
        for values in product(range(1, size + 1), repeat=count):
            point.integers = before | {(family, at): value for at, value in enumerate(values, 1)}
            total = _add(total, point.value(node.body))
    finally:
        point.integers, point.families = before, families
    return total


def _families(entry: s.Entry) -> set[str]:
    return {index.name for index in entry.indices if isinstance(index, s.Indexed)}


def _with_chain(point: Point, factors: tuple[s.Node, ...]) -> list[s.Node]:
    """Factors with a chain x_{k u_1} x_{u_1 u_2} ... x_{u_{n-1} l} among them, without its dots."""
    dots = next(at for at, factor in enumerate(factors) if isinstance(factor, s.Dots))
    low, high = dots, dots
    while low > 0 and _links(factors[low - 1], factors[low], low == dots):
        low -= 1
    while high < len(factors) - 1 and _links(factors[high], factors[high + 1], high == dots):
        high += 1
    printed = [*factors[low:dots], *factors[dots + 1 : high + 1]]
    if low == dots or high == dots or any(factor.of != printed[0].of for factor in printed):
        raise UnsupportedError("dots between factors that are no chain")
    return [*factors[:low], *_chain(point, printed, id(factors)), *factors[high + 1 :]]


def _links(left: s.Node, right: s.Node, at_dots: bool) -> bool:
    """Whether two neighbours belong to one chain; beside the dots, whether there is an entry."""
    entries = [f for f in (left, right) if isinstance(f, s.Entry) and len(f.indices) == 2]
    return len(entries) == 1 if at_dots else len(entries) == 2 and left.indices[1] == right.indices[0]


def _chain(point: Point, printed: list[s.Entry], where: int) -> list[s.Entry]:
    """All links of a chain; the printed ones must be among them."""
    (family,) = set().union(*map(_families, printed))
    count = point.families[family]
    key = ("chain", where, count)
    if key not in point.expanded:
        members = (s.Indexed(family, s.Number(at)) for at in range(1, count + 1))
        ends = [printed[0].indices[0], *members, printed[-1].indices[1]]
        point.expanded[key] = [s.Entry(printed[0].of, pair) for pair in pairwise(ends)]
    for factor in printed if count > 2 else []:
        if (
            s.Entry(factor.of, tuple(_settled(point, index) for index in factor.indices))
            not in point.expanded[key]
        ):
            raise ShapeError(f"{s.to_latex(factor)} is no link of the chain")
    return point.expanded[key]


def _settled(point: Point, index: s.Node) -> s.Node:
    """A member of a family with its number worked out."""
    if not isinstance(index, s.Indexed):
        return index
    return s.Indexed(index.name, s.Number(point.integer(index.subscript)))


def _apply(point: Point, node: s.Apply) -> Value:
    arguments = [point.array(argument) for argument in node.arguments]
    definition = point.scope.definition(node.function, node.primes)
    if definition is not None:
        if len(definition.parameters) != len(arguments):
            raise UnsupportedError("a definition without its arguments")
        return _defined(point, definition, arguments)
    if node.primes == 0:
        return _applied(point, node.function, arguments)
    if len(arguments) != 1 or arguments[0].shape != (1, 1):
        raise UnsupportedError("a prime on a function of several numbers")

    def primed(primes: int, at: np.ndarray) -> Value:
        if primes == 0:
            return _applied(point, node.function, [at])
        return point.slope(lambda offset: primed(primes - 1, at + offset))

    return primed(node.primes, arguments[0])


def _applied(point: Point, letter: s.Letter, arguments: list[np.ndarray]) -> Value:
    definition = point.scope.definition(letter)
    if definition is not None:
        return _defined(point, definition, arguments)
    return point.function(letter, arguments)


def _defined(point: Point, definition: s.Definition, arguments: list[np.ndarray]) -> Value:
    """The body of a definition, where the sizes of its parameters are those of the arguments."""
    declared = {declaration.letter: declaration for declaration in definition.declarations}
    own: dict[str, int] = {}
    for parameter, argument in zip(definition.parameters, arguments, strict=True):
        dimensions = declared[parameter].dimensions if parameter in declared else ()
        for size, length in zip(dimensions, argument.shape, strict=False):
            if isinstance(size, s.Letter) and own.setdefault(size.name, length) != length:
                raise ShapeError(f"{s.to_latex(size)} is {own[size.name]} and {length}")
    for letter in {part for part in s.walk(definition.body) if isinstance(part, s.Letter)} - declared.keys():
        other = point.scope.declaration(letter)
        if other is not None and own.keys() & {name for size in other.dimensions for name in _names(size)}:
            raise UnsupportedError(f"{s.to_latex(letter)} shares a size with a parameter")
    outside, point.integers = point.integers, {**point.integers, **own}
    try:
        return point.with_values(dict(zip(definition.parameters, arguments, strict=True)), definition.body)
    finally:
        point.integers = outside


def _at_point(point: Point, node: s.AtPoint) -> Value:
    return point.with_values({letter: point.array(value) for letter, value in node.assignments}, node.of)


def _cases(point: Point, node: s.Cases) -> Value:
    for value, condition in node.branches:
        holds = True if condition is None else _holds(condition, point.integers)
        if holds is None:
            raise UnsupportedError("a case that is no relation between integers")
        if holds:
            return point.value(value)
    raise UndefinedError("no case applies")


def _explicit_matrix(point: Point, node: s.ExplicitMatrix) -> Value:
    key = ("matrix", id(node), tuple(point.integers.items()))
    if key not in point.expanded:
        rows = [row for row in node.rows if not all(isinstance(cell, s.Dots) for cell in row)]
        dotted = [at for at, row in enumerate(node.rows) if all(isinstance(cell, s.Dots) for cell in row)]
        wide = [_undotted(point, row) for row in rows]
        if dotted:
            columns = zip(*wide, strict=True)
            filled = [[*column[: dotted[0]], s.Dots(), *column[dotted[0] :]] for column in columns]
            wide = list(zip(*(_undotted(point, tuple(column)) for column in filled), strict=True))
        point.expanded[key] = wide
    cells = [[point.array(cell) for cell in row] for row in point.expanded[key]]
    try:
        return np.block(cells)
    except ValueError as error:
        raise ShapeError(f"the blocks of this matrix do not fit: {error}") from None


# -------------------------------------------------------------------------------------------------- dots


def _undotted(point: Point, members: tuple[s.Node, ...]) -> tuple[s.Node, ...]:
    """A list without its dots: the members between are those of the arithmetic progression of its numbers."""
    dots = [at for at, member in enumerate(members) if isinstance(_unsigned(member), s.Dots)]
    if not dots:
        return members
    if len(dots) > 1 or dots[0] == 0 or dots[0] == len(members) - 1:
        raise UnsupportedError("dots in an unusual place")
    key = ("dots", id(members), tuple(point.integers.items()))
    if key not in point.expanded:
        at = dots[0]
        between = _between(point, members[:at], members[at + 1 :])
        point.expanded[key] = tuple(between), members  # `members` stays alive, since its id is the key
    return point.expanded[key][0]


def _unsigned(node: s.Node) -> s.Node:
    return node.of if isinstance(node, s.Negative) else node


def _between(point: Point, before: tuple[s.Node, ...], after: tuple[s.Node, ...]) -> list[s.Node]:
    """All members, from the first to the last."""
    steps: set[tuple[int, int]] = set()
    if not _alike(before + after):
        spread = _with_powers(before + after)
        before, after = spread[: len(before)], spread[len(before) :]
    first, last = before[0], after[-1]
    second = before[1] if len(before) > 1 else None
    build = _member(point, first, second, last, steps)
    counts = {count for _, count in steps}
    if len(counts) != 1:
        raise UnsupportedError("dots that do not count")
    (count,) = counts
    members = [build(at) for at in range(count)]
    if count < 1:
        raise UnsupportedError("dots that count backwards")
    for at, printed in [*enumerate(before), *((count - len(after) + k, m) for k, m in enumerate(after))]:
        if 0 <= at < count and build(at) != _plain(point, printed):
            raise UnsupportedError("a printed member that is not of the progression")
    return members


def _alike(members: tuple[s.Node, ...]) -> bool:
    forms = {(type(m), len(m.factors) if isinstance(m, s.Product) else 1) for m in map(_unsigned, members)}
    return len(forms) == 1


def _with_powers(members: tuple[s.Node, ...]) -> tuple[s.Node, ...]:
    """Products such as X^2 A, X A X, A X^2 with all their powers: X^2 A X^0, X^1 A X^1, X^0 A X^2."""
    lists = [_factors_of(member) for member in members]
    powered = {factor.base for own in lists for factor in own if isinstance(factor, s.Power)}
    pattern = [_base(factor) for factor in max(lists, key=len)]
    return tuple(s.Product(tuple(_spread(own, pattern, powered))) for own in lists)


def _factors_of(member: s.Node) -> list[s.Node]:
    return list(member.factors) if isinstance(member, s.Product) else [member]


def _base(factor: s.Node) -> s.Node:
    return factor.base if isinstance(factor, s.Power) else factor


def _spread(factors: list[s.Node], pattern: list[s.Node], powered: set[s.Node]) -> Iterator[s.Node]:
    """The factors in the places that the pattern has for them, and the power 0 in the others."""
    waiting = list(factors)
    for base in pattern:
        here = bool(waiting) and _base(waiting[0]) == base
        factor = waiting.pop(0) if here else None
        if base in powered:
            yield s.Power(base, s.Number(0) if factor is None else getattr(factor, "exponent", s.Number(1)))
        elif factor is None:
            raise UnsupportedError("dots between members of different form")
        else:
            yield factor
    if waiting:
        raise UnsupportedError("dots between members of different form")


def _plain(point: Point, node: s.Node) -> s.Node:
    """A member with its integers settled, so that members can be compared."""
    return _member(point, node, node, node, set())(0)


def _member(point: Point, first, second, last, steps) -> Callable[[int], s.Node]:
    """at -> the member at that place. Integers run from `first` over `second` (or by ones) to `last`."""
    try:
        start, end = point.integer(first), point.integer(last)
    except UnsupportedError:
        return _rebuilt(point, first, second, last, steps)
    step = np.sign(end - start) if second is None else point.integer(second) - start
    if step == 0 and first == last:
        return lambda at: s.Number(start)
    if step == 0 or (end - start) % step:
        raise UnsupportedError("dots between numbers without a common step")
    steps.add((int(step), int((end - start) // step) + 1))
    return lambda at: s.Number(int(start + at * step))


def _rebuilt(point: Point, first, second, last, steps) -> Callable[[int], s.Node]:
    """Like `_member`, for members that are no integers: of the same form, with other integers inside."""
    if isinstance(first, s.Letter | s.Identity | s.Zero) and first == last and second in (None, first):
        return lambda at: first
    if type(first) is not type(last) or not (second is None or type(first) is type(second)):
        raise UnsupportedError("dots between members of different form")
    parts = {}
    for item in fields(first):
        if item.name != "span":
            triple = (tree if tree is None else getattr(tree, item.name) for tree in (first, second, last))
            parts[item.name] = _part(point, *triple, steps)
    return lambda at: replace(first, **{name: build(at) for name, build in parts.items()})


def _part(point: Point, first, second, last, steps) -> Callable[[int], object]:
    if isinstance(first, s.Node):
        return _member(point, first, second, last, steps)
    if isinstance(first, tuple):
        seconds = (None,) * len(first) if second is None else second
        if not len(first) == len(seconds) == len(last):
            raise UnsupportedError("dots between members of different length")
        builders = [_part(point, *triple, steps) for triple in zip(first, seconds, last, strict=True)]
        return lambda at: tuple(build(at) for build in builders)
    if first != last or second not in (None, first):
        raise UnsupportedError("dots between members that differ")
    return lambda at: first


_RULES: dict[type, Callable[[Point, s.Node], Value]] = {
    s.Number: lambda point, node: _scalar(node.value),
    s.Letter: Point.letter,
    s.Entry: _entry,
    s.Delta: lambda point, node: _scalar(point.integer(node.row) == point.integer(node.column)),
    s.SingleEntry: _single_entry,
    s.Identity: lambda point, node: np.eye(point.integer(node.size)) + 0j if node.size else Shapeless(1),
    s.Zero: lambda point, node: Shapeless(0),
    s.Negative: lambda point, node: _times(_scalar(-1), point.value(node.of)),
    s.Sum: _sum,
    s.Product: _product,
    s.Hadamard: _hadamard,
    s.Kronecker: _kronecker,
    s.Power: _power,
    s.Transpose: _transpose,
    s.Inverse: _inverse,
    s.Fraction: _fraction,
    s.Call: _call,
    s.Norm: _norm,
    s.BoundedSum: _bounded_sum,
    s.DottedSums: _dotted_sums,
    s.Derivative: lambda point, node: point.derivative(node.of, node.by),
    s.Apply: _apply,
    s.AtPoint: _at_point,
    s.ExplicitMatrix: _explicit_matrix,
    s.Cases: _cases,
}

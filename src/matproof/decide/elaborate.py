"""From printed trees to closed ones: dots written out, every index in its scope, no letter unaccounted for.

A closed tree has no `Dots`, `DottedSums` or `BoundedSum` any more. A sum over an index that only occurs in
subscripts becomes an `AxisSum` (evaluated as one array), any other a `LoopSum` (evaluated term by term);
bound indices have unique names. Equal subtrees are one object, so that they are evaluated once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeGuard

from ..language.claims import Claim
from ..language.integers import ClaimError, integer
from ..language.nodes import (
    Apply,
    AtPoint,
    BoundedSum,
    Call,
    Condition,
    Delta,
    Derivative,
    Dots,
    DottedSums,
    Entry,
    ExplicitMatrix,
    Identity,
    Indexed,
    Infinity,
    Letter,
    Negative,
    Node,
    Number,
    Product,
    SingleEntry,
    Space,
    Span,
    Sum,
    Zero,
    children,
    rebuilt,
    substitute,
    walk,
)
from ..language.operations import operation
from ..language.printing import to_latex
from ..language.scope import Declaration, Definition, Scope, is_own_operation
from .dots import LONGEST, Grid, expand_chain, expand_matrix, expand_summands, has_dots
from .limits import Limits


@dataclass(frozen=True)
class AxisSum(Node):
    """Sum over an index axis; without bounds over its whole range."""

    index: Letter
    lower: Node | None
    upper: Node | None
    body: Node


@dataclass(frozen=True)
class LoopSum(Node):
    """Sum whose terms are evaluated one by one, with the index as an integer."""

    index: Letter
    lower: Node | None
    upper: Node | None
    body: Node


@dataclass(frozen=True)
class Unsized(Node):
    r"""The identity or zero matrix of a shape to be inferred; the number keeps two occurrences apart."""

    identity: bool
    number: int


@dataclass(frozen=True)
class Unfolded(Node):
    """A definition written out at some arguments.

    `dimensions` holds what the definition says of the size of each argument, None where it says nothing;
    `takes` says the same in words.
    """

    body: Node
    arguments: tuple[Node, ...]
    dimensions: tuple[tuple[Node, ...] | None, ...]
    takes: tuple[str, ...]


@dataclass(frozen=True)
class Closed:
    """A claim ready for evaluation.

    `free` maps the free indices to a place where they stand; `definitions` holds the closed bodies of the
    defined letters that occur; `roles` says what the plain letters are; `invertible` holds the expressions
    that are declared invertible; `alone` holds the free indices that stand on one side only, and that side:
    they may, where its value does not depend on them.
    """

    lhs: Node
    rhs: Node
    free: Mapping[str, Span | None]
    definitions: Mapping[Letter, Node]
    roles: Roles
    invertible: frozenset[Node]
    conditions: tuple[Condition, ...] = ()  # under which the definitions that are used were made
    instances: frozenset[str] = frozenset()  # the sizes in them, under names of their own
    alone: tuple[tuple[str, str], ...] = ()

    @cached_property
    def shared(self) -> frozenset[int]:
        """The identities of the nodes whose values are asked for more than once."""
        seen: set[int] = set()
        shared: set[int] = set()
        pending = [self.lhs, self.rhs, *self.definitions.values()]
        while pending:
            node = pending.pop()
            if id(node) in seen:
                shared.add(id(node))
                continue
            seen.add(id(node))
            pending.extend(children(node))
            if isinstance(node, LoopSum | Grid):
                shared.update(id(part) for part in walk(node.body))
        return frozenset(shared)


@dataclass(frozen=True)
class Roles:
    """What stands for an integer: sizes (in a dimension), and parameters (n in N) with their minima.

    `others` are the sizes in declarations that the claim does not use; `counted` says whether the form of the
    claim depends on its parameters, because of dots.
    """

    sizes: frozenset[str]
    parameters: Mapping[str, int | None] = field(hash=False)
    others: frozenset[str] = frozenset()
    counted: bool = False

    @classmethod
    def of(cls, claim: Claim) -> Roles:
        """The roles by the declarations of the letters that occur; a size among them is no parameter."""
        scope, sizes, counted = claim.scope, set(), False
        pending: list[Node] = [claim.lhs, claim.rhs]
        seen: set[Letter] = set()
        while pending:
            parts = list(walk(pending.pop()))
            counted = counted or any(isinstance(part, Dots | DottedSums | Indexed) for part in parts)
            letters = {part for part in parts if isinstance(part, Letter)} - seen
            seen |= letters
            for part in parts:
                if isinstance(part, Identity | Space):
                    sizes |= _letters(part)
            for declaration in filter(None, map(scope.declaration, letters)):
                sizes |= {name for dimension in declaration.dimensions for name in _letters(dimension)}
                pending.extend(declaration.arguments)
            pending.extend(d.body for d in scope.definitions if d.letter in letters)
        declared = {d.letter: d.minimum for d in scope.declarations if d.kind == "integer"}
        parameters = {letter.name: declared[letter] for letter in declared if letter in seen}
        parameters = {name: low for name, low in parameters.items() if name not in sizes}
        every = {name for d in scope.declarations for size in d.dimensions for name in _letters(size)}
        return cls(frozenset(sizes), parameters, frozenset(every - sizes - set(parameters)), counted)


def _letters(node: Node) -> set[str]:
    return {part.name for part in walk(node) if isinstance(part, Letter)}


def elaborate(
    claim: Claim, roles: Roles, integers: Mapping[str, int], limits: Limits | None = None
) -> Closed:
    """Close both sides of a claim, for given values of its integer parameters.

    Raises `ClaimError` for dots that do not continue, for letters that nothing declares, and for indices that
    are summed twice, absent from their summand, free and summed, or free on one side only.
    """
    builder = _Builder(claim.scope, roles, integers, limits or Limits())
    if claim.relation == "in":
        lhs, free = builder.side(claim.lhs)
        builder.reject_bound(free)
        return builder.closed(lhs, claim.rhs, free)
    (lhs, left), (rhs, right) = builder.side(claim.lhs), builder.side(claim.rhs)
    free = {**right, **left}
    builder.reject_bound(free)
    alone = [(name, "left") for name in left if name not in right and claim.rhs != Number(0)]
    alone += [(name, "right") for name in right if name not in left and claim.lhs != Number(0)]
    return replace(builder.closed(lhs, rhs, free), alone=tuple(alone))


# -------------------------------------------------------------------------------------------- building


def _is_sum(node: Node) -> TypeGuard[BoundedSum]:
    return isinstance(node, BoundedSum)


def _in_scope(node: Node, index: Letter) -> Iterator[Node]:
    """The parts of a summand, without those of sums that count with the same letter."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        if _is_sum(node) and node.index == index:
            stack.extend(bound for bound in (node.lower, node.upper) if bound is not None)
        else:
            stack.extend(children(node))


def _uses(body: Node, index: Letter) -> Iterator[Node]:
    """Where a summand uses the index of its sum."""
    return (part for part in _in_scope(body, index) if part == index)


class _Builder:
    """Closes trees of one claim; see `elaborate`."""

    def __init__(self, scope: Scope, roles: Roles, integers: Mapping[str, int], limits: Limits) -> None:
        self.limits = limits
        self.scope, self.roles, self.integers = scope, roles, integers
        self.sizes = set(roles.sizes)
        self.bound: dict[str, Letter] = {}  # printed name of a bound index -> its unique letter
        self.summed: dict[str, Span | None] = {}  # every printed name ever bound
        self.free: dict[str, Span | None] = {}
        self.defined: dict[Letter, Node] = {}
        self.pool: dict[Node, Node] = {}
        self.sums: dict[tuple, tuple[Node, dict[str, Span | None]]] = {}
        self.promised = {_ordered(node) for node in scope.invertible}
        self.invertible: set[Node] = set()
        self.unfolding: list[Letter] = []
        self.conditions: list[Condition] = []
        self.instances: set[str] = set()
        self.fresh = 0

    # -- entry points

    def side(self, node: Node) -> tuple[Node, dict[str, Span | None]]:
        """A closed side and its free indices."""
        self.free = {}
        return self.visit(node), self.free

    def closed(self, lhs: Node, rhs: Node, free: Mapping[str, Span | None]) -> Closed:
        """The result."""
        for name, span in free.items():
            if name in self.sizes:
                raise ClaimError(f"{name} is a size in one place and an index in another", span)
        roles = Roles(frozenset(self.sizes), self.roles.parameters)
        return Closed(
            lhs,
            rhs,
            free,
            self.defined,
            roles,
            frozenset(self.invertible),
            tuple(self.conditions),
            frozenset(self.instances),
        )

    def reject_bound(self, free: Mapping[str, Span | None]) -> None:
        """No index may be free in one place of a claim and summed in another."""
        for name, span in self.summed.items():
            if name in free:
                raise ClaimError(f"the index {name} is summed here and free elsewhere in the claim", span)

    # -- the walk

    def visit(self, node: Node) -> Node:
        """The closed form of a node; equal ones are the same object."""
        self.limits.count_node()
        rule = _RULES.get(type(node))
        closed = rule(self, node) if rule else rebuilt(node, self.visit)
        closed = self.pool.setdefault(closed, closed)
        if self.promised and _ordered(node) in self.promised:
            self.invertible.add(closed)
        return closed

    def letter(self, node: Letter) -> Node:
        """A letter outside subscripts: it must have been declared, defined or bound."""
        if not node.bold and node.name in self.bound:
            return self.bound[node.name]
        if node in self.defined:
            return node
        definition = self.scope.definition(node)
        if definition is not None:
            return self.defined_letter(node, definition)
        if not node.bold and (node.name in self.sizes or node.name in self.roles.parameters):
            return node
        declaration = self.scope.declaration(node)
        if declaration is None and not node.bold and node.name in self.roles.others:
            self.sizes.add(node.name)
            return node
        if declaration is None:
            raise ClaimError(f"nothing declares {to_latex(node)}", node.span, "unreadable")
        if declaration.kind == "function":
            raise ClaimError(f"{node.name} is a function; of what is not said", node.span, "unreadable")
        if declaration.kind in ("sequence", "single-entry"):
            raise ClaimError(f"{to_latex(node)} stands without its index", node.span, "unreadable")
        if declaration.arguments:
            self.dependencies(node, declaration)
        return node

    def dependencies(self, node: Letter, declaration: Declaration) -> None:
        """What a letter depends on must be known too."""
        if node in self.unfolding:
            raise ClaimError(f"{to_latex(node)} depends on itself", node.span, "unreadable")
        self.unfolding.append(node)
        for argument in declaration.arguments:
            self.visit(argument)
        self.unfolding.pop()

    def defined_letter(self, node: Letter, definition: Definition) -> Node:
        """Close the body of a definition once; the letter itself stays, since one may differentiate by it."""
        if node in self.unfolding:
            raise ClaimError(f"{to_latex(node)} is defined by itself", node.span, "unreadable")
        if node not in self.defined:
            self.unfolding.append(node)
            outside, self.free = self.free, {}
            bound, self.bound = self.bound, {}
            self.defined[node] = self.visit(definition.body)
            stray, self.free, self.bound = self.free, outside, bound
            self.unfolding.pop()
            if stray:
                name, span = next(iter(stray.items()))
                raise ClaimError(f"the index {name} is free in the definition of {to_latex(node)}", span)
        return node

    def apply(self, node: Apply) -> Node:
        """Functions defined by `:=` are written out; the others keep their arguments."""
        definition = self.scope.definition(node.function, node.primes)
        if definition is not None and definition.parameters:
            return self.unfold(node, definition)
        definition = self.scope.definition(node.function)
        if definition is not None and definition.parameters:
            return self.derivative_of_defined(node, definition)
        declaration = self.scope.declaration(node.function)
        self.check_application(node, declaration)
        arguments = tuple(self.visit(argument) for argument in node.arguments)
        if not node.primes and arguments == declaration.arguments:
            return self.visit(node.function)  # U(x) is the letter U, so that one may differentiate by it
        return Apply(node.function, arguments, node.primes, span=node.span)

    def check_application(self, node: Apply, declaration: Declaration | None) -> None:
        """A function is declared, and has as many arguments as it is declared with."""
        name = to_latex(node.function)
        if declaration is None:
            raise ClaimError(f"nothing declares the function {name}", node.span, "unreadable")
        count = len(node.arguments if declaration.kind == "function" else declaration.arguments)
        if count == 0:
            raise ClaimError(f"{name} is declared as a constant, not as a function", node.span, "unreadable")
        if count != len(node.arguments):
            message = f"{name} has {len(node.arguments)} arguments here, {count} in its declaration"
            raise ClaimError(message, node.span, "unreadable")
        if node.primes and count != 1:
            raise ClaimError("a prime needs a function of one argument", node.span, "unreadable")

    def unfold(self, node: Apply, definition: Definition) -> Node:
        """The body of a defined function at the arguments."""
        name, count = to_latex(node.function), len(definition.parameters)
        if count != len(node.arguments):
            message = f"{name} has {len(node.arguments)} arguments here, {count} in its definition"
            raise ClaimError(message, node.span, "unreadable")
        if self.unfolding.count(node.function) > 6:
            raise ClaimError(f"{name} is defined by itself", node.span, "unreadable")
        general = node.arguments == definition.parameters and self.known(node.arguments)
        if general and not node.primes and not is_own_operation(node.function):
            return self.visit(node.function)
        arguments = tuple(self.visit(argument) for argument in node.arguments)
        self.unfolding.append(node.function)
        declared = {found.letter: found for found in definition.declarations}
        takes = tuple(_takes(definition, declared.get(parameter)) for parameter in definition.parameters)
        closed = self.instance(definition, arguments, takes, node.span)
        self.unfolding.pop()
        return closed

    def call(self, node: Call) -> Node:
        """Derived operations are written out."""
        row = operation(node)
        if row.definition is None or len(node.arguments) != len(row.shape.arguments):
            return rebuilt(node, self.visit)
        arguments = tuple(self.visit(argument) for argument in node.arguments)
        takes = tuple(row.needs(place) for place in range(len(arguments)))
        return self.instance(row.definition, arguments, takes, node.span)

    def instance(
        self,
        definition: Definition,
        arguments: tuple[Node, ...],
        takes: tuple[str, ...],
        span: Span | None,
    ) -> Node:
        """The body of a definition at closed arguments.

        It is closed with new letters for the parameters, and only then the arguments take their places: so
        no index of theirs is caught by a sum of the body. Where the body differentiates, they are the values
        of the new letters at a point instead.
        """
        self.fresh += 1
        new = {p: Letter(f"{p.name}′{self.fresh}", p.bold) for p in definition.parameters}
        sizes = {n: Letter(f"?{n.name.lstrip('?')}·{self.fresh}") for n in definition.sizes()}
        values = dict(zip(new.values(), arguments, strict=True))
        self.instances |= {size.name for size in sizes.values()}
        self.sizes |= self.instances
        self.defined.update(values)
        body = self.apart(substitute(self.with_arguments(definition, span), {**new, **sizes}), definition)
        if any(isinstance(part, Derivative | AtPoint) for part in walk(body)):
            body = AtPoint(body, tuple(values.items()), span=span)
        else:
            body = self.filled(body, values)
        self.conditions += [substitute(condition, sizes) for condition in definition.conditions]
        declared = {found.letter: found for found in definition.declarations}
        found = [declared.get(parameter) for parameter in definition.parameters]
        return Unfolded(
            body,
            arguments,
            tuple(tuple(substitute(n, sizes) for n in one.dimensions) if one else None for one in found),
            takes,
            span=span,
        )

    def with_arguments(self, definition: Definition, span: Span | None) -> Node:
        """The body of a definition, where U that depends on a parameter is written as U(x)."""
        depending = {}
        for part in walk(definition.body):
            declaration = self.scope.declaration(part) if isinstance(part, Letter) else None
            if declaration is not None and set(declaration.arguments) & set(definition.parameters):
                depending[part] = Apply(part, declaration.arguments)
        return _written_for(definition.body, depending, span)

    def apart(self, body: Node, definition: Definition) -> Node:
        """Close a body on its own: its indices have nothing to do with those around it."""
        outside = self.free, self.bound, self.summed
        self.free, self.bound, self.summed = {}, {}, {}
        closed = self.visit(body)
        stray = self.free
        self.free, self.bound, self.summed = outside
        if stray:
            name, span = next(iter(stray.items()))
            letter = to_latex(definition.letter)
            raise ClaimError(f"the index {name} is free in the definition of {letter}", span)
        return closed

    def filled(self, node: Node, values: Mapping[Letter, Node]) -> Node:
        """A closed tree with values for some letters; equal trees stay one object."""
        if isinstance(node, Letter):
            return values.get(node, node)
        self.limits.count_node()
        closed = rebuilt(node, lambda child: self.filled(child, values))
        if isinstance(closed, Apply) and not closed.primes:
            declaration = self.scope.declaration(closed.function)
            if declaration is not None and declaration.arguments == closed.arguments:
                return closed.function
        closed = self.pool.setdefault(closed, closed)
        if self.promised and _ordered(closed) in self.promised:
            self.invertible.add(closed)
        return closed

    def known(self, letters: tuple[Node, ...]) -> bool:
        """Whether all letters are declared or defined."""
        return all(self.scope.declaration(letter) or self.scope.definition(letter) for letter in letters)

    def derivative_of_defined(self, node: Apply, definition: Definition) -> Node:
        """g'(u) where only g was defined: the derivative of the body, at u."""
        if len(definition.parameters) != 1:
            raise ClaimError("a prime needs a function of one argument", node.span, "unreadable")
        (parameter,) = definition.parameters
        body = Derivative(definition.body, (parameter,) * node.primes)
        return self.visit(AtPoint(body, ((parameter, node.arguments[0]),), span=node.span))

    def derivative(self, node: Derivative) -> Node:
        """Variables are letters or entries of letters, and stay what they are."""
        by = tuple(self.visit(variable) for variable in node.by)
        for variable, printed in zip(by, node.by, strict=True):
            letter = variable if isinstance(variable, Letter) else getattr(variable, "of", None)
            if not isinstance(letter, Letter) or self.is_integer(letter) or self.is_sequence(letter):
                raise ClaimError(
                    "one differentiates by a letter or by an entry of one", printed.span, "unreadable"
                )
        return Derivative(self.visit(node.of), by, span=node.span)

    def is_integer(self, letter: Letter) -> bool:
        """Whether a letter stands for a size, a parameter or a counter."""
        plain = not letter.bold and (letter.name in self.sizes or letter.name in self.roles.parameters)
        return plain or letter in self.bound.values()

    def at_point(self, node: AtPoint) -> Node:
        """The letters that get values keep their names."""
        values = tuple((letter, self.visit(value)) for letter, value in node.assignments)
        for letter, _ in values:
            if self.scope.declaration(letter) is None and self.scope.definition(letter) is None:
                raise ClaimError(f"nothing declares {to_latex(letter)}", letter.span, "unreadable")
        return AtPoint(self.visit(node.of), values, span=node.span)

    # -- indices

    def index(self, node: Node) -> Node:
        """An index in a subscript: bound, free, or an integer expression."""
        if isinstance(node, Indexed):
            node = self.family_member(node)
        if not isinstance(node, Letter):
            return self.visit(node)
        if node.name in self.bound:
            return self.bound[node.name]
        if node.name not in self.sizes and node.name not in self.roles.parameters:
            self.free.setdefault(node.name, node.span)
        return node

    def family_member(self, node: Indexed) -> Letter:
        """u_{n-1} as the letter u_3, say."""
        return Letter(f"{node.name}_{integer(node.subscript, self.integers)}", span=node.span)

    def subscripts(self, node: Entry | Delta | SingleEntry | Condition) -> Node:
        """Nodes whose children are indices, but for the matrix of an entry."""
        if isinstance(node, Delta | SingleEntry):
            return type(node)(self.index(node.row), self.index(node.column), span=node.span)
        if isinstance(node, Condition):
            return Condition(self.index(node.left), node.relation, self.index(node.right), span=node.span)
        of = node.of if self.is_sequence(node.of) else self.visit(node.of)
        return Entry(of, tuple(self.index(index) for index in node.indices), span=node.span)

    def is_sequence(self, node: Node) -> bool:
        """Whether a node is the letter of a sequence c_n."""
        declaration = self.scope.declaration(node) if isinstance(node, Letter) else None
        return declaration is not None and declaration.kind == "sequence"

    # -- sums

    def bounded_sum(self, node: BoundedSum) -> Node:
        """Rename the index apart, and decide between an axis and a loop."""
        if isinstance(node.index, Indexed):
            family = self.family_member(node.index)
            node = BoundedSum(family, node.lower, node.upper, self.members(node.body), span=node.span)
        name = node.index.name
        self.reject_index(node, name)
        key = (node, *sorted(self.bound.items(), key=lambda item: item[0]))
        if key not in self.sums:
            outside, self.free = self.free, {}
            closed = self.new_sum(node, name)
            self.sums[key], self.free = (closed, self.free), outside
        closed, free = self.sums[key]
        if any(isinstance(part, Unsized) for part in walk(closed)):
            del self.sums[key]  # I and 0 may have another shape next time
        self.free = {**free, **self.free}
        return closed

    def reject_index(self, node: BoundedSum, name: str) -> None:
        """The rules for an index under a sum sign."""
        uses = len(list(_uses(node.body, node.index)))
        again = [part for part in walk(node.body) if _is_sum(part) and part.index == node.index]
        if again and not uses:
            raise ClaimError(f"the index {name} is summed twice", again[0].span)
        if name in self.sizes or name in self.roles.parameters:
            raise ClaimError(f"{name} is an index here, and a size or an integer elsewhere", node.span)
        if None in (node.lower, node.upper) and not uses:
            raise ClaimError(f"the summation index {name} is absent from its summand", node.span)

    def new_sum(self, node: BoundedSum, name: str) -> Node:
        """The closed sum, under a name of its own."""
        self.summed.setdefault(name, node.span)
        lower, upper = (bound if bound is None else self.visit(bound) for bound in (node.lower, node.upper))
        uses = len(list(_uses(node.body, node.index)))
        alone = 0 < uses == self.subscript_uses(node.body, node.index)
        axis = alone and not isinstance(upper, Infinity)
        outside = self.bound
        unique = self.unique(name)
        self.bound = {**outside, name: unique}
        body = self.visit(node.body)
        self.bound = outside
        return (AxisSum if axis else LoopSum)(unique, lower, upper, body, span=node.span)

    def subscript_uses(self, body: Node, index: Letter) -> int:
        """How often an index stands alone in a subscript."""
        count = 0
        for part in _in_scope(body, index):
            if isinstance(part, Entry) and not self.is_sequence(part.of):
                count += part.indices.count(index)
            elif isinstance(part, Delta | SingleEntry):
                count += (part.row, part.column).count(index)
            elif isinstance(part, Condition):
                count += (part.left, part.right).count(index)
        return count

    def unsized(self, node: Identity | Zero) -> Node:
        """I and 0 may have another shape at every occurrence."""
        if isinstance(node, Identity) and node.size is not None:
            return node
        self.fresh += 1
        return Unsized(isinstance(node, Identity), self.fresh, span=node.span)

    def unique(self, name: str) -> Letter:
        """A letter that no text can contain."""
        self.fresh += 1
        return Letter(f"{name}·{self.fresh}")

    # -- dots

    def dotted_sums(self, node: DottedSums) -> Node:
        r"""\sum_{u_1} \sum_{u_2} \cdots \sum_{u_{n-1}} as that many sums."""
        family, first = node.last.name, [integer(index.subscript, self.integers) for index in node.first]
        last = integer(node.last.subscript, self.integers)
        if first != list(range(first[0], first[0] + len(first))) or any(i.name != family for i in node.first):
            raise ClaimError("the sums before the dots do not count on", node.span, "unreadable")
        if not -1 <= last - first[0] <= LONGEST:
            raise ClaimError(f"the dots up to {family}_{last} cannot be written out", node.span, "undecided")
        body = self.members(node.body)
        surplus = {Letter(f"{family}_{number}") for number in range(last + 1, first[-1] + 1)}
        if any(part in surplus for part in walk(body)):
            raise ClaimError(
                f"without a sum over {family}_{first[-1]} the summand means nothing", node.span, "undecided"
            )
        for number in range(last, first[0] - 1, -1):
            body = BoundedSum(Letter(f"{family}_{number}"), None, None, body, span=node.span)
        return self.visit(body)

    def members(self, node: Node) -> Node:
        """The tree with members of index families, u_1, as plain letters."""
        if isinstance(node, Indexed):
            return self.family_member(node)
        if isinstance(node, DottedSums):
            raise ClaimError("sums with dots within each other need two families", node.span, "unreadable")
        if isinstance(node, Product) and has_dots(node.factors):
            node = Product(expand_chain(node.factors, self.integers, node.span), span=node.span)
        return rebuilt(node, self.members)

    def product(self, node: Product) -> Node:
        """Write out a chain with dots."""
        if not has_dots(node.factors):
            return rebuilt(node, self.visit)
        factors = expand_chain(node.factors, self.integers, node.span)
        return self.visit(factors[0] if len(factors) == 1 else Product(factors, span=node.span))

    def sum(self, node: Sum) -> Node:
        """Write out dots between summands, as a sum over an integer."""
        if not has_dots(node.terms):
            return rebuilt(node, self.visit)
        try:
            least = 1 if self.scope.lenient else 2
            start, stop, progression = expand_summands(
                node.terms, self.unique("r"), node.span, least, self.limits
            )
        except ClaimError as error:
            return self.visit(self.without_dots(node, error))
        dotted = BoundedSum(
            progression.letter, Number(0), progression.steps.node(), progression.body, span=node.span
        )
        terms = (*node.terms[:start], dotted, *node.terms[stop:])
        return self.visit(terms[0] if len(terms) == 1 else Sum(terms, span=node.span))

    def without_dots(self, node: Sum, error: ClaimError) -> Node:
        """In lenient mode, T_1 + T_2 + ... + T_n with dots that are no progression is read for n = 3 only.

        There the dots between the summands stand for nothing. Raises `error` where that is no way out.
        """
        terms = tuple(term for term in node.terms if not has_dots((term,)))
        if not self.scope.lenient or len(terms) != 3 or len(self.integers) != 1:
            raise error
        if set(self.integers.values()) != {3}:
            raise ClaimError(error.message, error.span, "undecided")
        return Sum(terms, span=node.span)

    def explicit_matrix(self, node: ExplicitMatrix) -> Node:
        """Write out the dots of rows and columns."""
        if not any(has_dots(row) for row in node.rows):
            return rebuilt(node, self.visit)
        return self.visit(expand_matrix(node, self.unique("r"), self.unique("c"), self.limits))

    def grid(self, node: Grid) -> Node:
        """The cells of a dotted matrix, with their counters bound."""
        rows, columns = self.visit(node.rows), self.visit(node.columns)
        for counter in (node.row, node.column):
            self.bound[counter.name] = counter
        body = self.visit(node.body)
        for counter in (node.row, node.column):
            del self.bound[counter.name]
        return Grid(node.row, rows, node.column, columns, body, span=node.span)


def _written_for(node: Node, values: Mapping[Letter, Node], span: Span | None) -> Node:
    """The body of a definition for one call, where `span` is: letters that are no functions are replaced."""

    def part(child: Node) -> Node:
        return _written_for(child, values, span)

    if isinstance(node, Apply):
        return Apply(node.function, tuple(map(part, node.arguments)), node.primes, span=span)
    if isinstance(node, Letter) and node in values:
        return values[node]
    return replace(rebuilt(node, part), span=span)


def _takes(definition: Definition, declaration: Declaration | None) -> str:
    """What a definition says of an argument, for messages."""
    sizes = " × ".join(map(to_latex, declaration.dimensions)) if declaration else ""
    kind = declaration.kind if declaration else ""
    return f"{to_latex(definition.letter)} takes a {kind}{' ' if sizes else ''}{sizes}"


def _ordered(node: Node) -> Node:
    r"""The same for all ways to print one sum: `t\mathbf{I} + \mathbf{A}`, `\mathbf{A} + \mathbf{I} t`."""
    if isinstance(node, Sum):
        return Sum(tuple(sorted(map(_ordered, node.terms), key=to_latex)))
    if isinstance(node, Negative):
        return Negative(_ordered(node.of))
    if isinstance(node, Product):
        plain = {factor for factor in node.factors if isinstance(factor, Letter) and not factor.bold}
        scalars = sorted((factor for factor in node.factors if factor in plain), key=to_latex)
        return Product((*scalars, *(factor for factor in node.factors if factor not in plain)))
    return node


_RULES = {
    Letter: _Builder.letter,
    Apply: _Builder.apply,
    Call: _Builder.call,
    Derivative: _Builder.derivative,
    AtPoint: _Builder.at_point,
    Entry: _Builder.subscripts,
    Delta: _Builder.subscripts,
    SingleEntry: _Builder.subscripts,
    Condition: _Builder.subscripts,
    BoundedSum: _Builder.bounded_sum,
    DottedSums: _Builder.dotted_sums,
    Product: _Builder.product,
    Sum: _Builder.sum,
    ExplicitMatrix: _Builder.explicit_matrix,
    Grid: _Builder.grid,
    Identity: _Builder.unsized,
    Zero: _Builder.unsized,
    Space: lambda builder, node: node,
}

"""A document -> its claims, each with all that is declared, defined and assumed where it stands.

The account is kept here: every equals sign is a claim, a definition, a condition or an annotation, and a
count of the characters that knows nothing of the parser must come to the same number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from ..language.claims import Claim
from ..language.nodes import (
    Condition,
    Indexed,
    Letter,
    Negative,
    Node,
    Number,
    Product,
    ReadError,
    Span,
    Sum,
    walk,
)
from ..language.scope import Declaration, Definition, Scope, own_operation
from .documents import Document, Unit
from .grammar import parse_integer, parse_tokens
from .outline import Item, Place, Region, outline
from .sets import declare, read_set, space
from .statements import EQUALS, INEQUALITIES, Link, Membership, Range, Stray
from .tokens import Token


@dataclass
class Account:
    """Where the equals signs of a document went; `equals_seen` is counted without parsing."""

    equals_seen: int = 0
    claims: int = 0
    definitions: int = 0
    conditions: int = 0
    annotations: int = 0

    @property
    def balanced(self) -> bool:
        """Whether no equals sign was lost and none was counted twice."""
        return self.equals_seen == self.claims + self.definitions + self.conditions + self.annotations


@dataclass(frozen=True)
class Lint:
    """A warning: what may be wrong, and where."""

    message: str
    unit: Unit = field(repr=False)
    span: Span

    @property
    def line(self) -> int:
        return self.unit.line(self.span[0])


@dataclass
class Reading:
    """What was read: the claims in order, each with its formula; the account; the formulas."""

    claims: list[tuple[Claim, Item]]
    account: Account
    items: list[Item]
    warnings: list[Lint]


def read_claims(document: Document, layout: str = "numerator") -> Reading:
    """All claims of a document in strict mode, where nothing is guessed."""
    return Reader(document, layout).read()


class Reader:
    """Two passes: first the declarations, which hold in their whole region; then all the rest, in order."""

    lenient = False

    def __init__(self, document: Document, layout: str) -> None:
        self.document, self.layout = document, layout
        self.items = outline(document, lenient=self.lenient)
        self.claims: list[tuple[Claim, Item]] = []
        self.account = Account()
        self.warnings: list[Lint] = []
        self.ordinals: defaultdict[str, int] = defaultdict(int)
        self.pending: tuple[Region | None, list[Condition]] = (None, [])
        self.parsed: dict[tuple[int, int], Node | ReadError] = {}
        self.scopes: dict[tuple, Scope] = {}

    def read(self) -> Reading:
        for item in self.items:
            for statement in item.statements.found:
                if isinstance(statement, Membership):
                    self.declare(item, statement)
        for item in self.items:
            self.read_item(item)
        return Reading(self.claims, self.account, self.items, self.warnings)

    # ------------------------------------------------------------------------------ first pass

    def declare(self, item: Item, membership: Membership) -> None:
        """Note the letters that a membership declares; what it says of expressions is for the second pass."""
        try:
            members = read_set(membership.space, membership.sign.span)
            found = [declare(tokens, members) for tokens in membership.items] if members else []
        except ReadError:
            return  # reported in the second pass
        for declaration in found:
            if declaration and not self.restates(declaration, item):
                place = (item.number, membership.sign.start)
                item.region.declared.append((place, declaration))

    def restates(self, declaration: Declaration, item: Item) -> bool:
        """x_i in R, where x is a vector, says nothing new."""
        name = declaration.letter.name
        known = [*item.region.declared, *(item.region.chapter or item.region).declared]
        vectors = {other.letter for _, other in known if other.kind == "vector"}
        return declaration.kind == "sequence" and Letter(name, True) in vectors

    # ----------------------------------------------------------------------------- second pass

    def read_item(self, item: Item) -> None:
        if not item.nested:
            self.account.equals_seen += item.relations
        self.account.annotations += item.statements.annotations
        if item.refused:
            self.refuse(item)
        for statement in sorted(item.statements.found, key=lambda found: found.sign.start):
            match statement:
                case Stray():
                    relation = "=" if statement.sign.text in EQUALS else "in"
                    self.add_claim(item, relation, statement.sign, [], [], statement.error)
                case Membership():
                    self.membership(item, statement)
                case Range():
                    self.index_range(item, statement)
                case Link():
                    self.link(item, statement)
        if item.formula.display:
            self.pending = (None, [])

    def refuse(self, item: Item) -> None:
        """One claim that stands for all relations of a formula that was not read."""
        count = item.relations
        if count:
            sign = Token("relation", "=", *item.refused.span)
            self.add_claim(item, "=", sign, [], [], item.refused, count)

    def membership(self, item: Item, membership: Membership) -> None:
        """Errors in a hypothesis, and what it says of expressions."""
        sign = membership.sign
        try:
            members = read_set(membership.space, sign.span)
            for tokens in membership.items if members else []:
                if not tokens:
                    raise ReadError("a membership of nothing", sign.span, "a letter or an expression")
                declared = declare(tokens, members)
                # a letter that was defined here is an expression like any other
                if declared is None or self.scope(item, sign.start).definition(declared.letter):
                    self.expression_in_set(item, tokens, members, membership)
        except ReadError as error:
            self.add_claim(item, "in", sign, [], [], error)

    def expression_in_set(self, item: Item, tokens: list[Token], members, membership: Membership) -> None:
        sign = membership.sign
        if members.integer or members.symmetric:
            raise ReadError("an expression in this set", (tokens[0].start, tokens[-1].end), "a letter")
        if members.invertible:
            node = self.expression(tokens, self.scope(item, sign.start))
            item.region.invertible.append(((item.number, sign.start), node))
        else:
            self.add_claim(item, "in", sign, tokens, membership.space, right=space(members))

    def index_range(self, item: Item, statement: Range) -> None:
        """i = 1, ..., m"""
        self.account.conditions += 1
        try:
            low, high, *indices = (
                parse_integer(tokens, Scope(), statement.sign.span)
                for tokens in (statement.low, statement.high, *statement.indices)
            )
        except ReadError as error:
            self.account.conditions -= 1
            self.add_claim(item, "=", statement.sign, [], [], error)
            return
        for index in indices:
            self.condition(item, Condition(low, "<=", index, span=statement.sign.span))
            self.condition(item, Condition(index, "<=", high, span=statement.sign.span))

    def link(self, item: Item, link: Link) -> None:
        if link.relation in INEQUALITIES:
            if condition := self.as_condition(item, link):
                self.condition(item, condition)
        elif link.relation == ":=":
            self.define(item, link)
        elif link.relation == "equiv":
            self.equivalence(item, link)
        elif self.is_condition(item, link) and (condition := self.as_condition(item, link)):
            self.account.conditions += 1
            self.condition(item, condition)
        else:
            self.add_claim(item, link.relation, link.sign, link.left, link.right)

    def equivalence(self, item: Item, link: Link) -> None:
        r"""\equiv may mean anything."""
        error = ReadError(r"the sign \equiv", link.sign.span, ":= for a definition, = for a claim")
        self.add_claim(item, "=", link.sign, link.left, link.right, error)

    # ------------------------------------------------------------------------------ conditions

    def as_condition(self, item: Item, link: Link) -> Condition | None:
        """The relation between integers, sizes or indices that a link is, if it is one."""
        try:
            sides = [parse_integer(tokens, Scope(), link.sign.span) for tokens in (link.left, link.right)]
        except ReadError:
            return None
        scope = self.scope(item, link.sign.start)
        parts = [part for side in sides for part in walk(side)]
        if not all(isinstance(part, _INTEGER_NODES) for part in parts):
            return None
        if any(isinstance(part, Letter) and not _may_be_integer(part, scope) for part in parts):
            return None
        return Condition(sides[0], link.relation, sides[1], span=link.sign.span)

    def condition(self, item: Item, condition: Condition) -> None:
        """Inequalities in a statement hold in its region; what prose says holds for the next display."""
        if item.in_statement and condition.relation in INEQUALITIES:
            item.region.conditions.append(((item.number, condition.span[0]), condition))
        elif self.pending[0] is item.region:
            self.pending[1].append(condition)
        else:
            self.pending = (item.region, [condition])

    def is_condition(self, item: Item, link: Link) -> bool:
        """A bare relation in prose between integers, sizes or indices, as in "for n = 1"."""
        alone = (
            all(isinstance(other, Link) for other in item.statements.found) and not item.statements.mentions
        )
        letters = [token for token in [*link.left, *link.right] if token.kind == "letter"]
        if item.formula.display or not alone or not letters or any(token.bold for token in letters):
            return False
        scope = self.scope(item, link.sign.start)
        unknown = {token.text for token in letters if not _is_integer(Letter(token.text), scope)}
        return not unknown or unknown <= self.indices_of_next_display(item)

    def indices_of_next_display(self, item: Item) -> set[str]:
        """The letters in subscripts of the display that a condition in prose holds for."""
        return self.next_indices[item.number]

    @cached_property
    def next_indices(self) -> list[set[str]]:
        """For every formula, the letters in subscripts of the next display in its region."""
        found: list[set[str]] = []
        region, letters = None, set[str]()
        for item in reversed(self.items):
            found.append(letters if item.region is region else set())
            if item.region is not region:
                region, letters = item.region, set()
            if item.formula.display:
                letters = _subscript_letters(item.tokens)
        return found[::-1]

    # ----------------------------------------------------------------------------- definitions

    def define(self, item: Item, link: Link) -> None:
        """letter := body"""
        try:
            definition = self.definition(item, link)
        except ReadError as error:
            self.add_claim(item, "=", link.sign, link.left, link.right, error)
            return
        self.account.definitions += 1
        item.region.section.defined.append(((item.number, link.sign.start), definition))

    def definition(self, item: Item, link: Link) -> Definition:
        letter, primes, parameters = definition_head(link)
        scope = self.scope(item, link.sign.start)
        body = self.expression(link.right, scope)
        for other in (body, *(known.body for known in scope.definitions)):
            if any(part == letter for part in walk(other)) and not primes:
                span = (link.left[0].start, link.left[-1].end)
                raise ReadError(f"{letter.name} is used in a definition already", span, "a new letter")
        declared = tuple(found for found in map(scope.declaration, parameters) if found)
        definition = Definition(letter, body, parameters, primes, link.sign.span, declared)
        conditions = self.conditions_on(definition.sizes(), item)
        return replace(definition, conditions=conditions)

    def conditions_on(self, sizes: frozenset[Letter], item: Item) -> tuple[Condition, ...]:
        """The conditions on some sizes under which a definition is made."""
        said = [condition for _, condition in item.region.conditions]
        said += self.pending[1] if self.pending[0] is item.region else []
        letters = {id(found): {p for p in walk(found) if isinstance(p, Letter)} for found in said}
        return tuple(found for found in said if letters[id(found)] and letters[id(found)] <= sizes)

    # ------------------------------------------------------------------------------- scopes

    def scope(self, item: Item, offset: int) -> Scope:
        """All that holds at a place. Scopes are shared by all claims for which the same holds."""
        now: Place = (item.number, offset)
        region, chapter = item.region, item.region.chapter
        conditions = tuple(condition for place, condition in region.conditions)
        if item.formula.display and self.pending[0] is region:
            conditions += tuple(self.pending[1])
        defined = [(place, found) for place, found in region.section.defined if place <= now]
        if chapter and chapter.section is not region.section:
            defined = [*chapter.section.defined, *defined]
        said = sum(place <= now for place, _ in region.declared)
        invertible = tuple(node for _, node in region.invertible)
        key = (
            id(region),
            said,
            tuple(id(found) for _, found in defined),
            conditions,
            len(invertible),
        )
        if key not in self.scopes:
            declared = self.declared_at(region, now)
            declarations, definitions = _latest(declared, defined, region.start, self.lenient)
            self.scopes[key] = Scope(
                declarations, definitions, conditions, invertible, layout=self.layout, lenient=self.lenient
            )
        return self.scopes[key]

    def declared_at(self, region: Region, now: Place) -> list[tuple[Place, Declaration]]:
        """Declarations by increasing weight: said later here, in the chapter's opening, said before here."""
        later = [(place, found) for place, found in region.declared if place > now]
        before = [(place, found) for place, found in region.declared if place <= now]
        opening = region.chapter.declared if region.chapter else []
        # a letter that is declared only later in its region holds from the region's beginning
        return [
            *(((-2, 0), found) for _, found in reversed(later)),
            *(((-1, 0), found) for _, found in opening),
            *before,
        ]

    # ------------------------------------------------------------------------------- claims

    def expression(self, tokens: Sequence[Token], scope: Scope) -> Node:
        """The tree of an expression, which is read only once in each scope. Raises `ReadError`."""
        key = (id(tokens), id(scope))
        if key not in self.parsed:
            try:
                end = tokens[-1].end if tokens else 0
                node: Node | ReadError = parse_tokens(tokens, scope, (end, end))
                _check_arguments(node, scope)
            except ReadError as error:
                node = error
            self.parsed[key] = node
        if isinstance(self.parsed[key], ReadError):
            raise self.parsed[key]
        return self.parsed[key]

    def add_claim(
        self,
        item: Item,
        relation: str,
        sign: Token,
        left: list[Token],
        right_tokens: list[Token],
        error: ReadError | None = None,
        count: int = 1,
        right: Node | None = None,
    ) -> None:
        lhs = rhs = None
        scope = self.scope(item, sign.start)
        if error is None:
            try:
                lhs = self.expression(left, scope)
                rhs = right or self.expression(right_tokens, scope)
            except ReadError as problem:
                error, lhs = problem, None
        scope, assumptions = self.settle(item, lhs, rhs, scope)
        if relation != "in":
            self.account.claims += count
            self.ordinals[item.id] += 1
        claim = Claim(
            relation,
            lhs,
            rhs,
            scope,
            item.id,
            self.ordinals[item.id],
            item.unit.line(sign.start),
            self.latex(item, left, right_tokens, sign),
            sign.span,
            cell=item.unit.cell,
            error=error,
            count=count,
            assumptions=assumptions,
            inside=item.inside,
        )
        self.claims.append((claim, item))

    def latex(self, item: Item, left: list[Token], right: list[Token], sign: Token) -> str:
        """The two sides as they are printed, or the row of a relation that could not be read."""
        text = item.unit.visible
        if not (left and right):
            row, start = item.unit.row(sign.start)
            end = min(start + len(row), item.formula.end)
            return " ".join(text[max(start, item.formula.start) : end].split())
        sides = [text[side[0].start : side[-1].end] for side in (left, right)]
        return " ".join(f"{sides[0]} {text[sign.start : sign.end]} {sides[1]}".split())

    def settle(
        self, item: Item, lhs: Node | None, rhs: Node | None, scope: Scope
    ) -> tuple[Scope, tuple[str, ...]]:
        """The scope for the judge, and what was taken for granted: nothing in strict mode."""
        return scope, ()


def _latest(
    declared: list[tuple[Place, Declaration]],
    defined: list[tuple[Place, Definition]],
    start: int,
    lenient: bool,
) -> tuple[tuple[Declaration, ...], tuple[Definition, ...]]:
    """Of each letter what was said last; in the region itself, from formula `start` on, a definition stays.

    Definitions whose letters are unknown now are left out.
    """
    declarations: dict[Letter, tuple[Place, Declaration]] = {}
    for place, declaration in declared:
        declarations[declaration.letter] = (place, declaration)
    definitions: dict[tuple[Letter, int], Definition] = {}
    for place, definition in defined:
        letter = definition.letter
        if letter not in declarations or declarations[letter][0] < place or place >= (start, 0):
            definitions[letter, definition.primes] = definition
    for letter, _ in definitions:
        declarations.pop(letter, None)
    known = Scope(tuple(found for _, found in declarations.values()), tuple(definitions.values()))
    usable = tuple(found for found in definitions.values() if lenient or _is_usable(found, known))
    return known.declarations, usable


def _is_usable(definition: Definition, scope: Scope) -> bool:
    bold = (part for part in walk(definition.body) if isinstance(part, Letter) and part.bold)
    return all(scope.knows(letter) or letter in definition.parameters for letter in bold)


def _check_arguments(node: Node, scope: Scope) -> None:
    """Every letter that a used letter depends on must be declared itself."""
    if scope.lenient:
        return
    for part in walk(node):
        declared = scope.declaration(part) if isinstance(part, Letter) else None
        for argument in declared.arguments if declared and declared.kind != "integer" else ():
            if not scope.knows(argument):
                raise ReadError(
                    f"{part.name} depends on {argument.name}, which is not declared",
                    part.span or node.span,
                    rf"a declaration such as {argument.name} \in \mathbb{{R}}",
                )


def definition_head(link: Link) -> tuple[Letter, int, tuple[Letter, ...]]:
    """Letter, primes and parameters on the left of :=."""
    first, rest = link.left[0], list(link.left[1:])
    primes = 0
    while rest and rest[0].text == "'":
        primes += 1
        rest.pop(0)
    letter = Letter(first.text, first.bold, span=first.span)
    if first.kind == "name":
        letter = own_operation(first.text, first.span)
    names, commas = rest[1:-1:2], rest[2:-1:2]
    is_call = len(rest) >= 3 and rest[0].kind == "open" and rest[-1].kind == "close"
    is_call = (
        is_call and all(token.kind == "letter" for token in names) and all(t.text == "," for t in commas)
    )
    named = first.kind == "letter" or (first.kind == "name" and is_call)
    if not named or ((rest or primes) and not is_call):
        span = (link.left[0].start, link.left[-1].end)
        raise ReadError("only a letter can be defined", span, r"\mathbf{Y} := ..., f := ... or f(x) := ...")
    return letter, primes, tuple(Letter(token.text, token.bold, span=token.span) for token in names)


_INTEGER_NODES = (Number, Letter, Indexed, Sum, Negative, Product)


def _is_integer(letter: Letter, scope: Scope) -> bool:
    """Whether a letter is declared as an integer or is a size."""
    declared = scope.declaration(letter)
    return letter in scope.sizes or bool(declared and declared.kind == "integer")


def _may_be_integer(letter: Letter, scope: Scope) -> bool:
    """An integer, a size, or a letter of which nothing is said: an index."""
    return not letter.bold and (_is_integer(letter, scope) or not scope.knows(letter))


def _subscript_letters(tokens: Sequence[Token]) -> set[str]:
    """The plain letters in subscripts."""
    found: set[str] = set()
    depth = 0
    for before, token in pairwise(tokens):
        if before.text == "_" and token.kind == "letter":
            found.add(token.text)
        if token.kind == "{" and (depth or before.text == "_"):
            depth += 1
        elif token.kind == "}" and depth:
            depth -= 1
        elif depth and token.kind == "letter":
            found.add(token.text)
    return found

"""A document -> its claims, each with all that is declared, defined and assumed where it stands.

The account is kept here: every equals sign is a claim, a definition, a condition or an annotation, and a
count of the characters that knows nothing of the parser must come to the same number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ..language.claims import Claim
from ..language.nodes import (
    Condition,
    Letter,
    Node,
    ReadError,
    Span,
    walk,
)
from ..language.scope import Declaration, Definition, Layout, Scope, own_operation
from .conditions import Conditions, as_condition
from .documents import Document, Unit
from .grammar import parse_integer, parse_tokens
from .outline import Item, Place, Region, Section, outline
from .prose import declares_anew
from .sets import Set, declare, read_set, space
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
        self.document = document
        self.layout: Layout = "denominator" if layout == "denominator" else "numerator"
        self.items = outline(document, lenient=self.lenient)
        self.claims: list[tuple[Claim, Item]] = []
        self.account = Account()
        self.warnings: list[Lint] = []
        self.ordinals: defaultdict[str, int] = defaultdict(int)
        self.conditions = Conditions(self.items)
        self.as_conditions: set[int] = set()  # links that are conditions
        self.anew: set[Place] = set()  # declarations that end an earlier definition
        self.versions: defaultdict[int, int] = defaultdict(int)  # of the definitions in each section
        self.parsed: dict[tuple[int, int], Node | ReadError] = {}
        self.scopes: dict[tuple[object, ...], Scope] = {}

    def read(self) -> Reading:
        for item in self.items:
            for statement in item.statements.found:
                if isinstance(statement, Membership):
                    self.declare(item, statement)
        for item in self.items:
            self.find_conditions(item)
        for item in self.items:
            self.read_item(item)
        return Reading(self.claims, self.account, self.items, self.warnings)

    # ------------------------------------------------------------------------------ first pass

    def declare(self, item: Item, membership: Membership) -> None:
        """Note the letters that a membership declares; what it says of expressions is for the second pass."""
        try:
            members = read_set(membership.space, membership.sign.span)
            found = [declare(tokens, members) for tokens in membership.items] if members else []
        except ReadError:  # reported in the second pass
            members, found = None, []
        if members is None:
            letters = (token for tokens in membership.items for token in tokens if token.kind == "letter")
            item.region.unknown.append(((item.number, membership.sign.start), tuple(letters)))
        for declaration in found:
            if declaration and not self.restates(declaration, item):
                place = (item.number, membership.sign.start)
                item.region.declared.append((place, declaration))
                self.conditions.declare(item, declaration)
                if declares_anew(self.conditions.words[item.number]):
                    self.anew.add(place)

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
                case Link():
                    self.link(item, statement)

    def refuse(self, item: Item) -> None:
        """One claim that stands for all relations of a formula that was not read."""
        count = item.relations
        if count and item.refused:
            sign = Token("relation", "=", *item.refused.span)
            self.add_claim(item, "=", sign, [], [], item.refused, count)

    def membership(self, item: Item, membership: Membership) -> None:
        """Errors in a hypothesis, and what it says of expressions."""
        sign = membership.sign
        try:
            members = read_set(membership.space, sign.span)
            if members is None:
                return
            for tokens in membership.items:
                if not tokens:
                    raise ReadError("a membership of nothing", sign.span, "a letter or an expression")
                declared = declare(tokens, members)
                # a letter that was defined here is an expression like any other
                if declared is None or self.scope(item, sign.start).definition(declared.letter):
                    self.expression_in_set(item, tokens, members, membership)
        except ReadError as error:
            self.add_claim(item, "in", sign, [], [], error)

    def expression_in_set(
        self, item: Item, tokens: list[Token], members: Set, membership: Membership
    ) -> None:
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
        try:
            low, high, *indices = (
                parse_integer(tokens, Scope(), statement.sign.span)
                for tokens in (statement.low, statement.high, *statement.indices)
            )
        except ReadError as error:
            self.add_claim(item, "=", statement.sign, [], [], error)
            return
        self.account.conditions += 1
        local = item.statements.claims
        for index in indices:
            for left, right in ((low, index), (index, high)):
                condition = Condition(left, "<=", right, span=statement.sign.span)
                self.conditions.add(item, condition, local=local)

    def link(self, item: Item, link: Link) -> None:
        if id(link) in self.as_conditions:
            self.account.conditions += link.relation in EQUALS
        elif link.relation in INEQUALITIES:
            self.inequality(item, link)
        elif link.relation == ":=":
            self.define(item, link)
        elif link.relation == "equiv":
            self.equivalence(item, link)
        elif not self.lenient and (link.given or (link.aside and self.is_between_integers(item, link))):
            error = ReadError(
                "a condition or a claim?", link.sign.span, "a claim of its own, or words such as for"
            )
            self.add_claim(item, link.relation, link.sign, link.left, link.right, error)
        else:
            self.add_claim(item, link.relation, link.sign, link.left, link.right)

    def inequality(self, item: Item, link: Link) -> None:
        """It is no claim; but in one chain with an equation its sides must be read."""
        if not link.mixed:
            return
        scope = self.scope(item, link.sign.start)
        try:
            for side in (link.left, link.right):
                self.expression(side, scope)
        except ReadError as error:
            self.add_claim(item, "in", link.sign, [], [], error)

    def equivalence(self, item: Item, link: Link) -> None:
        r"""\equiv may mean anything."""
        error = ReadError(r"the sign \equiv", link.sign.span, ":= for a definition, = for a claim")
        self.add_claim(item, "=", link.sign, link.left, link.right, error)

    # ------------------------------------------------------------------------------ conditions

    def find_conditions(self, item: Item) -> None:
        """Before any claim is read: what it may be read under, said before or behind it."""
        claims = item.statements.claims
        for statement in item.statements.found:
            if isinstance(statement, Range):
                self.index_range(item, statement)
            elif isinstance(statement, Link) and self.may_be_condition(item, statement):
                condition = self.condition_of(item, statement)
                local = claims and (
                    item.formula.display or statement.given or statement.relation in INEQUALITIES
                )
                if condition:
                    self.as_conditions.add(id(statement))
                    self.conditions.add(item, condition, local=local)
                elif statement.relation in INEQUALITIES and (
                    statement.given or statement.aside or not claims
                ):
                    self.cannot_use(item, statement)

    def may_be_condition(self, item: Item, link: Link) -> bool:
        """A relation that words introduce; an inequality also without them."""
        if link.relation in INEQUALITIES or link.given:
            return True
        alone = not item.statements.mentions and all(isinstance(one, Link) for one in item.statements.found)
        letters = [token for token in [*link.left, *link.right] if token.kind == "letter"]
        introduced = bool(self.conditions.introduced[item.number])
        return (
            introduced
            and alone
            and bool(letters)
            and not item.formula.display
            and link.relation in ("=", "!=")
        )

    def cannot_use(self, item: Item, link: Link) -> None:
        """A condition on anything but integers: no trial is restricted to it."""
        if self.conditions.introduced[item.number] or link.given or link.aside:
            text = item.unit.text[item.formula.start : item.formula.end]
            self.conditions.unused[self.conditions.sentence[item.number]].append(" ".join(text.split()))

    def is_between_integers(self, item: Item, link: Link) -> bool:
        """Whether an equation beside another one may be its condition."""
        return self.condition_of(item, link) is not None

    def condition_of(self, item: Item, link: Link) -> Condition | None:
        """The relation between integers that a link is, if it is one."""
        return as_condition(link, lambda: self.scope(item, link.sign.start))

    # ----------------------------------------------------------------------------- definitions

    def define(self, item: Item, link: Link) -> None:
        """letter := body"""
        try:
            definition = self.definition(item, link)
        except ReadError as error:
            self.add_claim(item, "=", link.sign, link.left, link.right, error)
            return
        self.account.definitions += 1
        self.keep(item.region.section, (item.number, link.sign.start), definition)

    def keep(self, section: Section, place: Place, definition: Definition) -> None:
        """Note a definition; what the letter meant before is of no use any more."""
        section.defined[:] = [
            (at, old)
            for at, old in section.defined
            if (old.letter, old.primes) != (definition.letter, definition.primes)
        ]
        section.defined.append((place, definition))
        self.versions[id(section)] += 1

    def definition(self, item: Item, link: Link) -> Definition:
        letter, primes, parameters = definition_head(link)
        scope = self.scope(item, link.sign.start)
        span = (link.left[0].start, link.left[-1].end)
        if letter in scope.sizes:
            raise ReadError(f"{letter.name} is a size already", span, "a new letter")
        body = self.expression(link.right, scope)
        for other in (body, *(known.body for known in scope.definitions)):
            if any(part == letter for part in walk(other)) and not primes:
                raise ReadError(f"{letter.name} is used in a definition already", span, "a new letter")
        declared = tuple(found for found in map(scope.declaration, parameters) if found)
        definition = Definition(letter, body, parameters, primes, link.sign.span, declared)
        conditions = self.conditions_on(definition, item)
        return replace(definition, conditions=conditions)

    def conditions_on(self, definition: Definition, item: Item) -> tuple[Condition, ...]:
        """What is said of the sizes of the parameters where they are declared, or in the same sentence."""
        sizes, declared = definition.sizes(), set(definition.declarations)
        places = [place for place, found in item.region.declared if found in declared]
        sentences = {self.conditions.sentence[number] for number in (*(n for n, _ in places), item.number)}
        said = [condition for _, condition in item.region.conditions]
        said += [found for number in sorted(sentences) for found in self.conditions.in_sentence[number]]
        letters = {id(found): {p for p in walk(found) if isinstance(p, Letter)} for found in said}
        return tuple(found for found in said if letters[id(found)] and letters[id(found)] <= sizes)

    # ------------------------------------------------------------------------------- scopes

    def scope(self, item: Item, offset: int) -> Scope:
        """All that holds at a place. Scopes are shared by all claims for which the same holds."""
        now: Place = (item.number, offset)
        region, chapter = item.region, item.region.chapter
        conditions, unused = self.conditions.at(item), self.conditions.unused_at(item)
        defined = [(place, found) for place, found in region.section.defined if place <= now]
        if chapter and chapter.section is not region.section:
            defined = [*chapter.section.defined, *defined]
        said = sum(place <= now for place, _ in region.declared)
        invertible = tuple(node for _, node in region.invertible)
        key = (
            id(region),
            said,
            self.versions[id(region.section)],
            self.versions[id(chapter.section)] if chapter else 0,
            conditions,
            unused,
            len(invertible),
        )
        if key not in self.scopes:
            declared = self.declared_at(region, now)
            declarations, definitions = _latest(declared, defined, region.start, self.lenient, self.anew)
            if not self.lenient:
                declarations += _of_arguments(declarations, definitions)
            self.scopes[key] = Scope(
                declarations,
                definitions,
                conditions,
                invertible,
                unused,
                layout=self.layout,
                lenient=self.lenient,
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
                node = parse_tokens(tokens, scope, (end, end))
                _check_arguments(node, scope)
                self.parsed[key] = node
            except ReadError as error:
                self.parsed[key] = error
        found = self.parsed[key]
        if isinstance(found, ReadError):
            raise found
        return found

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
            _CLAIMED[relation],
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


_CLAIMED: dict[str, Literal["=", "!=", "in"]] = {
    "=": "=",
    ":=": "=",
    "equiv": "=",
    "!=": "!=",
    "in": "in",
}


def _latest(
    declared: list[tuple[Place, Declaration]],
    defined: list[tuple[Place, Definition]],
    start: int,
    lenient: bool,
    anew: set[Place],
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
        said = declarations[letter][0] if letter in declarations else (-3, 0)
        if said < place or (place >= (start, 0) and said not in anew):
            definitions[letter, definition.primes] = definition
    for letter, _ in definitions:
        declarations.pop(letter, None)
    known = Scope(tuple(found for _, found in declarations.values()), tuple(definitions.values()))
    usable = tuple(found for found in definitions.values() if lenient or _is_usable(found, known))
    return known.declarations, usable


def _of_arguments(
    declarations: tuple[Declaration, ...], definitions: tuple[Definition, ...]
) -> tuple[Declaration, ...]:
    """U(x) in R^{m x n} says of a plain x that it is a number, where nothing else is said of it."""
    known = Scope(declarations, definitions)
    arguments = dict.fromkeys(
        one for found in declarations for one in found.arguments if found.kind != "integer"
    )
    return tuple(
        Declaration(one, "scalar", span=one.span)
        for one in arguments
        if not one.bold and not known.knows(one)
    )


def _is_usable(definition: Definition, scope: Scope) -> bool:
    bold = (part for part in walk(definition.body) if isinstance(part, Letter) and part.bold)
    return all(scope.knows(letter) or letter in definition.parameters for letter in bold)


def _check_arguments(node: Node, scope: Scope) -> None:
    """Every letter that a used letter depends on must be declared itself."""
    if scope.lenient:
        return
    for part in walk(node):
        if not isinstance(part, Letter):
            continue
        declared = scope.declaration(part)
        for argument in declared.arguments if declared and declared.kind != "integer" else ():
            if not scope.knows(argument):
                raise ReadError(
                    f"{part.name} depends on {argument.name}, which is not declared",
                    part.span or node.span or (0, 0),
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

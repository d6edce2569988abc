r"""Other people's documents: what they leave unsaid is inferred, and every inference is listed.

- The kind of a letter comes from its typography: bold capitals are matrices, bold small letters vectors; in a
  document without bold letters a capital is a matrix, and a letter with and without an index is a vector.
- A letter in an exponent is a positive integer; other plain letters are scalars, or indices.
- "U = U(x)" makes U depend on x until the next heading; other equations in prose with a single letter on the
  left set something and are not claims; "C = C^\top" makes C symmetric.
- "g(A) = ..." defines a bold g of which nothing else is known, and "g'(A) = ..." its derivative.
- Shapes are left open and are inferred by the judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..language.nodes import (
    Apply,
    BoundedSum,
    Delta,
    DottedSums,
    Entry,
    Identity,
    Indexed,
    Infinity,
    Letter,
    Node,
    Number,
    Power,
    ReadError,
    SingleEntry,
    children,
    walk,
)
from ..language.printing import to_latex
from ..language.scope import Declaration, Definition, Scope
from .conditions import as_condition
from .documents import Document
from .outline import Item, Region
from .prose import concludes
from .reader import Lint, Reader, Reading, definition_head
from .statements import INEQUALITIES, Link
from .tokens import Token

_DEPENDENCY = re.compile(r"(?<![A-Za-z\\])([A-Za-z])\s*=\s*\1\s*\(\s*([A-Za-z](?:\s*,\s*[A-Za-z])*)\s*\)")
_SUBSTITUTION = re.compile(r"代入|\b(?:put|set|let|replac|substitut|insert)", re.IGNORECASE)
_ENTRIES = re.compile(r"成分|entries|components")


def read_claims_leniently(document: Document, layout: str = "numerator") -> Reading:
    """All claims of a document whose author did not write for this program."""
    return LenientReader(document, layout).read()


class LenientReader(Reader):
    """Strict reading with guesses where it would refuse; the guesses are listed."""

    lenient = True

    def read(self) -> Reading:
        self.has_bold = any(
            token.bold and token.kind == "letter" for item in self.items for token in item.tokens
        )
        self.typography = tuple(self.typographic_declarations())
        self.symmetric: dict[int, set[Letter]] = {}
        self.depends: dict[int, dict[Letter, tuple[Letter, ...]]] = {}
        self.defining: set[int] = set()  # links that define a function
        for item in self.items:
            self.find_dependencies(item)
        for item in self.items:
            for link in item.statements.found:
                if isinstance(link, Link) and link.relation == "=" and self.defines_function(item, link):
                    self.define_function(item, link)
        return super().read()

    # --------------------------------------------------------------------- the document as a whole

    def typographic_declarations(self) -> Iterator[Declaration]:
        """Letters whose kind the reader of formulas must know beforehand."""
        bare: set[str] = set()
        indexed: set[str] = set()
        for item in self.items:
            for place, token in _outside_scripts(item.tokens):
                if token.kind == "letter" and not token.bold:
                    follows = item.tokens[place + 1].text if place + 1 < len(item.tokens) else ""
                    (indexed if follows == "_" else bare).add(token.text)
                    if follows == "_" and any(t.text == r"\infty" for t in item.tokens) and token.text == "c":
                        yield Declaration(Letter("c"), "sequence", rigid=False)
        if not self.has_bold:
            for name in sorted(bare):
                if name.isupper() and name not in "EI":
                    yield _matrix(Letter(name))
                elif name in indexed:
                    yield Declaration(Letter(name), "vector", (Letter(f"?{name}"),), rigid=False)

    def find_dependencies(self, item: Item) -> None:
        """ "U = U(x)" and "C = C^T", in a formula of its own or in the words behind this one."""
        for link in item.statements.found:
            if not isinstance(link, Link) or link.relation != "=":
                continue
            if link.remark or not item.formula.display or is_call(link.right):
                self.note_dependency(item.region, link)
        following = self.items[item.number + 1 : item.number + 2]
        end = len(item.unit.text)
        if following and following[0].unit is item.unit:
            end = following[0].formula.start
        for match in _DEPENDENCY.finditer(item.unit.text, item.formula.end, end):
            names = [match[1], *re.findall("[A-Za-z]", match[2])]
            letter, *arguments = (self.letter_in_words(name) for name in names)
            self.depends.setdefault(id(item.region), {})[letter] = tuple(arguments)

    def letter_in_words(self, name: str) -> Letter:
        """Words have lost the bold face: capitals are matrices."""
        return Letter(name, self.has_bold and name.isupper())

    def note_dependency(self, region: Region, link: Link) -> bool:
        if len(link.left) != 1 or link.left[0].kind != "letter":
            return False
        first, right = link.left[0], link.right
        letter = Letter(first.text, first.bold)
        if right[0][:2] + right[0][4:] != first[:2] + first[4:]:
            return False
        if [token.text for token in right[1:] if token.kind not in ("{", "}")] == ["^", r"\top"]:
            self.symmetric.setdefault(id(region), set()).add(letter)
            return True
        inside = [token for token in right[2:-1] if token.text != ","]
        if len(right) < 4 or right[1].kind != "open" or any(token.kind != "letter" for token in inside):
            return False
        arguments = tuple(Letter(token.text, token.bold) for token in inside)
        self.depends.setdefault(id(region), {})[letter] = arguments
        return True

    # ------------------------------------------------------------------------------ statements

    def read_item(self, item: Item) -> None:
        self.define_by_entries(item)
        super().read_item(item)

    def define_by_entries(self, item: Item) -> None:
        """ "the entries of X^{-1} are y_{ij}": an expression, a few words, an entry."""
        if not item.number or item.statements.found or len(item.statements.mentions) != 1:
            return
        before, entry = self.items[item.number - 1], item.statements.mentions[0]
        if before.unit is not item.unit or before.statements.found or len(before.statements.mentions) != 1:
            return
        words = item.unit.text[before.formula.end : item.formula.start]
        if len(words) > 40 or not _ENTRIES.search(words) or len(entry) < 2 or entry[1].text != "_":
            return
        letter = Letter(entry[0].text.upper(), self.has_bold)
        try:
            body = self.expression(before.statements.mentions[0], self.scope(item, item.formula.start))
        except ReadError:
            return
        if not any(part == letter for part in walk(body)):
            place = (item.number, item.formula.start)
            self.keep(item.region.section, place, Definition(letter, body))

    def link(self, item: Item, link: Link) -> None:
        if link.relation in INEQUALITIES:
            return
        if link.relation == "=" and self.is_setting(item, link):
            self.account.conditions += 1
        elif link.relation == "=" and link.remark:
            self.account.annotations += 1
            self.warnings.append(Lint("a remark in brackets, not checked", item.unit, link.sign.span))
        elif id(link) in self.defining:
            self.account.definitions += 1
        else:
            super().link(item, link)

    def is_setting(self, item: Item, link: Link) -> bool:
        """A single letter on the left, in prose or brackets: a dependency, a substitution, a case."""
        words = self.conditions.words[item.number]
        if (item.formula.display and not link.remark and not is_call(link.right)) or concludes(words):
            return False
        if self.note_dependency(item.region, link):
            return True
        first = link.left[0]
        single = len(link.left) == 1 and first.kind == "letter" and (link.remark or not item.formula.display)
        recurs = any(token[:2] + token[4:] == first[:2] + first[4:] for token in link.right)
        if not single or (recurs and not self.is_substitution(item)):
            return False
        self.warnings.append(Lint("taken as a setting, not as a claim", item.unit, link.sign.span))
        return True

    def is_substitution(self, item: Item) -> bool:
        """Whether the words around a formula say that it replaces something, as "put A = BA" does."""
        text, formula = item.unit.text, item.formula
        around = text[max(0, formula.start - 20) : formula.start] + text[formula.end : formula.end + 10]
        return bool(_SUBSTITUTION.search(around))

    def defines_function(self, item: Item, link: Link) -> bool:
        """g(A) = ... or g'(A) = ... for a bold g of which nothing is known."""
        try:
            letter, primes, parameters = definition_head(link)
        except ReadError:
            return False
        known = self.depends.get(id(item.region), {})
        fresh = bool(parameters) and letter not in known and letter.bold
        return fresh and not self.scope(item, link.sign.start).definition(letter, primes)

    def define_function(self, item: Item, link: Link) -> None:
        """A function is known in its whole region, before its definition too."""
        try:
            definition = self.definition(item, link)
        except ReadError:
            return
        self.defining.add(id(link))
        self.keep(item.region.section, (item.region.start, -1), definition)

    def equivalence(self, item: Item, link: Link) -> None:
        r"""\equiv defines where it can; a picture of J^{ij} says nothing new."""
        first = link.left[0]
        if first.bold and first.text == "J":
            self.account.definitions += 1
        elif first.kind == "letter" and len(link.left) == 1:
            self.define(item, link)
        else:
            self.add_claim(item, "=", link.sign, link.left, link.right)

    def find_conditions(self, item: Item) -> None:
        """A claim is checked without the conditions that it was made under, which is to ask for more."""
        if item.formula.display or not self.conditions.introduced[item.number]:
            return
        for link in item.statements.found:
            if isinstance(link, Link) and (link.relation in INEQUALITIES or as_condition(link, Scope)):
                self.cannot_use(item, link)

    # ---------------------------------------------------------------------------------- scopes

    def scope(self, item: Item, offset: int) -> Scope:
        """What parsing must know: letters with arguments, definitions, and the letters of plain documents."""
        strict = super().scope(item, offset)
        key = ("lenient", id(strict), id(item.region))
        if key not in self.scopes:
            known = {found.letter: found for found in (*self.typography, *strict.declarations)}
            for letter, arguments in self.depends.get(id(item.region), {}).items():
                known[letter] = replace(known.get(letter) or _by_typography(letter), arguments=arguments)
            definitions = strict.definitions
            if not self.has_bold:
                definitions += tuple(Definition(Letter(name), Identity()) for name in "EI")
            for definition in definitions:
                known.pop(definition.letter, None)
            self.scopes[key] = replace(strict, declarations=tuple(known.values()), definitions=definitions)
        return self.scopes[key]

    def settle(
        self, item: Item, lhs: Node | None, rhs: Node | None, scope: Scope
    ) -> tuple[Scope, tuple[str, ...]]:
        """Declare the letters of a claim that nobody declared."""
        if lhs is None or rhs is None:
            return scope, ()
        definitions = _used_definitions((lhs, rhs), scope)
        bodies = [lhs, rhs, *(definition.body for definition in definitions)]
        sizes = _printed_sizes(bodies)
        letters = _letters(bodies, {definition.letter for definition in definitions})
        functions = _functions_of_letters(bodies)
        for letter in list(letters):
            declared = scope.declaration(letter)
            for argument in declared.arguments if declared else ():
                letters.setdefault(argument, "value")
        symmetric = self.symmetric.get(id(item.region), set())
        size_names = {size for dimensions in sizes.values() for size in dimensions.values()}
        declarations = []
        for letter, role in letters.items():
            if role == "index" or (letter in size_names and not letter.bold):
                continue
            found = scope.declaration(letter)
            if found is None or (found.kind == "scalar" and role == "integer"):
                found = _by_typography(letter, role)
            if found.kind == "function":
                if letter not in functions:
                    continue
                found = replace(_by_typography(letter), arguments=functions[letter])
            if not found.rigid:
                found = _with_sizes(found, sizes.get(letter, {}), letter in symmetric)
            declarations.append(found)
        # J^{ij} is no letter of the claim, but its declared shape counts.
        declarations += [
            found for found in scope.declarations if found.kind == "single-entry" and found.rigid
        ]
        assumptions = tuple(_sentence(found) for found in declarations if not found.rigid)
        assumptions += tuple(f"{to_latex(d.letter)} stands for {to_latex(d.body)}" for d in definitions)
        return replace(scope, declarations=tuple(declarations), definitions=definitions), assumptions


# ----------------------------------------------------------------------------------------- inferences


def is_call(tokens: Sequence[Token]) -> bool:
    """Whether these are a letter with something in brackets, as U(x)."""
    return len(tokens) > 3 and tokens[1].kind == "open"


def _outside_scripts(tokens: list[Token]) -> Iterator[tuple[int, Token]]:
    """The tokens that are not in a subscript or superscript."""
    depth, script = 0, False
    for place, token in enumerate(tokens):
        before = tokens[place - 1].text if place else ""
        if depth or (before in ("_", "^") and token.kind == "{"):
            depth += {"{": 1, "}": -1}.get(token.kind, 0)
        else:
            script = before in ("_", "^")
            if not script:
                yield place, token


def _matrix(letter: Letter) -> Declaration:
    name = letter.name
    return Declaration(letter, "matrix", (Letter(f"?{name}1"), Letter(f"?{name}2")), rigid=False)


def _by_typography(letter: Letter, role: str = "value") -> Declaration:
    if role == "integer":
        return Declaration(letter, "integer", rigid=False)
    if not letter.bold:
        return Declaration(letter, "scalar", rigid=False)
    if letter.name.lstrip("\\")[0].isupper():
        return _matrix(letter)
    return Declaration(letter, "vector", (Letter(f"?{letter.name}"),), rigid=False)


def _with_sizes(found: Declaration, printed: dict[int, Letter], symmetric: bool) -> Declaration:
    """Sizes that are printed in subscripts and bounds; a symmetric matrix is square."""
    dimensions = [printed.get(place, size) for place, size in enumerate(found.dimensions)]
    if symmetric and len(dimensions) == 2:
        dimensions[1] = dimensions[0]
    return replace(found, dimensions=tuple(dimensions), symmetric=symmetric)


def _used_definitions(nodes: tuple[Node, ...], scope: Scope) -> tuple[Definition, ...]:
    used: dict[tuple[Letter, int], Definition] = {}
    waiting = list(nodes)
    while waiting:
        for part in walk(waiting.pop()):
            for definition in scope.definitions if isinstance(part, Letter) else ():
                if definition.letter == part and (part, definition.primes) not in used:
                    used[part, definition.primes] = definition
                    waiting.append(definition.body)
    return tuple(used.values())


def _functions_of_letters(nodes: list[Node]) -> dict[Letter, tuple[Letter, ...]]:
    """Functions that occur as g(u) and also without arguments, as in f(g): g means g(u) there."""
    called: dict[Letter, tuple[Letter, ...]] = {}
    bare: set[Letter] = set()
    for node in nodes:
        for part in walk(node):
            function = part.function if isinstance(part, Apply) else None
            letters = [one for one in children(part) if isinstance(one, Letter)]
            bare |= {one for one in letters if one is not function}
            if isinstance(part, Apply) and all(isinstance(argument, Letter) for argument in part.arguments):
                called.setdefault(part.function, tuple(one for one in letters if one is not function))
    return {letter: arguments for letter, arguments in called.items() if letter in bare}


def _printed_sizes(nodes: list[Node]) -> dict[Letter, dict[int, Letter]]:
    """Sizes by name: D is the last index of x_{D1}, and the bound of \\sum_{n=1}^{D} over an index of x."""
    found: dict[Letter, dict[int, Letter]] = {}

    def visit(node: Node, bounds: dict[Node, Letter]) -> None:
        if isinstance(node, BoundedSum) and isinstance(node.upper, Letter) and node.lower == Number(1):
            bounds = bounds | {node.index: node.upper}
        if isinstance(node, Entry) and isinstance(node.of, Letter):
            for place, index in enumerate(node.indices):
                size = bounds.get(index) or (
                    index if isinstance(index, Letter) and index.name.isupper() else None
                )
                if size:
                    found.setdefault(node.of, {}).setdefault(place, size)
        for child in children(node):
            visit(child, bounds)

    for node in nodes:
        visit(node, {})
    return found


def _letters(nodes: list[Node], defined: set[Letter]) -> dict[Letter, str]:
    """Letters with their role: value, integer (in an exponent or bound) or index; an integer stays one."""
    roles: dict[Letter, str] = {}
    order = {"index": 0, "value": 1, "integer": 2}

    def visit(node: Node, role: str, bound: frozenset[str]) -> None:
        if isinstance(node, Letter):
            if node not in defined and not (node.name in bound and not node.bold):
                roles[node] = max(roles.get(node, "index"), role, key=order.__getitem__)
            return
        for child, its_role in _children_with_roles(node, role):
            inner = bound
            if isinstance(node, BoundedSum) and child is node.body:
                inner = bound | {node.index.name}
            visit(child, its_role, inner)

    for node in nodes:
        visit(node, "value", frozenset())
    return roles


def _children_with_roles(node: Node, role: str) -> Iterator[tuple[Node, str]]:
    if isinstance(node, Entry):
        yield node.of, "value"
        yield from ((index, "index") for index in node.indices)
    elif isinstance(node, Delta | SingleEntry):
        yield from ((index, "index") for index in (node.row, node.column))
    elif isinstance(node, Indexed):
        yield node.subscript, "integer"
    elif isinstance(node, Power):
        yield node.base, role
        yield node.exponent, "integer"
    elif isinstance(node, BoundedSum):
        yield from (
            (end, "integer") for end in (node.lower, node.upper) if end and not isinstance(end, Infinity)
        )
        yield node.body, role
    elif isinstance(node, DottedSums):
        yield from ((index, "index") for index in (*node.first, node.last))
        yield node.body, role
    else:
        yield from (
            (child, role)
            for child in children(node)
            if not isinstance(node, Apply) or child is not node.function
        )
        if isinstance(node, Apply):
            yield node.function, "value"


def _sentence(found: Declaration) -> str:
    """An assumption in words."""
    name = to_latex(found.letter)
    kind = "a positive integer" if found.kind == "integer" else f"a {found.kind}"
    if found.symmetric:
        kind = f"a symmetric {found.kind}"
    depends = f" that depends on {', '.join(map(to_latex, found.arguments))}" if found.arguments else ""
    return f"{name} is {kind}{depends}"

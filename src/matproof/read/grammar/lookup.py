"""What the scope knows about a letter that is read."""

from __future__ import annotations

from collections.abc import Sequence

from ...language.nodes import Letter, Number, Span
from ..tokens import Token
from .core import Parser


def known(parser: Parser, name: str) -> bool:
    """Whether a plain letter means something here."""
    return parser.scope.knows(Letter(name)) or name in parser.bound


def is_value(parser: Parser, token: Token) -> bool:
    """Whether a letter is declared or defined as something of its own, not as a family of matrices."""
    letter = Letter(token.text, token.bold)
    declared = parser.scope.declaration(letter)
    return bool(parser.scope.definition(letter) or (declared and declared.kind != "single-entry"))


def simple_letter(parser: Parser, token: Token) -> Letter:
    """A letter that stands for a value: declared, a size, or the index of a sum around it."""
    letter = Letter(token.text, token.bold, span=token.span)
    declared = parser.scope.declaration(letter)
    if declared and declared.kind in ("sequence", "single-entry"):
        raise parser.error(f"{shown(letter)} without its index", f"{shown(letter)} with indices", token.span)
    if not (
        parser.scope.lenient
        or parser.scope.knows(letter)
        or (letter.name in parser.bound and not letter.bold)
    ):
        raise parser.error(f"{shown(letter)} is not declared", declaration_of(letter), token.span)
    return letter


def owner(parser: Parser, token: Token, count: int, span: Span) -> Letter:
    """The letter whose entries, of so many indices, are written with this small letter."""
    scope, owners = parser.scope, _owners(token, count)
    if scope.lenient:
        owners.append(Letter(token.text))
    for letter in owners:
        declared = scope.declaration(letter) if scope.knows(letter) else None
        # a plain letter has entries only as a sequence, or where a document has no bold letters
        if scope.knows(letter) and (letter.bold or (declared and declared.has_entries(count))):
            return Letter(letter.name, letter.bold, span=token.span)
    if not scope.lenient:
        raise parser.error(f"{shown(owners[0])} is not declared", declaration_of(owners[0]), span)
    return Letter(owners[0].name, True, span=token.span)


def may_have_entry(parser: Parser, token: Token, places: Sequence[str]) -> bool:
    """Whether the letter that this small one belongs to has such an entry, as far as its size is printed."""
    count = len(places)
    for letter in _owners(token, count):
        declared = parser.scope.declaration(letter) if parser.scope.knows(letter) else None
        if declared and declared.has_entries(count):
            sizes = [size.value if isinstance(size, Number) else None for size in declared.dimensions]
            wanted = [int(place[:9]) for place in places]
            return all(
                place > 0 and (size is None or place <= size)
                for place, size in zip(wanted, sizes, strict=True)
            )
    return False


def _owners(token: Token, count: int) -> list[Letter]:
    """The letters whose entries, of so many indices, are written with a small letter."""
    name = token.text
    capital = name.capitalize() if not name.startswith("\\") else "\\" + name[1:].capitalize()
    return [Letter(capital, True), Letter(capital)] if count == 2 else [Letter(name, True), Letter(name)]


def shown(letter: Letter) -> str:
    """A letter as it is written."""
    return rf"\mathbf{{{letter.name}}}" if letter.bold else letter.name


def declaration_of(letter: Letter) -> str:
    """What to write so that a letter is known."""
    if not letter.bold:
        return rf"a declaration such as {letter.name} \in \mathbb{{R}}"
    size = r"m \times n" if letter.name.lstrip("\\")[0].isupper() else "n"
    return rf"a declaration such as {shown(letter)} \in \mathbb{{R}}^{{{size}}}"

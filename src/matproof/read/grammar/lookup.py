"""What the scope knows about a letter that is read."""

from __future__ import annotations

from ...language.nodes import Letter, Span
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
    name, scope = token.text, parser.scope
    capital = name.capitalize() if not name.startswith("\\") else "\\" + name[1:].capitalize()
    owners = [Letter(capital, True), Letter(capital)] if count == 2 else [Letter(name, True), Letter(name)]
    if scope.lenient:
        owners.append(Letter(name))
    for letter in owners:
        declared = scope.declaration(letter) if scope.knows(letter) else None
        # a plain letter has entries only as a sequence, or where a document has no bold letters
        if scope.knows(letter) and (letter.bold or (declared and declared.has_entries(count))):
            return Letter(letter.name, letter.bold, span=token.span)
    if not scope.lenient:
        raise parser.error(f"{shown(owners[0])} is not declared", declaration_of(owners[0]), span)
    return Letter(owners[0].name, True, span=token.span)


def shown(letter: Letter) -> str:
    """A letter as it is written."""
    return rf"\mathbf{{{letter.name}}}" if letter.bold else letter.name


def declaration_of(letter: Letter) -> str:
    """What to write so that a letter is known."""
    if not letter.bold:
        return rf"a declaration such as {letter.name} \in \mathbb{{R}}"
    size = r"m \times n" if letter.name.lstrip("\\")[0].isupper() else "n"
    return rf"a declaration such as {shown(letter)} \in \mathbb{{R}}^{{{size}}}"

"""Is the bracket behind a letter its argument or a factor?  f(x), u'(x), U(X)."""

from __future__ import annotations

from ...language.nodes import Apply, Derivative, Letter, Node, ReadError
from ..cursor import CLOSING
from ..tokens import Token
from .core import Parser
from .lookup import shown, simple_letter

MAX_PRIMES = 3
BRACKETS = "(", "[", r"\{"  # round, square, printed braces: of a function, all hold its arguments


def calls(parser: Parser, letter: Letter, primes: int = 0) -> bool:
    """Whether the bracket that follows holds arguments, not a factor. Raises where both make sense."""
    if not parser.sees("open", *BRACKETS):
        return False
    scope = parser.scope
    definition = scope.definition(letter) or scope.definition(letter, 1)
    declared = None if definition else scope.declaration(letter)
    arguments = declared.arguments if declared else ()
    if (definition and definition.parameters) or (declared and declared.kind == "function"):
        return True
    if not parser.sees("open", "("):
        return False
    if arguments and (primes or letter.name in "fgh"):
        return True
    inside = inside_bracket(parser)
    listed = listed_letters(inside)
    if listed == list(arguments) or (arguments and [token.kind for token in inside] == ["number"]):
        return bool(arguments)
    if scope.lenient:
        return False
    if listed or (arguments and _is_ambiguous(inside, arguments)):
        raise _not_an_argument(parser, letter, inside, arguments)
    return False


def inside_bracket(parser: Parser) -> list[Token]:
    """The tokens in the bracket that opens here."""
    closing = parser.groups.partner.get(parser.at, len(parser.tokens))
    return parser.tokens[parser.at + 1 : closing]


def listed_letters(tokens: list[Token]) -> list[Letter]:
    """The letters of "x, y"; none if the tokens are anything else."""
    letters, commas = tokens[::2], tokens[1::2]
    if len(letters) != len(commas) + 1 or any(token.text != "," for token in commas):
        return []
    return [Letter(token.text, token.bold) for token in letters if token.kind == "letter"]


def _is_ambiguous(inside: list[Token], arguments: tuple[Letter, ...]) -> bool:
    """Arguments in the bracket may mean a value: u(2x), U(AX). A derivative or a sum is a factor."""
    names = {Letter(token.text, token.bold) for token in inside if token.kind == "letter"}
    texts = {token.text for token in inside}
    if not names & set(arguments) or texts & {r"\partial", r"\sum"}:
        return False
    scalars = not any(argument.bold for argument in arguments)
    return not (scalars and ("_" in texts or any(token.bold for token in inside)))


def _not_an_argument(
    parser: Parser, letter: Letter, inside: list[Token], arguments: tuple[Letter, ...]
) -> ReadError:
    """u(x) with a u that was declared otherwise is hardly meant as a product."""
    closing = parser.ahead(len(inside) + 1)  # the end of the formula, where nothing closes the bracket
    start = letter.span[0] if letter.span else closing.start
    name, wanted = shown(letter), ", ".join(map(shown, arguments))
    if arguments:
        message = f"{name} is declared as a function of {wanted} only"
        expected = rf"{name}({wanted}), \cdot for a product, or a function called f, g or h"
    else:
        listed = ", ".join(shown(Letter(t.text, t.bold)) for t in inside if t.kind == "letter")
        message = f"{name} is not declared as a function of {listed}"
        expected = rf"{name}({listed}) \in ..., or \cdot for a product"
    return parser.error(message, expected, (start, closing.end))


def application(parser: Parser, start: Token, function: Letter, primes: int) -> Node:
    """The value of a function, from its bracket on."""
    opening = parser.step()
    arguments = [parser.expression()]
    while parser.accept("symbol", ","):
        arguments.append(parser.expression())
    parser.expect("close", opening.text, f"{CLOSING[opening.text]} or a comma")
    declared = parser.scope.declaration(function)
    definition = parser.scope.definition(function, primes)
    wanted = definition.parameters if definition else declared.arguments if declared else ()
    span = parser.place(start)
    if wanted and len(wanted) != len(arguments):
        raise parser.error(
            f"{len(arguments)} arguments of {shown(function)}", f"{len(wanted)}, as declared", span
        )
    if primes and len(arguments) > 1:
        raise parser.error("a prime on a function of several arguments", r"\partial", span)
    return Apply(function, tuple(arguments), primes, span=span)


def primes(parser: Parser) -> int:
    """How many primes follow; they are passed."""
    count = 0
    while parser.accept("symbol", "'"):
        count += 1
    if count > MAX_PRIMES:
        raise parser.error(f"{count} primes", f"at most {MAX_PRIMES}")
    return count


def derived(parser: Parser, token: Token, primes: int) -> Node:
    """u' for a letter that depends on one other."""
    letter = simple_letter(parser, token)
    declared = parser.scope.declaration(letter)
    if declared and len(declared.arguments) == 1 and declared.kind == "matrix":
        expected = r"\top, or a derivative written out, \frac{\partial}{\partial x}"
        raise parser.error(
            f"a prime on {shown(letter)}: transposed, or differentiated?", expected, parser.place(token)
        )
    if declared and len(declared.arguments) == 1:
        return Apply(letter, declared.arguments, primes, span=parser.place(token))
    called = parser.scope.definition(letter)
    if parser.scope.lenient and not letter.bold and primes == 1 and not (called and called.parameters):
        return Derivative(letter, (letter,), span=parser.place(token))
    raise parser.error(
        f"a prime on {shown(letter)}", r"a function of one argument, or \top", parser.place(token)
    )

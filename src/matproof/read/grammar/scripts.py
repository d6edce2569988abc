"""What stands behind a factor: superscripts, subscripts and primes."""

from __future__ import annotations

from ...language.nodes import Derivative, Entry, Inverse, Letter, Node, Number, Power, Transpose, walk
from ..cursor import token_name
from ..groups import closing_place
from ..tokens import Token
from .core import Parser
from .lookup import known, shown

_WORDS = {"^": "superscript", "_": "subscript"}


def scripts(parser: Parser, node: Node, start: Token) -> Node:
    """Superscripts and subscripts behind a primary, one of each at most."""
    written: set[str] = set()
    while parser.sees("symbol", "^", "_", "'"):
        kind = parser.token.text
        if kind == "'":
            node = _primed(parser, node, start)
            continue
        if kind in written:
            word = _WORDS[kind]
            raise parser.error(f"two {word}s", f"brackets around what has the first {word}")
        if kind == "_" and written:
            raise parser.error(
                "a subscript after a superscript", "brackets, (...^{...})_{...} or (..._{...})^{...}"
            )
        written.add(kind)
        node = _power(parser, node, start) if kind == "^" else _entry(parser, node, start)
    return node


def _primed(parser: Parser, node: Node, start: Token) -> Node:
    """(x^2)' in lenient mode, where only one letter can be meant."""
    prime = parser.step()
    if isinstance(node, Derivative):
        raise parser.error("a second prime", r"\frac{\mathrm{d}^2}{\mathrm{d}x^2}", prime.span)
    letters = {part for part in walk(node) if isinstance(part, Letter) and not part.bold}
    if not parser.scope.lenient or len(letters) != 1:
        raise parser.error("a prime on an expression", r"\frac{\mathrm{d}}{\mathrm{d}x}", prime.span)
    return Derivative(node, (letters.pop(),), span=parser.place(start))


def _power(parser: Parser, base: Node, start: Token) -> Node:
    hat = parser.step()
    inside = script_tokens(parser)
    texts = [token.text for token in inside]
    span = parser.place(start)
    transposes = {r"\top", "T"} if parser.scope.lenient else {r"\top"}
    if len(texts) == 1 and texts[0] in transposes:
        return Transpose(base, span=span)
    if len(texts) == 2 and texts[0] == "-" and texts[1] in transposes:
        return Transpose(Inverse(base, span=span), span=span)
    if texts == ["-", "1"]:
        return Inverse(base, span=span)
    if not inside:
        raise parser.error("an empty superscript", "an exponent", hat.span)
    if texts[0] == r"\prime":
        raise parser.error(r"a superscript \prime", "a function with a prime, g'(x)", inside[0].span)
    if texts == ["T"] and not known(parser, "T"):
        raise parser.error("the exponent T is not declared", r"\top for a transpose", inside[0].span)
    if closing_place(inside) == len(inside) - 1:
        whole = (inside[0].start, inside[-1].end)
        raise parser.error("a superscript in brackets", "an exponent without them, or a letter", whole)
    return Power(base, parser.inner(inside).whole(), span=span)


def _entry(parser: Parser, node: Node, start: Token) -> Node:
    """Entry of a bracketed expression, of a function's value or of a bold capital."""
    bracketed = parser.tokens[parser.at - 1].kind in ("close", "end")
    sign = parser.token
    found = indices(parser)
    if isinstance(node, Letter) and node.bold and not bracketed and len(found) != 2:
        raise parser.error(f"a subscript on {shown(node)}", "an entry such as x_{ij}, or a letter", sign.span)
    if not bracketed and not isinstance(node, Letter):
        raise parser.error("a subscript on an expression", "brackets around it", sign.span)
    return Entry(node, found, span=parser.place(start))


def script_tokens(parser: Parser) -> list[Token]:
    """The tokens of a group, or the one next token, of a number its first digit."""
    opening = parser.accept("{", "{")
    if not opening:
        if parser.token is parser.end or parser.token.kind in ("}", "close", "&", "row"):
            raise parser.error(f"unexpected {token_name(parser.token)}", "a superscript or subscript")
        return [parser.digit() if parser.sees("number") else parser.step()]
    first, closing = parser.at, parser.groups.partner.get(parser.at - 1)
    if closing is None:
        raise parser.error("a brace that is not closed", "}", opening.span)
    parser.at = closing
    parser.step()
    return parser.tokens[first:closing]


def indices(parser: Parser) -> tuple[Node, ...]:
    """A subscript: indices in a row, or separated by commas, or one integer expression."""
    sign = parser.step()
    inside = script_tokens(parser)
    found = _index_list(parser.inner(inside, in_index=True))
    if not found:
        raise parser.error("an empty subscript", "indices", sign.span)
    if len(found) > 2:
        span = (inside[0].start, inside[-1].end)
        raise parser.error(f"{len(found)} indices", "one index for a vector, two for a matrix", span)
    return found


def _index_list(parser: Parser) -> tuple[Node, ...]:
    level = {token.text for _, token in parser.groups.outermost()}
    if "," in level:
        found = [parser.expression()]
        while parser.accept("symbol", ","):
            found.append(parser.expression())
    elif level & {"+", "-"}:
        found = [parser.expression()]
    else:
        found = []
        while parser.at < len(parser.tokens):
            found.extend(_digits(parser) if parser.sees("number") else [parser.factor()])
    parser.finish()
    return tuple(found)


def _digits(parser: Parser) -> list[Node]:
    token = parser.step()
    return [
        Number(int(digit), span=(token.start + place, token.start + place + 1))
        for place, digit in enumerate(token.text)
    ]

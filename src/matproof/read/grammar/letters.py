r"""Letters with what belongs to them: x_{ij}, \delta_{ij}, \mathbf{I}_n, \mathbf{J}^{ij}, g'(u)."""

from __future__ import annotations

from ...language.nodes import Delta, Entry, Identity, Indexed, Letter, Node, Number, SingleEntry
from ..tokens import Token
from .calls import application, calls, derived, primes
from .core import Parser
from .lookup import is_value, may_have_entry, owner, shown, simple_letter
from .scripts import indices, script_tokens


def letter(parser: Parser) -> Node:
    """A letter with what belongs to it: indices, primes, arguments."""
    token = parser.token
    if parser.in_index:
        return _index_letter(parser)
    if parser.scope.lenient and token[:2] == ("letter", "E") and parser.ahead().text == "[":
        raise parser.error("E[...] may be an expectation", r"E (...) for a product", token.span)
    if token.text == r"\delta" and parser.ahead().text == "_":
        return _delta(parser)
    if token.bold and token.text in "IJ" and not is_value(parser, token):
        special = _identity(parser) if token.text == "I" else _single_entry(parser)
        if special is not None:
            return special
    parser.step()
    if not token.bold and parser.sees("symbol", "_"):
        return _entry_by_letter(parser, token)
    count = primes(parser)
    node = Letter(token.text, token.bold, span=token.span)
    if parser.scope.knows(node) and calls(parser, node, count):
        return application(parser, token, node, count)
    return derived(parser, token, count) if count else simple_letter(parser, token)


def _index_letter(parser: Parser) -> Node:
    token = parser.step()
    if token.bold:
        raise parser.error(f"{shown(Letter(token.text, True))} as an index", "a plain letter", token.span)
    if not parser.accept("symbol", "_"):
        return Letter(token.text, span=token.span)
    inside = script_tokens(parser)
    return Indexed(token.text, parser.inner(inside, in_index=True).whole(), span=parser.place(token))


def _delta(parser: Parser) -> Node:
    token = parser.step()
    for capital in (Letter(r"\Delta", True), Letter(r"\Delta")):
        if parser.scope.knows(capital):
            raise parser.error(
                rf"\delta with indices, where {shown(capital)} is declared",
                "another letter, for these are its entries or the Kronecker delta",
                token.span,
            )
    found = indices(parser)
    if len(found) != 2:
        raise parser.error("a Kronecker delta with one index", "two indices", parser.place(token))
    return Delta(*found, span=parser.place(token))


def _identity(parser: Parser) -> Node:
    token = parser.step()
    if not parser.accept("symbol", "_"):
        return Identity(span=token.span)
    size = parser.inner(script_tokens(parser), in_index=True).whole()
    return Identity(size, span=parser.place(token))


def _single_entry(parser: Parser) -> Node | None:
    r"""\mathbf{J}^{ij}, or None if this J has no such superscript."""
    if parser.ahead().text != "^":
        return None
    token = parser.step()
    found = indices(parser)
    if len(found) != 2:
        raise parser.error(
            "a single-entry matrix with one index", r"two indices, \mathbf{J}^{ij}", parser.place(token)
        )
    return SingleEntry(*found, span=parser.place(token))


def _long_index(parser: Parser, token: Token) -> tuple[Node, ...]:
    """The one index of a vector, if two digits mean it; two digits may as well be the two of a matrix."""
    steps = 2 if parser.ahead().kind == "{" else 1
    digits = parser.ahead(steps)
    if digits.kind != "number" or len(digits.text) < 2 or (steps == 2 and parser.ahead(3).kind != "}"):
        return ()
    vector, matrix = may_have_entry(parser, token, (digits.text,)), may_have_entry(parser, token, digits.text)
    if steps == 1 or not vector:
        return ()
    if matrix:
        raise parser.error(
            f"{token.text}_{{{digits.text}}} of the vector or of the matrix?",
            r"a comma between two indices, or brackets as in (\mathbf{a})_{12}",
            digits.span,
        )
    parser.step()
    script_tokens(parser)
    return (Number(int(digits.text), span=digits.span),)


def _entry_by_letter(parser: Parser, token: Token) -> Node:
    r"""x_{ij} of \mathbf{X}, x_i of \mathbf{x}, f_i(x) of \mathbf{f}(x), c_n of a sequence."""
    found = _long_index(parser, token) or indices(parser)
    of: Node = owner(parser, token, len(found), parser.place(token))
    assert isinstance(of, Letter)
    if calls(parser, of):
        of = application(parser, token, of, 0)
    return Entry(of, found, span=parser.place(token))

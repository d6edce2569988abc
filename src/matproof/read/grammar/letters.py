r"""Letters with what belongs to them: x_{ij}, \delta_{ij}, \mathbf{I}_n, \mathbf{J}^{ij}, g'(u)."""

from __future__ import annotations

from ...language.nodes import Delta, Entry, Identity, Indexed, Letter, Node, SingleEntry
from ..tokens import Token
from .calls import application, calls, derived, primes
from .core import Parser
from .lookup import is_value, owner, shown, simple_letter
from .scripts import indices, script_tokens


def letter(parser: Parser) -> Node:
    """A letter with what belongs to it: indices, primes, arguments."""
    token = parser.token
    if parser.in_index:
        return _index_letter(parser)
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


def _entry_by_letter(parser: Parser, token: Token) -> Node:
    r"""x_{ij} of \mathbf{X}, x_i of \mathbf{x}, f_i(x) of \mathbf{f}(x), c_n of a sequence."""
    found = indices(parser)
    of: Node = owner(parser, token, len(found), parser.place(token))
    assert isinstance(of, Letter)
    if calls(parser, of):
        of = application(parser, token, of, 0)
    return Entry(of, found, span=parser.place(token))

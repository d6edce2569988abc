"""Which brackets belong together: found in one pass, asked by everybody.

Invisible braces and environments nest strictly, as in TeX. Printed brackets need not match in kind, as in the
interval [0, 1); a bracket that is never closed, or never opened, stands alone and has no partner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .tokens import Token

_OPENING = {"open": "close", "{": "}", "begin": "end"}
_CLOSING = {closing: opening for opening, closing in _OPENING.items()}


class Groups:
    """The nesting of some tokens.

    partner   place of an opening bracket -> place of its closing one, and back
    around    for each token the place of the innermost bracket around it, -1 outside of all brackets
    """

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.partner: dict[int, int] = {}
        self.around: list[int] = []
        opened: list[int] = []
        for place, token in enumerate(tokens):
            if token.kind in _CLOSING:
                self._close(opened, place)
            self.around.append(opened[-1] if opened else -1)
            if token.kind in _OPENING:
                opened.append(place)

    def _close(self, opened: list[int], place: int) -> None:
        """A brace closes all that was left open in it; a printed bracket closes only a printed one."""
        wanted = _CLOSING[self.tokens[place].kind]
        depth = len(opened)
        if wanted != "open":
            while depth and self.tokens[opened[depth - 1]].kind != wanted:
                depth -= 1
        if depth and self.tokens[opened[depth - 1]].kind == wanted:
            self.partner[opened[depth - 1]] = place
            self.partner[place] = opened[depth - 1]
            del opened[depth - 1 :]

    def outermost(self) -> Iterator[tuple[int, Token]]:
        """The tokens outside of all brackets, with their places; brackets themselves are among them."""
        return ((place, token) for place, token in enumerate(self.tokens) if self.around[place] < 0)

    def brackets_around(self, place: int) -> Iterator[int]:
        """The places of the brackets around a token, the innermost first."""
        while (place := self.around[place]) >= 0:
            yield place


def closing_place(tokens: Sequence[Token]) -> int:
    """Where the bracket that the tokens begin with is closed; -1 if it is not."""
    return Groups(tokens).partner.get(0, -1)

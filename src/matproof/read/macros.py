r"""Macros: \newcommand and its relatives are read here, and expanded in a formula.

An expansion keeps the place of every character, so that what is found in it can be pointed at: the characters
of a body stand where the command stands, those of an argument where they were written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ..language.nodes import ReadError, Span
from .events import Macro

MAX_MACRO = 2_000  # characters in the body of a macro
MAX_EXPANSION = 100_000  # characters that the macros of one formula may expand to

_DEFINE = re.compile(
    r"""\\(?:(?P<new>(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?
          |(?P<def>[gex]?def)|(?P<operator>DeclareMathOperator)\*?|(?P<let>let)
          |(?P<paired>DeclarePairedDelimiter)|(?P<document>(?:New|Renew|Provide|Declare)DocumentCommand)
        )(?![A-Za-z])""",
    re.VERBOSE,
)
_NAME = re.compile(r"\s*(?:\{\s*(\\(?:[A-Za-z@]+|[^A-Za-z]))\s*\}|(\\(?:[A-Za-z@]+|[^A-Za-z])))")
_OPTIONS = re.compile(r"\s*\[([^\[\]]*)\]")
_PARAMETERS = re.compile(r"\s*((?:#\d)*)\s*")
_LET = re.compile(r"\s*=?\s*(\\[A-Za-z@]+|\S)")
_BRACE = re.compile(r"\\.|%[^\n]*|[{}]", re.DOTALL)
_COMMAND = re.compile(r"\\[A-Za-z]+|\\[^A-Za-z]")


def group(text: str, start: int, limit: int = MAX_MACRO) -> tuple[str, int] | None:
    """The contents of the braces that come next, and the place behind them."""
    while start < len(text) and text[start].isspace():
        start += 1
    if not text.startswith("{", start):
        return None
    depth = 0
    for match in _BRACE.finditer(text, start, min(len(text), start + limit)):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if depth == 0:
            return text[start + 1 : match.start()], match.end()
    return None


def read_macro(text: str, start: int, offset: int = 0) -> tuple[Macro, int] | None:
    """The definition at a place, and the place behind it. `offset` is added to the place that it notes."""
    match = _DEFINE.match(text, start)
    name = _NAME.match(text, match.end()) if match else None
    if match is None or name is None:
        return None
    found = _signature(match.lastgroup or "", name[1] or name[2], text, name.end())
    if found is None:
        return None
    macro, end = found
    return Macro(start + offset, *macro), end


_Signature = tuple[str, str, int, str | None]


def _signature(kind: str, name: str, text: str, at: int) -> tuple[_Signature, int] | None:
    if kind == "let":
        same = _LET.match(text, at)
        return ((name, same[1], 0, None), same.end()) if same else None
    parameters = _parameters(kind, text, at)
    body = group(text, parameters[2]) if parameters else None
    if parameters is None or body is None:
        return None
    if kind == "operator":
        return (name, rf"\operatorname{{{body[0]}}}", 0, None), body[1]
    if kind == "paired":
        second = group(text, body[1])
        return ((name, rf"\left{body[0]} #1 \right{second[0]}", 1, None), second[1]) if second else None
    return (name, body[0], *parameters[:2]), body[1]


def _parameters(kind: str, text: str, at: int) -> tuple[int, str | None, int] | None:
    """How many arguments, the default of the first, and the place behind what says so."""
    if kind == "def":
        found = _PARAMETERS.match(text, at)
        return (len(found[1]) // 2, None, found.end()) if found else None
    if kind == "document":
        specification = group(text, at)
        if specification is None or not re.fullmatch(r"[\sm+]*", specification[0]):
            return None
        return specification[0].count("m"), None, specification[1]
    options = _OPTIONS.match(text, at) if kind == "new" else None
    if not options or not options[1].strip().isdecimal():
        return 0, None, at
    default = _OPTIONS.match(text, options.end())
    return int(options[1]), default[1] if default else None, (default or options).end()


def definitions(text: str) -> list[tuple[Macro, int]]:
    """All definitions in a text, each with the place behind it."""
    found: list[tuple[Macro, int]] = []
    end = 0
    for match in _DEFINE.finditer(text):
        if match.start() >= end and (macro := read_macro(text, match.start())):
            found.append(macro)
            end = macro[1]
    return found


# ---------------------------------------------------------------------------------------- expansion


class _Character(NamedTuple):
    text: str
    start: int
    end: int


class Expansion:
    """The text of a formula with its macros written out; `span` says where a part of it came from."""

    def __init__(self, characters: list[_Character]) -> None:
        self.text = "".join(character.text for character in characters)
        self._characters = characters

    def span(self, start: int, end: int) -> Span:
        """The place of a part in the document."""
        if not self._characters:
            return 0, 0
        last = len(self._characters) - 1
        first, final = self._characters[min(start, last)], self._characters[min(max(end - 1, start), last)]
        return first.start, max(final.end, first.start)


def uses(text: str, macros: Mapping[str, Macro]) -> bool:
    """Whether a text uses any of the macros."""
    return bool(macros) and any(match[0] in macros for match in _COMMAND.finditer(text))


def expand(text: str, offset: int, macros: Mapping[str, Macro]) -> Expansion:
    """Write out the macros of a text that starts at `offset`. Raises `ReadError` where they have no end."""
    waiting = [_Character(one, offset + at, offset + at + 1) for at, one in enumerate(text)][::-1]
    done: list[_Character] = []
    fuel = MAX_EXPANSION
    while waiting:
        command = _pull_token(waiting)
        macro = macros.get("".join(one.text for one in command))
        if macro is None:
            done += command
            continue
        body = _body(macro, _arguments(macro, waiting), (command[0].start, command[-1].end))
        fuel -= 1 + len(body)
        if fuel < 0:
            place = (command[0].start, command[-1].end)
            raise ReadError(f"the macro {macro.name} grows without end", place, "a shorter formula")
        waiting += body[::-1]
    return Expansion(done)


def _pull_token(waiting: list[_Character]) -> list[_Character]:
    """The next character, or command with its name."""
    token = [waiting.pop()]
    if token[0].text == "\\" and waiting:
        token.append(waiting.pop())
        while token[1].text.isalpha() and waiting and waiting[-1].text.isalpha():
            token.append(waiting.pop())
    return token


def _arguments(macro: Macro, waiting: list[_Character]) -> list[list[_Character]]:
    arguments: list[list[_Character]] = []
    for number in range(macro.arity):
        while waiting and waiting[-1].text.isspace():
            waiting.pop()
        if number == 0 and macro.default is not None:
            if waiting and waiting[-1].text == "[":
                arguments.append(_pull_until(waiting, "[", "]"))
            else:
                arguments.append([_Character(one, -1, -1) for one in macro.default])
        elif waiting and waiting[-1].text == "{":
            arguments.append(_pull_until(waiting, "{", "}"))
        else:
            arguments.append(_pull_token(waiting) if waiting else [])
    return arguments


def _pull_until(waiting: list[_Character], opening: str, closing: str) -> list[_Character]:
    """What is inside the brackets that come next."""
    waiting.pop()
    inside: list[_Character] = []
    depth = 1
    while waiting:
        token = _pull_token(waiting)
        text = token[0].text if len(token) == 1 else ""
        depth += (text == opening) - (text == closing)
        if depth == 0:
            break
        inside += token
    return inside


def _body(macro: Macro, arguments: list[list[_Character]], place: Span) -> list[_Character]:
    body: list[_Character] = []
    parts = re.split(r"#(\d)", macro.body)
    for number, part in enumerate(parts):
        if number % 2 == 0:
            body += [_Character(one, *place) for one in part]
        elif int(part) <= len(arguments):
            # the space keeps an argument from becoming part of a command's name
            body.append(_Character(" ", *place))
            body += [
                one if one.start >= 0 else _Character(one.text, *place) for one in arguments[int(part) - 1]
            ]
    return body

r"""What the words around a formula, or in its \text{...}, make of it.

Only so much is understood as a checker must know: does a condition follow, does a claim follow, has the
sentence ended, may these words stand beside an expression without changing what it says.
"""

from __future__ import annotations

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORD = re.compile(r"[^\W\d_]+")
_CONDITIONAL = _set(
    "for if when where whenever with let assume assuming suppose supposing provided given case cases "
    "needs need requires require"
)
_ANEW = _set("let assume assuming suppose supposing given")
_FILLERS = _set("that all any every each some both the a an fixed now also only integer integers")
_NEGATIVE = _set("not no except unless only or never nor neither iff but")
_CONNECTING = _set(
    "and as because by hence then thus so therefore since that have has get gets obtain obtain follows gives "
    "yields is are here also note moreover furthermore consequently finally similarly clearly namely "
    "from using due on in see holds again"
)
_JOINING = _set("and")
_CONCLUDING = _set(
    "hence thus so therefore then that have get gets obtain gives give yields yield means implies imply "
    "consequently shows show prove proves follows finally is"
)
_SENTENCE_END = re.compile(
    r"""(?<![A-Z]) (?<!\be\.g) (?<!\bi\.e) (?<!\bcf) (?<!\bresp) [.!?] [)"'”’*_]* (?=\s|$)
      | \n[ \t>]* (?:[-*+|] | \d+\. | ::: | \#)  # a new item, row or block
      | \n\s*\n\s* (?=[A-Z])""",
    re.VERBOSE,
)
_MATH_FENCE = re.compile(
    r"\n[ \t>]*(?:`{3,}|~{3,}|:{3,})[ \t]*\{?math\}?[^\n]*(?:\n[ \t>]*:[\w-]+:[^\n]*)*\s*\Z"
)
_RELEASE = re.compile(
    r"\b(?:in general|otherwise|else|in all cases|for all other|always|in any case)\b", re.IGNORECASE
)


def words(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return [word.lower() for word in _WORD.findall(text)]


def without_fence(text: str) -> str:
    """The words before a formula without the fence that opens it: a display goes on with its sentence."""
    return _MATH_FENCE.sub("", text)


def sets_condition(text: str) -> bool:
    """Whether the words before a formula make it a condition: "for", "if", "where", "let", ..."""
    return bool(introducing(text))


def declares_anew(text: str) -> bool:
    """Whether the words before a membership give a letter a new meaning: "let", "suppose", ..."""
    return introducing(text) in _ANEW


def introducing(text: str) -> str:
    """The word that introduces a condition, if the last words do."""
    found = words(_last_clause(text))
    while found and found[-1] in _FILLERS:
        found.pop()
    if not found or found[-1] not in _CONDITIONAL or set(found[-4:]) & _NEGATIVE:
        return ""
    if found[-1] in ("case", "cases") and "in" not in found[-4:]:
        return "case"
    return found[-1]


def _last_clause(text: str) -> str:
    """What follows the last sentence."""
    return _SENTENCE_END.split(text)[-1]


def only_joins(text: str) -> bool:
    """Whether the words say no more than "and": what follows is of the kind of what stood before."""
    stripped = text.strip(" \t\n$,;")
    return not stripped or (len(stripped) < 12 and all(word in _JOINING for word in words(stripped)))


def concludes(text: str) -> bool:
    """Whether the words say that a claim follows: "hence", "we have", "it follows that"."""
    found = words(_last_clause(text))
    return bool(found) and found[-1] in _CONCLUDING


def is_released(text: str) -> bool:
    """Whether the words go on to the general case."""
    return bool(_RELEASE.search(text))


def ends_sentence(text: str) -> bool:
    """Whether a sentence, and what holds in it, ends in the words between two formulas."""
    return bool(_SENTENCE_END.search(text)) or is_released(text)


def may_follow(text: str) -> bool:
    """Whether words in a formula may stand behind an expression and leave it as it is.

    "x = y for all n" and "x = y (cyclic)" say "x = y"; "x = 3 kg" and "x = y minus one" say something else.
    """
    stripped, found = text.strip(), words(text)
    if not found or set(found) & _NEGATIVE:
        return False
    return stripped[0] in "([" or found[0] in _CONDITIONAL | _CONNECTING


def may_lead(text: str) -> bool:
    """The same of words before an expression: "hence x = y", but not "twice x = y"."""
    stripped, found = text.strip(), words(text)
    if not stripped or set(found) & _NEGATIVE:
        return False
    if stripped[-1] in ":,;.)]":
        return True
    while found and found[-1] in _FILLERS - {"that", "also"}:
        found.pop()
    return bool(found) and found[-1] in _CONDITIONAL | _CONNECTING

"""The commands that the lexer knows, by what they become."""

from __future__ import annotations

import re

from ..language.operations import WORDS

# Text recognition reads \f, \t, \r and \b as control characters and drops them.
DAMAGE = re.compile(
    r"(?<![A-Za-z\\])(?:rac(?=\s*\{)|op(?=\s*\})|ight(?=\s*[)\]|.\\])|ig(?=\s*[()\[\]])|tr(?=\s*\())"
)
REPAIR = {
    "rac": ("command", r"\frac"),
    "op": ("command", r"\top"),
    "ight": ("command", r"\right"),
    "ig": ("command", r"\big"),
    "tr": ("name", "tr"),
}


def commands(names: str) -> set[str]:
    """Names with their backslashes."""
    return {"\\" + name for name in names.split()}


GREEK = commands(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho "
    "sigma tau phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
SPELLINGS = {
    "=": r"= ＝",
    "!=": r"\neq \ne ≠",
    ":=": r"\coloneqq ≔",
    "equiv": r"\equiv ≡",
    "in": r"\in ∈",
    "<=": r"\le \leq \leqslant ≤",
    "<": r"\lt <",
    ">=": r"\ge \geq \geqslant ≥",
    ">": r"\gt >",
    "other": r"\approx \sim \simeq \propto \to \rightarrow \mapsto \ll \gg \subset \notin",
}
RELATIONS = {spelling: relation for relation, all_of in SPELLINGS.items() for spelling in all_of.split()}
GAPS = commands(
    "quad qquad implies impliedby iff Rightarrow Longrightarrow Leftrightarrow Longleftrightarrow leadsto "
    "because therefore colon"
)
DOTS = dict.fromkeys(commands("cdots dots ldots dotsb dotsc"), "c") | {r"\vdots": "v", r"\ddots": "d"}
BOLD = {r"\mathbf", r"\boldsymbol", r"\bm", r"\pmb", r"\symbf"}
UPRIGHT = {r"\mathrm", r"\mathsf", r"\mathtt", r"\operatorname"}
SIGN_CLASSES = {r"\mathbin", r"\mathrel"}
OLD_FONTS = {r"\bf": r"\mathbf", r"\rm": r"\mathrm", r"\sf": r"\mathsf"}  # inside the braces of a group
LABEL = r"\\(?:label|tag)\s*\{[^{}=\\%＝≠≔≡]*\}"  # a name that contains no formula
ENVIRONMENT = re.compile(r"[A-Za-z]+\*?")
TEXT = commands("text textrm textit textbf textsf texttt textsc textup textnormal mbox hbox")
BOLD_TEXT = r"\textbf"
OPERATORS = {*WORDS, "T", "d", "e", "GL"}  # names also as \text{...}
_ARRANGING = "equation align aligned alignat alignedat split gather gathered multline eqnarray flalign"
LAYOUTS = {name + star for name in _ARRANGING.split() for star in ("", "*")} | {"displaymath", "math"}
PAUSES = {",", ";", ".", "，", "、", "。", "．"}
SIGNS = {"+", "-", *commands("cdot times odot otimes")}
SIZES = {"\\" + size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("l", "r", "m", "")}
OPEN = {
    "(": "(",
    "[": "[",
    r"\{": r"\{",
    r"\lbrace": r"\{",
    r"\lVert": r"\|",
    r"\lvert": "|",
    r"\langle": "<",
}
CLOSE = {
    ")": "(",
    "]": "[",
    r"\}": r"\{",
    r"\rbrace": r"\{",
    r"\rVert": r"\|",
    r"\rvert": "|",
    r"\rangle": "<",
}
BARS = {"|": "|", r"\|": r"\|", r"\vert": "|", r"\Vert": r"\|"}
SAME = {
    r"\dfrac": r"\frac",
    r"\tfrac": r"\frac",
    r"\cfrac": r"\frac",
    r"\intercal": r"\top",
    r"\ln": r"\log",
}
NAMES = {r"\det": "det", r"\exp": "exp", r"\log": "log", r"\ln": "log"}


def sized(side: str) -> set[str]:
    r"""\bigl, \Bigl, ...: the sizes of opening (l) or closing (r) brackets."""
    return {size for size in SIZES if size.endswith(side)}


TABLES = {
    "relation": RELATIONS,
    "open": OPEN,
    "close": CLOSE,
    "bar": BARS,
    "dots": DOTS,
    "name": NAMES,
}


KNOWN: dict[str, tuple[str, str]] = {
    **{text: ("letter", text) for text in GREEK},
    **{text: ("gap", text) for text in GAPS},
    **{text: (text, text) for text in "{}&"},
    **{text: (kind, form) for kind, table in TABLES.items() for text, form in table.items()},
}
KNOWN |= {text: KNOWN.get(same, ("command", same)) for text, same in SAME.items()}
WITH_NEIGHBOURS = {
    *BOLD, *UPRIGHT, *TEXT, *SIZES, ":", *commands("label tag begin end mathbb left right middle not"),
    *SIGN_CLASSES, "{",
}  # fmt: skip

"""The plain words of a part of the document tree, for descriptions and for the search."""

import re
from collections.abc import Callable

from docutils import nodes

ELLIPSIS = "…"


SIGNS = {"partial": "∂", "sum": "∑", "odot": "⊙", "otimes": "⊗", "times": "×", "in": "∈", "neq": "≠"}


def _without_fonts(tex: str) -> str:
    r"""Without the braces of \mathbf{A} and ^{\top}, so that those of fractions can be seen."""
    return re.sub(
        r"\\(?:mathbf|mathrm|mathbb|operatorname)\{([^{}]*)\}", r"\1", tex.replace(r"^{\top}", "^T")
    )


def plain_math(tex: str) -> str:
    r"""A formula in plain characters: ``\operatorname{tr}(\mathbf{A}^{\top})`` becomes ``tr(A^T)``."""
    tex = re.sub(r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}", r"(\1)/(\2)", _without_fonts(tex))
    for command, sign in SIGNS.items():
        tex = re.sub(rf"\\{command}(?![A-Za-z])", sign, tex)
    tex = re.sub(r"\\(?:math[a-z]+|operatorname|text|left|right|begin|end|quad)(?![A-Za-z])", "", tex)
    tex = tex.replace(r"\top", "T")
    return re.sub(r"\s+", " ", re.sub(r"[{}\\&]", "", tex)).strip()


def plain_text(node: nodes.Node, skip: Callable[[nodes.Node], bool] = lambda node: False) -> str:
    """The text of a node with its formulas in plain characters, without code and what `skip` refuses."""
    if isinstance(node, nodes.Text):
        return str(node)
    if isinstance(node, nodes.math):
        return plain_math(node.astext())
    if isinstance(node, (nodes.literal_block, nodes.math_block, nodes.raw, nodes.comment)) or skip(node):
        return ""
    separator = "" if isinstance(node, nodes.TextElement) else " "
    return separator.join(plain_text(child, skip) for child in node.children)


def shorten(text: str, length: int) -> str:
    """At most `length` characters of a text, cut between words."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + ELLIPSIS

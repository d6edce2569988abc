r"""Markdown: what a reader sees as a formula is read as one, at its place, and nothing else is.

Documents are put together from containers, fences and formulas whose equals signs are known; MyST's own
rendering is the witness for what is shown.
"""

import itertools
import re
import sys

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from myst_parser.parsers.docutils_ import Parser

from matproof.read.documents import Closing, Formula, Heading, Opening, read_document

pytestmark = pytest.mark.slow  # every container in every other


def read(text, path="notes.md", **options):
    (unit,) = read_document(text, path, **options).units
    return unit, [event for event in unit.events if isinstance(event, Formula)]


def shown(text, path="notes.md", **options):
    """What is read of the formulas, without blanks."""
    unit, found = read(text, path, **options)
    return ["".join(unit.visible[one.start : one.end].split()) for one in found]


def problems(text):
    return [formula.problem for formula in read(text)[1] if formula.problem]


# ------------------------------------------------------------------------------------ single documents


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("> $$\n> x = x\n> + 1\n> $$\n", ["x=x+1"]),
        ("> > $$\n> > x = x\n> > > 1\n> > $$\n", ["x=x>1"]),
        ("- $$\n  x\n  = 1\n  $$\n", ["x=1"]),
        ("> a $x =\n> 1$ b", ["x=1"]),
        ("1. a\n\n   > $x\n   > = 1$", ["x=1"]),
        ("See <!--> this. $1 = 2$", ["1=2"]),
        ("<!-- a\n$b$ --> $1 = 2$", ["1=2"]),
        ("<!-- a\n\n$b$\n--> $1 = 2$", ["1=2"]),
        ("<!---> $1 = 2$", ["1=2"]),
        ("<!-- $a$", []),
        ("<div>$1 = 2$</div>", ["1=2"]),
        ("<details>\n<summary>a</summary>\n\n$1 = 2$\n</details>", ["1=2"]),
        ("<script>\nx = '$a$'\n</script>\n$1 = 2$", ["1=2"]),
        ('<a title="$a$">$b$</a>', ["b"]),
        ("> ```\n> code\n\ntext $1 = 2$", ["1=2"]),
        ("- ```\n  code\n\ntext $1 = 2$", ["1=2"]),
        ("~~~\n- ~~~\n~~~\n$1 = 2$", ["1=2"]),
        ("~~~\n> ~~~\n~~~\n$1 = 2$", ["1=2"]),
        ("```math\n1 = 2\n```", ["1=2"]),
        ("~~~math\n1 = 2\n~~~", ["1=2"]),
        ("``` math \n1 = 2\n```", ["1=2"]),
        ("- ```math\n  1 = 2\n  ```", ["1=2"]),
        ("```{math} 1 = 2\n```", ["1=2"]),
        ("```{math} 1 =\n:label: a=b\n2\n```", ["1=2"]),
        (":::{math}\n:label: a\n\n1 = 2\n:::", ["1=2"]),
        ("```{math}\n---\nlabel: a\n---\n1 = 2\n```", ["1=2"]),
        ("```{math}\n```", []),
        ("$`1 = 2`$", ["1=2"]),
        ("abc\u2028% $1 = 2$", ["1=2"]),
        ("abc\x0c% $1 = 2$", ["1=2"]),
        ("abc\x85% $1 = 2$", ["1=2"]),
        ("```{figure} x.png\n:alt: $1 = 2$\n:name: f\n```", ["1=2"]),
        ("```{figure} x.png\n---\nalt: $1 = 2$\nname: f\n---\n$a$\n```", ["1=2", "a"]),
        ("![$1 = 2$](x.png)", ["1=2"]),
        ("[$1 = 2$](x.html?a=$b$)", ["1=2"]),
        ("[a]: x.html?a=$b$\n$c$", ["c"]),
        ("[^a]: $1 = 2$", ["1=2"]),
        ("Title $1 = 2$\n=====", ["1=2"]),
        ("Then\n$$\na\n=\nb\n$$\n", ["a=b"]),
        ("text $$ a\n$$ more $b$", ["a", "b"]),
        ("$$a = b$$ and $$c = d$$", ["a=b", "c=d"]),
        ("$$\na = b\n\nc\n$$", ["a=bc"]),
        ("\\[\na\n- b\n= c\n\\]", ["a-b=c"]),
        ("Then \\\\(a = b\\\\) and \\\\[c = d\\\\]", ["a=b", "c=d"]),
        ("Then \\begin{align}\na &= b\n\\end{align} holds", ["\\begin{align}a&=b\\end{align}"]),
        ("\\begin{proof} $a = b$ \\end{proof}", ["a=b"]),
        (r"| $\|a\| = b$ | `\|` | $c$ |" "\n|---|---|---|\n", ["|a|=b", "c"]),
        ("1. a\n2. b\n\n       $c$\n\n$d$", ["d"]),
        ("`` `$a$ `` $b$", ["b"]),
        ("{ref}`a = $b$ <c>` $d$", ["d"]),
        ("``{math}`a` `` {math}``b`c``", ["b`c"]),
        ("a\r\n> $$\r\n> 1 =\r\n> 2\r\n> $$\r\n", ["1=2"]),
        ("a\r\r$1 = 2$", ["1=2"]),
        ("\ufeff---\ntitle: $a$\n---\n$b$", ["b"]),
        ("---\n\n$1 = 2$\n\n---\n", ["1=2"]),
        ("---\ntitle: $a$\n...\n$b$", ["b"]),
        (r"$a \$ b$ \$c$d$", [r"a\$b", "d"]),
        ("$a$ \\", ["a"]),
        ("{eval-rst}`$a$`", []),
    ],
)
def test_formulas(text, found):
    assert [one for one in shown(text) if one] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$1$ = $2$", ["1=2"]),
        ("$1$ $=$ $2$", ["1=2"]),
        ("$1$ $=$ $2$ and $1$ = $2$", ["1=2", "1=2"]),
        ("$1$ = $2$ = $3$.", ["1=2=3"]),
        ("$1$ := $2$", ["1:=2"]),
        ("$1$ = -$2$", ["1=-2"]),
        ("the sign $=$ and $a$", ["=", "a"]),
        ("the sign $=$, $a$", ["=", "a"]),
        ("$a$ $b$", ["a", "b"]),
        ("$x \\text{ with $1 = 2$}$", ["x\\text{with1=2}"]),
    ],
)
def test_formulas_with_equals_signs_between_them_are_one(text, found):
    assert shown(text) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$x$ = 3", ["an equals sign outside of the formula"]),
        ("x = $3$", ["an equals sign outside of the formula"]),
        ("$x$&nbsp;=&nbsp;$y$", ["an equals sign outside of the formula"] * 2),
        ("$a = b", ["$ without $"]),
        ("$a$ and $b = c", ["$ without $"]),
        ("$$\na = b", ["$$ without $$"]),
        ("\\[ a = b", [r"\[ without \]"]),
        ("\\( a = b", [r"\( without \)"]),
        ("\\begin{align} a = b", [r"\begin{align} without \end{align}"]),
        ("| $a | b = c$ |\n|---|---|\n", ["$ without $"]),
        ("```{eval-rst}\n.. math:: a = b\n```", ["mathematics in reStructuredText"]),
        ("```{eval-rst}\n:math:`a = b`\n```", ["mathematics in reStructuredText"]),
        ("```{eval-rst}\na\n```", []),
        ("\\begin{mystery} a = b \\end{mystery}", ["the environment mystery"]),
        ("costs $5, and more", []),
        ("key = value", []),
        (">" * 200 + " $a = b$", ["blocks nested too deeply"]),
        (
            "\n".join(":" * n + "{note}" for n in range(30, 3, -1)) + "\n$a = b$",
            ["directives nested too deeply"],
        ),
    ],
)
def test_what_cannot_be_read_is_named(text, expected):
    unit, found = read(text)
    signs = [unit.visible[one.start : one.end].count("=") for one in found if one.problem]
    assert problems(text) == expected or (problems(text) and set(expected) == set(problems(text)))
    assert all(signs)


def test_boxes_in_lists_and_quotes():
    text = "> ```{note} Title\n> $a = b$\n> ```\n\n1. :::{tip}\n   :name: lab\n   # Head\n   :::\n"
    (unit,) = read_document(text, "a.md").units
    kinds = [type(event) for event in unit.events]
    assert kinds == [Opening, Formula, Closing, Opening, Heading, Closing]
    assert [event.label for event in unit.events if isinstance(event, Opening)] == [None, "lab"]


def test_nothing_is_front_matter_in_a_cell():
    text = '{"cells": [{"cell_type": "markdown", "source": "---\\n$1 = 2$\\n\\n---\\n"}]}'
    assert shown(text, "a.ipynb") == ["1=2"]


def test_text_files_have_no_code_by_indentation():
    assert shown("    $a$\n\ntext\n===\n", "a.txt") == ["a"]
    assert shown("    $a$", "a.md") == []


# ------------------------------------------------------------------------------------- many documents

FORMULAS = {
    "dollar": ("$u = v$", 1),
    "two lines": ("$u =\nv$", 1),
    "two": ("$u = v$ and $w = u$", 2),
    "pair": ("$u$ = $v$", 1),
    "none": ("$u$, `$v = w$` and $w$", 0),
    "role": ("{math}`u = v`", 1),
    "double": ("so $$u = v$$ and", 1),
    "display": ("$$\nu = v\n= w\n$$", 2),
    "label": ("$$\nu = v\n$$ (eq-a)", 1),
    "one line": ("$$ u = v $$", 1),
    "bracket": ("\\[\nu\n= v\n\\]", 1),
    "align": ("\\begin{align}\nu &= v \\\\\n&= w\n\\end{align}", 2),
    "math": ("```math\nu = v\n```", 1),
    "directive": ("```{math}\n:label: a\nu = v\n```", 1),
    "colons": (":::{math}\nu = v\n:::", 1),
    "argument": ("```{math} u = v\n```", 1),
    "code": ("```python\n$u = v$\n```", 0),
    "cell": ("```{code-cell}\n$u = v$\n```", 0),
    "span": ("`` $u = v$ ``", 0),
    "comment": ("<!-- $u = v$ -->", 0),
    "hidden": ("% $u = v$", 0),
    "target": ("(a)=", 0),
    "escaped": (r"\$u \$v", 0),
    "table": ("| a | $u = v$ |\n|---|---|\n| $v = w$ | `$` |", 2),
    "heading": ("## Of $u = v$", 1),
    "image": ("![$u = v$](a.png)", 1),
    "link": ("[$u = v$](a?b=c)", 1),
}


def _indented(text, first, others):
    return "\n".join(
        (first if n == 0 else others if line else others.rstrip()) + line
        for n, line in enumerate(text.split("\n"))
    )


CONTAINERS = {
    "plain": lambda text: text,
    "words": lambda text: f"Words before.\n\n{text}\n\nAnd behind.",
    "quote": lambda text: _indented(text, "> ", "> "),
    "bullet": lambda text: _indented(text, "- ", "  "),
    "number": lambda text: _indented(text, "10. ", "    "),
    "note": lambda text: f"``````{{note}}\n{text}\n``````",
    "theorem": lambda text: f"::::::{{prf:theorem}} Title\n:label: lab\n\n{text}\n::::::",
    "deep": lambda text: f":::::::{{note}}\n``````{{tip}}\n{text}\n``````\n:::::::",
    "open": lambda text: f"::::::{{note}}\n{text}",
    "fence": lambda text: f"~~~~~~\n{text}\n~~~~~~",
    "crlf": lambda text: text.replace("\n", "\r\n"),
}  # fmt: skip


@pytest.mark.parametrize(("outer", "inner"), list(itertools.product(CONTAINERS, repeat=2)))
def test_equals_signs_in_all_containers(outer, inner):
    if outer == inner and outer not in ("plain", "quote", "bullet"):
        return  # a fence ends a fence of the same length
    for words, count in FORMULAS.values():
        text = CONTAINERS[outer](CONTAINERS[inner](words))
        unit, found = read(text)
        signs = sum(unit.visible[one.start : one.end].count("=") for one in found)
        assert signs == (count if "fence" not in (outer, inner) else 0), text
        assert not any(one.problem for one in found), text
        assert all(kept.isspace() or kept == own for own, kept in zip(text, unit.visible, strict=True)), text


def rendered(text):
    """The mathematics that MyST shows, without blanks."""
    settings = {
        "myst_enable_extensions": ["dollarmath", "amsmath", "colon_fence"],
        "report_level": 5,
        "halt_level": 5,
        "file_insertion_enabled": False,
    }
    tree = publish_doctree(text, parser=Parser(), settings_overrides=settings)
    shown = tree.findall(lambda node: isinstance(node, nodes.math | nodes.math_block))
    return sorted("".join(node.astext().split()) for node in shown)


# The others are shown by other renderers (images and links by Sphinx only); MyST takes colons that follow
# a line of backticks for an option.
WITNESSED = FORMULAS.keys() - {"pair", "double", "bracket", "math", "image", "link", "heading", "colons"}


@pytest.mark.parametrize("outer", [name for name in CONTAINERS if name not in ("theorem", "crlf", "open")])
@pytest.mark.parametrize("inner", ["plain", "quote", "bullet", "note"])
def test_myst_shows_the_same(outer, inner):
    for name in sorted(WITNESSED):
        text = CONTAINERS[outer](CONTAINERS[inner](FORMULAS[name][0]))
        unbracketed = [re.sub(r"\$\$?(.*)", r"\1", one) for one in shown(text)]
        assert sorted(unbracketed) == rendered(text), text


# ------------------------------------------------------------------------------------------- bounds

HOSTILE = {
    "heading": lambda n: "# " + "#" * n + "x\n",
    "fence": lambda n: "``` a" + " " * n + "b\n",
    "front matter": lambda n: "---\n" + " matproof:\n" * n + "\n---\n",
    "dollars": lambda n: "$$ a\n" * n,
    "dollars in items": lambda n: "- $$ a\n" * n,
    "dollars in words": lambda n: "a $$ b\n\n" * n,
    "environments": lambda n: "\\begin{align} a\n\n" * n + "\\end{align} x",
    "brackets": lambda n: "\\[ a\n" * n + "\\] x",
    "links": lambda n: "[a](" * n,
    "references": lambda n: "[a]: b\n" * n,
    "backticks": lambda n: " ".join("`" * k for k in range(1, int(n**0.5))),
    "roles": lambda n: "{a}`" * n,
    "comments": lambda n: "<!--" * n,
    "tags": lambda n: "<div>\n" + "<script>" * n,
    "directives": lambda n: ":::{a}\n" * n,
    "table": lambda n: "|a|b|\n|--|--|\n" + "|$a=b$|c|\n" * n,
    "formulas": lambda n: "$a=b$ " * n,
    "signs": lambda n: "$a$ = " * n,
}


def calls(text):
    """How many calls of Python functions reading a text takes."""
    count = 0

    def note(frame, event, argument):
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        read_document(text, "a.md")
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_the_work_grows_no_faster_than_the_text(name):
    few, many = calls(HOSTILE[name](400)), calls(HOSTILE[name](1600))
    assert many <= 5 * few + 1000

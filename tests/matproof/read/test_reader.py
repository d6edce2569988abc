"""What a document claims, and under which declarations: scopes, definitions, conditions, the account."""

import random

import pytest

from matproof.checking import check
from matproof.language.nodes import Letter
from matproof.language.printing import to_latex
from matproof.read.documents import read_document
from matproof.read.kinds import read_claims_leniently
from matproof.read.reader import read_claims


def read(text, path="<text>"):
    return read_claims(read_document(text, path))


def claims(text):
    return [claim for claim, _ in read(text).claims]


def errors(text):
    """The message of each claim, or "" where it could be read."""
    return [str(claim.error or "") for claim in claims(text)]


def account(text):
    counted = vars(read(text).account)
    return tuple(counted.values())


STATEMENT = r"""
:::{prf:theorem} A theorem
:label: first
Let $\mathbf{A} \in \mathbb{R}^{m \times n}$.

$$
\mathbf{A} = \mathbf{A}
$$
:::
"""


def behind(rest, before=""):
    """Errors of the claims in a text behind the theorem above."""
    found = errors(before + STATEMENT + rest)
    assert found[0] == ""
    return found[1:]


UNDECLARED = (
    r"\mathbf{A} is not declared; expected a declaration such as \mathbf{A} \in \mathbb{R}^{m \times n}"
)
USE = "\n$$\n\\mathbf{A} = \\mathbf{A}\n$$\n"


@pytest.mark.parametrize(
    ("rest", "known"),
    [
        (f":::{{prf:proof}}\n{USE}:::\n", True),
        (f"Words.\n{USE}", True),
        (f":::{{prf:remark}} No label\n{USE}:::\n", True),
        (f"### A small heading\n{USE}", True),
        (f":::{{prf:lemma}} Another\n:label: second\n{USE}:::\n", False),
        (f":::{{prf:remark}} With label\n:label: second\n{USE}:::\n", False),
        (f":::{{exercise}} One\n:label: second\n{USE}:::\n", False),
        (f"## Section\n{USE}", False),
        (f"# Chapter\n{USE}", False),
    ],
)
def test_declarations_hold_until_the_next_labelled_statement_or_section(rest, known):
    assert behind(rest) == ["" if known else UNDECLARED]


def test_declarations_in_the_opening_hold_for_the_chapter():
    opening = "# Chapter\n\nLet $x \\in \\mathbb{R}$.\n\n## Section\n"
    use = "$$\nx = x\n$$\n"
    assert errors(f"{opening}{use}\n## Next\n{use}") == ["", ""]
    assert errors(f"{opening}{use}\n# Next chapter\n{use}")[1].startswith("x is not declared")


def test_a_declaration_in_a_section_hides_that_of_the_chapter():
    text = r"""Let $\mathbf{A} \in \mathbb{R}^{m \times n}$.

## One

Now $\mathbf{A} \in \mathbb{R}^{p \times p}$: $\mathbf{A} = \mathbf{A}$

## Two

$\mathbf{A} = \mathbf{A}$
"""
    sizes = [[to_latex(d) for d in claim.scope.declarations[0].dimensions] for claim in claims(text)]
    assert sizes == [["p", "p"], ["m", "n"]]


def test_a_remark_of_its_own_may_declare_letters_until_the_next_statement():
    remark = ":::{prf:remark}\nLet $\\mathbf{B} \\in \\mathbb{R}^{n}$.\n:::\n"
    use = "\n$$\n\\mathbf{B} = \\mathbf{B}\n$$\n"
    assert behind(remark + use) == [""]
    assert behind(f"{remark}:::{{prf:lemma}}\n:label: second\n{use}:::\n")[0].startswith(r"\mathbf{B} is not")


@pytest.mark.parametrize("between", ["", STATEMENT, "## Section\n"])
def test_a_solution_shares_the_declarations_of_its_exercise(between):
    exercise = ":::{exercise}\n:label: task\nLet $\\mathbf{B} \\in \\mathbb{R}^{n \\times n}$.\n:::\n"
    solution = ":::{solution} task\n$$\n\\mathbf{B} = \\mathbf{B}\n$$\n:::\n"
    assert set(errors(exercise + between + solution)) == {""}


def test_a_declaration_may_follow_the_display():
    text = "$$\n\\mathbf{A} = \\mathbf{A}\n$$\nwhere $\\mathbf{A} \\in \\mathbb{R}^{n \\times n}$."
    assert errors(text) == [""]


def test_the_argument_of_a_function_must_be_declared():
    text = r"Let $\mathbf{U}(\mathbf{X}) \in \mathbb{R}^{n \times n}$. $$ \mathbf{U} = \mathbf{U} $$"
    assert errors(text)[0].startswith("U depends on X, which is not declared")


def test_a_plain_argument_is_a_number_unless_something_else_is_said():
    text = r"Let $\mathbf{U}(x) \in \mathbb{R}^{n \times n}$. $$ x \mathbf{U} = \mathbf{U} x $$"
    assert errors(text) == [""]
    assert errors(text + r" with $x \in \mathbb{N}$") == [""]


@pytest.mark.parametrize(
    ("membership", "declared"),
    [
        (r"c \in \mathbb{R}", r"c scalar"),
        (r"\lambda \in \mathbb{R}", r"\lambda scalar"),
        (r"\mathbf{a} \in \mathbb{R}^n", r"\mathbf{a} vector n"),
        (r"\mathbf{A} \in \mathbb{R}^{m \times n}", r"\mathbf{A} matrix m n"),
        (r"\mathbf{A} \in \mathbb{R}^{mn \times (n+1)}", r"\mathbf{A} matrix m n n + 1"),
        (r"\mathbf{A} \in \mathbb{R}^{2 \times 3}", r"\mathbf{A} matrix 2 3"),
        (r"\mathbf{C} \in \mathbb{S}^{n}", r"\mathbf{C} matrix n n symmetric"),
        (r"\mathbf{X} \in \mathrm{GL}_n(\mathbb{R})", r"\mathbf{X} matrix n n invertible"),
        (r"\mathbf{X} \in \mathrm{GL}(n, \mathbb{R})", r"\mathbf{X} matrix n n invertible"),
        (
            r"\mathbf{X} \in \mathbb{S}^{n} \cap \mathrm{GL}_n(\mathbb{R})",
            r"\mathbf{X} matrix n n symmetric invertible",
        ),
        (r"n \in \mathbb{N}", "n integer from 1"),
        (r"n \in \mathbb{N}_0", "n integer from 0"),
        (r"n \in \mathbb{Z}", "n integer from None"),
        (r"\mathbf{U}(x) \in \mathbb{R}^{m \times n}", r"\mathbf{U} matrix m n of x"),
        (r"u(\mathbf{X}, x) \in \mathbb{R}", r"u scalar of \mathbf{X} x"),
        (r"\mathbf{J}^{ij} \in \mathbb{R}^{m \times m}", r"\mathbf{J} single-entry m m"),
        (r"c_n \in \mathbb{R}", r"c sequence"),
        (r"x \in \mathbb{R} \setminus \{0\}", r"x scalar invertible"),
    ],
)
def test_memberships(membership, declared):
    (item,) = read(f"Let ${membership}$.").items
    ((_, found),) = item.region.declared
    words = [to_latex(found.letter), found.kind, *map(to_latex, found.dimensions)]
    words += ["from", str(found.minimum)] if found.kind == "integer" else []
    words += ["symmetric"] * found.symmetric + ["invertible"] * found.invertible
    words += ["of", *map(to_latex, found.arguments)] if found.arguments else []
    assert " ".join(words) == declared


def test_several_letters_share_one_membership():
    (item,) = read(r"Let $\mathbf{A}, \mathbf{B}(x), \mathbf{C} \in \mathbb{R}^{m \times n}$.").items
    assert [found.letter for _, found in item.region.declared] == [Letter(name, True) for name in "ABC"]


@pytest.mark.parametrize(
    ("membership", "message"),
    [
        (r"\mathbf{A} \in \mathbb{R}^{m x n}", r"the letter x between sizes; expected \times"),
        (
            r"\mathbf{A} \in \mathbb{R}^{l \times m \times n}",
            r"the size of a space; expected n or m \times n",
        ),
        (r"\mathbf{A} \in \mathbb{R}^{m \times}", r"the size of a space; expected n or m \times n"),
        (
            r"\mathbf{A} \in \mathbb{C}^{n}",
            r"unknown set \mathbb{C}; expected \mathbb{R}, \mathbb{S}, \mathbb{N}",
        ),
        (
            r"\mathbf{A} \in \mathbb{S}^{m \times n}",
            r"symmetric matrices are square; expected \mathbb{S}^{n}",
        ),
        (r"\mathbf{A} \in \mathbb{S}", r"\mathbb{S} without its size; expected \mathbb{S}^{n}"),
        (r"\mathbf{A} \in \mathrm{GL}_n", r"an unknown set of matrices; expected \mathrm{GL}_n(\mathbb{R})"),
        (
            r"n \in \mathbb{N}_2",
            r"an unknown set of integers; expected \mathbb{N}, \mathbb{N}_0 or \mathbb{Z}",
        ),
        (r"\mathbf{a} \in \mathbb{R}", "the bold letter a as a number; expected a plain letter, or a size"),
        (r"n(x) \in \mathbb{N}", "an integer that depends on something; expected no arguments"),
        (
            r"\mathbf{A} \in \mathbb{S}^m \cap \mathrm{GL}_n(\mathbb{R})",
            r"an intersection of unlike sets; expected \mathbb{S}^n \cap \mathrm{GL}_n",
        ),
    ],
)
def test_memberships_that_are_not_understood(membership, message):
    assert errors(f"Let ${membership}$.") == [message]


def test_unknown_sets_say_nothing():
    assert claims(r"For every $x \in \Omega$ and $\mathbf{x} \in V$.") == []


def test_expressions_may_be_declared_invertible():
    text = r"""Let $\mathbf{X}, \mathbf{A} \in \mathbb{R}^{n \times n}$ with
    $\mathbf{X} + \mathbf{A} \in \mathrm{GL}_n(\mathbb{R})$. $\mathbf{A} = \mathbf{A}$"""
    (claim,) = claims(text)
    assert [to_latex(node) for node in claim.scope.invertible] == [r"\mathbf{X} + \mathbf{A}"]


def test_the_shape_of_an_expression_is_a_claim_of_its_own():
    text = r"""Let $\mathbf{A} \in \mathbb{R}^{m \times n}$, so that
    $\mathbf{A}^{\top} \in \mathbb{R}^{n \times m}$ and $\mathbf{A}^{\top} \in \mathbb{R}^{m \times n}$."""
    (document,) = check(text).documents
    assert [(r.claim.relation, r.verdict.verdict) for r in document.results] == [
        ("in", "holds"),
        ("in", "fails"),
    ]


# ----------------------------------------------------------------------------------------- definitions

GIVEN = r"""Let $\mathbf{X} \in \mathrm{GL}_n(\mathbb{R})$, $\mathbf{A} \in \mathbb{R}^{n \times n}$,
$t \in \mathbb{R}$, $q \in \mathbb{N}$.
"""


def test_a_defined_letter_and_its_entries_may_be_used():
    text = GIVEN + r"Let $\mathbf{Y} := \mathbf{X}^{-1}$. $$ y_{ij} = (\mathbf{X}^{-1})_{ij} $$"
    (claim,) = claims(text)
    assert claim.error is None
    assert claim.scope.definition(Letter("Y", True)).body.span is not None
    assert account(text) == (2, 1, 1, 0, 0)


def test_definitions_hold_until_the_section_ends():
    define = "Let $\\mathbf{Y} := \\mathbf{A}$.\n"
    use = "$\\mathbf{Y} = \\mathbf{A}$\n"
    given = "Let $\\mathbf{A} \\in \\mathbb{R}^{n \\times n}$.\n"
    lemma = f":::{{prf:lemma}}\n:label: lemma\n{use}:::\n"
    assert errors(f"{given}## One\n{define}{use}{lemma}") == ["", ""]
    assert errors(f"{given}## One\n{define}## Two\n{use}")[0].startswith(r"\mathbf{Y} is not declared")


def test_a_definition_may_have_parameters_and_primes():
    text = (
        GIVEN
        + r"""$h(t) := t^2$, $\mathbf{g}(\mathbf{A}) := \mathbf{A}^2$,
    $\mathbf{g}'(\mathbf{A}) := 2\mathbf{A}$.
    $$ h(2t) = 4t^2, \qquad \mathbf{g}'(\mathbf{A}) = 2\mathbf{A} $$"""
    )
    assert errors(text) == ["", ""]


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (r"$\mathbf{X}^{-1} := \mathbf{A}$", "only a letter can be defined"),
        (r"$\mathbf{Y} := \mathbf{Y}\mathbf{A}$", r"\mathbf{Y} is not declared"),
        (r"$\mathbf{A} := \mathbf{A}\mathbf{X}$", "A is used in a definition already"),
        (r"$\mathbf{Y} := \mathbf{X}$, $\mathbf{X} := \mathbf{A}$", "X is used in a definition already"),
        (r"$\mathbf{Y} := \mathbf{M}$", r"\mathbf{M} is not declared"),
        (r"$t \equiv q$", r"the sign \equiv; expected := for a definition, = for a claim"),
    ],
)
def test_definitions_that_are_refused(formula, message):
    (error,) = errors(GIVEN + formula)
    assert error.startswith(message)


# ------------------------------------------------------------------------------------------ conditions


def conditions(text):
    return [[to_latex(condition) for condition in claim.scope.conditions] for claim in claims(text)]


@pytest.mark.parametrize(
    ("prose", "held"),
    [
        ("for $q = 1$", ["q = 1"]),
        ("for $q \\ge 2$", [r"q \ge 2"]),
        ("for $1 \\le i \\le n$", [r"1 \le i", r"i \le n"]),
        ("for $i = 1, \\dots, n$", [r"1 \le i", r"i \le n"]),
        ("for $i = j$", ["i = j"]),
        ("for $i \\neq j$", [r"i \neq j"]),
        ("for $t > 0$", []),
    ],
)
def test_conditions_in_prose_hold_for_the_next_display(prose, held):
    display = "$$\na_{ij} t^q = a_{ij} t^q\n$$\n"
    assert conditions(f"{GIVEN}{prose}\n{display}{display}") == [held, []]


def test_conditions_in_a_statement_hold_for_its_proof():
    text = f"""{GIVEN}
:::{{prf:theorem}}
:label: a
For $q \\ge 2$,

$$
t^q = t^q
$$
:::

$$
t^q = t^q
$$
"""
    assert conditions(text) == [[r"q \ge 2"], [r"q \ge 2"]]


@pytest.mark.parametrize(
    ("prose", "error"),
    [
        ("$t = 1$", ""),
        ("$k = l$", "k is not declared"),
        ("$i = j$ and no display", "i is not declared"),
        ("$i, j = 1$ $$a_{ij} = a_{ij}$$", "cut off from the equation behind it"),
        ("$$q = 1$$", ""),
    ],
)
def test_other_relations_are_claims(prose, error):
    assert errors(GIVEN + prose)[0].startswith(error)
    assert account(GIVEN + prose)[3] == 0


# ------------------------------------------------------------------------------------------- the account


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        # seen, claims, definitions, conditions, annotations
        ("$t = t$", (1, 1, 0, 0, 0)),
        ("$t = t = t \\neq t$", (3, 3, 0, 0, 0)),
        ("$$t = \\sum_{k=1}^{n} a_{kk} = t$$", (3, 2, 0, 0, 1)),
        ("$$\\left.t\\right|_{t = 1} = 1$$", (2, 1, 0, 0, 1)),
        ("$$\\delta_{ij} = \\begin{cases} 1 & (i = j) \\\\ 0 & (i \\neq j) \\end{cases}$$", (3, 1, 0, 0, 2)),
        ("The sign $=$ and the sign $\\neq$.", (2, 0, 0, 0, 2)),
        ("The sum $\\sum_{k=1}^{n} a_k$", (1, 0, 0, 0, 1)),
        ("$h := t = t$", (2, 1, 1, 0, 0)),
        ("for $q = 1$ $$t^q = t$$", (2, 1, 0, 1, 0)),
        ("for $i = 1, \\dots, n$", (1, 0, 0, 1, 0)),
        ("`t = t` and\n\n```python\nt = 1\n```\n", (0, 0, 0, 0, 0)),
        ("<!-- $t = t$ -->", (0, 0, 0, 0, 0)),
        ("$t \\not= t$, $t ≠ t$, $t \\ne t$", (3, 3, 0, 0, 0)),
        ("$t = t % = t$\n", (1, 1, 0, 0, 0)),
        ("$$\\begin{aligned} t &= t \\\\ &= t \\text{ as $t = t$} \\end{aligned}$$", (3, 3, 0, 0, 0)),
        # what is not understood is counted as an unreadable claim
        ("$(t = t)$", (1, 1, 0, 0, 0)),
        ("$t = t \\approx t$", (1, 1, 0, 0, 0)),
        ("$t == t$", (2, 2, 0, 0, 0)),
        ("$t = $", (1, 1, 0, 0, 0)),
        ("$t = t", (1, 1, 0, 0, 0)),
        ("$$t = t = t", (2, 2, 0, 0, 0)),
        ("$$t = t \\text{ since n = 1}$$", (2, 2, 0, 0, 0)),
        ("$\\mathbf{t = t}$", (1, 1, 0, 0, 0)),
        ("$\\mathbf{t = t$", (1, 1, 0, 0, 0)),
        ("$\\text{t = t$", (1, 1, 0, 0, 0)),
        ("$\\begin{a=b}$", (1, 1, 0, 0, 0)),
        ("$\\underbrace{t}_{= q} = t$", (2, 2, 0, 0, 0)),
        ("$\\frac{t = t}{2}$", (1, 1, 0, 0, 0)),
        ("$\\overset{!}{=}$", (1, 1, 0, 0, 0)),
    ],
)
def test_no_equals_sign_is_lost(text, counts):
    assert account(GIVEN + text) == counts


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("$(t = t)$", "a relation inside brackets; expected relations in the open, or words"),
        (
            "$t = t \\approx t$",
            r"an equation mixed with another relation; expected only = and \neq in a chain",
        ),
        ("$$= t$$", "a relation without a left-hand side; expected an expression before it"),
        ("$t = $", "a relation without a right-hand side; expected an expression after it"),
        ("$t = t", "$ without $; expected a formula that is closed"),
        ("$$t = t", "$$ without $$; expected a formula that is closed"),
        ("\\begin{align} t = t", r"\begin{align} without \end{align}; expected a formula that is closed"),
    ],
)
def test_formulas_that_are_not_understood(text, message):
    assert errors(GIVEN + text) == [message]


# --------------------------------------------------------------------------------------------- chains


def links(formula):
    return [f"{to_latex(c.lhs)} {c.relation} {to_latex(c.rhs)}" for c in claims(f"{GIVEN}$$\n{formula}\n$$")]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (r"t = q = 1", ["t = q", "q = 1"]),
        (r"\begin{aligned} t &= q \\ &= 1 \end{aligned}", ["t = q", "q = 1"]),
        (r"\begin{aligned} t \\ &= q \\ &= 1 \end{aligned}", ["t = q", "q = 1"]),
        (r"\begin{aligned} t &= q \\ &\quad + 1 \\ &= 1 \end{aligned}", ["t = q + 1", "q + 1 = 1"]),
        (r"\begin{aligned} t &= q \\ &\qquad - 1 + t \end{aligned}", ["t = q - 1 + t"]),
        (r"\begin{gathered} t = q \\ -t = 1 \end{gathered}", ["t = q", "-t = 1"]),
        (r"t = q, \quad 1 = t", ["t = q", "1 = t"]),
        (r"t = q \implies 1 = t", ["t = q", "1 = t"]),
        (r"t = q \quad \text{(why)} \\ = 1", ["t = q", "q = 1"]),
        (r"\left(t \right. \\ \left. + q\right) = 1.", ["t + q = 1"]),
        (r"\bigl( t \\ &\quad + q \bigr) = 1", ["t + q = 1"]),
        (r"t \neq q", ["t != q"]),
        (r"\begin{aligned} t &= q & 1 &= t \end{aligned}", ["t = q", "1 = t"]),
        (r"\begin{aligned} t &= q, && 1 = t \end{aligned}", ["t = q", "1 = t"]),
        (r"\begin{aligned} 2 & t = q \end{aligned}", ["2 t = q"]),
        (r"t = q \quad + 1", ["t = q + 1"]),
        (r"t = q \implies -t = 1", ["t = q", "-t = 1"]),
        (r"\begin{aligned} t &= q \\ & 2 t \\ &= 1 \end{aligned}", ["t = q", "2 t = 1"]),
        (r"t = q \le 2", ["t = q"]),
    ],
)
def test_chains(formula, expected):
    assert links(formula) == expected


@pytest.mark.parametrize(
    "formula",
    [
        r"t = t \quad q",
        r"\begin{aligned} t &= t \\ & q \end{aligned}",
        r"\begin{aligned} t &= t & q \end{aligned}",
    ],
)
def test_nothing_is_cut_off(formula):
    assert errors(f"{GIVEN}$${formula}$$") == [
        "cut off from the equation before it; expected a sign, a comma or words before it"
    ]


def test_chains_do_not_go_on_in_the_next_display():
    assert errors(GIVEN + "$$t = t$$ so $$= t$$")[1].startswith("a relation without a left-hand side")


def test_places_of_claims():
    text = "# Title\n\nLet $t \\in \\mathbb{R}$: $t = t$\n\n(here)=\n## Heading\n\n"
    text += "$$\nt = t\n$$ (eq)\n\n$t = t = t$\n"
    places = [(claim.id, claim.ordinal, claim.line, claim.latex) for claim in claims(text)]
    assert places == [
        ("Title", 1, 3, "t = t"),
        ("eq", 1, 9, "t = t"),
        ("here", 1, 12, "t = t"),
        ("here", 2, 12, "t = t"),
    ]


# ------------------------------------------------------------------------------------------ robustness


def test_a_display_of_a_megabyte_is_one_unreadable_claim():
    for body in ("t = " * 250_000, "{" * 1_000_000, r"\frac{t}{" * 110_000, "x" * 1_000_000):
        reading = read(f"{GIVEN}$$\nt = {body}\n$$\n")
        ((claim, _),) = reading.claims
        assert str(claim.error) == "this formula is too long; expected at most 100000 characters"
        assert reading.account.balanced


def test_a_display_with_thousands_of_relations_is_one_unreadable_claim():
    reading = read(f"{GIVEN}$${'t=' * 3000}t$$")
    ((claim, _),) = reading.claims
    assert claim.count == reading.account.claims == 3000


@pytest.mark.parametrize(
    "piece", ["$", "$$", "`", "``` ", "\\[", "\\begin{align}", "<!--", ":::{note}\n", "$a$ ", "a_"]
)
def test_hostile_documents_are_read_in_time_proportional_to_their_length(piece):
    assert read(piece * (20_000 // len(piece))).account.balanced


PIECES = r"""
$ $$ \[ \] ` ```python ``` ::: :::{prf:theorem} :label:x ## <!-- --> | \begin{align} \end{align}
\begin{aligned} \end{aligned} a \mathbf{A} a_{ij} t = = = \neq := \in \mathbb{R} \mathbb{R}^{n} ( )
{ } \text{ \sum_{ \left. \right|_{ & \\ , \quad + - \mathbf{ \begin{cases} \end{cases} \label{ f(t)
\not \equiv \le \underbrace{ rac{ op} % \\% NEWLINE NEWPARAGRAPH
"""


@pytest.mark.parametrize("mode", ["strict", "lenient"])
@pytest.mark.parametrize("seed", range(10))
def test_salads_of_text_never_lose_an_equals_sign(mode, seed):
    breaks = {"NEWLINE": "\n", "NEWPARAGRAPH": "\n\n"}
    draw, pieces = random.Random(seed), [breaks.get(piece, piece) for piece in PIECES.split()]
    for _ in range(100):
        text = " ".join(draw.choices(pieces, k=draw.randint(5, 60)))
        document = read_document(text, lenient=mode == "lenient")
        reading = read_claims(document) if mode == "strict" else read_claims_leniently(document)
        assert reading.account.balanced, text

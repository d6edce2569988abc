"""No text makes the checker raise, hang, lose an equals sign or take too much memory."""

import json
import subprocess
import sys
from random import Random

import pytest

from matproof import check
from matproof.read.documents import DocumentError

pytestmark = pytest.mark.slow  # a process of its own for each hostile input

RUNS, DOCUMENTS = 8, 250  # 2,000 documents
VERDICTS = {"holds", "fails", "undecided", "unreadable"}
MEGABYTES = 500

GIVEN = r"""Let $\mathbf{A}, \mathbf{B} \in \mathbb{R}^{m \times m}$,
$\mathbf{X} \in \mathbb{R}^{m \times n}$, $\mathbf{a} \in \mathbb{R}^{m}$,
$x, y \in \mathbb{R}$, $u(x) \in \mathbb{R}$ and $p \in \mathbb{N}$.
"""
TRUE = [
    r"\frac{\partial \operatorname{tr}(\mathbf{A} \mathbf{X} \mathbf{X}^{\top})}{\partial x_{ij}}"
    r" = ((\mathbf{A} + \mathbf{A}^{\top}) \mathbf{X})_{ij}",
    r"(\mathbf{A} \mathbf{B})_{ij} = \sum_{k=1}^{m} a_{ik} b_{kj}",
    r"\frac{\partial u^2}{\partial x} = 2 u \frac{\partial u}{\partial x}",
    r"\begin{aligned} \|\mathbf{a}\|^2 &= \mathbf{a}^{\top} \mathbf{a} \\ &= \sum_{k} a_k^2 \end{aligned}",
    r"\mathbf{A}^{p+1} = \mathbf{A} \mathbf{A}^{p} \quad \text{for all } p",
    r"\mathbf{Y} := \mathbf{A} \mathbf{B}, \quad \det(\mathbf{Y}) = \det(\mathbf{A}) \det(\mathbf{B})",
]
VOCABULARY = r"""
    = = = \neq := & \\ + - \cdot \odot \otimes ( ) [ ] \{ \} { } ^ _ ' , ; | \| \left \right . \in
    \quad { } ( ) \mathbf{A} \mathbf{X} \mathbf{a} \mathbf{I} \mathbf{J} \mathbf{0} \mathbf
    \mathbb{R} \mathrm x y u g c i j k n p x_{ij} a_{ij} a_k \delta_{ij} ^{\top} ^{-1} ^2 ^p _{ij}
    \sum \sum_{k} \sum_{k=1}^{m} \cdots \vdots \infty \partial \frac \frac{\partial}{\partial
    \frac{\partial u} {\partial x} \operatorname{tr} \det \log \exp \sqrt \text{if} \text{=} \top
    \begin{aligned} \end{aligned} \begin{pmatrix} \end{pmatrix} \begin{cases} \end{cases}
    \underbrace \label{a=b} \tag{=} 0 1 2 3 10 1.5 $ $$ \[ \] \( \) \= \unknown % # ~ < \le \bigl
    \middle \hat \, é 微 ≠ ＝ ≔ <!-- --> ``` :::{prf:theorem} ::: :label: ## \newcommand{\q}{=} \q
    \def \begin{equation} `=`
"""
TOKENS = VOCABULARY.split()


def characters(random):
    """Characters of all kinds, in dollars or not."""
    alphabet = "".join(map(chr, range(32, 127))) + "$$$$\\\\{}\n\n=\t\x00é∂Σ微分\u200b\U0001d400"
    return "".join(random.choices(alphabet, k=random.randrange(200)))


def salad(random):
    """LaTeX tokens in any order."""
    tokens = random.choices(TOKENS, k=random.randrange(1, 30))
    return "\n".join((GIVEN, "$$", random.choice(("\n", " ")).join(tokens), "$$", ""))


def mutilated(random):
    """A true claim in which a few tokens were deleted, doubled or replaced."""
    parts = (GIVEN + f"\n$$\n{random.choice(TRUE)}\n$$\n").split(" ")
    for _ in range(random.randrange(1, 4)):
        at = random.randrange(len(parts))
        parts[at : at + 1] = random.choice(([], [parts[at]] * 2, [random.choice(TOKENS)]))
    return " ".join(parts)


@pytest.mark.parametrize("seed", range(RUNS))
@pytest.mark.parametrize("lenient", [False, True], ids=["strict", "lenient"])
def test_every_text_gets_a_report(seed, lenient):
    random = Random(seed)
    for _ in range(DOCUMENTS // 2):
        text = random.choice((characters, salad, salad, mutilated))(random)
        try:
            report = check(text, lenient=lenient, max_seconds=2)
        except DocumentError:
            continue
        (document,) = report.documents
        assert {result.verdict.verdict for result in document.results} <= VERDICTS, text
        assert document.account.balanced, text
        assert report.to_text()
        json.dumps(report.to_json())


def test_the_true_claims_hold_before_they_are_mutilated():
    for claim in TRUE:
        assert check(f"{GIVEN}\n$$\n{claim}\n$$\n").ok, claim


# ------------------------------------------------------------------------------------------ hostile input

PROGRAM = """
import json, resource, sys
from matproof import check
report = check(sys.stdin.read(), max_seconds=5)
unit = 1 if sys.platform == "darwin" else 1024
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
verdicts = [result.verdict.verdict for document in report.documents for result in document.results]
print(json.dumps([verdicts, report.summary, peak]))
"""
TWELVE = "bcdefghkqrst"
SIXTEEN = "bcdefghijklmnopq"


def chain(names):
    """a_{bc} a_{cd} ... and back to the first index."""
    return " ".join(f"a_{{{i}{j}}}" for i, j in zip(names, names[1:] + names[0], strict=True))


def sums(names):
    """Sum signs over all names."""
    return " ".join(rf"\sum_{{{name}}}" for name in names)


HOSTILE = {
    "10,000 nested braces": ("{" * 10_000 + "x" + "}" * 10_000 + " = x", "unreadable"),
    "10,000 nested brackets": ("(" * 10_000 + "x" + ")" * 10_000 + " = x", "unreadable"),
    "10,000 open braces": ("{" * 10_000 + " = x", "unreadable"),
    "nested fractions": (r"\frac{1}{" * 900 + "x" + "}" * 900 + " = x", "unreadable"),
    "a power of a billion": (r"x^{10^9} = x^{10^9} + 1", "fails"),
    "a matrix to the billion": (r"\mathbf{A}^{1000000000} \mathbf{A} = \mathbf{A}^{1000000001}", "holds"),
    "a tower of powers": (r"x^{9^{9^{9^{9}}}} = x", "undecided"),
    "a number of 50,000 digits": ("9" * 50_000 + " = x", "unreadable"),
    "one megabyte of terms": (" + ".join(["x"] * 250_000) + " = x", "unreadable"),
    "one megabyte of relations": (" = ".join(["x"] * 250_000), "unreadable"),
    "a sum over twelve indices": (
        " ".join(rf"\sum_{{{name}}}" for name in TWELVE)
        + chain(TWELVE)
        + r" = \operatorname{tr}(\mathbf{A}^{12})",
        "holds",
    ),
    "twelve free indices": (f"{chain(TWELVE)} x = x {chain(TWELVE)}", "undecided"),
    "a sum of a billion terms": (r"\sum_{k=1}^{1000000000} k x = x", "undecided"),
    "a dotted sum of a billion terms": (r"x + x^2 + \cdots + x^{1000000000} = x", "undecided"),
    "twelve Kronecker factors": (
        r"\operatorname{tr}("
        + r" \otimes ".join([r"\mathbf{A}"] * 12)
        + r") = \operatorname{tr}(\mathbf{A})^{12}",
        "undecided",
    ),
    "a huge identity": (r"\operatorname{tr}(\mathbf{I}_{1000000000}) = 1000000000", "undecided"),
    "a ninth derivative": (r"\frac{\partial^9 u^9}{\partial x^9} = u", "undecided"),
    "a size of seven letters": (
        r"\mathbf{C} \in \mathbb{R}^{abcdefg \times m}, \quad \mathbf{C} \mathbf{C}^{\top} = \mathbf{I}",
        "fails",
    ),
    "a determinant of 500 rows": (
        r"\mathbf{D} \in \mathbb{R}^{500 \times 500}, \quad \det(\mathbf{D}^{\top}) = \det(\mathbf{D})",
        "undecided",
    ),
    "sixteen exponents": (
        rf"{', '.join(SIXTEEN)} \in \mathbb{{N}}, \quad x^{{{SIXTEEN}}} = x^{{{SIXTEEN[::-1]}}}",
        "holds",
    ),
    "forty operators": (r"\frac{\partial}{\partial x} " * 40 + "x^{40} = x", "unreadable"),
    "3,000 nested texts": (r"x = x \quad \text{" * 3_000 + "}" * 3_000, "unreadable"),
}


@pytest.mark.parametrize(("formula", "verdict"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_input_gets_its_verdict_in_little_memory(formula, verdict):
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=f"{GIVEN}\n$$\n{formula}\n$$\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    verdicts, summary, peak = json.loads(run.stdout)
    assert verdicts == [verdict]
    assert summary["equals_seen"] == formula.count("=")
    assert peak < MEGABYTES * 10**6

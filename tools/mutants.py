#!/usr/bin/env python3
"""Change the claims of the book that hold, one place at a time, and see whether the checker notices.

    python tools/mutants.py [--count N] [--seed S] [--json FILE] [--figures FILE] [PATH ...]

Without paths, 9000 mutants of book/ are tried. A mutant is printed, read back and judged. Most are called
false. What survives, because it is called true, goes to the oracle of `tests/matproof/oracle.py`, a
floating-point evaluator that shares only the syntax tree with the checker: each survivor must be a true
statement. One in ten of the mutants called false goes there too, for the opposite mistake. Exits 1 if the
oracle finds a survivor false, or if no mutant was tried.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from math import ceil
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "matproof"))

import oracle  # noqa: E402

from matproof import check_files  # noqa: E402
from matproof import language as s  # noqa: E402
from matproof.decide.judge import judge  # noqa: E402
from matproof.language.operations import OPERATIONS  # noqa: E402
from matproof.read.grammar import parse  # noqa: E402

SECONDS = 5.0  # for one mutant
ONE_IN = 10  # so many of the mutants called false is shown to the oracle
TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|[A-Za-z]|\d+|\S")
TOKENS_PER_SIDE = 12
Change = tuple[str, s.Node]  # the kind of a mutation, and what it makes of a tree


@dataclass(frozen=True)
class Mutant:
    """A changed claim: its two sides in LaTeX, one of them mutated."""

    kind: str
    claim: s.Claim
    lhs: str
    rhs: str

    @property
    def latex(self) -> str:
        return f"{self.lhs} = {self.rhs}"


@dataclass(frozen=True)
class Outcome:
    """What the checker says of a mutant and, where it was asked, what the oracle says."""

    mutant: Mutant
    verdict: str  # "holds", "fails", "undecided", "unreadable", or "same" if the change changed nothing
    reason: str
    opinion: oracle.Opinion | None = None


# -------------------------------------------------------------------------------------- changes of a tree


def mutations(tree: s.Node, letters: frozenset[s.Letter], indices: frozenset[s.Letter]) -> Iterator[Change]:
    """Every tree that differs from `tree` in one place. New letters and indices are among those given."""
    yield "flip a sign", _negated(tree)
    yield "change a coefficient", s.Product((s.Number(2), tree))
    yield from _everywhere(tree, _Changes(letters, indices).of)


def _negated(node: s.Node) -> s.Node:
    return node.of if isinstance(node, s.Negative) else s.Negative(node)


def _everywhere(node: s.Node, change: Callable[[s.Node], Iterator[Change]]) -> Iterator[Change]:
    """The changes of a node and of everything below it, each inside the whole tree."""
    yield from change(node)
    for item in fields(node):
        for kind, value in _inside(getattr(node, item.name), change):
            yield kind, replace(node, **{item.name: value})


def _inside(value: object, change: Callable) -> Iterator[tuple[str, object]]:
    if isinstance(value, s.Node):
        yield from _everywhere(value, change)
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            for kind, new in _inside(part, change):
                yield kind, (*value[:place], new, *value[place + 1 :])


class _Changes:
    """The changes at one node."""

    def __init__(self, letters: frozenset[s.Letter], indices: frozenset[s.Letter]) -> None:
        self.letters = sorted(letters, key=str)
        self.indices = sorted(indices, key=str)

    def of(self, node: s.Node) -> Iterator[Change]:
        """All changes of the node itself."""
        rule = getattr(self, f"_{type(node).__name__.lower()}", None)
        if rule is not None:
            yield from rule(node)
        if node in self.letters or isinstance(node, s.Product | s.Inverse | s.SingleEntry | s.Derivative):
            yield "add a transpose", s.Transpose(node)

    def _product(self, node: s.Product) -> Iterator[Change]:
        yield from (("swap two factors", s.Product(factors)) for factors in _swapped(node.factors))
        yield from (("delete a factor", _joined(s.Product, rest)) for rest in _shortened(node.factors))

    def _kronecker(self, node: s.Kronecker) -> Iterator[Change]:
        yield from (("swap two factors", s.Kronecker(factors)) for factors in _swapped(node.factors))

    def _hadamard(self, node: s.Hadamard) -> Iterator[Change]:
        yield from (("delete a factor", _joined(s.Hadamard, rest)) for rest in _shortened(node.factors))

    def _sum(self, node: s.Sum) -> Iterator[Change]:
        for place, term in enumerate(node.terms):
            flipped = (*node.terms[:place], _negated(term), *node.terms[place + 1 :])
            yield "flip a sign", s.Sum(flipped)
        yield from (("delete a term", _joined(s.Sum, rest)) for rest in _shortened(node.terms))

    def _negative(self, node: s.Negative) -> Iterator[Change]:
        yield "flip a sign", node.of

    def _transpose(self, node: s.Transpose) -> Iterator[Change]:
        yield "drop a transpose", node.of

    def _inverse(self, node: s.Inverse) -> Iterator[Change]:
        yield "change an exponent", node.of
        yield "change an exponent", s.Power(node.of, s.Number(2))

    def _power(self, node: s.Power) -> Iterator[Change]:
        yield "change an exponent", node.base
        for by in (s.Number(1), s.Negative(s.Number(1))):
            yield "change an exponent", s.Power(node.base, s.Sum((node.exponent, by)))

    def _number(self, node: s.Number) -> Iterator[Change]:
        yield "change a number", s.Number(node.value + 1)
        if node.value > 0:
            yield "change a number", s.Number(node.value - 1)

    def _call(self, node: s.Call) -> Iterator[Change]:
        row = OPERATIONS[node.operation]
        for other in OPERATIONS.values():
            if other.shape == row.shape and other is not row:
                yield "another operation", s.Call(other.name, node.arguments)
        if row.shape.arguments[0] == row.shape.result:
            yield "drop an operation", node.arguments[0]
        yield from (("swap two arguments", s.Call(row.name, parts)) for parts in _swapped(node.arguments))

    def _entry(self, node: s.Entry) -> Iterator[Change]:
        if len(node.indices) == 2 and node.indices[0] != node.indices[1]:
            yield "swap two indices", s.Entry(node.of, node.indices[::-1])
        for place in range(len(node.indices)):
            for new in self._others(node.indices[place]):
                renamed = (*node.indices[:place], new, *node.indices[place + 1 :])
                yield "rename an index", s.Entry(node.of, renamed)

    def _delta(self, node: s.Delta) -> Iterator[Change]:
        yield from (("rename an index", s.Delta(new, node.column)) for new in self._others(node.row))
        yield from (("rename an index", s.Delta(node.row, new)) for new in self._others(node.column))

    def _singleentry(self, node: s.SingleEntry) -> Iterator[Change]:
        yield "swap two indices", s.SingleEntry(node.column, node.row)
        yield from (("rename an index", s.SingleEntry(new, node.column)) for new in self._others(node.row))

    def _others(self, index: s.Node) -> list[s.Letter]:
        return [other for other in self.indices if other != index] if isinstance(index, s.Letter) else []

    def _letter(self, node: s.Letter) -> Iterator[Change]:
        if node in self.letters:
            yield from (("another letter", other) for other in self.letters if other != node)

    def _boundedsum(self, node: s.BoundedSum) -> Iterator[Change]:
        if node.lower is not None:
            yield "change a bound", replace(node, lower=s.Sum((node.lower, s.Number(1))))
            if not isinstance(node.upper, s.Infinity):
                yield "change a bound", replace(node, upper=s.Sum((node.upper, s.Negative(s.Number(1)))))

    def _derivative(self, node: s.Derivative) -> Iterator[Change]:
        yield "drop a derivative", node.of


def _swapped(parts: tuple) -> Iterator[tuple]:
    """The parts with two neighbours exchanged."""
    for at in range(len(parts) - 1):
        yield (*parts[:at], parts[at + 1], parts[at], *parts[at + 2 :])


def _shortened(parts: tuple) -> Iterator[tuple]:
    """The parts without one of them."""
    for at in range(len(parts)):
        yield (*parts[:at], *parts[at + 1 :])


def _joined(kind: type, parts: tuple) -> s.Node:
    return parts[0] if len(parts) == 1 else kind(parts)


# -------------------------------------------------------------------------------------- changes of tokens


def token_mutations(latex: str, random: Random, count: int = TOKENS_PER_SIDE) -> Iterator[tuple[str, str]]:
    """LaTeX with one token deleted, doubled, exchanged with the next, or replaced by another of them.

    Braces stay as they are, for a lost brace only makes a formula unreadable.
    """
    tokens = TOKEN.findall(latex)
    places = [at for at, token in enumerate(tokens[:-1]) if token not in "{}"]
    for _ in range(count if places else 0):
        at, kind = random.choice(places), random.choice(("delete", "double", "swap", "replace"))
        new = {
            "delete": [],
            "double": [tokens[at]] * 2,
            "swap": [tokens[at + 1], tokens[at]],
            "replace": [tokens[random.choice(places)]],
        }[kind]
        changed = tokens[:at] + new + tokens[at + (2 if kind == "swap" else 1) :]
        if changed != tokens:
            yield f"{kind} a token", " ".join(changed)


# ------------------------------------------------------------------------------------------------ mutants


def mutants_of(claim: s.Claim, source: str, seed: int = 0) -> list[Mutant]:
    """All mutants of a claim, each once; `source` is the text in which the spans of its trees count."""
    random = Random(f"{seed} {claim.id} {claim.ordinal} {claim.latex}")
    nodes = [*s.walk(claim.lhs), *s.walk(claim.rhs)]
    letters = frozenset(node for node in nodes if isinstance(node, s.Letter) and node.bold)
    indices = frozenset(index for node in nodes for index in _subscripts(node) if isinstance(index, s.Letter))
    printed = [s.to_latex(claim.lhs), s.to_latex(claim.rhs)]
    found: dict[str, Mutant] = {}

    def add(kind: str, side: int, latex: str) -> None:
        sides = [latex if at == side else printed[at] for at in (0, 1)]
        mutant = Mutant(kind, claim, *sides)
        found.setdefault(mutant.latex, mutant)

    for side, tree in enumerate((claim.lhs, claim.rhs)):
        for kind, changed in mutations(tree, letters, indices):
            add(kind, side, s.to_latex(changed))
        for kind, latex in token_mutations(_as_written(tree, claim, source), random):
            add(kind, side, latex)
    found.pop(" = ".join(printed), None)
    return list(found.values())


def _subscripts(node: s.Node) -> tuple[s.Node, ...]:
    if isinstance(node, s.Entry):
        return node.indices
    return (node.row, node.column) if isinstance(node, s.Delta | s.SingleEntry) else ()


def _as_written(tree: s.Node, claim: s.Claim, source: str) -> str:
    """The LaTeX of a side as its author wrote it; as we print it, where the span cuts off a bracket."""
    if tree.span is not None:
        written = source[tree.span[0] : tree.span[1]]
        try:
            if parse(written, claim.scope) == tree:
                return written
        except s.ReadError:
            pass
    return s.to_latex(tree)


def sample(mutants: list[list[Mutant]], count: int, seed: int = 0) -> list[Mutant]:
    """`count` of the mutants, from every claim's list about equally many."""
    random, chosen, waiting = Random(seed), [], [list(own) for own in mutants]
    for own in waiting:
        random.shuffle(own)
    while len(chosen) < count and any(waiting):
        for own in waiting:
            if own and len(chosen) < count:
                chosen.append(own.pop())
    return chosen


def outcome(mutant: Mutant) -> Outcome:
    """Read and judge a mutant."""
    scope = mutant.claim.scope
    try:
        lhs, rhs = parse(mutant.lhs, scope), parse(mutant.rhs, scope)
    except s.ReadError as error:
        return Outcome(mutant, "unreadable", str(error))
    if (lhs, rhs) == (mutant.claim.lhs, mutant.claim.rhs):
        return Outcome(mutant, "same", "")
    verdict = judge(_changed(mutant, lhs, rhs), max_seconds=SECONDS)
    return Outcome(mutant, verdict.verdict, verdict.reason)


def _changed(mutant: Mutant, lhs: s.Node, rhs: s.Node) -> s.Claim:
    return replace(mutant.claim, lhs=lhs, rhs=rhs, latex=mutant.latex)


def second_opinion(found: Outcome) -> Outcome:
    """The outcome with the oracle's opinion."""
    mutant, scope = found.mutant, found.mutant.claim.scope
    claim = _changed(mutant, parse(mutant.lhs, scope), parse(mutant.rhs, scope))
    return replace(found, opinion=oracle.opinion(claim))


def run(mutants: list[Mutant], seed: int = 0) -> list[Outcome]:
    """Judge the mutants; ask the oracle about all survivors, and about one in ten of those called false."""
    outcomes = [found for mutant in mutants if (found := outcome(mutant)).verdict != "same"]
    survivors = [at for at, found in enumerate(outcomes) if found.verdict == "holds"]
    caught = [at for at, found in enumerate(outcomes) if found.verdict == "fails"]
    asked = survivors + Random(seed).sample(caught, ceil(len(caught) / ONE_IN))
    for at in asked:
        outcomes[at] = second_opinion(outcomes[at])
    return outcomes


# ------------------------------------------------------------------------------------------------- report

VERDICTS = ("fails", "unreadable", "undecided", "holds")
ANSWERS = ("true", "false", "unsupported")


def summary(outcomes: list[Outcome]) -> dict:
    """Figures: how many of each kind got each verdict, and how the oracle sees them."""
    verdicts = Counter(o.verdict for o in outcomes)
    kinds = Counter((o.mutant.kind, o.verdict) for o in outcomes)
    opinions = Counter((o.verdict, o.opinion.answer) for o in outcomes if o.opinion is not None)
    return {
        "claims": len({id(o.mutant.claim) for o in outcomes}),
        "tried": len(outcomes),
        **{verdict: verdicts[verdict] for verdict in VERDICTS},
        "survivors": {answer: opinions["holds", answer] for answer in ANSWERS},
        "called_false": {answer: opinions["fails", answer] for answer in ANSWERS},
        "kinds": {
            kind: {verdict: kinds[kind, verdict] for verdict in VERDICTS}
            for kind in sorted({kind for kind, _ in kinds})
        },
    }


def to_text(outcomes: list[Outcome]) -> str:
    """The summary as a table, and below it every outcome that deserves a look."""
    figures = summary(outcomes)
    lines = [f"{'mutation':22}{'tried':>7}{'false':>7}{'unread':>8}{'undec':>7}{'true':>6}"]
    for kind, row in {**figures["kinds"], "all": figures}.items():
        counts = f"{row['fails']:7}{row['unreadable']:8}{row['undecided']:7}{row['holds']:6}"
        lines.append(f"{kind:22}{sum(row[verdict] for verdict in VERDICTS):7}{counts}")
    for name, key in (("called true", "survivors"), ("called false (a sample)", "called_false")):
        answers = figures[key]
        lines.append(
            f"{name}: {sum(answers.values())}, of which the oracle finds "
            f"{answers['true']} true, {answers['false']} false, {answers['unsupported']} beyond it"
        )
    lines += [_line(found) for found in outcomes if _is_odd(found)]
    return "\n".join(lines)


_EXPECTED = {"holds": "true", "fails": "false"}


def _is_odd(found: Outcome) -> bool:
    """Undecided, or seen in another way by the oracle."""
    answer = _EXPECTED.get(found.verdict)
    return found.verdict == "undecided" or (found.opinion is not None and found.opinion.answer != answer)


def _line(found: Outcome) -> str:
    claim, reason = found.mutant.claim, found.reason and f" ({found.reason})"
    thought = found.opinion and f", oracle: {found.opinion.answer} {found.opinion.reason}".rstrip()
    where = f"{claim.id}, {claim.ordinal}: {found.mutant.kind}"
    return f"{where}: {found.verdict}{reason}{thought or ''}\n    {found.mutant.latex}"


def to_json(outcomes: list[Outcome]) -> dict:
    """The summary, and all survivors with the oracle's opinion."""
    survivors = [
        {
            "id": found.mutant.claim.id,
            "n": found.mutant.claim.ordinal,
            "kind": found.mutant.kind,
            "latex": found.mutant.latex,
            "oracle": found.opinion.answer,
        }
        for found in outcomes
        if found.verdict == "holds"
    ]
    return {"summary": summary(outcomes), "survivors": survivors}


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; the exit status says whether all survivors are true."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", default=[str(ROOT / "book")], metavar="PATH")
    parser.add_argument("--count", type=int, default=9000, help="how many mutants to try")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write figures and survivors")
    parser.add_argument("--figures", type=Path, metavar="FILE", help="where to write the figures alone")
    options = parser.parse_args(arguments)
    mutants = [
        mutants_of(result.claim, result.unit.text, options.seed)
        for document in check_files(options.paths).documents
        for result in document.results
        if result.claim.relation == "=" and result.verdict.verdict == "holds"
    ]
    outcomes = run(sample(mutants, options.count, options.seed), options.seed)
    print(f"{len(mutants)} claims that hold, {sum(map(len, mutants))} mutants, {len(outcomes)} tried")
    print(to_text(outcomes))
    for path, content in ((options.json, to_json(outcomes)), (options.figures, summary(outcomes))):
        if path:
            path.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    return int(not outcomes or summary(outcomes)["survivors"]["false"] > 0)


if __name__ == "__main__":
    sys.exit(main())

"""What the checker says of a document, beside what is known of it; and the smallest document with a fault."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from time import monotonic

from matproof import check
from matproof.read.documents import DocumentError

from .documents import Document, Section, document, printed, section
from .formulas import Formula, draw, hostile
from .spelling import falsified, written

FAULTS = ("false pass", "false alarm", "lost", "extra", "crash", "hang")
SECONDS = 5.0  # for one claim
PATIENCE = 60.0  # for one document
FORMULAS = 8  # in one document
ONE_IN = 100  # documents is hostile
LENIENT_ONE_IN = 10


class HangError(Exception):
    """The checker did not answer in time."""


@dataclass(frozen=True)
class Finding:
    """A fault, the document that shows it, and what is wrong with which formula."""

    fault: str
    document: Document
    kind: str
    expected: str
    got: str
    lenient: bool = False

    def __str__(self) -> str:
        mode = ", lenient" if self.lenient else ""
        return (
            f"{self.fault}: {self.kind} (.{self.document.ending}{mode})\n"
            f"  expected {self.expected}, got {self.got}\n"
            + "\n".join(f"    | {line}" for line in self.document.text.splitlines())
        )


@dataclass
class Tally:
    """Figures of a run."""

    counts: Counter[str] = field(default_factory=Counter)
    undecided: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take the figures of another run in."""
        self.counts += other.counts
        self.undecided += other.undecided
        self.findings += other.findings

    @property
    def share(self) -> float:
        """The share of the claims of the language that were decided."""
        return self.counts["decided"] / max(1, self.counts["known"])


# ---------------------------------------------------------------------------------------- one document


def drawn(seed: int, number: int) -> tuple[Document, bool]:
    """A document of a run, and whether it is read leniently."""
    random = Random(f"{seed} {number}")
    if number % ONE_IN == ONE_IN - 1:
        return document([hostile(random)], random), bool(random.randrange(2))
    formulas = [draw(random) for _ in range(FORMULAS)]
    formulas = [falsified(f, random) if random.random() < 0.2 else f for f in formulas]
    return document([written(f, random) for f in formulas], random), random.randrange(LENIENT_ONE_IN) == 0


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise `HangError` in this thread when the time is over, where the system can."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@dataclass(frozen=True)
class Answer:
    """The verdicts of a document with their reasons, in order; or how the checker failed."""

    verdicts: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    detail: str = ""


def ask(what: Document, lenient: bool) -> Answer:
    """The checker's answer."""
    start = monotonic()
    try:
        with alarm(PATIENCE):
            report = check(what.text, path=f"attack.{what.ending}", lenient=lenient, max_seconds=SECONDS)
            report.to_text()
            report.to_json()
    except DocumentError as error:
        return Answer((), "", f"refused: {error}")
    except HangError:
        return Answer((), "hang", f"no answer in {monotonic() - start:.0f} s")
    except Exception as error:  # whatever escapes is the finding
        return Answer((), "crash", f"{type(error).__name__}: {error}")
    if not report.documents[0].account.balanced:
        return Answer((), "lost", f"the account: {report.documents[0].account}")
    results = [result for result in report.documents[0].results if result.claim.relation != "in"]
    return Answer(tuple((r.verdict.verdict, r.verdict.reason) for r in results for _ in range(r.claim.count)))


def examine(what: Document, lenient: bool) -> Tally:
    """Compare what is known of a document with what the checker says."""
    answer, tally = ask(what, lenient), Tally()
    truths = [(f, truth) for f in what.formulas for truth in f.truths]
    verdicts = _without_refused_definition(what, answer.verdicts, len(truths))
    if not answer.fault and len(verdicts) == len(truths):
        tally.counts["refused definitions"] += len(answer.verdicts) - len(verdicts)
        for (formula, truth), (verdict, reason) in zip(truths, verdicts, strict=True):
            _compare(tally, what, formula, truth, verdict, reason, lenient)
        return tally
    if len(what.sections) > 1:
        for each in what.sections:
            tally.add(examine(replace(what, sections=(each,)), lenient))
        surplus = len(answer.verdicts) - len(truths)
        if tally.findings or (not answer.fault and tally.counts["refused definitions"] == surplus):
            return tally
    tally.counts["claims"] = max(tally.counts["claims"], len(truths))
    if not what.formulas or what.formulas[0].kind != "hostile" or answer.fault in ("crash", "hang"):
        _mismatch(tally, what, answer, len(truths), lenient)
    return tally


def _without_refused_definition(
    what: Document, verdicts: tuple[tuple[str, str], ...], expected: int
) -> tuple[tuple[str, str], ...]:
    """The verdicts without that on a definition, which becomes a claim when it is refused."""
    if len(what.sections) == 1 and len(verdicts) == expected + 1 and verdicts[0][0] == "unreadable":
        (section_,) = what.sections
        if section_.formulas and ":=" in section_.formulas[0].before:
            return verdicts[1:]
    return verdicts


def _compare(
    tally: Tally,
    what: Document,
    formula: Formula,
    truth: bool | None,
    verdict: str,
    reason: str,
    lenient: bool,
) -> None:
    tally.counts["claims"] += 1
    tally.counts[verdict] += 1
    wrong = {True: "fails", False: "holds"}.get(truth) if truth is not None else None
    if verdict == wrong:
        fault = "false alarm" if truth else "false pass"
        tally.counts[fault] += 1
        expected = f"a {'true' if truth else 'false'} claim"
        tally.findings.append(
            Finding(fault, what, formula.kind, expected, f"{verdict} {reason}".strip(), lenient)
        )
    if formula.known and truth is not None and not lenient:
        tally.counts["known"] += 1
        tally.counts["decided"] += verdict in ("holds", "fails")
        if verdict not in ("holds", "fails"):
            tally.undecided[f"{verdict}: {reason} ({formula.kind})"] += 1


def _mismatch(tally: Tally, what: Document, answer: Answer, expected: int, lenient: bool) -> None:
    got = answer.detail or f"{len(answer.verdicts)} claims: {', '.join(v for v, _ in answer.verdicts)}"
    fault = answer.fault or ("lost" if len(answer.verdicts) < expected else "extra")
    if lenient and not answer.fault:
        return  # where an equals sign may define, the number of claims is not known
    tally.counts[fault] += 1
    kind = " | ".join(f"{each.name}: {', '.join(f.kind for f in each.formulas)}" for each in what.sections)
    tally.findings.append(Finding(fault, what, kind, f"{expected} claims", got, lenient))


# -------------------------------------------------------------------------------------------- shrinking


def shrunk(found: Finding) -> Finding:
    """The same fault in a smaller document: one section, few declarations, a plain layout."""
    tried = 0
    changed = True
    while changed and tried < 60:
        changed = False
        for smaller in _smaller(found.document, found.lenient):
            tried += 1
            same = next((f for f in examine(smaller, found.lenient).findings if f.fault == found.fault), None)
            if same is not None and len(same.document.text) < len(found.document.text):
                found, changed = same, True
                break
            if tried >= 60:
                break
    return found


def _smaller(what: Document, lenient: bool) -> Iterator[Document]:
    if len(what.sections) > 1:
        for each in what.sections:
            yield replace(what, sections=(each,))
        return
    (only,) = what.sections
    if len(only.formulas) > 1:
        for formula in only.formulas:
            yield replace(what, sections=(_plain(formula),))
    elif only.formulas and not only.formulas[0].raw:
        yield replace(what, ending="md", sections=(_plain(only.formulas[0]),))
    if lenient:
        return  # what is not declared is guessed, which may well be something else
    half = len(what.declarations) // 2
    if half > 1:
        yield replace(what, declarations=what.declarations[half:])
        yield replace(what, declarations=what.declarations[:half])
    for at in range(len(what.declarations)):
        yield replace(what, declarations=what.declarations[:at] + what.declarations[at + 1 :])


def _plain(formula: Formula) -> Section:
    """The formula in a plain display, or in the sentence that it needs."""
    if formula.raw or formula.before:
        return section((formula,), "md", Random(0))
    return Section(f"$$\n{printed(formula)}\n$$", (formula,), "plain")


def distinct(findings: list[Finding], most: int) -> list[Finding]:
    """At most so many findings, of different kinds first."""
    seen: Counter[tuple[str, str]] = Counter()
    order = []
    for found in findings:
        family = found.kind.split(",")[0].split(" with ")[0]
        order.append((seen[found.fault, family], found))
        seen[found.fault, family] += 1
    return [found for _, found in sorted(order, key=lambda pair: pair[0])[:most]]


def attack(seed: int, numbers: range, most: int = 3) -> Tally:
    """Examine the documents of these numbers; some of the findings are shrunk."""
    tally = Tally()
    for number in numbers:
        what, lenient = drawn(seed, number)
        tally.add(examine(what, lenient))
        tally.counts["documents"] += 1
    tally.findings = [shrunk(found) for found in distinct(tally.findings, most)]
    return tally

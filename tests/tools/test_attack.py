"""The attacker: deterministic, right about its own claims, and it finds out a checker that is taken in."""

import json
from dataclasses import replace
from random import Random
from types import SimpleNamespace

import pytest
from attack import __main__ as command
from attack import formulas, referee
from attack.documents import ENDINGS, Document, document, printed
from attack.spelling import ADDED, FACTORS, WAYS, falsified, written

pytestmark = pytest.mark.slow  # thousands of claims are judged

SAMPLE = range(40)


def test_a_seed_gives_the_same_documents():
    first, again = ([referee.drawn(3, number)[0].text for number in SAMPLE] for _ in range(2))
    assert first == again
    assert first != [referee.drawn(4, number)[0].text for number in SAMPLE]


@pytest.mark.parametrize("law", formulas.LAWS, ids=" = ".join)
def test_the_oracle_agrees_with_the_laws(law):
    lhs, rhs = (formulas.parse(formulas.spelled(side), formulas.scope()) for side in law)
    assert formulas.opinion(lhs, rhs) == "true"


@pytest.mark.parametrize("family", formulas.FAMILIES, ids=lambda family: family.__name__)
def test_a_family_says_the_truth_of_every_sign(family):
    for seed in range(30):
        found = family(Random(seed))
        assert found.raw or len(found.truths) == len(found.sides) - 1
        for side in found.sides:
            assert not {"@", "~", "∂"} & set(side), side
            assert side.count("{") == side.count("}")
            assert side.count(r"\left") == side.count(r"\right")


def test_sums_of_squares_by_hand():
    assert formulas.spelled(r"tr(@A~T) + \det(@B)") == (
        r"\operatorname{tr}\left(\mathbf{A}^{\top}\right) + \det\left(\mathbf{B}\right)"
    )


def test_every_way_of_writing_changes_something_and_keeps_the_truth():
    changed = set()
    for seed in range(400):
        before = formulas.draw(Random(seed))
        after = written(before, Random(seed))
        assert after.truths == before.truths
        changed.update(way.name for way in WAYS if way.name in after.kind)
    assert changed == {way.name for way in WAYS}


def test_an_addition_makes_a_claim_false():
    before = formulas.formula("test", "x = x", scalar=True, nonzero=True)
    found = [falsified(before, Random(seed)) for seed in range(300)]
    assert {each.truths for each in found} == {(False,)}
    assert len({each.kind for each in found}) == len(ADDED) + len(FACTORS)


@pytest.mark.parametrize("ending", sorted(set(ENDINGS)))
def test_a_document_has_all_its_formulas(ending):
    for seed in range(40):
        random = Random(seed)
        one = replace(formulas.law(random), ending=ending)
        made = document([one, formulas.law(random), formulas.literal(random)], random)
        assert made.ending == ending
        text = json.loads(made.text) if ending == "ipynb" else made.text
        text = "\n".join(cell["source"] for cell in text["cells"]) if ending == "ipynb" else text
        assert len(made.formulas) == 3
        for formula in made.formulas:
            assert all(side.split("\n")[0].strip() in text for side in formula.sides), printed(formula)


# ------------------------------------------------------------------------------------------ the referee


def answering(monkeypatch, answer):
    """A checker that says of every document what `answer` says."""
    account = SimpleNamespace(balanced=True)

    def check(text, **options):
        results = [
            SimpleNamespace(claim=SimpleNamespace(relation="=", count=1), verdict=verdict)
            for verdict in answer(text)
        ]
        one = SimpleNamespace(account=account, results=results)
        return SimpleNamespace(documents=[one], to_text=str, to_json=dict)

    monkeypatch.setattr(referee, "check", check)


def said(*verdicts):
    return [SimpleNamespace(verdict=verdict, reason="") for verdict in verdicts]


ONE_TRUE_ONE_FALSE = document(
    [formulas.formula("t", "x = x", where="display"), formulas.formula("f", "x = t", False, where="display")],
    Random(1),
)


@pytest.mark.parametrize(
    ("verdicts", "faults"),
    [
        (("holds", "fails"), []),
        (("unreadable", "undecided"), []),
        (("holds", "holds"), ["false pass"]),
        (("fails", "fails"), ["false alarm"]),
        (("holds",), ["lost"]),
        (("holds", "fails", "fails"), ["extra"]),
    ],
)
def test_the_referee_names_the_fault(monkeypatch, verdicts, faults):
    answering(monkeypatch, lambda text: said(*verdicts) if text.count("$$") == 4 else said("holds"))
    whole = replace(ONE_TRUE_ONE_FALSE, sections=ONE_TRUE_ONE_FALSE.sections)
    monkeypatch.setattr(Document, "text", property(lambda self: "$$" * 4))
    if len(verdicts) != 2:
        whole = replace(whole, sections=whole.sections[:1])
        verdicts = verdicts[1:] if len(verdicts) == 1 else verdicts[:2]
        answering(monkeypatch, lambda text: said(*verdicts))
    assert [found.fault for found in referee.examine(whole, False).findings] == faults


def test_only_decided_claims_of_the_language_count(monkeypatch):
    answering(monkeypatch, lambda text: said("holds", "undecided"))
    tally = referee.examine(ONE_TRUE_ONE_FALSE, False)
    assert (tally.counts["known"], tally.counts["decided"], tally.share) == (2, 1, 0.5)


def test_a_crash_is_a_finding(monkeypatch):
    def check(text, **options):
        raise KeyError("x")

    monkeypatch.setattr(referee, "check", check)
    assert {found.fault for found in referee.examine(ONE_TRUE_ONE_FALSE, False).findings} == {"crash"}


@pytest.mark.skipif(not hasattr(referee.signal, "setitimer"), reason="no timers here")
def test_a_hang_is_a_finding(monkeypatch):
    def check(text, **options):
        while True:
            pass

    monkeypatch.setattr(referee, "check", check)
    monkeypatch.setattr(referee, "PATIENCE", 0.05)
    assert {found.fault for found in referee.examine(ONE_TRUE_ONE_FALSE, False).findings} == {"hang"}


def test_a_blind_checker_is_found_out_and_shown_in_small(monkeypatch):
    answering(monkeypatch, lambda text: said(*["holds"] * text.count("\n$$\n\\")))
    many = [formulas.formula("f", r"\det(@C) = 0", False, where="display") for _ in range(3)]
    made = document(many, Random(5))
    plain = replace(made, sections=tuple(map(referee._plain, many)))
    (found, *_) = referee.examine(plain, False).findings
    small = referee.shrunk(found).document
    assert len(small.sections) == 1
    assert small.declarations == ()


# ---------------------------------------------------------------------------------------- a small attack


def test_figures_do_not_depend_on_the_number_of_processes(tmp_path):
    one, two = (command.run(80, 0, jobs) for jobs in (1, 2))
    assert command.figures(one) == command.figures(two)
    assert command.figures(one)["documents"] == 10


@pytest.mark.parametrize("seed", range(4))
def test_the_checker_withstands(seed):
    tally = referee.attack(seed, range(15), most=5)
    assert not tally.findings, "\n".join(map(str, tally.findings))
    assert tally.share > 0.95  # of so few; of 100,000 it is above 0.98

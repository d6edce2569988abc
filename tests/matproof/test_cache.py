"""The cache of verdicts: what is kept, under which key, and that nothing hangs on it."""

import json
from dataclasses import replace

import pytest

from matproof import cache as module
from matproof.cache import Cache, canonical, program
from matproof.checking import check
from matproof.language.claims import Verdict
from matproof.settings import Settings

TEXT = r"""Let $\mathbf{A}, \mathbf{B} \in \mathbb{R}^{n \times n}$, $x \in \mathbb{R}$, $p \in \mathbb{N}$.

$$\operatorname{tr}(\mathbf{A} \mathbf{B}) = \operatorname{tr}(\mathbf{B} \mathbf{A})$$

$$\mathbf{A} \mathbf{B} = \mathbf{B} \mathbf{A}$$

$$x^{p+1} = x x^{p}$$

$$x^{p} \neq x$$

$$x = unknown$$
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "cache.json"


def claims(text=TEXT, **options):
    (document,) = check(text, **options).documents
    return [result.claim for result in document.results]


def checked(path, text=TEXT, **options):
    kept = Cache(path)
    report = check(text, cache=kept, **options)
    kept.save()
    assert kept.complaint == ""
    return report


def test_a_report_is_the_same_with_a_new_an_old_and_no_cache(path):
    reports = [check(TEXT), checked(path), checked(path)]
    assert len({json.dumps(report.to_json()) for report in reports}) == 1
    assert [len({str(r.documents[0].results[at].verdict) for r in reports}) for at in range(5)] == [1] * 5


def test_what_is_kept_is_not_judged_again(path, monkeypatch):
    checked(path)
    asked = []
    monkeypatch.setattr(
        "matproof.judging.judge", lambda claim, **_: asked.append(claim.latex) or Verdict("undecided")
    )
    report = checked(path, TEXT + "\n$$2 x = x + x$$\n")
    assert [claim.strip() for claim in asked] == ["x = unknown", "2 x = x + x"]
    assert report.documents[0].results[0].verdict.verdict == "holds"


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        (lambda text: text.replace("x^{p+1}", "x^{p+2}"), 1),
        (lambda text: text.replace(r"$x \in \mathbb{R}$", r"$x \in \mathbb{R}^{n}$"), 4),
        (lambda text: "Some words.\n\n" + text, 0),
        (lambda text: text.replace("Let", "Let, as always,"), 0),
    ],
)
def test_only_what_changed_is_judged_again(path, monkeypatch, change, asked):
    checked(path)
    found = []
    monkeypatch.setattr(
        "matproof.judging.judge", lambda claim, **_: found.append(claim) or Verdict("undecided")
    )
    checked(path, change(TEXT))
    assert len([claim for claim in found if claim.error is None]) == asked


def test_everything_that_a_verdict_depends_on_is_in_the_key(path, monkeypatch):
    kept = Cache(path)
    (claim, *others) = claims()
    settings = Settings()
    keys = {kept.key(each, settings) for each in (claim, *others)}
    assert len(keys) == 5
    keys |= {kept.key(claim, replace(settings, seed=1)), kept.key(claim, replace(settings, max_seconds=1))}
    keys |= {kept.key(replace(claim, ordinal=9), settings), kept.key(replace(claim, latex="x"), settings)}
    keys |= {kept.key(each, settings) for each in claims(layout="denominator")[:1]}
    keys |= {kept.key(each, settings) for each in claims(lenient=True)[:1]}
    monkeypatch.setattr(module, "program", lambda: "another version")
    keys.add(kept.key(claim, settings))
    assert len(keys) == 12


def test_a_place_in_the_text_is_not_in_the_key(path):
    kept = Cache(path)
    before, after = (kept.key(claims(text)[0], Settings()) for text in (TEXT, "Words.\n\n" + TEXT))
    assert before == after
    assert "span" not in canonical(claims()[0].scope)


def test_the_program_is_its_sources():
    assert program() == program()
    assert len(program()) == 64


@pytest.mark.parametrize("verdict", ["undecided", "unreadable"])
def test_what_a_clock_may_have_decided_is_not_kept(path, verdict):
    kept = Cache(path)
    kept.put("key", Verdict(verdict, "the time limit was reached"))
    assert kept.get("key") is None


def test_a_verdict_that_points_into_the_text_is_not_kept(path):
    kept = Cache(path)
    kept.put("key", Verdict("fails", "shapes", place=(3, 5)))
    assert kept.get("key") is None


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"form": 0, "verdicts": {}}', '{"form": 1, "verdicts": []}', "\ud800"]
)
def test_a_damaged_cache_is_ignored_and_said_so(path, content):
    path.parent.mkdir()
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    kept = Cache(path)
    assert "cache" in kept.complaint
    report = check(TEXT, cache=kept)
    assert report.to_json() == check(TEXT).to_json()
    kept.save()
    assert Cache(path).complaint == ""


@pytest.mark.parametrize("entry", [None, 7, {}, {"verdict": "maybe", "counterexample": None}])
def test_a_damaged_entry_is_judged_again(path, entry):
    checked(path)
    data = json.loads(path.read_text("utf-8"))
    data["verdicts"] = dict.fromkeys(data["verdicts"], entry)
    path.write_text(json.dumps(data), "utf-8")
    assert checked(path).to_json() == check(TEXT).to_json()


def test_a_cache_does_not_grow_without_end(path, monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)
    checked(path)
    first = set(json.loads(path.read_text("utf-8"))["verdicts"])
    checked(path, TEXT.replace("p+1", "p+2"))
    second = set(json.loads(path.read_text("utf-8"))["verdicts"])
    assert len(first) == len(second) == 3
    assert first != second


def test_a_folder_that_cannot_be_written_costs_the_report_nothing(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    kept = Cache(tmp_path / "file" / "cache.json")
    check(TEXT, cache=kept)
    kept.save()
    assert "cannot be" in kept.complaint

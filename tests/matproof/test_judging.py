"""Many claims: order, processes, and the time of a document."""

import gc
import pickle

import pytest

from matproof.checking import check, check_text
from matproof.judging import OVER, Judges, bound, judged, judges
from matproof.settings import Settings

TEXT = "Let $x, y \\in \\mathbb{R}$.\n\n" + "\n\n".join(
    f"$${n} x = {n if n % 3 else n + 1} x$$" if n % 7 else "$$x = z$$" for n in range(1, 25)
)


def claims():
    (document,) = check(TEXT).documents
    return [result.claim for result in document.results]


def test_two_processes_say_the_same_in_the_same_order():
    alone = check_text(TEXT, "a.md", None, Judges(Settings()))
    with judges(Settings(jobs=2)) as two:
        together = check_text(TEXT, "a.md", None, two)
        assert two._pool is not None
    assert [result.verdict for result in together.results] == [result.verdict for result in alone.results]
    assert {result.verdict.verdict for result in alone.results} == {"holds", "fails", "unreadable"}


def test_an_error_of_reading_can_be_sent():
    errors = [claim.error for claim in claims() if claim.error is not None]
    assert errors
    for error in errors:
        again = pickle.loads(pickle.dumps(error))
        assert (str(again), again.span) == (str(error), error.span)


def test_when_the_time_of_a_document_is_over_the_rest_is_undecided():
    found = list(judged(claims(), Settings(), -1))
    assert {verdict.verdict for verdict in found} == {"undecided", "unreadable"}
    assert OVER in found


def test_a_report_is_made_also_when_the_time_is_over():
    document = check_text(TEXT, "a.md", None, Judges(Settings(document_seconds=1e-9)))
    assert document.count("undecided") + document.count("unreadable") == 24


def test_the_claims_of_one_document_share_its_time(monkeypatch):
    readable = [claim for claim in claims() if claim.error is None]
    now = [0.0]
    monkeypatch.setattr("matproof.judging.monotonic", lambda: now[0])

    def slow(claim, *, seed, max_seconds):
        now[0] += min(3.0, max_seconds)
        return OVER

    monkeypatch.setattr("matproof.judging.judge", slow)
    list(judged(readable, Settings(max_seconds=10), 10.0))
    assert now[0] == 10.0


@pytest.fixture
def thresholds():
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_without_a_bound_the_memory_is_left_alone(thresholds, monkeypatch):
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "setrlimit", lambda *_: pytest.fail("a bound"))
    bound(Settings())


def test_memory_is_bounded(thresholds, monkeypatch):
    resource = pytest.importorskip("resource")
    set_ = []
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: set_.append((kind, limits[0])))
    bound(Settings(memory=10**9))
    assert set_ == [(resource.RLIMIT_AS, 10**9)]

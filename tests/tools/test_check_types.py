"""The baseline of the type checker: more errors fail, and so do fewer until the baseline says so."""

import pytest
from check_types import BASELINE, compare, count, main, read, write

NEW = "src/matproof/read/reader.py:3: error: Function is missing a type annotation  [no-untyped-def]"
OTHER = 'site/decks/deck.py:9: error: "None" has no attribute "x"  [union-attr]'
LINES = [NEW, "src/matproof/read/reader.py:3: note: Use -> None", OTHER]


def test_errors_are_counted_by_folder_and_kind():
    assert count(LINES) == {("src", "no-untyped-def"): 1, ("site", "union-attr"): 1}


def test_a_file_that_moves_changes_nothing():
    moved = [line.replace("read/reader", "decide/judge").replace(":3:", ":40:") for line in LINES]
    assert compare(count(LINES), moved) == []


def test_a_new_error_is_shown():
    title, line = compare(count([OTHER]), LINES)
    assert title.startswith("src, no-untyped-def: 1 errors, 0 in the baseline")
    assert line.strip() == NEW


def test_an_error_that_is_gone_must_leave_the_baseline():
    (line,) = compare(count(LINES), [OTHER])
    assert line.startswith("src, no-untyped-def: 0 errors, 1 in the baseline")
    assert "Commit the lower number" in line


def test_the_baseline_is_read_as_it_is_written():
    counts = count([*LINES, NEW])
    assert read(write(counts)) == counts
    stored = BASELINE.read_text(encoding="utf-8")
    assert write(read(stored)) == stored


@pytest.fixture
def checked(tmp_path, monkeypatch):
    """Run the tool with errors and a baseline of our own; returns the exit status and the new baseline."""

    def run(before, now):
        path = tmp_path / "baseline.txt"
        path.write_text(write(count(before)))
        monkeypatch.setattr("check_types.BASELINE", path)
        monkeypatch.setattr("check_types.run_mypy", lambda: now)
        status = main()
        return status, read(path.read_text())

    return run


@pytest.mark.parametrize(
    ("now", "status", "after"),
    [([NEW], 0, [NEW]), ([], 0, []), ([NEW, NEW], 1, [NEW]), ([NEW, OTHER], 1, [NEW])],
    ids=["as before", "fewer", "more", "of another kind"],
)
def test_the_baseline_is_lowered_and_never_raised(checked, now, status, after):
    assert checked([NEW], now) == (status, count(after))

"""For all tests, and for the notebooks of the book, which nbval collects as tests."""

import sys
from collections.abc import Iterator

import pytest

# What jsonschema needs for IRIs, which do not occur here: 38 grammars, compiled in every process.
sys.modules.setdefault("rfc3987_syntax", None)

pytest_plugins = ["nbval_figures"]


@pytest.fixture(autouse=True)
def the_memory_of_before() -> Iterator[None]:
    """A command that bounds its memory must not leave less of it to the tests that come after."""
    try:
        from resource import RLIMIT_AS, getrlimit, setrlimit
    except ImportError:  # there is no such bound on this system
        yield
        return
    before = getrlimit(RLIMIT_AS)[0]
    yield
    now, most = getrlimit(RLIMIT_AS)
    if now != before:
        setrlimit(RLIMIT_AS, (before, most))

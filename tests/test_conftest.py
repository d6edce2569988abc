"""What holds for all tests."""

import pytest

resource = pytest.importorskip("resource")
BEFORE = resource.getrlimit(resource.RLIMIT_AS)


def test_a_test_bounds_the_memory():
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, BEFORE[1]))


def test_the_next_one_is_not_bound():
    assert resource.getrlimit(resource.RLIMIT_AS) == BEFORE

"""A plugin of pytest: nbval runs and compares the chapters, and looks at their figures as the eye does."""

import copy
import functools
import os
from collections.abc import Callable
from typing import Any

import figures
import pytest
from nbval.plugin import IPyNbCell
from notebooks import FIGURE, KERNEL_ENVIRONMENT

Outputs = list[dict[str, Any]]


def pytest_configure() -> None:
    """The kernels that nbval starts inherit the environment that chapters are stored with."""
    os.environ.update(KERNEL_ENVIRONMENT)


def pytest_itemcollected(item: pytest.Item) -> None:
    """A cell of a notebook compares as nbval does, except for its figures."""
    if isinstance(item, IPyNbCell):
        item.compare_outputs = functools.partial(_compare, item.compare_outputs)


def _compare(
    compare_exactly: Callable[..., bool], fresh: Outputs, stored: Outputs, skip_compare: Any = None
) -> bool:
    """Compare outputs of which a fresh figure says in words where it differs from the stored one."""
    fresh, stored = copy.deepcopy(fresh), copy.deepcopy(stored)
    pairs = zip(_with_figures(fresh), _with_figures(stored), strict=False)
    for data, stored_data in pairs:
        found = figures.difference(stored_data[FIGURE], data[FIGURE])
        stored_data[FIGURE] = "the stored figure"
        data[FIGURE] = f"a figure that differs at {found}" if found else stored_data[FIGURE]
    return compare_exactly(fresh, stored, skip_compare)


def _with_figures(outputs: Outputs) -> list[dict[str, Any]]:
    return [output["data"] for output in outputs if FIGURE in output.get("data", {})]

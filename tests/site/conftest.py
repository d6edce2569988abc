"""The site's extension on the path, the built site, and the browser that looks at it."""

import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "site"))

import browser  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--site", default="_build/html", help="the built site that the browser checks look at")


@pytest.fixture(scope="session")
def chromium():
    """One browser for all checks of a worker: a second Playwright would not start beside the first."""
    try:
        browser.find_chromium()
    except RuntimeError as error:
        pytest.exit(str(error), returncode=2)
    with browser.chromium() as running:
        yield running


@pytest.fixture(scope="session")
def site(request):
    """The folder of the built site."""
    return Path(request.config.getoption("site")).resolve()


@pytest.fixture(scope="session")
def home(site):
    """The address at which the built site is served."""
    with browser.serve(site) as address:
        yield address


def pytest_terminal_summary(terminalreporter):
    """Add up what the checks have counted, in all worker processes."""
    figures = Counter()
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        if report.when == "call":
            figures.update({name: n for name, n in report.user_properties if isinstance(n, int)})
    if figures:
        line = ", ".join(f"{name} {number}" for name, number in sorted(figures.items()))
        terminalreporter.write_line(f"site: {line}")

"""The site's extension on the path, and the folder of the built site as an option."""

import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "site"))


def pytest_addoption(parser):
    parser.addoption("--site", default="_build/html", help="the built site that the browser checks look at")


def pytest_terminal_summary(terminalreporter):
    """Add up what the checks have counted, in all worker processes."""
    figures = Counter()
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        if report.when == "call":
            figures.update({name: n for name, n in report.user_properties if isinstance(n, int)})
    if figures:
        line = ", ".join(f"{name} {number}" for name, number in sorted(figures.items()))
        terminalreporter.write_line(f"site: {line}")

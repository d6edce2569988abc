"""The notes of a release are the section of its version in the change log."""

import tomllib
from pathlib import Path

import pytest
from release_notes import notes

ROOT = Path(__file__).resolve().parents[2]
CHANGELOG = """# Changes

## Not released

- New.

## 0.2.0, 2026-12-01

### Book

- Two.

## 0.1.0

- One.
"""


@pytest.mark.parametrize(("version", "text"), [("0.2.0", "### Book\n\n- Two.\n"), ("0.1.0", "- One.\n")])
def test_the_section_of_the_version(version, text):
    assert notes(f"v{version}", CHANGELOG, version) == text


@pytest.mark.parametrize(
    ("tag", "version", "message"),
    [
        ("v0.2.1", "0.2.0", r"the version in pyproject.toml is 0\.2\.0"),
        ("0.2.0", "0.2.0", "The tag is 0.2.0"),
        ("v0.2", "0.2", "no section ## 0.2"),
        ("v1.0.0", "1.0.0", r"no section ## 1\.0\.0"),
    ],
)
def test_what_has_to_be_done_first_is_said(tag, version, message):
    with pytest.raises(ValueError, match=message):
        notes(tag, CHANGELOG, version)


def test_the_version_of_the_package_has_a_section():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert notes(f"v{version}", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version)

#!/usr/bin/env python3
"""What CHANGELOG.md says of a version, for the release of its tag.

    python tools/release_notes.py v0.2.0

Exit status 1 if the tag is not the version of pyproject.toml, or the change log has no section of it.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def notes(tag: str, changelog: str, version: str) -> str:
    """The section of a tag's version. Raises ValueError with what has to be done before the release."""
    if tag != f"v{version}":
        raise ValueError(f"The tag is {tag}, and the version in pyproject.toml is {version}.")
    section = re.search(rf"^## {re.escape(version)}(?:,.*)?\n((?:(?!## ).*\n?)*)", changelog, re.MULTILINE)
    if not section or not section[1].strip():
        raise ValueError(f"CHANGELOG.md has no section ## {version}.")
    return section[1].strip() + "\n"


def main(arguments: list[str]) -> int:
    """Print the notes."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    try:
        print(notes(arguments[0], (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version), end="")
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

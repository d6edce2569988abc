"""Build the site with Jupyter Book: ``python site/build.py``, from any folder.

It is ``jupyter-book build . -W -n --keep-going``, so every warning is an error, a second and a half sooner.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run the build; leaves with its exit status."""
    # jsonschema would compile the 38 grammars of this package at every start, to validate IRIs: none occur.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from jupyter_book.cli.main import main as jupyter_book

    jupyter_book(["build", str(ROOT), "-W", "-n", "--keep-going"])


if __name__ == "__main__":
    main()

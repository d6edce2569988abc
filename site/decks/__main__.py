"""Cut a deck from every page that links to one (``<a id="slides" href=…>``), to where the link leads."""

import argparse
import sys
from pathlib import Path

import yaml

from .site import build

CONFIG = Path(__file__).parents[2] / "_config.yml"


def main() -> int:
    """Build the decks of the site that is named on the command line."""
    parser = argparse.ArgumentParser(prog="decks", description=__doc__)
    parser.add_argument("site", type=Path, help="the built site, _build/html")
    site = parser.parse_args().site.resolve()
    if not (site / "_static").is_dir():
        print(f"There is no site in {site}: run `make book` first.", file=sys.stderr)
        return 2
    settings = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["sphinx"]["config"]
    number, written = build(site, site.parent / "katex.sqlite", settings.get("katex_macros", {}))
    print(f"{number} decks, {written} of them new, in {site / 'decks'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

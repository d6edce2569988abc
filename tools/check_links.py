#!/usr/bin/env python3
"""Do the links of the built site to other sites still lead somewhere?

    python tools/check_links.py _build/html

Each address is asked for once. Exit status 1 if one is gone; what only refuses a program, or does not answer
now, is listed and no error.
"""

import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from urllib.parse import urldefrag

LINK = re.compile(r'<a\b[^>]*\bhref="(https?://[^"]+)"')
GONE = (404, 410)
SECONDS = 30
HEADERS = {"User-Agent": "Mozilla/5.0 (link check of a book, once a week)"}


def links(site: Path) -> dict[str, str]:
    """The addresses that the pages link to, without fragments, each with the first page that does."""
    found: dict[str, str] = {}
    for page in sorted(site.rglob("*.html")):
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            found.setdefault(urldefrag(unescape(link))[0], page.relative_to(site).as_posix())
    return found


def answer(address: str) -> int | str:
    """The HTTP status of an address, or why there is none."""
    try:
        request = urllib.request.Request(address, headers=HEADERS)
        with urllib.request.urlopen(request, timeout=SECONDS) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (OSError, ValueError) as error:
        return str(error)


def check(found: dict[str, str]) -> Iterator[tuple[bool, str]]:
    """Whether a link is gone, and a line about it, for each link that did not answer with success."""
    with ThreadPoolExecutor(8) as pool:
        for address, status in zip(found, pool.map(answer, found), strict=True):
            if status != 200:
                yield status in GONE, f"{found[address]}: {address}: {status}"


def main(arguments: list[str]) -> int:
    """Check a site; the status is 1 if a link is gone."""
    found = links(Path(arguments[0]))
    complaints = list(check(found))
    print(*(("GONE " if gone else "     ") + line for gone, line in complaints), sep="\n")
    print(f"{len(found)} links to other sites, {sum(gone for gone, _ in complaints)} of them gone")
    return int(any(gone for gone, _ in complaints))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

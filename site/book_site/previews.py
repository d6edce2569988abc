"""What a reference leads to, to be shown beside it: one script a page, ``previews/PAGE.js``.

It assigns the statements and the literature of the page by their ids. It is a script, since a page opened
from a file may run a script but not fetch a file; a reader loads it with the first reference to that page.
"""

import json
import re
from pathlib import Path
from typing import Any

OPENING = re.compile(r'<div class="(?:proof [a-z]+ admonition|exercise admonition|citation)" id="([^"]+)"')
DIV = re.compile(r"<(/?)div\b")
# A preview stands on another page: it has no addresses of its own, and its pictures would not be found.
NEEDLESS = re.compile(r'<a class="headerlink".*?</a>|<img [^>]*>| id="[^"]*"')


def boxes(body: str) -> dict[str, str]:
    """The statements, exercises and references to literature of a page, by their ids."""
    return {match[1]: NEEDLESS.sub("", _element(body, match.start())) for match in OPENING.finditer(body)}


def _element(body: str, start: int) -> str:
    """The `div` that begins at `start`, up to its own end."""
    depth = 0
    for tag in DIV.finditer(body, start):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return body[start : body.index(">", tag.end()) + 1]
    return ""


def write(app: Any, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Write the script of a page, if there is something on it to refer to."""
    found = boxes(context["body"]) if doctree is not None else {}
    if not found:
        return
    path = Path(app.outdir) / "previews" / f"{pagename}.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    assignment = f"(globalThis.previews ??= {{}})[{json.dumps(pagename)}] = "
    path.write_text(f"{assignment}{json.dumps(found, ensure_ascii=False)};\n", encoding="utf-8")


def setup(app: Any) -> None:
    """Register the handler."""
    # After the body has got its last form.
    app.connect("html-page-context", write, priority=950)

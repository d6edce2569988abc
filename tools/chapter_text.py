#!/usr/bin/env python3
"""Print a notebook as the text that a reviewer reads, for `git diff`: cells, outputs, a line for a picture.

    python tools/chapter_text.py NOTEBOOK

`.gitattributes` names this text form; a clone switches it on with

    git config diff.chapter.textconv "python3 tools/chapter_text.py"
    git config diff.chapter.cachetextconv true

It needs Python only, so that a diff is readable before the environment is made. A file that is not a notebook
(one with the marks of a merge conflict, say) is printed as it is.
"""

import hashlib
import io
import json
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any


def text_of(notebook: dict[str, Any]) -> str:
    """The notebook, a dictionary as JSON has it, as text: one line of the file is one line of the text."""
    lines = [f"{key}: {json.dumps(value)}" for key, value in notebook.get("metadata", {}).items()]
    for cell in notebook["cells"]:
        metadata = f" {json.dumps(cell['metadata'])}" if cell.get("metadata") else ""
        lines += ["", f"[{cell['cell_type']}{metadata}]", _joined(cell["source"])]
        for output in cell.get("outputs", []):
            lines += ["[output]", *_output_lines(output)]
    return "\n".join(lines) + "\n"


def _joined(text: str | list[str]) -> str:
    """JSON stores a text of several lines as a list of them."""
    return text if isinstance(text, str) else "".join(text)


def _output_lines(output: dict[str, Any]) -> list[str]:
    if output["output_type"] == "error":
        return [f"{output['ename']}: {output['evalue']}"]
    if output["output_type"] == "stream":
        return [_joined(output["text"]).rstrip("\n")]
    return [_shown(kind, output["data"][kind]) for kind in sorted(output["data"])]


def _shown(kind: str, content: Any) -> str:
    """A picture is a line with its size and a fingerprint, everything else is text."""
    text = _joined(content) if isinstance(content, str | list) else json.dumps(content)
    if not kind.startswith("image/"):
        return f"{kind}: {text}"
    size = re.search(r'viewBox="0 0 (\S+) (\S+)"', text)
    points = f"{size[1]} x {size[2]} points, {text.count('<path')} paths, " if size else ""
    return f"{kind}: {points}{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def main(arguments: list[str]) -> int:
    """Print the notebook named by the one argument."""
    if len(arguments) != 1:
        print("usage: chapter_text.py NOTEBOOK", file=sys.stderr)
        return 2
    text = Path(arguments[0]).read_text("utf-8")
    with suppress(ValueError, LookupError, TypeError, AttributeError):
        text = text_of(json.loads(text))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

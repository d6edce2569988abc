"""Runs the site's scripts in Node.js, those that need no page."""

import json
import subprocess
from pathlib import Path

from book_site.node import find_node

STATIC = Path(__file__).resolve().parents[2] / "site" / "theme" / "static"


def call(scripts: list[str], function: str, arguments: list) -> list:
    """What a function of these scripts returns for each of the arguments."""
    loading = "".join(f"require({json.dumps(str(STATIC / name))});" for name in scripts)
    code = (
        f"{loading} const given = JSON.parse(require('fs').readFileSync(0));"
        f"console.log(JSON.stringify(given.map((argument) => globalThis.{function}(argument) ?? null)));"
    )
    command = [find_node(), "--input-type=commonjs", "--eval", code]
    done = subprocess.run(command, input=json.dumps(arguments), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)

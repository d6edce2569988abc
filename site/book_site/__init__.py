"""What turns the book into a site, as one Sphinx extension."""

import zlib
from pathlib import Path

import matproof

from . import boxes, formulas, katex, pages, previews, search, slides, verdicts


def setup(app) -> dict:
    """Register all parts of the extension."""
    for part in (katex, boxes, pages, previews, search, slides, verdicts, formulas):
        part.setup(app)
    # What an older version of this code or of the checker has left in a build folder is read anew.
    folders = [Path(__file__).parent, Path(matproof.__file__).parent]
    code = b"".join(path.read_bytes() for folder in folders for path in sorted(folder.rglob("*.py")))
    return {"env_version": zlib.crc32(code), "parallel_read_safe": False, "parallel_write_safe": False}

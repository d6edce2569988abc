"""What turns the book into a site, as one Sphinx extension."""

import zlib
from pathlib import Path

from . import boxes, katex, pages, search


def setup(app) -> dict:
    """Register all parts of the extension."""
    for part in (katex, boxes, pages, search):
        part.setup(app)
    # What an older version of this code has left in a build folder is read anew.
    code = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return {"env_version": zlib.crc32(code), "parallel_read_safe": False, "parallel_write_safe": False}

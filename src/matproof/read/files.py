"""Files and standard input -> text. What is no text, or too much of it, is refused."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

from .events import DocumentError

MAX_BYTES = 20_000_000  # of one document


def read_text(path: Path) -> str:
    """The text of a regular file; a byte order mark is dropped. Raises `DocumentError`."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            # a device has no end, and a pipe may never begin
            raise DocumentError(f"{path}: {'a folder' if path.is_dir() else 'not a regular file'}")
        with path.open("rb") as file:
            return decode(file.read(MAX_BYTES + 1), str(path))
    except OSError as error:
        raise DocumentError(f"{path}: {error.strerror or error}") from None


def read_standard_input() -> str:
    """All of standard input, whatever the locale. Raises `DocumentError`."""
    return decode(sys.stdin.buffer.read(MAX_BYTES + 1), "<stdin>")


def decode(data: bytes, path: str) -> str:
    """The text of UTF-8, without a byte order mark. Raises `DocumentError`."""
    if len(data) > MAX_BYTES:
        raise DocumentError(f"{path}: too large; expected at most {MAX_BYTES} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError(f"{path}: not UTF-8") from None


def find_included(name: str, folder: Path) -> Path | None:
    """The file that a document in `folder` includes, if it lies in that folder or below."""
    for candidate in (folder / name, folder / f"{name}.tex"):
        try:
            inside = candidate.resolve().is_relative_to(folder.resolve())
            if inside and candidate.is_file():
                return candidate
        except (OSError, ValueError, RuntimeError):
            return None
    return None

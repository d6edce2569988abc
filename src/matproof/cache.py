"""Verdicts that are kept from one run to the next, in a JSON file.

A verdict is found again under a hash of all that it depends on: what the claim says and where it is said
(declarations, definitions, conditions, layout), the settings, the sources of matproof, the versions of Python
and of the libraries that calculate. Kept is only what no clock and no amount of memory has a part in: claims
that hold or fail. A cache that is damaged is as good as none. It is no proof of anything: whoever can write
the file can write any verdict into it.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from contextlib import suppress
from dataclasses import fields, is_dataclass
from fractions import Fraction as Rational
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from .language.claims import Claim, Counterexample, Numbers, Verdict
from .language.scope import Scope
from .settings import Settings

FORM = 1  # of the file
MOST = 50_000  # verdicts in a file; those that were not asked for longest are dropped
MOST_BYTES = 2**28  # of a file that is read
LIBRARIES = ("numpy", "mpmath", "sympy")


class Cache:
    """The verdicts of a file; `complaint` says why the file was not used, if it was not."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path, self.complaint = Path(path), ""
        self._old: dict[str, Any] = {}
        self._used: dict[str, Any] = {}
        self._changed = False
        self._scopes: dict[int, tuple[Scope, str]] = {}  # the scope is kept, so that its id stays its own
        try:
            self._old = _read(self.path)
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            self.complaint = f"{self.path}: the cache cannot be used ({error})"

    def key(self, claim: Claim, settings: Settings) -> str:
        """The hash of everything that the verdict on a claim depends on."""
        if id(claim.scope) not in self._scopes:
            self._scopes[id(claim.scope)] = claim.scope, _hash(canonical(claim.scope))
        said = (claim.relation, canonical(claim.lhs), canonical(claim.rhs), claim.latex, claim.ordinal)
        asked = (settings.seed, settings.max_seconds)
        return _hash(repr((program(), said, self._scopes[id(claim.scope)][1], asked)))

    def get(self, key: str) -> Verdict | None:
        """The verdict that is kept under a key."""
        if key in self._used:
            return _verdict(self._used[key])
        if key not in self._old:
            return None
        try:
            verdict = _verdict(self._old[key])
        except (KeyError, TypeError, ValueError, ZeroDivisionError):  # of a damaged file
            del self._old[key]
            return None
        self._used[key] = self._old.pop(key)
        return verdict

    def put(self, key: str, verdict: Verdict) -> None:
        """Keep a verdict, if it is one to be kept."""
        if verdict.verdict in ("holds", "fails") and verdict.place is None:
            stored = _stored(verdict)
            if _verdict(json.loads(json.dumps(stored))) == verdict:
                self._used[key], self._changed = stored, True

    def save(self) -> None:
        """Write the file, all at once: another process sees the old one or the new one."""
        if not self._changed:
            return
        verdicts = list({**self._old, **self._used}.items())[-MOST:]
        text = json.dumps({"form": FORM, "verdicts": dict(verdicts)}, separators=(",", ":"))
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=self.path.parent, encoding="utf-8", delete=False) as file:
                file.write(text)
            os.replace(file.name, self.path)
        except OSError as error:
            self.complaint = f"{self.path}: the cache cannot be written ({error})"
            with suppress(OSError, NameError):
                os.unlink(file.name)
        self._changed = False


def _read(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MOST_BYTES:
        raise ValueError("too large")
    data = json.loads(path.read_text("utf-8"))
    if not isinstance(data, dict) or data.get("form") != FORM or not isinstance(data.get("verdicts"), dict):
        raise ValueError("not a cache of this version")
    return dict(data["verdicts"])


# ------------------------------------------------------------------------------------------------- keys


def canonical(value: object) -> str:
    """All that makes a tree or a scope what it is; places in the text are left out."""
    if is_dataclass(value):
        parts = (canonical(getattr(value, item.name)) for item in fields(value) if item.compare)
        return f"{type(value).__name__}({','.join(parts)})"
    if isinstance(value, tuple):
        return f"({','.join(map(canonical, value))})"
    return repr(value)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def program() -> str:
    """A hash of the sources of matproof and of the versions of what they run on."""
    found = hashlib.sha256(f"{platform.python_implementation()} {platform.python_version()}".encode())
    for name in LIBRARIES:
        found.update(f"{name} {version(name)}".encode())
    here = Path(__file__).parent
    for path in sorted(here.rglob("*.py")):
        found.update(path.relative_to(here).as_posix().encode())
        found.update(path.read_bytes())
    return found.hexdigest()


# --------------------------------------------------------------------------------------------- verdicts


def _stored(verdict: Verdict) -> dict[str, Any]:
    found = verdict.counterexample
    return {
        "verdict": verdict.verdict,
        "reason": verdict.reason,
        "sizes": verdict.sizes,
        "exponents": verdict.exponents,
        "counterexample": found
        and {
            "values": [(name, _texts(value)) for name, value in found.values],
            "lhs": _texts(found.lhs),
            "rhs": _texts(found.rhs),
            "entry": found.entry,
        },
    }


def _texts(value: Numbers) -> Any:
    if isinstance(value, tuple):
        return [[str(entry) for entry in row] for row in value]
    return str(value)


def _verdict(stored: dict[str, Any]) -> Verdict:
    found = stored["counterexample"]
    if stored["verdict"] not in ("holds", "fails"):
        raise ValueError("not a verdict that is kept")
    return Verdict(
        stored["verdict"],
        stored["reason"],
        tuple(tuple((name, size) for name, size in trial) for trial in stored["sizes"]),
        tuple((name, tuple(values)) for name, values in stored["exponents"]),
        found
        and Counterexample(
            tuple((name, _value(value)) for name, value in found["values"]),
            _value(found["lhs"]),
            _value(found["rhs"]),
            found["entry"] and (found["entry"][0], found["entry"][1]),
        ),
    )


def _value(stored: Any) -> Numbers:
    if isinstance(stored, str):
        return Rational(stored)
    return tuple(tuple(Rational(entry) for entry in row) for row in stored)

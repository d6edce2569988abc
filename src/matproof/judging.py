"""Judge many claims: in their order, within the time of a document, over several processes, with a cache."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from time import monotonic

from .cache import Cache
from .decide.judge import judge
from .language.claims import Claim, Verdict
from .settings import Settings

CHUNK = 64  # claims that a process takes at a time
OVER = Verdict("undecided", "the time limit of the document was reached")


class Judges:
    """Those who judge the claims of a run."""

    def __init__(self, settings: Settings, cache: Cache | None = None) -> None:
        self.settings, self.cache = settings, cache
        self._pool: ProcessPoolExecutor | None = None

    def verdicts(self, claims: Sequence[Claim]) -> list[Verdict]:
        """The verdicts on the claims of a document, in their order."""
        keys = [self.cache.key(claim, self.settings) if self.cache else "" for claim in claims]
        found = [self.cache.get(key) if self.cache else None for key in keys]
        missing = [at for at, verdict in enumerate(found) if verdict is None]
        for at, verdict in zip(missing, self._judged([claims[at] for at in missing]), strict=True):
            found[at] = verdict
            if self.cache:
                self.cache.put(keys[at], verdict)
        return [verdict for verdict in found if verdict is not None]

    def _judged(self, claims: list[Claim]) -> Iterator[Verdict]:
        deadline = monotonic() + self.settings.document_seconds
        if self.settings.jobs == 1 or len(claims) < 2:
            yield from judged(claims, self.settings, deadline - monotonic())
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.settings.jobs, get_context("spawn"), _begin, (self.settings,)
            )
        # each process gets its share of the document's time, for they run at once
        size = max(1, min(CHUNK, len(claims) // (4 * self.settings.jobs)))
        chunks = [claims[at : at + size] for at in range(0, len(claims), size)]
        tasks = [self._pool.submit(_task, chunk, self.settings, deadline) for chunk in chunks]
        for task in tasks:
            yield from task.result()

    def dismiss(self) -> None:
        """End the processes; what they have not begun is left undone."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def judges(settings: Settings, cache: Cache | None = None) -> Iterator[Judges]:
    """Judges for one run; the cache is saved in the end, also when the run is broken off."""
    found = Judges(settings, cache)
    try:
        yield found
    finally:
        found.dismiss()
        if cache is not None:
            cache.save()


def judged(claims: Iterable[Claim], settings: Settings, seconds: float) -> Iterator[Verdict]:
    """The verdicts on claims, one after the other, until the time is over."""
    deadline = monotonic() + seconds
    for claim in claims:
        left = deadline - monotonic()
        if left <= 0 and claim.error is None:
            yield OVER
        else:
            yield judge(claim, seed=settings.seed, max_seconds=max(1e-3, min(settings.max_seconds, left)))


def _task(claims: list[Claim], settings: Settings, deadline: float) -> list[Verdict]:
    """What a process does. The clock of `monotonic` is the same for all processes of a machine."""
    return list(judged(claims, settings, deadline - monotonic()))


def _begin(settings: Settings) -> None:
    """Begin a process: Ctrl-C is for the one that has started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    bound(settings)


def bound(settings: Settings) -> None:
    """Bound the memory of this process, and let Python look for cyclic garbage less often.

    Where the memory does not suffice, a claim is undecided. Trees and values have no cycles, and looking for
    them costs a tenth of the time.
    """
    gc.set_threshold(100_000, 20, 20)
    if settings.memory is None:
        return
    with suppress(ImportError, OSError, ValueError):  # there is no such bound, or a lower one already
        from resource import RLIMIT_AS, getrlimit, setrlimit

        setrlimit(RLIMIT_AS, (settings.memory, getrlimit(RLIMIT_AS)[1]))

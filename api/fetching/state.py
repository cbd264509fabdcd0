"""What is remembered of a source between fetches: how fresh it is, what went wrong last, when to ask again."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from api.fetching.errors import NotFetched
from scheduler.errors import Fault

REFRESH = timedelta(hours=1)
FIRST_PAUSE = timedelta(minutes=5)  # after a failure; twice as long after each more
LONGEST_PAUSE = timedelta(days=1)
MAX_FAILURES = 30  # in a row, three weeks of them: then the host may have changed hands, and a person has to look


@dataclass(frozen=True, slots=True)
class State:
    """
    What is known of one source; keep it with the reading that was made of the body it came with.

    ``fetched_at`` is when the server last confirmed that reading, and so its age; ``trouble`` is what went wrong
    since; ``next_at`` is when to ask again, None when a person has to mend something first. No body is kept here:
    titles and places go into the reader and nowhere else.
    """

    url: str = field(repr=False)  # a secret, as a rule
    fetched_at: datetime | None = None
    etag: str | None = field(default=None, repr=False)
    last_modified: str | None = None
    digest: str | None = None  # of what was fetched last, SHA-256
    failures: int = 0
    trouble: Fault | None = None
    next_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Return whether it is time to ask again."""
        return self.next_at is not None and now >= self.next_at

    def afresh(self) -> "State":
        """Return the state that makes the next fetch bring the body, changed or not: for another window of time."""
        return replace(self, etag=None, last_modified=None, digest=None)

    def confirmed(self, now: datetime) -> "State":
        """Return the state after the server said that nothing has changed."""
        return replace(self, fetched_at=now, failures=0, trouble=None, next_at=now + REFRESH)

    def brought(self, digest: str, now: datetime, etag: str | None = None, last_modified: str | None = None) -> "State":
        """Return the state after a body came, with the validators that came with it."""
        return replace(self.confirmed(now), digest=digest, etag=etag, last_modified=last_modified)

    def failed(self, error: NotFetched, now: datetime) -> "State":
        """Return the state after a failure, which keeps all that is known and waits longer each time."""
        failures = self.failures + 1
        doubled = FIRST_PAUSE * 2 ** min(failures - 1, 10)
        pause = min(max(doubled, error.wait), LONGEST_PAUSE)
        is_over = error.is_final or failures >= MAX_FAILURES
        return replace(self, failures=failures, trouble=error.fault, next_at=None if is_over else now + pause)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A source after a fetch: its new state, and the body where there is one to read that was not read before."""

    state: State
    body: bytes | None = field(default=None, repr=False)

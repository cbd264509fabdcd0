"""What is stored about a calendar source between fetches: validators, freshness, the last error, the next attempt."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from api.fetching.errors import FetchError
from scheduler.errors import Fault

REFRESH_INTERVAL = timedelta(hours=1)
FIRST_RETRY_DELAY = timedelta(minutes=5)  # doubled after each further failure
MAX_RETRY_DELAY = timedelta(days=1)
# Three weeks of consecutive failures. The domain may have a new owner by then, so a person has to check the source.
MAX_FAILURES = 30

_MAX_DOUBLINGS = 10  # more would overflow, and exceed MAX_RETRY_DELAY long before


@dataclass(frozen=True, slots=True)
class SourceState:
    """
    The state of one calendar source.

    Store it together with the busy times that were read from the body. The body itself is not part of the state,
    because it contains titles and places of private events.

    Attributes
    ----------
    url
        The address of the calendar. It usually contains a secret.
    fetched_at
        When the server last sent or confirmed the calendar; None before the first success.
    digest
        The SHA-256 of the body fetched last.
    failures
        The number of consecutive failures.
    error
        The last failure since ``fetched_at``.
    next_at
        When to fetch again; None when a person has to correct the source first.
    """

    url: str = field(repr=False)
    fetched_at: datetime | None = None
    etag: str | None = field(default=None, repr=False)
    last_modified: str | None = None
    digest: str | None = None
    failures: int = 0
    error: Fault | None = None
    next_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Return whether it is time for the next fetch."""
        return self.next_at is not None and now >= self.next_at

    def without_validators(self) -> "SourceState":
        """Return the state that makes the next fetch return the body even if it is unchanged, for another window."""
        return replace(self, etag=None, last_modified=None, digest=None)

    def after_not_modified(self, now: datetime) -> "SourceState":
        """Return the state after the server has confirmed that the calendar is unchanged."""
        return replace(self, fetched_at=now, failures=0, error=None, next_at=now + REFRESH_INTERVAL)

    def after_body(
        self,
        digest: str,
        now: datetime,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> "SourceState":
        """Return the state after the server has sent a body, with the validators of the response."""
        confirmed = self.after_not_modified(now)
        return replace(confirmed, digest=digest, etag=etag, last_modified=last_modified)

    def after_failure(self, error: FetchError, now: datetime) -> "SourceState":
        """Return the state after a failure: what was fetched before is kept, and the retry delay is doubled."""
        failures = self.failures + 1
        doublings = min(failures - 1, _MAX_DOUBLINGS)
        backoff = FIRST_RETRY_DELAY * 2**doublings
        delay = min(max(backoff, error.retry_after), MAX_RETRY_DELAY)
        needs_correction = error.is_final or failures >= MAX_FAILURES
        next_at = None if needs_correction else now + delay
        return replace(self, failures=failures, error=error.fault, next_at=next_at)


@dataclass(frozen=True, slots=True)
class FetchResult:
    """The state of a source after a fetch, and the body if it differs from the body fetched before."""

    state: SourceState
    body: bytes | None = field(default=None, repr=False)

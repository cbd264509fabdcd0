"""Fetch a published calendar by its URL, with conditional requests."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256

from api.fetching.client import Client, Request, Response
from api.fetching.errors import FetchError
from api.fetching.state import MAX_RETRY_DELAY, FetchResult, SourceState
from api.settings import Settings
from scheduler.errors import Fault

HTML_PAGE = "The link leads to a web page, not to a calendar; use the address of the calendar (iCal) itself."
LOGIN_REQUIRED = "The server requires a login; use a link that works without one."
GONE = "The calendar has been removed permanently; ask its owner for a new link."
NOT_FOUND = "There is no calendar at the link; check the link, or ask the calendar's owner for a new one."
NOT_A_CALENDAR = "The link does not lead to a calendar; use the address of the calendar (iCal) itself."
UNEXPECTED_NOT_MODIFIED = "The server sent status 304 to a request without conditions; try again later."
UNEXPECTED_STATUS = "The server responded with status {code}; check the link, or ask its owner for a new one."
SERVER_ERROR = "The server reported an error of its own (status {code}); try again later."
TOO_MANY_REQUESTS = "The server limits how often it can be called; try again later."

_MESSAGES_BY_STATUS = {
    401: LOGIN_REQUIRED,
    403: LOGIN_REQUIRED,
    404: NOT_FOUND,
    410: GONE,
    429: TOO_MANY_REQUESTS,
}
_ETAG = re.compile(r'(W/)?"[\x21\x23-\x7e]{0,200}"')  # RFC 9110, section 8.8.3
_HTTP_DATE = re.compile(r"[A-Za-z0-9,: +-]{1,40}")
_CALENDAR = re.compile(rb"(\xef\xbb\xbf)?\s*BEGIN:VCALENDAR", re.IGNORECASE)
_HTML = re.compile(rb"(\xef\xbb\xbf)?\s*<(!DOCTYPE\s+)?html", re.IGNORECASE)


def fetch(url: str, previous: SourceState | None = None, *, client: Client, now: datetime) -> FetchResult:
    """
    Fetch the calendar at ``url`` if it has changed since ``previous``.

    Errors are recorded in the returned state; none is raised. The body is returned only if it differs from the body
    of ``previous``. For the service's subscriptions; nothing calls it yet.
    """
    if previous is None or previous.url != url:
        previous = SourceState(url)
    return record_failure(previous, lambda: _fetch_if_changed(previous, client, now), now)


def download(url: str, settings: Settings) -> bytes:
    """
    Return the calendar at ``url``, without any stored state.

    Raises
    ------
    FetchError
        When the calendar cannot be fetched.
    """
    result = _fetch_if_changed(SourceState(url), Client(settings), datetime.now(UTC))
    assert result.body is not None  # a state without a digest differs from every body
    return result.body


def record_failure(previous: SourceState, work: Callable[[], FetchResult], now: datetime) -> FetchResult:
    """Return the result of ``work``, or the previous state with the error that ``work`` raised."""
    try:
        return work()
    except FetchError as error:
        return FetchResult(previous.after_failure(error, now))


def without_unchanged_body(state: SourceState, previous: SourceState, body: bytes) -> FetchResult:
    """Return the new state, and the body unless its digest equals that of the previous state."""
    is_unchanged = state.digest == previous.digest
    return FetchResult(state, None if is_unchanged else body)


def _fetch_if_changed(previous: SourceState, client: Client, now: datetime) -> FetchResult:
    validators = {"If-None-Match": previous.etag, "If-Modified-Since": previous.last_modified}
    conditions = {name: value for name, value in validators.items() if value}
    headers = {"Accept": "text/calendar, */*;q=0.1", **conditions}
    response = client.send(previous.url, Request(headers=headers))

    if response.status == 304:
        if not conditions:
            raise FetchError(Fault("", UNEXPECTED_NOT_MODIFIED))
        return FetchResult(previous.after_not_modified(now))
    check_status(response, 200, now)
    _check_calendar(response.body)

    state = previous.after_body(
        digest=sha256(response.body).hexdigest(),
        now=now,
        etag=_valid_header(response, "etag", _ETAG),
        last_modified=_valid_header(response, "last-modified", _HTTP_DATE),
    )
    return without_unchanged_body(state, previous, response.body)


def _check_calendar(body: bytes) -> None:
    """Reject a body that is no calendar, such as a login page sent with status 200."""
    if _CALENDAR.match(body):
        return
    sentence = HTML_PAGE if _HTML.match(body) else NOT_A_CALENDAR
    raise FetchError(Fault("", sentence))


def _valid_header(response: Response, name: str, pattern: re.Pattern[str]) -> str | None:
    """Return a header that will be sent back to the server, or None if it is missing or malformed."""
    value = response.headers.get(name, "")
    return value if pattern.fullmatch(value) else None


def check_status(
    response: Response,
    expected: int,
    now: datetime,
    messages: Mapping[int, str] | None = None,
) -> None:
    """
    Raise :class:`FetchError` unless a response has the expected status.

    Parameters
    ----------
    messages
        Error messages by status, in preference to those that apply to all protocols.
    """
    status = response.status
    if status == expected:
        return
    by_status = {**_MESSAGES_BY_STATUS, **(messages or {})}
    default = SERVER_ERROR if status >= 500 else UNEXPECTED_STATUS
    fault = Fault("", by_status.get(status, default), {"code": str(status)})

    retry_after = timedelta()
    if status in (429, 503):
        header = response.headers.get("retry-after", "")
        retry_after = _parse_retry_after(header, now)
    raise FetchError(fault, retry_after, is_final=status == 410)


def _parse_retry_after(header: str, now: datetime) -> timedelta:
    """Return the delay of a Retry-After header, at most a day: seconds or a date (RFC 9110, section 10.2.3)."""
    if header.isascii() and header.isdigit():
        seconds = int(header[:9])  # nine digits exceed the maximum, and bound the conversion
        return min(timedelta(seconds=seconds), MAX_RETRY_DELAY)
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    if moment.tzinfo is None:  # "-0000": UTC without any statement about local time (RFC 5322, section 3.3)
        moment = moment.replace(tzinfo=UTC)
    delay = max(moment - now, timedelta())
    return min(delay, MAX_RETRY_DELAY)

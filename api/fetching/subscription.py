"""Who fetches a calendar that is published at a link, only when it has changed, and remembers how that went."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256

from api.fetching.client import Client, Reply, Request
from api.fetching.errors import NotFetched
from api.fetching.state import LONGEST_PAUSE, Fetched, State
from api.settings import Settings
from scheduler.errors import Fault

A_PAGE = "The link leads to a web page, not to a calendar; give the address of the calendar (iCal) itself."
FORBIDDEN = "The server wants to know who asks; give a link that works without logging in."
GONE = "The calendar has been taken away for good; ask its owner for a new link."
MISSING = "There is no calendar at the link; check it, or ask its owner for a new one."
NO_CALENDAR = "What the link leads to is no calendar; give the address of the calendar (iCal) itself."
OUT_OF_TURN = "The server says that nothing has changed, though it was not asked that; try again later."
REFUSED = "The server answers with an error ({code}); check the link, or ask its owner for a new one."
SICK = "The server has a defect or a rest ({code}); try again later."
TOO_OFTEN = "The server asks for a pause; try again later."

_BY_STATUS = {401: FORBIDDEN, 403: FORBIDDEN, 404: MISSING, 410: GONE, 429: TOO_OFTEN}
_ETAG = re.compile(r'(W/)?"[\x21\x23-\x7e]{0,200}"')  # RFC 9110, section 8.8.3
_DATE = re.compile(r"[A-Za-z0-9,: +-]{1,40}")
_CALENDAR = re.compile(rb"(\xef\xbb\xbf)?\s*BEGIN:VCALENDAR", re.IGNORECASE)
_PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*<(!DOCTYPE\s+)?html", re.IGNORECASE)


def fetch(url: str, previous: State | None = None, *, client: Client, now: datetime) -> Fetched:
    """
    Return what the calendar at ``url`` is now; whatever goes wrong is told in the state, and nothing is raised.

    The body is there only when it is another than the one that ``previous`` tells of.
    """
    if previous is None or previous.url != url:
        previous = State(url)
    return attempted(previous, lambda: _fetched(previous, client, now), now)


def download(url: str, settings: Settings) -> bytes:
    """
    Return the calendar at ``url``, for who wants it but once.

    Raises
    ------
    NotFetched
        When it cannot be had; the fault says what to do.
    """
    body = _fetched(State(url), Client(settings), datetime.now(UTC)).body
    assert body is not None  # there was none before
    return body


def attempted(previous: State, work: Callable[[], Fetched], now: datetime) -> Fetched:
    """Return what ``work`` fetches, or the previous state with what went wrong."""
    try:
        return work()
    except NotFetched as error:
        return Fetched(previous.failed(error, now))


def unless_same(state: State, previous: State, body: bytes) -> Fetched:
    """Return the new state, and the body where it is another than before."""
    return Fetched(state, None if state.digest == previous.digest else body)


def _fetched(previous: State, client: Client, now: datetime) -> Fetched:
    conditions = {"If-None-Match": previous.etag, "If-Modified-Since": previous.last_modified}
    asked = {name: value for name, value in conditions.items() if value}
    reply = client.ask(previous.url, Request(headers={"Accept": "text/calendar, */*;q=0.1", **asked}))
    if reply.status == 304:
        if not asked:
            raise NotFetched(Fault("", OUT_OF_TURN))
        return Fetched(previous.confirmed(now))
    check_status(reply, 200, now)
    if not _CALENDAR.match(reply.body):
        raise NotFetched(Fault("", A_PAGE if _PAGE.match(reply.body) else NO_CALENDAR))
    etag, changed = reply.headers.get("etag", ""), reply.headers.get("last-modified", "")
    state = previous.brought(
        sha256(reply.body).hexdigest(),
        now,
        etag=etag if _ETAG.fullmatch(etag) else None,
        last_modified=changed if _DATE.fullmatch(changed) else None,
    )
    return unless_same(state, previous, reply.body)


def check_status(reply: Reply, wanted: int, now: datetime, sentences: Mapping[int, str] | None = None) -> None:
    """
    Raise :class:`NotFetched` unless a reply has the status that is wanted.

    ``sentences`` say more of a status than the usual ones do.
    """
    status = reply.status
    if status == wanted:
        return
    sentence = {**_BY_STATUS, **(sentences or {})}.get(status, SICK if status >= 500 else REFUSED)
    wait = _wait(reply.headers.get("retry-after", ""), now) if status in (429, 503) else timedelta()
    raise NotFetched(Fault("", sentence, {"code": str(status)}), wait, is_final=status == 410)


def _wait(text: str, now: datetime) -> timedelta:
    """Return how long a Retry-After asks to wait, a day at most: RFC 9110, section 10.2.3."""
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_PAUSE)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return timedelta()
    return min(max(moment.replace(tzinfo=moment.tzinfo or UTC) - now, timedelta()), LONGEST_PAUSE)

"""Fetch the events of a period from a CalDAV server (RFC 4791) with one calendar-query report."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from api.fetching.client import Client, Request
from api.fetching.errors import FetchError
from api.fetching.multistatus import calendar_objects, is_calendar
from api.fetching.state import FetchResult, SourceState
from api.fetching.subscription import check_status, record_failure, without_unchanged_body
from scheduler.errors import Fault
from scheduler.intervals import Interval

EMPTY_CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Tretton//EN\r\nEND:VCALENDAR\r\n"
PADDING = timedelta(days=2)  # servers compare all-day events and floating times as if they were in UTC

NOT_ALLOWED = "The server does not allow reading events there; use the address of the calendar, or another account."
NOT_A_CALENDAR = "The address is not that of a CalDAV calendar; use the address of the calendar, not of the account."
WRONG_CREDENTIALS = "The server rejected the user name or the password; enter them again."
COLON_IN_USERNAME = "The user name contains a colon, which is not allowed; check the user name."

_MESSAGES = {
    401: WRONG_CREDENTIALS,
    403: NOT_ALLOWED,
    **dict.fromkeys((200, 400, 404, 405, 409, 415, 501), NOT_A_CALENDAR),
}
_XML_HEADERS = {"Content-Type": 'application/xml; charset="utf-8"', "Accept": "application/xml, text/xml"}

# RFC 4791, section 7.8. The server is not asked to expand recurring events: not all servers can, and the calendar
# reader has to expand the recurring events of published calendars anyway.
_CALENDAR_QUERY = """<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><C:calendar-data/></D:prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
<C:time-range start="{start:%Y%m%dT%H%M%SZ}" end="{end:%Y%m%dT%H%M%SZ}"/>
</C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>
"""
_RESOURCE_TYPE_QUERY = b"""<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/></D:prop></D:propfind>
"""


@dataclass(frozen=True, slots=True)
class Account:
    """
    A calendar on a CalDAV server, and the credentials to read it.

    The password is sent by Basic authentication (RFC 7617): over TLS, or to a host that the operator allows.
    """

    url: str = field(repr=False)  # of the calendar collection, not of the account
    username: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _CalDAVSession:
    """An account with the client that reads it."""

    account: Account
    client: Client
    now: datetime

    def send(self, method: str, depth: str, query: bytes) -> bytes:
        """Return the body of the multistatus response to a query."""
        credentials = (self.account.username, self.account.password)
        headers = {**_XML_HEADERS, "Depth": depth}
        request = Request(method, headers, query, credentials)
        response = self.client.send(self.account.url, request)
        check_status(response, 207, self.now, _MESSAGES)
        return response.body


def fetch_account(
    account: Account,
    window: Interval,
    previous: SourceState | None = None,
    *,
    client: Client,
    now: datetime,
) -> FetchResult:
    """
    Fetch the events of a CalDAV calendar that overlap ``window``.

    Errors are recorded in the returned state; none is raised. The body is the concatenation of all iCalendar objects,
    which the calendar reader accepts as one file. The body is returned only if it, or the window, differs from that of
    ``previous``. For the service's subscriptions; nothing calls it yet.
    """
    if previous is None or previous.url != account.url:
        previous = SourceState(account.url)
    session = _CalDAVSession(account, client, now)
    return record_failure(previous, lambda: _fetch_events(session, window, previous), now)


def _fetch_events(session: _CalDAVSession, window: Interval, previous: SourceState) -> FetchResult:
    # RFC 7617, section 2: the server would read what follows the colon as the beginning of the password.
    if ":" in session.account.username:
        raise FetchError(Fault("", COLON_IN_USERNAME))

    padded = window.widened(PADDING)
    start = padded.start.astimezone(UTC)
    end = padded.end.astimezone(UTC)
    query = _CALENDAR_QUERY.format(start=start, end=end).encode()
    report = session.send("REPORT", "1", query)
    # Servers return objects in any order; sorted objects give equal digests for equal calendars.
    objects = sorted(calendar_objects(report))

    # Some servers accept the report for a home collection or for a single event and return an incomplete result, which
    # would count as free time. The type is checked when the result is empty, and for the first result of a source.
    if not objects or previous.digest is None:
        _check_resource_type(session)

    body = _concatenate(objects)
    # The query is part of the digest, so that another window counts as a change.
    digest = sha256(query + body).hexdigest()
    state = previous.after_body(digest, session.now)
    return without_unchanged_body(state, previous, body)


def _check_resource_type(session: _CalDAVSession) -> None:
    body = session.send("PROPFIND", "0", _RESOURCE_TYPE_QUERY)
    if not is_calendar(body):
        raise FetchError(Fault("", NOT_A_CALENDAR))


def _concatenate(objects: Sequence[str]) -> bytes:
    if not objects:
        return EMPTY_CALENDAR
    encoded = [text.strip().encode() for text in objects]
    return b"\r\n".join(encoded) + b"\r\n"

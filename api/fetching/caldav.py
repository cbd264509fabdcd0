"""Who asks a CalDAV server for the events of a period, in one question, and works out nothing itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from api.fetching.client import Client, Request
from api.fetching.errors import NotFetched
from api.fetching.multistatus import calendar_objects, is_calendar
from api.fetching.state import Fetched, State
from api.fetching.subscription import attempted, check_status, unless_same
from scheduler.errors import Fault
from scheduler.intervals import Interval

EMPTY = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Tretton//EN\r\nEND:VCALENDAR\r\n"
PADDING = timedelta(days=2)  # servers take whole days and floating times for UTC

NOT_ALLOWED = "The server lets nobody read events there; give the calendar's own address, or another account."
NOT_A_CALENDAR = "The address is not that of a CalDAV calendar; give the calendar's own, not the account's."
WRONG_LOGIN = "The server does not take the name and the password; give them anew."
BAD_NAME = "A name for logging in holds no colon; check it."

_SENTENCES = {401: WRONG_LOGIN, 403: NOT_ALLOWED} | dict.fromkeys((200, 400, 404, 405, 409, 415, 501), NOT_A_CALENDAR)
_XML = {"Content-Type": 'application/xml; charset="utf-8"', "Accept": "application/xml, text/xml"}

# RFC 4791, section 7.8. Nothing is expanded by the server: not every one can, and whole series are read here alike.
_EVENTS = """<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><C:calendar-data/></D:prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
<C:time-range start="{start:%Y%m%dT%H%M%SZ}" end="{end:%Y%m%dT%H%M%SZ}"/>
</C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>
"""
_KIND = b"""<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/></D:prop></D:propfind>
"""


@dataclass(frozen=True, slots=True)
class Account:
    """
    A calendar on a CalDAV server, and who may read it.

    The password goes out as RFC 7617 has it (Basic): over TLS, or to a host that the operator named.
    """

    url: str = field(repr=False)  # of the calendar itself
    username: str = field(repr=False)
    password: str = field(repr=False)


def fetch_account(
    account: Account, window: Interval, previous: State | None = None, *, client: Client, now: datetime
) -> Fetched:
    """
    Return what a CalDAV calendar holds about ``window``; whatever goes wrong is told in the state, nothing is raised.

    The body is every event's iCalendar object, one after another, for the reader to take as one file. It is there only
    when it, or the window, is another than the one that ``previous`` tells of.
    """
    if previous is None or previous.url != account.url:
        previous = State(account.url)
    return attempted(previous, lambda: _fetched(account, window, previous, client, now), now)


def _fetched(account: Account, window: Interval, previous: State, client: Client, now: datetime) -> Fetched:
    if ":" in account.username:  # RFC 7617, section 2: the rest would pass for the password
        raise NotFetched(Fault("", BAD_NAME))
    asked = window.widened(PADDING)
    question = _EVENTS.format(start=asked.start.astimezone(UTC), end=asked.end.astimezone(UTC)).encode()
    objects = sorted(calendar_objects(_asked(account, "REPORT", "1", question, client, now)))
    if not objects or previous.digest is None:
        # servers answer for an account's home, or for one event, too: what they then leave out is not free time
        _check_kind(account, client, now)
    body = _joined(objects)
    digest = sha256(question + body).hexdigest()
    return unless_same(previous.brought(digest, now), previous, body)


def _asked(account: Account, method: str, depth: str, question: bytes, client: Client, now: datetime) -> bytes:
    login = (account.username, account.password)
    reply = client.ask(account.url, Request(method, {**_XML, "Depth": depth}, question, login))
    check_status(reply, 207, now, _SENTENCES)
    return reply.body


def _check_kind(account: Account, client: Client, now: datetime) -> None:
    if not is_calendar(_asked(account, "PROPFIND", "0", _KIND, client, now)):
        raise NotFetched(Fault("", NOT_A_CALENDAR))


def _joined(objects: Sequence[str]) -> bytes:
    return b"\r\n".join(text.strip().encode() for text in objects) + b"\r\n" if objects else EMPTY

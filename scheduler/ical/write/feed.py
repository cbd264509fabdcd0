"""Who publishes the plan as one calendar to subscribe to: every meeting of the year, the cancelled ones marked so."""

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, vText

from scheduler.ical.write.invitation import Revision, calendar_of, one_line, vevent, written, zones_as_written

_REFRESH = timedelta(hours=1)


def plan_calendar(revisions: Iterable[Revision], name: str) -> bytes:
    """
    Return the plan as a feed (METHOD:PUBLISH; RFC 5546, section 3.2.1): nobody's address but the organizer's.

    UID, SEQUENCE and DTSTAMP are those of the invitations, so that a client which has both shows one meeting.
    """
    in_order = sorted(revisions, key=lambda revision: (revision.content.starts_at, revision.uid))
    calendar = calendar_of("PUBLISH")
    _add_name(calendar, one_line(name))
    for zone in zones_as_written(revision.content for revision in in_order):
        calendar.add_component(zone)
    for revision in in_order:
        calendar.add_component(vevent(revision))
    return written(calendar)


def _add_name(calendar: Calendar, name: str) -> None:
    """Name the feed and ask for a visit an hour: RFC 7986, sections 5.1 and 5.7, and what older clients read."""
    calendar.add("NAME", vText(name))
    calendar.add("X-WR-CALNAME", vText(name))
    calendar.add("REFRESH-INTERVAL", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")

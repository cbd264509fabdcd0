"""Render a plan as a calendar feed to subscribe to, cancelled meetings included."""

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, vText

from scheduler.ical.write.invitation import (
    Revision,
    new_calendar,
    render_calendar,
    render_vevent,
    vtimezones_for,
)
from scheduler.ical.write.text import single_line

_REFRESH_INTERVAL = timedelta(hours=1)


def plan_calendar(revisions: Iterable[Revision], name: str) -> bytes:
    """
    Return the plan as a feed (METHOD:PUBLISH; RFC 5546, section 3.2.1), with no address but the organizer's.

    UID, SEQUENCE and DTSTAMP are those of the invitations, so that a client which has both shows one meeting.
    """
    ordered = sorted(revisions, key=lambda revision: (revision.content.starts_at, revision.uid))
    calendar = new_calendar("PUBLISH")
    _add_name(calendar, single_line(name))
    for vtimezone in vtimezones_for(revision.content for revision in ordered):
        calendar.add_component(vtimezone)
    for revision in ordered:
        calendar.add_component(render_vevent(revision))
    return render_calendar(calendar)


def _add_name(calendar: Calendar, name: str) -> None:
    """
    Add the name of the feed and its refresh interval.

    NAME and REFRESH-INTERVAL are those of RFC 7986, sections 5.1 and 5.7. Outlook and Apple Calendar read the older
    X-WR-CALNAME and X-PUBLISHED-TTL.
    """
    calendar.add("NAME", vText(name))
    calendar.add("X-WR-CALNAME", vText(name))
    calendar.add("REFRESH-INTERVAL", _REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")

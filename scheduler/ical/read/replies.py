"""Read replies to invitations: calendars with METHOD:REPLY (RFC 5546, section 3.2.3)."""

from collections.abc import Iterator
from contextlib import suppress

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.component import Component
from scheduler.ical.read.component_time import single_occurrence
from scheduler.ical.read.reading import Reply, ReplyAnswer
from scheduler.ical.read.values import UtcTime
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval

# A delegated or undecided reply is no answer about the sender's own attendance.
_ANSWERS: dict[str, ReplyAnswer] = {"ACCEPTED": "yes", "TENTATIVE": "if_needed", "DECLINED": "no"}


def replies(calendar: Component, zones: Zones) -> Iterator[Reply]:
    """Yield the answer of each attendee in a calendar with METHOD:REPLY."""
    for event in calendar.components_named("VEVENT"):
        time = _time_of(event, zones)
        stamps = [line.value for line in event.lines_named("DTSTAMP")]
        stamp = stamps[0].moment if stamps and isinstance(stamps[0], UtcTime) else None
        for line in event.lines_named("ATTENDEE"):
            answer = _ANSWERS.get(line.parameters.get("PARTSTAT", "").upper())
            yield Reply(uid=event.uid, attendee=line.text, answer=answer, time=time, at=stamp)


def _time_of(event: Component, zones: Zones) -> Interval | None:
    """Return the time replied to; None when the reply leaves it out, as the RFC allows, or it cannot be read."""
    with suppress(UnreadableCalendar, OverflowError):
        return single_occurrence(event, zones)
    return None

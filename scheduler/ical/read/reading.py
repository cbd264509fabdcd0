"""The result of reading a calendar: busy time, unknown time, and the parts that were not read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from scheduler.ical.read.busy_type import BusyKind
from scheduler.ical.read.csv_rows import InvalidRow
from scheduler.intervals import Interval


@dataclass(frozen=True, slots=True, order=True)
class BusyTime:
    """An occurrence, in UTC, in which the calendar's owner is not free."""

    start: datetime
    end: datetime
    kind: BusyKind
    uid: str


class UnknownTime(NamedTuple):
    """An interval in which the owner may be busy or free, and a sentence with the reason."""

    interval: Interval
    sentence: str


class Skipped(NamedTuple):
    """A part of the calendar that was not read: a sentence with the reason, and the first day of the part if known."""

    sentence: str
    day: date | None = None


ReplyAnswer = Literal["yes", "if_needed", "no"]


class Reply(NamedTuple):
    """
    An attendee's reply to an invitation.

    ``answer`` is None when the attendee neither accepts nor declines; ``time`` is the time of the event, and ``at`` the
    time of the reply, both in UTC and None when the reply does not state them.
    """

    uid: str
    attendee: str
    answer: ReplyAnswer | None
    time: Interval | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Reading:
    """
    The result of reading a calendar for a window.

    Attributes
    ----------
    busy
        Occurrences in order, whole even where they extend beyond the window.
    unknown
        Takes precedence over time that is not busy.
    num_events
        Events in the calendar, inside and outside the window.
    skipped
        The parts that were not read.
    written_at
        The newest DTSTAMP or LAST-MODIFIED of any component, in UTC.
    invalid_rows
        Of a list of rows, those that were not read.
    replies
        The answers in calendars with METHOD:REPLY.
    is_message
        Whether the file is a message about single events, such as an invitation, so that it tells nothing about other
        time.
    """

    busy: tuple[BusyTime, ...] = ()
    unknown: tuple[UnknownTime, ...] = ()
    num_events: int = 0
    skipped: tuple[Skipped, ...] = ()
    written_at: datetime | None = None
    invalid_rows: tuple[InvalidRow, ...] = ()
    replies: tuple[Reply, ...] = ()
    is_message: bool = False

    @classmethod
    def nothing(cls, window: Interval, sentence: str) -> "Reading":
        """Return the reading of a calendar of which nothing could be read, for the reason in ``sentence``."""
        return cls(unknown=(UnknownTime(window, sentence),), skipped=(Skipped(sentence),))

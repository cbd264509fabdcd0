"""Read the busy time of a calendar. Time that cannot be read is unknown, never free."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from scheduler.days import instant, whole_days
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.busy_type import BusyKind, kind_of
from scheduler.ical.read.csv_rows import BAD_ROW, CsvRow, are_rows, rows
from scheduler.ical.read.free_busy import stated_periods, stated_range
from scheduler.ical.read.redact import Component, reduced
from scheduler.ical.read.series import Occurrence, by_uid, is_elsewhere, occurrences
from scheduler.ical.read.values import NO_ZONE, NOT_UNDERSTOOD, UnknownZone
from scheduler.ical.read.vavailability import out_of_hours
from scheduler.ical.read.zone_lookup import GuessedZones, Zones
from scheduler.intervals import Interval, union, without

MAX_TIMES = 50_000  # busy times in one window
FARTHEST_EAST, FARTHEST_WEST = timedelta(hours=14), timedelta(hours=12)  # clocks from UTC

NOT_GREGORIAN = "The calendar's dates are not Gregorian; export it with Gregorian dates."
OUT_OF_RANGE = "The file covers only a part of the period; export all of it."
TOO_LONG = "The calendar takes too long to read; export a shorter period."
TOO_MANY_TIMES = "The calendar has too many busy times; request a shorter period."

_DAY = re.compile(r"\d{8}", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class BusyTime:
    """A stretch of time, in UTC, that the calendar's owner has promised elsewhere."""

    start: datetime
    end: datetime
    kind: BusyKind
    uid: str


class UnknownTime(NamedTuple):
    """A stretch of time of which nothing may be concluded, and a sentence that says why."""

    interval: Interval
    sentence: str


class Skipped(NamedTuple):
    """A part that was not read: a sentence that says why, and the day on which it begins where that can be told."""

    sentence: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What a calendar says of a window.

    ``busy`` holds whole occurrences in order, also those that reach out of the window; ``unknown`` may overlap it, and
    wins where nothing is busy. ``written_at`` is the newest moment, in UTC, at which the calendar says that any of
    its events was written.
    """

    busy: tuple[BusyTime, ...] = ()
    unknown: tuple[UnknownTime, ...] = ()
    num_events: int = 0
    skipped: tuple[Skipped, ...] = ()
    written_at: datetime | None = None

    @classmethod
    def nothing(cls, window: Interval, sentence: str) -> "Reading":
        """Return the reading of a calendar that tells nothing, and why it does not."""
        return cls(unknown=(UnknownTime(window, sentence),), skipped=(Skipped(sentence),))


class OutOfTime(BaseException):
    """The time for reading is over; not an Exception, so that no library takes it for a fault of its own."""


def read_calendar(raw: bytes, window: Interval, zone: ZoneInfo, owner: str | None = None) -> Reading:
    """
    Return the busy time that a calendar, or rows of ``date;start;end``, put on ``window``.

    Whoever does not trust the bytes reads them through :mod:`scheduler.ical.isolation.pool`.

    Parameters
    ----------
    zone
        Where floating times and whole days lie, unless the calendar names a zone of its own.
    owner
        The address of the one whose calendar it is: what that person declined is free, what is unanswered tentative.

    Raises
    ------
    UnreadableCalendar
        When it is no calendar, or too large a one; the sentence says what to do.
    """
    reader = BusyTimeReader(window)
    try:
        if b"BEGIN:VCALENDAR" not in raw.upper() and are_rows(raw):
            reader.read_rows(rows(raw), zone)
            return reader.finished()
        content = reduced(raw, owner)
        for loss in content.losses:
            reader.skip(loss)
        for calendar in content.calendars:
            reader.read(calendar, Zones(calendar, zone))
    except OutOfTime:
        reader.skip(TOO_LONG)
    return reader.finished()


class BusyTimeReader:
    """Gathers what a file's calendars say, and what they fail to say."""

    def __init__(self, window: Interval) -> None:
        self._window = window
        self._busy: set[BusyTime] = set()
        self._unknown: list[UnknownTime] = []
        self._skipped: list[Skipped] = []
        self._num_events = 0
        self._written_at: datetime | None = None

    def skip(self, sentence: str, day: date | None = None, unknown: Interval | None = None) -> None:
        """Remember that something is not read; it may have lain anywhere unless ``unknown`` tells where."""
        self._skipped.append(Skipped(sentence, day))
        self._unknown.append(UnknownTime(unknown or self._window, sentence))

    def read(self, calendar: Component, zones: Zones) -> None:
        if calendar.value("CALSCALE") not in ("", "GREGORIAN"):
            self.skip(NOT_GREGORIAN)
            return
        events = list(calendar.named("VEVENT"))
        self._num_events += len(events)
        self._note_age(calendar.parts)
        if calendar.value("METHOD") == "CANCEL":
            return  # each of them is called off, whatever else it says
        self._read_hours(calendar, zones)
        self._read_free_busy(calendar, zones)
        for series in sorted(by_uid(events), key=_is_repeated):  # what is quick first, should time run out
            self._read_series(series, zones)

    def read_rows(self, written: Iterator[CsvRow], zone: ZoneInfo) -> None:
        for row in written:
            self._num_events += 1
            if row.start is not None and row.end is not None:
                self._take("", [(Interval(instant(row.start, zone), instant(row.end, zone)), "busy")])
            else:
                self.skip(BAD_ROW, row.day, whole_days(row.day, row.day, zone) if row.day else None)

    def finished(self) -> Reading:
        unknown = (one for one in dict.fromkeys(self._unknown) if one.interval.overlaps(self._window))
        skipped = tuple(dict.fromkeys(self._skipped))
        return Reading(tuple(sorted(self._busy)), tuple(unknown), self._num_events, skipped, self._written_at)

    def _note_age(self, components: list[Component]) -> None:
        for component in components:
            for line in component.lines:
                if line.name in ("DTSTAMP", "LAST-MODIFIED") and (moment := _utc(line.value)):
                    self._written_at = max(moment, self._written_at or moment)

    def _take(self, uid: str, held: list[Occurrence]) -> None:
        times = (BusyTime(time.start, time.end, kind, uid) for time, kind in held if time.overlaps(self._window))
        self._busy.update(times)
        if len(self._busy) > MAX_TIMES:
            raise UnreadableCalendar(TOO_MANY_TIMES)

    def _read_series(self, series: list[Component], zones: Zones) -> None:
        if not any(map(kind_of, series)):
            return
        try:
            # all of them or none: half a series would leave the rest looking free
            self._take(series[0].uid, list(occurrences(series, kind_of, zones, self._window)))
        except UnknownZone:
            self._guess(series, zones)
        except UnreadableCalendar as reason:
            self._lose(series, str(reason))
        except Exception:  # whatever a library stumbles on, nothing may be concluded from the series
            self._lose(series, NOT_UNDERSTOOD)

    def _guess(self, series: list[Component], zones: Zones) -> None:
        """Take a zone that nobody knows to be the calendar's own, and the time around, where it may lie, as unknown."""
        margin = FARTHEST_EAST + FARTHEST_WEST
        wide = self._window.widened(margin) if self._window.start.year > 1 and self._window.end.year < 9999 else None
        try:
            held = list(occurrences(series, kind_of, GuessedZones(zones), wide or self._window))
            self._take(series[0].uid, held)
            for time, _ in held:
                self._unknown.append(UnknownTime(_anywhere(time, zones.home), NO_ZONE))
        except UnreadableCalendar as reason:
            self._lose(series, str(reason))
        except Exception:  # as above
            self._lose(series, NOT_UNDERSTOOD)
        else:
            self._skipped.append(Skipped(NO_ZONE, _first_day(series)))

    def _lose(self, series: list[Component], sentence: str) -> None:
        if is_elsewhere(series, self._window):
            self._skipped.append(Skipped(sentence, _first_day(series)))
        else:
            self.skip(sentence, _first_day(series))

    def _read_hours(self, calendar: Component, zones: Zones) -> None:
        try:
            for component, held in list(out_of_hours(calendar.named("VAVAILABILITY"), zones, self._window)):
                self._take(component.uid, [held])
        except UnreadableCalendar as reason:
            self.skip(str(reason))
        except Exception:  # as with events
            self.skip(NOT_UNDERSTOOD)

    def _read_free_busy(self, calendar: Component, zones: Zones) -> None:
        statements = list(calendar.named("VFREEBUSY"))
        known: list[Interval] = []
        for statement in statements:
            try:
                known += self._stated(statement, zones)
            except UnreadableCalendar as reason:
                self.skip(str(reason))
            except (ValueError, OverflowError):
                self.skip(NOT_UNDERSTOOD)
        if calendar.value("METHOD") == "REQUEST":  # a question, not its answer
            known = []
        if statements and not any(calendar.named("VEVENT")):
            self._unknown += [UnknownTime(gap, OUT_OF_RANGE) for gap in without([self._window], known)]

    def _stated(self, statement: Component, zones: Zones) -> list[Interval]:
        """Take the busy time of one VFREEBUSY and return the time that it speaks of."""
        span = stated_range(statement, zones)
        periods = list(stated_periods(statement, zones))
        self._take(statement.uid, [(time, kind) for time, kind in periods if kind and time.start < time.end])
        return union([*(period for period, _ in periods), *([span] if span else [])])


def _is_repeated(series: list[Component]) -> bool:
    return any(component.has("RRULE", "RDATE") for component in series)


def _anywhere(time: Interval, home: ZoneInfo) -> Interval:
    """Return the time in which something lies that was read on a wall clock in no known zone."""
    start, end = (moment.astimezone(home).replace(tzinfo=UTC) for moment in (time.start, time.end))
    return Interval(start - FARTHEST_EAST, end + FARTHEST_WEST)


def _first_day(series: list[Component]) -> date | None:
    """Return the day written in the first DTSTART, by which its owner may find what was not read."""
    written = next((line.value for component in series for line in component.every("DTSTART")), "")
    try:
        return date.fromisoformat(match.group()) if (match := _DAY.match(written)) else None
    except ValueError:
        return None


def _utc(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None

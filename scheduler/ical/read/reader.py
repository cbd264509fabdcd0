"""Read the busy time of a calendar. Time that cannot be read is unknown, never free."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from scheduler.days import instant, whole_days
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.busy_type import busy_kind
from scheduler.ical.read.component import Component, ContentLine
from scheduler.ical.read.csv_rows import CsvRow, InvalidRow, has_rows, parse_rows
from scheduler.ical.read.free_busy import covered_range, periods
from scheduler.ical.read.occurrences import Occurrence
from scheduler.ical.read.reading import BusyTime, Reading, Reply, Skipped, UnknownTime
from scheduler.ical.read.redact import redact
from scheduler.ical.read.replies import replies
from scheduler.ical.read.series import series_times
from scheduler.ical.read.shared_uids import Series, series_of
from scheduler.ical.read.values import NOT_UNDERSTOOD, UtcTime
from scheduler.ical.read.vavailability import unavailable_times
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval, union, without

MAX_BUSY_TIMES = 50_000  # in one window
# Methods of messages about single events; PUBLISH is also that of a whole calendar (RFC 5546, section 1.4).
MESSAGES = frozenset({"REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER"})

BAD_ROW = "A row of the list cannot be read; correct it."
NOT_GREGORIAN = "The calendar's dates are not Gregorian; export it with Gregorian dates."
OUT_OF_RANGE = "The file covers only a part of the period; export all of it."
TOO_LONG = "The calendar takes too long to read; export a shorter period."
TOO_MANY_TIMES = "The calendar has too many busy times; request a shorter period."


class OutOfTime(BaseException):
    """The time limit for reading is exceeded. Not an Exception, so that no library catches it."""


def read_calendar(raw: bytes, window: Interval, zone: ZoneInfo, owner: str | None = None) -> Reading:
    """
    Return the busy time within ``window`` of a calendar, or of rows of ``date;start;end``.

    Untrusted bytes are read through :mod:`scheduler.ical.isolation.pool`.

    Parameters
    ----------
    zone
        The zone of whole days, and of floating times unless the calendar names its own.
    owner
        The address of the calendar's owner: what the owner declined is free, unanswered invitations are tentative.

    Raises
    ------
    UnreadableCalendar
        When ``raw`` is not a calendar, or is too large; the sentence names the remedy.
    """
    reader = BusyTimeReader(window)
    try:
        is_calendar = b"BEGIN:VCALENDAR" in raw.upper()
        if not is_calendar and has_rows(raw):
            reader.read_rows(parse_rows(raw), zone)
            return reader.finish()
        file = redact(raw, owner)
        for loss in file.losses:
            reader.skip(loss)
        for calendar in file.calendars:
            reader.read(calendar, Zones(calendar, zone))
        reader.read_events()
    except OutOfTime:
        reader.skip(TOO_LONG)
    return reader.finish()


class BusyTimeReader:
    """Collects the busy and unknown time of the calendars in a file."""

    def __init__(self, window: Interval) -> None:
        self._window = window
        self._busy: set[BusyTime] = set()
        self._unknown: list[UnknownTime] = []
        self._skipped: list[Skipped] = []
        self._events: list[tuple[Component, Zones]] = []
        self._num_events = 0
        self._written_at: datetime | None = None
        self._invalid_rows: list[InvalidRow] = []
        self._replies: list[Reply] = []
        self._is_message_by_calendar: list[bool] = []

    def skip(self, sentence: str, day: date | None = None, unknown: Interval | None = None) -> None:
        """Record a part that is not read. The whole window is unknown unless ``unknown`` locates the part."""
        self._skipped.append(Skipped(sentence, day))
        located = unknown or self._window
        if not located.overlaps(self._window):
            return
        start = max(located.start, self._window.start)
        end = min(located.end, self._window.end)
        self._unknown.append(UnknownTime(Interval(start, end), sentence))
        if len(self._unknown) > MAX_BUSY_TIMES:
            raise UnreadableCalendar(TOO_MANY_TIMES)

    def read(self, calendar: Component, zones: Zones) -> None:
        if calendar.keyword("CALSCALE") not in ("", "GREGORIAN"):
            self.skip(NOT_GREGORIAN)
            return
        events = list(calendar.components_named("VEVENT"))
        self._num_events += len(events)
        self._update_written_at(calendar.components)
        method = calendar.keyword("METHOD")
        if events:
            self._is_message_by_calendar.append(method in MESSAGES)
        # METHOD:CANCEL cancels every event in the calendar, whatever its STATUS (RFC 5546, section 3.2.5).
        if method == "CANCEL":
            self._events += [(_cancelled(event), zones) for event in events]
            return
        # A reply to an invitation has events, which are answers; a reply about busy times has none.
        if method == "REPLY" and events:
            self._replies += replies(calendar, zones)
            return
        self._read_export_range(calendar, zones)
        self._events += [(event, zones) for event in events]
        self._read_availability(calendar, zones)
        self._read_free_busy(calendar, zones)

    def read_events(self) -> None:
        """Read the events of all calendars that were read before: one UID may occur in several of them."""
        # Single events come first: they are read fast, and are known even when the time limit ends the reading.
        for series in sorted(series_of(self._events), key=_is_recurring):
            self._read_series(series.components, series.zones)

    def read_rows(self, rows: Iterator[CsvRow | InvalidRow], zone: ZoneInfo) -> None:
        for row in rows:
            self._num_events += 1
            if isinstance(row, InvalidRow):
                self._skip_row(row, zone)
            else:
                interval = Interval(instant(row.start, zone), instant(row.end, zone))
                self._add_busy("", [(interval, "busy")])

    def _skip_row(self, row: InvalidRow, zone: ZoneInfo) -> None:
        """Record a row that cannot be read: its days are unknown, and the whole window when it has no date."""
        self._invalid_rows.append(row)
        if not row.days:
            self.skip(BAD_ROW)
        for day in row.days:
            self.skip(BAD_ROW, day, whole_days(day, day, zone))

    def finish(self) -> Reading:
        unknown = [time for time in dict.fromkeys(self._unknown) if time.interval.overlaps(self._window)]
        return Reading(
            busy=tuple(sorted(self._busy)),
            unknown=tuple(unknown),
            num_events=self._num_events,
            skipped=tuple(dict.fromkeys(self._skipped)),
            written_at=self._written_at,
            invalid_rows=tuple(self._invalid_rows),
            replies=tuple(self._replies),
            is_message=bool(self._is_message_by_calendar) and all(self._is_message_by_calendar),
        )

    def _read_export_range(self, calendar: Component, zones: Zones) -> None:
        """Record the time outside the range that Outlook exported as unknown."""
        start, end = (next(calendar.lines_named(name), None) for name in ("X-CLIPSTART", "X-CLIPEND"))
        try:
            exported = Interval(
                zones.instant(start.time) if start else self._window.start,
                zones.instant(end.time) if end else self._window.end,
            )
        except (UnreadableCalendar, OverflowError):
            self.skip(OUT_OF_RANGE)
            return
        self._unknown += [UnknownTime(gap, OUT_OF_RANGE) for gap in without([self._window], [exported])]

    def _update_written_at(self, components: list[Component]) -> None:
        for component in components:
            for line in component.lines:
                if line.name in ("DTSTAMP", "LAST-MODIFIED") and isinstance(line.value, UtcTime):
                    moment = line.value.moment
                    self._written_at = max(moment, self._written_at or moment)

    def _add_busy(self, uid: str, found: list[Occurrence]) -> None:
        for time, kind in found:
            if time.overlaps(self._window):
                self._busy.add(BusyTime(time.start, time.end, kind, uid))
        if len(self._busy) > MAX_BUSY_TIMES:
            raise UnreadableCalendar(TOO_MANY_TIMES)

    def _read_series(self, series: list[Component], zones: Zones) -> None:
        times = series_times(series, busy_kind, zones, self._window)
        self._add_busy(series[0].uid, times.busy)
        for interval, sentence in times.doubts:
            self.skip(sentence, _first_day(series), interval)

    def _read_availability(self, calendar: Component, zones: Zones) -> None:
        components = calendar.components_named("VAVAILABILITY")
        try:
            for component, found in list(unavailable_times(components, zones, self._window)):
                self._add_busy(component.uid, [found])
        except UnreadableCalendar as reason:
            self.skip(str(reason))
        except Exception:  # the recurrence library raises many types of errors
            self.skip(NOT_UNDERSTOOD)

    def _read_free_busy(self, calendar: Component, zones: Zones) -> None:
        components = list(calendar.components_named("VFREEBUSY"))
        known: list[Interval] = []
        for component in components:
            known += self._read_free_busy_component(component, zones)
        # METHOD:REQUEST asks for free-busy time and states none (RFC 5546, section 3.3.2).
        is_question = calendar.keyword("METHOD") == "REQUEST"
        if is_question:
            known = []
        # Time that free-busy time does not cover is unknown. Events beside it may be those of the covered time
        # only, unless it states no range.
        has_range = not is_question and any(component.has("DTSTART", "DTEND") for component in components)
        has_events = any(calendar.components_named("VEVENT"))
        if components and (has_range or not has_events):
            self._unknown += [UnknownTime(gap, OUT_OF_RANGE) for gap in without([self._window], known)]

    def _read_free_busy_component(self, component: Component, zones: Zones) -> list[Interval]:
        """Add the busy time of a VFREEBUSY and return the time that it covers."""
        whole_range = None
        try:
            whole_range = covered_range(component, zones)
        except UnreadableCalendar as reason:
            self.skip(str(reason))
        except OverflowError:
            self.skip(NOT_UNDERSTOOD)
        covered = [] if whole_range is None else [whole_range]
        for time, kind, fault in periods(component, zones):
            if fault and kind is not None:
                self.skip(fault, unknown=time or whole_range)
            elif not fault and time is not None:
                covered.append(time)
                if kind is not None and time.start < time.end:
                    self._add_busy(component.uid, [(time, kind)])
        return union(covered)


def _is_recurring(series: Series) -> bool:
    return any(component.has("RRULE", "RDATE") for component in series.components)


def _cancelled(event: Component) -> Component:
    lines = [line for line in event.lines if line.name != "STATUS"]
    return replace(event, lines=[*lines, ContentLine("STATUS", {}, "CANCELLED")])


def _first_day(series: list[Component]) -> date | None:
    """Return the day of the first DTSTART, by which the owner finds the event that was not read."""
    for component in series:
        for line in component.lines_named("DTSTART"):
            return line.time.day
    return None

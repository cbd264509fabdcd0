"""Who reads the busy time out of a calendar; what cannot be read is unknown, never free."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.errors import UnreadableCalendar
from scheduler.ical.free_busy import BusyKind, stated_periods, stated_range
from scheduler.ical.known_zones import Zones
from scheduler.ical.reduction import Component, reduced
from scheduler.ical.series import NOT_UNDERSTOOD, is_elsewhere, occurrences
from scheduler.intervals import Interval, union

AVAILABILITY = "The calendar tells working hours, which are not read; export its events."
NOT_GREGORIAN = "The calendar does not count in Gregorian years; export it so that it does."
OUT_OF_RANGE = "The file tells of free and busy time for a part of the period only; export all of it."

_MICROSOFT: dict[str, BusyKind | None] = {
    "FREE": None,
    "WORKINGELSEWHERE": None,
    "TENTATIVE": "busy_tentative",
    "BUSY": "busy",
    "OOF": "busy_unavailable",
}


@dataclass(frozen=True, slots=True, order=True)
class BusyTime:
    """A stretch of time, in UTC, that the calendar's owner has promised elsewhere."""

    start: datetime
    end: datetime
    kind: BusyKind
    uid: str


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What a calendar says of a window.

    ``busy`` holds whole occurrences in order, also those that reach out of the window; ``unknown`` the time of which
    nothing may be concluded, and why; ``skipped`` a sentence for each part that could not be read.
    """

    busy: tuple[BusyTime, ...]
    unknown: tuple[tuple[Interval, str], ...]
    num_events: int
    skipped: tuple[str, ...]


def read_calendar(raw: bytes, window: Interval, zone: ZoneInfo, owner: str | None = None) -> Reading:
    """
    Return the busy time that a calendar puts on ``window``.

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
    content = reduced(raw, owner)
    reader = _Reader(window)
    for loss in content.losses:
        reader.skip(loss)
    for calendar in content.calendars:
        reader.read(calendar, Zones(calendar, zone))
    return reader.finished()


def without(window: Interval, taken: list[Interval]) -> list[Interval]:
    """Return what is left of ``window`` when ``taken`` is gone, in order."""
    taken = union([interval for interval in taken if interval.overlaps(window)])
    starts = [window.start, *(interval.end for interval in taken)]
    ends = [*(interval.start for interval in taken), window.end]
    return [Interval(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def kind_of(event: Component) -> BusyKind | None:
    """Return how an event binds its owner; None when it does not."""
    partstat = event.value("PARTSTAT")
    if event.value("STATUS") == "CANCELLED" or partstat == "DECLINED":
        return None
    microsoft = event.value("X-MICROSOFT-CDO-BUSYSTATUS")
    if microsoft in _MICROSOFT:
        return _MICROSOFT[microsoft]
    if event.value("TRANSP") == "TRANSPARENT":
        return None
    is_open = event.value("STATUS") == "TENTATIVE" or partstat in ("NEEDS-ACTION", "TENTATIVE")
    return "busy_tentative" if is_open else "busy"


class _Reader:
    """Gathers what a file's calendars say, and what they fail to say."""

    def __init__(self, window: Interval) -> None:
        self._window = window
        self._busy: set[BusyTime] = set()
        self._unknown: list[tuple[Interval, str]] = []
        self._skipped: list[str] = []
        self._num_events = 0

    def skip(self, reason: str) -> None:
        """Remember that something is not read; it may have lain anywhere."""
        self._skipped.append(reason)
        self._unknown.append((self._window, reason))

    def read(self, calendar: Component, zones: Zones) -> None:
        if calendar.value("CALSCALE") not in ("", "GREGORIAN"):
            self.skip(NOT_GREGORIAN)
            return
        for _ in calendar.named("VAVAILABILITY"):
            self.skip(AVAILABILITY)
        events = list(calendar.named("VEVENT"))
        self._num_events += len(events)
        if calendar.value("METHOD") == "CANCEL":
            return  # each of them is called off, whatever else it says
        for series in _by_uid(events):
            self._read_series(series, zones)
        self._read_free_busy(calendar)

    def finished(self) -> Reading:
        unknown = tuple(dict.fromkeys(self._unknown))
        return Reading(tuple(sorted(self._busy)), unknown, self._num_events, tuple(self._skipped))

    def _read_series(self, series: list[Component], zones: Zones) -> None:
        kinds = {id(event): kind_of(event) for event in series}
        if not any(kinds.values()) or (len(series) == 1 and is_elsewhere(series[0], self._window)):
            return
        try:
            # all of them or none: half a series would leave the rest looking free
            held = list(occurrences(series, kinds, zones, self._window))
        except UnreadableCalendar as reason:
            self.skip(str(reason))
        except Exception:  # whatever a library stumbles on, nothing may be concluded from the series
            self.skip(NOT_UNDERSTOOD)
        else:
            uid = series[0].uid
            self._busy.update(BusyTime(time.start, time.end, kind, uid) for time, kind in held)

    def _read_free_busy(self, calendar: Component) -> None:
        statements = list(calendar.named("VFREEBUSY"))
        if not statements:
            return
        known: list[Interval] = []
        for statement in statements:
            try:
                known += self._stated(statement)
            except UnreadableCalendar as reason:
                self.skip(str(reason))
            except (ValueError, OverflowError):
                self.skip(NOT_UNDERSTOOD)
        if calendar.value("METHOD") == "REQUEST":  # a question, not its answer
            known = []
        if not any(calendar.named("VEVENT")):
            self._unknown += [(gap, OUT_OF_RANGE) for gap in without(self._window, known)]

    def _stated(self, statement: Component) -> list[Interval]:
        """Take the busy time of one VFREEBUSY and return the time that it speaks of."""
        span = stated_range(statement)
        periods = list(stated_periods(statement))
        near = [(period, kind) for period, kind in periods if kind and period.overlaps(self._window)]
        self._busy.update(BusyTime(time.start, time.end, kind, statement.uid) for time, kind in near if kind)
        return [period for period, _ in periods] + ([span] if span else [])


def _by_uid(events: list[Component]) -> Iterator[list[Component]]:
    """Yield the events that share a UID; one without stands alone."""
    series: dict[str, list[Component]] = {}
    for event in events:
        series.setdefault(event.uid or f"\n{id(event)}", []).append(event)
    yield from series.values()

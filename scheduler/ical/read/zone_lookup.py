"""Resolve the TZID of a calendar to a zone: an IANA name, a Windows name, or a valid VTIMEZONE of the calendar."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from scheduler.days import instant, zone_exists
from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.component import Component
from scheduler.ical.read.values import NO_SUCH_TIME, DateValue, InvalidValue, TimeValue, UtcTime
from scheduler.ical.read.zone_definitions import Zone, onsets_of, parse_zone

NO_ZONE = "An event's time zone is unknown; choose a known time zone, such as Europe/Stockholm."

MAX_DEFINED = 10  # zones that are tried for the midnight with which a day begins

# Whether a zone turns its clock is decided by its offsets on the first of every month. Zones that no longer turn it,
# such as Moscow, did so after 1970.
_YEARS = range(1970, 2038)
_RECENT_YEARS = range(2020, 2038)
_LONGER_THAN_A_CHANGE = timedelta(hours=6)
# TZID is escaped text in VTIMEZONE and a plain parameter elsewhere (RFC 5545, sections 3.8.3.1 and 3.2.19).
_ESCAPED = re.compile(r"\\([\\,;])")
_WINDOWS_ZONES = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}
_ALIASES = {
    "tzone://microsoft/utc": "UTC",  # Exchange
    "coordinated universal time": "UTC",
    "western/central europe": "Europe/Berlin",  # Domino
}


class UnknownZone(UnreadableCalendar):
    """A time is written in a zone that is neither known nor defined."""


class Zones:
    """
    The zones of a calendar.

    Attributes
    ----------
    home
        The zone of floating times.
    reader
        The zone of whole days: a DATE is in no zone (RFC 5545, section 3.3.4), so it is a day of the reader.
    """

    def __init__(self, calendar: Component, reader: ZoneInfo) -> None:
        # X-WR-TIMEZONE is the zone of the whole calendar in Google's and Apple's exports.
        home_name = next((line.text for line in calendar.lines_named("X-WR-TIMEZONE")), "")
        home = find_known_zone(home_name)
        self.home = ZoneInfo(home.name) if home else reader
        self.reader = reader
        self._definitions: dict[str, list[Component]] = {}
        for definition in calendar.components_named("VTIMEZONE"):
            for line in definition.lines_named("TZID"):
                tzid = _ESCAPED.sub(r"\1", line.text).strip('"')
                self._definitions.setdefault(tzid, []).append(definition)
        self._resolved: dict[str, Zone | None] = {}

    def find(self, tzid: str) -> Zone | None:
        """Return the zone that ``tzid`` names, or None when it is unknown; an empty ``tzid`` is floating time."""
        if tzid not in self._resolved:
            self._resolved[tzid] = self._resolve(tzid)
        return self._resolved[tzid]

    def _resolve(self, tzid: str) -> Zone | None:
        if not tzid:
            return Zone(self.home.key, self.home)
        known = find_known_zone(tzid)
        definitions = self._definitions.get(tzid, [])
        # Definitions of known zones are often outdated or wrong, so the zone database applies. But some writers call a
        # zone with summer time by the name of its winter time: GMT or EST, which never turn the clock.
        if known is None or (definitions and not _turns_clock(known.rules, _YEARS)):
            defined = _defined_zone(definitions)
            if known is None or (defined is not None and _turns_clock(defined.rules, _RECENT_YEARS)):
                return defined
        return known

    def zone_of(self, tzid: str | None) -> Zone:
        """Return the zone that ``tzid`` names; raise :class:`UnknownZone` when it is unknown."""
        zone = self.find(tzid or "")
        if zone is None:
            raise UnknownZone(NO_ZONE)
        return zone

    def instant(self, value: TimeValue) -> datetime:
        """
        Return the instant of a time in UTC; a date is its midnight in the reader's zone.

        Raises
        ------
        UnreadableCalendar
            When the value is invalid; :class:`UnknownZone` when only its zone is unknown.
        OverflowError
            When the midnight of a date is outside the years 1 to 9999 in UTC.
        """
        if isinstance(value, InvalidValue):
            raise UnreadableCalendar(NO_SUCH_TIME)
        if isinstance(value, UtcTime):
            return value.moment
        if isinstance(value, DateValue):
            return self.midnight(value.day)
        zone = self.zone_of(value.tzid)
        try:
            return wall_instant(value.clock, zone.rules)
        except (ValueError, OverflowError):
            raise UnreadableCalendar(NO_SUCH_TIME) from None

    def defined_rules(self) -> list[tzinfo]:
        """Return the rules of the first few zones that the calendar defines."""
        zones = map(self.find, list(self._definitions)[:MAX_DEFINED])
        return [zone.rules for zone in zones if zone is not None]

    def midnight(self, day: date) -> datetime:
        """Return the instant at which ``day`` begins in the reader's zone."""
        return instant(datetime.combine(day, time()), self.reader)


class GuessedZones(Zones):
    """The zones of a calendar, with unknown zones taken to be the home zone."""

    def __init__(self, zones: Zones) -> None:
        self._zones = zones
        self.home = zones.home
        self.reader = zones.reader

    def find(self, tzid: str) -> Zone | None:
        return self._zones.find(tzid) or self._zones.find("")

    def defined_rules(self) -> list[tzinfo]:
        return self._zones.defined_rules()


class MergedZones(Zones):
    """The zones of several calendars in a file, by names that mean the same in all of them."""

    def __init__(self, zones: Zones) -> None:
        self.home = zones.home
        self.reader = zones.reader
        self._known = {"": Zone(zones.home.key, zones.home)}

    def add(self, tzid: str, zones: Zones) -> str:
        """Return the name of the zone that ``tzid`` names in one of the calendars."""
        zone = zones.find(tzid)
        if zone is None:
            return f"\n{tzid}"  # no zone has this name
        self._known[zone.name] = zone
        return zone.name

    def find(self, tzid: str) -> Zone | None:
        return self._known.get(tzid)

    def defined_rules(self) -> list[tzinfo]:
        return [zone.rules for zone in list(self._known.values())[:MAX_DEFINED]]


def wall_instant(clock: datetime, rules: tzinfo) -> datetime:
    """
    Return the instant of a wall time in UTC.

    A wall time that the zone skips or repeats has the offset before the change (RFC 5545, section 3.3.5), as in the
    zone database with ``fold=0``. The zones that a calendar defines do not follow this.
    """
    usual = clock.replace(tzinfo=rules).astimezone(UTC)
    if isinstance(rules, ZoneInfo):
        return usual
    earlier_offset = (clock - _LONGER_THAN_A_CHANGE).replace(tzinfo=rules).utcoffset() or timedelta()
    with_earlier_offset = (clock - earlier_offset).replace(tzinfo=UTC)
    for moment in (with_earlier_offset, usual):
        if moment.astimezone(rules).replace(tzinfo=None) == clock:
            return moment
    return with_earlier_offset


def find_known_zone(tzid: str) -> Zone | None:
    """
    Return the zone of the zone database that ``tzid`` names, directly or as a Windows name or alias.

    Examples
    --------
    >>> names = ("W. Europe Standard Time", "/mozilla.org/20070129_1/Europe/Berlin")
    >>> [find_known_zone(name).name for name in names]
    ['Europe/Berlin', 'Europe/Berlin']
    """
    stripped = tzid.strip()
    folded = stripped.casefold()
    name = _WINDOWS_ZONES.get(folded) or _ALIASES.get(folded) or stripped
    candidates = [name]
    # A leading slash marks a globally unique name, which ends with the IANA name of two or three parts
    # (RFC 5545, section 3.2.19; libical and Mozilla write such names).
    if name.startswith("/"):
        steps = name.split("/")
        candidates += ["/".join(steps[-depth:]) for depth in (3, 2)]
    for candidate in candidates:
        if candidate and zone_exists(candidate):
            return Zone(candidate, ZoneInfo(candidate))
    return None


def _defined_zone(definitions: list[Component]) -> Zone | None:
    """
    Return the zone that all definitions of a TZID agree on; None when they contradict each other.

    When no definition is valid, the zones of their X-LIC-LOCATION count, which libical writes.
    """
    onsets = onsets_of(definitions)
    if len(onsets) > 1:
        return None
    defined = parse_zone(onsets.pop()) if onsets else None
    if defined is not None:
        return defined
    locations = [line.text for definition in definitions for line in definition.lines_named("X-LIC-LOCATION")]
    zones = {zone.name: zone for zone in map(find_known_zone, locations) if zone is not None}
    return next(iter(zones.values())) if len(zones) == 1 else None


@cache
def _turns_clock(rules: tzinfo, years: range) -> bool:
    """Return whether the offset of a zone from UTC changes within one of the years."""
    return any(len({_offset(rules, year, month) for month in range(1, 13)}) > 1 for year in years)


def _offset(rules: tzinfo, year: int, month: int) -> timedelta | None:
    return datetime(year, month, 1, tzinfo=UTC).astimezone(rules).utcoffset()

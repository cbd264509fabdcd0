"""Read the busy time of the components that share a UID, and the time in which they may be busy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.component import Component
from scheduler.ical.read.local_days import with_marked_days
from scheduler.ical.read.occurrences import Doubt, Occurrence, SeriesPart, times_of
from scheduler.ical.read.possible_time import UNBOUNDED, possible_time
from scheduler.ical.read.revisions import KindOf, Versions, current_versions
from scheduler.ical.read.values import NOT_UNDERSTOOD
from scheduler.ical.read.zone_lookup import NO_ZONE, GuessedZones, UnknownZone, Zones
from scheduler.intervals import Interval

# The largest offsets from UTC: Kiribati (+14) and the uninhabited islands of the United States (-12).
_EASTERNMOST = timedelta(hours=14)
_WESTERNMOST = timedelta(hours=12)
_RULES = ("RRULE", "RDATE", "EXDATE")


@dataclass(slots=True)
class SeriesTimes:
    """The busy occurrences within a window of the components of one UID, and the time in which they may be busy."""

    busy: list[Occurrence] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def series_times(components: Sequence[Component], kind_of: KindOf, zones: Zones, window: Interval) -> SeriesTimes:
    """
    Return the times of the components of one UID, in UTC.

    An occurrence without length is not busy. A component that cannot be read is in doubt for as long as it may last;
    the doubts include those outside the window, by which the owner learns what was not read.
    """
    times = SeriesTimes()
    components = [with_marked_days(component, zones) for component in components]
    masters, overrides = current_versions(components, kind_of, zones)
    versions = Versions(masters, [_without_rules(override) for override in overrides])
    times.doubts += _unclear_changes(versions, kind_of, zones)
    for part in _parts(versions):
        for item in _read_part(part, kind_of, zones, window):
            if isinstance(item, Doubt):
                times.doubts.append(item)
            elif item[0].start < item[0].end and item[0].overlaps(window):
                times.busy.append(item)
    return times


def _without_rules(override: Component) -> Component:
    """
    Return an override as a single event, whatever rule it repeats from its series.

    An invitation to a single occurrence comes without its series.
    """
    return replace(override, lines=[line for line in override.lines if line.name not in _RULES])


def _parts(versions: Versions) -> Iterator[SeriesPart]:
    masters, overrides = versions
    recurrence_ids = [line for override in overrides for line in override.lines_named("RECURRENCE-ID")]
    for override in overrides:
        yield SeriesPart([override])
    following = [override for override in overrides if _changes_all_following(override)]
    # Where it is unclear which of several events is changed, all keep their times too.
    is_unclear = bool(following) and _have_different_starts(masters)
    for master in masters:
        yield SeriesPart([master]) if is_unclear else SeriesPart([master, *following], recurrence_ids)


def _changes_all_following(override: Component) -> bool:
    return any(line.changes_all_following for line in override.lines_named("RECURRENCE-ID"))


def _have_different_starts(masters: list[Component]) -> bool:
    return len({line.time for master in masters for line in master.lines_named("DTSTART")}) > 1


def _unclear_changes(versions: Versions, kind_of: KindOf, zones: Zones) -> Iterator[Doubt]:
    """Yield the time of changes to all following occurrences, unless they change the occurrences of a single event."""
    if versions.masters and not _have_different_starts(versions.masters):
        return
    for override in versions.overrides:
        if _changes_all_following(override) and kind_of(override) is not None:
            yield Doubt(possible_time(override, zones), NOT_UNDERSTOOD)


def _read_part(part: SeriesPart, kind_of: KindOf, zones: Zones, window: Interval) -> list[Occurrence | Doubt]:
    if all(kind_of(component) is None for component in part.components):
        return []
    try:
        # All times are computed before the first is added: with a part of a series, the rest would be free.
        return list(times_of(part, kind_of, zones, window))
    except UnknownZone:
        return list(_read_in_home_zone(part, kind_of, zones, window))
    except UnreadableCalendar as reason:
        return list(_doubts(part, kind_of, zones, str(reason)))
    except Exception:  # the recurrence library raises many types of errors
        return list(_doubts(part, kind_of, zones, NOT_UNDERSTOOD))


def _doubts(part: SeriesPart, kind_of: KindOf, zones: Zones, sentence: str) -> Iterator[Doubt]:
    for component in part.components:
        if kind_of(component) is not None:
            yield Doubt(possible_time(component, zones), sentence)


def _read_in_home_zone(
    part: SeriesPart, kind_of: KindOf, zones: Zones, window: Interval
) -> Iterator[Occurrence | Doubt]:
    """
    Read components in an unknown zone as if it were the home zone.

    Each occurrence is busy there, as other clients show it, and all time in which it may lie is in doubt.
    """
    if window.start.year > 1 and window.end.year < 9999:
        window = window.widened(_EASTERNMOST + _WESTERNMOST)
    for item in _read_part(part, kind_of, GuessedZones(zones), window):
        if isinstance(item, Doubt):
            yield Doubt(_possible_time(item.interval, zones.home), item.sentence)
        else:
            yield item
            yield Doubt(_possible_time(item[0], zones.home), NO_ZONE)


def _possible_time(time: Interval, home: ZoneInfo) -> Interval:
    """Return the time in which an occurrence lies whose wall time is known but whose zone is not."""
    try:
        wall_start = time.start.astimezone(home).replace(tzinfo=UTC)
        wall_end = time.end.astimezone(home).replace(tzinfo=UTC)
        return Interval(wall_start - _EASTERNMOST, wall_end + _WESTERNMOST)
    except OverflowError:
        return UNBOUNDED

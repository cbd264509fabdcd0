"""A plain reader of series: it decides for each day, from the definition of a series, whether the owner is busy."""

from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Stretch = tuple[datetime, datetime]  # in UTC
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """A rule; the parts that are None name the day of the start."""

    frequency: str
    interval: int = 1
    weekdays: frozenset[int] | None = None
    week_start: int = 0  # Monday
    month_day: int | None = None  # -1 is the last
    nth_weekday: int | None = None  # -1 is the last of the month
    last_day: date | None = None
    count: int | None = None


@dataclass(frozen=True)
class Move:
    """What became of an occurrence: cancelled without a time, else moved to a day and a clock time."""

    day: date | None = None
    clock: time = time()


@dataclass(frozen=True)
class SeriesDefinition:
    """
    A series as its author means it.

    Attributes
    ----------
    zone
        Of its wall times; of whole days, the zone of the reader.
    clock
        None for whole days.
    length
        In whole days, or exact; None when nobody can know it.
    has_wall_end
        Whether the end is a wall time, which applies where the clock turns and it is later.
    longest
        How long an occurrence may last whose length nobody can know.
    earlier
        How long before its start it may begin.
    """

    first_day: date
    clock: time | None
    length: timedelta | None
    zone: ZoneInfo
    rule: Rule | None = None
    excluded: frozenset[date] = frozenset()
    added: frozenset[date] = frozenset()
    moves: dict[date, Move] = field(default_factory=dict)
    doubtful_exceptions: frozenset[date] = frozenset()
    doubtful_additions: frozenset[date] = frozenset()
    has_wall_end: bool = False
    longest: timedelta = ONE_DAY
    earlier: timedelta = timedelta()
    has_doubtful_rule: bool = False


@dataclass
class PlainReading:
    """When the owner is busy, and when nobody can know."""

    busy: list[Stretch] = field(default_factory=list)
    doubtful: list[Stretch] = field(default_factory=list)


def plain_reading(series: SeriesDefinition, window: Stretch) -> PlainReading:
    """Read a series day by day, to the end of the window."""
    reading = PlainReading()
    if series.has_doubtful_rule:
        start = _stretch(series, series.first_day)[0]
        last_day = series.rule.last_day if series.rule else None
        end = window[1] if last_day is None else _stretch(series, last_day)[1]
        reading.doubtful.append((start, max(start, end)))
        return reading
    for day in _days(series, (window[1] + 2 * ONE_DAY).date()):
        if day in series.moves:
            continue
        stretch = _stretch(series, day)
        is_doubtful = series.length is None or day in series.doubtful_exceptions
        (reading.doubtful if is_doubtful else reading.busy).append(stretch)
    for move in series.moves.values():
        if move.day is not None:
            # The length on the clock is that of the day to which the occurrence is moved.
            moved = replace(series, first_day=move.day, clock=None if series.clock is None else move.clock)
            (reading.busy if series.length is not None else reading.doubtful).append(_stretch(moved, move.day))
    for day in series.doubtful_additions:
        midnight = _instant(day, time(), series.zone)
        end = max(_instant(day + ONE_DAY, time(), series.zone), _stretch(series, day)[1])
        reading.doubtful.append((midnight, end))
    return reading


def _days(series: SeriesDefinition, last: date) -> list[date]:
    """Return the days on which an occurrence begins, before any is moved."""
    days = [series.first_day]
    rule = series.rule
    day = series.first_day + ONE_DAY
    while rule is not None and day <= min(last, rule.last_day or last):
        if rule.count is not None and len(days) >= rule.count:
            break
        if is_named(day, series.first_day, rule):
            days.append(day)
        day += ONE_DAY
    return sorted({*days, *series.added} - series.excluded)


def is_named(day: date, first: date, rule: Rule) -> bool:
    """Return whether a rule without an end names a day after its first."""
    months = (day.year - first.year) * 12 + day.month - first.month
    if rule.frequency == "DAILY":
        return (day - first).days % rule.interval == 0 and day.weekday() in (rule.weekdays or range(7))
    if rule.frequency == "WEEKLY":
        week, first_week = (one - (one.weekday() - rule.week_start) % 7 * ONE_DAY for one in (day, first))
        is_in_week = (week - first_week).days // 7 % rule.interval == 0
        return is_in_week and day.weekday() in (rule.weekdays or {first.weekday()})
    if rule.frequency == "MONTHLY":
        return months % rule.interval == 0 and _is_day_of_month(day, first, rule)
    is_in_year = (day.year - first.year) % rule.interval == 0
    return is_in_year and day.month == first.month and _is_day_of_month(day, first, rule)


def _is_day_of_month(day: date, first: date, rule: Rule) -> bool:
    last = monthrange(day.year, day.month)[1]
    if rule.nth_weekday is not None:
        number = (day.day - 1) // 7 + 1 if rule.nth_weekday > 0 else -((last - day.day) // 7 + 1)
        return day.weekday() == first.weekday() and number == rule.nth_weekday
    if rule.month_day == -1:
        return day.day == last
    return day.day == (rule.month_day or first.day)


def _stretch(series: SeriesDefinition, day: date) -> Stretch:
    length = series.longest if series.length is None else series.length
    start = _instant(day, series.clock or time(), series.zone)
    earlier = series.earlier if series.length is None else timedelta()
    if series.clock is None:
        return start - earlier, _instant(day + length, time(), series.zone)
    end = start + length
    if series.has_wall_end and series.length is not None:
        first = _instant(series.first_day, series.clock, series.zone)
        wall_length = _wall(first + length, series.zone) - _wall(first, series.zone)
        clock = datetime.combine(day, series.clock) + wall_length
        end = max(end, _instant(clock.date(), clock.time(), series.zone))
    return start - earlier, end


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)

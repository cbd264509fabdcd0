"""Move the start of a recurrence rule close to the window, so that a rule from 1604 expands as fast as a new one."""

from datetime import date, timedelta
from math import lcm

from scheduler.ical.read.event import end_line, start_line
from scheduler.ical.read.redact import Component, ContentLine
from scheduler.ical.read.values import duration, figures, near
from scheduler.ical.read.zone_lookup import Zones
from scheduler.intervals import Interval

_MARGIN = 3  # days, for zones
_FIRST_YEAR = 1583  # of the Gregorian calendar; what is said to have begun before is not followed from there


def fast_forwarded(master: Component, rule: dict[str, str], zones: Zones, window: Interval) -> Component:
    """
    Return a series that is held at the same times within ``window`` and begins, if that can be, shortly before.

    The start moves by whole periods, so that every other week stays every other; readers count the start itself as
    an occurrence, which is why it stays so far off that nothing held then would reach into the window.

    Parameters
    ----------
    rule
        The parts of its one RRULE, whose values are sound.
    """
    start = start_line(master)
    first = date.fromisoformat(start.value[:8])
    end = end_line(master, start, zones)
    if end is not None:
        num_days = (date.fromisoformat(end.value[:8]) - first).days
    else:
        written = next((duration(line.value) for line in master.every("DURATION")), (1, timedelta()))
        num_days = written[0] + written[1].days + 1
    latest = near(window).start.date() - timedelta(days=min(num_days, 10**6) + _MARGIN)
    moved = _moved(first, latest, rule)
    if moved <= first:
        return master
    by = moved - first
    lines = [_later(line, by) if line.name in ("DTSTART", "DTEND") else line for line in master.lines]
    return Component(master.name, lines)


def _moved(first: date, latest: date, rule: dict[str, str]) -> date:
    """Return the last day, not after ``latest``, on which the rule may as well begin."""
    interval = int(rule.get("INTERVAL", "1"))
    if "COUNT" in rule or latest <= first or first.year < _FIRST_YEAR:
        return first
    if rule["FREQ"] in ("DAILY", "WEEKLY"):
        period = interval * (7 if rule["FREQ"] == "WEEKLY" else 1)
        return first + timedelta(days=(latest - first).days // period * period)
    if rule["FREQ"] not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in rule or (first.month, first.day) == (2, 29):
        return first
    period = interval if rule["FREQ"] == "YEARLY" else lcm(interval, 12) // 12
    return first.replace(year=first.year + max(latest.year - 1 - first.year, 0) // period * period)


def _later(line: ContentLine, by: timedelta) -> ContentLine:
    day = date.fromisoformat(line.value[:8]) + by
    return ContentLine(line.name, line.parameters, figures(day) + line.value[8:])

"""
Apply overrides that change all following occurrences of a series (RANGE=THISANDFUTURE, RFC 5545, section 3.2.13).

The recurrence library confuses clock times of different zones when it applies them, and leaves out periods of RDATE.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.component import Component
from scheduler.ical.read.component_time import single_occurrence, start_line
from scheduler.ical.read.local_days import rules_of
from scheduler.ical.read.uniform import UniformEvent, replaced_time
from scheduler.ical.read.values import NO_SUCH_TIME, UtcTime
from scheduler.ical.read.zone_lookup import Zones, wall_instant
from scheduler.intervals import Interval


@dataclass(frozen=True, slots=True)
class FollowingChange:
    """
    A change of an occurrence and of all that follow it.

    Attributes
    ----------
    event
        The override.
    replaced_start
        The start of the occurrence that it replaces.
    shift, wall_length
        How much later the clock shows at the start than before, and how much it shows at the end than at the start.
    exact_length
        The length of a timed event; None for whole days and for days that follow the clock.
    rules
        The zone of the clock.
    """

    event: UniformEvent
    replaced_start: datetime
    shift: timedelta
    wall_length: timedelta
    exact_length: timedelta | None
    rules: tzinfo

    def apply(self, time: Interval) -> Interval:
        """Return the time of a later occurrence after the change."""
        wall_start = _wall(time.start, self.rules) + self.shift
        start = wall_instant(wall_start, self.rules)
        wall_end = wall_instant(wall_start + self.wall_length, self.rules)
        if self.exact_length is None:
            return Interval(start, wall_end)
        # As with other occurrences, the later end counts where the clock turns.
        has_end = self.event.component.has("DTEND")
        exact_end = start + self.exact_length
        return Interval(start, max(exact_end, wall_end) if has_end else exact_end)

    def apply_to_period(self, period: Interval) -> Interval:
        """Return a later period of RDATE after the change; of its own length and that of the override, the longer."""
        changed = self.apply(period)
        return Interval(changed.start, max(changed.end, changed.start + (period.end - period.start)))


def following_change(
    override: UniformEvent, exact_length: timedelta | None, series: Component, zones: Zones
) -> FollowingChange:
    """
    Return the change that an override makes in a series.

    Raises
    ------
    UnreadableCalendar
        When the occurrence that it replaces cannot be read.
    """
    start = start_line(series).time
    (line,) = override.component.lines_named("RECURRENCE-ID")
    replaced = replaced_time(line, start, zones)
    if replaced is None:
        raise UnreadableCalendar(NO_SUCH_TIME)
    rules = UTC if isinstance(start, UtcTime) else rules_of(start, zones)
    replaced_start = zones.instant(replaced)
    time = single_occurrence(override.component, zones)
    wall_start = _wall(time.start, rules)
    return FollowingChange(
        event=override,
        replaced_start=replaced_start,
        shift=wall_start - _wall(replaced_start, rules),
        wall_length=_wall(time.end, rules) - wall_start,
        exact_length=exact_length,
        rules=rules,
    )


def changes_of(time: Interval, changes: list[FollowingChange]) -> list[FollowingChange]:
    """Return the last changes before an occurrence; there are several only when they change the same occurrence."""
    earlier = [change for change in changes if change.replaced_start < time.start]
    last = max((change.replaced_start for change in earlier), default=None)
    return [change for change in earlier if change.replaced_start == last]


def _wall(moment: datetime, rules: tzinfo) -> datetime:
    return moment.astimezone(rules).replace(tzinfo=None)

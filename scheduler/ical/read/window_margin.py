"""Extend a window by the days that whole days and zones may shift an occurrence."""

from datetime import UTC, datetime, timedelta

from scheduler.intervals import Interval

# The recurrence library compares whole days without their zone, which shifts them by up to 14 hours.
PADDING = timedelta(days=2)

# The instants from which arithmetic with zones and padding stays within the years 1 to 9999.
FIRST = datetime(1, 1, 8, tzinfo=UTC)
LAST = datetime(9999, 12, 24, tzinfo=UTC)


def padded(window: Interval) -> Interval:
    """Return the window with two days more on each side, within the years that dates can have."""
    return Interval(max(window.start, FIRST) - PADDING, min(window.end, LAST) + PADDING)

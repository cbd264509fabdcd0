"""The spacing rule of a council: calendar days between consecutive meetings."""

from typing import NamedTuple

from scheduler.problem.field_types import Days, Frozen


class Spacing(Frozen):
    """Calendar days between consecutive meetings of a council, both limits included."""

    min: Days | None = None
    max: Days | None = None


class SpacingRange(NamedTuple):
    """
    The number of calendar days from a meeting of a council to its next one, both limits included.

    ``least`` is at least 1, because a council meets at most once a day and in the order of the list. ``most`` is None
    where there is no upper limit; a range with ``most`` below ``least`` allows no pair of dates.
    """

    least: int
    most: int | None

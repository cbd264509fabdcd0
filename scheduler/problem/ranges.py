"""Ranges of dates and times: the horizon, windows, and the time for which a calendar is complete."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Discriminator, Tag, model_validator
from pydantic_core import PydanticCustomError

from scheduler.problem.field_types import ENDS_BEFORE_START, Day, Frozen, Instant

# Pydantic adds the tag of the union's branch to the path of an error. A NUL character cannot occur in a key or an id,
# so that these tags can be removed from the path again.
DAYS, TIMES, LIST, RANGE = "\0days", "\0times", "\0list", "\0range"
BRANCHES = frozenset({DAYS, TIMES, LIST, RANGE})


class DateRange(Frozen):
    """The dates from ``start`` to ``end``, both included."""

    start: Day
    end: Day

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.end < self.start:
            values = {"start": self.start.isoformat(), "end": self.end.isoformat()}
            raise PydanticCustomError("ends_before_start", ENDS_BEFORE_START, values)
        return self


class TimeRange(Frozen):
    """The time from ``start`` to ``end``, half-open."""

    start: Instant
    end: Instant


def _kind_of_range(value: Any) -> str:
    start = value.get("start") if isinstance(value, dict) else getattr(value, "start", None)
    if isinstance(start, datetime):
        return TIMES
    return DAYS if len(str(start)) <= len("2027-03-03") else TIMES


Known = Annotated[Annotated[DateRange, Tag(DAYS)] | Annotated[TimeRange, Tag(TIMES)], Discriminator(_kind_of_range)]

"""A meeting to schedule: when it may be held, how much it counts, and what its invitation says."""

from datetime import time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from scheduler.problem.field_types import (
    Clock,
    Day,
    Days,
    Frozen,
    Id,
    Importance,
    Instant,
    Probability,
    Text,
    WebLink,
    Weekday,
    Weight,
)
from scheduler.problem.items import Items
from scheduler.problem.ranges import LIST, RANGE, DateRange

MAX_STARTS_A_DAY = 96

WORKING_WEEK: tuple[Weekday, ...] = ("MO", "TU", "WE", "TH", "FR")


def _agenda(value: object) -> object:
    """Return the lines of a text as the items of an agenda."""
    if not isinstance(value, str):
        return value
    lines = (line.strip() for line in value.split("\n"))
    return [line for line in lines if line]


Agenda = Annotated[  # a list of items, or a text with an item a line
    tuple[Text, ...],
    Items(1, 100),
    BeforeValidator(_agenda, json_schema_input_type=tuple[Text, ...] | str),
]


class StartRange(Frozen):
    """Starts from ``from`` to ``to`` at equal steps, ``to`` being the latest possible start."""

    from_: Clock = Field(alias="from")
    to: Clock
    step_minutes: Annotated[int, Field(strict=True, ge=5, le=1440)]

    def clocks(self) -> tuple[time, ...]:
        first = self.from_.hour * 60 + self.from_.minute
        last = self.to.hour * 60 + self.to.minute
        minutes = range(first, last + 1, self.step_minutes)
        return tuple(time(*divmod(minute, 60)) for minute in minutes)


def _kind_of_starts(value: Any) -> str:
    return RANGE if isinstance(value, dict | StartRange) else LIST


Starts = Annotated[
    Annotated[tuple[Clock, ...], Items(1, MAX_STARTS_A_DAY), Tag(LIST)] | Annotated[StartRange, Tag(RANGE)],
    Discriminator(_kind_of_starts),
]


class Required(Frozen):
    """A person who must attend with a probability of ``at_least`` or more."""

    person: Id
    at_least: Probability = 0.5


class Meeting(Frozen):
    """A meeting to schedule."""

    id: Id
    council: Id
    duration_minutes: Annotated[int, Field(strict=True, ge=1, le=1440)]
    window: DateRange | None = None  # the horizon when left out
    weekdays: Annotated[tuple[Weekday, ...], Items(1, 7)] = WORKING_WEEK
    starts: Starts
    venue: Id | None = None
    mode: Literal["in_person", "hybrid", "online"] = "in_person"
    importance: Importance = 3
    party_importance: dict[Id, Importance] = Field(default_factory=dict)
    weight: Weight = 1.0
    required: Annotated[tuple[Required, ...], Items(0, 100)] = ()
    quorum_probability: Probability | None = None
    notice_days: Days | None = None
    pinned: Instant | None = None
    agenda: Agenda | None = None
    link: WebLink | None = None  # to an online meeting
    reply_by: Day | None = None  # the last day on which the organizer wants a reply

    @property
    def start_clocks(self) -> tuple[time, ...]:
        """The possible starts as wall time, ascending and without duplicates."""
        clocks = self.starts.clocks() if isinstance(self.starts, StartRange) else self.starts
        return tuple(sorted(set(clocks)))

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)

    def importance_for(self, party: str) -> int:
        """Return the importance of the meeting to ``party``; ``importance`` where the party has none of its own."""
        return self.party_importance.get(party, self.importance)

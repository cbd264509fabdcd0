"""What a question is made of lives here: parties, people, calendars, councils, meetings and the rules they name."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from scheduler.problem.types import (
    Clock,
    Day,
    Days,
    Email,
    Frozen,
    Id,
    Importance,
    Instant,
    Minutes,
    Probability,
    Text,
    Weekday,
    Weight,
)

# Lists within the parts fail fast: of a million wrong items the first is told, and no time goes into the rest.

MAX_STARTS_A_DAY = 96
MAX_SUBSTITUTES = 20

# pydantic writes the branch it took into an error's path: these are names that no key and no id can have
DAYS, TIMES, LIST, RANGE = "\0days", "\0times", "\0list", "\0range"
BRANCHES = frozenset({DAYS, TIMES, LIST, RANGE})

WORKING_WEEK: tuple[Weekday, ...] = ("MO", "TU", "WE", "TH", "FR")


class DateRange(Frozen):
    """Days from ``start`` to ``end``, both included."""

    start: Day
    end: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise PydanticCustomError("ends_before_start", "The end lies before the start; swap or correct them.")
        return self


class TimeRange(Frozen):
    """Time from ``start`` (in) to ``end`` (out)."""

    start: Instant
    end: Instant


def _kind_of_range(value: Any) -> str:
    start = value.get("start") if isinstance(value, dict) else getattr(value, "start", None)
    is_day = (isinstance(start, date) and not isinstance(start, datetime)) or len(str(start)) <= len("2027-03-03")
    return DAYS if is_day else TIMES


Known = Annotated[Annotated[DateRange, Tag(DAYS)] | Annotated[TimeRange, Tag(TIMES)], Discriminator(_kind_of_range)]


class Party(Frozen):
    """One who is to be heard: a municipality, a region."""

    id: Id
    name: Text
    weight: Weight = 1.0
    travel_minutes: dict[Id, Minutes] = Field(default_factory=dict)  # by venue


class Person(Frozen):
    """A member or substitute; belongs to one party and sits only for it."""

    id: Id
    party: Id
    name: Text
    email: Email | None = None
    attendance_rate: Probability | None = None  # that the person comes when nothing clashes
    known: tuple[Known, ...] = Field(default=(), max_length=5000, fail_fast=True)  # when the person's calendar is known


class Calendar(Frozen):
    """A source of commitments with a public label, never a private title."""

    id: Id
    label: Text
    importance: Importance | None = None
    yields: Probability | None = None


class Commitment(Frozen):
    """Time that a person has promised elsewhere, or is known to have free."""

    id: Id
    person: Id
    calendar: Id | None = None
    event: Id | None = None  # shared by the commitments that are one occurrence
    start: Instant
    end: Instant
    kind: Literal["busy", "busy_tentative", "busy_unavailable", "free"] = "busy"
    importance: Importance | None = None
    yields: Probability | None = None  # the chance that the person leaves it for us
    meeting: Id | None = None  # our own meeting, seen in somebody's calendar
    at: Instant | None = None


class Answer(Frozen):
    """What a person said of a stretch of time."""

    person: Id
    start: Instant
    end: Instant
    answer: Literal["yes", "if_needed", "no"]
    at: Instant | None = None


class Venue(Frozen):
    """A place with rooms, so many minutes from other places."""

    id: Id
    name: Text
    rooms: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1
    travel_minutes: dict[Id, Minutes] = Field(default_factory=dict)  # by venue


class Organizer(Frozen):
    """Who sends the invitations."""

    name: Text
    email: Email


class Seat(Frozen):
    """One party's place in a council: a member, and substitutes in the order they are asked."""

    party: Id
    member: Id | None
    substitutes: tuple[Id, ...] = Field(default=(), max_length=MAX_SUBSTITUTES, fail_fast=True)

    @property
    def people(self) -> tuple[str, ...]:
        """Member first, then the substitutes."""
        return (*((self.member,) if self.member is not None else ()), *self.substitutes)


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


def spacing_range(spacing: Spacing | None) -> SpacingRange:
    """
    Return the range of days that order and spacing allow between consecutive meetings of a council.

    Examples
    --------
    >>> spacing_range(None)
    SpacingRange(least=1, most=None)
    >>> spacing_range(Spacing(min=0, max=28))
    SpacingRange(least=1, most=28)
    """
    if spacing is None:
        return SpacingRange(least=1, most=None)
    return SpacingRange(least=max(1, spacing.min or 1), most=spacing.max)


class Habit(Frozen):
    """Today's rule of thumb: the third Thursday at nine, say. ``ordinal`` -1 is the month's last."""

    weekday: Weekday
    ordinal: Literal[1, 2, 3, 4, 5, -1]
    start: Clock


class Council(Frozen):
    """A body whose seats are filled by parties."""

    id: Id
    name: Text
    quorum: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None
    organizer: Organizer | None = None
    chair: Id | None = None
    seats: tuple[Seat, ...] = Field(min_length=1, max_length=5000, fail_fast=True)
    spacing_days: Spacing | None = None
    habit: Habit | None = None

    @property
    def spacing_range(self) -> SpacingRange:
        """The days between consecutive meetings, at least and at most."""
        return spacing_range(self.spacing_days)


class StartRange(Frozen):
    """Starts from ``from`` to ``to`` (the last start) at equal steps."""

    from_: Clock = Field(alias="from")
    to: Clock
    step_minutes: Annotated[int, Field(strict=True, ge=5, le=1440)]

    def clocks(self) -> tuple[time, ...]:
        first, last = (clock.hour * 60 + clock.minute for clock in (self.from_, self.to))
        return tuple(time(*divmod(minute, 60)) for minute in range(first, last + 1, self.step_minutes))


def _kind_of_starts(value: Any) -> str:
    return RANGE if isinstance(value, dict | StartRange) else LIST


Starts = Annotated[
    Annotated[tuple[Clock, ...], Field(min_length=1, max_length=MAX_STARTS_A_DAY, fail_fast=True), Tag(LIST)]
    | Annotated[StartRange, Tag(RANGE)],
    Discriminator(_kind_of_starts),
]


class Required(Frozen):
    """Somebody without whom the meeting is not held."""

    person: Id
    at_least: Probability = 0.5


class Meeting(Frozen):
    """A meeting to be given a date."""

    id: Id
    council: Id
    duration_minutes: Annotated[int, Field(strict=True, ge=1, le=1440)]
    window: DateRange | None = None  # the horizon when left out
    weekdays: tuple[Weekday, ...] = Field(default=WORKING_WEEK, min_length=1, max_length=7, fail_fast=True)
    starts: Starts
    venue: Id | None = None
    mode: Literal["in_person", "hybrid", "online"] = "in_person"
    importance: Importance = 3
    party_importance: dict[Id, Importance] = Field(default_factory=dict)
    weight: Weight = 1.0
    required: tuple[Required, ...] = Field(default=(), max_length=100, fail_fast=True)
    quorum_probability: Probability | None = None
    notice_days: Days | None = None
    pinned: Instant | None = None

    @property
    def start_clocks(self) -> tuple[time, ...]:
        """The wall-clock starts, earliest first, each once."""
        written = self.starts.clocks() if isinstance(self.starts, StartRange) else self.starts
        return tuple(sorted(set(written)))

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=self.duration_minutes)

    def importance_for(self, party: str) -> int:
        """Return the meeting's importance to a party: its own when the agenda concerns it more or less."""
        return self.party_importance.get(party, self.importance)


class Relation(Frozen):
    """A tie between meetings of any councils."""

    kind: Literal["same_day", "same_slot", "apart_days", "before"]
    meetings: tuple[Id, ...] = Field(min_length=2, max_length=100, fail_fast=True)
    days: Days | None = None


class Blackout(Frozen):
    """Days when nobody meets; or, when it names parties, when theirs are likely away."""

    start: Day
    end: Day
    reason: Text
    parties: tuple[Id, ...] | None = Field(default=None, max_length=5000, fail_fast=True)
    yields: Probability = 0.3


class Assumptions(Frozen):
    """The numbers that are believed where nothing is known."""

    unknown_free: Probability = 0.6
    tentative: Probability = 0.5
    answer_yes: Probability = 0.95
    if_needed: Probability = 0.7
    answer_no: Probability = 0.02
    precedence: Annotated[float, Field(strict=True, ge=0, le=100)] = 1.0
    call_in: Probability = 0.9
    shared_absence: Probability = 0.0
    attendance_rate: Probability = 0.92

"""The parts of a problem: parties, people, calendars, councils, meetings and the rules that refer to them."""

from typing import Annotated, Literal

from pydantic import Field

from scheduler.problem.field_types import (
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
from scheduler.problem.items import Items
from scheduler.problem.meeting import Meeting as Meeting
from scheduler.problem.meeting import Required as Required
from scheduler.problem.meeting import StartRange as StartRange
from scheduler.problem.ranges import BRANCHES as BRANCHES
from scheduler.problem.ranges import DateRange as DateRange
from scheduler.problem.ranges import Known
from scheduler.problem.ranges import TimeRange as TimeRange
from scheduler.problem.spacing import Spacing

MAX_SUBSTITUTES = 20

# The rules of a plan; `order`, `past` and `held` are always kept, and `misstated` is a wrong number in an answer.
RuleName = Literal[
    "window",
    "weekday_and_start",
    "holiday",
    "blackout",
    "notice",
    "required_person",
    "quorum_likely",
    "pinned",
    "spacing_min",
    "spacing_max",
    "nobody_in_two_places",
    "rooms",
    "relation",
    "order",
    "past",
    "held",
    "misstated",
]


class Party(Frozen):
    """An organisation with seats in councils: a municipality, a region."""

    id: Id
    name: Text
    weight: Weight = 1.0
    travel_minutes: dict[Id, Minutes] = Field(default_factory=dict)  # by venue


class Person(Frozen):
    """A member or substitute; belongs to one party and represents only that party."""

    id: Id
    party: Id
    name: Text
    email: Email | None = None
    attendance_rate: Probability | None = None  # probability of attendance without a clash
    known: Annotated[tuple[Known, ...], Items(0, 5000)] = ()  # time for which the calendar is complete


class Calendar(Frozen):
    """A source of commitments. ``label`` is public; titles of events are not stored."""

    id: Id
    label: Text
    importance: Importance | None = None
    yields: Probability | None = None


class Commitment(Frozen):
    """An interval during which a person is busy elsewhere, or known to be free."""

    id: Id
    person: Id
    calendar: Id | None = None
    event: Id | None = None  # equal for the attendees of one event
    start: Instant
    end: Instant
    kind: Literal["busy", "busy_tentative", "busy_unavailable", "free"] = "busy"
    importance: Importance | None = None
    yields: Probability | None = None  # probability of leaving it for a meeting
    meeting: Id | None = None  # the planned meeting that this calendar entry stands for
    at: Instant | None = None  # last modification


class Answer(Frozen):
    """A person's reply for an interval."""

    person: Id
    start: Instant
    end: Instant
    answer: Literal["yes", "if_needed", "no"]
    at: Instant | None = None  # time of the reply


class Venue(Frozen):
    """A place with rooms, and the travel time to other venues."""

    id: Id
    name: Text
    rooms: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1
    travel_minutes: dict[Id, Minutes] = Field(default_factory=dict)  # by venue


class Organizer(Frozen):
    """The sender of the invitations."""

    name: Text
    email: Email


class Seat(Frozen):
    """A seat of a party in a council: a member, and substitutes in the order in which they are called in."""

    party: Id
    member: Id | None
    substitutes: Annotated[tuple[Id, ...], Items(0, MAX_SUBSTITUTES)] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """The member, if there is one, and the substitutes."""
        if self.member is None:
            return self.substitutes
        return (self.member, *self.substitutes)


class Habit(Frozen):
    """The fixed weekday of the month, as the third Thursday at nine; ``ordinal`` -1 is the last of the month."""

    weekday: Weekday
    ordinal: Literal[1, 2, 3, 4, 5, -1]
    start: Clock


class Council(Frozen):
    """A body with one seat for each of its parties."""

    id: Id
    name: Text
    quorum: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None
    organizer: Organizer | None = None
    chair: Id | None = None
    seats: Annotated[tuple[Seat, ...], Items(1, 5000)]
    spacing_days: Spacing | None = None
    habit: Habit | None = None


class Relation(Frozen):
    """A rule between meetings, which may belong to different councils."""

    kind: Literal["same_day", "same_slot", "apart_days", "before"]
    meetings: Annotated[tuple[Id, ...], Items(2, 100)]
    days: Days | None = None


class Blackout(Frozen):
    """
    Dates without meetings; or, with ``parties``, dates on which their members are probably absent.

    ``yields`` is the probability that a member of these parties attends all the same.
    """

    start: Day
    end: Day
    reason: Text
    parties: Annotated[tuple[Id, ...], Items(0, 5000)] | None = None
    yields: Probability = 0.3


class Assumptions(Frozen):
    """The probabilities that apply where the document has no better information."""

    unknown_free: Probability = 0.6
    tentative: Probability = 0.5
    answer_yes: Probability = 0.95
    if_needed: Probability = 0.7
    answer_no: Probability = 0.02
    precedence: Annotated[float, Field(strict=True, ge=0, le=100)] = 1.0
    call_in: Probability = 0.9
    shared_absence: Probability = 0.0
    attendance_rate: Probability = 0.92

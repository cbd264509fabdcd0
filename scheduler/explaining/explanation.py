"""Result types of `explain`. Every number in them can be confirmed by planning the changed problem again."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import SerializerFunctionWrapHandler, model_serializer

from scheduler.proposal import Relaxation, ResultModel, RuleInstance, RuleName, Status

ExplanationKind = Literal["heatmap", "clashes", "asking", "conflicts", "habit"]
HabitName = Literal["habit", "counting_yes", "microsoft_confidence", "plan"]


class DateCost(ResultModel):
    """
    The loss of the best plan when a meeting is moved to ``date``.

    ``start`` is the best start of the meeting on the date. ``cost`` is None when the date is impossible: because of
    ``rule``, with the ``person`` or the ``index`` of the blackout in question, or because of the other meetings when
    ``rule`` is "plan". When ``cost`` and ``rule`` are None, the search ended before the date was solved.
    """

    date: date
    start: datetime | None
    cost: float | None
    rule: RuleName | Literal["plan"] | None = None
    person: str | None = None
    index: int | None = None

    @model_serializer(mode="wrap")
    def _omit_unset(self, default: SerializerFunctionWrapHandler) -> dict[str, Any]:
        document: dict[str, Any] = default(self)
        always_written = ("start", "cost")
        return {key: value for key, value in document.items() if value is not None or key in always_written}


class MeetingDates(ResultModel):
    """The cost of every date of the horizon for one meeting."""

    meeting: str
    dates: tuple[DateCost, ...]


class MeetingStart(ResultModel):
    """A meeting and its start."""

    meeting: str
    starts_at: datetime


class Heatmap(ResultModel):
    """The cost of every date for every meeting, in expected parties, relative to the best ``plan``."""

    status: Status
    objective: float | None
    plan: tuple[MeetingStart, ...] = ()
    meetings: tuple[MeetingDates, ...]


class Clash(ResultModel):
    """
    An event, and the gain of the best plan when the event is removed for all its participants.

    An event is the commitments that share an event id, or a single commitment without one. With ``pair`` the clash is
    two events of one party that overlap one slot, where removing one of them alone gains nothing. ``label`` is the
    label of the calendar. ``meetings`` are the meetings that the new plan places in the time of the removed events,
    and ``moved`` are the other meetings that the new plan moves.
    """

    event: str | None = None
    commitments: tuple[str, ...]
    people: tuple[str, ...]
    label: str | None = None
    gain: float
    pair: bool = False
    meetings: tuple[MeetingStart, ...] = ()
    moved: tuple[MeetingStart, ...] = ()


class Clashes(ResultModel):
    """All events with a gain by descending gain, then pairs of events, relative to the best ``plan``."""

    status: Status
    objective: float | None
    plan: tuple[MeetingStart, ...] = ()
    clashes: tuple[Clash, ...]


class PersonValue(ResultModel):
    """The value of knowing a person's calendar, in expected parties. ``standard_error`` is 0 for exact values."""

    person: str
    gain: float
    standard_error: float


class Asking(ResultModel):
    """
    The people whose calendar is unknown somewhere, by descending value of knowing it.

    ``left_out`` are those whose value was not computed before the search ended.
    """

    status: Status
    objective: float | None
    people: tuple[PersonValue, ...]
    left_out: tuple[str, ...] = ()


class Conflicts(ResultModel):
    """
    A minimal conflict, a set of rules of which every proper subset can hold, and alternative relaxations.

    ``conflict_is_minimal`` is false when the search ended before it was proven that every rule of the conflict is
    necessary.
    """

    status: Status
    conflict: tuple[RuleInstance, ...]
    conflict_is_minimal: bool = True
    relaxations: tuple[Relaxation, ...]


class HabitRule(ResultModel):
    """
    A way of choosing dates, and the figures of its plan.

    The figures are None and ``starts`` is empty when it leads to no plan. ``quorum_probability_min`` is also None when
    no council has a quorum. ``num_broken`` counts violated rules between meetings, such as a person in two meetings
    at once.
    """

    name: HabitName
    objective: float | None
    expected_absences: float | None
    quorum_probability_min: float | None
    starts: tuple[datetime, ...]
    num_broken: int = 0


class Habits(ResultModel):
    """Today's ways of choosing dates and the best plan, evaluated on the same problem."""

    status: Status
    rules: tuple[HabitRule, ...]


Explanation = Heatmap | Clashes | Asking | Conflicts | Habits

"""What is explained lives here: each answer a number that planning anew confirms, and what it speaks of."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import SerializerFunctionWrapHandler, model_serializer

from scheduler.proposal import Relaxation, ResultModel, RuleInstance, RuleName, Status

Kind = Literal["heatmap", "clashes", "asking", "conflicts", "habit"]
HabitName = Literal["habit", "counting_yes", "microsoft_confidence", "plan"]


class DateCost(ResultModel):
    """
    What the best plan loses when a meeting is held on ``date``; ``start`` is then its best of the day.

    ``cost`` is None where that cannot be: because of ``rule``, with the ``person`` or the blackout's ``index`` that
    it speaks of, or, when it is "plan", because of the other meetings. Without a rule it was not found out in time.
    """

    date: date
    start: datetime | None
    cost: float | None
    rule: RuleName | Literal["plan"] | None = None
    person: str | None = None
    index: int | None = None

    @model_serializer(mode="wrap")
    def _only_what_is_set(self, default: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = default(self)
        return {key: value for key, value in written.items() if value is not None or key in ("start", "cost")}


class MeetingDates(ResultModel):
    """Every date of the horizon, for one meeting."""

    meeting: str
    dates: tuple[DateCost, ...]


class MeetingStart(ResultModel):
    """A meeting, and when it would be held."""

    meeting: str
    starts_at: datetime


class Heatmap(ResultModel):
    """What every date would cost, in expected parties, against the best ``plan``, whose worth is ``objective``."""

    status: Status
    objective: float | None
    plan: tuple[MeetingStart, ...] = ()
    meetings: tuple[MeetingDates, ...]


class Clash(ResultModel):
    """
    An event, or a commitment that is none, and what the best plan gains if it were not there, for anybody in it.

    With ``pair`` it is two events of one party over one slot, of which neither gains alone. ``label`` is the
    calendar's; ``meetings`` are those that are then held in the time that it leaves, ``moved`` the others that leave
    their place in the best plan for them.
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
    """Every event that is worth moving, the best first; then pairs of them; and the ``plan`` that they better."""

    status: Status
    objective: float | None
    plan: tuple[MeetingStart, ...] = ()
    clashes: tuple[Clash, ...]


class Asked(ResultModel):
    """What knowing a person's calendar is worth, in expected parties, and the error of sampling; 0 when exact."""

    person: str
    gain: float
    standard_error: float


class Asking(ResultModel):
    """
    Whom to ask, the most worth first: everybody whose calendar is somewhere unknown.

    ``left_out`` are those of them whose worth was not found out in time.
    """

    status: Status
    objective: float | None
    people: tuple[Asked, ...]
    left_out: tuple[str, ...] = ()


class Conflicts(ResultModel):
    """A minimal conflict: rules that cannot hold together, none of them without need, and what to give up instead."""

    status: Status
    conflict: tuple[RuleInstance, ...]
    relaxations: tuple[Relaxation, ...]


class HabitRule(ResultModel):
    """
    A way to choose dates, and what its plan is worth; None and no starts where it leads to none.

    ``quorum_probability_min`` is None too where no council has a quorum. ``num_broken`` counts how often its plan
    breaks a rule between meetings, as when somebody would have to be in two places.
    """

    name: HabitName
    objective: float | None
    expected_absences: float | None
    quorum_probability_min: float | None
    starts: tuple[datetime, ...]
    num_broken: int = 0


class Habits(ResultModel):
    """Today's ways beside the best plan, on the same problem."""

    status: Status
    rules: tuple[HabitRule, ...]


Explanation = Heatmap | Clashes | Asking | Conflicts | Habits

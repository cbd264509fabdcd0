"""What is answered lives here: proposals with a chance for every party and date, a bound, and the reasons."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer

from scheduler.problem.schema import RuleName as RuleName

Status = Literal["optimal", "feasible", "infeasible", "unknown"]
Objective = Literal["attendance", "fair", "repair"]
Via = Literal["member", "substitute", "nobody"]
Evidence = Literal["answer", "calendar", "none"]
ReasonKind = Literal["busy", "busy_tentative", "busy_unavailable", "blackout", "unknown", "answer", "rate"]

TOLERANCE = 1e-6  # expected parties a meeting: closer than this counts as equal


class Answered(BaseModel):
    """A value that is answered: complete and frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RuleInstance(Answered):
    """One rule where it applies; only what identifies it is set. ``index`` counts blackouts and relations from 0."""

    rule: RuleName
    meeting: str | None = None
    person: str | None = None
    council: str | None = None
    venue: str | None = None
    index: int | None = None

    @model_serializer(mode="wrap")
    def _only_what_is_set(self, default: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in default(self).items() if value is not None}


class Loosened(RuleInstance):
    """
    A rule that is given up (``drop``), or changed to ``to`` (``loosen``), which is just enough.

    ``to`` is the first and last date of a window, the weekdays, the days of notice or between meetings, the chance
    that is asked for, or the number of rooms.
    """

    change: Literal["drop", "loosen"]
    to: tuple[str, ...] | float | int | None = None


class Relaxation(Loosened):
    """
    A rule to change so that a plan exists, ``also`` others where one is not enough, and what the best is worth.

    The same rules may stand twice: loosened just enough for the best plan, and, where that is less, for any at all.
    """

    objective: float
    also: tuple[Loosened, ...] = ()


class Violation(RuleInstance):
    """A rule that a plan breaks, with the meetings concerned and what is wrong in a sentence."""

    meetings: tuple[str, ...] = ()
    detail: str


class Warned(Answered):
    """Something that the rules allow and a person should know: ``counted_twice`` is one in two places at once."""

    kind: Literal["counted_twice"]
    person: str
    meetings: tuple[str, ...]


class Reason(Answered):
    """One cause why a party may be missing; ``loss`` is its weight · (its chance without the cause − its chance)."""

    person: str
    commitment: str | None = None
    label: str | None = None
    kind: ReasonKind
    loss: float


class PartyOutlook(Answered):
    """One party at one meeting: the chance that it is represented, by whom most likely, on what evidence."""

    party: str
    probability: float
    via: Via
    evidence: Evidence
    reasons: tuple[Reason, ...]


class ProposedMeeting(Answered):
    """One meeting with its date. ``notice_by`` is the last working day on which notice can be given."""

    meeting: str
    starts_at: datetime
    ends_at: datetime
    week: int  # ISO 8601
    expected_attendance: float
    quorum_probability: float
    notice_by: date | None
    parties: tuple[PartyOutlook, ...]


class Move(Answered):
    """
    A meeting that leaves its published start: what the move gains, in weight · expected attendance as things stand.

    ``barred_by`` are the rules for which it could not have stayed.
    """

    meeting: str
    published: datetime
    starts_at: datetime
    gain: float
    barred_by: tuple[RuleInstance, ...] = ()


class WorstParty(Answered):
    """The party least often heard: the mean of its chances over its meetings."""

    party: str
    probability: float


class Proposal(Answered):
    """A date for every meeting."""

    rank: int
    objective: float
    expected_absences: float
    worst_party: WorstParty | None
    violations: tuple[Violation, ...] = ()
    warnings: tuple[Warned, ...]
    moved: tuple[str, ...]  # against the published plan
    moves: tuple[Move, ...] = ()  # the same, with what each gains
    meetings: tuple[ProposedMeeting, ...]

    @property
    def starts(self) -> dict[str, datetime]:
        """Each meeting's start, by its id."""
        return {meeting.meeting: meeting.starts_at for meeting in self.meetings}


class Stage(Answered):
    """A step of the search and the seconds it took: the only part of an answer that differs between runs."""

    name: str
    seconds: float


class Solver(Answered):
    """Who searched."""

    name: str
    version: str
    stages: tuple[Stage, ...]


class Fairness(Answered):
    """How far the worst-off were raised, and what it cost."""

    floor: float
    leximin_depth: int
    price_absences: float


class Proposals(Answered):
    """The answer: the best plan first, what is proven of it, and why."""

    status: Status
    objective: float | None
    maximised: float | None
    bound: float | None
    gap: float | None
    objective_kind: Objective
    input_hash: str
    seed: int
    solver: Solver
    conflict: tuple[RuleInstance, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    fairness: Fairness | None = None
    proposals: tuple[Proposal, ...]

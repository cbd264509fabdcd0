"""The output documents: proposals with a probability for every party and meeting, a bound, causes of absence."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from scheduler.evidence import Evidence
from scheduler.problem.schema import RuleName as RuleName

Status = Literal["optimal", "feasible", "infeasible", "unknown"]
Objective = Literal["attendance", "fair", "repair"]
Via = Literal["member", "substitute", "nobody"]
EvidenceKind = Literal["answer", "calendar", "none"]
MissingPart = Literal["alternatives"]
ReasonKind = Literal["busy", "busy_tentative", "busy_unavailable", "blackout", "unknown", "answer", "rate"]

TOLERANCE = 1e-6  # expected parties per meeting; smaller differences count as equal


def _is_false(flag: bool) -> bool:
    return not flag


def _is_none(value: object) -> bool:
    return value is None


class ResultModel(BaseModel):
    """Base class of the models of a result: immutable and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RuleInstance(ResultModel):
    """
    A rule together with the entities to which it applies.

    Only the fields that identify the instance are set. ``index`` counts blackouts and relations from 0.
    """

    rule: RuleName
    meeting: str | None = None
    person: str | None = None
    council: str | None = None
    venue: str | None = None
    index: int | None = None

    @model_serializer(mode="wrap")
    def _omit_none(self, default: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = default(self)
        return {key: value for key, value in fields.items() if value is not None}


class Loosened(RuleInstance):
    """
    A rule instance that is dropped, or loosened to the value ``to``, the smallest sufficient change.

    ``to`` is the first and last date of a window, the weekdays, the days of notice or between meetings, the required
    probability, or the number of rooms.
    """

    change: Literal["drop", "loosen"]
    to: tuple[str, ...] | float | int | None = None


class Relaxation(Loosened):
    """
    A set of rule changes that makes the problem feasible, with the objective of the best plan under them.

    ``also`` are the further changes where a single rule is not enough. The same rules may occur in two relaxations:
    loosened for the best plan, and, where a smaller change suffices, for any plan.
    """

    objective: float
    also: tuple[Loosened, ...] = ()


class Violation(RuleInstance):
    """A violated rule instance, with the meetings involved and a description."""

    meetings: tuple[str, ...] = ()
    detail: str


class PlanWarning(ResultModel):
    """
    A condition that no rule forbids.

    ``counted_twice``: ``person`` is counted at two overlapping meetings. ``pinned_outside``: a meeting is pinned to a
    start that ``rule``, its window or its weekdays and starts, would not allow.
    """

    kind: Literal["counted_twice", "pinned_outside"]
    person: str | None = Field(default=None, exclude_if=_is_none)
    meetings: tuple[str, ...]
    rule: RuleName | None = Field(default=None, exclude_if=_is_none)


class Reason(ResultModel):
    """A cause of a party's absence; ``loss`` is the party's weight · (probability without the cause − probability)."""

    person: str
    commitment: str | None = None
    label: str | None = None
    kind: ReasonKind
    loss: float


class PartyOutlook(ResultModel):
    """The probability that a party is represented at a meeting, its likeliest representative, and the evidence."""

    party: str
    probability: float
    via: Via
    evidence: EvidenceKind
    reasons: tuple[Reason, ...]


class ProposedMeeting(ResultModel):
    """
    A meeting with its date; ``notice_by`` is the last working day on which notice can be given.

    ``held`` is left out of a document when it is false; else the meeting was held before ``today``, and is fixed.
    """

    meeting: str
    starts_at: datetime
    ends_at: datetime
    week: int  # ISO 8601
    expected_attendance: float
    quorum_probability: float
    notice_by: date | None
    held: bool = Field(default=False, exclude_if=_is_false)
    parties: tuple[PartyOutlook, ...]


class Move(ResultModel):
    """
    A meeting that moves from its published start.

    ``gain`` is the difference in weight · expected attendance; ``barred_by`` are the rules that forbid the published
    start.
    """

    meeting: str
    published: datetime
    starts_at: datetime
    gain: float
    barred_by: tuple[RuleInstance, ...] = ()


class WorstParty(ResultModel):
    """The party with the lowest mean probability of representation over its meetings."""

    party: str
    probability: float


class Proposal(ResultModel):
    """A plan: a start for every meeting, with its values."""

    rank: int
    objective: float
    expected_absences: float
    worst_party: WorstParty | None
    violations: tuple[Violation, ...] = ()
    warnings: tuple[PlanWarning, ...]
    moved: tuple[str, ...]  # compared with the published plan
    moves: tuple[Move, ...] = ()  # the same meetings, with their gains
    meetings: tuple[ProposedMeeting, ...]

    @property
    def starts(self) -> dict[str, datetime]:
        """The start of each meeting, by meeting id."""
        return {meeting.meeting: meeting.starts_at for meeting in self.meetings}


class Stage(ResultModel):
    """A stage of the search and its duration, the only part of a result that differs between runs."""

    name: str
    seconds: float


class Solver(ResultModel):
    """The solver, its version and the stages of the search."""

    name: str
    version: str
    stages: tuple[Stage, ...]


class Fairness(ResultModel):
    """The leximin result: the lowest party level, the number of fixed levels and the cost in expected absences."""

    floor: float
    leximin_depth: int
    price_absences: float


class Proposals(ResultModel):
    """
    The result of planning: the best proposal first, its bound, and the conflict where there is none.

    ``conflict_is_minimal`` is false when the search ended before it was proven that every rule of the conflict is
    necessary. ``evidence`` says how the input was read; None in the file of a plan that an earlier version wrote.
    ``missing`` are the requested parts for which the search failed: for lack of memory or time, or by a defect.
    """

    status: Status
    objective: float | None
    maximised: float | None
    bound: float | None
    gap: float | None
    objective_kind: Objective
    input_hash: str
    seed: int
    solver: Solver
    evidence: Evidence | None = None
    conflict: tuple[RuleInstance, ...] = ()
    conflict_is_minimal: bool = True
    relaxations: tuple[Relaxation, ...] = ()
    fairness: Fairness | None = None
    missing: tuple[MissingPart, ...] = ()
    proposals: tuple[Proposal, ...]

"""Builders of results for tests of texts and pages; a test states only the values that it checks."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

from api.pages.plan import ExplanationSet
from scheduler.days import days_between
from scheduler.explaining.explanation import (
    Asking,
    Clash,
    Clashes,
    DateCost,
    HabitRule,
    Habits,
    Heatmap,
    MeetingDates,
    MeetingStart,
    PersonValue,
)
from scheduler.problem import Meeting, Problem
from scheduler.proposal import (
    EvidenceKind,
    Move,
    PartyOutlook,
    Proposal,
    Proposals,
    ProposedMeeting,
    Reason,
    RuleName,
    Solver,
    Via,
    WorstParty,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def an_outlook(
    party: str,
    probability: float = 0.97,
    via: Via = "member",
    evidence: EvidenceKind = "calendar",
    reasons: tuple[Reason, ...] = (),
) -> PartyOutlook:
    return PartyOutlook(party=party, probability=probability, via=via, evidence=evidence, reasons=reasons)


def a_planned_meeting(meeting: str = "m1", day: date = date(2027, 3, 4), **changes: Any) -> ProposedMeeting:
    """A meeting at nine for two hours, with the parties a, b and c nearly certain to be there."""
    start = datetime.combine(day, time(9), STOCKHOLM)
    fields = {
        "meeting": meeting,
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "week": day.isocalendar().week,
        "expected_attendance": 2.91,
        "quorum_probability": 0.9996,
        "notice_by": None,
        "parties": tuple(an_outlook(party) for party in ("a", "b", "c")),
        **changes,
    }
    return ProposedMeeting(**fields)


def a_proposal(*meetings: ProposedMeeting, **changes: Any) -> Proposal:
    held = meetings or (a_planned_meeting(),)
    fields = {
        "rank": 1,
        "objective": sum(one.expected_attendance for one in held),
        "expected_absences": 0.09,
        "worst_party": WorstParty(party="a", probability=0.97),
        "warnings": (),
        "moved": (),
        "meetings": held,
        **changes,
    }
    return Proposal(**fields)


def a_move(meeting: str = "m1", day: date = date(2027, 3, 4), **changes: Any) -> Move:
    """A meeting that moves to nine o'clock on ``day`` from two days before, and gains half a party."""
    start = datetime.combine(day, time(9), STOCKHOLM)
    fields = {"meeting": meeting, "published": start - timedelta(days=2), "starts_at": start, "gain": 0.5, **changes}
    return Move(**fields)


def a_repaired_plan(*moves: Move, held: tuple[ProposedMeeting, ...] = (), move_cost: float = 0.25) -> Proposals:
    """Return the answer to a plan's repair in which these meetings moved."""
    moved = tuple(move.meeting for move in moves)
    best = a_proposal(*held, moved=moved, moves=moves)
    worth = best.objective - move_cost * len(moves)
    return an_answer(best, objective_kind="repair", maximised=worth, bound=worth)


def an_answer(*proposals: Proposal, **changes: Any) -> Proposals:
    """Return an answer that proves its first proposal best."""
    value = proposals[0].objective if proposals else None
    fields = {
        "status": "optimal",
        "objective": value,
        "maximised": value,
        "bound": value,
        "gap": 0.0,
        "objective_kind": "attendance",
        "input_hash": "0123456789abcdef",
        "seed": 7,
        "solver": Solver(name="cp-sat", version="9.15", stages=()),
        "proposals": proposals,
        **changes,
    }
    return Proposals(**fields)


def no_plan(**changes: Any) -> Proposals:
    return an_answer(objective=None, maximised=None, bound=None, gap=None, **changes)


DayCost = float | tuple[RuleName | Literal["plan"], str | int | None]  # or the rule that bars it, and its object


def a_heatmap(march: Mapping[int, DayCost], meeting: str = "m1", **changes: Any) -> Heatmap:
    """Return the cost of days of March 2027, or the rule that excludes a day with the person or index it names."""
    dates = []
    for day, cost in march.items():
        at = date(2027, 3, day)
        if isinstance(cost, tuple):
            rule, about = cost
            person, index = (about, None) if isinstance(about, str) else (None, about)
            dates.append(DateCost(date=at, start=None, cost=None, rule=rule, person=person, index=index))
        else:
            dates.append(DateCost(date=at, start=datetime.combine(at, time(9), STOCKHOLM), cost=cost))
    fields = {"status": "optimal", "objective": 2.9, "meetings": (MeetingDates(meeting=meeting, dates=tuple(dates)),)}
    return Heatmap(**{**fields, **changes})


def a_habit(**absences: float | None) -> Habits:
    """Return baselines by their expected absences; None for a baseline without a plan."""
    return Habits(
        status="optimal",
        rules=tuple(
            HabitRule(
                name=name,
                objective=None if lost is None else 3 - lost,
                expected_absences=lost,
                quorum_probability_min=None if lost is None else 0.9,
                starts=(),
            )
            for name, lost in absences.items()
        ),
    )


def everything_explained(problem: Problem, starts: Mapping[str, datetime]) -> ExplanationSet:
    """Return something of every kind: a long heat map, clashes of long names, many people to ask."""
    meetings = tuple(
        MeetingDates(meeting=meeting.id, dates=tuple(_costs(problem, meeting, starts[meeting.id])))
        for meeting in problem.meetings
    )
    held = tuple(MeetingStart(meeting=meeting, starts_at=at) for meeting, at in list(starts.items())[:2])
    clashes = tuple(
        Clash(
            commitments=(a.id, b.id),
            people=(a.person, b.person),
            gain=12.5 / at,
            pair=at > 12,
            meetings=held,
            moved=held,
        )
        for at, (a, b) in enumerate(pairwise(problem.commitments), start=1)
    )
    people = tuple(PersonValue(person=one.id, gain=2.5, standard_error=0.25) for one in problem.people[:12])
    return ExplanationSet(
        heatmap=Heatmap(status="optimal", objective=9.0, meetings=meetings),
        clashes=Clashes(status="optimal", objective=9.0, clashes=clashes),
        asking=Asking(
            status="feasible", objective=9.0, people=people, left_out=tuple(one.id for one in problem.people[12:])
        ),
        habit=a_habit(habit=1.5, counting_yes=1.0, microsoft_confidence=None, plan=0.5),
    )


def _costs(problem: Problem, meeting: Meeting, start: datetime) -> Iterator[DateCost]:
    first, last = problem.window(meeting)
    for day in days_between(problem.horizon.start, problem.horizon.end):
        if not first <= day <= last:
            yield DateCost(date=day, start=None, cost=None, rule="window")
        elif day.weekday() > 4:
            yield DateCost(date=day, start=None, cost=None, rule="weekday_and_start")
        elif day.day == 13:
            yield DateCost(date=day, start=None, cost=None, rule="plan")
        elif day.day == 14 and day != start.date():
            yield DateCost(date=day, start=None, cost=None)
        else:
            cost = 0.0 if day == start.date() else day.day / 2
            yield DateCost(date=day, start=datetime.combine(day, time(9), STOCKHOLM), cost=cost)

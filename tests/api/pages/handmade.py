"""Answers made by hand for tests of pages live here: each test says only what it is about."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.proposal import (
    Evidence,
    Move,
    PartyOutlook,
    Proposal,
    Proposals,
    ProposedMeeting,
    Reason,
    Solver,
    Via,
    WorstParty,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def an_outlook(
    party: str,
    probability: float = 0.97,
    via: Via = "member",
    evidence: Evidence = "calendar",
    reasons: tuple[Reason, ...] = (),
) -> PartyOutlook:
    return PartyOutlook(party=party, probability=probability, via=via, evidence=evidence, reasons=reasons)


def a_held_meeting(meeting: str = "m1", day: date = date(2027, 3, 4), **changes: Any) -> ProposedMeeting:
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
    held = meetings or (a_held_meeting(),)
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

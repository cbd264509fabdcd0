"""Who writes a plan out as a proposal: dates, chances, evidence, reasons and warnings."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, timedelta
from itertools import combinations

import numpy as np

from scheduler.absence_reasons import Circumstances, circumstances, reasons
from scheduler.attendance import seat_weights
from scheduler.availability import Availability, slot_interval
from scheduler.candidates import Candidates, MeetingCandidates, notice_by
from scheduler.intervals import Interval
from scheduler.planning.conflict_sets import people_bound, travel_minutes
from scheduler.planning.repair import moves
from scheduler.planning.search import Plan
from scheduler.problem import Problem, Seat
from scheduler.proposal import Evidence, PartyOutlook, PlanWarning, Proposal, ProposedMeeting, Via, WorstParty


def write_proposal(candidates: Candidates, choices: Sequence[MeetingCandidates], plan: Plan, rank: int) -> Proposal:
    """Return ``plan`` as the proposal of this rank."""
    problem, availability = candidates.problem, candidates.availability
    moved = tuple(moves(candidates, choices, plan))
    meetings = tuple(_meeting(availability, one, slot) for one, slot in zip(choices, plan, strict=True))
    weights = {party.id: party.weight for party in problem.parties}
    present = sum(meeting.expected_attendance for meeting in meetings)
    invited = sum(weights[one.party] for meeting in meetings for one in meeting.parties)
    return Proposal(
        rank=rank,
        objective=sum(float(one.gains[slot]) for one, slot in zip(choices, plan, strict=True)),
        expected_absences=invited - present,
        worst_party=_worst_party(problem, meetings),
        warnings=tuple(_counted_twice(problem, choices, plan)),
        moved=tuple(one.meeting for one in moved),
        moves=moved,
        meetings=meetings,
    )


def _meeting(availability: Availability, one: MeetingCandidates, slot: int) -> ProposedMeeting:
    problem, meeting = availability.problem, one.meeting
    council = problem.councils_by_id[meeting.council]
    held = slot_interval(one.slots, slot, problem)
    day = date.fromordinal(int(one.slots.days[slot]))
    here = one.slots[np.array([slot])]
    facts = circumstances(availability, meeting, one.chances.people.people, here)
    return ProposedMeeting(
        meeting=meeting.id,
        starts_at=held.start,
        ends_at=held.end,
        week=day.isocalendar().week,
        expected_attendance=float(seat_weights(problem, council) @ one.chances.probability[:, slot]),
        quorum_probability=float(one.chances.quorum_probability[slot]),
        notice_by=notice_by(problem, meeting, day),
        parties=tuple(
            PartyOutlook(
                party=seat.party,
                probability=float(one.chances.probability[row, slot]),
                via=_via(problem, seat, facts, float(one.chances.probability[row, slot])),
                evidence=_evidence(one, seat, slot),
                reasons=reasons(problem, seat, facts),
            )
            for row, seat in enumerate(council.seats)
        ),
    )


def _via(problem: Problem, seat: Seat, facts: dict[str, Circumstances], represented: float) -> Via:
    """Return who most likely fills the seat; on a tie the member before the substitute before nobody."""
    by_member = 0.0 if seat.member is None else facts[seat.member].probability
    by_member *= 1.0 - problem.assumptions.shared_absence
    likely: dict[Via, float] = {
        "member": by_member,
        "substitute": represented - by_member,
        "nobody": 1.0 - represented,
    }
    return max(likely, key=lambda via: likely[via])


def _evidence(one: MeetingCandidates, seat: Seat, slot: int) -> Evidence:
    """Return the best evidence there is on anybody of the seat."""
    people = one.chances.people
    rows = [people.people.index(person) for person in seat.people]
    if people.answered[rows, slot].any():
        return "answer"
    return "calendar" if people.has_calendar[rows, slot].any() else "none"


def _worst_party(problem: Problem, meetings: Sequence[ProposedMeeting]) -> WorstParty | None:
    """Return the party heard least; one that has nobody to send is left out, since no date helps it."""
    seats = [(council.id, seat) for council in problem.councils for seat in council.seats]
    empty = {(council, seat.party) for council, seat in seats if not seat.people}
    chances: dict[str, list[float]] = {}
    for meeting in meetings:
        council = problem.meetings_by_id[meeting.meeting].council
        for one in meeting.parties:
            if (council, one.party) not in empty:
                chances.setdefault(one.party, []).append(one.probability)
    means = {party: sum(several) / len(several) for party, several in chances.items()}
    worst = min(means, key=lambda party: means[party], default=None)
    return None if worst is None else WorstParty(party=worst, probability=means[worst])


def _counted_twice(problem: Problem, choices: Sequence[MeetingCandidates], plan: Plan) -> Iterator[PlanWarning]:
    """Yield everybody who is counted in two meetings at once, the way between them included."""
    held = [_in_utc(slot_interval(one.slots, slot, problem)) for one, slot in zip(choices, plan, strict=True)]
    for (a, one), (b, other) in combinations(enumerate(choices), 2):
        if _are_far_apart(held[a], held[b]):
            continue
        both_bound = people_bound(problem, one.meeting) & people_bound(problem, other.meeting)
        for person in sorted(set(one.chances.people.people) & set(other.chances.people.people) - both_bound):
            travel = timedelta(minutes=travel_minutes(problem, person, one.meeting, other.meeting))
            is_counted = all(_comes(each, person, plan[at]) for at, each in ((a, one), (b, other)))
            if is_counted and held[a].widened(travel).overlaps(held[b]):
                yield PlanWarning(kind="counted_twice", person=person, meetings=(one.meeting.id, other.meeting.id))


def _in_utc(interval: Interval) -> Interval:
    """Return the same stretch of time, fit to be widened and compared: wall time lies on the nights clocks change."""
    return Interval(interval.start.astimezone(UTC), interval.end.astimezone(UTC))


def _are_far_apart(one: Interval, other: Interval) -> bool:
    """Tell whether a day or more parts two meetings: no way between venues takes longer."""
    return not one.widened(timedelta(days=1)).overlaps(other)


def _comes(one: MeetingCandidates, person: str, slot: int) -> bool:
    people = one.chances.people
    return bool(people.probability[people.people.index(person), slot] > 0)

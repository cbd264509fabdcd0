"""Build a proposal from a plan: dates, chances, evidence, reasons for absence and warnings."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

import numpy as np

from scheduler.absence_reasons import Circumstances, circumstances, reasons
from scheduler.attendance import seat_weights
from scheduler.availability import Availability, slot_interval
from scheduler.candidates import Candidates, MeetingCandidates, plan_attendance
from scheduler.intervals import Interval
from scheduler.planning.repair import moves
from scheduler.planning.search_types import Plan
from scheduler.problem import Meeting, Problem, Seat
from scheduler.proposal import EvidenceKind, PartyOutlook, PlanWarning, Proposal, ProposedMeeting, Via, WorstParty
from scheduler.rules.notice import notice_by
from scheduler.rules.required_attendees import people_bound
from scheduler.rules.travel_times import travel_minutes

MAX_TRAVEL = timedelta(days=1)
_EVIDENCE: tuple[EvidenceKind, ...] = ("none", "calendar", "answer")  # from the least to the best


def build_proposal(
    candidates: Candidates,
    choices: Sequence[MeetingCandidates],
    plan: Plan,
    rank: int,
    warnings: Sequence[PlanWarning] = (),
) -> Proposal:
    """
    Return the proposal of a plan.

    Parameters
    ----------
    choices
        The candidates of each meeting, with the gains that were maximised.
    plan
        The slot of each meeting, as an index into its candidates.
    rank
        The place of the proposal among all proposals, from 1.
    warnings
        Warnings about the problem, whatever the plan.
    """
    problem = candidates.problem
    planned = list(zip(choices, plan, strict=True))
    plan_moves = tuple(moves(candidates, choices, plan))
    meetings = tuple(_proposed_meeting(candidates.availability, choice, slot) for choice, slot in planned)
    weights = {party.id: party.weight for party in problem.parties}
    expected_attendance = sum(meeting.expected_attendance for meeting in meetings)
    outlooks = [outlook for meeting in meetings for outlook in meeting.parties]
    invited = sum(weights[outlook.party] for outlook in outlooks)
    return Proposal(
        rank=rank,
        objective=plan_attendance(choices, plan),
        expected_absences=invited - expected_attendance,
        worst_party=_worst_party(problem, meetings),
        warnings=(*warnings, *_double_counts(problem, choices, plan)),
        moved=tuple(move.meeting for move in plan_moves),
        moves=plan_moves,
        meetings=meetings,
    )


def _proposed_meeting(availability: Availability, choice: MeetingCandidates, slot: int) -> ProposedMeeting:
    problem = availability.problem
    meeting = choice.meeting
    council = problem.councils_by_id[meeting.council]
    interval = slot_interval(choice.slots, slot, problem)
    day = date.fromordinal(int(choice.slots.days[slot]))
    attendance = seat_weights(problem, council) @ choice.chances.probability[:, slot]
    return ProposedMeeting(
        meeting=meeting.id,
        starts_at=interval.start,
        ends_at=interval.end,
        week=day.isocalendar().week,
        expected_attendance=float(attendance),
        quorum_probability=float(choice.chances.quorum_probability[slot]),
        notice_by=notice_by(problem, meeting, day),
        held=meeting.id in problem.held,
        parties=tuple(_party_outlooks(availability, choice, slot)),
    )


def _party_outlooks(availability: Availability, choice: MeetingCandidates, slot: int) -> Iterator[PartyOutlook]:
    """Yield the chance of each party of the council at the slot, with its evidence and reasons."""
    problem = availability.problem
    council = problem.councils_by_id[choice.meeting.council]
    people = choice.chances.people.people
    single_slot = choice.slots[np.array([slot])]
    person_facts = circumstances(availability, choice.meeting, people, single_slot)
    evidence = _evidence_of_people(choice, slot)
    for row, seat in enumerate(council.seats):
        probability = float(choice.chances.probability[row, slot])
        yield PartyOutlook(
            party=seat.party,
            probability=probability,
            via=_most_likely_via(problem, seat, person_facts, probability),
            evidence=max((evidence[person] for person in seat.people), key=_EVIDENCE.index, default="none"),
            reasons=reasons(problem, seat, person_facts),
        )


def _most_likely_via(
    problem: Problem,
    seat: Seat,
    person_facts: dict[str, Circumstances],
    party_probability: float,
) -> Via:
    """Return how the seat is most likely filled; on a tie the member precedes the substitute, and both an absence."""
    member_probability = 0.0
    if seat.member is not None:
        member_probability = person_facts[seat.member].probability
    member_probability *= 1.0 - problem.assumptions.shared_absence
    # max returns the first of equal keys: the order of the entries is the order of precedence.
    probabilities: dict[Via, float] = {
        "member": member_probability,
        "substitute": party_probability - member_probability,
        "nobody": 1.0 - party_probability,
    }
    return max(probabilities, key=lambda via: probabilities[via])


def _evidence_of_people(choice: MeetingCandidates, slot: int) -> dict[str, EvidenceKind]:
    """Return the best evidence about each person at a slot."""
    people = choice.chances.people
    answered, has_calendar = people.answered[:, slot].tolist(), people.has_calendar[:, slot].tolist()
    evidence: dict[str, EvidenceKind] = {}
    for row, person in enumerate(people.people):
        evidence[person] = "answer" if answered[row] else "calendar" if has_calendar[row] else "none"
    return evidence


def _worst_party(problem: Problem, meetings: Sequence[ProposedMeeting]) -> WorstParty | None:
    """
    Return the party of the lowest mean chance.

    Seats without a member and substitutes are left out, since no date changes their representation.
    """
    chances: dict[str, list[float]] = {}
    for meeting in meetings:
        council = problem.councils_by_id[problem.meetings_by_id[meeting.meeting].council]
        vacant = {seat.party for seat in council.seats if not seat.people}
        for outlook in meeting.parties:
            if outlook.party not in vacant:
                chances.setdefault(outlook.party, []).append(outlook.probability)
    means = {}
    for party, probabilities in chances.items():
        means[party] = sum(probabilities) / len(probabilities)
    worst = min(means, key=lambda party: means[party], default=None)
    if worst is None:
        return None
    return WorstParty(party=worst, probability=means[worst])


def _double_counts(problem: Problem, choices: Sequence[MeetingCandidates], plan: Plan) -> Iterator[PlanWarning]:
    """Yield each person who counts towards two meetings that overlap, travel time included."""
    planned = [
        _PlannedSlot(choice, slot, _in_utc(slot_interval(choice.slots, slot, problem)))
        for choice, slot in zip(choices, plan, strict=True)
    ]
    for first, second in _near_pairs(planned):
        meetings = first.meeting, second.meeting
        for person in sorted(_people_in_both(problem, first, second)):
            travel = timedelta(minutes=travel_minutes(problem, person, *meetings))
            is_counted_twice = first.counts(person) and second.counts(person)
            if is_counted_twice and first.interval.widened(travel).overlaps(second.interval):
                meeting_ids = tuple(meeting.id for meeting in meetings)
                yield PlanWarning(kind="counted_twice", person=person, meetings=meeting_ids)


def _near_pairs(planned: "Sequence[_PlannedSlot]") -> "Iterator[tuple[_PlannedSlot, _PlannedSlot]]":
    """Yield the pairs of meetings that are parted by less than a day, which no travel time exceeds."""
    by_start = sorted(range(len(planned)), key=lambda index: planned[index].interval.start)
    starts = [planned[index].interval.start for index in by_start]
    pairs = []
    for place, index in enumerate(by_start):
        last = bisect_left(starts, planned[index].interval.end + MAX_TRAVEL)
        pairs += [(min(index, other), max(index, other)) for other in by_start[place + 1 : last]]
    for index, other in sorted(pairs):
        yield planned[index], planned[other]


@dataclass(frozen=True, slots=True)
class _PlannedSlot:
    """A meeting at its slot of the plan; ``interval`` is in UTC."""

    choice: MeetingCandidates
    slot: int
    interval: Interval

    @property
    def meeting(self) -> Meeting:
        return self.choice.meeting

    @property
    def people(self) -> Sequence[str]:
        return self.choice.chances.people.people

    def counts(self, person: str) -> bool:
        """Return whether the person comes with a chance above zero."""
        probability = self.choice.chances.people.probability
        row = self.people.index(person)
        return bool(probability[row, self.slot] > 0)


def _people_in_both(problem: Problem, first: _PlannedSlot, second: _PlannedSlot) -> set[str]:
    """Return the people of both meetings, without those whom the constraints already keep from overlapping meetings."""
    bound_to_both = people_bound(problem, first.meeting) & people_bound(problem, second.meeting)
    return set(first.people) & set(second.people) - bound_to_both


def _in_utc(interval: Interval) -> Interval:
    """Convert an interval to UTC: sums and comparisons of local times are wrong on days of a clock change."""
    start = interval.start.astimezone(UTC)
    end = interval.end.astimezone(UTC)
    return Interval(start, end)

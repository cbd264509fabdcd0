"""The rules of the model, one function a rule, as definitions in plain Python."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import combinations, pairwise

from scheduler.days import WEEKDAYS, is_holiday, start_on, working_day_on_or_before
from scheduler.problem import Meeting, Problem, Relation
from scheduler.proposal import RuleName, Violation
from scheduler.verify.chances import at_least
from scheduler.verify.dated_plan import DatedPlan
from scheduler.verify.timeline import Timeline

ROUNDING = 1e-9  # tolerance of required probabilities


def _violation(rule: RuleName, detail: str, *meetings: str, **identity: str | int | None) -> Violation:
    return Violation.model_validate({"rule": rule, "detail": detail, "meetings": meetings, **identity})


# --- rules about the slot of one meeting; only `held` applies to a held meeting, and only `pinned` to a pinned one


def past(plan: DatedPlan, meeting: Meeting) -> Iterator[Violation]:
    """Check that the date does not lie before today."""
    if plan.day(meeting) < plan.problem.today:
        yield _violation("past", "the date is past", meeting=meeting.id)


def held(plan: DatedPlan, meeting: Meeting) -> Iterator[Violation]:
    """Check that a held meeting keeps the start at which it was held."""
    if plan.moment(meeting) != plan.held[meeting.id]:
        yield _violation("held", "a meeting that was held has another start", meeting=meeting.id)


def window(plan: DatedPlan, meeting: Meeting) -> Iterator[Violation]:
    """Check that the date lies in the window of the meeting and in the horizon."""
    day = plan.day(meeting)
    ranges = [plan.problem.horizon]
    if meeting.window is not None:
        ranges.append(meeting.window)
    if not all(allowed.start <= day <= allowed.end for allowed in ranges):
        yield _violation("window", "the date lies outside the window", meeting=meeting.id)


def weekday_and_start(plan: DatedPlan, meeting: Meeting) -> Iterator[Violation]:
    """Check that the meeting allows the weekday and the wall time, and that the time occurs once on that day."""
    wall = plan.wall(meeting)
    if WEEKDAYS[wall.weekday()] not in meeting.weekdays:
        yield _violation("weekday_and_start", "not on this weekday", meeting=meeting.id)
    clock = wall.time().replace(fold=0)
    is_unique = start_on(wall.date(), clock, plan.problem.zone) is not None
    if clock not in meeting.start_clocks or not is_unique:
        yield _violation("weekday_and_start", "not at this time of day", meeting=meeting.id)


def holiday(plan: DatedPlan, meeting: Meeting) -> Iterator[Violation]:
    """Check that the date is not a holiday."""
    if is_holiday(plan.day(meeting), plan.problem.holidays):
        yield _violation("holiday", "the date is a holiday", meeting.id)


def blackout(plan: DatedPlan, meeting: Meeting) -> Iterator[Violation]:
    """Check that the date is not in a blackout of all parties."""
    day = plan.day(meeting)
    for index, closed in enumerate(plan.problem.blackouts):
        if closed.parties is None and closed.start <= day <= closed.end:
            yield _violation("blackout", "no meetings take place on these dates", meeting.id, index=index)


def notice(plan: DatedPlan, meeting: Meeting) -> Iterator[Violation]:
    """Check that the last working day on which notice can be given is not before today."""
    if meeting.notice_days is None:
        return
    latest = plan.day(meeting) - timedelta(days=meeting.notice_days)
    if working_day_on_or_before(latest, plan.problem.holidays) < plan.problem.today:
        yield _violation("notice", "it is too late to give notice", meeting=meeting.id)


def required_person(plan: DatedPlan, meeting: Meeting) -> Iterator[Violation]:
    """Check that every required person attends with the required probability."""
    slot = plan.slot(meeting)
    for required in meeting.required:
        chance = plan.chances.comes(required.person, meeting, slot)
        if chance < required.at_least - ROUNDING:
            detail = "a required person is not likely enough to attend"
            yield _violation("required_person", detail, meeting=meeting.id, person=required.person)


def quorum_likely(plan: DatedPlan, meeting: Meeting) -> Iterator[Violation]:
    """Check that the quorum is met with the required probability."""
    if meeting.quorum_probability is None:
        return
    council = plan.problem.councils_by_id[meeting.council]
    chances = plan.chances.representation(meeting, plan.starts[meeting.id])
    if at_least(council.quorum, list(chances.values())) < meeting.quorum_probability - ROUNDING:
        yield _violation("quorum_likely", "the quorum is not likely enough", meeting=meeting.id)


def pinned(plan: DatedPlan, meeting: Meeting) -> Iterator[Violation]:
    """Check that a pinned meeting takes place at its pinned start."""
    if meeting.pinned is not None and plan.moment(meeting) != plan.problem.instant(meeting.pinned):
        yield _violation("pinned", "a pinned meeting was moved", meeting=meeting.id)


# --- rules between meetings


def order(plan: DatedPlan) -> Iterator[Violation]:
    """Check that the meetings of a council take place on different days, in the order of the list."""
    for meetings in plan.problem.meetings_by_council.values():
        for meeting, following in pairwise(meetings):
            if plan.day(meeting) >= plan.day(following):
                detail = "not in the order of the list"
                yield _violation("order", detail, meeting.id, following.id, council=meeting.council)


def spacing(plan: DatedPlan) -> Iterator[Violation]:
    """Check that consecutive meetings of a council are neither too close together nor too far apart."""
    for council in plan.problem.councils:
        limits = council.spacing_days
        if limits is None:
            continue
        for meeting, following in pairwise(plan.problem.meetings_by_council[council.id]):
            if plan.are_held(meeting.id, following.id):
                continue
            days = (plan.day(following) - plan.day(meeting)).days
            if limits.min is not None and days < limits.min:
                yield _violation("spacing_min", "too close together", meeting.id, following.id, council=council.id)
            if limits.max is not None and days > limits.max:
                yield _violation("spacing_max", "too far apart", meeting.id, following.id, council=council.id)


def nobody_in_two_places(plan: DatedPlan) -> Iterator[Violation]:
    """Check that no member and no required person is in two meetings at once, travel between venues included."""
    indispensable = {meeting.id: _indispensable(plan.problem, meeting) for meeting in plan.problem.meetings}
    for first, second in _near_pairs(plan):
        if plan.are_held(first.id, second.id):
            continue
        for person in sorted(indispensable[first.id] & indispensable[second.id]):
            travel = timedelta(minutes=minutes_between(plan.problem, person, first, second))
            if plan.slot(first).widened(travel).overlaps(plan.slot(second)):
                detail = "in two places at once"
                yield _violation("nobody_in_two_places", detail, first.id, second.id, person=person)


def _near_pairs(plan: DatedPlan) -> Iterator[tuple[Meeting, Meeting]]:
    """Yield the pairs of meetings that overlap when each is widened by the longest journey of the problem."""
    meetings = plan.problem.meetings
    longest = 60 * _longest_journey(plan.problem)
    slots = Timeline((*plan.seconds(meeting), index) for index, meeting in enumerate(meetings))
    for index, meeting in enumerate(meetings):
        start, end = plan.seconds(meeting)
        for other in slots.overlapping(start - longest, end + longest):
            if other > index:
                yield meeting, meetings[other]


def _longest_journey(problem: Problem) -> int:
    """Return the most minutes that any party or any two venues state."""
    journeys = [party.travel_minutes for party in problem.parties] + [venue.travel_minutes for venue in problem.venues]
    return max((minutes for journey in journeys for minutes in journey.values()), default=0)


def _indispensable(problem: Problem, meeting: Meeting) -> set[str]:
    """Return the members of the council and the required persons."""
    seats = problem.councils_by_id[meeting.council].seats
    members = {seat.member for seat in seats if seat.member is not None}
    return members | {required.person for required in meeting.required}


def minutes_between(problem: Problem, person: str, first: Meeting, second: Meeting) -> int:
    """
    Return the travel time of ``person`` between two meetings in minutes.

    It is 0 at the same venue and where one of the meetings can be attended online. Otherwise it is the larger travel
    time between the venues, or, where none is given, the longer of the party's journeys to the two.
    """
    # A person may attend a hybrid meeting online, so that no journey is needed.
    modes = {first.mode, second.mode}
    if first.venue == second.venue or modes != {"in_person"}:
        return 0
    given = [
        *_travel_times(problem, first.venue, second.venue),
        *_travel_times(problem, second.venue, first.venue),
    ]
    if given:
        return max(given)
    party = problem.parties_by_id[problem.people_by_id[person].party]
    venues = [venue for venue in (first.venue, second.venue) if venue is not None]
    return max(party.travel_minutes.get(venue, 0) for venue in venues)


def _travel_times(problem: Problem, origin: str | None, destination: str | None) -> Iterator[int]:
    for venue in problem.venues:
        if venue.id == origin and destination in venue.travel_minutes:
            yield venue.travel_minutes[destination]


def rooms(plan: DatedPlan) -> Iterator[Violation]:
    """Check that at every venue at most as many meetings take place at once as it has rooms."""
    for venue in plan.problem.venues:
        meetings = [
            meeting for meeting in plan.problem.meetings if meeting.venue == venue.id and meeting.mode != "online"
        ]
        slots = Timeline((*plan.seconds(meeting), meeting.id) for meeting in meetings)
        # The number of simultaneous meetings is greatest at the start of a meeting.
        for meeting in meetings:
            start, _ = plan.seconds(meeting)
            present = slots.at(start)
            if len(present) > venue.rooms and not plan.are_held(*present):
                yield _violation("rooms", "more meetings than rooms", *present, venue=venue.id)


def relation(plan: DatedPlan) -> Iterator[Violation]:
    """Check that every relation of the problem holds."""
    for index, required in enumerate(plan.problem.relations):
        holds = _RELATIONS[required.kind]
        if not holds(plan, required):
            yield _violation("relation", "the relation does not hold", *required.meetings, index=index)


def same_day(plan: DatedPlan, required: Relation) -> bool:
    """Return whether all meetings take place on one day."""
    return _is_equal(plan, required, plan.day)


def same_slot(plan: DatedPlan, required: Relation) -> bool:
    """Return whether all meetings start at the same time."""
    return _is_equal(plan, required, plan.moment)


def _is_equal(plan: DatedPlan, required: Relation, time_of: Callable[[Meeting], object]) -> bool:
    """Return whether every two meetings, unless both were held, have the same day or start."""
    pairs = combinations(_meetings(plan, required), 2)
    return all(time_of(first) == time_of(second) for first, second in pairs if not plan.are_held(first.id, second.id))


def apart_days(plan: DatedPlan, required: Relation) -> bool:
    """Return whether every two meetings are at least ``days`` apart."""
    least = required.days or 0
    pairs = combinations(_meetings(plan, required), 2)
    return all(
        abs((plan.day(first) - plan.day(second)).days) >= least
        for first, second in pairs
        if not plan.are_held(first.id, second.id)
    )


def before(plan: DatedPlan, required: Relation) -> bool:
    """Return whether every meeting ends before the next one starts and is at least ``days`` earlier."""
    least = required.days or 0
    for meeting, following in pairwise(_meetings(plan, required)):
        if plan.are_held(meeting.id, following.id):
            continue
        days = (plan.day(following) - plan.day(meeting)).days
        if plan.slot(meeting).end > plan.slot(following).start or days < least:
            return False
    return True


def _meetings(plan: DatedPlan, required: Relation) -> list[Meeting]:
    return [plan.problem.meetings_by_id[meeting] for meeting in required.meetings]


_RELATIONS: Mapping[str, Callable[[DatedPlan, Relation], bool]] = {
    "same_day": same_day,
    "same_slot": same_slot,
    "apart_days": apart_days,
    "before": before,
}
SlotRule = Callable[[DatedPlan, Meeting], Iterator[Violation]]
SLOT_RULES: tuple[SlotRule, ...] = (
    past,
    window,
    weekday_and_start,
    holiday,
    blackout,
    notice,
    required_person,
    quorum_likely,
)
PLAN_RULES = (order, spacing, nobody_in_two_places, rooms, relation)

"""Every rule once more lives here, one function each, in plain Python: what the world is, before how to solve it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise

from scheduler.days import WEEKDAYS, is_holiday, start_on, working_day_on_or_before
from scheduler.intervals import Interval
from scheduler.problem import Meeting, Problem, Relation
from scheduler.proposal import RuleName, Violation
from scheduler.verify.chances import Chances, at_least

ROUNDING = 1e-9


@dataclass(frozen=True)
class Plan:
    """A start for every meeting of a problem, with the chances to judge it by."""

    chances: Chances
    starts: Mapping[str, datetime]  # aware, by meeting

    @property
    def problem(self) -> Problem:
        return self.chances.problem

    def slot(self, meeting: Meeting) -> Interval:
        return self.chances.slot(meeting, self.starts[meeting.id])

    def wall(self, meeting: Meeting) -> datetime:
        return self.starts[meeting.id].astimezone(self.problem.zone)

    def moment(self, meeting: Meeting) -> datetime:
        """Return the start in UTC: only there are two moments of a repeated hour two."""
        return self.starts[meeting.id].astimezone(UTC)

    def day(self, meeting: Meeting) -> date:
        return self.wall(meeting).date()


def _breach(rule: RuleName, detail: str, *meetings: str, **identity: str | int | None) -> Violation:
    return Violation.model_validate({"rule": rule, "detail": detail, "meetings": meetings, **identity})


# --- about one meeting's slot; a pinned meeting knows none of these but `pinned`


def window(plan: Plan, meeting: Meeting) -> Iterator[Violation]:
    """Hold the meeting inside its window and the horizon."""
    horizon = plan.problem.horizon
    allowed = [horizon, *([meeting.window] if meeting.window else [])]
    if not all(one.start <= plan.day(meeting) <= one.end for one in allowed):
        yield _breach("window", "the date lies outside the window", meeting=meeting.id)


def weekday_and_start(plan: Plan, meeting: Meeting) -> Iterator[Violation]:
    """Hold it on one of its weekdays, at one of its starts, which the clock shows exactly once that day."""
    wall = plan.wall(meeting)
    if WEEKDAYS[wall.weekday()] not in meeting.weekdays:
        yield _breach("weekday_and_start", "not on this weekday", meeting=meeting.id)
    clock = wall.time().replace(fold=0)
    if clock not in meeting.start_clocks or start_on(wall.date(), clock, plan.problem.zone) is None:
        yield _breach("weekday_and_start", "not at this time of day", meeting=meeting.id)


def holiday(plan: Plan, meeting: Meeting) -> Iterator[Violation]:
    """Hold it on no holiday."""
    if is_holiday(plan.day(meeting), plan.problem.holidays):
        yield _breach("holiday", "the date is a holiday", meeting.id)


def blackout(plan: Plan, meeting: Meeting) -> Iterator[Violation]:
    """Hold it on no day when nobody meets."""
    for index, one in enumerate(plan.problem.blackouts):
        if one.parties is None and one.start <= plan.day(meeting) <= one.end:
            yield _breach("blackout", "nobody meets on these days", meeting.id, index=index)


def notice(plan: Plan, meeting: Meeting) -> Iterator[Violation]:
    """Leave time to give notice on a working day."""
    if meeting.notice_days is not None:
        latest = plan.day(meeting) - timedelta(days=meeting.notice_days)
        if working_day_on_or_before(latest, plan.problem.holidays) < plan.problem.today:
            yield _breach("notice", "it is too late to give notice", meeting=meeting.id)


def required_person(plan: Plan, meeting: Meeting) -> Iterator[Violation]:
    """Hold it only when those who are required come likely enough."""
    for required in meeting.required:
        if plan.chances.comes(required.person, meeting, plan.slot(meeting)) < required.at_least - ROUNDING:
            yield _breach(
                "required_person", "a required person is not likely enough", meeting=meeting.id, person=required.person
            )


def quorum_likely(plan: Plan, meeting: Meeting) -> Iterator[Violation]:
    """Hold it only when the quorum is likely enough."""
    if meeting.quorum_probability is not None:
        council = plan.problem.councils_by_id[meeting.council]
        chances = plan.chances.representation(meeting, plan.starts[meeting.id])
        if at_least(council.quorum, list(chances.values())) < meeting.quorum_probability - ROUNDING:
            yield _breach("quorum_likely", "the quorum is not likely enough", meeting=meeting.id)


def pinned(plan: Plan, meeting: Meeting) -> Iterator[Violation]:
    """Leave a pinned meeting where it is."""
    if meeting.pinned is not None and plan.moment(meeting) != plan.problem.instant(meeting.pinned):
        yield _breach("pinned", "a pinned meeting was moved", meeting=meeting.id)


# --- between meetings


def order(plan: Plan) -> Iterator[Violation]:
    """Keep a council's meetings in the order of the list, at most one a day."""
    for meetings in plan.problem.meetings_by_council.values():
        for one, following in pairwise(meetings):
            if plan.day(one) >= plan.day(following):
                yield _breach("order", "not in the order of the list", one.id, following.id, council=one.council)


def spacing(plan: Plan) -> Iterator[Violation]:
    """Keep consecutive meetings of a council apart, and not too far."""
    for council in plan.problem.councils:
        limits = council.spacing_days
        for one, following in pairwise(plan.problem.meetings_by_council[council.id]):
            apart = (plan.day(following) - plan.day(one)).days
            if limits and limits.min is not None and apart < limits.min:
                yield _breach("spacing_min", "too close together", one.id, following.id, council=council.id)
            if limits and limits.max is not None and apart > limits.max:
                yield _breach("spacing_max", "too far apart", one.id, following.id, council=council.id)


def nobody_in_two_places(plan: Plan) -> Iterator[Violation]:
    """Let no member and no required person be in two meetings at once, the way between them included."""
    for one, other in combinations(plan.problem.meetings, 2):
        for person in sorted(_bound(plan.problem, one) & _bound(plan.problem, other)):
            apart = minutes_between(plan.problem, person, one, other)
            if plan.slot(one).widened(timedelta(minutes=apart)).overlaps(plan.slot(other)):
                yield _breach("nobody_in_two_places", "in two places at once", one.id, other.id, person=person)


def _bound(problem: Problem, meeting: Meeting) -> set[str]:
    members = {seat.member for seat in problem.councils_by_id[meeting.council].seats}
    return {person for person in members if person} | {required.person for required in meeting.required}


def minutes_between(problem: Problem, person: str, one: Meeting, other: Meeting) -> int:
    """Return the minutes that ``person`` needs from the one meeting to the other."""
    if one.venue == other.venue or "online" in (one.mode, other.mode) or "hybrid" in (one.mode, other.mode):
        return 0
    known = [
        venue.travel_minutes[there]
        for here, there in ((one.venue, other.venue), (other.venue, one.venue))
        for venue in problem.venues
        if venue.id == here and there in venue.travel_minutes
    ]
    if known:
        return max(known)
    travel = problem.parties_by_id[problem.people_by_id[person].party].travel_minutes
    return max(travel.get(venue, 0) for venue in (one.venue, other.venue) if venue is not None)


def rooms(plan: Plan) -> Iterator[Violation]:
    """Hold no more meetings at once at a venue than it has rooms."""
    for venue in plan.problem.venues:
        there = [one for one in plan.problem.meetings if one.venue == venue.id and one.mode != "online"]
        for one in there:
            start = plan.slot(one).start
            present = [other.id for other in there if plan.slot(other).start <= start < plan.slot(other).end]
            if len(present) > venue.rooms:
                yield _breach("rooms", "more meetings than rooms", *present, venue=venue.id)


def relation(plan: Plan) -> Iterator[Violation]:
    """Keep every relation that the problem names."""
    for index, one in enumerate(plan.problem.relations):
        if not _RELATIONS[one.kind](plan, one):
            yield _breach("relation", "the meetings do not stand so to each other", *one.meetings, index=index)


def same_day(plan: Plan, one: Relation) -> bool:
    """Hold them all on one day."""
    return len({plan.day(plan.problem.meetings_by_id[meeting]) for meeting in one.meetings}) == 1


def same_slot(plan: Plan, one: Relation) -> bool:
    """Let them all start at one moment."""
    return len({plan.moment(plan.problem.meetings_by_id[meeting]) for meeting in one.meetings}) == 1


def apart_days(plan: Plan, one: Relation) -> bool:
    """Part every two of them by so many days."""
    days = [plan.day(plan.problem.meetings_by_id[meeting]) for meeting in one.meetings]
    return all(abs((a - b).days) >= (one.days or 0) for a, b in combinations(days, 2))


def before(plan: Plan, one: Relation) -> bool:
    """Hold each after the one before it has ended, and so many days later."""
    meetings = [plan.problem.meetings_by_id[meeting] for meeting in one.meetings]
    return all(
        plan.slot(a).end <= plan.slot(b).start and (plan.day(b) - plan.day(a)).days >= (one.days or 0)
        for a, b in pairwise(meetings)
    )


_RELATIONS: Mapping[str, Callable[[Plan, Relation], bool]] = {
    "same_day": same_day,
    "same_slot": same_slot,
    "apart_days": apart_days,
    "before": before,
}
SLOT_RULES = (window, weekday_and_start, holiday, blackout, notice, required_person, quorum_likely)
PLAN_RULES = (order, spacing, nobody_in_two_places, rooms, relation)

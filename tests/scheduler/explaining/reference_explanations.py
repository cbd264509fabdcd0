"""Reference implementation of the baselines in plain Python, without code of `scheduler.explaining`."""

import calendar
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction

from scheduler import Problem
from scheduler.days import WEEKDAYS, days_between, start_on, whole_days
from scheduler.intervals import Interval, union
from scheduler.problem import Answer, Council, DateRange, Meeting, Person
from scheduler.verify import Checker
from tests.enumeration import Starts


def habitual(problem: Problem) -> Starts | None:
    """Return the plan on the council's weekday of the month; None when a meeting has no possible day."""
    checker = Checker(problem)
    starts: Starts = {}
    for council in problem.councils:
        previous: date | None = None
        for meeting in problem.meetings_by_council[council.id]:
            possible = [
                start for start in _every_start(problem, meeting) if not checker.slot_violations(meeting, start)
            ]
            if previous is not None:
                possible = [start for start in possible if _is_spaced(council, (start.date() - previous).days)]
            if not possible:
                return None
            wanted, clock = _habitual_day(problem, council, meeting), min(meeting.start_clocks)
            if council.habit and council.habit.start in meeting.start_clocks:
                clock = council.habit.start
            starts[meeting.id] = min(
                possible,
                key=lambda start: (start.date() < wanted, start.time() != clock, start),
            )
            previous = starts[meeting.id].date()
    return {meeting.id: starts[meeting.id] for meeting in problem.meetings}


def _every_start(problem: Problem, meeting: Meeting) -> Iterator[datetime]:
    if meeting.pinned is not None:
        yield problem.instant(meeting.pinned).astimezone(problem.zone)
        return
    for day in days_between(problem.horizon.start, problem.horizon.end):
        for clock in meeting.start_clocks:
            start = start_on(day, clock, problem.zone)
            if start is not None:
                yield start


def _is_spaced(council: Council, days: int) -> bool:
    spacing = council.spacing_days
    least = spacing.min if spacing and spacing.min is not None else 0
    most = spacing.max if spacing and spacing.max is not None else days
    return days >= 1 and least <= days <= most


def _habitual_day(problem: Problem, council: Council, meeting: Meeting) -> date:
    first, last = problem.window(meeting)
    weekday, ordinal = (council.habit.weekday, council.habit.ordinal) if council.habit else ("TH", 3)
    months = [(year, month) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    for year, month in months:
        of_month = [week[WEEKDAYS.index(weekday)] for week in calendar.monthcalendar(year, month)]
        dates = [date(year, month, day) for day in of_month if day]
        if ordinal <= len(dates):
            day = dates[-1 if ordinal == -1 else ordinal - 1]
            if first <= day <= last:
                return day
    return first


def yes_of_members(problem: Problem, meeting: Meeting, start: datetime) -> int:
    """Return how many members vote yes: by their answer, or without one because they are free."""
    members = [seat.member for seat in problem.councils_by_id[meeting.council].seats if seat.member is not None]
    num_yes = 0
    for person in members:
        answer = _answer(problem, meeting, start, person)
        is_yes = answer == "yes" if answer else _calendar_state(problem, meeting, start, person) == "free"
        num_yes += is_yes
    return num_yes


def confidence(problem: Problem, meeting: Meeting, start: datetime) -> Fraction:
    """Return Microsoft's confidence in millionths, rounded down; 0 below a half."""
    value = {"free": Fraction(1), "unknown": Fraction(49, 100), "busy": Fraction(0)}
    people = [person for seat in problem.councils_by_id[meeting.council].seats for person in seat.people]
    if not people:
        return Fraction(0)
    mean = sum((value[_calendar_state(problem, meeting, start, person)] for person in people), Fraction(0)) / len(
        people
    )
    return Fraction(int(mean * 1_000_000)) if mean >= Fraction(1, 2) else Fraction(0)


def _calendar_state(problem: Problem, meeting: Meeting, start: datetime, person_id: str) -> str:
    person = problem.people_by_id[person_id]
    slot = Interval(start, problem.instant(start) + meeting.duration).widened(_travel(problem, meeting, person))
    if any(busy.overlaps(slot) for busy in _busy(problem, person)):
        return "busy"
    return "free" if any(known.covers(slot) for known in union(list(_known(problem, person)))) else "unknown"


def _travel(problem: Problem, meeting: Meeting, person: Person) -> timedelta:
    if meeting.venue is None or meeting.mode != "in_person":
        return timedelta()
    return timedelta(minutes=problem.parties_by_id[person.party].travel_minutes.get(meeting.venue, 0))


def _busy(problem: Problem, person: Person) -> Iterator[Interval]:
    for commitment in problem.commitments:
        is_of_problem = commitment.meeting in problem.meetings_by_id
        if commitment.person == person.id and commitment.kind != "free" and not is_of_problem:
            yield Interval(problem.instant(commitment.start), problem.instant(commitment.end))
    for blackout in problem.blackouts:
        if person.party in (blackout.parties or ()):
            yield whole_days(blackout.start, blackout.end, problem.zone)


def _known(problem: Problem, person: Person) -> Iterator[Interval]:
    for known in person.known:
        if isinstance(known, DateRange):
            yield whole_days(known.start, known.end, problem.zone)
        else:
            yield Interval(problem.instant(known.start), problem.instant(known.end))
    for commitment in problem.commitments:
        is_of_problem = commitment.meeting in problem.meetings_by_id
        if commitment.person == person.id and commitment.kind == "free" and not is_of_problem:
            yield Interval(problem.instant(commitment.start), problem.instant(commitment.end))


def _answer(problem: Problem, meeting: Meeting, start: datetime, person: str) -> str | None:
    """Return the latest answer that applies: a "no" that overlaps the slot, or another answer that covers it."""
    slot = Interval(start, problem.instant(start) + meeting.duration)
    applying: list[tuple[bool, float, int, Answer]] = []
    for index, answer in enumerate(problem.answers):
        interval = Interval(problem.instant(answer.start), problem.instant(answer.end))
        applies = interval.overlaps(slot) if answer.answer == "no" else interval.covers(slot)
        if answer.person == person and applies:
            seconds = 0.0 if answer.at is None else problem.instant(answer.at).timestamp()
            applying.append((answer.at is not None, seconds, index, answer))
    return max(applying, key=lambda entry: entry[:3])[3].answer if applying else None

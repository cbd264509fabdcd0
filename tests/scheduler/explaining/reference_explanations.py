"""Today's ways once more live here, one person and one day at a time, in plain Python that shares nothing."""

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
    """The plan by the council's weekday of the month, found day by day; None where a meeting finds no day."""
    checker = Checker(problem)
    starts: Starts = {}
    for council in problem.councils:
        before: date | None = None
        for meeting in problem.meetings_by_council[council.id]:
            able = [one for one in _every_start(problem, meeting) if not checker.slot_violations(meeting, one)]
            able = [one for one in able if before is None or _is_spaced(council, (one.date() - before).days)]
            if not able:
                return None
            wanted, clock = _habitual_day(problem, council, meeting), min(meeting.start_clocks)
            if council.habit and council.habit.start in meeting.start_clocks:
                clock = council.habit.start
            starts[meeting.id] = min(able, key=lambda one: (one.date() < wanted, one.time() != clock, one))
            before = starts[meeting.id].date()
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
    """How many members say yes to this start: by their answer, or else because they are free."""
    members = [seat.member for seat in problem.councils_by_id[meeting.council].seats if seat.member is not None]
    said = [(_answer(problem, meeting, start, person), person) for person in members]
    return sum(says == "yes" if says else _says(problem, meeting, start, person) == "free" for says, person in said)


def confidence(problem: Problem, meeting: Meeting, start: datetime) -> Fraction:
    """Microsoft's confidence of this start, in whole millionths as the library rounds it; 0 below a half."""
    worth = {"free": Fraction(1), "unknown": Fraction(49, 100), "busy": Fraction(0)}
    people = [person for seat in problem.councils_by_id[meeting.council].seats for person in seat.people]
    if not people:
        return Fraction(0)
    mean = sum((worth[_says(problem, meeting, start, person)] for person in people), Fraction(0)) / len(people)
    return Fraction(int(mean * 1_000_000)) if mean >= Fraction(1, 2) else Fraction(0)


def _says(problem: Problem, meeting: Meeting, start: datetime, person_id: str) -> str:
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
    for one in problem.commitments:
        if one.person == person.id and one.kind != "free" and one.meeting not in problem.meetings_by_id:
            yield Interval(problem.instant(one.start), problem.instant(one.end))
    for blackout in problem.blackouts:
        if person.party in (blackout.parties or ()):
            yield whole_days(blackout.start, blackout.end, problem.zone)


def _known(problem: Problem, person: Person) -> Iterator[Interval]:
    for known in person.known:
        if isinstance(known, DateRange):
            yield whole_days(known.start, known.end, problem.zone)
        else:
            yield Interval(problem.instant(known.start), problem.instant(known.end))
    for one in problem.commitments:
        if one.person == person.id and one.kind == "free" and one.meeting not in problem.meetings_by_id:
            yield Interval(problem.instant(one.start), problem.instant(one.end))


def _answer(problem: Problem, meeting: Meeting, start: datetime, person: str) -> str | None:
    """What the person answered last, of what applies: a no that overlaps, or another answer that covers."""
    slot = Interval(start, problem.instant(start) + meeting.duration)
    applying: list[tuple[bool, float, int, Answer]] = []
    for at, one in enumerate(problem.answers):
        said = Interval(problem.instant(one.start), problem.instant(one.end))
        if one.person == person and (said.overlaps(slot) if one.answer == "no" else said.covers(slot)):
            seconds = 0.0 if one.at is None else problem.instant(one.at).timestamp()
            applying.append((one.at is not None, seconds, at, one))
    return max(applying, key=lambda each: each[:3])[3].answer if applying else None

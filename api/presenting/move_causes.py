"""The causes why a published date has become worse: answers and events that the new date avoids."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from api.i18n import Wording
from api.presenting.dates import format_day
from api.presenting.names import capitalised
from api.presenting.reasons import deciding_answer
from scheduler.attendance import people_of
from scheduler.problem import Commitment, Meeting, Problem
from scheduler.proposal import Move

MOST_CAUSES = 2


def describe_move_causes(move: Move, problem: Problem, wording: Wording) -> str:
    """
    Return the people who are prevented at the published time, and whose impediment does not affect the new time.

    People with a seat are named first, by council order; an answer counts before an event of the same person.
    Where nobody is prevented, the sentence says only that more people are expected at the new time.
    """
    meeting = problem.meetings_by_id[move.meeting]
    causes = list(_causes(move, meeting, problem, wording))
    if not causes:
        return wording.say("More people can be expected at the new time.")

    shown = causes[:MOST_CAUSES]
    num_left = len(causes) - MOST_CAUSES
    if num_left > 0:
        shown.append(
            wording.say_many(
                "{count} more person is prevented.",
                "{count} more people are prevented.",
                num_left,
            )
        )
    return " ".join(shown)


def _causes(move: Move, meeting: Meeting, problem: Problem, wording: Wording) -> Iterator[str]:
    """Yield at most one cause for each person."""
    council = problem.councils_by_id[meeting.council]
    by_person: dict[str, list[Commitment]] = {}
    for commitment in problem.commitments:
        by_person.setdefault(commitment.person, []).append(commitment)

    for person in people_of(council, meeting):
        cause = _cause(person, by_person.get(person, []), move, meeting.duration, problem, wording)
        if cause is not None:
            yield cause


def _cause(
    person: str,
    commitments: list[Commitment],
    move: Move,
    duration: timedelta,
    problem: Problem,
    wording: Wording,
) -> str | None:
    name = capitalised(problem.people_by_id[person].name)
    day = format_day(move.published, problem, wording)
    before = deciding_answer(person, move.published, move.published + duration, problem)
    after = deciding_answer(person, move.starts_at, move.starts_at + duration, problem)

    has_declined = before is not None and before.answer == "no"
    declines_again = after is not None and after.answer == "no"
    if has_declined and not declines_again:
        return wording.say("{person} has answered no to {day}.", person=name, day=day)

    # A yes for the published time is newer knowledge than the calendar, or agrees with it.
    if before is not None:
        return None
    clash = _avoided_clash(commitments, move, duration, problem)
    if clash is None:
        return None
    return wording.say("{person} has {label} on {day}.", person=name, label=_label(clash, problem, wording), day=day)


def _avoided_clash(
    commitments: list[Commitment],
    move: Move,
    duration: timedelta,
    problem: Problem,
) -> Commitment | None:
    """Return the first event that overlaps the published time and not the new one."""
    for commitment in commitments:
        if commitment.kind == "free" or commitment.meeting is not None:
            continue
        overlaps_before = _overlaps(commitment, move.published, duration, problem)
        overlaps_after = _overlaps(commitment, move.starts_at, duration, problem)
        if overlaps_before and not overlaps_after:
            return commitment
    return None


def _overlaps(commitment: Commitment, start: datetime, duration: timedelta, problem: Problem) -> bool:
    end = start + duration
    return problem.instant(commitment.start) < end and start < problem.instant(commitment.end)


def _label(commitment: Commitment, problem: Problem, wording: Wording) -> str:
    calendar = problem.calendars_by_id.get(commitment.calendar or "")
    if calendar is None or not calendar.label:
        return wording.say("another engagement")
    return calendar.label

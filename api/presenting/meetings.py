"""The meetings of a plan by date: time, place, expected attendance and the parties that may be missing."""

from api.i18n import Wording
from api.presenting.attendance import format_attendance, full_attendance
from api.presenting.dates import format_moment
from api.presenting.names import Names
from api.presenting.places import describe_place
from api.presenting.plan_view import MeetingCard
from api.presenting.reasons import build_absentees
from scheduler.problem import Meeting, Problem
from scheduler.proposal import Proposal, ProposedMeeting


def build_meeting_cards(plan: Proposal, problem: Problem, names: Names, wording: Wording) -> tuple[MeetingCard, ...]:
    """Return the meetings of ``plan``, sorted by date."""
    by_date = sorted(plan.meetings, key=lambda planned: planned.starts_at)
    return tuple(_meeting_card(planned, planned.meeting in plan.moved, problem, names, wording) for planned in by_date)


def _meeting_card(
    planned: ProposedMeeting,
    is_moved: bool,
    problem: Problem,
    names: Names,
    wording: Wording,
) -> MeetingCard:
    meeting = problem.meetings_by_id[planned.meeting]
    council = problem.councils_by_id[meeting.council]
    start = planned.starts_at.astimezone(problem.zone)
    end = planned.ends_at.astimezone(problem.zone)
    horizon = problem.horizon
    crosses_new_year = horizon.start.year != horizon.end.year
    expected = format_attendance(planned.expected_attendance, full_attendance(planned, problem), wording)
    return MeetingCard(
        code=names.codes[meeting.id],
        council=names.councils[council.id],
        name=names.meetings[meeting.id],
        machine_day=start.date().isoformat(),
        day=wording.day(start.date(), has_year=crosses_new_year),
        week=wording.week(planned.week),
        clock=f"{wording.clock(start)}–{wording.clock(end)}",
        place=describe_place(meeting, problem, wording),
        is_held=planned.held,
        moved_from=_published_moment(meeting, problem, wording) if is_moved else None,
        expected=expected,
        quorum=None if council.quorum is None else wording.percent(planned.quorum_probability),
        notice=_notice(planned, start.year, wording),
        absentees=build_absentees(planned, problem, wording),
    )


def _notice(planned: ProposedMeeting, year: int, wording: Wording) -> str | None:
    """Return the last day of notice, with its year when that is not the meeting's."""
    day = planned.notice_by
    if day is None:
        return None
    # In a narrow column the year may stand on a line of its own.
    date_without_year = wording.short_day(day).replace(" ", "\u00a0")
    return date_without_year if day.year == year else f"{date_without_year} {day.year}"


def _published_moment(meeting: Meeting, problem: Problem, wording: Wording) -> str | None:
    published = problem.published.get(meeting.id)
    if published is None:
        return None
    return format_moment(problem.instant(published), problem, wording)

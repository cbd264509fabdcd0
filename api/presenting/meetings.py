"""Who tells of each meeting: when, where, how many are expected, and who may be missing."""

from api.i18n import Wording
from api.presenting.attendance import format_attendance, full_attendance
from api.presenting.dates import format_moment
from api.presenting.names import Names
from api.presenting.places import describe_place
from api.presenting.plan_view import MeetingCard
from api.presenting.reasons import build_absentees, count_unnamed_absentees
from scheduler.problem import Meeting, Problem
from scheduler.proposal import Proposal, ProposedMeeting


def build_meeting_cards(best: Proposal, problem: Problem, names: Names, wording: Wording) -> tuple[MeetingCard, ...]:
    """Return the meetings of a plan by date."""
    by_date = sorted(best.meetings, key=lambda held: held.starts_at)
    return tuple(_held(one, one.meeting in best.moved, problem, names, wording) for one in by_date)


def _held(held: ProposedMeeting, is_moved: bool, problem: Problem, names: Names, wording: Wording) -> MeetingCard:
    asked = problem.meetings_by_id[held.meeting]
    has_quorum = problem.councils_by_id[asked.council].quorum is not None
    start, end = (moment.astimezone(problem.zone) for moment in (held.starts_at, held.ends_at))
    return MeetingCard(
        code=names.codes[held.meeting],
        council=names.councils[asked.council],
        name=names.meetings[held.meeting],
        machine_day=start.date().isoformat(),
        day=wording.day(start.date(), has_year=problem.horizon.start.year != problem.horizon.end.year),
        week=wording.week(held.week),
        clock=f"{wording.clock(start)}–{wording.clock(end)}",
        place=describe_place(asked, problem, wording),
        moved_from=_published(asked, problem, wording) if is_moved else None,
        expected=format_attendance(held.expected_attendance, full_attendance(held, problem), wording),
        quorum=wording.percent(held.quorum_probability) if has_quorum else None,
        notice=wording.short_day(held.notice_by) if held.notice_by else None,
        absentees=build_absentees(held, problem, wording),
        more=count_unnamed_absentees(held, wording),
    )


def _published(asked: Meeting, problem: Problem, wording: Wording) -> str | None:
    """Return where the meeting was announced before it moved."""
    if asked.id not in problem.published:
        return None
    return format_moment(problem.instant(problem.published[asked.id]), problem, wording)

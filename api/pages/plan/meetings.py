"""Who tells of each meeting: when, where, how many are expected, and who may be missing."""

from api.i18n import Wording
from api.invitations import describe_place
from api.pages.plan.attendance import full_attendance, parties_of
from api.pages.plan.dates import short_moment
from api.pages.plan.names import Names
from api.pages.plan.reasons import absentees, unnamed
from api.pages.plan.view import Held
from scheduler.problem import Meeting, Problem
from scheduler.proposal import Proposal, ProposedMeeting


def meetings(best: Proposal, problem: Problem, names: Names, wording: Wording) -> tuple[Held, ...]:
    """Return the meetings of a plan by date."""
    by_date = sorted(best.meetings, key=lambda held: held.starts_at)
    return tuple(_held(one, one.meeting in best.moved, problem, names, wording) for one in by_date)


def _held(held: ProposedMeeting, is_moved: bool, problem: Problem, names: Names, wording: Wording) -> Held:
    asked = problem.meetings_by_id[held.meeting]
    has_quorum = problem.councils_by_id[asked.council].quorum is not None
    start, end = (moment.astimezone(problem.zone) for moment in (held.starts_at, held.ends_at))
    return Held(
        code=names.codes[held.meeting],
        council=names.councils[asked.council],
        name=names.meetings[held.meeting],
        machine_day=start.date().isoformat(),
        day=wording.day(start.date(), has_year=problem.horizon.start.year != problem.horizon.end.year),
        week=wording.week(held.week),
        clock=f"{wording.clock(start)}–{wording.clock(end)}",
        place=describe_place(problem, asked, wording),
        moved_from=_published(asked, problem, wording) if is_moved else None,
        expected=parties_of(held.expected_attendance, full_attendance(held, problem), wording),
        quorum=wording.percent(held.quorum_probability) if has_quorum else None,
        notice=wording.short_day(held.notice_by) if held.notice_by else None,
        absentees=absentees(held, problem, wording),
        more=unnamed(held, wording),
    )


def _published(asked: Meeting, problem: Problem, wording: Wording) -> str | None:
    """Return where the meeting was announced before it moved."""
    if asked.id not in problem.published:
        return None
    return short_moment(problem.instant(problem.published[asked.id]), problem, wording)

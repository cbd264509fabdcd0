"""Parties that may be missing, by party and cause: a cause that concerns many meetings is stated once."""

from collections.abc import Sequence

from api.i18n import Wording
from api.pages.plan.view import ConcernedMeeting, PartyAbsence, SharedCause
from api.presenting.names import Names
from api.presenting.plan_view import AbsenceCause
from api.presenting.reasons import build_absentees
from scheduler.problem import Problem
from scheduler.proposal import Proposal

_MeetingsByCause = dict[str, list[ConcernedMeeting]]  # by the cause's sentence


def build_absences(best: Proposal, problem: Problem, names: Names, wording: Wording) -> tuple[PartyAbsence, ...]:
    """Return the parties at risk, the highest risk at a meeting first, each with its causes by date."""
    causes_by_party: dict[str, _MeetingsByCause] = {}
    highest_risk: dict[str, float] = {}
    names_by_party = {party.id: party.name for party in problem.parties}
    for planned in sorted(best.meetings, key=lambda planned: planned.starts_at):
        day = wording.short_day(planned.starts_at.astimezone(problem.zone).date())
        risks = {outlook.party: 1 - outlook.probability for outlook in planned.parties}
        for absentee in build_absentees(planned, problem, wording):
            by_cause = causes_by_party.setdefault(absentee.party_id, {})
            risk = risks[absentee.party_id]
            highest_risk[absentee.party_id] = max(risk, highest_risk.get(absentee.party_id, 0.0))
            for cause in _stated_causes(absentee.causes, wording):
                concerned = ConcernedMeeting(
                    code=names.codes[planned.meeting],
                    day=day,
                    risk=wording.percent(risk),
                    without=cause.risk_without,
                )
                by_cause.setdefault(cause.sentence, []).append(concerned)

    parties = sorted(causes_by_party, key=lambda party: -highest_risk[party])
    return tuple(PartyAbsence(names_by_party[party], _shared_causes(causes_by_party[party])) for party in parties)


def _stated_causes(causes: Sequence[AbsenceCause], wording: Wording) -> Sequence[AbsenceCause]:
    if causes:
        return causes
    return (AbsenceCause(wording.say("No known clash."), None, None),)


def _shared_causes(meetings_by_cause: _MeetingsByCause) -> tuple[SharedCause, ...]:
    causes = [SharedCause(sentence, tuple(meetings)) for sentence, meetings in meetings_by_cause.items()]
    return tuple(sorted(causes, key=lambda cause: -len(cause.meetings)))

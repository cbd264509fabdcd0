"""Parties that may be missing, by party and cause: a cause that concerns many meetings is stated once."""

from collections import defaultdict
from collections.abc import Sequence

from api.i18n import Wording
from api.pages.plan.view import EqualRisk, MeetingDay, PartyAbsence, SharedCause
from api.presenting.names import Names
from api.presenting.plan_view import AbsenceCause, Absentee
from api.presenting.reasons import build_absentees
from scheduler.problem import Problem
from scheduler.proposal import Proposal

_AbsentAt = tuple[MeetingDay, Absentee]
_Risks = tuple[str, str | None]  # with the cause and without it


def build_absences(best: Proposal, problem: Problem, names: Names, wording: Wording) -> tuple[PartyAbsence, ...]:
    """Return the parties at risk, the highest risk at a meeting first, each with its causes by date."""
    absent_by_party: dict[str, list[_AbsentAt]] = defaultdict(list)
    highest_risk: dict[str, float] = defaultdict(float)
    to_come = [planned for planned in best.meetings if not planned.held]
    for planned in sorted(to_come, key=lambda planned: planned.starts_at):
        day = wording.short_day(planned.starts_at.astimezone(problem.zone).date())
        meeting = MeetingDay(names.codes[planned.meeting], day)
        for outlook in planned.parties:
            highest_risk[outlook.party] = max(1 - outlook.probability, highest_risk[outlook.party])
        for absentee in build_absentees(planned, problem, wording):
            absent_by_party[absentee.party_id].append((meeting, absentee))

    parties = sorted(absent_by_party, key=lambda party: -highest_risk[party])
    return tuple(
        PartyAbsence(problem.parties_by_id[party].name, _shared_causes(absent_by_party[party], wording))
        for party in parties
    )


def _shared_causes(absent: Sequence[_AbsentAt], wording: Wording) -> tuple[SharedCause, ...]:
    """Return the causes of one party's absences, each once with its meetings; the most frequent cause first."""
    meetings: dict[str, dict[_Risks, list[MeetingDay]]] = defaultdict(lambda: defaultdict(list))
    for meeting, absentee in absent:
        causes = absentee.causes or (AbsenceCause(wording.say("No single cause decides."), None),)
        for cause in causes:
            meetings[cause.sentence][absentee.percent, cause.risk_without].append(meeting)

    by_frequency = sorted(meetings.items(), key=lambda item: -sum(map(len, item[1].values())))
    return tuple(
        SharedCause(sentence, tuple(EqualRisk(*risks, tuple(concerned)) for risks, concerned in by_risk.items()))
        for sentence, by_risk in by_frequency
    )

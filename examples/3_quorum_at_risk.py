"""Require a quorum with rising probability, until no plan is possible: run `python examples/3_quorum_at_risk.py`."""

import json
from pathlib import Path

from scheduler import Problem, propose
from scheduler.ical.folder import attach_calendars

EXAMPLE = Path(__file__).parent / "orebro-2027"

document = json.loads((EXAMPLE / "problem.json").read_text())
councils, meetings = document["councils"], document["meetings"]
document["councils"] = [council for council in councils if council["id"] == "kultur"]
document["meetings"] = [meeting for meeting in meetings if meeting["council"] == "kultur"]
document["councils"][0]["quorum"] = 12

problem, _ = attach_calendars(Problem.of(document), EXAMPLE / "calendars")

for probability in (0.5, 0.75, 0.8, 0.95):
    requirement = {"quorum_probability": probability}
    stricter_meetings = tuple(meeting.model_copy(update=requirement) for meeting in problem.meetings)
    answer = propose(problem.model_copy(update={"meetings": stricter_meetings}), alternatives=1)
    print(f"12 of 13 parties with a chance of {probability:.0%}: {answer.status}")
    for proposal in answer.proposals:
        for meeting in proposal.meetings:
            attendance = f"{meeting.expected_attendance:.2f} parties"
            print(f"   {meeting.starts_at:%d %b}: {attendance}, quorum {meeting.quorum_probability:.1%}")
    for rule in answer.conflict:
        print(f"   conflicting rule: {rule.rule} {rule.meeting or ''} {rule.person or ''}")

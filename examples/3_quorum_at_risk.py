"""Demand a likely quorum, and see what it costs or why nothing fits: run `python examples/3_quorum_at_risk.py`."""

import json
from pathlib import Path

from scheduler import Problem, propose
from scheduler.ical.folder import attach_calendars

EXAMPLE = Path(__file__).parent / "orebro-2027"

document = json.loads((EXAMPLE / "problem.json").read_text())
document["councils"] = [council for council in document["councils"] if council["id"] == "kultur"]
document["meetings"] = [meeting for meeting in document["meetings"] if meeting["council"] == "kultur"]
document["councils"][0]["quorum"] = 12

problem, _ = attach_calendars(Problem.of(document), EXAMPLE / "calendars")

for demanded in (0.5, 0.75, 0.8, 0.95):
    meetings = [meeting.model_copy(update={"quorum_probability": demanded}) for meeting in problem.meetings]
    answer = propose(problem.model_copy(update={"meetings": tuple(meetings)}), alternatives=1)
    print(f"12 of 13 parties with a chance of {demanded:.0%}: {answer.status}")
    for proposal in answer.proposals:
        for meeting in proposal.meetings:
            chance = f"{meeting.quorum_probability:.1%}"
            print(f"   {meeting.starts_at:%d %b}: {meeting.expected_attendance:.2f} parties, quorum {chance}")
    for rule in answer.conflict:
        print(f"   cannot hold together: {rule.rule} {rule.meeting or ''} {rule.person or ''}")

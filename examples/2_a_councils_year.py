"""Plan the year of a council, and compare the best plan with others: run `python examples/2_a_councils_year.py`."""

import json
from pathlib import Path

from scheduler import Problem, propose
from scheduler.ical.folder import attach_calendars

EXAMPLE = Path(__file__).parent / "orebro-2027"

document = json.loads((EXAMPLE / "problem.json").read_text())
councils, meetings = document["councils"], document["meetings"]
document["councils"] = [council for council in councils if council["id"] == "kultur"]
document["meetings"] = [meeting for meeting in meetings if meeting["council"] == "kultur"]
problem, _ = attach_calendars(Problem.of(document), EXAMPLE / "calendars")

answer = propose(problem, alternatives=4, min_days=14)
best = answer.proposals[0]
print(f"{answer.status}, gap {answer.gap:.1e}:")
for meeting in best.meetings:
    start = f"{meeting.starts_at:%a %d %b %H:%M}"
    print(f"  week {meeting.week:2}  {start}  {meeting.expected_attendance:5.2f} of 13")

print("\nOther plans; each differs from the plans before it by at least 14 days in a meeting:")
for alternative in answer.proposals[1:]:
    dates = ", ".join(f"{meeting.starts_at:%d %b}" for meeting in alternative.meetings)
    loss = best.objective - alternative.objective
    print(f"  {dates}: {loss:.3f} parties fewer over the year")

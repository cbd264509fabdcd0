"""Plan a council's year, and see what the next best plans would cost: run `python examples/2_a_councils_year.py`."""

import json
from pathlib import Path

from scheduler import Problem, propose
from scheduler.ical.folder import attach_calendars

EXAMPLE = Path(__file__).parent / "orebro-2027"

document = json.loads((EXAMPLE / "problem.json").read_text())
document["councils"] = [council for council in document["councils"] if council["id"] == "kultur"]
document["meetings"] = [meeting for meeting in document["meetings"] if meeting["council"] == "kultur"]
problem, _ = attach_calendars(Problem.of(document), EXAMPLE / "calendars")

answer = propose(problem, alternatives=4, min_days=14)
best = answer.proposals[0]
print(f"{answer.status}, gap {answer.gap:.1e}:")
for meeting in best.meetings:
    print(f"  week {meeting.week:2}  {meeting.starts_at:%a %d %b %H:%M}  {meeting.expected_attendance:5.2f} of 13")

print("\nOther plans, each with a meeting at least a fortnight away from all plans before it:")
for other in answer.proposals[1:]:
    dates = ", ".join(f"{meeting.starts_at:%d %b}" for meeting in other.meetings)
    print(f"  {dates}: {best.objective - other.objective:.3f} parties fewer over the year")

"""Explain the best plan: other dates, clashes, baselines: run `python examples/7_the_clash_to_move.py`."""

from datetime import date
from pathlib import Path

from scheduler import Problem, explain
from scheduler.ical.folder import attach_calendars

EXAMPLE = Path(__file__).parent / "orebro-2027"
MEETING, THURSDAY = "kultur-2", date(2027, 4, 22)

problem = Problem.read((EXAMPLE / "problem.json").read_bytes())
problem, _ = attach_calendars(problem, EXAMPLE / "calendars")

heatmap = explain(problem, "heatmap")
dates = next(meeting.dates for meeting in heatmap.meetings if meeting.meeting == MEETING)
thursday = next(date_cost for date_cost in dates if date_cost.date == THURSDAY)
print(f"{MEETING} on {THURSDAY:%a %d %b} instead would cost {thursday.cost:.2f} expected parties\n")

clashes = explain(problem, "clashes")
boards = [clash for clash in clashes.clashes if clash.label is not None and not clash.pair]
print(f"{len(boards)} days of municipal boards are worth moving; these most:")
commitments = {commitment.id: commitment for commitment in problem.commitments}
for clash in boards[:3]:
    day = commitments[clash.commitments[0]].start.astimezone(problem.zone)
    moves = [f"{move.meeting} then {move.starts_at:%a %d %b %H:%M}" for move in clash.meetings]
    print(f"  {clash.label}, {day:%a %d %b}: {clash.gain:.2f} parties more ({', '.join(moves)})")

habit = explain(problem, "habit")
print("\nExpected absences over the year:")
for baseline in habit.rules:
    absences = baseline.expected_absences
    result = "no plan" if absences is None else f"{absences:.1f}"
    print(f"  {baseline.name:22} {result}")

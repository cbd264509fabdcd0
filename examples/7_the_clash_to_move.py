"""Ask why: run `python examples/7_the_clash_to_move.py`."""

from datetime import date
from pathlib import Path

from scheduler import Problem, explain
from scheduler.ical.folder import attach_calendars

EXAMPLE = Path(__file__).parent / "orebro-2027"
MEETING, THURSDAY = "kultur-2", date(2027, 4, 22)

problem, _ = attach_calendars(Problem.read((EXAMPLE / "problem.json").read_bytes()), EXAMPLE / "calendars")

heatmap = explain(problem, "heatmap")
dates = next(one.dates for one in heatmap.meetings if one.meeting == MEETING)
thursday = next(one for one in dates if one.date == THURSDAY)
print(f"{MEETING} on {THURSDAY:%a %d %b} instead would cost {thursday.cost:.2f} expected parties\n")

clashes = explain(problem, "clashes")
boards = [one for one in clashes.clashes if one.label is not None and not one.pair]
print(f"{len(boards)} days of municipal boards are worth moving; these most:")
commitments = {one.id: one for one in problem.commitments}
for clash in boards[:3]:
    when = commitments[clash.commitments[0]].start.astimezone(problem.zone)
    then = ", ".join(f"{one.meeting} then {one.starts_at:%a %d %b %H:%M}" for one in clash.meetings)
    print(f"  {clash.label}, {when:%a %d %b}: {clash.gain:.2f} parties more ({then})")

habit = explain(problem, "habit")
print("\nExpected absences over the year:")
for way in habit.rules:
    print(f"  {way.name:22} " + ("no plan" if way.expected_absences is None else f"{way.expected_absences:.1f}"))

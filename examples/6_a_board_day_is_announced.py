"""Repair a published plan after a new clash: run `python examples/6_a_board_day_is_announced.py`."""

import json
from pathlib import Path

from scheduler import Problem, propose
from scheduler.ical.folder import attach_calendars

EXAMPLE = Path(__file__).parent / "orebro-2027"
MOVE_COST = 0.25  # expected parties

document = json.loads((EXAMPLE / "problem.json").read_text())
problem, _ = attach_calendars(Problem.of(document), EXAMPLE / "calendars")
published = propose(problem, alternatives=1).proposals[0].starts

# Invented: the municipality of Lindesberg announces a board day on the date of a published meeting.
day = published["folkhalsa-2"].date()
council = problem.councils_by_id["folkhalsa"]
seat = next(seat for seat in council.seats if seat.party == "lindesberg")
board_day = [
    {
        "id": f"board-day-{person}",
        "person": person,
        "calendar": "board-day",
        "event": "board-day",
        "start": f"{day}T08:00",
        "end": f"{day}T17:00",
    }
    for person in seat.people
]
calendar = {"id": "board-day", "label": "Lindesberg, board day", "importance": 5}
changes = {
    "today": "2027-03-08",
    "calendars": [*problem.calendars, calendar],
    "commitments": [*problem.commitments, *board_day],
    "published": published,
}
fields = {name: getattr(problem, name) for name in Problem.model_fields}
changed = Problem.of(fields | changes)

answer = propose(changed, objective="repair", move_cost=MOVE_COST, alternatives=1)
repaired = answer.proposals[0]
print(f"{answer.status}: no plan is better when each move costs {MOVE_COST} parties\n")
for move in repaired.moves:
    before, after = (f"{start:%a %d %b %H:%M}" for start in (move.published, move.starts_at))
    remark = ": more than it costs" if move.gain > MOVE_COST else ""
    print(f"{move.meeting}: {before} → {after}, gains {move.gain:.2f} parties{remark}")

staying = [meeting for meeting in repaired.meetings if meeting.meeting not in repaired.moved]
frozen = [meeting for meeting in staying if meeting.notice_by and meeting.notice_by < changed.today]
print(f"\n{len(staying)} meetings stay, {len(frozen)} of them frozen because their notice was due:")
for meeting in sorted(frozen, key=lambda meeting: meeting.starts_at):
    print(f"  {meeting.meeting}: {meeting.starts_at:%a %d %b %H:%M}")

"""Read a calendar, and see how it moves a date: run `python examples/4_read_a_calendar.py`."""

import tempfile
from pathlib import Path

from scheduler import Problem, propose
from scheduler.ical.folder import attach_calendars

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Example//EN
BEGIN:VEVENT
UID:tuesdays@example.org
DTSTAMP:20270101T000000Z
DTSTART;TZID=Europe/Stockholm:20270302T080000
DTEND;TZID=Europe/Stockholm:20270302T120000
RRULE:FREQ=WEEKLY;COUNT=4
SUMMARY:this title is never kept
END:VEVENT
END:VCALENDAR
"""

problem = Problem.of(
    {
        "title": "One party, one week",
        "timezone": "Europe/Stockholm",
        "horizon": {"start": "2027-03-01", "end": "2027-03-05"},
        "today": "2027-02-01",
        "parties": [{"id": "nora", "name": "Nora kommun"}],
        "people": [{"id": "p1", "party": "nora", "name": "ledamot, Nora"}],
        "councils": [{"id": "kultur", "name": "Kultur", "seats": [{"party": "nora", "member": "p1"}]}],
        "meetings": [
            {"id": "m1", "council": "kultur", "duration_minutes": 60, "starts": ["10:00"], "weekdays": ["TU", "WE"]}
        ],
    }
)

with tempfile.TemporaryDirectory() as folder:
    (Path(folder) / "p1.ics").write_bytes(CALENDAR.replace("\n", "\r\n").encode())
    informed, reports = attach_calendars(problem, Path(folder))

print(f"Read {reports[0].file}: {reports[0].num_busy} busy times in the week")
for name, question in (("before", problem), ("after", informed)):
    meeting = propose(question, alternatives=1).proposals[0].meetings[0]
    outlook = meeting.parties[0]
    print(f"{name:6}: {meeting.starts_at:%A}, {outlook.probability:.0%} likely, evidence: {outlook.evidence}")

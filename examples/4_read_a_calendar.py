"""Read a calendar, and compare the plan before and after: run `python examples/4_read_a_calendar.py`."""

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
SUMMARY:titles are not kept
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
    # The file is named after the person whose calendar it is. Line ends are CRLF (RFC 5545, section 3.1).
    file = Path(folder) / "p1.ics"
    file.write_bytes(CALENDAR.replace("\n", "\r\n").encode())
    with_calendar, evidence = attach_calendars(problem, Path(folder))

source = evidence.sources[0]
print(f"Read {source.name}: {source.num_busy} busy times in the week")
for name, variant in (("before", problem), ("after", with_calendar)):
    proposals = propose(variant, alternatives=1)
    meeting = proposals.proposals[0].meetings[0]
    outlook = meeting.parties[0]
    print(f"{name:6}: {meeting.starts_at:%A}, {outlook.probability:.0%} likely, evidence: {outlook.evidence}")

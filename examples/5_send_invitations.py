"""Write invitations, move the meeting, and write them again: run `python examples/5_send_invitations.py`."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.ical.write.feed import plan_calendar
from scheduler.ical.write.invitation import Content, Receiver, request
from scheduler.ical.write.revision import revise

start = datetime(2027, 3, 4, 9, tzinfo=ZoneInfo("Europe/Stockholm"))
one_week = timedelta(days=7)

meeting = Content(
    meeting="kultur-1",
    summary="Samverkansråd för kultur",
    description="Sammanträde 1 av 3.",
    location="Regionens hus, Örebro",
    timezone="Europe/Stockholm",
    starts_at=start,
    ends_at=start + timedelta(hours=3),
    organizer_name="Kansliet",
    organizer_email="kansli@region.example",
)
member = Receiver(person="p1", name="ledamot, Lindesberg", email="ledamot@lindesberg.example")
receivers = {"kultur-1": [member]}

first_plan = revise({}, [meeting], receivers, today=date(2026, 11, 22))
print(request(first_plan["kultur-1"], member).decode())

new_times = {"starts_at": meeting.starts_at + one_week, "ends_at": meeting.ends_at + one_week}
moved_meeting = meeting.model_copy(update=new_times)
second_plan = revise(first_plan, [moved_meeting], receivers, today=date(2026, 12, 1))

for revision in (first_plan["kultur-1"], second_plan["kultur-1"]):
    print(f"{revision.content.starts_at:%d %B}: UID {revision.uid}, SEQUENCE {revision.sequence}")
feed = plan_calendar(second_plan.values(), "Sammanträdesplan 2027")
print(f"\nThe year as one calendar: {len(feed)} octets")

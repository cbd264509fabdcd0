"""Write invitations, move the meeting, and write them again: run `python examples/5_send_invitations.py`."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.ical.write.feed import plan_calendar
from scheduler.ical.write.invitation import Content, Receiver, request
from scheduler.ical.write.revision import revise

start = datetime(2027, 3, 4, 9, tzinfo=ZoneInfo("Europe/Stockholm"))
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

sent = revise({}, [meeting], {"kultur-1": [member]}, today=date(2026, 11, 22))
print(request(sent["kultur-1"], member).decode())

moved = meeting.model_copy(
    update={"starts_at": start + timedelta(days=7), "ends_at": start + timedelta(days=7, hours=3)}
)
again = revise(sent, [moved], {"kultur-1": [member]}, today=date(2026, 12, 1))
for revision in (sent["kultur-1"], again["kultur-1"]):
    print(f"{revision.content.starts_at:%d %B}: UID {revision.uid}, SEQUENCE {revision.sequence}")
print(f"\nThe year as one calendar: {len(plan_calendar(again.values(), 'Sammanträdesplan 2027'))} octets")

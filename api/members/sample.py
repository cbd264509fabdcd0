"""The invented council of a new folder that is not filled from a list of members, and a sample calendar."""

from datetime import date, timedelta

from api.i18n import Language
from api.members.entries import MemberEntry
from api.members.table import Row

ORGANIZER_ADDRESS = "kansli@example.org"

_PEOPLE: dict[Language, tuple[tuple[str, str, str], ...]] = {
    "sv": (
        ("Norrby kommun", "Anna Ek", "Bo Lind"),
        ("Söderby kommun", "Cecilia Berg", "David Ström"),
        ("Österby kommun", "Eva Holm", "Filip Sjö"),
        ("Västerby kommun", "Gun Dahl", "Hans Åberg"),
    ),
    "en": (
        ("Northam", "Ann Oak", "Ben Field"),
        ("Southam", "Carol Hill", "David Stream"),
        ("Eastham", "Eve Holm", "Frank Lake"),
        ("Westham", "Gwen Dale", "Henry Brook"),
    ),
}

_CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tretton//sample//EN
BEGIN:VEVENT
UID:sample-1@example.org
DTSTAMP:{stamp}T000000Z
DTSTART;TZID=Europe/Stockholm:{first}T080000
DTEND;TZID=Europe/Stockholm:{first}T120000
RRULE:FREQ=WEEKLY;COUNT=52
END:VEVENT
END:VCALENDAR
"""


def sample_entries(language: Language) -> list[MemberEntry]:
    """Return a member and a substitute of four municipalities; the first member is the chair."""
    entries: list[MemberEntry] = []
    for number, (party, member, substitute) in enumerate(_PEOPLE[language], start=1):
        row = Row(number, (party, member, substitute))
        entries.append(MemberEntry(row, "", party, "member", member, _address(number, "a"), is_chair=number == 1))
        entries.append(MemberEntry(row, "", party, "substitute", substitute, _address(number, "b")))
    return entries


def sample_calendar(year: int, today: date) -> bytes:
    """Return a calendar with a morning meeting on every Monday of a year."""
    new_year = date(year, 1, 1)
    first = new_year + timedelta(days=-new_year.weekday() % 7)
    text = _CALENDAR.format(stamp=f"{today:%Y%m%d}", first=f"{first:%Y%m%d}")
    return text.replace("\n", "\r\n").encode()


def _address(number: int, letter: str) -> str:
    return f"{letter}{number}@example.org"

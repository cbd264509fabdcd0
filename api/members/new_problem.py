"""Make the problem document of a year from the entries of a list of members."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from api.members.entries import MemberEntry
from api.members.reader import name_key, person_key, seat_key

JULY = 7
DURATION_MINUTES = 180
STARTS = ("09:00", "13:00")
MIN_SPACING_DAYS = 14
NOTICE_DAYS = 14
MAX_SLUG = 40  # characters of a party's, a person's or a council's name that are kept in an id

Json = dict[str, Any]
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Terms:
    """
    What a list of members does not say.

    Attributes
    ----------
    name
        The name of the plan, and of the council when the list has no column for councils.
    months
        The months in which meetings may take place, and the year; see :func:`months_to_plan`.
    num_meetings
        The number of meetings of each council, at most one a month.
    summer_break
        The reason why nobody meets in July.
    organizer
        The name and address of the sender of the invitations; None when there is none yet.
    """

    name: str
    today: date
    year: int
    months: Sequence[int]
    num_meetings: int
    summer_break: str
    organizer: tuple[str, str] | None = None


def months_to_plan(year: int, today: date) -> list[int]:
    """Return the months of ``year`` that begin after ``today``, without July."""
    return [month for month in range(1, 13) if month != JULY and date(year, month, 1) > today]


def build_document(entries: Sequence[MemberEntry], terms: Terms) -> Json:
    """Return a problem document in which every council meets equally often over the year."""
    ids = _Ids()
    parties = _first_by_key(entries, lambda entry: name_key(entry.party))
    people = _first_by_key((entry for entry in entries if entry.name), person_key)
    councils = _first_by_key(entries, lambda entry: name_key(entry.council))
    party_ids = {key: ids.new(key) for key in parties}
    person_ids = {key: ids.new(party_ids[key[0]], entry.name or "") for key, entry in people.items()}
    council_ids = {key: ids.new(entry.council or terms.name) for key, entry in councils.items()}
    emails = {person_key(entry): entry.email for entry in entries if entry.name and entry.email}

    document: Json = {
        "title": f"{terms.name} {terms.year}",
        "timezone": "Europe/Stockholm",
        "horizon": {"start": f"{terms.year}-{terms.months[0]:02}-01", "end": f"{terms.year}-12-31"},
        "today": terms.today.isoformat(),
        "holidays": "SE",
        "parties": [{"id": party_ids[key], "name": entry.party} for key, entry in parties.items()],
        "people": [
            {
                "id": person_ids[key],
                "party": party_ids[key[0]],
                "name": entry.name,
                **({"email": emails[key]} if key in emails else {}),
            }
            for key, entry in people.items()
        ],
        "councils": [],
        "meetings": [],
        "blackouts": [{"start": f"{terms.year}-07-01", "end": f"{terms.year}-07-31", "reason": terms.summer_break}],
    }
    for key, first in councils.items():
        own_entries = [entry for entry in entries if name_key(entry.council) == key]
        seats = _seats(own_entries, party_ids, person_ids)
        chairs = [person_ids[person_key(entry)] for entry in own_entries if entry.is_chair and entry.name]
        document["councils"].append(_council(council_ids[key], first.council or terms.name, seats, chairs, terms))
        document["meetings"].extend(_meetings(council_ids[key], terms))
    return document


def _council(council_id: str, name: str, seats: list[Json], chairs: list[str], terms: Terms) -> Json:
    council: Json = {"id": council_id, "name": name, "quorum": len(seats) // 2 + 1}
    if terms.organizer is not None:
        organizer_name, address = terms.organizer
        council["organizer"] = {"name": organizer_name, "email": address}
    if chairs:
        council["chair"] = chairs[0]
    return {**council, "spacing_days": {"min": MIN_SPACING_DAYS}, "seats": seats}


def _seats(
    entries: Sequence[MemberEntry], party_ids: dict[str, str], person_ids: dict[tuple[str, str], str]
) -> list[Json]:
    seats: list[Json] = []
    for (_, party), first in _first_by_key(entries, seat_key).items():
        own = [entry for entry in entries if seat_key(entry) == seat_key(first)]
        members = [person_ids[person_key(entry)] for entry in own if entry.role == "member" and entry.name]
        substitutes = [entry for entry in own if entry.role == "substitute" and entry.name]
        # Sorting is stable: people without a number stay in the order of the list.
        called_in = [person_ids[person_key(entry)] for entry in sorted(substitutes, key=lambda entry: entry.order)]
        seats.append({"party": party_ids[party], "member": members[0] if members else None, "substitutes": called_in})
    return seats


def _meetings(council_id: str, terms: Terms) -> list[Json]:
    """Return meetings in windows of whole months that divide the year evenly."""
    meetings: list[Json] = []
    bounds = [len(terms.months) * index // terms.num_meetings for index in range(terms.num_meetings + 1)]
    for number in range(1, terms.num_meetings + 1):
        months = terms.months[bounds[number - 1] : bounds[number]]
        meetings.append(
            {
                "id": f"{council_id}-{terms.year}-{number}",
                "council": council_id,
                "duration_minutes": DURATION_MINUTES,
                "window": {
                    "start": f"{terms.year}-{months[0]:02}-01",
                    "end": _last_day(terms.year, months[-1]).isoformat(),
                },
                "starts": list(STARTS),
                "notice_days": NOTICE_DAYS,
            }
        )
    return meetings


def _last_day(year: int, month: int) -> date:
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return first_of_next - timedelta(days=1)


def _first_by_key(entries: Iterable[MemberEntry], key: Callable[[MemberEntry], Key]) -> dict[Key, MemberEntry]:
    first: dict[Key, MemberEntry] = {}
    for entry in entries:
        first.setdefault(key(entry), entry)
    return first


class _Ids:
    """New ids of plain letters, since they become file names; no id is given twice."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def new(self, *texts: str) -> str:
        """Return an id made of texts, with a number behind it when it is taken."""
        stem = "-".join(filter(None, map(_slug, texts))) or "id"
        candidate = stem
        number = 1
        while candidate in self._used:
            number += 1
            candidate = f"{stem}-{number}"
        self._used.add(candidate)
        return candidate


def _slug(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    plain = decomposed.encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:MAX_SLUG].strip("-")

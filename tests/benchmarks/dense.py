"""Seeded instances of dense bodies, in which most meetings share somebody: parliaments, conferences, polls."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from random import Random

from scheduler import Problem
from scheduler.days import WEEKDAYS, days_between
from tests.builders import Json

YEAR = 2027
MONTHS = (1, 2, 3, 4, 5, 6, 8, 9, 10, 11)
SITTING_DAYS = ("TU", "WE", "TH")
IMPORTANCES = (1, 2, 3, 3, 4, 5)
RATES = (0.85, 0.99)
FIRST_DAY = date(YEAR, 3, 1)  # of conferences and polls, a Monday


@dataclass(frozen=True)
class Parliament:
    """
    Committees that meet once a month, and subcommittees drawn from their members, in one chamber or several.

    ``bodies`` is the range of the number of committees that a person is drawn into.
    """

    people: int
    committees: int
    subcommittees: int
    chambers: int
    months: int
    starts: tuple[str, ...]
    bodies: tuple[int, int] = (3, 5)


@dataclass(frozen=True)
class Conference:
    """Sessions of 30 to 90 minutes, each with some people who must be there and some who would like to be."""

    sessions: int
    people: int
    rooms: int
    days: int


@dataclass(frozen=True)
class Poll:
    """Some meetings of many people in one week."""

    meetings: int
    people: int


Kind = Parliament | Conference | Poll

DENSE: Mapping[str, Mapping[str, Kind]] = {
    "parliament": {
        "tiny": Parliament(8, 4, 0, 1, 1, ("13:00",), (2, 3)),
        "committees": Parliament(100, 21, 0, 1, 10, ("09:00", "13:00", "16:00")),
        "subcommittees": Parliament(100, 21, 8, 1, 10, ("09:00", "13:00", "16:00")),
        "two chambers": Parliament(400, 64, 20, 2, 10, ("09:00", "13:00", "16:00")),
    },
    "conference": {
        "tiny": Conference(4, 10, 2, 1),
        "50 sessions": Conference(50, 60, 4, 2),
        "100 sessions": Conference(100, 100, 5, 3),
        "200 sessions": Conference(200, 180, 7, 4),
    },
    "poll": {
        "tiny": Poll(2, 8),
        "one meeting": Poll(1, 300),
        "5 meetings": Poll(5, 60),
        "12 meetings": Poll(12, 120),
    },
}


def dense_instance(kind: str, size: str, seed: int) -> Problem:
    """Return the instance of this kind, size and seed; equal arguments give equal instances."""
    return Problem.of(dense_document(kind, size, seed))


def dense_document(kind: str, size: str, seed: int) -> Json:
    """Return the JSON of an instance."""
    drawn = Random(f"{kind}, {size}, seed {seed}")  # noqa: S311  # no secrets
    body = DENSE[kind][size]
    if isinstance(body, Parliament):
        return _parliament(body, drawn)
    if isinstance(body, Conference):
        return _conference(body, drawn)
    return _poll(body, drawn)


def crowded_document(kind: str, size: str, seed: int) -> Json:
    """
    Return an infeasible variant of an instance: one person sits in more meetings than their time has moments.

    The person is a member of every council of a parliament or a poll, and of a third of a conference's sessions.
    """
    document = dense_document(kind, size, seed)
    drawn = Random(f"{kind}, {size}, seed {seed}, crowded")  # noqa: S311  # no secrets
    councils = document["councils"]
    chosen = drawn.sample(councils, len(councils) if kind != "conference" else max(3, len(councils) // 3))
    document["parties"].append({"id": "everywhere", "name": "talman"})
    document["people"].append(_person("everywhere", drawn))
    for council in chosen:
        council["seats"].append({"party": "everywhere", "member": "everywhere", "substitutes": []})
    ids = {council["id"] for council in chosen}
    meetings = [meeting for meeting in document["meetings"] if meeting["council"] in ids]
    # Meetings of one window, on so few days that there are fewer starts than meetings.
    first = min(meeting["window"]["start"] for meeting in meetings)
    together = [meeting for meeting in meetings if meeting["window"]["start"] == first]
    for meeting in together:
        meeting["starts"] = list(document["meetings"][0]["starts"])
        meeting["duration_minutes"] = 60 if kind != "parliament" else meeting["duration_minutes"]
    num_days = max(1, (len(together) - 1) // len(together[0]["starts"]))
    days = _days_of(together[0]["window"], together[0]["weekdays"])[:num_days]
    for meeting in together:
        meeting["starts"] = meeting["starts"][: max(1, (len(together) - 1) // num_days)]
        meeting["window"] = {"start": days[0].isoformat(), "end": days[-1].isoformat()}
    return document


def _days_of(window: Json, weekdays: Sequence[str]) -> list[date]:
    first, last = date.fromisoformat(window["start"]), date.fromisoformat(window["end"])
    return [day for day in days_between(first, last) if WEEKDAYS[day.weekday()] in weekdays]


def _parliament(body: Parliament, drawn: Random) -> Json:
    people = [f"p{number}" for number in range(body.people)]
    members = dict(_members(body, people, drawn))
    windows = [_month(month) for month in MONTHS[: body.months]]
    if body.months == 1:
        windows = [(windows[0][0], windows[0][0] + timedelta(days=13))]
    meetings = [
        {
            "id": f"{council}-{number}",
            "council": council,
            "duration_minutes": 120,
            "window": _range(*window),
            "weekdays": list(SITTING_DAYS),
            "starts": list(body.starts),
            "importance": drawn.choice((3, 4)),
        }
        for council in members
        for number, window in enumerate(windows, start=1)
    ]
    horizon = (windows[0][0], windows[-1][1])
    councils = [
        {"id": council, "name": f"utskott {council}", "seats": _seats(seated), "spacing_days": {"min": 10, "max": 80}}
        for council, seated in members.items()
    ]
    return _document("Ett parlament", horizon, people, councils, meetings, drawn)


def _members(body: Parliament, people: Sequence[str], drawn: Random) -> Iterator[tuple[str, list[str]]]:
    """Yield the committees and subcommittees with their members."""
    committees: dict[str, list[str]] = {f"c{number}": [] for number in range(body.committees)}
    for number, person in enumerate(people):
        own = [
            committee for index, committee in enumerate(committees) if index % body.chambers == number % body.chambers
        ]
        for committee in drawn.sample(own, min(len(own), drawn.randint(*body.bodies))):
            committees[committee].append(person)
    yield from committees.items()
    for number in range(body.subcommittees):
        parent = drawn.choice(list(committees))
        seated = committees[parent]
        yield f"s{number}", drawn.sample(seated, max(2, len(seated) // 2))


def _conference(body: Conference, drawn: Random) -> Json:
    people = [f"p{number}" for number in range(body.people)]
    days = (FIRST_DAY, FIRST_DAY + timedelta(days=body.days - 1))
    starts = [f"{hour:02d}:{minute}" for hour, minute in product(range(9, 17), ("00", "30"))]
    councils = []
    meetings = []
    for number in range(body.sessions):
        required = drawn.sample(people, drawn.randint(3, 6))
        others = [person for person in people if person not in required]
        interested = drawn.sample(others, min(len(others), drawn.randint(3, 8)))
        council = f"s{number}"
        councils.append({"id": council, "name": f"session {number}", "seats": _seats(required, interested)})
        meetings.append(
            {
                "id": f"{council}-1",
                "council": council,
                "duration_minutes": drawn.choice((30, 60, 60, 90)),
                "window": _range(*days),
                "weekdays": list(WEEKDAYS[:5]),
                "starts": starts,
                "venue": "hall",
            }
        )
    venues = [{"id": "hall", "name": "konferensen", "rooms": body.rooms}]
    return _document("En konferens", days, people, councils, meetings, drawn) | {"venues": venues}


def _poll(body: Poll, drawn: Random) -> Json:
    people = [f"p{number}" for number in range(body.people)]
    week = (FIRST_DAY, FIRST_DAY + timedelta(days=4))
    hours = range(8, 17) if body.people > 8 else range(8, 16, 4)
    councils = []
    meetings = []
    for number in range(body.meetings):
        council = f"m{number}"
        seated = drawn.sample(people, max(2, round(0.6 * len(people))))
        councils.append({"id": council, "name": f"möte {number}", "seats": _seats(seated)})
        meetings.append(
            {
                "id": f"{council}-1",
                "council": council,
                "duration_minutes": drawn.choice((60, 60, 120)),
                "window": _range(*week),
                "weekdays": list(WEEKDAYS[:5]),
                "starts": [f"{hour:02d}:00" for hour in hours],
            }
        )
    return _document("En omröstning", week, people, councils, meetings, drawn)


def _document(
    title: str,
    horizon: tuple[date, date],
    people: Sequence[str],
    councils: list[Json],
    meetings: list[Json],
    drawn: Random,
) -> Json:
    busy = [commitment for person in people for commitment in _commitments(person, horizon, drawn)]
    return {
        "title": title,
        "timezone": "Europe/Stockholm",
        "horizon": _range(*horizon),
        "today": f"{YEAR - 1}-11-22",
        "parties": [{"id": person, "name": f"ledamot {person}"} for person in people],
        "people": [_person(person, drawn) for person in people],
        "commitments": busy,
        "councils": councils,
        "meetings": meetings,
    }


def _person(person: str, drawn: Random) -> Json:
    """Return a person with a party of their own: every member of a dense body counts."""
    return {
        "id": person,
        "party": person,
        "name": f"ledamot {person}",
        "attendance_rate": round(drawn.uniform(*RATES), 4),
        "known": [_range(date(YEAR, 1, 1), date(YEAR, 12, 31))],
    }


def _seats(members: Sequence[str], interested: Sequence[str] = ()) -> list[Json]:
    """Return the seats of members, who cannot be in two meetings at once, and of others, who are not bound."""
    return [
        *({"party": person, "member": person, "substitutes": []} for person in members),
        *({"party": person, "member": None, "substitutes": [person]} for person in interested),
    ]


def _commitments(person: str, horizon: tuple[date, date], drawn: Random) -> Iterator[Json]:
    """Yield a person's busy time: half a day every week, and half of a day of ten, of any importance."""
    every_week = (drawn.randrange(5), drawn.choice((8, 13)))
    importance = drawn.choice(IMPORTANCES)
    for number, day in enumerate(days_between(*horizon)):
        is_weekly = day.weekday() == every_week[0]
        if is_weekly or (day.weekday() < 5 and drawn.random() < 0.3):
            hour = every_week[1] if is_weekly else drawn.choice((8, 13))
            yield {
                "id": f"{person}/{number}",
                "person": person,
                "start": f"{day.isoformat()}T{hour:02d}:00",
                "end": f"{day.isoformat()}T{hour + 4:02d}:00",
                "importance": importance if is_weekly else drawn.choice(IMPORTANCES),
            }


def _month(month: int) -> tuple[date, date]:
    following = date(YEAR, month + 1, 1)
    return date(YEAR, month, 1), following - timedelta(days=1)


def _range(first: date, last: date) -> Json:
    return {"start": first.isoformat(), "end": last.isoformat()}

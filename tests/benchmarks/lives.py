"""Commitments of the persons of seeded instances: boards, weekly work, appointments, absences."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.builders import Json

Span = tuple[date, date]

ZONE = ZoneInfo("Europe/Stockholm")
BOARDS = 3  # of a municipality
WEEKDAYS_OF_BOARDS = (85, 93, 132, 53, 3)  # observed meetings of the boards of one county, Monday to Friday
APPOINTMENTS = 30
WEEKS_WORKED = 44


@dataclass(frozen=True)
class Board:
    """The meetings of a municipal board: a fixed weekday of the month, at 9 or 13."""

    calendar: Json
    weekday: int
    ordinal: int
    start: time
    hours: int

    def meetings(self, year: int) -> Iterator[datetime]:
        """Yield the starts, one a month except in July."""
        for month in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12):
            first = date(year, month, 1)
            offset = (self.weekday - first.weekday()) % 7 + 7 * (self.ordinal - 1)
            yield datetime.combine(first + timedelta(days=offset), self.start, ZONE)


def municipal_boards(party: str, chance: Random) -> list[Board]:
    """Return the boards of the municipality, with an importance from 3 to 5."""
    return [
        Board(
            {"id": f"{party}-n{number}", "label": f"nämnd {number}", "importance": chance.choice((3, 4, 4, 5))},
            chance.choices(range(5), WEEKDAYS_OF_BOARDS)[0],
            chance.randint(1, 4),
            time(chance.choice((9, 13))),
            chance.choice((3, 4)),
        )
        for number in range(BOARDS)
    ]


def commitments_of(
    people: Sequence[Json], boards: Mapping[str, Sequence[Board]], horizon: Span, chance: Random
) -> Iterator[Json]:
    """Yield every person's commitments; persons without a known calendar have none."""
    occurrences = {party: _occurrences(series, horizon[0].year) for party, series in boards.items()}
    for person in people:
        if person["known"]:
            series = chance.sample(occurrences[person["party"]], chance.randint(1, 2))
            busy = [
                *(meeting for meetings in series for meeting in meetings),
                *_work(horizon, chance),
                *_appointments(horizon, chance),
                *_away(horizon, chance),
            ]
            for number, one in enumerate(busy):
                yield {"id": f"{person['id']}/{number}", "person": person["id"], **one}


def _occurrences(boards: Sequence[Board], year: int) -> list[list[Json]]:
    return [
        [
            {
                **_time(start, timedelta(hours=board.hours)),
                "calendar": board.calendar["id"],
                "event": f"{board.calendar['id']}-{start:%m%d}",
            }
            for start in board.meetings(year)
        ]
        for board in boards
    ]


def _work(horizon: Span, chance: Random) -> Iterator[Json]:
    """Yield a half-day of work in most weeks, for 60 % of the persons."""
    if chance.random() < 0.6:
        monday = horizon[0] - timedelta(days=horizon[0].weekday())
        day, start = timedelta(days=chance.randrange(5)), time(chance.choice((8, 9, 13, 14)))
        importance = chance.choice((2, 2, 3))
        for week in sorted(chance.sample(range(48), WEEKS_WORKED)):
            held = datetime.combine(monday + timedelta(weeks=week) + day, start, ZONE)
            yield {**_time(held, timedelta(hours=4)), "importance": importance}


def _appointments(horizon: Span, chance: Random) -> Iterator[Json]:
    for _ in range(APPOINTMENTS):
        day = horizon[0] + timedelta(days=chance.randrange((horizon[1] - horizon[0]).days))
        start = datetime.combine(day, time(chance.randint(8, 17)), ZONE)
        yield {**_time(start, timedelta(hours=chance.randint(1, 3))), "importance": chance.choice((2, 3, 3, 4, 5))}


def _away(horizon: Span, chance: Random) -> Iterator[Json]:
    for _ in range(chance.randint(1, 3)):
        day = horizon[0] + timedelta(days=chance.randrange((horizon[1] - horizon[0]).days))
        start = datetime.combine(day, time(), ZONE)
        yield {**_time(start, timedelta(days=chance.randint(4, 10))), "kind": "busy_unavailable"}


def _time(start: datetime, length: timedelta) -> Json:
    return {"start": start.isoformat(), "end": (start + length).isoformat()}

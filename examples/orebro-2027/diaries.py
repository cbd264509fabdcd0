"""Generate the personal calendars: work, party groups, drafting meetings, leave and entries that take no time."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from bodies import Body
from dialects import Entry, Kind
from seats import Person
from year import FIRST, LAST, ONE_DAY, WEEKDAYS, Year, choose, local_time, random_stream, weekday_of_month

ONE_WEEK = timedelta(weeks=1)

_OCCUPATIONS = {"half week": 0.60, "two days": 0.20, "politics": 0.10, "retired": 0.10}
_NUM_SINGLE_MEETINGS = {"half week": 8, "two days": 10, "politics": 40, "retired": 22}
_WEEKDAY_WEIGHTS = (0.22, 0.24, 0.24, 0.17, 0.13)
_BUDGET_MONTHS = (5, 10, 11)
_BUDGET_WEIGHT = 1.6
_HOURS = (("08:30", "10:00"), ("09:00", "12:00"), ("10:00", "11:00"), ("13:00", "15:00"), ("13:00", "16:00"),
          ("14:00", "15:00"), ("15:00", "16:30"))  # fmt: skip
_HALF_DAY_HOURS = (("09:00", "11:30"), ("13:15", "15:00"))
_FREE_DAYS = {"half week": ("TU", "WE", "TH"), "two days": ("MO", "FR"), "politics": ("TH",), "retired": ("WE", "FR")}
_TITLES = ("Möte", "Besök", "Samråd", "Arbetsgrupp", "Studiebesök", "Dialogmöte", "Tandläkare", "Intervju")
_NETWORKS = ((1, "TH"), (3, "TH"), (2, "TU"), (4, "WE"), (1, "MO"), (2, "FR"), (-1, "FR"))
_TERMS = ((FIRST, 22), (date(2027, 8, 16), 18))  # first Monday, number of weeks
_MONTHS = (2, 3, 4, 5, 6, 9, 10, 11, 12)
_WEEKS_OFF = (date(2027, 2, 22), date(2027, 3, 22), date(2027, 4, 5), date(2027, 5, 10), date(2027, 9, 20),
              date(2027, 11, 1))  # fmt: skip


def personal_entries(person: Person, bodies: list[Body], year: Year, *, is_chair: bool) -> list[Entry]:
    """Return the entries of the personal calendar of ``person``; meetings of boards are in the boards' calendars."""
    rng = random_stream("diary", person.id)
    occupation = "politics" if is_chair else choose(rng, tuple(_OCCUPATIONS), tuple(_OCCUPATIONS.values()))
    builder = _EntryBuilder(person, year, rng)
    entries = [
        *_recurring(builder, occupation),
        *_party_days(builder),
        *_politics(builder, bodies),
        *builder.single_meetings(_NUM_SINGLE_MEETINGS[occupation]),
        *_leave(builder),
        *_non_blocking(builder),
    ]
    # Two draws may give the same event: keep the later entry.
    unique_entries = {(entry.key, entry.recurrence_id): entry for entry in entries}
    return list(unique_entries.values())


class _EntryBuilder:
    """Build the entries of a person: keys are unique, series exclude holidays, all draws use the generator ``rng``."""

    def __init__(self, person: Person, year: Year, rng: Random) -> None:
        self.person, self.year, self.rng = person, year, rng

    def once(self, title: str, day: date, hours: tuple[str, str], kind: Kind = "busy") -> Entry:
        key = f"{self.person.id}/{title}/{day}/{hours[0]}"
        return Entry(key, title, local_time(day, hours[0]), local_time(day, hours[1]), kind)

    def whole_days(self, title: str, first: date, last: date, kind: Kind) -> Entry:
        return Entry(f"{self.person.id}/{title}/{first}", title, first, last + ONE_DAY, kind)

    def series(self, title: str, rule: str, days: list[date], hours: tuple[str, str]) -> list[Entry]:
        """
        Return a series on ``days`` that excludes holidays.

        With probability 1/3, an entry follows that moves an occurrence of the series.
        """
        start, end = hours
        excluded = tuple(local_time(day, start) for day in days if day in self.year.holidays)
        key = f"{self.person.id}/{title}/{rule}/{days[0]}"
        series = Entry(
            key,
            title,
            start=local_time(days[0], start),
            end=local_time(days[0], end),
            rule=rule,
            until=local_time(days[-1], start),
            excluded=excluded,
        )
        if self.rng.random() >= 1 / 3:
            return [series]
        day = choose(self.rng, [day for day in days[1:] if day not in self.year.holidays])
        new_day = self.year.working_day_from(day + ONE_DAY)
        moved = Entry(
            key,
            title,
            start=local_time(new_day, start),
            end=local_time(new_day, end),
            recurrence_id=local_time(day, start),
        )
        return [series, moved]

    def weekly(self, title: str, weekdays: tuple[str, ...], hours: tuple[str, str], interval: int = 1) -> list[Entry]:
        """Return a series for each half of the year; weekly entries pause in the summer."""
        offsets = [WEEKDAYS.index(weekday) for weekday in weekdays]
        step = f"INTERVAL={interval};" if interval > 1 else ""
        rule = f"FREQ=WEEKLY;{step}BYDAY={','.join(weekdays)}"
        entries = []
        for monday, num_weeks in _TERMS:
            week_offsets = range(0, 7 * num_weeks, 7 * interval)
            days = [monday + timedelta(days=week + offset) for week in week_offsets for offset in offsets]
            entries += self.series(title, rule, days, hours)
        return entries

    def monthly(self, title: str, ordinal: int, weekday: str, hours: tuple[str, str]) -> list[Entry]:
        days = [weekday_of_month(month, weekday, ordinal) for month in _MONTHS]
        months = ",".join(map(str, _MONTHS))
        rule = f"FREQ=MONTHLY;BYMONTH={months};BYDAY={ordinal}{weekday}"
        return self.series(title, rule, [day for day in days if day <= LAST], hours)

    def single_meetings(self, number: int) -> Iterator[Entry]:
        """Yield at most ``number`` single meetings, more of them in the months of the budget."""
        days = self.year.working_days()
        weights = []
        for day in days:
            month_weight = _BUDGET_WEIGHT if day.month in _BUDGET_MONTHS else 1.0
            weights.append(_WEEKDAY_WEIGHTS[day.weekday()] * month_weight)
        seen = set()
        for _ in range(number):
            day = choose(self.rng, days, weights)
            hours = choose(self.rng, _HOURS)
            if (day, hours[0]) not in seen:
                seen.add((day, hours[0]))
                yield self.once(choose(self.rng, _TITLES), day, hours)


def _recurring(builder: _EntryBuilder, occupation: str) -> Iterator[Entry]:
    """Yield the recurring entries of an occupation, and with probability 1/2 those of a network."""
    rng = builder.rng
    if occupation == "half week":
        yield from builder.weekly("Arbete", ("MO", "FR"), (choose(rng, ("07:00", "08:00")), "15:00"))
    elif occupation == "two days":
        yield from builder.weekly("Arbete", choose(rng, (("TU", "WE"), ("TU", "TH"), ("WE", "TH"))), ("08:00", "16:00"))
    elif occupation == "politics":
        yield from builder.weekly("Ledningsgrupp", ("MO",), ("08:30", "10:00"))
        yield from builder.weekly("Presidium", ("TU",), ("13:00", "15:00"), interval=2)
    else:
        yield from builder.weekly("Träning", (choose(rng, ("TU", "WE")),), ("09:30", "11:00"))
        yield from builder.weekly("Studiecirkel", (choose(rng, ("MO", "TH")),), ("18:00", "20:00"), interval=2)
    weekday = choose(rng, _FREE_DAYS[occupation])
    yield from builder.weekly("Arbetsgrupp", (weekday,), choose(rng, _HALF_DAY_HOURS), interval=2)
    if rng.random() < 0.5:
        ordinal, weekday = choose(rng, _NETWORKS)
        yield from builder.monthly("Nätverksmöte", ordinal, weekday, choose(rng, _HALF_DAY_HOURS))


def _party_days(builder: _EntryBuilder) -> Iterator[Entry]:
    """
    Yield the course, budget and dialogue days of the party.

    The dates are the same for all people of a party, so the member and the substitute are absent together.
    """
    year = builder.year
    party = builder.person.party
    common_rng = random_stream("party days", party)
    plan = (
        ("Utbildning för förtroendevalda", date(2027, 1, 18), date(2027, 2, 19), 2),
        ("Budgetdag", date(2027, 5, 3), date(2027, 6, 4), 1),
        ("Dialogdag", date(2027, 9, 6), date(2027, 10, 8), 1),
        ("Budgetdag", date(2027, 10, 11), date(2027, 11, 19), 2),
    )
    for title, first, last, number in plan:
        days = [day for day in year.working_days(first, last) if party != "region" or day.weekday() != 4]
        for _ in range(number):
            day = choose(common_rng, days)
            if builder.rng.random() < 0.8:
                yield builder.once(title, day, ("08:30", "16:00"))


def _politics(builder: _EntryBuilder, bodies: list[Body]) -> Iterator[Entry]:
    """Yield the evenings of the party group (assembly) and, with probability 0.3, the drafting meetings of boards."""
    is_in_drafting_committee = builder.rng.random() < 0.3
    for body in bodies:
        if body.kind == "assembly":
            weekday = choose(builder.rng, ("MO", "TU", "TH"))
            yield from builder.monthly("Gruppmöte", choose(builder.rng, (1, 2, 3)), weekday, ("18:00", "20:30"))
        elif is_in_drafting_committee and body.kind == "board":
            for sitting in body.sittings:
                day = builder.year.working_day_from(sitting.start.date() - 2 * ONE_WEEK)
                yield builder.once("Arbetsutskott", day, ("09:00", "12:00"))


def _leave(builder: _EntryBuilder) -> Iterator[Entry]:
    summer = choose(builder.rng, (date(2027, 6, 21), date(2027, 6, 28), date(2027, 7, 5), date(2027, 7, 12)))
    num_weeks = choose(builder.rng, (4, 5))
    last_friday = summer + num_weeks * ONE_WEEK - 3 * ONE_DAY
    yield builder.whole_days("Semester", summer, last_friday, "away")
    monday = choose(builder.rng, _WEEKS_OFF)
    yield builder.whole_days("Ledig", monday, monday + 4 * ONE_DAY, "away")


def _non_blocking(builder: _EntryBuilder) -> Iterator[Entry]:
    """Yield tentative, cancelled and free entries."""
    rng = builder.rng
    days = builder.year.working_days()
    for title in ("Preliminärt: konferens", "Preliminärt: studieresa", "Preliminärt: möte"):
        yield builder.once(title, choose(rng, days), ("09:00", "16:00"), "tentative")
    for title in ("Inställt: samråd", "Inställt: studiebesök"):
        yield builder.once(title, choose(rng, days), choose(rng, _HOURS), "cancelled")
    for title in ("Födelsedag", "Påminnelse: deklaration"):
        day = choose(rng, days)
        yield builder.whole_days(title, day, day, "free")
    if rng.random() < 0.5:
        yield builder.once("Arbete hemifrån", choose(rng, days), ("08:00", "16:00"), "elsewhere")

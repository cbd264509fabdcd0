"""People's own calendars live here: work, groups, drafts, holidays and a few entries that take no time."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from bodies import Body
from dialects import Entry, Kind
from seats import Person
from year import FIRST, LAST, ONE_DAY, WEEKDAYS, Year, at, pick, stream, weekday_of_month

ONE_WEEK = timedelta(weeks=1)

_LIVES = {"half week": 0.60, "two days": 0.20, "politics": 0.10, "retired": 0.10}
_NUM_SCATTERED = {"half week": 8, "two days": 10, "politics": 40, "retired": 22}
_WEEKDAY_LOAD = (0.22, 0.24, 0.24, 0.17, 0.13)
_BUDGET_MONTHS, _BUDGET_LOAD = (5, 10, 11), 1.6
_HOURS = (("08:30", "10:00"), ("09:00", "12:00"), ("10:00", "11:00"), ("13:00", "15:00"), ("13:00", "16:00"),
          ("14:00", "15:00"), ("15:00", "16:30"))  # fmt: skip
_HALF_DAYS = (("09:00", "11:30"), ("13:15", "15:00"))
_FREE_DAYS = {"half week": ("TU", "WE", "TH"), "two days": ("MO", "FR"), "politics": ("TH",), "retired": ("WE", "FR")}
_TITLES = ("Möte", "Besök", "Samråd", "Arbetsgrupp", "Studiebesök", "Dialogmöte", "Tandläkare", "Intervju")
_NETWORKS = ((1, "TH"), (3, "TH"), (2, "TU"), (4, "WE"), (1, "MO"), (2, "FR"), (-1, "FR"))
_TERMS = ((FIRST, 22), (date(2027, 8, 16), 18))  # first Monday, number of weeks
_MONTHS = (2, 3, 4, 5, 6, 9, 10, 11, 12)
_WEEKS_OFF = (date(2027, 2, 22), date(2027, 3, 22), date(2027, 4, 5), date(2027, 5, 10), date(2027, 9, 20),
              date(2027, 11, 1))  # fmt: skip


def diary(person: Person, places: list[Body], year: Year, *, is_chair: bool) -> list[Entry]:
    """Return everything in ``person``'s own calendar; the boards have calendars of their own."""
    draws = stream("diary", person.id)
    life = "politics" if is_chair else pick(draws, tuple(_LIVES), tuple(_LIVES.values()))
    writer = _Diary(person, year, draws)
    entries = [
        *_weeks(writer, life),
        *_party_days(writer),
        *_politics(writer, places),
        *writer.scattered(_NUM_SCATTERED[life]),
        *_weeks_off(writer),
        *_takes_no_time(writer),
    ]
    return list({(entry.key, entry.instead_of): entry for entry in entries}.values())


class _Diary:
    """One person's pen: entries get keys, series skip holidays, everything is drawn from the same stream."""

    def __init__(self, person: Person, year: Year, draws: Random) -> None:
        self.person, self.year, self.draws = person, year, draws

    def once(self, title: str, day: date, hours: tuple[str, str], kind: Kind = "busy") -> Entry:
        key = f"{self.person.id}/{title}/{day}/{hours[0]}"
        return Entry(key, title, at(day, hours[0]), at(day, hours[1]), kind)

    def whole_days(self, title: str, first: date, last: date, kind: Kind) -> Entry:
        return Entry(f"{self.person.id}/{title}/{first}", title, first, last + ONE_DAY, kind)

    def series(self, title: str, rule: str, days: list[date], hours: tuple[str, str]) -> list[Entry]:
        """Return a series on ``days``, without holidays; one time in three, one occurrence has been moved."""
        start, end = hours
        skipped = tuple(at(day, start) for day in days if day in self.year.holidays)
        key = f"{self.person.id}/{title}/{rule}/{days[0]}"
        entries = [Entry(key, title, at(days[0], start), at(days[0], end), "busy", rule, at(days[-1], start), skipped)]
        if self.draws.random() < 1 / 3:
            day = pick(self.draws, [day for day in days[1:] if day not in self.year.holidays])
            new_day = self.year.working_day_from(day + ONE_DAY)
            entries.append(Entry(key, title, at(new_day, start), at(new_day, end), instead_of=at(day, start)))
        return entries

    def weekly(self, title: str, weekdays: tuple[str, ...], hours: tuple[str, str], interval: int = 1) -> list[Entry]:
        """Return a series for each half of the year, since nobody keeps a week's habits through the summer."""
        offsets = [WEEKDAYS.index(weekday) for weekday in weekdays]
        step = f"INTERVAL={interval};" if interval > 1 else ""
        rule = f"FREQ=WEEKLY;{step}BYDAY={','.join(weekdays)}"
        entries = []
        for monday, num_weeks in _TERMS:
            every = range(0, 7 * num_weeks, 7 * interval)
            days = [monday + timedelta(days=week + offset) for week in every for offset in offsets]
            entries += self.series(title, rule, days, hours)
        return entries

    def monthly(self, title: str, ordinal: int, weekday: str, hours: tuple[str, str]) -> list[Entry]:
        days = [weekday_of_month(month, weekday, ordinal) for month in _MONTHS]
        months = ",".join(map(str, _MONTHS))
        rule = f"FREQ=MONTHLY;BYMONTH={months};BYDAY={ordinal}{weekday}"
        return self.series(title, rule, [day for day in days if day <= LAST], hours)

    def scattered(self, number: int) -> Iterator[Entry]:
        days = self.year.working_days()
        load = [_WEEKDAY_LOAD[day.weekday()] * (_BUDGET_LOAD if day.month in _BUDGET_MONTHS else 1.0) for day in days]
        seen = set()
        for _ in range(number):
            day, hours = pick(self.draws, days, load), pick(self.draws, _HOURS)
            if (day, hours[0]) not in seen:
                seen.add((day, hours[0]))
                yield self.once(pick(self.draws, _TITLES), day, hours)


def _weeks(writer: _Diary, life: str) -> Iterator[Entry]:
    """Yield what comes back every week: a job, the work of a full-time politician, a pensioner's mornings."""
    draws = writer.draws
    if life == "half week":
        yield from writer.weekly("Arbete", ("MO", "FR"), (pick(draws, ("07:00", "08:00")), "15:00"))
    elif life == "two days":
        yield from writer.weekly("Arbete", pick(draws, (("TU", "WE"), ("TU", "TH"), ("WE", "TH"))), ("08:00", "16:00"))
    elif life == "politics":
        yield from writer.weekly("Ledningsgrupp", ("MO",), ("08:30", "10:00"))
        yield from writer.weekly("Presidium", ("TU",), ("13:00", "15:00"), interval=2)
    else:
        yield from writer.weekly("Träning", (pick(draws, ("TU", "WE")),), ("09:30", "11:00"))
        yield from writer.weekly("Studiecirkel", (pick(draws, ("MO", "TH")),), ("18:00", "20:00"), interval=2)
    weekday = pick(draws, _FREE_DAYS[life])
    yield from writer.weekly("Arbetsgrupp", (weekday,), pick(draws, _HALF_DAYS), interval=2)
    if draws.random() < 0.5:
        ordinal, weekday = pick(draws, _NETWORKS)
        yield from writer.monthly("Nätverksmöte", ordinal, weekday, pick(draws, _HALF_DAYS))


def _party_days(writer: _Diary) -> Iterator[Entry]:
    """Yield the days that everybody of a party shares: they keep the member and the substitute away together."""
    common, year, party = stream("party days", writer.person.party), writer.year, writer.person.party
    plan = (
        ("Utbildning för förtroendevalda", date(2027, 1, 18), date(2027, 2, 19), 2),
        ("Budgetdag", date(2027, 5, 3), date(2027, 6, 4), 1),
        ("Dialogdag", date(2027, 9, 6), date(2027, 10, 8), 1),
        ("Budgetdag", date(2027, 10, 11), date(2027, 11, 19), 2),
    )
    for title, first, last, number in plan:
        days = [day for day in year.working_days(first, last) if party != "region" or day.weekday() != 4]
        for _ in range(number):
            day = pick(common, days)
            if writer.draws.random() < 0.8:
                yield writer.once(title, day, ("08:30", "16:00"))


def _politics(writer: _Diary, places: list[Body]) -> Iterator[Entry]:
    """Yield the group's monthly evening for those in an assembly and, for those who prepare a board, its drafting."""
    prepares = writer.draws.random() < 0.3
    for body in places:
        if body.kind == "assembly":
            weekday = pick(writer.draws, ("MO", "TU", "TH"))
            yield from writer.monthly("Gruppmöte", pick(writer.draws, (1, 2, 3)), weekday, ("18:00", "20:30"))
        elif prepares and body.kind == "board":
            for sitting in body.sittings:
                day = writer.year.working_day_from(sitting.start.date() - 2 * ONE_WEEK)
                yield writer.once("Arbetsutskott", day, ("09:00", "12:00"))


def _weeks_off(writer: _Diary) -> Iterator[Entry]:
    summer = pick(writer.draws, (date(2027, 6, 21), date(2027, 6, 28), date(2027, 7, 5), date(2027, 7, 12)))
    yield writer.whole_days("Semester", summer, summer + pick(writer.draws, (4, 5)) * ONE_WEEK - 3 * ONE_DAY, "away")
    monday = pick(writer.draws, _WEEKS_OFF)
    yield writer.whole_days("Ledig", monday, monday + 4 * ONE_DAY, "away")


def _takes_no_time(writer: _Diary) -> Iterator[Entry]:
    """Yield what may happen, was called off, or stands there as a note."""
    draws, days = writer.draws, writer.year.working_days()
    for title in ("Preliminärt: konferens", "Preliminärt: studieresa", "Preliminärt: möte"):
        yield writer.once(title, pick(draws, days), ("09:00", "16:00"), "tentative")
    for title in ("Inställt: samråd", "Inställt: studiebesök"):
        yield writer.once(title, pick(draws, days), pick(draws, _HOURS), "cancelled")
    for title in ("Födelsedag", "Påminnelse: deklaration"):
        day = pick(draws, days)
        yield writer.whole_days(title, day, day, "free")
    if draws.random() < 0.5:
        yield writer.once("Arbete hemifrån", pick(draws, days), ("08:00", "16:00"), "elsewhere")

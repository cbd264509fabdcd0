"""
Fuzz the calendar reader: ``python -m tests.scheduler.ical.fuzzing [--guided] SECONDS SEED FOLDER FILE…``.

It mutates real calendars by their structure and writes those that fail to FOLDER. With --guided, atheris chooses the
mutations by the code that they reach: fewer calendars, but more branches.
"""

import random
import re
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

from scheduler.errors import UnreadableCalendar
from scheduler.ical.read.reader import read_calendar
from scheduler.ical.read.reading import Reading
from scheduler.intervals import Interval, union

HOME = ZoneInfo("Europe/Stockholm")
WINDOWS = [
    Interval(datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC))
    for first, last in ((2027, 2028), (1997, 1999), (2010, 2012), (2, 9998))
]
SLOW_SECONDS = 8  # of processor time, twice the limit of a worker
MAX_LENGTH = 60_000  # bytes of an input; longer inputs reach no other code
# An event that is added after the mutation: it has to be found, or its time has to be unknown.
MARKER = b"BEGIN:VEVENT\r\nUID:marker\r\nDTSTART:%dT101500Z\r\nDTEND:%dT114500Z\r\nEND:VEVENT\r\n"

NAMES = """
DTSTART DTEND DURATION RRULE RDATE EXDATE EXRULE RECURRENCE-ID UID SEQUENCE DTSTAMP STATUS TRANSP FREEBUSY TZID
TZOFFSETFROM TZOFFSETTO X-WR-TIMEZONE X-MICROSOFT-CDO-BUSYSTATUS CALSCALE PRIORITY BUSYTYPE BEGIN END SUMMARY
"""
VALUES = """
20270303T080000Z 20270303T090000 20270303 00010101T000000Z 99991231T235959Z 20270328T023000 20270229 PT1H P1D
P99999999W -PT1H PT0S P1W 20270303T080000Z/PT1H 20270303T080000Z/20270304T080000Z FREQ=DAILY FREQ=SECONDLY
FREQ=WEEKLY;BYDAY=MO,-1SU FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU FREQ=YEARLY;BYWEEKNO=53 FREQ=DAILY;INTERVAL=0
FREQ=DAILY;COUNT=3 FREQ=DAILY;UNTIL=20270310 FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30 CANCELLED TENTATIVE TRANSPARENT
VEVENT VTIMEZONE VALARM VCALENDAR VFREEBUSY VAVAILABILITY AVAILABLE STANDARD DAYLIGHT +0100 -9999 +5328
Europe/Stockholm Nowhere 0 9 -1 x
"""
PARAMETERS = """
;TZID=Europe/Stockholm ;TZID=Nowhere ;VALUE=DATE ;VALUE=PERIOD ;RANGE=THISANDFUTURE ;FBTYPE=FREE ;X="a:b;c" ;=
"""
MARKS = [b"\0", b"\r", b"\n", b"\r\n ", b":", b";", b",", b'"', b"\xff", b"\xc3", b"9", b"-", b"Z", b"=", b"\\"]

Change = Callable[[list[bytes], random.Random], None]


def check(raw: bytes, window: Interval) -> None:
    """Read a calendar; raise AssertionError when the reading is wrong, and pass every other error on."""
    day = int(f"{window.start.year:04}0102")
    marked = raw.replace(b"END:VCALENDAR", (MARKER % (day, day)) + b"END:VCALENDAR", 1)
    try:
        reading = read_calendar(marked, window, HOME, "p1@example.org")
    except UnreadableCalendar:
        return
    _check_times(reading, window)
    is_marked = marked != raw and not re.search(rb"(?i)METHOD", marked)  # the events of METHOD:CANCEL are free
    marker = Interval(
        datetime(window.start.year, 1, 2, 10, 15, tzinfo=UTC), datetime(window.start.year, 1, 2, 11, 45, tzinfo=UTC)
    )
    covered = [Interval(busy.start, busy.end) for busy in reading.busy] + [interval for interval, _ in reading.unknown]
    assert not is_marked or any(interval.covers(marker) for interval in union(covered)), "a busy time is read as free"


def _check_times(reading: Reading, window: Interval) -> None:
    assert list(reading.busy) == sorted(reading.busy)
    for busy in reading.busy:
        assert busy.start.tzinfo is UTC
        assert busy.end.tzinfo is UTC
        assert busy.start < busy.end
        assert window.overlaps(Interval(busy.start, busy.end))
    assert all(interval.start < interval.end for interval, _ in reading.unknown)


def mutated(raw: bytes, chance: random.Random, others: Sequence[bytes]) -> bytes:
    """Return a calendar with one to eight mutations of its lines, values or single bytes."""
    lines = raw[:MAX_LENGTH].splitlines(keepends=True) or [b"\n"]
    for _ in range(chance.randint(1, 8)):
        chance.choice(CHANGES)(lines, chance)
        if chance.random() < 0.1:
            other = chance.choice(others).splitlines(keepends=True) or [b"\n"]
            start = chance.randrange(len(other))
            lines[chance.randrange(len(lines) + 1) : 0] = other[start : start + chance.randint(1, 30)]
    return b"".join(lines)


def _choose_word(words: str, chance: random.Random) -> str:
    return chance.choice(words.split())


def _repeat(lines: list[bytes], chance: random.Random) -> None:
    start = chance.randrange(len(lines))
    lines[start:start] = lines[start : start + chance.randint(1, 12)] * chance.choice((1, 1, 2, 40))


def _drop(lines: list[bytes], chance: random.Random) -> None:
    if len(lines) > 1:
        del lines[chance.randrange(len(lines))]


def _swap(lines: list[bytes], chance: random.Random) -> None:
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]


def _insert(lines: list[bytes], chance: random.Random) -> None:
    parameter = _choose_word(PARAMETERS, chance) if chance.random() < 0.4 else ""
    line = f"{_choose_word(NAMES, chance)}{parameter}:{_choose_word(VALUES, chance)}\r\n"
    lines.insert(chance.randrange(len(lines) + 1), line.encode())


def _replace_value(lines: list[bytes], chance: random.Random) -> None:
    number = chance.randrange(len(lines))
    head, colon, _ = lines[number].partition(b":")
    if colon:
        parameter = _choose_word(PARAMETERS, chance) if chance.random() < 0.3 else ""
        lines[number] = head + f"{parameter}:{_choose_word(VALUES, chance)}\r\n".encode()


def _change_digits(lines: list[bytes], chance: random.Random) -> None:
    number = chance.randrange(len(lines))
    line = lines[number]
    lines[number] = bytes(
        chance.choice(b"0123456789") if chr(byte).isdigit() and chance.random() < 0.5 else byte for byte in line
    )


def _change_bytes(lines: list[bytes], chance: random.Random) -> None:
    number = chance.randrange(len(lines))
    at = chance.randrange(len(lines[number]) + 1)
    lines[number] = lines[number][:at] + chance.choice(MARKS) + lines[number][at + chance.randrange(2) :]


CHANGES: list[Change] = [
    *(_repeat, _drop, _swap, _change_digits, _change_bytes),
    *(_insert, _insert, _replace_value, _replace_value),
]


def main(arguments: Sequence[str]) -> int:
    """Mutate calendars and read them until the time is over; return 1 when any failed."""
    *options, seconds, seed, folder = arguments[: 4 if "--guided" in arguments else 3]
    seeds = [Path(file).read_bytes() for file in arguments[len(options) + 3 :]]
    if options:
        return _guided(float(seconds), int(seed), Path(folder), seeds)
    chance = random.Random(int(seed))  # noqa: S311  # not used for secrets
    failures: dict[str, bytes] = {}
    num_read = 0
    end = time.monotonic() + float(seconds)
    signal.signal(signal.SIGPROF, _raise_too_slow)
    while time.monotonic() < end:
        raw = mutated(chance.choice(seeds), chance, seeds)
        num_read += 1
        if failure := _failure(raw, chance.choice(WINDOWS)):
            failures.setdefault(failure, raw)
    for failure, raw in failures.items():
        (Path(folder) / f"{sha256(raw).hexdigest()[:12]}.ics").write_bytes(raw)
        print(failure)  # noqa: T201  # a program's output
    print(f"{num_read} calendars read, {len(failures)} ways to fail")  # noqa: T201  # a program's output
    return min(len(failures), 1)


class TooSlow(BaseException):
    """Reading takes longer than the limit of a worker. Not an Exception, since the reader catches those."""


def _raise_too_slow(_signal: int, _frame: object) -> None:
    raise TooSlow


def _failure(raw: bytes, window: Interval) -> str:
    """Return the error of reading a calendar and its location; empty without an error."""
    signal.setitimer(signal.ITIMER_PROF, SLOW_SECONDS)
    try:
        check(raw, window)
    except (Exception, TooSlow) as failure:
        where = traceback.extract_tb(failure.__traceback__)[-1]
        return f"{type(failure).__name__} {failure} in {where.name}:{where.lineno}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return ""


def _guided(seconds: float, seed: int, folder: Path, seeds: Sequence[bytes]) -> int:
    """Let atheris choose the mutations; it ends the process itself, with a status other than 0 after a failure."""
    atheris = import_module("atheris")
    targets = ["scheduler.ical", "icalendar", "recurring_ical_events", "dateutil"]
    for name in [name for name in sys.modules if name.startswith(tuple(targets))]:
        del sys.modules[name]  # imported again below, with counters on every branch
    with atheris.instrument_imports(include=targets):
        globals().update(vars(import_module("scheduler.ical.read.reader")))

    def read(data: bytes) -> None:
        check(bytes(data), WINDOWS[len(data) % len(WINDOWS)])

    def change(data: bytes, max_size: int, number: int) -> bytes:
        chance = random.Random(number)  # noqa: S311  # as above
        if chance.random() < 0.5:
            return bytes(atheris.Mutate(data, max_size))
        return mutated(bytes(data), chance, seeds)[:max_size]

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, raw in enumerate(seeds):
        (corpus / f"{number}.ics").write_bytes(raw[:MAX_LENGTH])
    limits = [f"-max_total_time={seconds:.0f}", f"-timeout={10 * SLOW_SECONDS}"]
    limits += [f"-max_len={MAX_LENGTH}", f"-seed={seed}"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/", str(corpus)], read, custom_mutator=change)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

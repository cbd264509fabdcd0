"""The commands of reading: `read`."""

import json
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from api.cli.arguments import settings_of_environment
from api.cli.inputs import add_language
from api.cli.output import Failure, console
from api.fetching import FetchError, download
from api.i18n import Wording
from scheduler import UnreadableCalendar
from scheduler.days import instant, zone_exists
from scheduler.ical.isolation.pool import shared_pool
from scheduler.ical.isolation.protocol import ReadRequest
from scheduler.ical.read.content_lines import MAX_BYTES
from scheduler.ical.read.reader import Reading
from scheduler.ical.read.timeline import busy_timeline, unknown_timeline
from scheduler.intervals import Interval

DEFAULT_ZONE = "Europe/Stockholm"
DEFAULT_DAYS = 365
FIRST, LAST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def add_commands(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """Add `read`."""
    parser = commands.add_parser("read", help="tell when a calendar's owner is busy, and what could not be read")
    parser.add_argument("calendar", metavar="FILE|URL", help="a calendar, its link, or rows of date;start;end")
    parser.add_argument("--from", dest="start", metavar="DATE", help="a date or a time, as 2027-01-01 (default today)")
    parser.add_argument("--to", dest="end", metavar="DATE", help="the first that is out (default a year later)")
    parser.add_argument("--zone", default=DEFAULT_ZONE, help=f"where times in no zone lie (default {DEFAULT_ZONE})")
    parser.add_argument("--owner", metavar="ADDRESS", help="whose it is: what this address declined is free")
    parser.add_argument("--json", action="store_true", help="print JSON, in UTC")
    add_language(parser)
    parser.set_defaults(run=run)


def run(asked: Namespace, wording: Wording) -> int:
    """Read in a child, print what it says; what is no calendar is said and makes the exit status 2."""
    zone = _zone(asked.zone)
    window = _window(asked.start, asked.end, zone)
    raw = _bytes(asked.calendar)
    try:
        reading = shared_pool().read(ReadRequest(raw, window, zone, asked.owner))
    except UnreadableCalendar as unreadable:
        if asked.json:
            print(_document(Reading.nothing(window, str(unreadable)), window, wording))
        raise Failure(str(unreadable)) from None
    if asked.json:
        print(_document(reading, window, wording))
    else:
        _print(reading, window, zone, wording)
    return 0


def _bytes(source: str) -> bytes:
    """Return what is to be read: a file or a link, or enough of it to be found too large; `-` is standard input."""
    if source == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    if "://" in source:
        return _downloaded(source)
    try:
        with Path(source).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Failure("There is no file {path}; check its name.", path=source) from None
    except (OSError, ValueError):
        raise Failure("{path} cannot be read; check that it is a file, and whole.", path=source) from None


def _downloaded(link: str) -> bytes:
    try:
        return download(link, settings_of_environment())
    except FetchError as failed:
        raise Failure.told(failed.fault) from None


def _zone(name: str) -> ZoneInfo:
    if not zone_exists(name):
        raise Failure("There is no time zone {zone}; give one as Europe/Stockholm.", zone=name)
    return ZoneInfo(name)


def _window(start: str | None, end: str | None, zone: ZoneInfo) -> Interval:
    first = _moment(start, zone) if start else _moment(f"{datetime.now(zone):%Y-%m-%d}", zone)
    last = _moment(end, zone) if end else min(first, LAST - timedelta(DEFAULT_DAYS)) + timedelta(DEFAULT_DAYS)
    if last <= first:
        raise Failure("The period ends before it begins; give --to later than --from.")
    return Interval(first, last)


def _moment(written: str, zone: ZoneInfo) -> datetime:
    """Return a date's midnight, or a time, both where the zone is unless an offset is written; within all years."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Failure("{written} is no date; write it as 2027-03-31.", written=written) from None
    try:
        return min(max(instant(moment, zone), FIRST), LAST)
    except OverflowError:
        return FIRST if moment.year == 1 else LAST


def _document(reading: Reading, window: Interval, wording: Wording) -> str:
    document = {
        "busy": [{**_bounds(busy.interval), "kind": busy.kind} for busy in busy_timeline(reading, window)],
        "unknown": [
            {**_bounds(unknown.interval), "reason": wording.say(unknown.sentence)}
            for unknown in unknown_timeline(reading, window)
        ],
        "skipped": [
            {"reason": wording.say(skipped.sentence), "day": skipped.day and skipped.day.isoformat()}
            for skipped in reading.skipped
        ],
        "events": reading.num_events,
    }
    return json.dumps(document, ensure_ascii=False)


def _bounds(interval: Interval) -> dict[str, str]:
    start, end = (
        moment.astimezone(UTC).isoformat().replace("+00:00", "Z") for moment in (interval.start, interval.end)
    )
    return {"start": start, "end": end}


def _print(reading: Reading, window: Interval, zone: ZoneInfo, wording: Wording) -> None:
    screen = console()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("From", "To", "Kind"):
        table.add_column(wording.say(heading))
    kinds = {
        "busy": wording.say("busy"),
        "busy_tentative": wording.say("tentatively busy"),
        "busy_unavailable": wording.say("away"),
    }
    for busy in busy_timeline(reading, window):
        table.add_row(*_ends(busy.interval, zone, wording), kinds[busy.kind])
    screen.print(Text(_headline(reading, wording), style="bold"))
    if table.row_count:
        screen.print(table)
    for unknown in unknown_timeline(reading, window):
        start, end = _ends(unknown.interval, zone, wording)
        said = wording.say("Unknown from {start} to {end}:", start=start, end=end)
        screen.print(Text(f"{said} {wording.say(unknown.sentence)}"))
    for skipped in reading.skipped:
        day = f" ({wording.plain_day(skipped.day)})" if skipped.day else ""
        screen.print(Text(f"{wording.say('Not read:')} {wording.say(skipped.sentence)}{day}"))


def _headline(reading: Reading, wording: Wording) -> str:
    read = wording.say_many("{count} event in the calendar", "{count} events in the calendar", reading.num_events)
    if reading.written_at is None:
        return read
    newest = wording.plain_day(reading.written_at.date())
    return f"{read}, {wording.say('the newest written on {day}', day=newest)}"


def _ends(interval: Interval, zone: ZoneInfo, wording: Wording) -> tuple[str, str]:
    return _told(interval.start.astimezone(zone), wording), _told(interval.end.astimezone(zone), wording)


def _told(moment: datetime, wording: Wording) -> str:
    return f"{wording.day(moment)} {wording.clock(moment)}"

"""Calendars on real CalDAV servers (Radicale, Xandikos), fetched and read in nine cases."""

import contextlib
import http.client
import importlib.util
import os
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from api.fetching import Account, Client, FetchResult, caldav, fetch_account
from api.settings import Settings
from scheduler.ical.read.reader import read_calendar
from scheduler.ical.read.reading import Reading
from scheduler.ical.timezones import vtimezone_text
from scheduler.intervals import Interval
from tests.conftest import unavailable

OWNER = "ledamot@example.org"
STOCKHOLM = ZoneInfo("Europe/Stockholm")
WEEK = Interval(datetime(2027, 3, 15, tzinfo=STOCKHOLM), datetime(2027, 3, 22, tzinfo=STOCKHOLM))
LOGIN = ("ledamot", "lösenord")
BASIC = "Basic " + b64encode(":".join(LOGIN).encode()).decode()

WEEKLY = """\
UID:weekly
DTSTART;TZID=Europe/Stockholm:20270105T090000
DTEND;TZID=Europe/Stockholm:20270105T100000
RRULE:FREQ=WEEKLY"""
TUESDAY = """\
UID:tuesday
DTSTART;TZID=Europe/Stockholm:20270316T180000
DTEND;TZID=Europe/Stockholm:20270316T200000"""
EVENING = ("2027-03-16T17:00", "2027-03-16T19:00")

CASES: dict[str, tuple[list[str], list[tuple[str, str, str]]]] = {
    "plain": ([TUESDAY], [(*EVENING, "busy")]),
    "recurring": ([WEEKLY], [("2027-03-16T08:00", "2027-03-16T09:00", "busy")]),
    "override": (
        [
            WEEKLY,
            """\
UID:weekly
RECURRENCE-ID;TZID=Europe/Stockholm:20270316T090000
DTSTART;TZID=Europe/Stockholm:20270317T130000
DTEND;TZID=Europe/Stockholm:20270317T140000""",
        ],
        [("2027-03-17T12:00", "2027-03-17T13:00", "busy")],
    ),
    "exception date": (
        [
            """\
UID:daily
DTSTART;TZID=Europe/Stockholm:20270315T090000
DTEND;TZID=Europe/Stockholm:20270315T100000
RRULE:FREQ=DAILY;COUNT=3
EXDATE;TZID=Europe/Stockholm:20270316T090000"""
        ],
        [("2027-03-15T08:00", "2027-03-15T09:00", "busy"), ("2027-03-17T08:00", "2027-03-17T09:00", "busy")],
    ),
    "whole local day": (
        ["UID:day\nDTSTART;VALUE=DATE:20270315\nDTEND;VALUE=DATE:20270316"],
        [("2027-03-14T23:00", "2027-03-15T23:00", "busy")],
    ),
    "transparent": ([f"{TUESDAY}\nTRANSP:TRANSPARENT"], []),
    "cancelled": ([f"{TUESDAY}\nSTATUS:CANCELLED"], []),
    "tentative": ([f"{TUESDAY}\nSTATUS:TENTATIVE"], [(*EVENING, "busy_tentative")]),
    "declined": (
        [f"{TUESDAY}\nORGANIZER:mailto:kansli@example.org\nATTENDEE;PARTSTAT=DECLINED:mailto:{OWNER}"],
        [],
    ),
}


@dataclass(frozen=True)
class CalendarServer:
    """A running CalDAV server, and the path of its calendars."""

    port: int
    home: str

    def send(self, method: str, path: str, body: str = "", **headers: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(connection):
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body.encode(), {"Authorization": BASIC, **given})
            reply = connection.getresponse()
            reply.read()
            return reply.status

    def create_calendar(self, name: str, *events: str) -> str:
        """Create a calendar with one object of these events; return its path."""
        path = f"{self.home}{name.replace(' ', '-')}/"
        assert self.send("MKCALENDAR", path) == 201
        if events:
            headers = {"Content_Type": "text/calendar; charset=utf-8", "If_None_Match": "*"}
            assert self.send("PUT", f"{path}a.ics", calendar_object(events), **headers) == 201
        return path

    def fetch_week(self, path: str, password: str = LOGIN[1]) -> FetchResult:
        authority = f"127.0.0.1:{self.port}"
        account = Account(f"http://{authority}{path}", LOGIN[0], password)
        client = Client(Settings(fetch_hosts=(authority,), fetch_seconds=60))
        return fetch_account(account, WEEK, client=client, now=datetime(2027, 3, 1, tzinfo=UTC))


def calendar_object(events: Sequence[str]) -> str:
    texts = [f"BEGIN:VEVENT\nDTSTAMP:20270101T000000Z\nSUMMARY:secret\n{event}\nEND:VEVENT" for event in events]
    zone = (vtimezone_text("Europe/Stockholm") or "").strip()
    lines = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", zone, *texts, "END:VCALENDAR", ""])
    return "\r\n".join(lines.splitlines()) + "\r\n"


@contextlib.contextmanager
def running(module: str, arguments: Sequence[str], port: int, home: str, folder: Path) -> Iterator[CalendarServer]:
    """Run a server until the block ends."""
    if importlib.util.find_spec(module) is None:
        unavailable(f"{module} is not installed; install what .ci/requirements-dev.txt lists")
    environment = {**os.environ, "HOME": str(folder), "TZ": "UTC"}
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", module, *arguments]
        with subprocess.Popen(command, stdout=log, stderr=log, env=environment) as process:  # noqa: S603  # our own
            try:
                assert wait_until_it_listens(process, port), (folder / "log").read_text()
                yield CalendarServer(port, home)
            finally:
                process.terminate()
                process.wait(timeout=60)


def wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> bool:
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        time.sleep(0.05)
    return False


def find_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    folder, port = tmp_path_factory.mktemp("radicale"), find_free_port()
    (folder / "users").write_text(":".join(LOGIN), "utf-8")
    options = {
        "config": "",
        "server-hosts": f"127.0.0.1:{port}",
        "storage-filesystem-folder": str(folder / "kept"),
        "auth-type": "htpasswd",
        "auth-htpasswd-filename": str(folder / "users"),
        "auth-htpasswd-encryption": "plain",
        "auth-delay": "0",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    with running("radicale", arguments, port, "/ledamot/", folder) as server:
        yield server


@pytest.fixture(scope="module")
def xandikos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalendarServer]:
    folder, port = tmp_path_factory.mktemp("xandikos"), find_free_port()
    arguments = ["serve", "--defaults", "-d", str(folder / "kept"), "-l", "127.0.0.1", "-p", str(port)]
    with running("xandikos", arguments, port, "/user/calendars/", folder) as server:
        yield server


@pytest.fixture(params=["radicale", "xandikos"])
def server(request: pytest.FixtureRequest) -> CalendarServer:
    calendar_server: CalendarServer = request.getfixturevalue(request.param)
    return calendar_server


def read(result: FetchResult) -> Reading:
    assert result.state.error is None
    assert result.body is not None
    return read_calendar(result.body, WEEK, STOCKHOLM, OWNER)


@pytest.mark.parametrize("case", CASES)
def test_each_case_gives_the_expected_busy_times(server: CalendarServer, case: str) -> None:
    events, expected = CASES[case]
    reading = read(server.fetch_week(server.create_calendar(case, *events)))
    within = [time for time in reading.busy if time.start < WEEK.end and WEEK.start < time.end]
    assert [(f"{t.start:%Y-%m-%dT%H:%M}", f"{t.end:%Y-%m-%dT%H:%M}", t.kind) for t in within] == expected
    assert (reading.num_events, reading.unknown) == (len(events), ())


def test_an_empty_calendar_is_a_free_week(server: CalendarServer) -> None:
    reading = read(server.fetch_week(server.create_calendar("empty")))
    assert (reading.num_events, reading.busy, reading.unknown) == (0, (), ())


def test_an_address_that_is_no_calendar_never_gives_a_free_week(server: CalendarServer) -> None:
    calendar = server.create_calendar("other", TUESDAY)
    for path in ("/", server.home, f"{server.home}nowhere/", f"{calendar}a.ics"):
        result = server.fetch_week(path)
        assert result.body is None
        assert result.state.error is not None
        assert result.state.error.sentence in (caldav.NOT_A_CALENDAR, caldav.NOT_ALLOWED)


def test_a_wrong_password_is_reported(radicale: CalendarServer) -> None:
    result = radicale.fetch_week(radicale.create_calendar("locked", TUESDAY), password="wrong")  # noqa: S106  # it is
    assert result.state.error is not None
    assert result.state.error.sentence == caldav.WRONG_CREDENTIALS

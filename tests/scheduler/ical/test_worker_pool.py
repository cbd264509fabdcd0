"""Tests that each calendar is read in a worker of its own, and that a worker that dies leaves its time unknown."""

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.errors import UnreadableCalendar
from scheduler.ical.isolation import pool as pool_module
from scheduler.ical.isolation.pool import CalendarWorkerPool
from scheduler.ical.isolation.protocol import (
    ReadRequest,
    WorkerLimits,
    decode_outcome,
    encode_outcome,
    encode_request,
    read_request,
)
from scheduler.ical.read.content_lines import MAX_BYTES
from scheduler.ical.read.reader import read_calendar
from scheduler.ical.read.reading import Reading
from scheduler.isolation.interpreter import ROOT, worker_environment
from tests.scheduler.ical.samples import (
    IN_ODD_ZONE,
    MARCH,
    ODD_ZONE,
    STOCKHOLM,
    a_calendar,
    a_request,
    an_event,
    busy_hours,
)

NINE = ("DTSTART:20270303T080000Z", "DTEND:20270303T090000Z")
# Hundreds of rules, each within the limits, which together take the library longer than the time limits of the tests.
A_LONG_READ = [
    an_event("DTSTART:19800301T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", uid=str(i)) for i in range(900)
]
NO_FORK = pytest.mark.skipif(not pool_module.HAS_FORK, reason="the system has no fork")


@pytest.fixture(scope="module")
def pool() -> Iterator[CalendarWorkerPool]:
    with CalendarWorkerPool(max_workers=2) as pool:
        yield pool


def fork_server_of(pool: CalendarWorkerPool) -> "subprocess.Popen[bytes]":
    pool.read(a_request())
    process: subprocess.Popen[bytes] = vars(pool._workers)["_process"]
    return process


def workers_of(process: int) -> list[int]:
    return [int(worker) for worker in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_a_worker_returns_the_result_of_the_reader(pool: CalendarWorkerPool) -> None:
    parts = (an_event(*NINE, "LAST-MODIFIED:20270101T000000Z"), an_event("DTSTART:then", uid="2"))
    reading = pool.read(a_request(*parts))
    assert reading == read_calendar(a_calendar(*parts), MARCH, STOCKHOLM)
    assert reading.busy
    assert reading.skipped
    assert reading.written_at


def test_the_owner_is_sent_to_the_worker(pool: CalendarWorkerPool) -> None:
    declined = an_event(*NINE, "ATTENDEE;PARTSTAT=DECLINED:mailto:p1@example.org")
    request = a_request(declined)
    assert pool.read(request).busy
    assert not pool.read(dataclasses.replace(request, owner="p1@example.org")).busy


def test_content_that_is_not_a_calendar_raises_the_same_error(pool: CalendarWorkerPool) -> None:
    with pytest.raises(UnreadableCalendar, match=r"\.ics file"):
        pool.read(a_request(raw=b"<html>"))


def test_a_calendar_that_is_too_large_is_rejected_before_it_is_sent() -> None:
    with CalendarWorkerPool() as pool, pytest.raises(UnreadableCalendar, match="10 MiB"):
        pool.read(a_request(raw=bytes(MAX_BYTES + 1)))


def test_calendars_read_in_parallel_are_returned_in_order(pool: CalendarWorkerPool) -> None:
    clocks = [f"{hour:02d}" for hour in range(24)]
    requests = [a_request(an_event(f"DTSTART:20270303T{hour}0000Z", "DURATION:PT30M")) for hour in clocks]
    outcomes = pool.read_all([*requests, a_request(raw=b"<html>")])
    assert isinstance(outcomes.pop(), UnreadableCalendar)
    assert [outcome.busy[0].start.hour for outcome in outcomes if isinstance(outcome, Reading)] == list(range(24))


def test_zones_defined_by_calendars_do_not_mix_in_parallel(pool: CalendarWorkerPool) -> None:
    offsets = [f"+{hours:02d}00" for hours in (5, 9)] * 10
    requests = [a_request(ODD_ZONE.format(offset=offset), IN_ODD_ZONE) for offset in offsets]
    outcomes = pool.read_all([*requests, a_request(IN_ODD_ZONE)])
    *readings, undefined = [outcome for outcome in outcomes if isinstance(outcome, Reading)]
    assert [busy_hours(reading) for reading in readings] == [
        ["03-03 07:00-08:00 busy"],
        ["03-03 03:00-04:00 busy"],
    ] * 10
    assert undefined.unknown


def components_full_of_text() -> list[str]:
    canaries = [f"{name}:Canary {name}" for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "COMMENT", "CONTACT")]
    names = ["ORGANIZER;CN=Canary:mailto:canary@example.org", "ATTENDEE;CN=Canary:mailto:canary@example.org"]
    alarm = ("BEGIN:VALARM", "DESCRIPTION:Canary", "END:VALARM")
    hours = ("BEGIN:VAVAILABILITY", "SUMMARY:Canary", "END:VAVAILABILITY")
    return [*hours, an_event(*NINE, *canaries, *names, *alarm), an_event("DTSTART:Canary", *canaries, uid="2")]


@NO_FORK
def test_no_text_of_a_calendar_leaves_a_forked_worker(
    pool: CalendarWorkerPool, capfd: pytest.CaptureFixture[str]
) -> None:
    request = a_request(*components_full_of_text())
    reply = pool._workers.exchange(encode_request(request, WorkerLimits()), 10)
    assert isinstance(decode_outcome(reply), Reading)
    assert b"anary" not in reply
    assert capfd.readouterr() == ("", "")


def test_no_text_of_a_calendar_leaves_a_fresh_worker() -> None:
    program = "import sys; from scheduler.ical.isolation import worker; sys.argv.append('--once'); worker.main()"
    done = subprocess.run(  # noqa: S603  # a worker as it is started on systems without fork
        [sys.executable, "-c", program],
        input=encode_request(a_request(*components_full_of_text()), WorkerLimits()),
        capture_output=True,
        check=True,
        env={"PYTHONPATH": str(ROOT)},
    )
    reading = decode_outcome(done.stdout)
    assert isinstance(reading, Reading)
    assert reading.busy
    assert b"anary" not in done.stdout
    assert done.stderr == b""
    assert "anary" not in repr(reading)


def test_a_fresh_interpreter_reads_the_calendar_without_fork() -> None:
    with CalendarWorkerPool(max_workers=1, fork=False) as pool:
        reading = pool.read(a_request(an_event(*NINE)))
        assert busy_hours(reading) == ["03-03 08:00-09:00 busy"]
        with pytest.raises(UnreadableCalendar):
            pool.read(a_request(raw=b""))


@NO_FORK
def test_a_calendar_over_the_time_limit_is_unknown_and_the_events_read_before_it_are_busy() -> None:
    with CalendarWorkerPool(WorkerLimits(cpu_seconds=0.3)) as pool:
        reading = pool.read(a_request(*A_LONG_READ, an_event(*NINE, uid="quick")))
    assert "quick" in {busy.uid for busy in reading.busy}
    assert [(interval, "too long" in sentence) for interval, sentence in reading.unknown] == [(MARCH, True)]


@NO_FORK
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory limits need /proc")
def test_a_calendar_over_the_memory_limit_is_unknown() -> None:
    with CalendarWorkerPool(WorkerLimits(memory_mib=8)) as pool:
        reading = pool.read(a_request(*(an_event(*NINE, uid=str(i)) for i in range(19_000))))
        assert [interval for interval, _ in reading.unknown] == [MARCH]
        assert busy_hours(pool.read(a_request(an_event(*NINE)))) == ["03-03 08:00-09:00 busy"]


@NO_FORK
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="it finds workers through /proc")
def test_a_killed_worker_leaves_the_window_unknown() -> None:
    with CalendarWorkerPool() as pool:
        server = fork_server_of(pool)
        while workers_of(server.pid):
            time.sleep(0.001)
        threading.Thread(target=kill_the_first_worker_of, args=(server.pid,)).start()
        reading = pool.read(a_request(*A_LONG_READ))
        assert [(interval, "interrupted" in sentence) for interval, sentence in reading.unknown] == [(MARCH, True)]
        assert busy_hours(pool.read(a_request(an_event(*NINE)))) == ["03-03 08:00-09:00 busy"]


def kill_the_first_worker_of(server: int) -> None:
    while not (workers := workers_of(server)):
        time.sleep(0.001)
    os.kill(workers[0], signal.SIGKILL)


@NO_FORK
def test_a_killed_fork_server_is_started_again() -> None:
    with CalendarWorkerPool() as pool:
        server = fork_server_of(pool)
        server.kill()
        server.wait()
        assert busy_hours(pool.read(a_request(an_event(*NINE)))) == ["03-03 08:00-09:00 busy"]
        assert fork_server_of(pool).pid != server.pid


@NO_FORK
def test_a_closed_pool_leaves_no_process() -> None:
    with CalendarWorkerPool() as pool:
        server = fork_server_of(pool)
    assert server.poll() is not None


def test_no_secret_in_the_environment_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRETTON_SECRET", "hush")
    assert "hush" not in worker_environment().values()


@pytest.mark.parametrize("fork", [pytest.param(True, marks=NO_FORK), False])
def test_a_worker_imports_nothing_from_the_current_folder(
    fork: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep)  # an empty entry is the current folder
    for module in ("icalendar", "queue", "socket"):
        Path(f"{module}.py").write_text("from pathlib import Path\nPath('imported').touch()\n")
    with CalendarWorkerPool(max_workers=1, fork=fork) as pool:
        assert busy_hours(pool.read(a_request(an_event(*NINE)))) == ["03-03 08:00-09:00 busy"]
    assert not Path("imported").exists()


def test_messages_decode_to_what_was_encoded() -> None:
    request = ReadRequest(b"BEGIN:VCALENDAR", MARCH, STOCKHOLM, "p1@example.org")
    message = memoryview(encode_request(request, WorkerLimits(cpu_seconds=1)))
    position = 0

    def receive(length: int) -> bytes:
        nonlocal position
        position += length
        return bytes(message[position - length : position])

    assert read_request(receive) == (request, WorkerLimits(cpu_seconds=1))
    reading = Reading.nothing(MARCH, "why")
    assert decode_outcome(encode_outcome(reading)) == reading
    assert decode_outcome(encode_outcome(reading)[:-1]) is None
    assert decode_outcome(b"") is None

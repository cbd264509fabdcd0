"""Tests that a calendar is read in a child of its own, and that a child that dies is an answer: unknown."""

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
from scheduler.ical.isolation import pool as under_test
from scheduler.ical.isolation.pool import Sandbox
from scheduler.ical.isolation.protocol import Limits, Question, answer_message, answered, asked, question_message
from scheduler.ical.read.content_lines import MAX_BYTES
from scheduler.ical.read.reader import Reading, read_calendar
from tests.scheduler.ical.samples import (
    IN_ODD_ZONE,
    MARCH,
    ODD_ZONE,
    STOCKHOLM,
    a_calendar,
    a_question,
    an_event,
    busy_hours,
)

NINE = ("DTSTART:20270303T080000Z", "DTEND:20270303T090000Z")
# Thousands of rules, each within bounds, all of which the library has to follow for a while.
A_LONG_READ = [
    an_event("DTSTART:19800301T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", uid=str(i)) for i in range(900)
]
NO_FORK = pytest.mark.skipif(not under_test.HAS_FORK, reason="the system has no fork")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(max_children=2) as sandbox:
        yield sandbox


def mother_of(sandbox: Sandbox) -> "subprocess.Popen[bytes]":
    sandbox.read(a_question())
    process: subprocess.Popen[bytes] = vars(sandbox._house)["_process"]
    return process


def children_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_a_child_reads_what_the_reader_reads(sandbox: Sandbox) -> None:
    parts = (an_event(*NINE, "LAST-MODIFIED:20270101T000000Z"), an_event("DTSTART:then", uid="2"))
    reading = sandbox.read(a_question(*parts))
    assert reading == read_calendar(a_calendar(*parts), MARCH, STOCKHOLM)
    assert reading.busy
    assert reading.skipped
    assert reading.written_at


def test_the_owner_is_told_to_the_child(sandbox: Sandbox) -> None:
    declined = an_event(*NINE, "ATTENDEE;PARTSTAT=DECLINED:mailto:p1@example.org")
    question = a_question(declined)
    assert sandbox.read(question).busy
    assert not sandbox.read(dataclasses.replace(question, owner="p1@example.org")).busy


def test_what_is_no_calendar_is_refused_with_the_same_words(sandbox: Sandbox) -> None:
    with pytest.raises(UnreadableCalendar, match=r"\.ics file"):
        sandbox.read(a_question(raw=b"<html>"))


def test_what_is_too_large_is_refused_before_it_is_sent() -> None:
    with Sandbox() as sandbox, pytest.raises(UnreadableCalendar, match="10 MiB"):
        sandbox.read(a_question(raw=bytes(MAX_BYTES + 1)))


def test_many_are_read_side_by_side_and_answered_in_order(sandbox: Sandbox) -> None:
    clocks = [f"{hour:02d}" for hour in range(24)]
    questions = [a_question(an_event(f"DTSTART:20270303T{hour}0000Z", "DURATION:PT30M")) for hour in clocks]
    outcomes = sandbox.read_all([*questions, a_question(raw=b"<html>")])
    assert isinstance(outcomes.pop(), UnreadableCalendar)
    assert [outcome.busy[0].start.hour for outcome in outcomes if isinstance(outcome, Reading)] == list(range(24))


def test_one_calendars_zone_never_becomes_anothers_side_by_side(sandbox: Sandbox) -> None:
    offsets = [f"+{hours:02d}00" for hours in (5, 9)] * 10
    questions = [a_question(ODD_ZONE.format(offset=offset), IN_ODD_ZONE) for offset in offsets]
    outcomes = sandbox.read_all([*questions, a_question(IN_ODD_ZONE)])
    *readings, undefined = [outcome for outcome in outcomes if isinstance(outcome, Reading)]
    assert [busy_hours(reading) for reading in readings] == [
        ["03-03 07:00-08:00 busy"],
        ["03-03 03:00-04:00 busy"],
    ] * 10
    assert undefined.unknown


def parts_full_of_words() -> list[str]:
    canaries = [f"{name}:Canary {name}" for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "COMMENT", "CONTACT")]
    names = ["ORGANIZER;CN=Canary:mailto:canary@example.org", "ATTENDEE;CN=Canary:mailto:canary@example.org"]
    alarm = ("BEGIN:VALARM", "DESCRIPTION:Canary", "END:VALARM")
    hours = ("BEGIN:VAVAILABILITY", "SUMMARY:Canary", "END:VAVAILABILITY")
    return [*hours, an_event(*NINE, *canaries, *names, *alarm), an_event("DTSTART:Canary", *canaries, uid="2")]


@NO_FORK
def test_no_word_of_a_calendar_leaves_a_warm_child(sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    question = a_question(*parts_full_of_words())
    said = sandbox._house.exchange(question_message(question, Limits()), 10)
    assert isinstance(answered(said), Reading)
    assert b"anary" not in said
    assert capfd.readouterr() == ("", "")


def test_no_word_of_a_calendar_leaves_the_child() -> None:
    program = "import sys; from scheduler.ical import child; sys.argv.append('--once'); child.main()"
    done = subprocess.run(  # noqa: S603  # the child as it is started where nothing forks
        [sys.executable, "-c", program],
        input=question_message(a_question(*parts_full_of_words()), Limits()),
        capture_output=True,
        check=True,
        env={"PYTHONPATH": str(under_test.ROOT)},
    )
    reading = answered(done.stdout)
    assert isinstance(reading, Reading)
    assert reading.busy
    assert b"anary" not in done.stdout
    assert done.stderr == b""
    assert "anary" not in repr(reading)


def test_a_fresh_interpreter_reads_as_well_where_nothing_forks() -> None:
    with Sandbox(max_children=1, fork=False) as sandbox:
        reading = sandbox.read(a_question(an_event(*NINE)))
        assert busy_hours(reading) == ["03-03 08:00-09:00 busy"]
        with pytest.raises(UnreadableCalendar):
            sandbox.read(a_question(raw=b""))


@NO_FORK
def test_a_calendar_that_takes_too_long_is_unknown_and_what_was_read_till_then_busy() -> None:
    with Sandbox(Limits(cpu_seconds=0.3)) as sandbox:
        reading = sandbox.read(a_question(*A_LONG_READ, an_event(*NINE, uid="quick")))
    assert "quick" in {busy.uid for busy in reading.busy}
    assert [(interval, "too long" in sentence) for interval, sentence in reading.unknown] == [(MARCH, True)]


@NO_FORK
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="it bounds memory by what /proc tells")
def test_a_calendar_that_takes_too_much_memory_is_unknown() -> None:
    with Sandbox(Limits(memory_mib=8)) as sandbox:
        reading = sandbox.read(a_question(*(an_event(*NINE, uid=str(i)) for i in range(19_000))))
        assert [interval for interval, _ in reading.unknown] == [MARCH]
        assert busy_hours(sandbox.read(a_question(an_event(*NINE)))) == ["03-03 08:00-09:00 busy"]


@NO_FORK
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="it finds children through /proc")
def test_a_child_that_is_killed_is_an_answer() -> None:
    with Sandbox() as sandbox:
        mother = mother_of(sandbox)
        while children_of(mother.pid):
            time.sleep(0.001)
        threading.Thread(target=kill_the_first_child_of, args=(mother.pid,)).start()
        reading = sandbox.read(a_question(*A_LONG_READ))
        assert [(interval, "broken off" in sentence) for interval, sentence in reading.unknown] == [(MARCH, True)]
        assert busy_hours(sandbox.read(a_question(an_event(*NINE)))) == ["03-03 08:00-09:00 busy"]


def kill_the_first_child_of(mother: int) -> None:
    while not (children := children_of(mother)):
        time.sleep(0.001)
    os.kill(children[0], signal.SIGKILL)


@NO_FORK
def test_a_warm_process_that_is_killed_is_started_again() -> None:
    with Sandbox() as sandbox:
        mother = mother_of(sandbox)
        mother.kill()
        mother.wait()
        assert busy_hours(sandbox.read(a_question(an_event(*NINE)))) == ["03-03 08:00-09:00 busy"]
        assert mother_of(sandbox).pid != mother.pid


@NO_FORK
def test_a_closed_sandbox_leaves_no_process() -> None:
    with Sandbox() as sandbox:
        mother = mother_of(sandbox)
    assert mother.poll() is not None


def test_no_secret_of_ours_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRETTON_SECRET", "hush")
    assert "hush" not in under_test._environment().values()


def test_messages_arrive_as_they_were_sent() -> None:
    question = Question(b"BEGIN:VCALENDAR", MARCH, STOCKHOLM, "p1@example.org")
    message = memoryview(question_message(question, Limits(cpu_seconds=1)))
    position = 0

    def receive(length: int) -> bytes:
        nonlocal position
        position += length
        return bytes(message[position - length : position])

    assert asked(receive) == (question, Limits(cpu_seconds=1))
    reading = Reading.nothing(MARCH, "why")
    assert answered(answer_message(reading)) == reading
    assert answered(answer_message(reading)[:-1]) is None
    assert answered(b"") is None

"""The command ``read`` with files and standard input: its output for people and as JSON."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from tests.scheduler.ical.samples import a_calendar, an_event

NINE = ("DTSTART;TZID=Europe/Stockholm:20270303T090000", "DURATION:PT1H")
MARCH = ("--from", "2027-03-01", "--to", "2027-04-01")


def read(folder: Path, raw: bytes, *more: str) -> int:
    (folder / "calendar.ics").write_bytes(raw)
    return main(["read", str(folder / "calendar.ics"), *MARCH, *more])


def read_json(folder: Path, raw: bytes, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    assert read(folder, raw, "--json", *more) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_busy_times_and_skipped_events_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = a_calendar(
        an_event(*NINE, "SUMMARY:Canary", "STATUS:TENTATIVE"),
        an_event("DTSTART:20270305T080000Z", "RRULE:FREQ=DAILY;INTERVAL=0", uid="2"),
    )
    assert read(tmp_path, raw) == 0
    printed = capsys.readouterr()
    assert "2 händelser i kalendern" in printed.out
    assert "onsdag 3 mars 2027 09.00" in printed.out
    assert "preliminärt upptagen" in printed.out
    assert "Okänt från fredag 5 mars 2027 09.00" in printed.out
    assert "Gick inte att läsa: En händelses upprepningsregel är ogiltig; rätta den. (5 mars 2027)" in printed.out
    assert "Canary" not in printed.out + printed.err


def test_english_is_an_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read(tmp_path, a_calendar(an_event(*NINE)), "--lang", "en") == 0
    assert "1 event in the calendar, the newest written on 1 January 2026" in capsys.readouterr().out


def test_json_is_exactly_this(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = a_calendar(an_event(*NINE), an_event("DTSTART:then", uid="2"))
    why = "An event's time is not written as a date and time; correct it."
    assert read_json(tmp_path, raw, capsys, "--lang", "en") == {
        "busy": [{"start": "2027-03-03T08:00:00Z", "end": "2027-03-03T09:00:00Z", "kind": "busy"}],
        "unknown": [{"start": "2027-02-28T23:00:00Z", "end": "2027-03-31T22:00:00Z", "reason": why}],
        "skipped": [{"reason": why, "day": None}],
        "events": 2,
    }


def test_busy_times_are_clipped_merged_and_given_the_strongest_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day, hour = "DTSTART:20270303", "DTSTART:20270303T100000Z"
    raw = a_calendar(
        an_event("DTSTART:20270226", "DTEND:20270302", uid="1"),
        an_event(day, "STATUS:TENTATIVE", uid="2"),
        an_event(hour, "DURATION:PT1H", uid="3"),
        an_event(hour, "DURATION:PT2H", uid="4"),
        an_event(hour, "DURATION:PT30M", "X-MICROSOFT-CDO-BUSYSTATUS:OOF", uid="5"),
    )
    document = read_json(tmp_path, raw, capsys)
    rows = [f"{busy['start'][5:16]} {busy['end'][5:16]} {busy['kind']}" for busy in document["busy"]]
    assert rows == [
        "02-28T23:00 03-01T23:00 busy",
        "03-02T23:00 03-03T10:00 busy_tentative",
        "03-03T10:00 03-03T10:30 busy_unavailable",
        "03-03T10:30 03-03T12:00 busy",
        "03-03T12:00 03-03T23:00 busy_tentative",
    ]


def test_zone_and_owner_are_options(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    floating = a_calendar(an_event("DTSTART:20270303T090000", "DURATION:PT1H"))
    document = read_json(tmp_path, floating, capsys, "--zone", "America/New_York")
    assert [busy["start"] for busy in document["busy"]] == ["2027-03-03T14:00:00Z"]
    declined = a_calendar(an_event(*NINE, "ATTENDEE;PARTSTAT=DECLINED:mailto:p1@example.org"))
    assert read_json(tmp_path, declined, capsys, "--owner", "p1@example.org")["busy"] == []


def test_rows_are_read_from_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"2027-03-03;09:00;12:00")))
    assert main(["read", "-", *MARCH, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["busy"] == [{"start": "2027-03-03T08:00:00Z", "end": "2027-03-03T11:00:00Z", "kind": "busy"}]


@pytest.mark.parametrize(("start", "end"), [("0001-01-01", "0001-02-01"), ("1890-01-01", "9999-12-31")])
def test_any_period_of_any_year_is_read(
    start: str, end: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = a_calendar(an_event(*NINE), an_event(*NINE, "RRULE:FREQ=WEEKLY;COUNT=2", uid="2"))
    document = read_json(tmp_path, raw, capsys, "--from", start, "--to", end)
    assert (len(document["busy"]), document["unknown"]) == (2 if end == "9999-12-31" else 0, [])


def test_without_a_period_the_year_from_today_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "calendar.ics").write_bytes(a_calendar(an_event("DTSTART:20200101", "RRULE:FREQ=MONTHLY")))
    assert main(["read", str(tmp_path / "calendar.ics"), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["busy"]) in (12, 13)


def test_a_file_that_is_no_calendar_is_rejected_with_a_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert read(tmp_path, b"<html>Log in</html>") == 2
    assert capsys.readouterr().err.startswith("Detta är varken en kalender eller en lista")


def test_a_file_that_is_no_calendar_is_unknown_time_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert read(tmp_path, str(tmp_path / "calendar.ics").encode(), "--json", "--lang", "en") == 2
    printed = capsys.readouterr()
    document = json.loads(printed.out)
    assert (document["busy"], document["events"], len(document["unknown"])) == ([], 0, 1)
    assert printed.err.startswith("This is neither a calendar nor a list")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["missing.ics"], "There is no file missing.ics"),
        (["."], "cannot be read"),
        (["x\0y"], "cannot be read"),
        (["-", "--zone", "Europe/Örebro"], "There is no time zone Europe/Örebro"),
        (["-", "--from", "in March"], "in March is no date"),
        (["-", "--from", "2027-03-02", "--to", "2027-03-01"], "The period ends before it begins"),
    ],
)
def test_invalid_arguments_are_rejected_with_a_message(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", *arguments, "--lang", "en"]) == 2
    assert sentence in capsys.readouterr().err

"""Tests that a folder of calendars becomes commitments, and that no busy person becomes free."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from scheduler.errors import InvalidProblem
from scheduler.ical.folder import attach_calendars
from scheduler.ical.write.invitation import meeting_uid, request
from scheduler.problem import DateRange, Problem
from tests.builders import a_commitment, a_council, a_person, a_problem
from tests.scheduler.ical.samples import a_calendar, a_receiver, a_revision, an_event

NINE = ("DTSTART:20270303T080000Z", "DTEND:20270303T090000Z")
TEN = ("DTSTART:20270303T090000Z", "DTEND:20270303T100000Z")
HORIZON = DateRange(start=date(2027, 3, 1), end=date(2027, 3, 12))
SHARED: dict[str, Any] = {
    "id": "ks",
    "file": "boards/ks.ics",
    "label": "Kommunstyrelsen",
    "importance": 4,
    "yields": None,
    "people": ["a0", "a1"],
}


def a_problem_without_known_time(**changes: Any) -> Problem:
    """A problem in which no person's time is known."""
    people = [a_person(f"{party}{i}", party, known=[]) for party in ("a", "b", "c") for i in (0, 1)]
    return a_problem(**({"people": people} | changes))


def a_folder(folder: Path, files: dict[str, bytes], shared: list[dict[str, Any]] | None = None) -> Path:
    for name, raw in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    if shared is not None:
        (folder / "calendars.json").write_text(json.dumps(shared))
    return folder


def test_an_own_calendar_becomes_commitments_in_the_order_of_time(tmp_path: Path) -> None:
    raw = a_calendar(an_event(*TEN, "STATUS:TENTATIVE", uid="2"), an_event(*NINE))
    problem, evidence = attach_calendars(a_problem_without_known_time(), a_folder(tmp_path, {"a0.ics": raw}))
    fields = [(one.id, one.person, one.calendar, one.event, one.start, one.kind) for one in problem.commitments]
    assert fields == [
        ("a0-1", "a0", None, None, datetime(2027, 3, 3, 8, tzinfo=UTC), "busy"),
        ("a0-2", "a0", None, None, datetime(2027, 3, 3, 9, tzinfo=UTC), "busy_tentative"),
    ]
    (source,) = evidence.sources
    assert (source.name, source.people, source.num_busy, source.num_events) == ("a0.ics", ("a0",), 2, 2)
    assert source.skipped == ()


def test_an_own_calendar_that_was_read_makes_the_horizon_known(tmp_path: Path) -> None:
    problem, _ = attach_calendars(a_problem_without_known_time(), a_folder(tmp_path, {"a0.ics": a_calendar()}))
    assert problem.people_by_id["a0"].known == (HORIZON,)
    assert problem.people_by_id["a1"].known == ()


def test_time_that_an_own_calendar_does_not_cover_stays_unknown(tmp_path: Path) -> None:
    raw = a_calendar("BEGIN:VFREEBUSY", "DTSTART:20270301T230000Z", "DTEND:20270303T230000Z", "END:VFREEBUSY")
    problem, evidence = attach_calendars(a_problem_without_known_time(), a_folder(tmp_path, {"a0.ics": raw}))
    (known,) = problem.people_by_id["a0"].known
    assert (known.start, known.end) == (
        datetime(2027, 3, 1, 23, tzinfo=UTC),
        datetime(2027, 3, 3, 23, tzinfo=UTC),
    )
    assert evidence.sources[0].skipped


def test_a_broken_series_leaves_the_person_unknown_and_the_rest_busy(tmp_path: Path) -> None:
    raw = a_calendar(an_event(*NINE), an_event(*NINE, "RRULE:FREQ=SECONDLY", uid="2"))
    problem, evidence = attach_calendars(a_problem_without_known_time(), a_folder(tmp_path, {"a0.ics": raw}))
    (known,) = problem.people_by_id["a0"].known
    assert known.end == datetime(2027, 3, 3, 8, tzinfo=UTC)  # when the series begins
    assert len(problem.commitments) == evidence.sources[0].num_busy == 1
    assert "repeats too often" in evidence.sources[0].skipped[0].sentence


def test_a_file_that_is_no_calendar_leaves_the_person_unknown(tmp_path: Path) -> None:
    before = a_problem_without_known_time()
    problem, evidence = attach_calendars(before, a_folder(tmp_path, {"a0.ics": b"<html>"}))
    assert problem == before
    assert "export" in evidence.sources[0].skipped[0].sentence


def test_no_text_of_a_calendar_enters_the_problem_or_a_report(tmp_path: Path, caplog: Any, capfd: Any) -> None:
    words = [f"{name}:Canary" for name in ("SUMMARY", "LOCATION", "DESCRIPTION")]
    raw = a_calendar(an_event(*NINE, *words), an_event("DTSTART:then", *words, uid="2"))
    folder = a_folder(tmp_path, {"a0.ics": raw, "boards/ks.ics": raw}, [SHARED])
    problem, evidence = attach_calendars(a_problem_without_known_time(), folder)
    assert len(problem.commitments) == 3
    assert "Canary" not in problem.model_dump_json() + repr(evidence) + caplog.text
    assert capfd.readouterr() == ("", "")


def test_a_file_named_after_no_person_is_reported_and_ignored(tmp_path: Path) -> None:
    before = a_problem_without_known_time()
    problem, evidence = attach_calendars(before, a_folder(tmp_path, {"zz.ics": a_calendar(an_event(*NINE))}))
    assert problem == before
    assert evidence.sources == ()
    assert [file.file for file in evidence.unused_files] == ["zz.ics"]


def test_a_shared_calendar_adds_a_commitment_of_one_event_for_each_person(tmp_path: Path) -> None:
    raw = a_calendar(an_event(*NINE, "RRULE:FREQ=DAILY;COUNT=2"))
    folder = a_folder(tmp_path, {"boards/ks.ics": raw}, [SHARED])
    problem, evidence = attach_calendars(a_problem_without_known_time(), folder)
    assert [(one.id, one.person, one.event) for one in problem.commitments] == [
        ("ks-1", "a0", "ks-1"),
        ("ks-2", "a1", "ks-1"),
        ("ks-3", "a0", "ks-2"),
        ("ks-4", "a1", "ks-2"),
    ]
    assert {one.calendar for one in problem.commitments} == {"ks"}
    calendar = problem.calendars_by_id["ks"]
    assert (calendar.label, calendar.importance, calendar.yields) == ("Kommunstyrelsen", 4, None)
    (source,) = evidence.sources
    assert (source.name, source.label, source.people, source.num_busy) == (
        "boards/ks.ics",
        "Kommunstyrelsen",
        ("a0", "a1"),
        2,
    )


def test_a_shared_calendar_alone_makes_no_time_known(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, {"boards/ks.ics": a_calendar(an_event(*NINE))}, [SHARED])
    problem, _ = attach_calendars(a_problem_without_known_time(), folder)
    assert problem.people_by_id["a0"].known == ()


def test_a_shared_file_is_not_also_a_persons_own(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, {"a0.ics": a_calendar(an_event(*NINE))}, [SHARED | {"file": "a0.ics"}])
    problem, evidence = attach_calendars(a_problem_without_known_time(), folder)
    assert len(evidence.sources) == 1
    assert problem.people_by_id["a0"].known == ()


def test_a_calendar_that_the_problem_has_is_used_as_it_is(tmp_path: Path) -> None:
    calendars = [{"id": "ks", "label": "Styrelsen", "importance": 5}]
    folder = a_folder(tmp_path, {"boards/ks.ics": a_calendar(an_event(*NINE))}, [SHARED])
    problem, _ = attach_calendars(a_problem_without_known_time(calendars=calendars), folder)
    assert [calendar.label for calendar in problem.calendars] == ["Styrelsen"]
    assert problem.commitments[0].calendar == "ks"


def test_ids_in_use_are_not_used_again(tmp_path: Path) -> None:
    before = a_problem_without_known_time(
        commitments=[a_commitment("a0-1", "b0", "2027-03-03T08:00:00Z", "2027-03-03T09:00:00Z")]
    )
    problem, _ = attach_calendars(before, a_folder(tmp_path, {"a0.ics": a_calendar(an_event(*NINE))}))
    assert [one.id for one in problem.commitments] == ["a0-1", "a0-2"]


def test_a_meeting_of_the_problem_is_recognised_in_a_calendar(tmp_path: Path) -> None:
    organizer = {"name": "Kansliet", "email": "kansli@example.org"}
    before = a_problem_without_known_time(councils=[a_council(organizer=organizer)])
    revision = a_revision().model_copy(update={"uid": meeting_uid("kansli@example.org", "m1")})
    folder = a_folder(tmp_path, {"a0.ics": request(revision, a_receiver())})
    problem, _ = attach_calendars(before, folder)
    assert [one.meeting for one in problem.commitments] == ["m1"]


def test_an_event_of_decades_is_cut_to_the_horizon_and_a_day_on_each_side(tmp_path: Path) -> None:
    raw = a_calendar(an_event("DTSTART:19900101T000000Z", "DTEND:21500101T000000Z"))
    problem, _ = attach_calendars(a_problem_without_known_time(), a_folder(tmp_path, {"a0.ics": raw}))
    (one,) = problem.commitments
    assert (one.start, one.end) == (datetime(2027, 2, 27, 23, tzinfo=UTC), datetime(2027, 3, 13, 23, tzinfo=UTC))


def test_an_invitation_that_a_person_declined_is_free(tmp_path: Path) -> None:
    people = [a_person("a0", "a", email="a0@example.org"), a_person("a1", "a")]
    raw = a_calendar(an_event(*NINE, "ATTENDEE;PARTSTAT=DECLINED:mailto:a0@example.org"))
    problem = a_problem(parties=("a",), people=people)
    attached, _ = attach_calendars(problem, a_folder(tmp_path, {"a0.ics": raw, "a1.ics": raw}))
    assert [one.person for one in attached.commitments] == ["a1"]


def test_the_same_folder_gives_the_same_problem(tmp_path: Path) -> None:
    files = {f"{person}.ics": a_calendar(an_event(*NINE)) for person in ("b1", "a0", "c0")}
    folder = a_folder(tmp_path, files | {"boards/ks.ics": a_calendar(an_event(*TEN))}, [SHARED])
    assert attach_calendars(a_problem_without_known_time(), folder) == attach_calendars(
        a_problem_without_known_time(), folder
    )


def test_a_shared_file_that_is_missing_is_reported(tmp_path: Path) -> None:
    problem, evidence = attach_calendars(a_problem_without_known_time(), a_folder(tmp_path, {}, [SHARED]))
    assert problem.commitments == ()
    assert "cannot be opened" in evidence.sources[0].skipped[0].sentence


@pytest.mark.parametrize(
    ("entries", "pointer"),
    [
        ([SHARED | {"file": "../secret.ics"}], "/0/file"),
        ([SHARED | {"file": "/etc/passwd"}], "/0/file"),
        ([SHARED | {"file": "boards/../../secret.ics"}], "/0/file"),
        ([SHARED | {"file": "link/secret.ics"}], "/0/file"),
        ([SHARED | {"file": ""}], "/0/file"),
        ([SHARED | {"people": ["nobody"]}], "/0/people/0"),
        ([SHARED | {"people": ["a0", "a0"]}], "/0/people/1"),
        ([SHARED | {"people": []}], "/0/people"),
        ([SHARED | {"importance": 9}], "/0/importance"),
        ([SHARED | {"colour": "red"}], "/0"),
        ([SHARED, SHARED], "/1/id"),
        ({"calendars": []}, ""),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_an_invalid_list_of_shared_calendars_is_rejected(tmp_path: Path, entries: Any, pointer: str) -> None:
    folder = a_folder(tmp_path / "folder", {"boards/ks.ics": a_calendar()}, entries)
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(InvalidProblem) as refused:
        attach_calendars(a_problem_without_known_time(), folder)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]
    assert "calendars.json" in refused.value.faults[0].message

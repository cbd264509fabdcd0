"""Tests that the command and the page say how the input was read, in the same words and in both languages."""

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from api.cli import main
from scheduler.evidence import build_evidence
from scheduler.ical.folder import attach_calendars
from scheduler.ical.write.invitation import meeting_uid
from scheduler.problem import Problem
from tests.builders import a_person, a_problem
from tests.scheduler.ical.samples import a_calendar, an_event

FULL_YEAR = [
    an_event(f"DTSTART:2027{month:02d}05T080000Z", f"DTEND:2027{month:02d}05T100000Z", uid=f"m{month}")
    for month in range(1, 13)
]
GOOD = a_calendar(*FULL_YEAR)
BOARD = {"id": "ks", "file": "board.ics", "label": "Kommunstyrelsen", "people": ["a0", "b0"]}
PEOPLE = ("a0", "a1", "b0", "b1", "c0", "c1")
EVERYTHING_WELL = {f"{person}.ics": GOOD for person in PEOPLE}


def a_year(folder: Path) -> Problem:
    """Write a problem of a year in which nothing is known of anybody, and return it."""
    people = [a_person(person, person[0], known=[]) | {"email": f"{person}@example.org"} for person in PEOPLE]
    organizer = {"name": "Kansliet", "email": "kansli@example.org"}
    base = a_problem(people=people, horizon={"start": "2027-01-01", "end": "2027-12-31"})
    council = base.councils[0].model_dump(mode="json", by_alias=True) | {"organizer": organizer}
    problem = a_problem(
        people=people, horizon={"start": "2027-01-01", "end": "2027-12-31"}, councils=[council], today="2026-12-01"
    )
    (folder / "problem.json").write_bytes(problem.to_json())
    return problem


def a_reply(problem: Problem, answer: str) -> bytes:
    uid = meeting_uid("kansli@example.org", problem.meetings[0].id)
    return a_calendar(
        "METHOD:REPLY",
        an_event(
            "DTSTART:20270303T080000Z",
            "DTEND:20270303T100000Z",
            f"ATTENDEE;PARTSTAT={answer}:mailto:A0@Example.org",
            uid=uid,
        ),
    )


def files_of(folder: Path, files: dict[str, bytes], shared: list[dict[str, Any]] | None = None) -> Path:
    calendars = folder / "calendars"
    calendars.mkdir()
    for name, raw in files.items():
        (calendars / name).write_bytes(raw)
    if shared is not None:
        (calendars / "calendars.json").write_text(json.dumps(shared))
    return calendars


def said(folder: Path, language: str, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Return what the command prints, and what the page says about the evidence, as plain text in one line."""
    out = folder / f"out-{language}"
    options = ["--calendars", str(folder / "calendars")] if (folder / "calendars").exists() else []
    status = main(["propose", str(folder / "problem.json"), *options, "--out", str(out), "--lang", language])
    assert status == 0
    page = (out / "plan.html").read_text("utf-8")
    section = page[page.index('id="evidence"') :]
    section = section[: section.index("</section>")]
    printed = " ".join(capsys.readouterr().out.split())
    return printed, " ".join(html.unescape(re.sub(r"<[^>]+>", " ", section)).split())


CASES: dict[str, tuple[dict[str, bytes], list[dict[str, Any]] | None, str, str]] = {
    "everything well": (
        EVERYTHING_WELL,
        None,
        "Planen bygger på kalendrarna för 6 personer.",
        "The plan rests on the calendars of 6 people.",
    ),
    "unmatched file": (
        EVERYTHING_WELL | {"A00.ics": GOOD},
        None,
        "A00.ics: Filen har inte namn efter någon person och används inte; menade du a0.ics?",
        "A00.ics: The file is named after no person and is not used; did you mean a0.ics?",
    ),
    "unread type": (
        EVERYTHING_WELL | {"a0.docx": b"PK"},
        None,
        "a0.docx: Filtypen läses inte",
        "a0.docx: Files of this type are not read",
    ),
    "unreadable board": (
        EVERYTHING_WELL | {"board.ics": b"<html>"},
        [BOARD],
        "board.ics, Kommunstyrelsen, kunde inte läsas, så att tiden för 2 personer är okänd:",
        "board.ics, Kommunstyrelsen, was not read, so that the time of 2 people is unknown:",
    ),
    "export range": (
        EVERYTHING_WELL
        | {"a0.ics": a_calendar("X-CLIPSTART:20270101T000000Z", "X-CLIPEND:20270701T000000Z", *FULL_YEAR)},
        None,
        "a0.ics, ledamot a0, lästes delvis, och resten är okänd: Filen omfattar bara en del av perioden",
        "a0.ics, ledamot a0, was read in part, and the rest is unknown: The file covers only a part of the period",
    ),
    "a file named after the name": (
        EVERYTHING_WELL | {"Ledamot A0.ics": GOOD},
        None,
        "Ledamot A0.ics: Filen har inte namn efter någon person och används inte; menade du a0.ics?",
        "Ledamot A0.ics: The file is named after no person and is not used; did you mean a0.ics?",
    ),
    "two files": (
        EVERYTHING_WELL | {"a0.csv": b"2027-05-05;09:00;12:00\n"},
        None,
        "a0.ics: ledamot a0 har en annan fil, a0.csv; båda används.",
        "a0.ics: ledamot a0 has another file, a0.csv; both are used.",
    ),
    "empty calendar": (
        EVERYTHING_WELL | {"a0.ics": a_calendar()},
        None,
        "a0.ics, ledamot a0, har inga händelser;",
        "a0.ics, ledamot a0, has no events;",
    ),
    "ends early": (
        EVERYTHING_WELL | {"a0.ics": a_calendar(*FULL_YEAR[:6])},
        None,
        "a0.ics, ledamot a0: den sista händelsen är den 5 juni 2027,",
        "a0.ics, ledamot a0: the last event is on 5 June 2027,",
    ),
    "one person missing": (
        {file: raw for file, raw in EVERYTHING_WELL.items() if file != "c1.ics"},
        None,
        "Det finns inga uppgifter om 1 person, som antas vara ledig med 60 % sannolikhet: ledamot c1.",
        "Nothing is known of 1 person, who is taken to be free with a chance of 60%: ledamot c1.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_command_and_page_say_how_the_input_was_read(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files, shared, swedish, english = CASES[case]
    a_year(tmp_path)
    files_of(tmp_path, files, shared)
    for language, sentence in (("sv", swedish), ("en", english)):
        printed, shown = said(tmp_path, language, capsys)
        assert sentence in printed.replace("\u00a0", " ")
        assert sentence in shown.replace("\u00a0", " ")


def test_an_export_of_exactly_the_planning_period_is_whole(tmp_path: Path) -> None:
    year = a_calendar("X-CLIPSTART:20261231T230000Z", "X-CLIPEND:20271231T230000Z", *FULL_YEAR)
    attached, evidence = attach_calendars(a_year(tmp_path), files_of(tmp_path, {"a0.ics": year}))
    assert evidence.sources[-1].skipped == ()
    assert attached.people_by_id["a0"].known == (attached.horizon,)


def test_an_invalid_row_is_refused_with_its_number_and_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a_year(tmp_path)
    calendars = files_of(tmp_path, {"a0.csv": b"2027-03-02;09:00;12:00\n3/2/2027;09:00;12:00\n"})
    for language, sentence in (
        ("sv", "a0.csv: Rad 2, ”3/2/2027;09:00;12:00”: datumet kan betyda 2027-02-03 eller 2027-03-02;"),
        ("en", "a0.csv: Row 2, “3/2/2027;09:00;12:00”: the date may be 2027-02-03 or 2027-03-02;"),
    ):
        options = ["--calendars", str(calendars), "--lang", language]
        assert main(["propose", str(tmp_path / "problem.json"), *options]) == 2
        assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(("partstat", "answer"), [("DECLINED", "no"), ("ACCEPTED", "yes"), ("TENTATIVE", "if_needed")])
def test_a_reply_is_an_answer_by_uid_and_attendee(
    partstat: str, answer: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = a_year(tmp_path)
    folder = files_of(tmp_path, EVERYTHING_WELL | {"svar.ics": a_reply(problem, partstat)})
    attached, evidence = attach_calendars(problem, folder)
    start, end = datetime(2027, 3, 3, 8, tzinfo=UTC), datetime(2027, 3, 3, 10, tzinfo=UTC)
    (reply,) = attached.answers
    assert (reply.person, reply.answer, reply.start, reply.end) == ("a0", answer, start, end)
    assert reply.at == datetime(2026, 1, 1, tzinfo=UTC)
    assert len(attached.commitments) == sum(source.num_busy for source in evidence.sources)
    printed, shown = said(tmp_path, "sv", capsys)
    assert "kalendrarna för 6 personer och 1 svar" in printed
    assert "svar.ics svar på en kallelse" in shown


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (lambda problem: a_reply(problem, "DELEGATED"), "neither accepts nor declines"),
        (lambda problem: a_reply(problem, "DECLINED").replace(b"A0@", b"zz@"), "no person has"),
        (lambda problem: a_reply(problem, "DECLINED").replace(b"UID:", b"UID:x"), "not of this plan"),
    ],
)
def test_a_reply_that_is_no_answer_is_named(raw: Callable[[Problem], bytes], sentence: str, tmp_path: Path) -> None:
    problem = a_year(tmp_path)
    folder = files_of(tmp_path, {"a0.ics": raw(problem)})
    attached, evidence = attach_calendars(problem, folder)
    assert attached == problem
    assert sentence in evidence.unused_files[0].sentence


def test_an_invitation_is_not_a_whole_calendar(tmp_path: Path) -> None:
    problem = a_year(tmp_path)
    folder = files_of(tmp_path, {"a0.ics": a_calendar("METHOD:REQUEST", FULL_YEAR[2])})
    attached, evidence = attach_calendars(problem, folder)
    assert len(attached.commitments) == 1
    assert attached.people_by_id["a0"].known == ()
    assert "an invitation" in evidence.unused_files[0].sentence


def test_without_any_evidence_nothing_is_proven_and_nobody_is_invited(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_year(tmp_path)
    for language, sentence, proof in (
        ("sv", "alla datum som reglerna tillåter är lika bra", "Bevisat"),
        ("en", "all dates within the rules are equally good", "Proven"),
    ):
        printed, _ = said(tmp_path, language, capsys)
        assert sentence in printed
        assert proof not in printed
        page = (tmp_path / f"out-{language}" / "plan.html").read_text("utf-8")
        assert sentence in page
        assert not list((tmp_path / f"out-{language}").rglob("*.ics"))


def test_nobody_is_free_at_the_meetings_of_a_board_that_cannot_be_read(tmp_path: Path) -> None:
    problem = a_year(tmp_path)
    folder = files_of(tmp_path, EVERYTHING_WELL | {"board.ics": b"<html>"}, [BOARD])
    attached, evidence = attach_calendars(problem, folder)
    has_known_time = {person.id: bool(person.known) for person in attached.people}
    assert has_known_time == {"a0": False, "a1": True, "b0": False, "b1": True, "c0": True, "c1": True}
    assert [source.first_known for source in evidence.sources[:2]] == [None, date(2027, 1, 1)]


def test_a_board_that_is_read_in_part_leaves_only_the_rest_unknown(tmp_path: Path) -> None:
    problem = a_year(tmp_path)
    board = a_calendar("X-CLIPEND:20270630T220000Z", *FULL_YEAR)
    attached, _ = attach_calendars(problem, files_of(tmp_path, EVERYTHING_WELL | {"board.ics": board}, [BOARD]))
    (known,) = attached.people_by_id["a0"].known
    assert (known.start, known.end) == (
        datetime(2026, 12, 31, 23, tzinfo=UTC),
        datetime(2027, 6, 30, 22, tzinfo=UTC),
    )


def test_a_reply_from_an_address_of_several_people_is_nobodys_answer(tmp_path: Path) -> None:
    problem = a_year(tmp_path)
    people = [person.model_copy(update={"email": "A0@example.org"}) for person in problem.people[:2]]
    problem = problem.with_parts(people=(*people, *problem.people[2:]))
    folder = files_of(tmp_path, EVERYTHING_WELL | {"svar.ics": a_reply(problem, "DECLINED")})
    attached, evidence = attach_calendars(problem, folder)
    assert attached.answers == ()
    (unused,) = evidence.unused_files
    assert "several people have" in unused.sentence


def test_a_reply_beside_a_whole_calendar_takes_nothing_away(tmp_path: Path) -> None:
    problem = a_year(tmp_path)
    both = GOOD + a_reply(problem, "DECLINED")
    attached, evidence = attach_calendars(problem, files_of(tmp_path, {"a0.ics": both}))
    assert (len(attached.commitments), len(attached.answers)) == (12, 1)
    assert attached.people_by_id["a0"].known == (attached.horizon,)
    assert [source.kind for source in evidence.sources] == ["reply", "own"]


def test_a_reply_in_place_of_a_boards_calendar_makes_its_people_unknown(tmp_path: Path) -> None:
    problem = a_year(tmp_path)
    files = EVERYTHING_WELL | {"board.ics": a_reply(problem, "ACCEPTED")}
    attached, evidence = attach_calendars(problem, files_of(tmp_path, files, [BOARD]))
    assert attached.people_by_id["a0"].known == attached.people_by_id["b0"].known == ()
    assert "not the whole calendar" in evidence.sources[0].skipped[0].sentence


def test_a_subfolder_with_calendars_that_are_not_listed_is_named(tmp_path: Path) -> None:
    problem = a_year(tmp_path)
    folder = files_of(tmp_path, EVERYTHING_WELL | {"board.ics": GOOD}, [BOARD])
    (folder / "more").mkdir()
    (folder / "more" / "a0.ics").write_bytes(GOOD)
    _, evidence = attach_calendars(problem, folder)
    assert [file.file for file in evidence.unused_files] == ["more/"]


def test_what_lies_outside_the_planning_period_is_no_evidence(tmp_path: Path) -> None:
    long_ago = {"start": "2020-03-01T08:00:00Z", "end": "2020-03-01T09:00:00Z"}
    problem = a_year(tmp_path)
    document = json.loads(problem.to_json())
    document["commitments"] = [{"id": "c1", "person": "a0", **long_ago}]
    document["answers"] = [{"person": "a1", "answer": "no", **long_ago}]
    document["people"][2]["known"] = [{"start": "2020-01-01", "end": "2020-12-31"}]
    evidence = build_evidence(Problem.of(document))
    assert evidence.is_empty
    assert evidence.num_stated == 0


def test_commitments_of_the_problem_are_counted_without_those_of_calendars(tmp_path: Path) -> None:
    problem = a_year(tmp_path)
    document = json.loads(problem.to_json())
    document["commitments"] = [
        {"id": "c1", "person": "a0", "start": "2027-03-03T08:00:00Z", "end": "2027-03-03T09:00:00Z"}
    ]
    _, evidence = attach_calendars(Problem.of(document), files_of(tmp_path, EVERYTHING_WELL))
    assert evidence.num_stated == 1


def test_a_sent_invitation_is_recognised_after_the_organizer_changed(tmp_path: Path) -> None:
    problem = a_year(tmp_path)
    meeting = problem.meetings[0].id
    sent = {meeting_uid("former@example.org", meeting): meeting}
    event = an_event("DTSTART:20270303T080000Z", "DTEND:20270303T100000Z", uid=next(iter(sent)))
    folder = files_of(tmp_path, {"a0.ics": a_calendar(event)})
    assert [item.meeting for item in attach_calendars(problem, folder, sent=sent)[0].commitments] == [meeting]
    assert [item.meeting for item in attach_calendars(problem, folder)[0].commitments] == [None]

"""Every fault of a document is reported with its location and its remedy."""

import json
import time
from typing import Any

import pytest

from scheduler import InvalidProblem, Problem
from tests.builders import a_commitment, a_council, a_document, a_meeting, a_person


def faults_of(document: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidProblem) as caught:
        Problem.of(document)
    return [(fault.pointer, fault.message) for fault in caught.value.faults]


def pointers(document: dict[str, Any]) -> list[str]:
    return [pointer for pointer, _ in faults_of(document)]


def read_faults(text: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(InvalidProblem) as caught:
        Problem.read(text.encode() if isinstance(text, str) else text)
    return [(fault.pointer, fault.message) for fault in caught.value.faults]


def seats(*rows: tuple[str, str | None, list[str]]) -> list[dict[str, Any]]:
    council = a_council()
    council["seats"] = [{"party": party, "member": member, "substitutes": subs} for party, member, subs in rows]
    return [council]


def test_a_valid_document_is_accepted() -> None:
    assert Problem.of(a_document()).title == "Ett litet län"


CASES: list[tuple[dict[str, Any], str]] = [
    ({"colour": "blue"}, "/colour"),
    ({"people": [a_person("a0", "nobody")], "councils": seats(("a", None, []))}, "/people/0/party"),
    ({"councils": seats(("a", "a0", []), ("a", "a1", []))}, "/councils/0/seats/1/party"),
    ({"councils": seats(("a", "b0", []))}, "/councils/0/seats/0"),
    ({"councils": seats(("a", "a0", ["a0"]))}, "/councils/0/seats/0"),
    ({"councils": [{**a_council(), "quorum": 4}]}, "/councils/0/quorum"),
    ({"councils": [{**a_council(), "chair": "zz"}]}, "/councils/0/chair"),
    ({"councils": [{**a_council(), "spacing_days": {"min": 9, "max": 3}}]}, "/councils/0/spacing_days"),
    ({"meetings": [a_meeting(window={"start": "2028-01-01", "end": "2028-02-01"})]}, "/meetings/0/window"),
    ({"meetings": [a_meeting(window={"start": "2027-03-05", "end": "2027-03-01"})]}, "/meetings/0/window"),
    ({"meetings": [a_meeting(weight="1")]}, "/meetings/0/weight"),
    ({"meetings": [a_meeting(weight=True)]}, "/meetings/0/weight"),
    ({"meetings": [a_meeting(weight=float("nan"))]}, "/meetings/0/weight"),
    ({"meetings": [a_meeting(starts=[])]}, "/meetings/0/starts"),
    ({"meetings": [a_meeting(starts=["9"])]}, "/meetings/0/starts/0"),
    ({"meetings": [a_meeting(starts={"from": "16:00", "to": "09:00", "step_minutes": 30})]}, "/meetings/0/starts"),
    ({"meetings": [a_meeting(venue="v")]}, "/meetings/0/venue"),
    ({"meetings": [a_meeting(party_importance={"z/z": 1})]}, "/meetings/0/party_importance/z~1z"),
    ({"meetings": [a_meeting(), a_meeting()]}, "/meetings/1/id"),
    ({"meetings": [a_meeting(council="skola")]}, "/meetings/0/council"),
    ({"meetings": [a_meeting(required=[{"person": "zz"}])]}, "/meetings/0/required/0/person"),
    ({"meetings": [a_meeting(agenda=[])]}, "/meetings/0/agenda"),
    ({"meetings": [a_meeting(agenda=" \n ")]}, "/meetings/0/agenda"),
    ({"meetings": [a_meeting(agenda=["Val av justerare", "\x1b[2J"])]}, "/meetings/0/agenda/1"),
    ({"meetings": [a_meeting(link="javascript:alert(1)")]}, "/meetings/0/link"),
    ({"meetings": [a_meeting(link="https://example.org/a b")]}, "/meetings/0/link"),
    ({"meetings": [a_meeting(link="https://example.org/\r\nATTENDEE:mailto:x@example.org")]}, "/meetings/0/link"),
    ({"meetings": [a_meeting(reply_by="snart")]}, "/meetings/0/reply_by"),
    ({"meetings": [a_meeting(reply_by="2027-03-13")]}, "/meetings/0/reply_by"),
    ({"meetings": [a_meeting(window={"start": "2027-03-01", "end": "2027-03-02"}, reply_by="2027-03-03")]},
     "/meetings/0/reply_by"),
    ({"meetings": []}, "/meetings"),
    ({"commitments": [a_commitment("c", "a0", "09:00", "2027-03-01T10:00")]}, "/commitments/0/start"),
    ({"commitments": [a_commitment("c", "a0", "2027-03-01T10:00", "2027-03-01T09:00")]}, "/commitments/0/end"),
    ({"commitments": [a_commitment("c", "a0", "2027-03-01", "2027-03-02T09:00")]}, "/commitments/0/start"),
    ({"commitments": [a_commitment("c", "zz", "2027-03-01T08:00", "2027-03-01T09:00")]}, "/commitments/0/person"),
    ({"people": [a_person("a0", "a", known=[{"start": "2027-03-02", "end": "2027-03-01"}])],
      "councils": seats(("a", "a0", []))}, "/people/0/known/0"),
    ({"relations": [{"kind": "apart_days", "meetings": ["m1", "m9"]}]}, "/relations/0/meetings/1"),
    ({"relations": [{"kind": "apart_days", "meetings": ["m1", "m1"], "days": 2}]}, "/relations/0/meetings"),
    ({"published": {"m9": "2027-03-01T09:00"}}, "/published/m9"),
    ({"blackouts": [{"start": "2027-03-02", "end": "2027-03-01", "reason": "r"}]}, "/blackouts/0/end"),
    ({"assumptions": {"unknown_free": 0.01}}, "/assumptions/unknown_free"),
    ({"assumptions": {"tentative": 1.5}}, "/assumptions/tentative"),
    ({"timezone": "Europe/Stokholm"}, "/timezone"),
    ({"timezone": "../../etc/passwd"}, "/timezone"),
    ({"holidays": "XX"}, "/holidays"),
    ({"horizon": {"start": 20270301, "end": "2027-03-12"}}, "/horizon/start"),
    ({"horizon": {"start": "2027-03-01", "end": "1850-01-01"}}, "/horizon/end"),
    ({"horizon": {"start": "2027-03-01", "end": "2031-03-01"}}, "/horizon"),
    ({"title": "a\u202eb"}, "/title"),
    ({"title": "a\x00b"}, "/title"),
    ({"today": "2027-02-30"}, "/today"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "pointer"), CASES, ids=[f"{i}{pointer}" for i, (_, pointer) in enumerate(CASES)])
def test_a_fault_is_reported_once_with_its_pointer(changes: dict[str, Any], pointer: str) -> None:
    found = [one for one in pointers({**a_document(), **changes}) if one != "/relations/0/days"]
    assert found == [pointer]


@pytest.mark.parametrize(
    "email",
    ["a?bcc=x@example.org", "a?subject=hej&bcc=b@example.org", "a#b@example.org", "a%3Fbcc=x@example.org"],
)
def test_an_address_that_gives_a_mailto_link_other_headers_is_rejected(email: str) -> None:
    people = [a_person("a0", "a", email=email)]
    (fault,) = faults_of(a_document(people=people, councils=seats(("a", "a0", []))))
    assert fault[0] == "/people/0/email"
    organizer = {"name": "Kansliet", "email": email}
    assert pointers(a_document(councils=[a_council(organizer=organizer)])) == ["/councils/0/organizer/email"]


@pytest.mark.parametrize("email", ["r&d@example.org", "anna+radet@example.org", "o'brien@example.org", "a=b@x.example"])
def test_an_address_with_marks_that_are_harmless_in_a_link_is_accepted(email: str) -> None:
    people = [a_person("a0", "a", email=email)]
    assert Problem.of(a_document(people=people, councils=seats(("a", "a0", [])))).people[0].email == email


def test_an_agenda_is_a_list_or_a_text_with_an_item_a_line() -> None:
    items = ("Val av justerare", "Budget 2028")
    for written in (list(items), "Val av justerare\n\n  Budget 2028\r\n"):
        assert Problem.of(a_document(meetings=[a_meeting(agenda=written)])).meetings[0].agenda == items


def test_several_faults_are_listed_together() -> None:
    document = a_document(colour="blue", today="soon")
    del document["title"]
    assert set(pointers(document)) == {"/colour", "/today", "/title"}


def test_the_first_hundred_are_listed_and_all_are_counted() -> None:
    with pytest.raises(InvalidProblem) as caught:
        Problem.of(a_document(answers=[{"person": "a0"}] * 200))
    assert len(caught.value.faults) == 100
    assert caught.value.num_faults == 600


def test_a_million_slots_are_rejected_before_they_are_expanded() -> None:
    starts = {"from": "00:00", "to": "23:55", "step_minutes": 15}
    horizon = {"start": "2027-01-01", "end": "2027-12-31"}
    meetings = [a_meeting(f"m{i}", starts=starts) for i in range(40)]
    ((pointer, message),) = faults_of(a_document(meetings=meetings, horizon=horizon))
    assert pointer == "/meetings"
    assert "1002240" in message


NAMED_VALUES: list[tuple[dict[str, Any], str]] = [
    ({"today": "2027-02-30"}, 'There is no date "2027-02-30"; correct it.'),
    ({"today": "soon"}, '"soon" is not a date; write a date as 2027-03-03.'),
    ({"today": "1850-01-01"}, 'The year of "1850-01-01" is out of range; use a year from 2000 to 2100.'),
    ({"title": 17}, "17 is not text; write text in quotation marks."),
    ({"people": {}}, "{} stands where a list belongs; write a list in brackets."),
    ({"horizon": ["x"]}, "[…] stands where an object belongs; write an object in braces."),
    ({"timezone": "Europe/Stokholm"},
     "Unknown time zone \"Europe/Stokholm\"; did you mean 'Europe/Stockholm'? Correct it."),
    ({"timezone": "CETX/9"}, 'Unknown time zone "CETX/9"; name a zone of the IANA database, as Europe/Stockholm.'),
    ({"holidays": "XX"}, 'The holidays of the country "XX" are unknown; name another country, as SE, or write null.'),
    ({"meetingss": []}, "The key 'meetingss' is unknown; did you mean 'meetings'? Correct it."),
    ({"horizon": {"start": "2027-03-09", "end": "2027-03-01"}},
     "The end, 2027-03-01, lies before the start, 2027-03-09; swap or correct them."),
    ({"horizon": {"start": "2027-03-01", "end": "2027-03-12", "zon": 1}},
     "The key 'zon' is unknown; remove it, or write one of end or start."),
    ({"horizon": {"start": "2027-03-01"}}, "The key 'end' is required; add it."),
    ({"meetings": [a_meeting(weight="0,95")]},
     '"0,95" is not a number; write a number without quotation marks, with a point before decimals.'),
    ({"meetings": [a_meeting(weight=-0.5)]}, "-0.5 is too small; write a number that is at least 0.0."),
    ({"meetings": [a_meeting(importance=9)]}, "9 is too large; write a number that is at most 5."),
    ({"meetings": [a_meeting(importance=10**5000)]}, "… is too large; write a number that is at most 5."),
    ({"meetings": [a_meeting(weekdays=["mo"])]}, "\"mo\" is not allowed here; did you mean 'MO'? Choose MO, TU, WE"),
    ({"meetings": [a_meeting(mode="hybird")]}, "\"hybird\" is not allowed here; did you mean 'hybrid'?"),
    ({"meetings": [a_meeting(starts=["9.00"])]}, '"9.00" is not a time of day; write a time of day as 09:00.'),
    ({"meetings": [a_meeting(starts=["25:00"])]}, 'There is no time of day "25:00"; correct it.'),
    ({"meetings": [a_meeting(starts={"from": "16:00", "to": "09:00", "step_minutes": 30})]},
     "The first start, 16:00, is after the last, 09:00; swap or correct them."),
    ({"meetings": [a_meeting(window={"start": "2028-01-01", "end": "2028-02-01"})]},
     "The window of 'm1', 2028-01-01 to 2028-02-01, lies outside the horizon, 2027-03-01 to 2027-03-12;"),
    ({"councils": [{**a_council(), "quorum": 4}]}, "The quorum of 'kultur' is 4, more than the number of its seats"),
    ({"councils": seats(("a", "b0", []))}, "The person 'b0' belongs to party 'b', but this seat to 'a';"),
    ({"relations": [{"kind": "same_day", "meetings": ["m1", "m1"]}]}, "The meeting 'm1' occurs twice in this relation"),
    ({"commitments": [a_commitment("c", "a0", "2027-03-01T10:00", "2027-03-01T09:00")]},
     "The end, 2027-03-01T09:00:00, is not after the start, 2027-03-01T10:00:00; correct one of them."),
    ({"blackouts": [{"start": "2027-03-02", "end": "2027-03-01", "reason": "r"}]},
     "The end, 2027-03-01, lies before the start, 2027-03-02; swap or correct them."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), NAMED_VALUES)
def test_a_message_names_the_value_at_fault(changes: dict[str, Any], message: str) -> None:
    ((_, found),) = faults_of({**a_document(), **changes})
    assert found.startswith(message)


def test_a_message_repeats_no_text_for_people_and_no_address() -> None:
    council = a_council(name="CANARY\x00", organizer={"name": "CANARY\u202e", "email": "CANARY"})
    people = [a_person("a0", "a", name=["CANARY"], email="CANARY@"), *a_document()["people"][1:]]
    document = a_document(title="CANARY" * 100, councils=[council], people=people)
    found = faults_of(document)
    assert len(found) == 6
    assert not any("CANARY" in message for _, message in found)
    with pytest.raises(InvalidProblem) as caught:
        Problem.of(document)
    assert "CANARY" not in repr(caught.value.faults)


@pytest.mark.parametrize("text", ["\x1b[31mred", "a\nb", "x" * 10_000, "\u202ea"])
def test_a_repeated_value_is_short_and_steers_no_terminal(text: str) -> None:
    ((_, message), (_, key_message)) = faults_of({**a_document(today=text), text: 1})
    assert message.isprintable()
    assert key_message.isprintable()
    assert max(len(message), len(key_message)) < 400


LEFT_OUT = [
    ("meetings", 0, "weight"),
    ("meetings", 0, "weekdays"),
    ("meetings", 0, "importance"),
    ("meetings", 0, "required"),
    ("meetings", 0, "mode"),
    ("people", 0, "known"),
    ("parties", 0, "travel_minutes"),
    ("councils", 0, "seats", 0, "substitutes"),
    ("assumptions", "call_in"),
    ("assumptions",),
    ("blackouts",),
    ("published",),
]


@pytest.mark.parametrize("path", LEFT_OUT)
def test_null_for_a_key_that_may_be_left_out_is_reported_so(path: tuple[str | int, ...]) -> None:
    document = {**a_document(), "assumptions": {}}
    inner: Any = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = None
    ((pointer, message),) = faults_of(document)
    assert pointer == "/" + "/".join(map(str, path))
    assert message == f"The value null is not allowed here; leave the key '{path[-1]}' out to use its default."


def test_null_for_a_required_key_is_reported_as_a_wrong_value() -> None:
    assert faults_of(a_document(title=None)) == [("/title", "null is not text; write text in quotation marks.")]
    assert faults_of(a_document(today=None)) == [("/today", "null is not a date; write a date as 2027-03-03.")]
    ((_, message),) = faults_of(a_document(meetings=[a_meeting(starts=[None])]))
    assert message.startswith("null is not a time of day")


def test_every_wrong_item_of_a_list_is_reported() -> None:
    meeting = a_meeting(
        weekdays=["MO", "Tis", "WE", "Tors"], starts=["9", "10:00", "1"], required=[{}, {"person": "a0"}, {}]
    )
    council = a_council()
    council["seats"][0] = {"party": "a"}
    council["seats"][1] = {"party": "b", "member": None, "substitutes": [1, "b0", 2]}
    council["seats"][2]["colour"] = "blue"
    document = a_document(meetings=[meeting], councils=[council], relations=[{"kind": "before", "meetings": [1, 2]}])
    assert sorted(pointers(document)) == [
        "/councils/0/seats/0/member",
        "/councils/0/seats/1/substitutes/0",
        "/councils/0/seats/1/substitutes/2",
        "/councils/0/seats/2/colour",
        "/meetings/0/required/0/person",
        "/meetings/0/required/2/person",
        "/meetings/0/starts/0",
        "/meetings/0/starts/2",
        "/meetings/0/weekdays/1",
        "/meetings/0/weekdays/3",
        "/relations/0/meetings/0",
        "/relations/0/meetings/1",
    ]


def test_of_many_wrong_items_the_first_are_reported() -> None:
    blackout = {"start": "2027-03-02", "end": "2027-03-02", "reason": "r", "parties": [1] * 5000}
    assert len(faults_of(a_document(blackouts=[blackout]))) == 10
    known = [{"start": "x", "end": "y"}] * 5000
    people = [a_person(f"a{number}", "a", known=known) for number in range(40)]
    assert len(faults_of(a_document(people=people))) == 100


def test_an_unknown_id_is_reported_with_the_most_similar_known_id() -> None:
    (fault,) = faults_of(a_document(meetings=[a_meeting(council="kulturr")]))
    message = "Unknown council id 'kulturr'; did you mean 'kultur'? Correct the id or add the council."
    assert fault == ("/meetings/0/council", message)


def test_a_hundred_thousand_unknown_keys_are_rejected_at_once() -> None:
    started = time.process_time()
    assert len(faults_of({**a_document(), **{f"key{number}": 1 for number in range(100_000)}})) == 100
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("written", "similar"), [("KULTUR", "kultur"), ("Rådet för kultur", "kultur"), ("kultr", "kultur")]
)
def test_an_id_in_capitals_or_a_name_is_recognised(written: str, similar: str) -> None:
    (fault,) = faults_of(a_document(meetings=[a_meeting(council=written)]))
    assert f"did you mean '{similar}'?" in fault[1]


def test_similar_ids_are_looked_for_a_few_times_only() -> None:
    commitments = [a_commitment(f"c{i}", f"a{i}0", "2027-03-01T08:00", "2027-03-01T09:00") for i in range(1, 30)]
    messages = [message for _, message in faults_of(a_document(commitments=commitments))]
    assert len(messages) == 29
    assert sum("did you mean" in message for message in messages) == 10


def test_a_very_long_unknown_id_is_not_compared() -> None:
    (fault,) = faults_of(a_document(meetings=[a_meeting(council="kultur" * 16)]))
    assert "did you mean" not in fault[1]


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ('{"a": [1, NaN]}', "/a/1"),
        ('{"a": Infinity}', "/a"),
        ('{"a": 1e400}', "/a"),
        ('{"a": 9007199254740994}', "/a"),
        ('{"a": ' + "9" * 5000 + "}", "/a"),
        ('{"b": {"a": 1, "a": 1}}', "/b"),
        ('{"a": "\\ud800"}', ""),
        ("[" * 51 + "]" * 51, ""),
        ("[1, 2", ""),
        ("", ""),
        ("[]", ""),
        (b"\xff\xfe{\x00}\x00", ""),
        (b"\xef\xbb\xbf{}", ""),
    ],
)
def test_invalid_json_is_rejected(text: str | bytes, pointer: str) -> None:
    ((found, message),) = read_faults(text)
    assert found == pointer
    assert message.endswith((".", ";"))


def test_a_repeated_key_is_named() -> None:
    assert read_faults('{"b": {"a": 1, "c": 2, "c": 3}}') == [("/b", "The object has the key 'c' twice; keep one.")]


def test_brackets_inside_a_text_are_not_nesting() -> None:
    title = '"' + "[" * 60 + '\\"' + "\\\\" + '"'
    text = json.dumps(a_document()).replace('"Ett litet l\\u00e4n"', title)
    assert Problem.read(text.encode()).title.startswith("[[")


def test_text_is_normalised() -> None:
    assert Problem.of(a_document(title="A\u030angstro\u0308m")).title == "Ångström"


def test_vietnamese_arabic_apostrophes_and_emoji_are_accepted() -> None:
    title = "Hội đồng d'Örebro مجلس 🎭"
    assert Problem.of(a_document(title=title)).title == title

"""What a CalDAV server may answer, and what is not believed."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.fetching import Account, State, caldav, client, fetch_account, multistatus
from api.fetching.state import Fetched
from scheduler.errors import Fault
from scheduler.intervals import Interval
from tests.api.fetching.fake_servers import NOW, Stranger, a_packed_answer, an_answer

STOCKHOLM = ZoneInfo("Europe/Stockholm")
WEEK = Interval(datetime(2027, 3, 15, tzinfo=STOCKHOLM), datetime(2027, 3, 22, tzinfo=STOCKHOLM))
PLAIN = "BEGIN:VCALENDAR\nX-N:1 &lt;&#229;&gt;\nEND:VCALENDAR\n"
READ = "BEGIN:VCALENDAR\nX-N:1 <å>\nEND:VCALENDAR\r\n".encode()
NOTHING = b'<D:multistatus xmlns:D="DAV:"/>'


def an_object(text: str = PLAIN, status: str = "HTTP/1.1 200 OK") -> str:
    return (
        "<D:response><D:href>/a.ics</D:href><D:propstat><D:prop><C:calendar-data>"
        f"{text}</C:calendar-data></D:prop><D:status>{status}</D:status></D:propstat></D:response>"
    )


def a_multistatus(*responses: str, before: str = "") -> bytes:
    namespaces = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
    return f'<?xml version="1.0"?>{before}<D:multistatus {namespaces}>{"".join(responses)}</D:multistatus>'.encode()


def a_kind(*kinds: str) -> list[bytes]:
    named = "".join(f"<{kind}/>" for kind in kinds)
    prop = f"<D:prop><D:resourcetype>{named}</D:resourcetype></D:prop>"
    return an_answer(a_multistatus(f"<D:response><D:propstat>{prop}</D:propstat></D:response>"), 207)


def fetched(stranger: Stranger, previous: State | None = None, week: Interval = WEEK, name: str = "ledamot") -> Fetched:
    stranger.answers.setdefault("PROPFIND /", a_kind("D:collection", "C:calendar"))
    account = Account(stranger.url(), name, "lösen:ord")
    return fetch_account(account, week, previous, client=stranger.client(fetch_seconds=5), now=NOW)


def sentence_of(outcome: Fetched) -> str:
    assert outcome.body is None
    assert outcome.state.trouble is not None
    return outcome.state.trouble.sentence


def test_one_question_is_asked_about_the_window_and_a_little_more(stranger: Stranger) -> None:
    stranger.answers["/"] = an_answer(a_multistatus(an_object()), 207)
    assert fetched(stranger).body == READ
    asked = stranger.asked[0]
    assert (asked.method, asked.headers["depth"]) == ("REPORT", "1")
    assert b'start="20270312T230000Z" end="20270323T230000Z"' in asked.body
    assert b"expand" not in asked.body
    assert base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode() == "ledamot:lösen:ord"
    assert [one.method for one in stranger.asked] == ["REPORT", "PROPFIND"]


def test_objects_come_one_after_another_in_an_order_of_their_own(stranger: Stranger) -> None:
    second = "BEGIN:VCALENDAR\nX-N:2\nEND:VCALENDAR"
    stranger.answers["/"] = an_answer(a_multistatus(an_object(), an_object(f"<![CDATA[{second}]]>")), 207)
    outcome = fetched(stranger)
    assert outcome.body == READ + second.encode() + b"\r\n"
    stranger.answers["/"] = an_answer(a_multistatus(an_object(second), an_object()), 207)
    assert fetched(stranger, outcome.state).body is None


def test_another_window_is_another_question(stranger: Stranger) -> None:
    stranger.answers["/"] = an_answer(a_multistatus(an_object()), 207)
    state = fetched(stranger).state
    del stranger.asked[:]
    assert fetched(stranger, state).body is None
    assert [asked.method for asked in stranger.asked] == ["REPORT"]
    assert fetched(stranger, state, WEEK.widened(timedelta(days=1))).body == READ


@pytest.mark.parametrize(
    ("kinds", "is_empty"), [(("D:collection", "C:calendar"), True), (("D:collection",), False), ((), False)]
)
def test_only_of_a_calendar_is_no_event_taken_for_nothing_to_do(
    stranger: Stranger, kinds: tuple[str, ...], is_empty: bool
) -> None:
    stranger.answers = {"REPORT /": an_answer(NOTHING, 207), "PROPFIND /": a_kind(*kinds)}
    outcome = fetched(stranger)
    assert [asked.method for asked in stranger.asked] == ["REPORT", "PROPFIND"]
    assert outcome.body == (caldav.EMPTY if is_empty else None)
    assert outcome.state.trouble == (None if is_empty else Fault("", caldav.NOT_A_CALENDAR))


def test_one_event_is_not_taken_for_a_calendar(stranger: Stranger) -> None:
    stranger.answers = {"REPORT /": an_answer(a_multistatus(an_object()), 207), "PROPFIND /": a_kind()}
    assert sentence_of(fetched(stranger)) == caldav.NOT_A_CALENDAR


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", multistatus.GARBLED),
        (b"<html><body>Log in</body></html>", multistatus.GARBLED),
        (b"<D:multistatus xmlns:D='DAV:'>", multistatus.GARBLED),
        (b"<multistatus/>", multistatus.GARBLED),
        (b"<?xml version='1.0' encoding='x-none'?><a/>", multistatus.GARBLED),
        (b"\xff\xfe<\x00", multistatus.GARBLED),
        (a_multistatus("<a>" * 20 + "</a>" * 20), multistatus.GARBLED),
        (a_multistatus(an_object(), an_object("")), multistatus.GARBLED),
        (a_multistatus(an_object(), an_object("gone")), multistatus.GARBLED),
        (a_multistatus(an_object(), "<D:response><D:href>/b.ics</D:href></D:response>"), multistatus.IN_PART),
        (a_multistatus("<D:response/>" * 20_001), multistatus.TOO_MANY),
        (a_multistatus(an_object(status="HTTP/1.1 403 Forbidden")), multistatus.IN_PART),
        (a_multistatus(an_object(), an_object("", "HTTP/1.1 404 Not Found")), multistatus.IN_PART),
        (
            a_multistatus(
                an_object(), "<D:response><D:href>/</D:href><D:status>HTTP/1.1 507 No</D:status></D:response>"
            ),
            multistatus.IN_PART,
        ),
        (a_multistatus(an_object(), "<D:response><D:status/></D:response>"), multistatus.IN_PART),
    ],
)
def test_an_answer_that_is_not_all_of_it_is_not_read(stranger: Stranger, body: bytes, sentence: str) -> None:
    stranger.answers["/"] = an_answer(body, 207)
    assert sentence_of(fetched(stranger)) == sentence


def billion_laughs() -> str:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    return f'<!DOCTYPE a [<!ENTITY l0 "ha">{entities}]>'


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (billion_laughs(), "&l9;"),
        (f'<!DOCTYPE a [<!ENTITY big "{"a" * 50_000}">]>', "&big;" * 10_000),
        ('<!DOCTYPE a [<!ENTITY file SYSTEM "file:///etc/passwd">]>', "&file;"),
        ('<!DOCTYPE a [<!ENTITY % all SYSTEM "http://127.0.0.1/all.dtd"> %all;]>', "x"),
        ('<!DOCTYPE a SYSTEM "http://127.0.0.1/all.dtd">', "x"),
        ("<!DOCTYPE a>", "x"),
    ],
)
def test_nothing_that_xml_defines_is_expanded_or_fetched(stranger: Stranger, before: str, text: str) -> None:
    stranger.answers["/"] = an_answer(a_multistatus(an_object(text), before=before), 207)
    assert sentence_of(fetched(stranger)) == multistatus.DEFINES
    assert len(stranger.asked) == 1


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(401, caldav.WRONG_LOGIN), (403, caldav.NOT_ALLOWED), (404, caldav.NOT_A_CALENDAR), (200, caldav.NOT_A_CALENDAR)],
)
def test_a_status_says_what_to_mend_in_the_account(stranger: Stranger, status: int, sentence: str) -> None:
    stranger.answers["/"] = an_answer(b"", status)
    assert sentence_of(fetched(stranger)) == sentence


def test_a_bomb_is_bounded_here_too(stranger: Stranger) -> None:
    answer = a_packed_answer(a_multistatus(an_object("x" * 2**22)))
    stranger.answers["/"] = [answer[0].replace(b"200 OK", b"207 Multi-Status")]
    assert sentence_of(fetched(stranger)) == client.TOO_LARGE


def test_a_name_that_would_shift_the_password_is_not_sent(stranger: Stranger) -> None:
    assert sentence_of(fetched(stranger, name="a:b")) == caldav.BAD_NAME
    assert stranger.asked == []


def test_what_was_known_is_kept_when_the_server_fails(stranger: Stranger) -> None:
    stranger.answers["/"] = an_answer(a_multistatus(an_object()), 207)
    previous = fetched(stranger).state
    stranger.answers["/"] = an_answer(b"", 500)
    state = fetched(stranger, previous).state
    assert state.failures == 1
    assert replace(state, failures=0, trouble=None, next_at=previous.next_at) == previous


def test_neither_name_nor_password_is_shown() -> None:
    shown = repr(Account("https://calendar.example.org/secret", "secret", "secret"))
    assert "secret" not in shown

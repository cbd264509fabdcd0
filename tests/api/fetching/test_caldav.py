"""Responses of CalDAV servers: what is accepted, and what is rejected."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.fetching import Account, SourceState, caldav, client, fetch_account, multistatus
from api.fetching.state import FetchResult
from scheduler.errors import Fault
from scheduler.intervals import Interval
from tests.api.fetching.fake_servers import NOW, FakeServer, gzipped_response, http_response

STOCKHOLM = ZoneInfo("Europe/Stockholm")
WEEK = Interval(datetime(2027, 3, 15, tzinfo=STOCKHOLM), datetime(2027, 3, 22, tzinfo=STOCKHOLM))
PLAIN = "BEGIN:VCALENDAR\nX-N:1 &lt;&#229;&gt;\nEND:VCALENDAR\n"
PLAIN_BODY = "BEGIN:VCALENDAR\nX-N:1 <å>\nEND:VCALENDAR\r\n".encode()
EMPTY_MULTISTATUS = b'<D:multistatus xmlns:D="DAV:"/>'


def response_element(text: str = PLAIN, status: str = "HTTP/1.1 200 OK") -> str:
    return (
        "<D:response><D:href>/a.ics</D:href><D:propstat><D:prop><C:calendar-data>"
        f"{text}</C:calendar-data></D:prop><D:status>{status}</D:status></D:propstat></D:response>"
    )


def multistatus_document(*responses: str, before: str = "") -> bytes:
    namespaces = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
    return f'<?xml version="1.0"?>{before}<D:multistatus {namespaces}>{"".join(responses)}</D:multistatus>'.encode()


def resource_type_response(*kinds: str) -> list[bytes]:
    named = "".join(f"<{kind}/>" for kind in kinds)
    prop = f"<D:prop><D:resourcetype>{named}</D:resourcetype></D:prop>"
    return http_response(multistatus_document(f"<D:response><D:propstat>{prop}</D:propstat></D:response>"), 207)


def fetch_week(
    fake_server: FakeServer, previous: SourceState | None = None, week: Interval = WEEK, username: str = "ledamot"
) -> FetchResult:
    fake_server.responses.setdefault("PROPFIND /", resource_type_response("D:collection", "C:calendar"))
    account = Account(fake_server.url(), username, "lösen:ord")
    return fetch_account(account, week, previous, client=fake_server.client(fetch_seconds=5), now=NOW)


def error_of(result: FetchResult) -> str:
    assert result.body is None
    assert result.state.error is not None
    return result.state.error.sentence


def test_one_report_covers_the_window_with_padding(fake_server: FakeServer) -> None:
    fake_server.responses["/"] = http_response(multistatus_document(response_element()), 207)
    assert fetch_week(fake_server).body == PLAIN_BODY
    request = fake_server.requests[0]
    assert (request.method, request.headers["depth"]) == ("REPORT", "1")
    assert b'start="20270312T230000Z" end="20270323T230000Z"' in request.body
    assert b"expand" not in request.body
    assert base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode() == "ledamot:lösen:ord"
    assert [request.method for request in fake_server.requests] == ["REPORT", "PROPFIND"]


def test_objects_are_concatenated_in_an_order_independent_of_the_server(fake_server: FakeServer) -> None:
    second = "BEGIN:VCALENDAR\nX-N:2\nEND:VCALENDAR"
    fake_server.responses["/"] = http_response(
        multistatus_document(response_element(), response_element(f"<![CDATA[{second}]]>")), 207
    )
    result = fetch_week(fake_server)
    assert result.body == PLAIN_BODY + second.encode() + b"\r\n"
    fake_server.responses["/"] = http_response(multistatus_document(response_element(second), response_element()), 207)
    assert fetch_week(fake_server, result.state).body is None


def test_another_window_counts_as_a_change(fake_server: FakeServer) -> None:
    fake_server.responses["/"] = http_response(multistatus_document(response_element()), 207)
    state = fetch_week(fake_server).state
    del fake_server.requests[:]
    assert fetch_week(fake_server, state).body is None
    assert [request.method for request in fake_server.requests] == ["REPORT"]
    assert fetch_week(fake_server, state, WEEK.widened(timedelta(days=1))).body == PLAIN_BODY


@pytest.mark.parametrize(
    ("kinds", "is_empty"), [(("D:collection", "C:calendar"), True), (("D:collection",), False), ((), False)]
)
def test_an_empty_report_means_free_time_only_for_a_calendar_collection(
    fake_server: FakeServer, kinds: tuple[str, ...], is_empty: bool
) -> None:
    fake_server.responses = {
        "REPORT /": http_response(EMPTY_MULTISTATUS, 207),
        "PROPFIND /": resource_type_response(*kinds),
    }
    result = fetch_week(fake_server)
    assert [request.method for request in fake_server.requests] == ["REPORT", "PROPFIND"]
    assert result.body == (caldav.EMPTY_CALENDAR if is_empty else None)
    assert result.state.error == (None if is_empty else Fault("", caldav.NOT_A_CALENDAR))


def test_a_single_event_is_not_accepted_as_a_calendar(fake_server: FakeServer) -> None:
    fake_server.responses = {
        "REPORT /": http_response(multistatus_document(response_element()), 207),
        "PROPFIND /": resource_type_response(),
    }
    assert error_of(fetch_week(fake_server)) == caldav.NOT_A_CALENDAR


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", multistatus.INVALID_XML),
        (b"<html><body>Log in</body></html>", multistatus.INVALID_XML),
        (b"<D:multistatus xmlns:D='DAV:'>", multistatus.INVALID_XML),
        (b"<multistatus/>", multistatus.INVALID_XML),
        (b"<?xml version='1.0' encoding='x-none'?><a/>", multistatus.INVALID_XML),
        (b"\xff\xfe<\x00", multistatus.INVALID_XML),
        (multistatus_document("<a>" * 20 + "</a>" * 20), multistatus.INVALID_XML),
        (multistatus_document(response_element(), response_element("")), multistatus.INVALID_XML),
        (multistatus_document(response_element(), response_element("gone")), multistatus.INVALID_XML),
        (
            multistatus_document(response_element(), "<D:response><D:href>/b.ics</D:href></D:response>"),
            multistatus.INCOMPLETE,
        ),
        (multistatus_document("<D:response/>" * 20_001), multistatus.TOO_MANY),
        (multistatus_document(response_element(status="HTTP/1.1 403 Forbidden")), multistatus.INCOMPLETE),
        (
            multistatus_document(response_element(), response_element("", "HTTP/1.1 404 Not Found")),
            multistatus.INCOMPLETE,
        ),
        (
            multistatus_document(
                response_element(), "<D:response><D:href>/</D:href><D:status>HTTP/1.1 507 No</D:status></D:response>"
            ),
            multistatus.INCOMPLETE,
        ),
        (multistatus_document(response_element(), "<D:response><D:status/></D:response>"), multistatus.INCOMPLETE),
    ],
)
def test_an_invalid_or_incomplete_multistatus_is_rejected(fake_server: FakeServer, body: bytes, sentence: str) -> None:
    fake_server.responses["/"] = http_response(body, 207)
    assert error_of(fetch_week(fake_server)) == sentence


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
def test_xml_entities_are_neither_expanded_nor_fetched(fake_server: FakeServer, before: str, text: str) -> None:
    fake_server.responses["/"] = http_response(multistatus_document(response_element(text), before=before), 207)
    assert error_of(fetch_week(fake_server)) == multistatus.HAS_DOCTYPE
    assert len(fake_server.requests) == 1


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, caldav.WRONG_CREDENTIALS),
        (403, caldav.NOT_ALLOWED),
        (404, caldav.NOT_A_CALENDAR),
        (200, caldav.NOT_A_CALENDAR),
    ],
)
def test_an_error_status_says_what_to_correct_in_the_account(
    fake_server: FakeServer, status: int, sentence: str
) -> None:
    fake_server.responses["/"] = http_response(b"", status)
    assert error_of(fetch_week(fake_server)) == sentence


def test_a_compressed_multistatus_is_limited_in_size(fake_server: FakeServer) -> None:
    response = gzipped_response(multistatus_document(response_element("x" * 2**22)))
    fake_server.responses["/"] = [response[0].replace(b"200 OK", b"207 Multi-Status")]
    assert error_of(fetch_week(fake_server)) == client.TOO_LARGE


def test_a_user_name_with_a_colon_is_not_sent(fake_server: FakeServer) -> None:
    assert error_of(fetch_week(fake_server, username="a:b")) == caldav.COLON_IN_USERNAME
    assert fake_server.requests == []


def test_a_server_error_keeps_the_previous_state(fake_server: FakeServer) -> None:
    fake_server.responses["/"] = http_response(multistatus_document(response_element()), 207)
    previous = fetch_week(fake_server).state
    fake_server.responses["/"] = http_response(b"", 500)
    state = fetch_week(fake_server, previous).state
    assert state.failures == 1
    assert replace(state, failures=0, error=None, next_at=previous.next_at) == previous


def test_the_repr_contains_no_credentials() -> None:
    text = repr(Account("https://calendar.example.org/secret", "secret", "secret"))
    assert "secret" not in text

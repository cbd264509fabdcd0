"""The state of a subscription: validators, freshness, errors and the time of the next fetch."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.fetching import FetchError, SourceState, download, fetch, subscription
from api.fetching.state import FIRST_RETRY_DELAY, MAX_FAILURES, MAX_RETRY_DELAY, REFRESH_INTERVAL
from api.fetching.subscription import _parse_retry_after
from api.settings import Settings
from scheduler.errors import Fault
from tests.api.fetching.fake_servers import CALENDAR, NOW, FakeServer, http_response

ETAG = 'W/"1"'
LAST_MODIFIED = "Mon, 01 Mar 2027 10:00:00 GMT"
LATER = NOW + timedelta(hours=2)


def fetched_state(fake_server: FakeServer, **headers: str) -> SourceState:
    """Return the state after a successful fetch."""
    fake_server.responses["/"] = http_response(CALENDAR, 200, **headers)
    result = fake_server.fetch()
    assert result.body == CALENDAR
    return result.state


def test_a_fetched_calendar_is_due_again_after_the_refresh_interval(fake_server: FakeServer) -> None:
    state = fetched_state(fake_server, ETag=ETAG, Last_Modified=LAST_MODIFIED)
    assert (state.url, state.fetched_at, state.failures, state.error) == (fake_server.url(), NOW, 0, None)
    assert (state.etag, state.last_modified) == (ETAG, LAST_MODIFIED)
    assert state.next_at == NOW + REFRESH_INTERVAL
    assert not state.is_due(NOW)
    assert state.is_due(NOW + REFRESH_INTERVAL)


def test_validators_are_sent_and_not_modified_confirms_the_calendar(fake_server: FakeServer) -> None:
    previous = fetched_state(fake_server, ETag=ETAG, Last_Modified=LAST_MODIFIED)
    fake_server.responses["/"] = http_response(b"", 304)
    result = fetch(fake_server.url(), previous, client=fake_server.client(), now=LATER)
    assert fake_server.requests[-1].headers["if-none-match"] == ETAG
    assert fake_server.requests[-1].headers["if-modified-since"] == LAST_MODIFIED
    assert result.body is None
    assert result.state == replace(previous, fetched_at=LATER, next_at=LATER + REFRESH_INTERVAL)


def test_an_unchanged_body_is_not_returned(fake_server: FakeServer) -> None:
    previous = fetched_state(fake_server)
    result = fetch(fake_server.url(), previous, client=fake_server.client(), now=LATER)
    assert result.body is None
    assert result.state.fetched_at == LATER
    fake_server.responses["/"] = http_response(CALENDAR + CALENDAR)
    assert fake_server.fetch(previous=previous).body == CALENDAR + CALENDAR


def test_an_unchanged_body_is_returned_after_the_validators_are_removed(fake_server: FakeServer) -> None:
    previous = fetched_state(fake_server, ETag=ETAG, Last_Modified=LAST_MODIFIED)
    assert fake_server.fetch(previous=previous.without_validators()).body == CALENDAR
    assert not {"if-none-match", "if-modified-since"} & fake_server.requests[-1].headers.keys()


def test_the_state_of_another_url_is_ignored(fake_server: FakeServer) -> None:
    previous = replace(fetched_state(fake_server, ETag=ETAG), url="https://calendar.example.org/")
    assert fake_server.fetch(previous=previous).body == CALENDAR
    assert "if-none-match" not in fake_server.requests[-1].headers


@pytest.mark.parametrize("etag", ["1", '"1', '"a b"', "W/1", '"' + "1" * 300 + '"', '"\xe5"'])
def test_a_malformed_validator_is_not_stored(fake_server: FakeServer, etag: str) -> None:
    fake_server.responses["/"] = [
        b"HTTP/1.1 200 OK\r\nETag: " + etag.encode() + b"\r\nLast-Modified: \x01\r\n\r\n" + CALENDAR
    ]
    state = fake_server.fetch().state
    assert (state.etag, state.last_modified) == (None, None)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (204, subscription.UNEXPECTED_STATUS),
        (206, subscription.UNEXPECTED_STATUS),
        (400, subscription.UNEXPECTED_STATUS),
        (401, subscription.LOGIN_REQUIRED),
        (403, subscription.LOGIN_REQUIRED),
        (404, subscription.NOT_FOUND),
        (410, subscription.GONE),
        (418, subscription.UNEXPECTED_STATUS),
        (429, subscription.TOO_MANY_REQUESTS),
        (500, subscription.SERVER_ERROR),
        (503, subscription.SERVER_ERROR),
    ],
)
@pytest.mark.parametrize("body", [b"", CALENDAR])
def test_an_error_status_keeps_the_state_of_the_last_success(
    fake_server: FakeServer, status: int, sentence: str, body: bytes
) -> None:
    previous = fetched_state(fake_server, ETag=ETAG)
    fake_server.responses["/"] = http_response(b"" if status == 204 else body, status)
    result = fetch(fake_server.url(), previous, client=fake_server.client(), now=LATER)
    assert result.body is None
    assert result.state.error is not None
    assert result.state.error.sentence == sentence
    assert str(status) in result.state.error.message or sentence.count("{") == 0
    unchanged = replace(result.state, error=None, failures=0, next_at=previous.next_at)
    assert unchanged == previous


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"<!DOCTYPE html><html>Log in</html>", subscription.HTML_PAGE),
        (b"\xef\xbb\xbf\n <HTML>", subscription.HTML_PAGE),
        (b"", subscription.NOT_A_CALENDAR),
        (b"Not found", subscription.NOT_A_CALENDAR),
        (b"\x00\xff" * 1000, subscription.NOT_A_CALENDAR),
        (b"<?xml version='1.0'?><rss/>", subscription.NOT_A_CALENDAR),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", subscription.NOT_A_CALENDAR),
    ],
)
def test_a_body_that_is_no_calendar_does_not_replace_the_calendar(
    fake_server: FakeServer, body: bytes, sentence: str
) -> None:
    previous = fetched_state(fake_server, ETag=ETAG)
    fake_server.responses["/"] = http_response(body, Content_Type="text/calendar")
    result = fake_server.fetch(previous=previous)
    assert result.body is None
    assert (result.state.etag, result.state.digest) == (previous.etag, previous.digest)
    assert result.state.error == Fault("", sentence)


def test_not_modified_is_an_error_when_no_validators_were_sent(fake_server: FakeServer) -> None:
    fake_server.responses["/"] = http_response(b"", 304)
    result = fake_server.fetch()
    assert result.body is None
    assert result.state.fetched_at is None
    assert result.state.error == Fault("", subscription.UNEXPECTED_NOT_MODIFIED)


def test_a_success_clears_the_error(fake_server: FakeServer) -> None:
    failed = fake_server.fetch("/missing").state
    assert failed.failures == 1
    fake_server.responses["/missing"] = http_response()
    state = fake_server.fetch("/missing", failed).state
    assert (state.failures, state.error, state.next_at) == (0, None, NOW + REFRESH_INTERVAL)


def test_the_retry_delay_doubles_up_to_a_day_and_fetching_stops_after_30_failures(fake_server: FakeServer) -> None:
    state, delays = fake_server.fetch("/missing").state, []
    while state.next_at is not None:
        delays.append(state.next_at - NOW)
        state = fake_server.fetch("/missing", state).state
    assert delays[0] == FIRST_RETRY_DELAY
    assert all(next_delay == min(2 * delay, MAX_RETRY_DELAY) for delay, next_delay in pairwise(delays))
    assert len(delays) == MAX_FAILURES - 1
    assert not state.is_due(NOW + timedelta(days=1000))


def test_status_410_ends_fetching(fake_server: FakeServer) -> None:
    fake_server.responses["/"] = http_response(b"", 410)
    assert fake_server.fetch().state.next_at is None


@pytest.mark.parametrize(
    ("header", "delay"),
    [
        ("3600", timedelta(hours=1)),
        ("Mon, 01 Mar 2027 14:00:00 GMT", timedelta(hours=2)),
        ("Mon, 01 Mar 2027 14:00:00 -0000", timedelta(hours=2)),
        ("1", FIRST_RETRY_DELAY),
        ("Mon, 01 Mar 2027 10:00:00 GMT", FIRST_RETRY_DELAY),
        ("9" * 5000, MAX_RETRY_DELAY),
        ("Fri, 31 Dec 9999 23:59:59 GMT", MAX_RETRY_DELAY),
        ("soon", FIRST_RETRY_DELAY),
        ("-5", FIRST_RETRY_DELAY),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_sets_the_delay_within_limits(
    fake_server: FakeServer, header: str, delay: timedelta, status: int
) -> None:
    fake_server.responses["/"] = http_response(b"", status, Retry_After=header)
    assert fake_server.fetch().state.next_at == NOW + delay


@given(st.text())
def test_any_retry_after_gives_a_delay_within_limits(header: str) -> None:
    assert timedelta() <= _parse_retry_after(header, NOW) <= MAX_RETRY_DELAY


def test_a_failure_to_read_the_calendar_counts_as_a_failure_of_the_source(fake_server: FakeServer) -> None:
    previous = fetched_state(fake_server, ETag=ETAG)
    state = previous.after_failure(FetchError(Fault("", "This is not a calendar.")), LATER)
    assert (state.fetched_at, state.etag, state.failures, state.next_at) == (NOW, ETAG, 1, LATER + FIRST_RETRY_DELAY)


def test_a_calendar_can_be_downloaded_without_state(fake_server: FakeServer) -> None:
    fake_server.responses["/"] = http_response()
    settings = Settings.from_environment({"TRETTON_FETCH_HOSTS": f"kalender.intranet, {fake_server.authority}"})
    assert download(fake_server.url(), settings) == CALENDAR
    with pytest.raises(FetchError) as raised:
        download(fake_server.url("/missing"), settings)
    assert raised.value.fault.sentence == subscription.NOT_FOUND


def test_no_host_is_allowlisted_by_default(fake_server: FakeServer) -> None:
    with pytest.raises(FetchError):
        download(fake_server.url(), Settings.from_environment({}))
    assert fake_server.requests == []

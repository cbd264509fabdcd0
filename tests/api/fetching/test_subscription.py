"""What is remembered of a subscription: validators, its age, what went wrong, and when to ask again."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.fetching import NotFetched, State, download, fetch, subscription
from api.fetching.state import FIRST_PAUSE, LONGEST_PAUSE, MAX_FAILURES, REFRESH
from api.fetching.subscription import _wait
from api.settings import Settings
from scheduler.errors import Fault
from tests.api.fetching.fake_servers import CALENDAR, NOW, Stranger, an_answer

ETAG = 'W/"1"'
CHANGED = "Mon, 01 Mar 2027 10:00:00 GMT"
LATER = NOW + timedelta(hours=2)


def good(stranger: Stranger, **headers: str) -> State:
    """Return the state after a calendar came."""
    stranger.answers["/"] = an_answer(CALENDAR, 200, **headers)
    fetched = stranger.fetched()
    assert fetched.body == CALENDAR
    return fetched.state


def test_a_calendar_that_came_is_fresh_until_the_next_hour(stranger: Stranger) -> None:
    state = good(stranger, ETag=ETAG, Last_Modified=CHANGED)
    assert (state.url, state.fetched_at, state.failures, state.trouble) == (stranger.url(), NOW, 0, None)
    assert (state.etag, state.last_modified) == (ETAG, CHANGED)
    assert state.next_at == NOW + REFRESH
    assert not state.is_due(NOW)
    assert state.is_due(NOW + REFRESH)


def test_only_what_has_changed_is_asked_for(stranger: Stranger) -> None:
    previous = good(stranger, ETag=ETAG, Last_Modified=CHANGED)
    stranger.answers["/"] = an_answer(b"", 304)
    fetched = fetch(stranger.url(), previous, client=stranger.client(), now=LATER)
    assert stranger.asked[-1].headers["if-none-match"] == ETAG
    assert stranger.asked[-1].headers["if-modified-since"] == CHANGED
    assert fetched.body is None
    assert fetched.state == replace(previous, fetched_at=LATER, next_at=LATER + REFRESH)


def test_a_body_that_is_the_same_again_need_not_be_read_again(stranger: Stranger) -> None:
    previous = good(stranger)
    fetched = fetch(stranger.url(), previous, client=stranger.client(), now=LATER)
    assert fetched.body is None
    assert fetched.state.fetched_at == LATER
    stranger.answers["/"] = an_answer(CALENDAR + CALENDAR)
    assert stranger.fetched(previous=previous).body == CALENDAR + CALENDAR


def test_a_body_is_brought_again_for_another_window_of_time(stranger: Stranger) -> None:
    previous = good(stranger, ETag=ETAG, Last_Modified=CHANGED)
    assert stranger.fetched(previous=previous.afresh()).body == CALENDAR
    assert not {"if-none-match", "if-modified-since"} & stranger.asked[-1].headers.keys()


def test_another_link_is_another_source(stranger: Stranger) -> None:
    previous = replace(good(stranger, ETag=ETAG), url="https://calendar.example.org/")
    assert stranger.fetched(previous=previous).body == CALENDAR
    assert "if-none-match" not in stranger.asked[-1].headers


@pytest.mark.parametrize("etag", ["1", '"1', '"a b"', "W/1", '"' + "1" * 300 + '"', '"\xe5"'])
def test_a_validator_that_is_none_is_not_sent_back(stranger: Stranger, etag: str) -> None:
    stranger.answers["/"] = [
        b"HTTP/1.1 200 OK\r\nETag: " + etag.encode() + b"\r\nLast-Modified: \x01\r\n\r\n" + CALENDAR
    ]
    state = stranger.fetched().state
    assert (state.etag, state.last_modified) == (None, None)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (204, subscription.REFUSED),
        (206, subscription.REFUSED),
        (400, subscription.REFUSED),
        (401, subscription.FORBIDDEN),
        (403, subscription.FORBIDDEN),
        (404, subscription.MISSING),
        (410, subscription.GONE),
        (418, subscription.REFUSED),
        (429, subscription.TOO_OFTEN),
        (500, subscription.SICK),
        (503, subscription.SICK),
    ],
)
@pytest.mark.parametrize("body", [b"", CALENDAR])
def test_the_last_good_reading_is_kept_with_its_age_whatever_the_server_says(
    stranger: Stranger, status: int, sentence: str, body: bytes
) -> None:
    previous = good(stranger, ETag=ETAG)
    stranger.answers["/"] = an_answer(b"" if status == 204 else body, status)
    fetched = fetch(stranger.url(), previous, client=stranger.client(), now=LATER)
    assert fetched.body is None
    assert fetched.state.trouble is not None
    assert fetched.state.trouble.sentence == sentence
    assert str(status) in fetched.state.trouble.message or sentence.count("{") == 0
    kept = replace(fetched.state, trouble=None, failures=0, next_at=previous.next_at)
    assert kept == previous


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"<!DOCTYPE html><html>Log in</html>", subscription.A_PAGE),
        (b"\xef\xbb\xbf\n <HTML>", subscription.A_PAGE),
        (b"", subscription.NO_CALENDAR),
        (b"Not found", subscription.NO_CALENDAR),
        (b"\x00\xff" * 1000, subscription.NO_CALENDAR),
        (b"<?xml version='1.0'?><rss/>", subscription.NO_CALENDAR),
        (b"BEGIN:VCARD\r\nEND:VCARD\r\n", subscription.NO_CALENDAR),
    ],
)
def test_what_is_no_calendar_does_not_take_the_place_of_one(stranger: Stranger, body: bytes, sentence: str) -> None:
    previous = good(stranger, ETag=ETAG)
    stranger.answers["/"] = an_answer(body, Content_Type="text/calendar")
    fetched = stranger.fetched(previous=previous)
    assert fetched.body is None
    assert (fetched.state.etag, fetched.state.digest) == (previous.etag, previous.digest)
    assert fetched.state.trouble == Fault("", sentence)


def test_that_nothing_has_changed_is_no_answer_to_who_knows_nothing(stranger: Stranger) -> None:
    stranger.answers["/"] = an_answer(b"", 304)
    fetched = stranger.fetched()
    assert fetched.body is None
    assert fetched.state.fetched_at is None
    assert fetched.state.trouble == Fault("", subscription.OUT_OF_TURN)


def test_a_good_answer_ends_the_trouble(stranger: Stranger) -> None:
    failed = stranger.fetched("/missing").state
    assert failed.failures == 1
    stranger.answers["/missing"] = an_answer()
    state = stranger.fetched("/missing", failed).state
    assert (state.failures, state.trouble, state.next_at) == (0, None, NOW + REFRESH)


def test_each_failure_makes_the_pause_longer_up_to_a_day_until_a_person_is_asked(stranger: Stranger) -> None:
    state, pauses = stranger.fetched("/missing").state, []
    while state.next_at is not None:
        pauses.append(state.next_at - NOW)
        state = stranger.fetched("/missing", state).state
    assert pauses[0] == FIRST_PAUSE
    assert all(longer == min(2 * pause, LONGEST_PAUSE) for pause, longer in pairwise(pauses))
    assert len(pauses) == MAX_FAILURES - 1
    assert not state.is_due(NOW + timedelta(days=1000))


def test_a_calendar_that_is_gone_for_good_is_not_asked_for_again(stranger: Stranger) -> None:
    stranger.answers["/"] = an_answer(b"", 410)
    assert stranger.fetched().state.next_at is None


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        ("3600", timedelta(hours=1)),
        ("Mon, 01 Mar 2027 14:00:00 GMT", timedelta(hours=2)),
        ("Mon, 01 Mar 2027 14:00:00 -0000", timedelta(hours=2)),
        ("1", FIRST_PAUSE),
        ("Mon, 01 Mar 2027 10:00:00 GMT", FIRST_PAUSE),
        ("9" * 5000, LONGEST_PAUSE),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_PAUSE),
        ("soon", FIRST_PAUSE),
        ("-5", FIRST_PAUSE),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_a_pause_gets_it_within_reason(
    stranger: Stranger, asked: str, pause: timedelta, status: int
) -> None:
    stranger.answers["/"] = an_answer(b"", status, Retry_After=asked)
    assert stranger.fetched().state.next_at == NOW + pause


@given(st.text())
def test_no_wish_for_a_pause_does_harm(text: str) -> None:
    assert timedelta() <= _wait(text, NOW) <= LONGEST_PAUSE


def test_a_reading_that_fails_counts_as_a_failure_of_the_source(stranger: Stranger) -> None:
    previous = good(stranger, ETag=ETAG)
    state = previous.failed(
        NotFetched(Fault("", "This is not a calendar; export one as an .ics file and give that.")), LATER
    )
    assert (state.fetched_at, state.etag, state.failures, state.next_at) == (NOW, ETAG, 1, LATER + FIRST_PAUSE)


def test_a_calendar_is_had_at_once_by_who_wants_it_but_once(stranger: Stranger) -> None:
    stranger.answers["/"] = an_answer()
    settings = Settings.of({"TRETTON_FETCH_HOSTS": f"kalender.intranet, {stranger.authority}"})
    assert download(stranger.url(), settings) == CALENDAR
    with pytest.raises(NotFetched) as refused:
        download(stranger.url("/missing"), settings)
    assert refused.value.fault.sentence == subscription.MISSING


def test_no_host_is_named_until_the_operator_names_it(stranger: Stranger) -> None:
    with pytest.raises(NotFetched):
        download(stranger.url(), Settings.of({}))
    assert stranger.asked == []

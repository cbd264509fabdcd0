"""How a server that means harm is met: each answer that cannot be read is told in a sentence, and soon."""

import contextlib
import gzip
import itertools
import threading
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from api.fetching import client as asking
from api.fetching import connection, ip_policy, subscription, url_policy
from api.fetching.client import Request
from api.fetching.errors import NotFetched
from tests.api.fetching.fake_servers import CALENDAR, Stranger, a_packed_answer, a_stranger, an_answer

MIB = 2**20
HEAD = b"HTTP/1.1 200 OK\r\n"
PATIENCE = {"fetch_seconds": 0.5}


def trouble_of(stranger: Stranger, answer: Iterable[bytes], **settings: Any) -> str:
    """Return the sentence that an answer leads to."""
    stranger.answers["/"] = answer
    fetched = stranger.fetched(**settings)
    assert fetched.body is None
    assert fetched.state.trouble is not None
    assert fetched.state.trouble.message
    return fetched.state.trouble.sentence


@contextlib.contextmanager
def dripping(first: bytes, drop: bytes) -> Iterator[Iterable[bytes]]:
    """An answer that goes on and on, a drop at a time, until the block ends."""
    is_over = threading.Event()

    def drops() -> Iterator[bytes]:
        yield first
        for _ in range(1000):
            if is_over.wait(0.02):
                return
            yield drop

    try:
        yield drops()
    finally:
        is_over.set()


def test_a_calendar_comes_as_it_was_sent(stranger: Stranger) -> None:
    stranger.answers["/a.ics?key=x"] = an_answer()
    assert stranger.fetched("/a.ics?key=x").body == CALENDAR
    asked = stranger.asked[0]
    assert (asked.method, asked.path, asked.headers["host"]) == ("GET", "/a.ics?key=x", stranger.authority)
    assert asked.headers["accept-encoding"] == "identity"
    assert not {"authorization", "cookie", "referer"} & asked.headers.keys()


@pytest.mark.parametrize(
    "answer",
    [
        [b"HTTP/1.0 200 OK\r\n\r\n", CALENDAR],
        [HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"%x\r\n%b\r\n0\r\n\r\n" % (len(CALENDAR), CALENDAR)],
        [b"HTTP/1.1 100 Continue\r\n\r\n", *an_answer()],
        a_packed_answer(CALENDAR),
        an_answer(b"\xef\xbb\xbf\r\n" + CALENDAR),
        an_answer(CALENDAR, Content_Type="text/html"),
    ],
)
def test_it_may_be_sent_in_any_way_that_http_knows(stranger: Stranger, answer: Iterable[bytes]) -> None:
    stranger.answers["/"] = answer
    body = stranger.fetched().body
    assert body is not None
    assert body.endswith(CALENDAR)


@pytest.mark.parametrize("first", [b"", HEAD, HEAD + b"X-", HEAD + b"Content-Length: 1000\r\n\r\n"])
def test_a_slow_answer_is_not_waited_for_however_it_drips(stranger: Stranger, first: bytes) -> None:
    with dripping(first, b"1") as answer:
        assert trouble_of(stranger, answer, **PATIENCE) == asking.SLOW


def test_a_server_that_says_nothing_is_not_waited_for(stranger: Stranger) -> None:
    with dripping(b"", b"") as answer:
        assert trouble_of(stranger, answer, **PATIENCE) == asking.SLOW


def test_provisional_answers_without_end_are_not_waited_for(stranger: Stranger) -> None:
    with dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n") as answer:
        assert trouble_of(stranger, answer, **PATIENCE) == asking.SLOW


def test_all_redirects_share_one_deadline(stranger: Stranger) -> None:
    def slowly(location: str) -> Iterator[bytes]:
        time.sleep(0.2)
        yield from an_answer(b"", 302, Location=location)

    stranger.answers |= {"/2": slowly("/3"), "/3": slowly("/4"), "/4": an_answer()}
    assert trouble_of(stranger, slowly("/2"), **PATIENCE) == asking.SLOW


@pytest.mark.parametrize(
    ("first", "more"),
    [
        (HEAD + b"\r\n", b"x" * 65536),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 10000),
        (HEAD + b"Content-Length: 99999999999999\r\n\r\n", b"x" * 65536),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: " + b"y" * 1000 + b"\r\n"),
    ],
)
def test_an_endless_answer_is_left_at_the_limit(stranger: Stranger, first: bytes, more: bytes) -> None:
    answer = itertools.chain([first], itertools.repeat(more, 2000))
    assert trouble_of(stranger, answer) == asking.TOO_LARGE


@pytest.mark.parametrize("body", [b"x" * (MIB + 1), b"x" * (MIB + 200_000)])
def test_an_answer_just_over_the_limit_is_too_large(stranger: Stranger, body: bytes) -> None:
    assert trouble_of(stranger, an_answer(body)) == asking.TOO_LARGE
    assert trouble_of(stranger, a_packed_answer(body)) == asking.TOO_LARGE


def test_an_answer_at_the_limit_is_taken(stranger: Stranger) -> None:
    body = CALENDAR.ljust(MIB)
    stranger.answers |= {"/": an_answer(body), "/packed": a_packed_answer(body)}
    assert stranger.fetched().body == stranger.fetched("/packed").body == body


def test_a_gzip_bomb_is_not_unpacked(stranger: Stranger) -> None:
    bomb = an_answer(gzip.compress(bytes(64 * MIB)), Content_Encoding="gzip")
    tracemalloc.start()
    try:
        assert trouble_of(stranger, bomb) == asking.TOO_LARGE
        assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    finally:
        tracemalloc.stop()


def test_gzip_in_gzip_is_unpacked_once(stranger: Stranger) -> None:
    twice = an_answer(gzip.compress(gzip.compress(CALENDAR)), Content_Encoding="gzip, gzip")
    assert trouble_of(stranger, twice) == asking.PACKED


@pytest.mark.parametrize(
    "answer", [an_answer(b"plain", Content_Encoding="gzip"), an_answer(b"x", Content_Encoding="br")]
)
def test_what_is_packed_otherwise_is_not_guessed_at(stranger: Stranger, answer: Iterable[bytes]) -> None:
    assert trouble_of(stranger, answer) == asking.PACKED


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [HEAD[:5]],
        [HEAD, b"Content-Length: 1000\r\n\r\n", CALENDAR],
        [HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n", CALENDAR],
        an_answer(gzip.compress(CALENDAR)[:-20], Content_Encoding="gzip"),
    ],
)
def test_an_answer_that_breaks_off_is_not_taken_for_the_whole(stranger: Stranger, answer: Iterable[bytes]) -> None:
    assert trouble_of(stranger, answer) in (asking.BROKE_OFF, asking.GARBLED)


@pytest.mark.parametrize(
    "answer",
    [
        [b"SSH-2.0-OpenSSH_9.2\r\n"],
        [b"\x00" * 1000],
        [b"HTTP/1.1 abc OK\r\n\r\n"],
        [HEAD, b"X: y\r\n" * 200, b"\r\n"],
        [HEAD, b"X: " + b"y" * 70_000],
        [HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"-5\r\n", CALENDAR],
    ],
)
def test_what_is_not_http_is_said_to_be_none(stranger: Stranger, answer: Iterable[bytes]) -> None:
    assert trouble_of(stranger, answer) == asking.GARBLED


def test_a_server_that_is_not_there_is_said_to_be_out_of_reach(stranger: Stranger) -> None:
    with pytest.raises(NotFetched) as refused:
        stranger.client(fetch_hosts=("127.0.0.1:1",)).ask("http://127.0.0.1:1/", Request())
    assert refused.value.fault.sentence == connection.UNREACHABLE


def test_a_few_redirects_are_followed(stranger: Stranger) -> None:
    for path, status, location in (("/", 301, "/2"), ("/2", 302, "3"), ("/3", 307, stranger.url("/4"))):
        stranger.answers[path] = an_answer(b"elsewhere", status, Location=location)
    stranger.answers["/4"] = an_answer()
    assert stranger.fetched().body == CALENDAR


@pytest.mark.parametrize("location", ["/", "/next"])
def test_redirects_without_end_are_left(stranger: Stranger, location: str) -> None:
    stranger.answers["/next"] = an_answer(b"", 308, Location="/")
    assert trouble_of(stranger, an_answer(b"", 302, Location=location)) == asking.LOST
    assert len(stranger.asked) == 4


def test_a_redirect_that_leads_nowhere_is_an_answer_like_any_other(stranger: Stranger) -> None:
    assert trouble_of(stranger, an_answer(b"", 302)) == subscription.REFUSED


@pytest.mark.parametrize(
    "form", ["http://127.0.0.1:{}/", "https://127.0.0.1:{}/", "//127.0.0.1:{}/", "http://[::ffff:127.0.0.1]:{}/"]
)
def test_a_redirect_to_this_machine_is_not_followed(stranger: Stranger, canary: Stranger, form: str) -> None:
    location = form.format(canary.port)
    assert trouble_of(stranger, an_answer(b"", 302, Location=location)) in (url_policy.NOT_HTTPS, url_policy.NO_NAME)


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://calendar.example.org/", "javascript:x", "data:,BEGIN:VCALENDAR"]
)
def test_a_redirect_to_something_else_than_https_is_not_followed(stranger: Stranger, location: str) -> None:
    assert trouble_of(stranger, an_answer(b"", 302, Location=location)) == url_policy.NOT_HTTPS


def test_a_redirect_to_a_name_that_leads_inside_is_not_followed(stranger: Stranger, resolver: list[list[str]]) -> None:
    resolver += [["127.0.0.1"], ["127.0.0.1"]]  # the second is what the name in the redirect is made to mean
    answer = an_answer(b"", 302, Location="https://calendar.example.org/")
    assert trouble_of(stranger, answer) == ip_policy.PRIVATE
    assert resolver == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_password_is_not_handed_on_to_another_server(stranger: Stranger, status: int) -> None:
    with a_stranger() as other:
        stranger.answers |= {
            "/": an_answer(b"", status, Location="/here"),
            "/here": an_answer(b"", status, Location=other.url()),
        }
        other.answers["/"] = an_answer()
        client = stranger.client(fetch_hosts=(stranger.authority, other.authority))
        reply = client.ask(stranger.url(), Request("REPORT", {}, b"question", ("ledamot", "secret")))
    assert reply.body == CALENDAR
    assert ["authorization" in asked.headers for asked in (*stranger.asked, *other.asked)] == [True, True, False]
    assert {(asked.method, asked.body) for asked in (*stranger.asked, *other.asked)} == {("REPORT", b"question")}


def test_no_link_and_no_answer_is_told_in_what_is_shown(stranger: Stranger) -> None:
    stranger.answers["/secret"] = an_answer(b"<html>secret</html>")
    fetched = stranger.fetched("/secret?secret")
    assert "secret" not in repr(fetched)

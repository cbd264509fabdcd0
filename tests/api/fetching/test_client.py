"""Responses of malicious and broken servers: each leads to an error message within the limits."""

import contextlib
import gzip
import itertools
import threading
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from api.fetching import client, connection, ip_policy, subscription, url_policy
from api.fetching.client import Request
from api.fetching.errors import FetchError
from tests.api.fetching.fake_servers import CALENDAR, FakeServer, gzipped_response, http_response, run_fake_server

MIB = 2**20
HEAD = b"HTTP/1.1 200 OK\r\n"
SHORT_TIMEOUT = {"fetch_seconds": 0.5}


def error_of(fake_server: FakeServer, response: Iterable[bytes], **settings: Any) -> str:
    """Return the error message that a response leads to."""
    fake_server.responses["/"] = response
    result = fake_server.fetch(**settings)
    assert result.body is None
    assert result.state.error is not None
    assert result.state.error.message
    return result.state.error.sentence


@contextlib.contextmanager
def endless_response(first: bytes, piece: bytes) -> Iterator[Iterable[bytes]]:
    """An endless response, sent a few octets at a time, until the block ends."""
    is_over = threading.Event()

    def pieces() -> Iterator[bytes]:
        yield first
        for _ in range(1000):
            if is_over.wait(0.02):
                return
            yield piece

    try:
        yield pieces()
    finally:
        is_over.set()


def test_a_calendar_is_returned_unchanged(fake_server: FakeServer) -> None:
    fake_server.responses["/a.ics?key=x"] = http_response()
    assert fake_server.fetch("/a.ics?key=x").body == CALENDAR
    request = fake_server.requests[0]
    assert (request.method, request.path, request.headers["host"]) == ("GET", "/a.ics?key=x", fake_server.authority)
    assert request.headers["accept-encoding"] == "identity"
    assert not {"authorization", "cookie", "referer"} & request.headers.keys()


@pytest.mark.parametrize(
    "response",
    [
        [b"HTTP/1.0 200 OK\r\n\r\n", CALENDAR],
        [HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"%x\r\n%b\r\n0\r\n\r\n" % (len(CALENDAR), CALENDAR)],
        [b"HTTP/1.1 100 Continue\r\n\r\n", *http_response()],
        gzipped_response(CALENDAR),
        http_response(b"\xef\xbb\xbf\r\n" + CALENDAR),
        http_response(CALENDAR, Content_Type="text/html"),
    ],
)
def test_every_message_framing_of_http_is_accepted(fake_server: FakeServer, response: Iterable[bytes]) -> None:
    fake_server.responses["/"] = response
    body = fake_server.fetch().body
    assert body is not None
    assert body.endswith(CALENDAR)


@pytest.mark.parametrize("first", [b"", HEAD, HEAD + b"X-", HEAD + b"Content-Length: 1000\r\n\r\n"])
def test_a_slow_response_times_out_at_any_stage(fake_server: FakeServer, first: bytes) -> None:
    with endless_response(first, b"1") as response:
        assert error_of(fake_server, response, **SHORT_TIMEOUT) == client.TIMED_OUT


def test_a_silent_server_times_out(fake_server: FakeServer) -> None:
    with endless_response(b"", b"") as response:
        assert error_of(fake_server, response, **SHORT_TIMEOUT) == client.TIMED_OUT


def test_endless_interim_responses_time_out(fake_server: FakeServer) -> None:
    with endless_response(b"", b"HTTP/1.1 100 Continue\r\n\r\n") as response:
        assert error_of(fake_server, response, **SHORT_TIMEOUT) == client.TIMED_OUT


def test_all_redirects_share_one_deadline(fake_server: FakeServer) -> None:
    def delayed_redirect(location: str) -> Iterator[bytes]:
        time.sleep(0.2)
        yield from http_response(b"", 302, Location=location)

    fake_server.responses |= {"/2": delayed_redirect("/3"), "/3": delayed_redirect("/4"), "/4": http_response()}
    assert error_of(fake_server, delayed_redirect("/2"), **SHORT_TIMEOUT) == client.TIMED_OUT


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
def test_an_endless_response_is_stopped_at_the_limit(fake_server: FakeServer, first: bytes, more: bytes) -> None:
    response = itertools.chain([first], itertools.repeat(more, 2000))
    assert error_of(fake_server, response) == client.TOO_LARGE


@pytest.mark.parametrize("body", [b"x" * (MIB + 1), b"x" * (MIB + 200_000)])
def test_a_response_just_over_the_limit_is_too_large(fake_server: FakeServer, body: bytes) -> None:
    assert error_of(fake_server, http_response(body)) == client.TOO_LARGE
    assert error_of(fake_server, gzipped_response(body)) == client.TOO_LARGE


def test_a_response_at_the_limit_is_accepted(fake_server: FakeServer) -> None:
    body = CALENDAR.ljust(MIB)
    fake_server.responses |= {"/": http_response(body), "/gzipped": gzipped_response(body)}
    assert fake_server.fetch().body == fake_server.fetch("/gzipped").body == body


def test_a_gzip_bomb_is_not_decompressed(fake_server: FakeServer) -> None:
    bomb = http_response(gzip.compress(bytes(64 * MIB)), Content_Encoding="gzip")
    tracemalloc.start()
    try:
        assert error_of(fake_server, bomb) == client.TOO_LARGE
        assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    finally:
        tracemalloc.stop()


def test_nested_gzip_is_rejected(fake_server: FakeServer) -> None:
    twice = http_response(gzip.compress(gzip.compress(CALENDAR)), Content_Encoding="gzip, gzip")
    assert error_of(fake_server, twice) == client.UNSUPPORTED_ENCODING


@pytest.mark.parametrize(
    "response", [http_response(b"plain", Content_Encoding="gzip"), http_response(b"x", Content_Encoding="br")]
)
def test_an_unsupported_content_encoding_is_rejected(fake_server: FakeServer, response: Iterable[bytes]) -> None:
    assert error_of(fake_server, response) == client.UNSUPPORTED_ENCODING


@pytest.mark.parametrize(
    "response",
    [
        [],
        [HEAD[:5]],
        [HEAD, b"Content-Length: 1000\r\n\r\n", CALENDAR],
        [HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n", CALENDAR],
        http_response(gzip.compress(CALENDAR)[:-20], Content_Encoding="gzip"),
    ],
)
def test_a_truncated_response_is_rejected(fake_server: FakeServer, response: Iterable[bytes]) -> None:
    assert error_of(fake_server, response) in (client.TRUNCATED, client.NOT_HTTP)


@pytest.mark.parametrize(
    "response",
    [
        [b"SSH-2.0-OpenSSH_9.2\r\n"],
        [b"\x00" * 1000],
        [b"HTTP/1.1 abc OK\r\n\r\n"],
        [HEAD, b"X: y\r\n" * 200, b"\r\n"],
        [HEAD, b"X: " + b"y" * 70_000],
        [HEAD, b"Transfer-Encoding: chunked\r\n\r\n", b"-5\r\n", CALENDAR],
    ],
)
def test_a_response_that_is_not_http_is_rejected(fake_server: FakeServer, response: Iterable[bytes]) -> None:
    assert error_of(fake_server, response) == client.NOT_HTTP


def test_an_unreachable_server_is_reported(fake_server: FakeServer) -> None:
    with pytest.raises(FetchError) as raised:
        fake_server.client(fetch_hosts=("127.0.0.1:1",)).send("http://127.0.0.1:1/", Request())
    assert raised.value.fault.sentence == connection.UNREACHABLE


def test_a_few_redirects_are_followed(fake_server: FakeServer) -> None:
    for path, status, location in (("/", 301, "/2"), ("/2", 302, "3"), ("/3", 307, fake_server.url("/4"))):
        fake_server.responses[path] = http_response(b"elsewhere", status, Location=location)
    fake_server.responses["/4"] = http_response()
    assert fake_server.fetch().body == CALENDAR


@pytest.mark.parametrize("location", ["/", "/next"])
def test_endless_redirects_are_stopped(fake_server: FakeServer, location: str) -> None:
    fake_server.responses["/next"] = http_response(b"", 308, Location="/")
    assert error_of(fake_server, http_response(b"", 302, Location=location)) == client.TOO_MANY_REDIRECTS
    assert len(fake_server.requests) == 4


def test_a_redirect_without_location_is_an_unexpected_status(fake_server: FakeServer) -> None:
    assert error_of(fake_server, http_response(b"", 302)) == subscription.UNEXPECTED_STATUS


@pytest.mark.parametrize(
    "form", ["http://127.0.0.1:{}/", "https://127.0.0.1:{}/", "//127.0.0.1:{}/", "http://[::ffff:127.0.0.1]:{}/"]
)
def test_a_redirect_to_this_machine_is_not_followed(fake_server: FakeServer, canary: FakeServer, form: str) -> None:
    location = form.format(canary.port)
    assert error_of(fake_server, http_response(b"", 302, Location=location)) in (
        url_policy.NOT_HTTPS,
        url_policy.INVALID_HOST,
    )


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://calendar.example.org/", "javascript:x", "data:,BEGIN:VCALENDAR"]
)
def test_a_redirect_to_another_scheme_than_https_is_not_followed(fake_server: FakeServer, location: str) -> None:
    assert error_of(fake_server, http_response(b"", 302, Location=location)) == url_policy.NOT_HTTPS


def test_a_redirect_to_a_host_with_a_private_address_is_not_followed(
    fake_server: FakeServer, resolver: list[list[str]]
) -> None:
    resolver += [["127.0.0.1"], ["127.0.0.1"]]  # the second is the result for the host in the redirect
    response = http_response(b"", 302, Location="https://calendar.example.org/")
    assert error_of(fake_server, response) == ip_policy.PRIVATE_ADDRESS
    assert resolver == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_credentials_are_not_sent_to_another_origin(fake_server: FakeServer, status: int) -> None:
    with run_fake_server() as other:
        fake_server.responses |= {
            "/": http_response(b"", status, Location="/here"),
            "/here": http_response(b"", status, Location=other.url()),
        }
        other.responses["/"] = http_response()
        both_allowed = fake_server.client(fetch_hosts=(fake_server.authority, other.authority))
        response = both_allowed.send(fake_server.url(), Request("REPORT", {}, b"query", ("ledamot", "secret")))
    assert response.body == CALENDAR
    requests = (*fake_server.requests, *other.requests)
    assert ["authorization" in request.headers for request in requests] == [True, True, False]
    assert {(request.method, request.body) for request in requests} == {("REPORT", b"query")}


def test_the_repr_contains_neither_the_url_nor_the_response(fake_server: FakeServer) -> None:
    fake_server.responses["/secret"] = http_response(b"<html>secret</html>")
    result = fake_server.fetch("/secret?secret")
    assert "secret" not in repr(result)

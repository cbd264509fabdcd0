"""The command ``read`` with a link: calendars are fetched, and unsafe links are rejected."""

import json
from collections.abc import Iterator

import pytest

from api.cli import main
from tests.api.fetching.fake_servers import FakeServer, gzipped_response, http_response, run_fake_server
from tests.scheduler.ical.samples import a_calendar, an_event

NINE = an_event("DTSTART;TZID=Europe/Stockholm:20270303T090000", "DURATION:PT1H", "SUMMARY:Canary")
MARCH = ("--from", "2027-03-01", "--to", "2027-04-01", "--lang", "en")


@pytest.fixture
def fake_server() -> Iterator[FakeServer]:
    with run_fake_server() as running:
        yield running


@pytest.fixture
def allowed_server(fake_server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> FakeServer:
    """Return a server from which the settings allow calendars to be fetched."""
    monkeypatch.setenv("TRETTON_FETCH_HOSTS", fake_server.authority)
    monkeypatch.setenv("TRETTON_FETCH_SECONDS", "5")
    return fake_server


def test_a_calendar_at_a_link_is_read_like_a_file(
    allowed_server: FakeServer, capsys: pytest.CaptureFixture[str]
) -> None:
    allowed_server.responses |= {
        "/": http_response(b"", 302, Location="/key/a.ics"),
        "/key/a.ics": gzipped_response(a_calendar(NINE)),
    }
    assert main(["read", allowed_server.url(), *MARCH, "--json"]) == 0
    printed = capsys.readouterr()
    busy = [{"start": "2027-03-03T08:00:00Z", "end": "2027-03-03T09:00:00Z", "kind": "busy"}]
    assert json.loads(printed.out) == {"busy": busy, "unknown": [], "skipped": [], "events": 1}
    assert "Canary" not in printed.out + printed.err


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (http_response(b"<html>Log in</html>"), "The link leads to a web page, not to a calendar"),
        (http_response(b"", 404), "There is no calendar at the link"),
        (http_response(b"", 503), "The server reported an error of its own (status 503)"),
        (http_response(b"", 302, Location="https://169.254.169.254/"), "The link has no full host name"),
        (http_response(a_calendar(NINE), Content_Length="9999"), "The response of the server was incomplete"),
    ],
)
def test_the_message_about_a_failed_download_does_not_contain_the_link(
    allowed_server: FakeServer, answer: list[bytes], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    allowed_server.responses["/key/a.ics"] = answer
    assert main(["read", allowed_server.url("/key/a.ics"), *MARCH]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(sentence)
    assert "key" not in printed.out + printed.err


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("http://127.0.0.1:{port}/", "The link has an unsupported scheme"),
        ("https://127.0.0.1:{port}/", "The link has no full host name"),
        ("webcal://localhost:{port}/", "The link has no full host name"),
        ("https://[::1]:{port}/", "The link has no full host name"),
        ("https://[::ffff:127.0.0.1]/", "The link has no full host name"),
        ("file:///etc/hostname", "The link has an unsupported scheme"),
    ],
)
def test_a_link_into_a_private_network_is_not_followed(
    fake_server: FakeServer, link: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", link.format(port=fake_server.port), *MARCH]) == 2
    assert capsys.readouterr().err.startswith(sentence)
    assert fake_server.requests == []


def test_an_invalid_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TRETTON_FETCH_SECONDS", "soon")
    assert main(["read", "https://calendar.example.org/", *MARCH]) == 2
    assert "TRETTON_FETCH_SECONDS must be a number" in capsys.readouterr().err

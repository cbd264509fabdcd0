"""The command ``read`` with a link: calendars are fetched, and unsafe links are rejected."""

import json
from collections.abc import Iterator

import pytest

from api.cli import main
from tests.api.fetching.fake_servers import Stranger, a_packed_answer, a_stranger, an_answer
from tests.scheduler.ical.samples import a_calendar, an_event

NINE = an_event("DTSTART;TZID=Europe/Stockholm:20270303T090000", "DURATION:PT1H", "SUMMARY:Canary")
MARCH = ("--from", "2027-03-01", "--to", "2027-04-01", "--lang", "en")


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    with a_stranger() as running:
        yield running


@pytest.fixture
def allowed_server(stranger: Stranger, monkeypatch: pytest.MonkeyPatch) -> Stranger:
    """Return a server from which the settings allow calendars to be fetched."""
    monkeypatch.setenv("TRETTON_FETCH_HOSTS", stranger.authority)
    monkeypatch.setenv("TRETTON_FETCH_SECONDS", "5")
    return stranger


def test_a_calendar_at_a_link_is_read_like_a_file(allowed_server: Stranger, capsys: pytest.CaptureFixture[str]) -> None:
    allowed_server.answers |= {
        "/": an_answer(b"", 302, Location="/key/a.ics"),
        "/key/a.ics": a_packed_answer(a_calendar(NINE)),
    }
    assert main(["read", allowed_server.url(), *MARCH, "--json"]) == 0
    printed = capsys.readouterr()
    busy = [{"start": "2027-03-03T08:00:00Z", "end": "2027-03-03T09:00:00Z", "kind": "busy"}]
    assert json.loads(printed.out) == {"busy": busy, "unknown": [], "skipped": [], "events": 1}
    assert "Canary" not in printed.out + printed.err


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (an_answer(b"<html>Log in</html>"), "The link leads to a web page, not to a calendar"),
        (an_answer(b"", 404), "There is no calendar at the link"),
        (an_answer(b"", 503), "The server has a defect or a rest (503)"),
        (an_answer(b"", 302, Location="https://169.254.169.254/"), "The link names no host by its full name"),
        (an_answer(a_calendar(NINE), Content_Length="9999"), "The answer broke off before its end"),
    ],
)
def test_the_message_about_a_failed_download_does_not_contain_the_link(
    allowed_server: Stranger, answer: list[bytes], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    allowed_server.answers["/key/a.ics"] = answer
    assert main(["read", allowed_server.url("/key/a.ics"), *MARCH]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith(sentence)
    assert "key" not in printed.out + printed.err


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("http://127.0.0.1:{port}/", "The link is not followed"),
        ("https://127.0.0.1:{port}/", "The link names no host by its full name"),
        ("webcal://localhost:{port}/", "The link names no host by its full name"),
        ("https://[::1]:{port}/", "The link names no host by its full name"),
        ("https://[::ffff:127.0.0.1]/", "The link names no host by its full name"),
        ("file:///etc/hostname", "The link is not followed"),
    ],
)
def test_a_link_into_a_private_network_is_not_followed(
    stranger: Stranger, link: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", link.format(port=stranger.port), *MARCH]) == 2
    assert capsys.readouterr().err.startswith(sentence)
    assert stranger.asked == []


def test_an_invalid_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("TRETTON_FETCH_SECONDS", "soon")
    assert main(["read", "https://calendar.example.org/", *MARCH]) == 2
    assert "TRETTON_FETCH_SECONDS must be a number" in capsys.readouterr().err

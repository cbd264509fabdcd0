"""What the service answers when it is itself at fault, and what an operator may set."""

import json
import logging

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.content_negotiation import best_match
from api.middleware import JsonLogFormatter
from api.settings import Settings


def test_a_defect_is_admitted_in_the_same_form_and_noted() -> None:
    app = create_app(Settings(hosts=()))

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("CANARY")

    client = TestClient(app, raise_server_exceptions=False)
    reply = client.get("/broken", headers={"Accept-Language": "sv"})
    assert reply.status_code == 500
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["title"] == "Internt serverfel"
    assert reply.headers["x-request-id"]
    assert "CANARY" not in reply.text


def test_a_logged_line_stays_one_line() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "two\nlines\x1b[31m", None, None)
    written = JsonLogFormatter().format(record)
    assert "\n" not in written
    assert "\x1b" not in written
    assert json.loads(written)["event"].startswith("two\nlines")


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, "en"),
        ("", "en"),
        ("sv", "sv"),
        ("sv-SE,en;q=0.8", "sv"),
        ("en,sv;q=0.9", "en"),
        ("de", None),
        ("*", "en"),
    ],
)
def test_the_language_is_the_preferred_of_those_there_are(header: str | None, wanted: str | None) -> None:
    assert best_match(header, ("en", "sv")) == wanted


@pytest.mark.parametrize("header", ["text/calendar;q=x", ";;;", "a" * 10_000, ",".join(["text/html"] * 1000)])
def test_a_broken_header_breaks_nothing(header: str) -> None:
    assert best_match(header, ("application/json", "text/calendar")) is None


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_environment(
        {"TRETTON_MAX_SOLVES": "4", "TRETTON_HOSTS": "a.example, b.example", "OTHER": "1"}
    )
    assert (settings.max_solves, settings.hosts, settings.max_waiting) == (4, ("a.example", "b.example"), 8)


@pytest.mark.parametrize("value", ["many", "0", "-1", ""])
def test_a_setting_that_makes_no_sense_is_named(value: str) -> None:
    with pytest.raises(ValueError, match="TRETTON_MAX_SOLVES"):
        Settings.from_environment({"TRETTON_MAX_SOLVES": value})

"""Internal errors, the log format, content negotiation and settings."""

import json
import logging

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.content_negotiation import best_match
from api.middleware import JsonLogFormatter, RepetitionFilter
from api.settings import Settings


def test_an_internal_error_is_a_problem_document() -> None:
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


def test_a_log_record_is_one_line() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "two\nlines\x1b[31m", None, None)
    written = JsonLogFormatter().format(record)
    assert "\n" not in written
    assert "\x1b" not in written
    assert json.loads(written)["event"].startswith("two\nlines")


@pytest.mark.parametrize(
    ("header", "language"),
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
def test_the_preferred_available_language_is_chosen(header: str | None, language: str | None) -> None:
    assert best_match(header, ("en", "sv")) == language


@pytest.mark.parametrize("header", ["text/calendar;q=x", ";;;", "a" * 10_000, ",".join(["text/html"] * 1000)])
def test_a_malformed_header_accepts_nothing(header: str) -> None:
    assert best_match(header, ("application/json", "text/calendar")) is None


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_environment(
        {"TRETTON_MAX_SOLVES": "4", "TRETTON_HOSTS": "a.example, b.example", "OTHER": "1"}
    )
    assert (settings.max_solves, settings.hosts, settings.max_waiting) == (4, ("a.example", "b.example"), 8)


@pytest.mark.parametrize("value", ["many", "0", "-1", ""])
def test_the_error_for_an_invalid_setting_names_the_variable(value: str) -> None:
    with pytest.raises(ValueError, match="TRETTON_MAX_SOLVES"):
        Settings.from_environment({"TRETTON_MAX_SOLVES": value})


def test_a_repeated_record_of_the_event_loop_is_logged_once() -> None:
    repetitions = RepetitionFilter()

    def passes(logger: str, message: str) -> bool:
        return bool(repetitions.filter(logging.LogRecord(logger, logging.ERROR, "", 0, message, None, None)))

    assert [passes("asyncio", "out of files") for _ in range(3)] == [True, False, False]
    assert passes("asyncio", "another message")
    assert [passes("tretton.requests", "defect") for _ in range(3)] == [True] * 3

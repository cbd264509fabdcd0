"""Responses of `POST /v1/proposals`, and of the service itself."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from api.examples import THREE_PARTIES
from scheduler import Problem
from scheduler.proposal import Proposals
from tests.api.service.conftest import Server
from tests.conftest import Judge

EXAMPLE = Path(__file__).parents[3] / "examples" / "orebro-2027" / "problem.json"
COMMAND = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main(sys.argv[1:]))", "propose"]
SECONDS = re.compile(rb'"seconds":[0-9.e-]+')


def problem_with(**changes: Any) -> dict[str, Any]:
    return {**THREE_PARTIES, **changes}


def test_the_response_to_the_example_equals_the_output_of_the_command(server: Server) -> None:
    posted = server.post(EXAMPLE.read_bytes())
    printed = subprocess.run([*COMMAND, str(EXAMPLE), "--json"], capture_output=True, check=True).stdout  # noqa: S603  # ours
    assert posted.status == 200
    assert SECONDS.sub(b"", posted.body) == SECONDS.sub(b"", printed)


def test_every_documented_example_gets_the_documented_response(server: Server) -> None:
    document = server.send("GET", "/openapi.json").json
    examples = document["paths"]["/v1/proposals"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    statuses = []
    for example in examples.values():
        reply = server.post(example["value"])
        assert reply.status == 200
        statuses.append(Proposals.model_validate_json(reply.body).status)
    assert statuses == ["optimal", "infeasible"]


def test_gzip_is_accepted(server: Server) -> None:
    reply = server.post(gzip.compress(json.dumps(THREE_PARTIES).encode()), Content_Encoding="gzip")
    assert reply.json["status"] == "optimal"


def test_a_calendar_is_accepted_by_other_programs(server: Server, check_invite: Judge) -> None:
    reply = server.post(THREE_PARTIES, Accept="text/calendar, application/json;q=0.5")
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/calendar; charset=utf-8")
    assert b"METHOD:PUBLISH" in reply.body
    assert check_invite(reply.body) == ""


def test_a_calendar_without_a_plan_is_rejected(server: Server) -> None:
    closed = [{"start": "2027-03-01", "end": "2027-03-05", "reason": "stängt"}]
    reply = server.post(problem_with(blackouts=closed), Accept="text/calendar")
    assert (reply.status, reply.json["type"]) == (422, "/problems/no-plan")


def test_a_calendar_without_an_organizer_is_rejected(server: Server) -> None:
    council = {key: value for key, value in THREE_PARTIES["councils"][0].items() if key != "organizer"}
    reply = server.post(problem_with(councils=[council]), Accept="text/calendar")
    assert reply.pointers == ["/councils/0/organizer"]


def test_an_infeasible_problem_gets_a_response_with_its_conflict(server: Server) -> None:
    closed = [{"start": "2027-03-01", "end": "2027-03-05", "reason": "stängt"}]
    reply = server.post(problem_with(blackouts=closed))
    assert (reply.status, reply.json["status"], reply.json["proposals"]) == (200, "infeasible", [])
    assert reply.json["conflict"] == [{"rule": "blackout", "index": 0}]


def test_options_are_applied(server: Server) -> None:
    reply = server.post(THREE_PARTIES, "/v1/proposals?alternatives=2&min_days=1&seed=5")
    assert [proposal["rank"] for proposal in reply.json["proposals"]] == [1, 2]
    assert reply.json["seed"] == 5


def test_a_published_plan_is_repaired_and_each_move_has_its_gain(server: Server) -> None:
    published = problem_with(published={"kultur-1": "2027-03-01T09:00:00+01:00"})
    reply = server.post(published, "/v1/proposals?objective=repair&move_cost=0.25&alternatives=1")
    answer = Proposals.model_validate_json(reply.body)
    (move,) = answer.proposals[0].moves
    assert (answer.objective_kind, move.meeting, move.published.day) == ("repair", "kultur-1", 1)
    assert move.gain > 0.25
    assert answer.objective is not None
    assert answer.maximised == pytest.approx(answer.objective - 0.25)


def test_a_move_that_costs_more_than_it_gains_is_not_made(server: Server) -> None:
    published = problem_with(published={"kultur-1": "2027-03-01T09:00:00+01:00"})
    reply = server.post(published, "/v1/proposals?objective=repair&move_cost=1000000")
    assert reply.json["proposals"][0]["moved"] == []


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("sv", "Ange när sammanträdena ligger nu; det är den planen som revideras."),
        ("en", "Say when the meetings are now, to have that plan repaired."),
    ],
)
def test_repair_requires_a_published_plan(server: Server, language: str, detail: str) -> None:
    reply = server.post(THREE_PARTIES, "/v1/proposals?objective=repair", Accept_Language=language)
    assert (reply.status, reply.json["errors"]) == (422, [{"pointer": "/published", "detail": detail}])
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_fair_plan_is_returned(server: Server) -> None:
    reply = server.post(THREE_PARTIES, "/v1/proposals?objective=fair&give_up=0.05")
    assert (reply.status, reply.json["objective_kind"]) == (200, "fair")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("give_up=-0.1", "/give_up"),
        ("give_up=1.1", "/give_up"),
        ("give_up=nan", "/give_up"),
        ("move_cost=-1", "/move_cost"),
        ("move_cost=inf", "/move_cost"),
        ("move_cost=1e300", "/move_cost"),
        ("alternatives=0", "/alternatives"),
        ("alternatives=11", "/alternatives"),
        ("alternatives=x", "/alternatives"),
        ("objective=luck", "/objective"),
        ("time_limit_seconds=nan", "/time_limit_seconds"),
        ("time_limit_seconds=61", "/time_limit_seconds"),
        ("colour=blue", "/colour"),
    ],
)
def test_an_invalid_option_is_reported(server: Server, query: str, pointer: str) -> None:
    reply = server.post(THREE_PARTIES, f"/v1/proposals?{query}")
    assert (reply.status, reply.pointers) == (422, [pointer])
    assert reply.headers["content-type"] == "application/problem+json"


def test_the_schema_is_that_of_a_problem(server: Server) -> None:
    reply = server.send("GET", "/v1/schema/problem.json")
    assert reply.json["properties"].keys() == Problem.model_fields.keys()
    assert reply.json["additionalProperties"] is False


@pytest.mark.parametrize(("language", "title"), [("sv", "Resursen hittades inte"), ("en-GB", "Not Found")])
def test_errors_are_in_the_language_of_the_client(server: Server, language: str, title: str) -> None:
    reply = server.send("GET", "/nowhere", Accept_Language=language)
    assert (reply.status, reply.json["title"]) == (404, title)
    assert reply.headers["content-language"] == language[:2]


def test_faults_are_in_the_language_of_the_client(server: Server) -> None:
    for path in ("/v1/proposals", "/v1/explanations/heatmap"):
        reply = server.post({}, path, Accept_Language="sv")
        assert (reply.status, reply.headers["content-language"]) == (422, "sv")
        assert reply.headers["vary"] == "Accept-Language"


def test_every_response_has_security_headers_and_a_request_id(server: Server) -> None:
    for reply in (server.send("GET", "/healthz"), server.send("GET", "/nowhere"), server.post("{"), server.post({})):
        assert reply.headers["content-security-policy"].startswith("default-src 'none'")
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert re.fullmatch("[0-9a-f]{16}", reply.headers["x-request-id"])
    assert server.send("GET", "/healthz", X_Request_Id="mine-1").headers["x-request-id"] == "mine-1"
    assert server.send("GET", "/healthz", X_Request_Id="no good").headers["x-request-id"] != "no good"


def test_the_documentation_loads_nothing_from_other_hosts(server: Server) -> None:
    reply = server.send("GET", "/docs", Accept_Language="sv")
    page = reply.body.decode()
    assert reply.status == 200
    assert "POST /v1/proposals" in page
    assert '<html lang="sv">' in page
    assert not re.search(r"""(src|href)=["'](https?:)?//""", page)
    assert "<script" not in page
    assert "style-src 'sha256-" in reply.headers["content-security-policy"]


def test_an_unsupported_method_gets_the_allow_header(server: Server) -> None:
    reply = server.send("GET", "/v1/proposals")
    assert (reply.status, reply.headers["allow"]) == (405, "POST")
    assert reply.json["type"] == "/problems/method-not-allowed"

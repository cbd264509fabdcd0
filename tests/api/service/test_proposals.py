"""What a chair's program and a stranger get from `POST /v1/proposals`."""

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


def changed(**changes: Any) -> dict[str, Any]:
    return {**THREE_PARTIES, **changes}


def test_the_example_gets_the_bytes_that_the_command_prints(server: Server) -> None:
    posted = server.ask(EXAMPLE.read_bytes())
    printed = subprocess.run([*COMMAND, str(EXAMPLE), "--json"], capture_output=True, check=True).stdout  # noqa: S603  # ours
    assert posted.status == 200
    assert SECONDS.sub(b"", posted.body) == SECONDS.sub(b"", printed)


def test_every_documented_example_is_answered_as_documented(server: Server) -> None:
    document = server.send("GET", "/openapi.json").json
    examples = document["paths"]["/v1/proposals"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    statuses = []
    for example in examples.values():
        reply = server.ask(example["value"])
        assert reply.status == 200
        statuses.append(Proposals.model_validate_json(reply.body).status)
    assert statuses == ["optimal", "infeasible"]


def test_gzip_is_taken(server: Server) -> None:
    reply = server.ask(gzip.compress(json.dumps(THREE_PARTIES).encode()), Content_Encoding="gzip")
    assert reply.json["status"] == "optimal"


def test_a_calendar_is_asked_for_and_other_programs_take_it(server: Server, check_invite: Judge) -> None:
    reply = server.ask(THREE_PARTIES, Accept="text/calendar, application/json;q=0.5")
    assert reply.status == 200
    assert reply.headers["content-type"].startswith("text/calendar; charset=utf-8")
    assert b"METHOD:PUBLISH" in reply.body
    assert check_invite(reply.body) == ""


def test_a_calendar_of_no_plan_is_refused_with_what_to_do(server: Server) -> None:
    closed = [{"start": "2027-03-01", "end": "2027-03-05", "reason": "stängt"}]
    reply = server.ask(changed(blackouts=closed), Accept="text/calendar")
    assert (reply.status, reply.json["type"]) == (422, "/problems/no-plan")


def test_a_calendar_that_nobody_sends_is_refused(server: Server) -> None:
    council = {key: value for key, value in THREE_PARTIES["councils"][0].items() if key != "organizer"}
    reply = server.ask(changed(councils=[council]), Accept="text/calendar")
    assert reply.pointers == ["/councils/0/organizer"]


def test_no_date_is_an_answer(server: Server) -> None:
    closed = [{"start": "2027-03-01", "end": "2027-03-05", "reason": "stängt"}]
    reply = server.ask(changed(blackouts=closed))
    assert (reply.status, reply.json["status"], reply.json["proposals"]) == (200, "infeasible", [])
    assert reply.json["conflict"] == [{"rule": "blackout", "index": 0}]


def test_options_are_kept(server: Server) -> None:
    reply = server.ask(THREE_PARTIES, "/v1/proposals?alternatives=2&min_days=1&seed=5")
    assert [one["rank"] for one in reply.json["proposals"]] == [1, 2]
    assert reply.json["seed"] == 5


def test_a_published_plan_is_repaired_and_each_move_tells_its_gain(server: Server) -> None:
    published = changed(published={"kultur-1": "2027-03-01T09:00:00+01:00"})
    reply = server.ask(published, "/v1/proposals?objective=repair&move_cost=0.25&alternatives=1")
    answer = Proposals.model_validate_json(reply.body)
    (move,) = answer.proposals[0].moves
    assert (answer.objective_kind, move.meeting, move.published.day) == ("repair", "kultur-1", 1)
    assert move.gain > 0.25
    assert answer.objective is not None
    assert answer.maximised == pytest.approx(answer.objective - 0.25)


def test_a_move_that_costs_more_than_it_gains_is_not_made(server: Server) -> None:
    published = changed(published={"kultur-1": "2027-03-01T09:00:00+01:00"})
    reply = server.ask(published, "/v1/proposals?objective=repair&move_cost=1000000")
    assert reply.json["proposals"][0]["moved"] == []


@pytest.mark.parametrize(
    ("language", "detail"),
    [
        ("sv", "Ange när sammanträdena ligger nu, så att den planen kan revideras."),
        ("en", "Say when the meetings are now, to have that plan repaired."),
    ],
)
def test_nothing_published_is_nothing_to_repair(server: Server, language: str, detail: str) -> None:
    reply = server.ask(THREE_PARTIES, "/v1/proposals?objective=repair", Accept_Language=language)
    assert (reply.status, reply.json["errors"]) == (422, [{"pointer": "/published", "detail": detail}])
    assert reply.headers["content-type"] == "application/problem+json"


def test_fairness_is_asked_for(server: Server) -> None:
    reply = server.ask(THREE_PARTIES, "/v1/proposals?objective=fair&give_up=0.05")
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
def test_an_option_out_of_bounds_is_named(server: Server, query: str, pointer: str) -> None:
    reply = server.ask(THREE_PARTIES, f"/v1/proposals?{query}")
    assert (reply.status, reply.pointers) == (422, [pointer])
    assert reply.headers["content-type"] == "application/problem+json"


def test_the_schema_is_that_of_a_problem(server: Server) -> None:
    reply = server.send("GET", "/v1/schema/problem.json")
    assert reply.json["properties"].keys() == Problem.model_fields.keys()
    assert reply.json["additionalProperties"] is False


@pytest.mark.parametrize(("language", "title"), [("sv", "Resursen hittades inte"), ("en-GB", "Not Found")])
def test_errors_are_said_in_the_callers_language(server: Server, language: str, title: str) -> None:
    reply = server.send("GET", "/nowhere", Accept_Language=language)
    assert (reply.status, reply.json["title"]) == (404, title)
    assert reply.headers["content-language"] == language[:2]


def test_what_is_wrong_with_a_problem_is_said_in_the_callers_language_too(server: Server) -> None:
    for path in ("/v1/proposals", "/v1/explanations/heatmap"):
        reply = server.ask({}, path, Accept_Language="sv")
        assert (reply.status, reply.headers["content-language"]) == (422, "sv")
        assert reply.headers["vary"] == "Accept-Language"


def test_every_answer_carries_the_headers_of_safety_and_a_request_id(server: Server) -> None:
    for reply in (server.send("GET", "/healthz"), server.send("GET", "/nowhere"), server.ask("{"), server.ask({})):
        assert reply.headers["content-security-policy"].startswith("default-src 'none'")
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert re.fullmatch("[0-9a-f]{16}", reply.headers["x-request-id"])
    assert server.send("GET", "/healthz", X_Request_Id="mine-1").headers["x-request-id"] == "mine-1"
    assert server.send("GET", "/healthz", X_Request_Id="no good").headers["x-request-id"] != "no good"


def test_the_documentation_is_our_own_and_fetches_nothing(server: Server) -> None:
    reply = server.send("GET", "/docs", Accept_Language="sv")
    page = reply.body.decode()
    assert reply.status == 200
    assert "POST /v1/proposals" in page
    assert '<html lang="sv">' in page
    assert not re.search(r"""(src|href)=["'](https?:)?//""", page)
    assert "<script" not in page
    assert "style-src 'sha256-" in reply.headers["content-security-policy"]


def test_a_method_that_is_not_taken_names_those_that_are(server: Server) -> None:
    reply = server.send("GET", "/v1/proposals")
    assert (reply.status, reply.headers["allow"]) == (405, "POST")
    assert reply.json["type"] == "/problems/method-not-allowed"

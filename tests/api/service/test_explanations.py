"""Responses of `POST /v1/explanations/{kind}`."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from api.examples import NO_FEASIBLE_DATE, THREE_PARTIES
from scheduler.explaining.explanation import Asking, Clashes, Conflicts, Habits, Heatmap
from tests.api.service.conftest import Server

COMMAND = [sys.executable, "-c", "import sys; from api.cli import main; sys.exit(main(sys.argv[1:]))", "explain"]
RESPONSE_MODELS: dict[str, type[BaseModel]] = {
    "heatmap": Heatmap,
    "clashes": Clashes,
    "asking": Asking,
    "conflicts": Conflicts,
    "habit": Habits,
}


@pytest.mark.parametrize("kind", RESPONSE_MODELS)
def test_every_documented_example_gets_the_documented_response(server: Server, kind: str) -> None:
    document = server.send("GET", "/openapi.json").json
    operation = document["paths"][f"/v1/explanations/{kind}"]["post"]
    statuses = []
    for example in operation["requestBody"]["content"]["application/json"]["examples"].values():
        reply = server.post(example["value"], f"/v1/explanations/{kind}")
        assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
        RESPONSE_MODELS[kind].model_validate_json(reply.body)
        statuses.append(reply.json["status"])
    assert statuses == ["optimal", "infeasible"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    assert document["components"]["schemas"][schema]["properties"].keys() == RESPONSE_MODELS[kind].model_fields.keys()


def test_every_referenced_schema_exists(server: Server) -> None:
    document = server.send("GET", "/openapi.json").json

    def references(part: Any) -> set[str]:
        if isinstance(part, dict):
            own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
            return own.union(*map(references, part.values()))
        return set().union(*map(references, part)) if isinstance(part, list) else set()

    schemas = document["components"]["schemas"]
    assert {name.removeprefix("#/components/schemas/") for name in references(document)} <= schemas.keys()
    assert {"date", "cost", "rule"} <= schemas["DateCost"]["properties"].keys()
    assert {"change", "to", "also"} <= schemas["Relaxation"]["properties"].keys()


@pytest.mark.parametrize("kind", RESPONSE_MODELS)
def test_the_command_prints_the_same_bytes(server: Server, kind: str, tmp_path: Path) -> None:
    (tmp_path / "problem.json").write_text(json.dumps(THREE_PARTIES))
    command = [*COMMAND, str(tmp_path / "problem.json"), "--what", kind, "--json", "--seed", "4"]
    printed = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603  # ours
    assert server.post(THREE_PARTIES, f"/v1/explanations/{kind}?seed=4").body == printed


def test_an_infeasible_problem_has_no_objective(server: Server) -> None:
    reply = server.post(NO_FEASIBLE_DATE, "/v1/explanations/heatmap")
    assert (reply.status, reply.json["status"], reply.json["objective"]) == (200, "infeasible", None)


def test_gzip_is_accepted(server: Server) -> None:
    body = gzip.compress(json.dumps(THREE_PARTIES).encode())
    reply = server.post(body, "/v1/explanations/clashes", Content_Encoding="gzip")
    assert reply.json["status"] == "optimal"


def test_an_unknown_kind_is_not_found(server: Server) -> None:
    reply = server.post(THREE_PARTIES, "/v1/explanations/luck", Accept_Language="sv")
    assert (reply.status, reply.json["type"]) == (404, "/problems/not-found")
    assert reply.headers["content-type"] == "application/problem+json"


def test_an_explanation_is_not_available_as_a_calendar(server: Server) -> None:
    reply = server.post(THREE_PARTIES, "/v1/explanations/habit", Accept="text/calendar", Accept_Language="en")
    assert (reply.status, reply.json["detail"]) == (
        406,
        "The response is available as application/json only; change the Accept header.",
    )


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("seed=-1", "/seed"),
        ("seed=x", "/seed"),
        ("time_limit_seconds=0", "/time_limit_seconds"),
        ("time_limit_seconds=61", "/time_limit_seconds"),
        ("alternatives=2", "/alternatives"),
    ],
)
def test_an_invalid_option_is_reported(server: Server, query: str, pointer: str) -> None:
    reply = server.post(THREE_PARTIES, f"/v1/explanations/asking?{query}")
    assert (reply.status, reply.pointers) == (422, [pointer])


def test_a_fault_in_the_problem_is_reported(server: Server) -> None:
    reply = server.post({**THREE_PARTIES, "colour": "blue"}, "/v1/explanations/conflicts")
    assert (reply.status, reply.pointers) == (422, ["/colour"])
    assert reply.headers["content-type"] == "application/problem+json"


def test_only_post_is_allowed(server: Server) -> None:
    reply = server.send("GET", "/v1/explanations/heatmap")
    assert (reply.status, reply.headers["allow"]) == (405, "POST")

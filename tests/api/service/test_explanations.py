"""What a chair's program and a stranger get from `POST /v1/explanations/…`."""

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
ANSWERS: dict[str, type[BaseModel]] = {
    "heatmap": Heatmap,
    "clashes": Clashes,
    "asking": Asking,
    "conflicts": Conflicts,
    "habit": Habits,
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_documented_example_is_answered_as_documented(server: Server, kind: str) -> None:
    document = server.send("GET", "/openapi.json").json
    told = document["paths"][f"/v1/explanations/{kind}"]["post"]
    statuses = []
    for example in told["requestBody"]["content"]["application/json"]["examples"].values():
        reply = server.ask(example["value"], f"/v1/explanations/{kind}")
        assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
        ANSWERS[kind].model_validate_json(reply.body)
        statuses.append(reply.json["status"])
    assert statuses == ["optimal", "infeasible"]
    schema = told["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    assert document["components"]["schemas"][schema]["properties"].keys() == ANSWERS[kind].model_fields.keys()


def test_every_schema_that_is_named_is_there(server: Server) -> None:
    document = server.send("GET", "/openapi.json").json

    def named(part: Any) -> set[str]:
        if isinstance(part, dict):
            own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
            return own.union(*map(named, part.values()))
        return set().union(*map(named, part)) if isinstance(part, list) else set()

    schemas = document["components"]["schemas"]
    assert {name.removeprefix("#/components/schemas/") for name in named(document)} <= schemas.keys()
    assert {"date", "cost", "rule"} <= schemas["DateCost"]["properties"].keys()
    assert {"change", "to", "also"} <= schemas["Relaxation"]["properties"].keys()


@pytest.mark.parametrize("kind", ANSWERS)
def test_the_command_prints_the_same_bytes(server: Server, kind: str, tmp_path: Path) -> None:
    (tmp_path / "problem.json").write_text(json.dumps(THREE_PARTIES))
    command = [*COMMAND, str(tmp_path / "problem.json"), "--what", kind, "--json", "--seed", "4"]
    printed = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603  # ours
    assert server.ask(THREE_PARTIES, f"/v1/explanations/{kind}?seed=4").body == printed


def test_where_nothing_fits_nothing_is_worth_anything(server: Server) -> None:
    reply = server.ask(NO_FEASIBLE_DATE, "/v1/explanations/heatmap")
    assert (reply.status, reply.json["status"], reply.json["objective"]) == (200, "infeasible", None)


def test_gzip_is_taken(server: Server) -> None:
    body = gzip.compress(json.dumps(THREE_PARTIES).encode())
    reply = server.ask(body, "/v1/explanations/clashes", Content_Encoding="gzip")
    assert reply.json["status"] == "optimal"


def test_an_unknown_kind_is_not_there(server: Server) -> None:
    reply = server.ask(THREE_PARTIES, "/v1/explanations/luck", Accept_Language="sv")
    assert (reply.status, reply.json["type"]) == (404, "/problems/not-found")
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_calendar_of_reasons_cannot_be_had(server: Server) -> None:
    reply = server.ask(THREE_PARTIES, "/v1/explanations/habit", Accept="text/calendar", Accept_Language="en")
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
def test_an_option_out_of_bounds_is_named(server: Server, query: str, pointer: str) -> None:
    reply = server.ask(THREE_PARTIES, f"/v1/explanations/asking?{query}")
    assert (reply.status, reply.pointers) == (422, [pointer])


def test_a_fault_in_the_problem_is_named(server: Server) -> None:
    reply = server.ask({**THREE_PARTIES, "colour": "blue"}, "/v1/explanations/conflicts")
    assert (reply.status, reply.pointers) == (422, ["/colour"])
    assert reply.headers["content-type"] == "application/problem+json"


def test_it_is_asked_by_post_alone(server: Server) -> None:
    reply = server.send("GET", "/v1/explanations/heatmap")
    assert (reply.status, reply.headers["allow"]) == (405, "POST")

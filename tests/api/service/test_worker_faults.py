"""What a client gets, and what is logged, when the worker process of a request fails."""

import logging
import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.examples import THREE_PARTIES
from api.settings import Settings
from api.workers import process as process_module
from api.workers.pool import WorkerPool
from tests.api.service.conftest import wait_until
from tests.api.service.failing_worker import MODULE

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="it needs processes that fork")

SETTINGS = Settings(hosts=(), max_solves=1)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service of one worker that fails as it is told."""
    client = TestClient(create_app(SETTINGS), raise_server_exceptions=False)
    with ExitStack() as running:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(process_module, "MODULE", MODULE)
            patch.setenv("TMPDIR", str(tmp_path_factory.mktemp("worker")))
            running.enter_context(client)
            assert wait_until(lambda: client.get("/readyz").status_code == 200, 60)
        yield client


def defects(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the defects that were logged, as the operator sees them."""
    records = [record for record in caplog.records if record.message == "defect"]
    return [f"{getattr(record, 'record', '')}{record.exc_text or ''}" for record in records]


def test_a_crash_an_assertion_and_a_limit_are_different_answers(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    answers = {}
    num_defects = {}
    for title in ("assertion", "abort", "crash", "exit", "memory", "processor time", "killed", "killed once", "none"):
        caplog.clear()
        reply = client.post("/v1/proposals", json={"title": title})
        answers[title] = (reply.status_code, reply.json().get("type") if reply.status_code != 200 else None)
        num_defects[title] = len(defects(caplog))
    broken = (500, "/problems/broken")
    too_hard = (422, "/problems/too-hard")
    assert answers == {
        "assertion": broken,
        "abort": broken,
        "crash": broken,
        "exit": broken,
        "memory": too_hard,
        "processor time": too_hard,
        "killed": (503, "/problems/unavailable"),
        "killed once": (200, None),
        "none": (200, None),
    }
    assert {title for title, number in num_defects.items() if number} == {"assertion", "abort", "crash", "exit"}


def test_the_record_of_a_defect_says_where_it_happened_and_repeats_no_input(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.post("/v1/proposals", json={"title": "assertion"})
    client.post("/v1/proposals", json={"title": "crash"})
    raised, crashed = defects(caplog)
    assert "in fail_with_input" in raised
    assert "RuntimeError" in raised
    assert "CANARY" not in raised
    assert "Segmentation fault" in crashed
    assert "failing_worker.py" in crashed


@pytest.mark.parametrize("fault", ["assertion", "abort", "crash", "memory", "processor time", "killed"])
def test_the_best_plan_is_returned_when_the_search_for_others_fails(
    client: TestClient, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    reply = client.post("/v1/proposals", json={"title": f"late {fault}"})
    assert (reply.status_code, reply.json()) == (200, {"kept": True})
    assert len(defects(caplog)) == (fault in ("assertion", "abort", "crash"))


def test_a_response_does_not_depend_on_earlier_requests(client: TestClient) -> None:
    replies = [client.post("/v1/proposals", json={"title": "none"}).json() for _ in range(3)]
    assert replies == [["none"]] * 3


def test_a_worker_serves_many_requests_and_survives_their_failures(client: TestClient) -> None:
    pool: WorkerPool = client.app.state.pool  # type: ignore[attr-defined]  # the type is that of any ASGI application
    client.post("/v1/proposals", json={"title": "none"})
    before = pool.pids
    for title in ("crash", "memory", "assertion", *["none"] * 20):
        client.post("/v1/proposals", json={"title": title})
    assert pool.pids == before


def test_workers_killed_while_idle_cost_no_request() -> None:
    with TestClient(create_app(Settings(hosts=()))) as client:
        pool: WorkerPool = client.app.state.pool  # type: ignore[attr-defined]  # the type is that of any application
        for _ in range(3):
            assert client.post("/v1/proposals", json=THREE_PARTIES).status_code == 200
            for pid in pool.pids:
                os.kill(pid, signal.SIGKILL)
            assert client.post("/v1/proposals", json=THREE_PARTIES).status_code == 200


def test_a_worker_imports_nothing_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep)  # an empty entry is the current folder
    for module in ("queue", "ortools", "select"):
        Path(f"{module}.py").write_text("from pathlib import Path\nPath('imported').touch()\n")
    with TestClient(create_app(SETTINGS)) as client:
        assert client.post("/v1/proposals", json=THREE_PARTIES).status_code == 200
    assert not Path("imported").exists()


def test_requests_fail_and_readiness_says_so_while_no_worker_can_start(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(process_module, "MODULE", "tests.no_such_module")
    with TestClient(create_app(Settings(hosts=()))) as client:
        started_at = time.monotonic()
        for _ in range(3):
            reply = client.post("/v1/proposals", json=THREE_PARTIES)
            assert (reply.status_code, reply.json()["type"]) == (503, "/problems/unavailable")
            assert reply.headers["retry-after"]
        assert time.monotonic() - started_at < 10
        ready = client.get("/readyz")
        assert (ready.status_code, ready.headers["content-type"]) == (503, "application/problem+json")
        assert ready.headers["retry-after"]
        assert client.get("/healthz").status_code == 200

        monkeypatch.setattr(process_module, "MODULE", "api.workers.worker")
        assert wait_until(lambda: client.get("/readyz").status_code == 200, 60)
        assert client.get("/readyz").json() == {"status": "ready"}
        assert client.post("/v1/proposals", json=THREE_PARTIES).status_code == 200
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert 1 <= len(errors) < 10
    assert "tests.no_such_module" in getattr(errors[0], "record", "")


def test_a_worker_that_does_not_become_ready_counts_as_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_module, "MODULE", "http.server")  # it never writes a message, and does not end
    monkeypatch.setattr(process_module, "START_SECONDS", 0.5)
    with TestClient(create_app(SETTINGS)) as client:
        assert client.post("/v1/proposals", json=THREE_PARTIES).status_code == 503

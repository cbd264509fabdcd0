"""The service does what its OpenAPI document says, and nothing else: a tool that knows neither asks it."""

import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.api.service.conftest import Server

# a problem can be well formed and contradict itself, which no schema can say: 422 is an answer to well-formed data too
CONFIGURATION = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", 422]
"""


def ask_everything(server: Server, folder: Path, *options: str) -> None:
    (folder / "schemathesis.toml").write_text(CONFIGURATION)
    command = Path(sysconfig.get_path("scripts")) / "schemathesis"
    address = f"http://127.0.0.1:{server.port}/openapi.json"
    done = subprocess.run(  # noqa: S603  # our own environment's tool
        [command, "--config-file", folder / "schemathesis.toml", "run", address, "--checks", "all", *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout[-6000:]


def test_every_answer_is_as_declared(server: Server, tmp_path: Path) -> None:
    ask_everything(server, tmp_path, "--phases", "examples,fuzzing", "--max-examples", "25", "--seed", "1")


@pytest.mark.prove
def test_every_answer_is_as_declared_when_asked_at_length(server: Server, tmp_path: Path) -> None:
    ask_everything(server, tmp_path, "--max-examples", "100")

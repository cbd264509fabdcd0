"""Schemathesis finds no difference between the service and its OpenAPI document."""

import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.api.service.conftest import Server

# A problem can satisfy the schema and still be inconsistent, so 422 is a valid response to data that fits the schema.
CONFIGURATION = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", 422]
"""


def run_schemathesis(server: Server, folder: Path, *options: str) -> None:
    (folder / "schemathesis.toml").write_text(CONFIGURATION)
    command = Path(sysconfig.get_path("scripts")) / "schemathesis"
    address = f"http://127.0.0.1:{server.port}/openapi.json"
    process = subprocess.run(  # noqa: S603  # a tool of this environment
        [command, "--config-file", folder / "schemathesis.toml", "run", address, "--checks", "all", *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert process.returncode == 0, process.stdout[-6000:]


@pytest.mark.slow
def test_every_response_is_as_documented(server: Server, tmp_path: Path) -> None:
    run_schemathesis(server, tmp_path, "--phases", "examples,fuzzing", "--max-examples", "25", "--seed", "1")


@pytest.mark.prove
def test_every_response_is_as_documented_in_a_long_run(server: Server, tmp_path: Path) -> None:
    run_schemathesis(server, tmp_path, "--max-examples", "100")

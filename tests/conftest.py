"""Configuration of the tests, and fixtures for the shared data, the invitation checker and the browser."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

Judge = Callable[..., str]

settings.register_profile(
    "check",
    deadline=None,  # the machine may be busy
    derandomize=bool(os.environ.get("CI")),  # the same examples in every CI run; `make prove` searches for new ones
    max_examples=60,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("prove", parent=settings.get_profile("check"), derandomize=False, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "check"))


# Fixtures for which something outside this repository is needed: other data, a browser, other programs.
EXTERNAL_FIXTURES = frozenset({"shared", "check_invite", "chromium", "certificate"})

# A shell starts background commands with SIGINT ignored, and child processes inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need something outside this repository."""
    for item in items:
        if isinstance(item, pytest.Function) and not EXTERNAL_FIXTURES.isdisjoint(item.fixturenames):
            item.add_marker(pytest.mark.external)


def unavailable(reason: str) -> NoReturn:
    """Skip a test for which something external is missing; fail it in CI, where everything is installed."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data: problem instances with reference values, real calendars, the invitation checker."""
    folder = Path(os.environ.get("TRETTON_SHARED", Path(__file__).parents[1] / ".." / "shared")).resolve()
    if not folder.is_dir():
        unavailable(f"the shared data is not at {folder}; set TRETTON_SHARED to where it is")
    return folder


@pytest.fixture(scope="session")
def check_invite(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """A function that checks a calendar with independent parsers, optionally servers, and returns their errors."""
    command = shared / "tools" / "check-invite" / "check-invite"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = Path(os.environ.get("CHECK_INVITE_HOME") or cache / "check-invite")
    if not (home / "venv" / "bin" / "python").exists():
        unavailable(f"check-invite is not set up in {home}; run {command.with_name('setup')} first")

    sent = tmp_path_factory.mktemp("sent") / "sent.ics"

    def judge(calendar: bytes, *, with_servers: bool = False) -> str:
        sent.write_bytes(calendar)
        options = [] if with_servers else ["--no-servers"]
        arguments = [str(command), str(sent), *options]
        done = subprocess.run(arguments, capture_output=True, text=True, check=False)  # noqa: S603  # our own file
        if done.returncode == 2:
            unavailable(f"check-invite lacks parsers; run its setup again: {done.stderr.strip()}")
        return "" if done.returncode == 0 else done.stdout

    return judge


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the Chromium executable."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        unavailable("there is no Chromium; install it (on Debian: apt install chromium)")
    return found

"""Every example script runs and prints its result."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SEEN = {
    "1_first_meeting.py": "Wednesday 03 March",
    "2_a_councils_year.py": "optimal",
    "3_quorum_at_risk.py": "quorum_likely",
    "4_read_a_calendar.py": "evidence: calendar",
    "5_send_invitations.py": "SEQUENCE 1",
    "6_a_board_day_is_announced.py": "gains 0.55 parties: more than it costs\n\n13 meetings stay, 4 of them frozen",
    "7_the_clash_to_move.py": "Bildningsnämnden, Degerfors, Thu 10 Jun: 0.12 parties more",
}


def test_every_example_has_an_expected_output() -> None:
    assert {path.name for path in (ROOT / "examples").glob("*.py")} == set(SEEN)


@pytest.mark.parametrize("name", sorted(SEEN))
def test_an_example_prints_its_expected_output(name: str) -> None:
    script = ROOT / "examples" / name
    assert len(script.read_text().splitlines()) <= 60
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, str(script)], capture_output=True, text=True, check=True, env=environment, timeout=300
    )
    assert SEEN[name] in done.stdout
    assert done.stderr == ""

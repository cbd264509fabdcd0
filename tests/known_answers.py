"""Shared problem instances with the answers of an independent reference implementation."""

import gzip
import json
from pathlib import Path
from typing import Any

from scheduler import Problem


def load(shared: Path, name: str) -> tuple[Problem, dict[str, Any]]:
    """Return a shared problem instance and its reference values."""
    raw = (shared / "data" / "instances" / name).read_bytes()
    expected = json.loads((shared / "data" / "instances" / "expected.json").read_text())
    return Problem.read(gzip.decompress(raw) if name.endswith(".gz") else raw), expected["instances"][name]

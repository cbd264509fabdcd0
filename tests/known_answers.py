"""Problem instances with the answers of an independent reference implementation."""

import gzip
import json
from pathlib import Path
from typing import Any

from scheduler import Problem

INSTANCES = Path(__file__).parent / "data" / "instances"


def instance_bytes(name: str) -> bytes:
    """Return the document of an instance, such as ``m.json``."""
    return gzip.decompress((INSTANCES / f"{name.removesuffix('.gz')}.gz").read_bytes())


def load(name: str) -> tuple[Problem, dict[str, Any]]:
    """Return an instance and its reference values."""
    expected = json.loads((INSTANCES / "expected.json").read_text())
    return Problem.read(instance_bytes(name)), expected["instances"][name]

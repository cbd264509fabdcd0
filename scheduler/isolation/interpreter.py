"""
The command and the environment of a Python interpreter that runs a worker.

A worker imports neither from the current folder nor from any other relative path: such a folder may contain files of
unknown origin that have the names of modules. It gets no environment variable that it does not need: the others may
contain keys and passwords.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]

_PASSED_VARIABLES = (
    "PATH",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "PYTHONHOME",
    "PYTHONTZPATH",
    "SYSTEMROOT",
    "TEMP",
    "TMPDIR",
)


def worker_command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module of this project as a worker."""
    # -P keeps the current folder off the import path.
    return [sys.executable, "-P", "-m", module, *arguments]


def worker_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of a worker: the variables that it needs, and the import path without relative folders."""
    passed = {name: environment[name] for name in _PASSED_VARIABLES if name in environment}
    # An empty entry of PYTHONPATH, as in "/opt/lib:", is the current folder.
    folders = environment.get("PYTHONPATH", "").split(os.pathsep)
    absolute = [folder for folder in folders if Path(folder).is_absolute()]
    return {
        **passed,
        "PYTHONPATH": os.pathsep.join([str(ROOT), *absolute]),
        # More threads of numpy would be lost in a fork, and each takes address space.
        "OPENBLAS_NUM_THREADS": "1",
    }

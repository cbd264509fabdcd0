"""Things in a folder that have the name of a file and are none."""

import os
from pathlib import Path

ODD_FILES = ("fifo", "folder", "broken link", "link to itself")


def make_odd_file(path: Path, kind: str) -> None:
    """Put one of ``ODD_FILES`` at ``path``."""
    match kind:
        case "fifo":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "broken link":
            path.symlink_to("nowhere")
        case _:
            path.symlink_to(path.name)

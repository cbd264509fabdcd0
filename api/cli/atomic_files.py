"""Writing several files so that no file is ever left half written."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

FILE_MODE = 0o644  # readable for all, as files saved by other programs; mkstemp makes them private


def replace_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """
    Write files into ``folder``, named by their paths within it.

    All files are first written under temporary names and then renamed in the order of ``contents``. A file whose
    content would not change is left alone, with its modification time.

    Raises
    ------
    OSError
        When a file cannot be written; if that happens before the first rename, no file has changed.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for name, content in contents.items():
            path = folder / name
            if not path.is_file() or path.read_bytes() != content:
                temporary = _write_temporary(path, content)
                staged.append((temporary, path))
        for temporary, path in staged:
            temporary.replace(path)
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def _write_temporary(path: Path, content: bytes) -> Path:
    """Write ``content`` into a temporary file in the folder of ``path``: a rename is atomic only on the same disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        # Without fsync, a crash after the rename could leave an empty file under the final name.
        os.fsync(file.fileno())
    temporary = Path(name)
    temporary.chmod(FILE_MODE)
    return temporary

"""Writing several files so that no file is ever left half written, and no two runs write at once."""

import errno
import fcntl
import os
import re
import stat
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK_SECONDS = 10.0  # a run writes for a fraction of a second
_POLL_SECONDS = 0.05
_LEFTOVER = re.compile(r"\.[a-z0-9_]{8}\.part")  # the name that mkstemp gives in `_write_temporary`
_NEW_FILE_MODE = 0o666  # less the umask, as for files saved by other programs


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """
    Create ``folder`` and hold its lock; another run that wants the lock waits.

    Raises
    ------
    BlockingIOError
        When another run has held the lock for :data:`LOCK_SECONDS`.
    OSError
        When the folder cannot be created or opened.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # The folder itself is locked, so that no lock file remains in it. The system releases the lock of a dead process.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_POLL_SECONDS)
        except OSError as error:
            # Some network file systems lock no folders.
            if error.errno not in (errno.EBADF, errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
                raise
            return
        else:
            return


def remove_leftovers(folders: Collection[Path]) -> None:
    """Remove the temporary files of runs that were killed while writing; the caller holds the lock."""
    for folder in folders:
        with suppress(FileNotFoundError, NotADirectoryError):
            for path in folder.iterdir():
                if _LEFTOVER.fullmatch(path.name):
                    path.unlink(missing_ok=True)


def replace_files(folder: Path, contents: Mapping[str, bytes], obsolete: Collection[str] = ()) -> None:
    """
    Write files into ``folder``, named by their paths within it, and remove the ``obsolete`` ones.

    All files are first written under temporary names and then renamed in the order of ``contents``. A file whose
    content would not change is left alone, with its modification time. The mode of a new file follows the umask; a
    replaced file keeps every restriction of its mode.

    Raises
    ------
    OSError
        When a file cannot be written; if that happens before the first rename, no file has changed.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for name, content in contents.items():
            path = folder / name
            if not _has_content(path, content):
                staged.append((_write_temporary(path, content), path))
        for name in obsolete:
            (folder / name).unlink(missing_ok=True)
        for temporary, path in staged:
            temporary.replace(path)
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)


def _has_content(path: Path, content: bytes) -> bool:
    """Return whether the file is there with this content. Only a regular file of the same size is read."""
    try:
        status = path.lstat()
    except OSError:
        return False
    is_candidate = stat.S_ISREG(status.st_mode) and status.st_size == len(content)
    return is_candidate and path.read_bytes() == content


def _write_temporary(path: Path, content: bytes) -> Path:
    """Write ``content`` into a temporary file in the folder of ``path``: a rename is atomic only on the same disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(handle, _mode_for(path))
            file.write(content)
            file.flush()
            # Without fsync, a crash after the rename could leave an empty file under the final name.
            os.fsync(handle)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _mode_for(path: Path) -> int:
    """Return the mode of the file that is written to ``path``: never more permissive than that of the file there."""
    mode = _NEW_FILE_MODE & ~_umask()
    with suppress(OSError):
        status = path.lstat()
        if stat.S_ISREG(status.st_mode):
            mode &= status.st_mode
    return mode


def _umask() -> int:
    # The system has no function that reads the umask; a process whose threads create no files meanwhile may set it.
    umask = os.umask(0o077)
    os.umask(umask)
    return umask

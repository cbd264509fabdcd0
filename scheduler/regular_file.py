"""Open files that others have named, without waiting for what is no file: a pipe, a device, a folder."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_regular(path: Path) -> BinaryIO:
    """
    Open a regular file for reading.

    Raises
    ------
    OSError
        When there is no such file, its links are broken or lead in a circle, it may not be read, or it is not a
        regular file. Opening a named pipe would wait for a writer, and reading a device might never end.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_limited(path: Path, max_bytes: int) -> bytes:
    """Return the content of a regular file; of a file that is larger, one octet more than ``max_bytes``."""
    with open_regular(path) as file:
        return file.read(max_bytes + 1)

"""Files that are no regular files are refused at once; a large file is read no further than its limit."""

import os
from pathlib import Path

import pytest

from scheduler.regular_file import read_limited
from tests.odd_files import ODD_FILES, make_odd_file


@pytest.mark.parametrize("kind", ODD_FILES)
def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path, kind: str) -> None:
    make_odd_file(tmp_path / "odd", kind)
    with pytest.raises(OSError, match=r"."):
        read_limited(tmp_path / "odd", 100)


def test_a_device_is_refused() -> None:
    with pytest.raises(OSError, match="not a regular file"):
        read_limited(Path("/dev/zero"), 100)


def test_a_file_and_a_link_to_it_are_read_up_to_an_octet_over_the_limit(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 1000)
    (tmp_path / "link").symlink_to("file")
    assert read_limited(tmp_path / "file", 100) == b"x" * 101
    assert read_limited(tmp_path / "link", 1000) == b"x" * 1000


def test_the_end_of_a_very_large_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        os.truncate(file.fileno(), 2**36)
    assert len(read_limited(tmp_path / "sparse", 1000)) == 1001

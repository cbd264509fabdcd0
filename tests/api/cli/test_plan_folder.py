"""The command ends with what lies in the folder, and names nothing that does not."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.cli.test_propose import ask, with_addresses
from tests.builders import a_document

CLOSED = [{"start": "2027-03-01", "end": "2027-03-12", "reason": "ombyggnad"}]


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ([with_addresses()], "Planen, dess sida och kallelserna ligger i {folder}."),
        ([a_document()], "Planen och dess sida ligger i {folder}."),
        ([with_addresses(blackouts=CLOSED)], "Svaret och dess sida ligger i {folder}."),
        (
            [with_addresses(), with_addresses(blackouts=CLOSED)],
            "Svaret och dess sida ligger i {folder}; kallelserna där är oförändrade.",
        ),
    ],
)
def test_what_lies_in_the_folder_is_said_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], questions: list[dict[str, Any]], said: str
) -> None:
    for question in questions:
        assert ask(tmp_path, question) == 0
    assert capsys.readouterr().out.endswith(said.format(folder=tmp_path / "out") + "\n")

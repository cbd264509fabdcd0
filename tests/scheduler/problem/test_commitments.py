"""Commitments that are read as columns are those that the models of the schema read one by one."""

import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from scheduler.errors import InvalidProblem
from scheduler.planning.propose import input_hash
from scheduler.problem import Commitment, Problem
from scheduler.problem.commitments import Commitments
from tests.builders import Json, a_commitment, a_document

MODELS = TypeAdapter(tuple[Commitment, ...])
TIMES = ["2027-03-01T09:00", "2027-03-01T09:00:00", "2027-03-01T08:00:00Z", "2027-03-01T09:00:00+01:00"]
UNUSUAL_TIMES = ["2027-03-01 09:00", "2027-03-01t08:00:00z", "2027-03-01T09:00:00.000+01:00"]

ids = st.one_of(
    st.sampled_from(["a", "c0", "Örebro", "två ord", "x" * 100]),
    st.sampled_from(["", " ", "x" * 101, "a\u0301", "a\tb", "\u00a0", "\u202e", "\ud800", 7, None, True]),
)
optional_ids = st.one_of(st.none(), ids)
times = st.one_of(st.sampled_from(TIMES), st.sampled_from([*UNUSUAL_TIMES, "", "i dag", 5, None]))
fields: dict[str, st.SearchStrategy[Any]] = {
    "calendar": optional_ids,
    "event": optional_ids,
    "meeting": optional_ids,
    "kind": st.sampled_from(["busy", "busy_tentative", "busy_unavailable", "free", "upptagen", None]),
    "importance": st.sampled_from([1, 5, None, 0, 6, 3.0, True, "3"]),
    "yields": st.sampled_from([0, 1, 0.5, 1e-05, None, -0.1, 1.5, True, "0.5"]),
    "at": st.one_of(st.none(), times),
    "färg": st.just("röd"),
}


@st.composite
def documents(draw: st.DrawFn) -> list[Any]:
    """A list of commitments, mostly usual and valid."""
    listed = []
    for _ in range(draw(st.integers(1, 4))):
        document = {"id": draw(ids), "person": draw(ids), "start": draw(times), "end": draw(times)}
        for name in draw(st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=3)):
            document[name] = draw(fields[name])
        listed.append(document)
    return listed


@given(documents())
def test_columns_hold_what_the_models_hold(listed: list[Any]) -> None:
    found = Commitments.read(listed)
    try:
        models = MODELS.validate_python(listed)
    except ValidationError:
        assert found is None
        return
    columns = Commitments.of(models)
    if found is not None:
        assert tuple(found) == models
        assert [each.model_fields_set for each in found] == [each.model_fields_set for each in models]
        assert list(found.canonical_json()) == list(columns.canonical_json())
    assert [json.loads(text) for text in columns.canonical_json()] == MODELS.dump_python(
        models, mode="json", exclude_none=True
    )


@given(st.lists(st.sampled_from(TIMES), min_size=1, max_size=4), st.sampled_from([0, 1, 0.5, 1e-05, 0.1 + 0.2]))
def test_usual_commitments_are_read_as_columns(starts: list[str], yields: float) -> None:
    listed: list[Json] = [
        a_commitment(f"c{index}", "Örebro", start, TIMES[0], yields=yields) for index, start in enumerate(starts)
    ]
    found = Commitments.read(listed)
    assert found is not None
    models = MODELS.validate_python(listed)
    assert found == models
    assert pickle.loads(pickle.dumps(found)) == models  # noqa: S301  # its own bytes
    expected = json.dumps(
        MODELS.dump_python(models, mode="json", exclude_none=True), sort_keys=True, ensure_ascii=False
    )
    assert f"[{', '.join(found.canonical_json())}]".replace(" ", "") == expected.replace(" ", "")


def _reordered(document: Json) -> Json:
    return dict(reversed(document.items()))


def _with_times_in_utc(document: Json) -> Json:
    return document | {"start": "2027-03-01T08:00:00+00:00"}


@pytest.mark.parametrize("change", [_reordered, _with_times_in_utc, lambda document: document | {"kind": "busy"}])
def test_the_hash_does_not_depend_on_how_commitments_are_written(change: Callable[[Json], Json]) -> None:
    commitment = a_commitment("c1", "a0", "2027-03-01T08:00:00Z", "2027-03-01T10:00:00Z")
    problem = Problem.of(a_document(commitments=[commitment]))
    other = Problem.of(a_document(commitments=[change(commitment)]))
    as_models = problem.with_parts(commitments=tuple(problem.commitments))
    assert input_hash(problem) == input_hash(other) == input_hash(as_models)


def test_a_document_is_written_as_it_was_read() -> None:
    written = [
        a_commitment("c1", "a0", "2027-03-01T09:00:00", "2027-03-01T10:00:00", at=None),
        a_commitment("c2", "a0", "2027-03-01T09:00:00+01:00", "2027-03-01T10:00:00Z", yields=0.5),
    ]
    document = a_document(commitments=written)
    problem = Problem.of(document)
    assert json.loads(problem.to_json())["commitments"] == written
    assert Problem.read(problem.to_json()) == problem


def test_a_fault_among_commitments_names_its_place() -> None:
    commitments = [a_commitment(f"c{index}", "a0", "2027-03-01T09:00", "2027-03-01T10:00") for index in range(3)]
    commitments[2]["start"] = "2027-03-01T10:00:00"
    document = a_document(commitments=commitments)
    with pytest.raises(InvalidProblem) as invalid:
        Problem.of(document)
    assert [fault.pointer for fault in invalid.value.faults] == ["/commitments/2/end"]


def test_a_copy_with_other_commitments_has_other_columns() -> None:
    commitments = [a_commitment("c1", "a0", "2027-03-01T09:00", "2027-03-01T10:00")]
    problem = Problem.of(a_document(commitments=commitments))
    assert len(problem.commitment_table.start) == 1
    for copied in (problem.model_copy(update={"commitments": ()}), problem.with_parts(commitments=())):
        assert len(copied.commitment_table.start) == 0

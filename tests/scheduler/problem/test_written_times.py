"""Times that are read at once are those that Python reads one by one."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.days import instant
from scheduler.problem.written_times import WrittenTimes

ZONE = ZoneInfo("Europe/Stockholm")

offsets = st.sampled_from(["", "Z", "+01:00", "-00:00", "+00:00", "-23:59", "+05:45"])
times = st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2100-12-31T23:59")).map(
    lambda time: time.replace(microsecond=0)
)


@st.composite
def written(draw: st.DrawFn) -> str:
    time, offset = draw(times), draw(offsets)
    is_short = offset == "" and draw(st.booleans())
    return time.isoformat(timespec="minutes" if is_short else "seconds") + offset


@given(st.lists(written(), max_size=20))
def test_times_are_read_as_python_reads_each(texts: list[str]) -> None:
    expected = [datetime.fromisoformat(text) for text in texts]
    found = WrittenTimes.read(texts)
    assert found is not None
    assert found.seconds(ZONE).tolist() == [int(instant(time, ZONE).timestamp()) for time in expected]
    assert found.day.tolist() == [time.toordinal() for time in expected]
    stated = WrittenTimes.of(expected)
    assert stated.seconds(ZONE).tolist() == found.seconds(ZONE).tolist()
    assert stated.day.tolist() == found.day.tolist()


characters = st.sampled_from("0123456789-:+TZ .å")


@given(st.lists(written(), min_size=1, max_size=3), st.data())
def test_a_text_that_is_no_time_is_not_read(texts: list[str], data: st.DataObject) -> None:
    """One character is changed: what Python then does not read is not read, and what is read is what Python reads."""
    text = texts[0]
    index = data.draw(st.integers(0, len(text) - 1))
    changed = text[:index] + data.draw(characters) + text[index + 1 :]
    found = WrittenTimes.read([changed, *texts[1:]])
    try:
        expected = datetime.fromisoformat(changed)
    except ValueError:
        assert found is None
    else:
        assert found is None or found.seconds(ZONE)[0] == int(instant(expected, ZONE).timestamp())


@pytest.mark.parametrize(
    "text",
    [
        "1999-12-31T23:59:59Z",
        "2101-01-01T00:00:00Z",
        "2027-02-29T13:00:00Z",
        "2027-00-01T13:00:00Z",
        "2027-13-01T13:00:00Z",
        "2027-04-31T13:00:00+02:00",
        "2027-04-00T13:00:00+02:00",
        "2027-04-01T24:00:00+02:00",
        "2027-04-01T13:60:00+02:00",
        "2027-04-01T13:00:60+02:00",
        "2027-04-01T13:00:00+24:00",
        "2027-04-01T13:00:00*02:00",
        "2027-04-01 13:00:00+02:00",
        "2027-04-01T13:00:00z",
        "2027-04-01T13:00:00.000Z",
        "2027-W13-4T13:00",
        "",
    ],
)
def test_an_unusual_time_is_left_to_the_models(text: str) -> None:
    assert WrittenTimes.read(["2027-04-01T13:00:00+02:00", text]) is None

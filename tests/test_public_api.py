"""The public names: few, sorted, all there."""

import scheduler


def test_the_public_names_are_few_sorted_and_there() -> None:
    assert len(scheduler.__all__) <= 25
    assert scheduler.__all__ == sorted(scheduler.__all__)
    assert all(hasattr(scheduler, name) for name in scheduler.__all__)

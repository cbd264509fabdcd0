"""The public names of the package."""

import scheduler


def test_public_names_are_few_sorted_and_defined() -> None:
    assert len(scheduler.__all__) <= 25
    assert scheduler.__all__ == sorted(scheduler.__all__)
    assert all(hasattr(scheduler, name) for name in scheduler.__all__)

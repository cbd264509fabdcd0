"""Report values and bounds in units as progress in expected parties."""

from scheduler.planning.instance import Instance
from scheduler.planning.search_types import Search


def report_units(instance: Instance, search: Search, value: int, bound: int) -> None:
    """
    Report a plan's value and a bound, each of all meetings together.

    The value is reported less its rounding, so that no report exceeds the exact value of a plan that is better in
    units.
    """
    if search.progress is not None:
        search.progress(instance.guaranteed_parties(value), instance.to_parties(bound))

"""Report values and bounds in units as progress in expected parties."""

import threading

from scheduler.planning.instance import NEG_INF, Instance, UnitArray
from scheduler.planning.search_types import Search


def report_units(instance: Instance, search: Search, value: int, bound: int) -> None:
    """
    Report a plan's value and a bound, each of all meetings together.

    The value is reported less its rounding, so that no report exceeds the exact value of a plan that is better in
    units.
    """
    if search.progress is not None:
        search.progress(instance.guaranteed_parties(value), instance.to_parties(bound))


class ComponentProgress:
    """
    The best value and the best bound of every component so far, reported as those of all components together.

    Searches in several threads may report at the same time.

    Parameters
    ----------
    values, bounds
        What is known before the searches, shape ``(components,)``, in units; a value is `NEG_INF` without a plan.
    """

    def __init__(self, instance: Instance, values: UnitArray, bounds: UnitArray) -> None:
        self._instance = instance
        self._values = values.copy()
        self._bounds = bounds.copy()
        self._lock = threading.Lock()

    def report(
        self,
        search: Search,
        component: int,
        value: int | None,
        bound: int | None,
    ) -> None:
        """Take over a value and a bound of a component, and report to ``search`` what then is known."""
        if search.progress is None:
            return
        with self._lock:
            if value is not None:
                self._values[component] = max(value, self._values[component])
            if bound is not None:
                self._bounds[component] = min(bound, self._bounds[component])
            if (self._values > NEG_INF).all():
                report_units(self._instance, search, int(self._values.sum()), int(self._bounds.sum()))

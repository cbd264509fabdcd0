"""Who says why nothing fits: a few rules that cannot hold together, and the cheapest to give up."""

from scheduler.planning.infeasibility.diagnose import Why, why_nothing_fits

__all__ = ["Why", "why_nothing_fits"]

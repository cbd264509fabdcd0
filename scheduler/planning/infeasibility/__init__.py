"""Who says why nothing fits: a few rules that cannot hold together, and the cheapest to give up."""

from scheduler.planning.infeasibility.diagnose import Diagnosis, diagnose

__all__ = ["Diagnosis", "diagnose"]

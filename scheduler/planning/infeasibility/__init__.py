"""Why a problem has no plan: a minimal set of conflicting rules, and the cheapest relaxations."""

from scheduler.planning.infeasibility.diagnose import Diagnosis, diagnose

__all__ = ["Diagnosis", "diagnose"]

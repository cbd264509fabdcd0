"""Who finds the fairest plan: of those that give up little attendance, the worst-off party first, then the next."""

from scheduler.planning.fairness.leximin import Leximin

__all__ = ["Leximin"]

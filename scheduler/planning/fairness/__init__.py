"""Leximin fairness: maximise the worst-represented party, then the next, among plans of nearly greatest attendance."""

from scheduler.planning.fairness.leximin import Leximin

__all__ = ["Leximin"]

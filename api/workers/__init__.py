"""Solve problems in warm worker processes with memory and time limits."""

"""Framing of messages to worker processes, and the limits that worker processes set on themselves."""

"""Read untrusted calendars in worker processes with memory and time limits."""

"""Baselines: today's ways of choosing dates, evaluated with the figures of the best plan."""

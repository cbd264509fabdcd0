"""Explanations: the cost of another date, the value of moving an event, whom to ask, conflicts and baselines."""

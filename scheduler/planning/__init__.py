"""Who chooses the dates: the best plan, proven, and other plans beside it."""

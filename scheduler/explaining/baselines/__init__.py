"""Compare the best plan with the ways councils choose dates today."""

"""Plan a problem: the optimum with a proof, alternatives, fair and repaired plans, and infeasibility."""

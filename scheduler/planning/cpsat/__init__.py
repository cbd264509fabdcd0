"""Who decides what the exact path cannot: the CP-SAT model. Only this folder knows OR-Tools."""

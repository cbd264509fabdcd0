"""The CP-SAT model, for what paths and enumeration cannot decide. Only this package imports OR-Tools."""

"""Who works questions out where they can do no harm: in warm child processes with bounds on memory and time."""

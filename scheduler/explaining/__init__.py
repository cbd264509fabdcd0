"""Who says why: what another date costs, which clash to move, whom to ask, why nothing fits, and what habit gave."""

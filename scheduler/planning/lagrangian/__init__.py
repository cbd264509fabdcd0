"""Who prices what councils share: a bound that no plan exceeds, good plans on the way, and what each slot loses."""

from scheduler.planning.lagrangian.propagation import Narrowing
from scheduler.planning.lagrangian.subgradient import Priced, price, price_again
from scheduler.planning.lagrangian.tie_breaking import earliest_of_those_that_tie

__all__ = ["Narrowing", "Priced", "earliest_of_those_that_tie", "price", "price_again"]

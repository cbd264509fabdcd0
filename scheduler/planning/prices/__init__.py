"""Who prices what councils share: a bound that no plan exceeds, good plans on the way, and what each slot loses."""

from scheduler.planning.prices.market import Priced, price, price_again
from scheduler.planning.prices.narrowing import Narrowing
from scheduler.planning.prices.ties import earliest_of_those_that_tie

__all__ = ["Narrowing", "Priced", "earliest_of_those_that_tie", "price", "price_again"]

"""Maximal cliques of a graph, grown greedily; sets of nodes are integers with a bit a node."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice


def grown_clique(
    clique: int,
    candidates: int,
    neighbours: Mapping[int, int],
    max_compared: int | None = None,
) -> int:
    """
    Return a maximal clique that contains ``clique``.

    Parameters
    ----------
    clique, candidates
        The nodes to begin with, and those that may be added: each is a neighbour of all of the clique.
    neighbours
        By node, its neighbours.
    max_compared
        How many candidates are compared at a step, the first ones; all when left out.

    Examples
    --------
    >>> square_with_a_diagonal = {0: 0b1110, 1: 0b0101, 2: 0b1011, 3: 0b0101}
    >>> bin(grown_clique(0b0001, 0b1110, square_with_a_diagonal))
    '0b111'
    """
    while candidates:
        # The candidate that leaves most of the others: a greedy choice, for a large clique.
        compared = islice(nodes_of(candidates), max_compared)
        chosen = max(compared, key=lambda node: (neighbours[node] & candidates).bit_count())
        clique |= 1 << chosen
        candidates &= neighbours[chosen]
    return clique


def nodes_of(bits: int) -> Iterator[int]:
    """Yield the nodes of a set, ascending."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def bits_of(nodes: Iterable[int]) -> int:
    """Return a set of distinct nodes."""
    return sum(1 << node for node in nodes)

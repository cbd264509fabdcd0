"""Measures what RESULTS.md states: run `make bench`, or name parts after `python -m tests.benchmarks`."""

import argparse

from tests.benchmarks.bodies import print_dense
from tests.benchmarks.crowded import print_crowded
from tests.benchmarks.explaining import print_explaining
from tests.benchmarks.growth import print_growth
from tests.benchmarks.limits import print_limits
from tests.benchmarks.reading import print_reading
from tests.benchmarks.service import print_service
from tests.benchmarks.speed import print_speed
from tests.benchmarks.worth import print_worth

PARTS = {
    "worth": print_worth,
    "speed": print_speed,
    "dense": print_dense,
    "crowded": print_crowded,
    "growth": print_growth,
    "limits": print_limits,
    "explaining": print_explaining,
    "service": print_service,
    "reading": print_reading,
}


def main() -> None:
    """Print the benchmarks named on the command line, by default all."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"one or more of {', '.join(PARTS)}; all when none is")
    asked = parser.parse_args().parts
    for unknown in [part for part in asked if part not in PARTS]:
        parser.error(f"there is no part {unknown}; choose of {', '.join(PARTS)}")
    for name, print_part in PARTS.items():
        if not asked or name in asked:
            print(f"## {name.title()}\n")
            print_part()
            print(flush=True)


if __name__ == "__main__":
    main()

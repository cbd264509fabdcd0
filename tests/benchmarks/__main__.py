"""Measures what the README states: run `make bench`."""

from tests.benchmarks.service import print_service
from tests.benchmarks.worth import print_worth

if __name__ == "__main__":
    print_worth()
    print_service()

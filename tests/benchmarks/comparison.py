"""One instance planned by this project, by plain CP-SAT in all its forms, and by a greedy colouring: who was better."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.proposal import TOLERANCE
from tests.benchmarks.processes import Run

MAX_RATIO = 1.2  # the goal: this project's time to proof over that of the fastest form of plain CP-SAT


@dataclass(frozen=True)
class Comparison:
    """The runs of all engines on one instance, ``plain`` by form; values are compared at ``times``, in seconds."""

    name: str
    num_meetings: int
    pairs: int
    times: Sequence[float]
    own: Run
    plain: Mapping[str, Run]
    colouring: Run

    @property
    def form(self) -> str:
        """The form of plain CP-SAT that proves first."""
        return min(self.plain, key=lambda form: (not self.plain[form].is_done, self.plain[form].seconds))

    @property
    def fastest(self) -> Run:
        """The run of the form that proves first; without a proof, a run that was stopped."""
        return self.plain[self.form]

    @property
    def ratio(self) -> float | None:
        """
        This project's seconds to proof over those of the fastest form.

        Infinite where plain CP-SAT alone proves, and None where neither does. A form that was stopped unproven counts
        with its seconds so far.
        """
        if not self.own.is_done:
            return math.inf if self.fastest.is_done else None
        return self.own.seconds / self.fastest.seconds

    def shortfall(self, seconds: float) -> float:
        """
        Return by how much this project's best plan after ``seconds`` is worse than the best of all others, relatively.

        It is 0 within the tolerance, and infinite where this project alone has no plan.
        """
        own = self.own.value_at(seconds)
        _, best = self.best_other(seconds)
        if best == -math.inf:
            return 0.0
        if own is None:
            return math.inf
        is_lower = best - own > TOLERANCE * self.num_meetings
        return (best - own) / max(abs(best), 1e-9) if is_lower else 0.0

    def best_other(self, seconds: float) -> tuple[str, float]:
        """Return which other engine has the best plan after ``seconds``, and its value: minus infinity without one."""
        values = {name: run.value_at(seconds) for name, run in {**self.plain, "colouring": self.colouring}.items()}
        found = {name: -math.inf if value is None else value for name, value in values.items()}
        best = max(found, key=lambda name: found[name])
        return best, found[best]

    def misses(self) -> Iterator[str]:
        """Yield a sentence for every goal that is missed: the time to proof, and the values at all times."""
        if self.ratio is not None and self.ratio > MAX_RATIO:
            own = f"{self.own.seconds:.3g} s" if self.own.is_done else f"not in {self.own.seconds:.0f} s"
            yield f"proven: {own}; {self.form}: {self.fastest.seconds:.3g} s ({self.ratio:.2f} ×)"
        for seconds in self.times:
            shortfall = self.shortfall(seconds)
            if shortfall:
                name, best = self.best_other(seconds)
                own_value = self.own.value_at(seconds)
                own = "no plan" if own_value is None else f"{own_value:.6f}"
                yield f"after {seconds:.0f} s: {own}; {name}: {best:.6f} ({shortfall:.1e})"
        yield from self._disagreement()

    def _disagreement(self) -> Iterator[str]:
        if not (self.own.is_done and self.fastest.is_done):
            return
        own, plain = self.own.value_at(math.inf), self.fastest.value_at(math.inf)
        is_equal = own == plain
        if own is not None and plain is not None:
            is_equal = abs(own - plain) <= 2 * TOLERANCE * self.num_meetings
        if not is_equal:
            yield f"two proofs that differ: {own} and {plain}"

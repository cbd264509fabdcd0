"""What was explained of a plan lives here, as far as it was asked for."""

from dataclasses import dataclass, replace

from scheduler.explaining.explanation import Asking, Clashes, Explanation, Habits, Heatmap


@dataclass(frozen=True, slots=True)
class ExplanationSet:
    """What another date costs, which clash to move, whom to ask, and what today's habit would give."""

    heatmap: Heatmap | None = None
    clashes: Clashes | None = None
    asking: Asking | None = None
    habit: Habits | None = None

    def including(self, answer: Explanation) -> "ExplanationSet":
        """Return the same with one more answer; why nothing fits is no part of a plan's page."""
        match answer:
            case Heatmap():
                return replace(self, heatmap=answer)
            case Clashes():
                return replace(self, clashes=answer)
            case Asking():
                return replace(self, asking=answer)
            case Habits():
                return replace(self, habit=answer)
            case _:
                return self

"""The explanations of a plan that have been calculated, for its page."""

from dataclasses import dataclass, replace

from scheduler.explaining.explanation import Asking, Clashes, Explanation, Habits, Heatmap


@dataclass(frozen=True, slots=True)
class ExplanationSet:
    """At most one explanation of each kind: costs of other dates, clashes, people to call, and baselines."""

    heatmap: Heatmap | None = None
    clashes: Clashes | None = None
    asking: Asking | None = None
    habit: Habits | None = None

    def including(self, explanation: Explanation) -> "ExplanationSet":
        """Return the set with ``explanation`` added; conflicts are left out, since a plan has none."""
        match explanation:
            case Heatmap():
                return replace(self, heatmap=explanation)
            case Clashes():
                return replace(self, clashes=explanation)
            case Asking():
                return replace(self, asking=explanation)
            case Habits():
                return replace(self, habit=explanation)
            case _:
                return self

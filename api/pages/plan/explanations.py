"""Who puts together what the page explains, section by section."""

from api.i18n import Wording
from api.pages.plan.explanation_set import ExplanationSet
from api.presenting.baselines import build_baseline_table
from api.presenting.event_values import build_clash_list
from api.presenting.explanation_view import ExplanationSections
from api.presenting.heatmap import build_cost_map
from api.presenting.information_values import build_call_list
from api.presenting.names import Names
from scheduler.problem import Problem
from scheduler.proposal import Proposal


def build_explanation_sections(
    explained: ExplanationSet, best: Proposal, problem: Problem, names: Names, wording: Wording
) -> ExplanationSections:
    """Return every section that has something to say of the plan ``best``."""
    heatmap, clashes, asking, habit = explained.heatmap, explained.clashes, explained.asking, explained.habit
    return ExplanationSections(
        costs=build_cost_map(heatmap, best.starts, problem, names, wording) if heatmap else None,
        clashes=build_clash_list(clashes, best.starts, problem, names, wording) if clashes else None,
        call_list=build_call_list(asking, problem, wording) if asking else None,
        baselines=build_baseline_table(habit, problem, names, wording) if habit else None,
    )

"""The explanations of a plan as sections of its page."""

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
    explained: ExplanationSet,
    plan: Proposal,
    problem: Problem,
    names: Names,
    wording: Wording,
) -> ExplanationSections:
    """Return the sections of ``plan`` for which there is an explanation with content."""
    costs = clashes = call_list = baselines = None
    if explained.heatmap:
        costs = build_cost_map(explained.heatmap, plan.starts, problem, names, wording)
    if explained.clashes:
        clashes = build_clash_list(explained.clashes, plan.starts, problem, names, wording)
    if explained.asking:
        call_list = build_call_list(explained.asking, problem, wording)
    if explained.habit:
        baselines = build_baseline_table(explained.habit, problem, names, wording)
    return ExplanationSections(costs=costs, clashes=clashes, call_list=call_list, baselines=baselines)

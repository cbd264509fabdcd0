"""Who puts together what the page explains, section by section."""

from api.i18n import Wording
from api.pages.plan.baselines import ways
from api.pages.plan.event_values import movables
from api.pages.plan.explained import Explained
from api.pages.plan.explanation_view import Why
from api.pages.plan.heatmap import cost_map
from api.pages.plan.information_values import phone_list
from api.pages.plan.names import Names
from scheduler.problem import Problem
from scheduler.proposal import Proposal


def why(explained: Explained, best: Proposal, problem: Problem, names: Names, wording: Wording) -> Why:
    """Return every section that has something to say of the plan ``best``."""
    heatmap, clashes, asking, habit = explained.heatmap, explained.clashes, explained.asking, explained.habit
    return Why(
        costs=cost_map(heatmap, best.starts, problem, names, wording) if heatmap else None,
        movables=movables(clashes, best.starts, problem, names, wording) if clashes else None,
        phone_list=phone_list(asking, problem, wording) if asking else None,
        ways=ways(habit, problem, names, wording) if habit else None,
    )

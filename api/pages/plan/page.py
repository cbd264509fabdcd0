"""Who sets the page of a plan: the view is built, the template filled, the style laid in; one file, nothing fetched."""

from collections.abc import Mapping

from api.i18n import Wording
from api.pages.plan.alternatives import alternatives
from api.pages.plan.explained import Explained
from api.pages.plan.explanations import why
from api.pages.plan.headline import headline
from api.pages.plan.matrix import matrices
from api.pages.plan.meetings import meetings
from api.pages.plan.method import method
from api.pages.plan.names import Names
from api.pages.plan.reasons import NEARLY_CERTAIN
from api.pages.plan.repair import repair
from api.pages.plan.view import CouncilKey, PlanView
from api.pages.plan.year import year
from api.pages.templating import environment, stylesheet
from scheduler.problem import Problem
from scheduler.proposal import Proposals

STYLESHEETS = ("plan.css", "plan_tables.css", "plan_why.css")


def render_plan(
    problem: Problem,
    proposals: Proposals,
    wording: Wording,
    *,
    calendars: Mapping[str, str] | None = None,
    explained: Explained | None = None,
) -> str:
    """
    Return the page of a plan as one HTML document that needs nothing else, on screen or paper.

    Parameters
    ----------
    calendars
        Addresses of calendar files, by council's id; the page links to them.
    explained
        What was explained of the first plan; the page has a section for each.
    """
    view = plan_view(problem, proposals, wording, calendars or {}, explained or Explained())
    template = environment().get_template("plan.html")
    return template.render(plan=view, stylesheet=stylesheet(*STYLESHEETS), say=wording.say, say_many=wording.say_many)


def plan_view(
    problem: Problem,
    proposals: Proposals,
    wording: Wording,
    calendars: Mapping[str, str],
    explained: Explained,
) -> PlanView:
    """Return everything the page says, in words."""
    names = Names.of(problem, wording)
    best = proposals.proposals[0] if proposals.proposals else None
    return PlanView(
        language=wording.language,
        title=problem.title,
        period=wording.days(problem.horizon.start, problem.horizon.end),
        headline=headline(problem, proposals, names, wording),
        repair=repair(proposals, problem, names, wording),
        councils=tuple(
            CouncilKey(names.letters[council.id], council.name, calendars.get(council.id))
            for council in problem.councils
        ),
        year=year(best, problem, names, wording) if best else None,
        meetings=meetings(best, problem, names, wording) if best else (),
        nearly_certain=wording.percent(NEARLY_CERTAIN),
        matrices=matrices(best, problem, names, wording) if best else (),
        alternatives=alternatives(proposals, problem, names, wording) if best else (),
        why=why(explained, best, problem, names, wording) if best else None,
        method=method(proposals, problem, wording),
    )

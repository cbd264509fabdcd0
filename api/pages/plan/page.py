"""Renders the page of a plan: one HTML document with its style sheets included."""

from collections.abc import Mapping
from dataclasses import replace

from api.i18n import Wording
from api.middleware import allowed_styles
from api.pages.plan.absences import build_absences
from api.pages.plan.alternatives import build_alternatives
from api.pages.plan.dates_table import build_dates_table
from api.pages.plan.exclusion_letters import build_exclusion_letters
from api.pages.plan.explanation_set import ExplanationSet
from api.pages.plan.explanations import build_explanation_sections
from api.pages.plan.matrix import build_matrices
from api.pages.plan.method import describe_basis, describe_method
from api.pages.plan.view import CouncilKey, Footer, PlanView, Translation
from api.pages.plan.year import build_year_chart
from api.pages.templating import environment, stylesheet
from api.presenting.evidence import build_evidence_view
from api.presenting.headline import build_headline
from api.presenting.meetings import build_meeting_cards
from api.presenting.names import Names
from api.presenting.reasons import format_risk_limit
from api.presenting.repair import build_repair
from scheduler.problem import Problem
from scheduler.proposal import Proposals

PAGE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'"
STYLESHEETS = ("plan.css", "plan_year.css", "plan_tables.css", "plan_why.css", "plan_print.css")


def render_plan(
    problem: Problem,
    proposals: Proposals,
    wording: Wording,
    *,
    calendars: Mapping[str, str] | None = None,
    explained: ExplanationSet | None = None,
    translation: str | None = None,
) -> str:
    """
    Return the page of a plan as one HTML document that loads no other file.

    Parameters
    ----------
    calendars
        Addresses of calendar files, by the council's id; the page links to them.
    explained
        Explanations of the first plan; the page has a section for each.
    translation
        The file name of the page in the other language; the page links to it.
    """
    view = build_plan_view(
        problem,
        proposals,
        wording,
        calendars=calendars or {},
        explained=explained or ExplanationSet(),
        translation=translation,
    )
    template = environment().get_template("plan.html")
    styles = f"\n{stylesheet(*STYLESHEETS)}\n"
    return template.render(
        plan=view,
        stylesheet=styles,
        # The page is also opened as a file, which has no headers. `frame-ancestors` is valid in a header only.
        policy=f"{PAGE_POLICY}{allowed_styles(f'<style>{styles}</style>')}",
        say=wording.say,
        say_many=wording.say_many,
    )


def build_plan_view(
    problem: Problem,
    proposals: Proposals,
    wording: Wording,
    *,
    calendars: Mapping[str, str],
    explained: ExplanationSet,
    translation: str | None,
) -> PlanView:
    """Return the contents of the page."""
    names = Names.of(problem, wording)
    councils = [
        CouncilKey(names.letters[council.id], council.name, calendars.get(council.id)) for council in problem.councils
    ]
    footer = Footer(
        basis=describe_basis(proposals, problem, wording),
        method=describe_method(proposals, problem, wording),
    )
    view = PlanView(
        language=wording.language,
        translation=_translation(translation, wording),
        title=problem.title,
        period=wording.days(problem.horizon.start, problem.horizon.end),
        evidence=build_evidence_view(proposals.evidence, problem, wording) if proposals.evidence else None,
        headline=build_headline(problem, proposals, names, wording),
        repair=build_repair(proposals, problem, names, wording),
        councils=tuple(councils),
        year=None,
        meetings=(),
        dates=None,
        absences=(),
        risk_limit=format_risk_limit(wording),
        matrices=(),
        alternatives=(),
        why=None,
        exclusion_letters=(),
        num_cost_calendars=0,
        footer=footer,
    )
    if not proposals.proposals:
        return view
    return _with_plan(view, problem, proposals, names, wording, explained)


def _with_plan(
    view: PlanView,
    problem: Problem,
    proposals: Proposals,
    names: Names,
    wording: Wording,
    explained: ExplanationSet,
) -> PlanView:
    """Return the page with the sections that need a plan."""
    best = proposals.proposals[0]
    meetings = build_meeting_cards(best, problem, names, wording)
    why = build_explanation_sections(explained, best, problem, names, wording)
    cost_groups = why.costs.groups if why.costs is not None else ()
    return replace(
        view,
        year=build_year_chart(best, problem, names, wording),
        meetings=meetings,
        dates=build_dates_table(meetings, wording),
        absences=build_absences(best, problem, names, wording),
        matrices=build_matrices(best, problem, names, wording),
        alternatives=build_alternatives(proposals, problem, names, wording),
        why=why,
        exclusion_letters=build_exclusion_letters(why.costs),
        num_cost_calendars=sum(len(group.calendars) for group in cost_groups),
    )


def _translation(page: str | None, wording: Wording) -> Translation | None:
    """Return the link to the page in the language that ``wording`` is not in."""
    if page is None:
        return None
    if wording.language == "sv":
        return Translation(page, "en", "English")
    return Translation(page, "sv", "Svenska")

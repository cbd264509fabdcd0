"""The page of a plan lives here: what was found and proven, the dates, who will be heard, and why not the others."""

from api.pages.plan.explanation_set import ExplanationSet
from api.pages.plan.page import render_plan

__all__ = ["ExplanationSet", "render_plan"]

"""The page of a plan: result and proof, dates, attendance of each party, and explanations."""

from api.pages.plan.explanation_set import ExplanationSet
from api.pages.plan.page import render_plan

__all__ = ["ExplanationSet", "render_plan"]

"""The page of a plan lives here: what was found and proven, the dates, who will be heard, and why not the others."""

from api.pages.plan.explained import Explained
from api.pages.plan.page import render_plan

__all__ = ["Explained", "render_plan"]

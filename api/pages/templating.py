"""Jinja templates and style sheets of the HTML pages."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment() -> Environment:
    """Return the template environment: values are escaped, and a missing value is an error."""
    return Environment(
        loader=PackageLoader("api.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def stylesheet(*names: str) -> str:
    """Return the style sheets as one text, to be included in a page."""
    static = files("api.pages") / "static"
    sheets = [(static / name).read_text("utf-8") for name in names]
    return "\n".join(sheets)

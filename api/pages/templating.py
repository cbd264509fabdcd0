"""Who sets pages: the templates, and the style sheets that are laid into them."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def environment() -> Environment:
    """Return where templates are found; what they are given is escaped, and what is missing is an error."""
    return Environment(
        loader=PackageLoader("api.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def stylesheet(*names: str) -> str:
    """Return style sheets as one, to be laid into a page."""
    static = files("api.pages") / "static"
    return "\n".join((static / name).read_text("utf-8") for name in names)

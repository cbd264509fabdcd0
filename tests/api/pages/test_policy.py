"""The page of a plan states its content security policy itself: opened as a file, it has no headers."""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser

from api.i18n import Wording
from api.pages.plan import render_plan
from scheduler import propose
from tests.builders import a_problem


class Tags(HTMLParser):
    """The tags of a page with their attributes, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_allows_its_own_styles_and_nothing_else() -> None:
    problem = a_problem()
    page = render_plan(problem, propose(problem), Wording("sv"))
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    expected = f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{digest}'"
    assert unescape(policy) == expected


def test_the_policy_precedes_everything_that_it_governs() -> None:
    problem = a_problem()
    tags = Tags(render_plan(problem, propose(problem), Wording("sv"))).found
    names = [name for name, _ in tags]
    assert names[:4] == ["html", "head", "meta", "meta"]
    assert tags[3][1]["http-equiv"] == "Content-Security-Policy"
    assert not any("style" in attributes or "onclick" in attributes for _, attributes in tags)
    assert "script" not in names

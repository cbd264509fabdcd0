"""The page in a real browser: it fits a phone and a desk, in both languages, and prints."""

import functools
import http.server
import re
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.i18n import Wording
from api.i18n.wording import Language
from api.pages.plan import render_plan
from scheduler import Problem, propose
from tests.api.pages.handmade import everything_explained

EXAMPLE = Path(__file__).parents[3] / "examples" / "orebro-2027"
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
FRAME = """<!doctype html><iframe src="{page}" style="width:{width}px;height:900px;border:0"
onload="document.title = this.contentDocument.documentElement.scrollWidth"></iframe>"""

Browse = Callable[..., str]


def a_busier(problem: Problem) -> Problem:
    """Return the problem with an engagement for each of sixteen people."""
    commitments = [
        {
            "id": f"c{at}",
            "person": person.id,
            "start": f"2027-03-{at + 1:02d}T08:00",
            "end": f"2027-03-{at + 1:02d}T17:00",
        }
        for at, person in enumerate(problem.people[:16])
    ]
    return Problem.of({name: getattr(problem, name) for name in Problem.model_fields} | {"commitments": commitments})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder with the example planned and repaired, in both languages, and the address where it is served."""
    folder = tmp_path_factory.mktemp("site")
    problem = a_busier(Problem.read((EXAMPLE / "problem.json").read_bytes()))
    answer = propose(problem, alternatives=2)
    explained = everything_explained(problem, answer.proposals[0].starts)
    changes = {"published": answer.proposals[1].starts, "today": "2027-03-08"}
    published = Problem.of({name: getattr(problem, name) for name in Problem.model_fields} | changes)
    repaired = propose(published, objective="repair", move_cost=0.0, alternatives=1)
    assert repaired.proposals[0].moves
    languages: tuple[Language, ...] = ("sv", "en")
    for language in languages:
        wording = Wording(language)
        (folder / f"{language}.html").write_text(render_plan(problem, answer, wording), encoding="utf-8")
        told = render_plan(problem, answer, wording, explained=explained)
        (folder / f"explained-{language}.html").write_text(told, encoding="utf-8")
        unfolded = told.replace("<details ", "<details open ").replace(" open open", " open")
        (folder / f"unfolded-{language}.html").write_text(unfolded, encoding="utf-8")
        (folder / f"repaired-{language}.html").write_text(render_plan(published, repaired, wording), encoding="utf-8")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def browse(chromium: str) -> Iterator[Browse]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:

        def run(*arguments: str) -> str:
            command = [chromium, *QUIET, f"--user-data-dir={profile}", *arguments]
            return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout  # noqa: S603

        yield run


@pytest.mark.parametrize(
    "page", ["sv", "en", "explained-sv", "unfolded-sv", "unfolded-en", "repaired-sv", "repaired-en"]
)
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_sticks_out_of_the_page(site: tuple[Path, str], browse: Browse, page: str, width: int) -> None:
    folder, address = site
    (folder / "frame.html").write_text(FRAME.format(page=f"{page}.html", width=width))
    shown = browse("--virtual-time-budget=10000", "--window-size=1400,1000", "--dump-dom", f"{address}/frame.html")
    measured = re.search(r"<title>(\d+)</title>", shown)
    assert measured, shown[:500]
    assert int(measured.group(1)) <= width


@pytest.mark.parametrize(("page", "most"), [("sv", 20), ("explained-sv", 25)])
def test_it_prints(site: tuple[Path, str], browse: Browse, tmp_path: Path, page: str, most: int) -> None:
    _, address = site
    paper = tmp_path / "plan.pdf"
    browse("--no-pdf-header-footer", f"--print-to-pdf={paper}", f"{address}/{page}.html")
    pages = re.findall(rb"/Type\s*/Page\b", paper.read_bytes())
    assert 2 <= len(pages) <= most


def test_what_is_folded_is_printed_all_the_same(site: tuple[Path, str], browse: Browse, tmp_path: Path) -> None:
    _, address = site
    counts = []
    for page in ("explained-sv", "unfolded-sv"):
        paper = tmp_path / f"{page}.pdf"
        browse("--no-pdf-header-footer", f"--print-to-pdf={paper}", f"{address}/{page}.html")
        counts.append(len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes())))
    assert counts[0] == counts[1]

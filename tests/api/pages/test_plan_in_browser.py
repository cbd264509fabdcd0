"""The page in a real browser: it fits a phone and a desk, in both languages, unfolds by its links, and prints."""

import functools
import http.server
import json
import re
import subprocess
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from api.i18n import Wording
from api.i18n.wording import Language
from api.pages.plan import render_plan
from scheduler import Problem, Proposals, propose
from scheduler.evidence import Source
from tests.api.pages.handmade import everything_explained

EXAMPLE = Path(__file__).parents[3] / "examples" / "orebro-2027"
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LANGUAGES: tuple[Language, ...] = ("sv", "en")
PAGES = ["sv", "en", "explained-sv", "unfolded-sv", "unfolded-en", "repaired-sv", "repaired-en"]
WIDTHS = [320, 360, 1280]
LINKED = ["parties", "reasons", "heatmap", "clashes", "asking", "habit", "alternatives"]
CASES = [(page, width) for page in PAGES for width in WIDTHS] + [(f"explained-sv#{part}", 390) for part in LINKED]

# Measures every page in a frame of its own, so that one start of the browser suffices.
FRAMES = """<!doctype html><body><script>
const cases = %s, results = {};
const overlaps = (a, b) =>
  a.left < b.right - 0.1 && b.left < a.right - 0.1 && a.top < b.bottom - 0.1 && b.top < a.bottom - 0.1;
const inside = (a, b) => a.left >= b.left && a.right <= b.right;

function touching(page) {
  let count = 0;
  for (const strip of page.querySelectorAll(".strip")) {
    const boxes = [...strip.querySelectorAll(".name, .number, .chip, .mark text:last-child")]
      .map(label => label.getBoundingClientRect()).filter(box => box.width);
    boxes.forEach((box, index) => { count += boxes.slice(index + 1).filter(other => overlaps(box, other)).length; });
  }
  return count;
}

function beyondPlates(page) {
  return [...page.querySelectorAll(".strip .mark")].filter(mark => {
    const box = name => mark.querySelector(name).getBoundingClientRect();
    return !inside(box("text:last-child"), box(".plate")) || !inside(box(".in"), box(".chip"));
  }).length;
}

function hints(page) {
  return [...page.querySelectorAll(".matrix-frame")].map(frame => {
    const shown = [...frame.querySelectorAll(".more-meetings")].filter(hint => hint.offsetParent);
    const edge = frame.getBoundingClientRect().right + 0.5;
    const columns = [...frame.querySelectorAll("thead th:nth-child(n + 3)")];
    const unseen = columns.filter(column => column.getBoundingClientRect().right > edge).length;
    return [unseen, shown.map(hint => Number(hint.textContent.match(/\\d+/)[0]))];
  });
}

function measure(frame, name) {
  const page = frame.contentDocument;
  results[name] = {
    width: page.documentElement.scrollWidth,
    open: [...page.querySelectorAll(".part[open] > section")].map(part => part.id),
    touching: touching(page),
    beyondPlates: beyondPlates(page),
    hints: hints(page),
  };
  if (Object.keys(results).length === cases.length) document.title = JSON.stringify(results);
}

for (const [page, width] of cases) {
  const frame = document.createElement("iframe");
  const [file, part] = page.split("#");
  frame.style = `width:${width}px;height:900px;border:0`;
  frame.onload = () => setTimeout(measure, 300, frame, `${page} ${width}`);
  frame.src = part ? `${file}.html#${part}` : `${file}.html`;
  document.body.append(frame);
}
</script>"""

Browse = Callable[..., str]
Measures = dict[str, dict[str, Any]]


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


def with_sources(answer: Proposals, problem: Problem) -> Proposals:
    """Return the answer as if it rested on a calendar for each of six people."""
    sources = [
        Source(
            kind="own",
            name=f"calendar-with-a-long-name-{person.id}.ics",
            people=(person.id,),
            num_busy=140,
            first_known=problem.horizon.start,
            last_known=problem.horizon.end,
        )
        for person in problem.people[:6]
    ]
    assert answer.evidence
    return answer.model_copy(update={"evidence": answer.evidence.model_copy(update={"sources": tuple(sources)})})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder with the example planned and repaired, in both languages, and the address where it is served."""
    folder = tmp_path_factory.mktemp("site")
    problem = a_busier(Problem.read((EXAMPLE / "problem.json").read_bytes()))
    answer = with_sources(propose(problem, alternatives=2), problem)
    explained = everything_explained(problem, answer.proposals[0].starts)
    changes = {"published": answer.proposals[1].starts, "today": "2027-03-08"}
    published = Problem.of({name: getattr(problem, name) for name in Problem.model_fields} | changes)
    repaired = propose(published, objective="repair", move_cost=0.0, alternatives=1)
    assert repaired.proposals[0].moves
    for language in LANGUAGES:
        wording = Wording(language)
        told = render_plan(problem, answer, wording, explained=explained, translation="plan.html")
        pages = {
            language: render_plan(problem, answer, wording),
            f"explained-{language}": told,
            f"unfolded-{language}": re.sub(r"<details\b(?! [^>]*open)", "<details open", told),
            f"all-{language}": told.replace('id="unfold-all"', 'id="unfold-all" checked'),
            f"repaired-{language}": render_plan(published, repaired, wording),
        }
        for name, html in pages.items():
            (folder / f"{name}.html").write_text(html, encoding="utf-8")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browse(chromium: str) -> Iterator[Browse]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:

        def run(*arguments: str) -> str:
            command = [chromium, *QUIET, f"--user-data-dir={profile}", *arguments]
            return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout  # noqa: S603  # our own pages

        yield run


@pytest.fixture(scope="module")
def measures(site: tuple[Path, str], browse: Browse) -> Measures:
    """What the browser measures on each page, by page and width: ``sv 320``."""
    folder, address = site
    (folder / "frames.html").write_text(FRAMES % json.dumps(CASES))
    shown = browse("--virtual-time-budget=30000", "--window-size=1400,1000", "--dump-dom", f"{address}/frames.html")
    title = re.search(r"<title>(.*?)</title>", shown)
    assert title, shown[-500:]
    measured: Measures = json.loads(unescape(title.group(1)))
    return measured


@pytest.fixture
def print_page(site: tuple[Path, str], browse: Browse, tmp_path: Path) -> Callable[[str], bytes]:
    def run(page: str) -> bytes:
        paper = tmp_path / f"{page}.pdf"
        browse("--no-pdf-header-footer", f"--print-to-pdf={paper}", f"{site[1]}/{page}.html")
        return paper.read_bytes()

    return run


def num_sheets(paper: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", paper))


def font_sizes(paper: bytes) -> set[float]:
    """Return the sizes of text in points; Chromium scales every page with two matrices."""
    sizes = set()
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.DOTALL):
        try:
            drawing = zlib.decompress(packed)
        except zlib.error:
            continue
        scales = [float(scale) for scale in re.findall(rb"(?m)^([\d.]+) 0 0 -?[\d.]+ \S+ \S+ cm", drawing)]
        for size in re.findall(rb"/F\d+ ([\d.]+) Tf", drawing):
            sizes.add(scales[0] * scales[1] * float(size))
    return sizes


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out_of_the_page(measures: Measures, page: str, width: int) -> None:
    assert measures[f"{page} {width}"]["width"] <= width


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_of_the_year_are_as_wide_as_computed_and_do_not_overlap(
    measures: Measures, language: Language, width: int
) -> None:
    measured = measures[f"{language} {width}"]
    assert (measured["touching"], measured["beyondPlates"]) == (0, 0)


def test_every_part_is_folded_until_a_link_to_it_is_followed(measures: Measures) -> None:
    assert measures["explained-sv 360"]["open"] == []
    assert {part: measures[f"explained-sv#{part} 390"]["open"] for part in LINKED} == {part: [part] for part in LINKED}


@pytest.mark.parametrize("width", WIDTHS)
def test_the_matrix_tells_how_many_meetings_are_beyond_the_edge(measures: Measures, width: int) -> None:
    for unseen, told in measures[f"unfolded-sv {width}"]["hints"]:
        assert told == ([unseen] if unseen else [])
        assert bool(unseen) == (width < 1000)


@pytest.mark.parametrize("page", ["explained-sv", "explained-en"])
def test_the_example_prints_on_four_sheets_in_letters_that_can_be_read(
    print_page: Callable[[str], bytes], page: str
) -> None:
    paper = print_page(page)
    assert 2 <= num_sheets(paper) <= 4
    assert min(font_sizes(paper)) >= 8.5


def test_unfolded_parts_are_printed(print_page: Callable[[str], bytes]) -> None:
    unfolded, all_at_once = print_page("unfolded-sv"), print_page("all-sv")
    assert 4 < num_sheets(unfolded) <= 25
    assert abs(num_sheets(all_at_once) - num_sheets(unfolded)) <= 1
    assert min(font_sizes(unfolded)) >= 8.5

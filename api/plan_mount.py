"""Serve the folder of a plan: its page at ``/``, and its files by their names."""

import os
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from api.middleware import html_page
from scheduler.regular_file import open_regular


class VisibleFiles(StaticFiles):
    """The files of a folder without hidden ones: a run that was killed leaves temporary files with such names."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        is_hidden = any(part.startswith(".") for part in Path(path).parts)
        return ("", None) if is_hidden else super().lookup_path(path)


def mount_plan(app: FastAPI, folder: Path) -> None:
    """Serve a plan's folder at the root of ``app``."""
    _add_page(app, "/", folder / "plan.html")
    # A page with its inline style sheets needs a policy of its own, so that it is not served as a static file.
    for file in folder.glob("plan*.html"):
        _add_page(app, f"/{file.name}", file)
    app.mount("/", VisibleFiles(directory=folder))


def _add_page(app: FastAPI, path: str, file: Path) -> None:
    @app.get(path, include_in_schema=False)
    async def page() -> HTMLResponse:
        with open_regular(file) as opened:
            html = opened.read().decode()
        return html_page(html)

"""Serve the folder of a plan: its page at ``/``, and its files by their names."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from api.middleware import html_page


def mount_plan(app: FastAPI, folder: Path) -> None:
    """Serve a plan's folder at the root of ``app``."""
    _add_page(app, "/", folder / "plan.html")
    # A page with its inline style sheets needs a policy of its own, so that it is not served as a static file.
    for file in folder.glob("plan*.html"):
        _add_page(app, f"/{file.name}", file)
    app.mount("/", StaticFiles(directory=folder))


def _add_page(app: FastAPI, path: str, file: Path) -> None:
    @app.get(path, include_in_schema=False)
    async def page() -> HTMLResponse:
        return html_page(file.read_text("utf-8"))

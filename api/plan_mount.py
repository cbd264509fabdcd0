"""Serve the folder of a plan: its page at ``/``, and its other files by their names."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from api.middleware import html_page


def mount_plan(app: FastAPI, folder: Path) -> None:
    """Serve a plan's folder at the root of ``app``."""

    @app.get("/", include_in_schema=False)
    async def page() -> HTMLResponse:
        html = (folder / "plan.html").read_text("utf-8")
        return html_page(html)

    app.mount("/", StaticFiles(directory=folder))

"""Who shows the folder of a plan: its page at the root, and the files beside it by their names."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from api.middleware import styled


def show(app: FastAPI, folder: Path) -> None:
    """Show a plan's folder at the root of ``app``."""

    @app.get("/", include_in_schema=False)
    async def page() -> HTMLResponse:
        return styled((folder / "plan.html").read_text("utf-8"))

    app.mount("/", StaticFiles(directory=folder))

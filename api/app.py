"""Where the parts of the service are put together: for now, the page of a plan and the files beside it."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles


def create_app(folder: Path) -> FastAPI:
    """Return the service that shows the plan in ``folder``: its page at ``/``, the files by their names."""
    app = FastAPI(title="Tretton", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(folder / "plan.html", media_type="text/html")

    app.mount("/", StaticFiles(directory=folder))
    return app

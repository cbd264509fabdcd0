"""HTML pages: the page of a plan and the documentation of the service."""

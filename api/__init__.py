"""The applications: the command line, the HTTP service and the HTML pages."""

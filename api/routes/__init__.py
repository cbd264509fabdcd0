"""The routes of the service, one resource in each module."""

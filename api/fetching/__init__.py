"""Fetch calendars over the network: URL and address checks, limits on time and size, and conditional requests."""

from api.fetching.caldav import Account, fetch_account
from api.fetching.client import Client
from api.fetching.errors import FetchError
from api.fetching.state import FetchResult, SourceState
from api.fetching.subscription import download, fetch

__all__ = ["Account", "Client", "FetchError", "FetchResult", "SourceState", "download", "fetch", "fetch_account"]

"""Calendars come in from the network here: guarded, bounded, only when changed, and what was good is kept."""

from api.fetching.caldav import Account, fetch_account
from api.fetching.client import Client
from api.fetching.errors import NotFetched
from api.fetching.state import Fetched, State
from api.fetching.subscription import download, fetch

__all__ = ["Account", "Client", "Fetched", "NotFetched", "State", "download", "fetch", "fetch_account"]

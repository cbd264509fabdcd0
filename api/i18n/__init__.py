"""The words for people live here: one catalogue of whole sentences, in Swedish and English."""

from api.i18n.wording import Language, Wording

__all__ = ["Language", "Wording"]

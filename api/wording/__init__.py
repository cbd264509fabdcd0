"""The words for people live here: one catalogue of whole sentences, in Swedish and English."""

from api.wording.speaking import Language, Wording

__all__ = ["Language", "Wording"]

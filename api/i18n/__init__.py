"""The texts for people in Swedish and English: a catalogue of whole sentences, and formats of numbers and dates."""

from api.i18n.wording import Language, Wording

__all__ = ["Language", "Wording"]

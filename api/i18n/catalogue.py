"""Load the translations from the ``.po`` files of this folder."""

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

SOURCE_LANGUAGE = "en"  # sentences are looked up by their English text


@dataclass(frozen=True)
class Translations:
    """Sentences by their English text; ``plurals`` gives the forms for one and for several."""

    sentences: dict[str, str] = field(default_factory=dict)
    plurals: dict[str, tuple[str, str]] = field(default_factory=dict)

    def one(self, sentence: str) -> str:
        """Return the translation of a sentence; without one it stays English."""
        return self.sentences.get(sentence, sentence)

    def many(self, singular: str, plural: str, count: int) -> str:
        """Return the translation of the form for a number: both languages have the same two forms."""
        forms = self.plurals.get(singular, (singular, plural))
        return forms[0] if count == 1 else forms[1]


@cache
def load_translations(language: str) -> Translations:
    """Return the translations into ``language``, read once per process."""
    if language == SOURCE_LANGUAGE:
        return Translations()
    return read_catalogue((files("api.i18n") / f"{language}.po").read_text("utf-8"))


def read_catalogue(text: str) -> Translations:
    """
    Return the translations of a ``.po`` file.

    A small part of the format is enough here: Babel, which tests compare with, takes a tenth of a second to load, and
    every command prints its help in Swedish.
    """
    translations = Translations()
    for block in text.split("\n\n"):
        entry = _strings(block)
        if "msgid_plural" in entry:
            translations.plurals[entry["msgid"]] = (entry["msgstr[0]"], entry["msgstr[1]"])
        elif entry.get("msgid"):
            translations.sentences[entry["msgid"]] = entry["msgstr"]
    return translations


def _strings(block: str) -> dict[str, str]:
    """Return the strings of an entry by keyword; a string may go on in the lines below its first."""
    entry: dict[str, str] = {}
    keyword = ""
    for line in block.splitlines():
        if not line or line.startswith("#"):
            continue
        if not line.startswith('"'):
            keyword, line = line.split(" ", 1)
            entry[keyword] = ""
        # The escapes of C strings that translations use are those of JSON.
        entry[keyword] += json.loads(line)
    return entry

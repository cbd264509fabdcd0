"""Who reads the translations: the .po beside this file, turned at start into what gettext looks sentences up in."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "en"  # sentences are looked up by their English


@cache
def translations(language: str) -> NullTranslations:
    """Return the sentences of ``language``; a sentence that has none is said in English."""
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    compiled = BytesIO()
    with (files("api.i18n") / f"{language}.po").open("rb") as written:
        write_mo(compiled, read_po(written, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)

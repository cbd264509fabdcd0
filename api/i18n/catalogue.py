"""Load the translations from the ``.po`` files of this folder."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "en"  # sentences are looked up by their English text


@cache
def load_translations(language: str) -> NullTranslations:
    """
    Return the translations into ``language``; a sentence without a translation stays English.

    The ``.po`` file is compiled in memory, once per process, so that no compiled file can be out of date.
    """
    if language == SOURCE_LANGUAGE:
        return NullTranslations()
    path = files("api.i18n") / f"{language}.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)

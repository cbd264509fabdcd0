"""Who reads the headers of the Accept family: which language, and which form of an answer, the caller prefers."""

from collections.abc import Mapping

from api.i18n.wording import Language

MAX_RANGES = 50  # of a header; nobody means more


def preferred(header: str | None, offered: tuple[str, ...]) -> str | None:
    """
    Return which of ``offered`` a header of the Accept family prefers (RFC 9110, section 12.5); None when none will do.

    Of equals the first offered wins; without a header, or with a broken one, any will do.

    Examples
    --------
    >>> preferred("en-GB;q=0.5, sv;q=0.9", ("en", "sv"))
    'sv'
    >>> preferred("text/html, application/*;q=0.1", ("application/json",))
    'application/json'
    """
    if not header or not header.strip():
        return offered[0]
    wanted = [_weighted(part) for part in header.lower().split(",")[:MAX_RANGES]]
    best = max(offered, key=lambda one: _quality(one, wanted))
    return best if _quality(best, wanted) > 0 else None


def _weighted(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                return name, 0.0
    return name, 1.0


def _quality(offer: str, wanted: list[tuple[str, float]]) -> float:
    """Return the weight of the most telling range that matches: the name, a range of it, or anything."""
    family = offer.split("/")[0]
    fits = [(name == offer, name != "*/*" and name != "*", quality) for name, quality in wanted if name in (
        offer, f"{family}/*", "*/*", "*") or name.startswith(f"{offer}-")]  # fmt: skip
    return max(fits, default=(False, False, 0.0))[2]


def preferred_language(headers: Mapping[str, str]) -> Language:
    """Return the language the caller reads: English unless Swedish is preferred."""
    return "sv" if preferred(headers.get("accept-language"), ("en", "sv")) == "sv" else "en"

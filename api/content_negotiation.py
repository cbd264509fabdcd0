"""Proactive content negotiation: select a media type or a language by the request headers (RFC 9110, section 12.5)."""

from collections.abc import Mapping, Sequence

from api.i18n.wording import Language

MAX_RANGES = 50  # per header; further ranges are ignored

WeightedRange = tuple[str, float]


def best_match(header: str | None, offers: Sequence[str]) -> str | None:
    """
    Return the offer that an ``Accept`` or ``Accept-Language`` header prefers, or None if it accepts none.

    Between equal weights the first offer takes precedence; without a header the first offer is returned.

    Examples
    --------
    >>> best_match("en-GB;q=0.5, sv;q=0.9", ("en", "sv"))
    'sv'
    >>> best_match("text/html, application/*;q=0.1", ("application/json",))
    'application/json'
    """
    if not header or not header.strip():
        return offers[0]
    members = header.lower().split(",")
    ranges = [_parse_range(member) for member in members[:MAX_RANGES]]
    weights = [_weight(offer, ranges) for offer in offers]
    best = max(weights)
    if best <= 0:
        return None
    return offers[weights.index(best)]


def preferred_language(headers: Mapping[str, str]) -> Language:
    """Return the language of a response: English unless the client prefers Swedish."""
    language = best_match(headers.get("accept-language"), ("en", "sv"))
    return "sv" if language == "sv" else "en"


def _parse_range(member: str) -> WeightedRange:
    """Return the range and the weight of a list member; a malformed weight is 0, so the range is not accepted."""
    name, *parameters = (part.strip() for part in member.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            return name, _parse_weight(parameter.removeprefix("q="))
    return name, 1.0


def _parse_weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return min(max(weight, 0.0), 1.0)


def _weight(offer: str, ranges: Sequence[WeightedRange]) -> float:
    """Return the weight of the most specific range that matches the offer; 0 when none does."""
    media_family = offer.split("/")[0] + "/*"
    matches: list[tuple[int, float]] = []
    for name, weight in ranges:
        if name == offer:
            specificity = 2
        elif name == media_family or name.startswith(f"{offer}-"):
            specificity = 1
        elif name in ("*/*", "*"):
            specificity = 0
        else:
            continue
        matches.append((specificity, weight))
    # Between ranges of equal specificity the greater weight counts.
    _, weight = max(matches, default=(0, 0.0))
    return weight

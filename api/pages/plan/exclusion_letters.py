"""Letters for the reasons that rule out dates, so that each reason is stated once for a council."""

from collections import Counter
from string import ascii_lowercase

from api.presenting.explanation_view import CostGroup, CostMap

LetterByReason = dict[str, str]


def build_exclusion_letters(costs: CostMap | None) -> tuple[LetterByReason, ...]:
    """Return the letters of each group's reasons, the most frequent reason first."""
    groups = costs.groups if costs is not None else ()
    return tuple(_letter_reasons(group) for group in groups)


def _letter_reasons(group: CostGroup) -> LetterByReason:
    cells = [cell for calendar in group.calendars for week in calendar.weeks for cell in week.cells]
    num_by_reason = Counter(cell.why_not for cell in cells if cell is not None and cell.why_not)
    reasons = [reason for reason, _ in num_by_reason.most_common()]
    return {reason: _letter(position) for position, reason in enumerate(reasons)}


def _letter(position: int) -> str:
    """Return ``a`` to ``z``, then ``a2`` to ``z2`` and so on."""
    repetition, index = divmod(position, len(ascii_lowercase))
    suffix = str(repetition + 1) if repetition else ""
    return ascii_lowercase[index] + suffix

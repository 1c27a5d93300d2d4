"""Whether a message is a report of danger: what the guard heard, and what the intent model thinks. Pure.

The guard (`bot.text.hazard`) knows words, the model knows sentences. What the guard hears is danger. Where it hears
nothing, the model's suspicion is enough; where every word of danger is denied or only asked about, it must be certain.
"""

from bot.text.hazard import Hazard, is_cleared, is_of_the_phone

SUSPICION = 0.3
"""How likely the model must think a danger that the guard does not hear; measured, see `bot/README.md`."""

CERTAINTY = 0.7
"""How likely it must think one that seems denied, so that it is one all the same: a miss can kill."""


def is_raised(text: str, danger: Hazard | None, likely: float) -> bool:
    """Whether `text` is a report: the guard heard `danger` in it, or the model thinks one `likely` enough.

    Of a telephone without power no danger is suspected.
    """
    if danger is not None or likely < SUSPICION:
        return danger is not None
    return not is_of_the_phone(text) and (likely >= CERTAINTY or not is_cleared(text))

"""Whether a message is a report of danger: what the guard heard, and what the intent model thinks. Pure.

The guard (`bot.text.hazard`) knows words, the model knows sentences. What the guard hears is danger, unless the model
is sure that neither the message nor any clause of it tells of one: a word alone can be a figure of speech. Where the
guard hears nothing, the model's suspicion is enough; where every word of danger is denied or only asked about, it must
be certain.
"""

from dataclasses import dataclass

from bot.text.hazard import Hazard, is_cleared, is_of_the_phone

SUSPICION, SUSPICION_OF_A_PART = 0.3, 0.5
"""How likely the model must think a danger that the guard does not hear, in the message and in one sentence of it;
measured, see `bot/README.md`."""

CERTAINTY, CERTAINTY_OF_A_PART = 0.7, 0.8
"""How likely it must think one that seems denied, so that it is one all the same: a miss can kill."""

DISBELIEF = 0.01
"""Below it, in the message and in each of its clauses, a word of danger is believed to be none. The least likely
of the 282 dangers heard in the measured sets is 0.063; a danger of a kind no example tells of can be less."""


@dataclass(frozen=True)
class Suspicion:
    """How likely the model thinks a danger: in the message as a whole, and in its likeliest part (0 where it has none).

    Parts are clauses where the guard heard a danger, else sentences (`bot.text.parts`).
    """

    whole: float
    part: float = 0.0


def is_raised(text: str, danger: Hazard | None, thought: Suspicion) -> bool:
    """Whether `text` is a report: the guard heard `danger` in it, or the model has enough suspicion.

    Of a telephone without power no danger is suspected.
    """
    if danger is not None:
        return max(thought.whole, thought.part) >= DISBELIEF
    if not _is_at_least(thought, SUSPICION, SUSPICION_OF_A_PART) or is_of_the_phone(text):
        return False
    return _is_at_least(thought, CERTAINTY, CERTAINTY_OF_A_PART) or not is_cleared(text)


def _is_at_least(thought: Suspicion, whole: float, part: float) -> bool:
    return thought.whole >= whole or thought.part >= part

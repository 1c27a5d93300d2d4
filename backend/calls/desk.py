"""What a call is answered with: policy, words, numbers of ours, the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend.depends import House
from backend.kernel import working_time
from backend.reference import Reference
from telephony.states import Rules
from telephony.turns import Operator


@dataclass(frozen=True)
class Desk:
    """What a call is answered with.

    Attributes:
        base: what addresses in answers begin with.
        music: the address of the music on hold.
        own_numbers: numbers of ours, never called.
    """

    reference: Reference
    base: str
    music: str
    own_numbers: tuple[str, ...]
    now: datetime

    @property
    def operator(self) -> Operator:
        """Who decides what is said."""
        return Operator(rules_of(self.reference), self.reference.messages)

    @property
    def is_open(self) -> bool:
        """Whether people are at the desk."""
        return working_time.is_open(self.reference.calendar, self.now)

    def opening(self, language: str) -> str:
        """When people are back, in words."""
        opening = working_time.next_opening(self.reference.calendar, self.now)
        return working_time.local_words(self.reference.calendar, opening, language, self.now)


def rules_of(reference: Reference) -> Rules:
    """The numbers of the telephone as its operator takes them."""
    voice = reference.voice
    return Rules(
        timeout_s=voice.timeout,
        speech_timeout_s=voice.speech_timeout,
        pause_s=voice.pause,
        polls=voice.polls,
        misses=voice.misses,
        waits=voice.waits,
        most_turns=voice.most_turns,
        least_confidence=voice.least_confidence,
        longest_message_s=voice.longest_message,
        silence_ends_message_s=voice.silence_ends_message,
        hints={str(language): words for language, words in voice.hints.items()},
    )


def desk_of(house: House, now: datetime) -> Desk:
    """What calls are answered with."""
    base = house.settings.public_base_url.rstrip("/")
    return Desk(
        reference=house.reference,
        base=base,
        music=house.reference.voice.music or f"{base}/telephony/voice/hold.wav",
        own_numbers=house.settings.numbers_of_ours,
        now=now,
    )

"""Is the danger that a message tells of over, taken back, or only asked about? Judged over the whole message. Pure.

`bot.text.denied` looks at the words around the danger; people also settle it sentences later: "去年冒烟那台早拆走了，
就问发票". Nothing here counts beside a word that leaves it open whether the danger lasts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_LOOKED_AT = 120
"""Characters before and behind the danger in which its end is told."""


@dataclass(frozen=True)
class Over:
    """How people say, in one language, that a danger is none any more."""

    earlier: re.Pattern[str]
    dealt_with: re.Pattern[str]
    left_open: re.Pattern[str]
    taken_back: re.Pattern[str]
    unsure: re.Pattern[str]
    curious: re.Pattern[str]
    happened: re.Pattern[str]

    @classmethod
    def taught(cls, said: Mapping[str, str], before: str) -> "Over":
        """The words of one language; `before` stands before each."""
        return cls(**{name: re.compile(f"{before}(?:{words})") for name, words in said.items()})

    def covers(self, text: str, start: int, end: int) -> bool:
        """Whether the danger at `start` to `end` is settled, taken back or only asked about."""
        first, last = max(0, start - _LOOKED_AT), min(len(text), end + _LOOKED_AT)
        if self._is_settled(text, start, end, first, last):
            return True
        if self.taken_back.search(text, end, last) and not self.unsure.search(text, first, last):
            return True
        return bool(self.curious.search(text, first, last) and not self.happened.search(text, first, last))

    def _is_settled(self, text: str, start: int, end: int, first: int, last: int) -> bool:
        """Whether it was at an earlier time, or is thanked for or called off, and was dealt with since."""
        if not self.dealt_with.search(text, end, last) or self.left_open.search(text, first, last):
            return False
        return bool(self.earlier.search(text, first, last))

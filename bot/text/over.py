"""Is the danger that a message tells of over, taken back, or only asked about? Judged over the whole message. Pure.

`bot.text.denied` looks at the words around the danger; people also settle it sentences later: "去年冒烟那台早拆走了，
就问发票". Nothing here counts beside a word that leaves it open whether the danger lasts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PAUSE = re.compile(r"[,，。.!?;]")
_NEAR = 24
_LOOKED_AT = 120
"""Characters before and behind the danger in which its end is told."""


@dataclass(frozen=True)
class Over:
    """How people say, in one language, that a danger is none any more."""

    case_behind: re.Pattern[str]
    case_before: re.Pattern[str]
    papers: re.Pattern[str]
    earlier: re.Pattern[str]
    bought: re.Pattern[str]
    dealt_with: re.Pattern[str]
    relieved: re.Pattern[str]
    long_ago: re.Pattern[str]
    disputed: re.Pattern[str]
    lasts: re.Pattern[str]
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
        if self.curious.search(text, first, last) and not self.happened.search(text, first, last):
            return True
        if self.lasts.search(text, first, last):
            return False
        if self.taken_back.search(text, end, last) and not self.unsure.search(text, first, last):
            return True
        if self._is_relieved(text, start, first, last):
            return True
        return not self.left_open.search(text, first, last) and self._is_settled(text, start, end, first, last)

    def _is_relieved(self, text: str, start: int, first: int, last: int) -> bool:
        """Whether thanks are given, or the visit is called off, for the danger and not for something before it."""
        found = self.relieved.search(text, first, last)
        if found is None:
            return False
        if found.start() >= start or not _PAUSE.search(text, found.end(), start):
            return True
        clause = max((pause.end() for pause in _PAUSE.finditer(text, first, start)), default=first)
        return bool(self.dealt_with.search(text, clause, last) or self.earlier.search(text, clause, start))

    def _is_settled(self, text: str, start: int, end: int, first: int, last: int) -> bool:
        """Whether it was at an earlier time and has been dealt with since, or only names a case of paper by now."""
        is_case = self.case_behind.match(text, end) or self.case_before.search(text, first, start)
        if is_case and self.papers.search(text, first, last):
            return True
        if self.bought.search(text, first, last):
            return False
        was_long_ago = self.long_ago.search(text, max(first, start - _NEAR), min(last, end + _NEAR))
        if was_long_ago and self.disputed.search(text, end, last):
            return True
        return bool(self.dealt_with.search(text, end, last) and self.earlier.search(text, first, last))

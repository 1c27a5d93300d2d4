"""Danger told without its name: what a hand, a plug or a tank does when something is wrong. Pure.

"手一碰水就自己蹦起来" names no current. A sign counts when what it befell stands near it and what it befell that on
stands in the same sentence; each of the three words alone is harmless.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_ENDS = re.compile(r"[。.!?;]")
_TRIED = 50
"""Signs of one kind that are looked at in one message; nobody tells of more."""


@dataclass(frozen=True)
class Sign:
    """`seen` is the sign; `beside` must stand within `near` characters of it and `at` within `far`."""

    seen: re.Pattern[str]
    beside: re.Pattern[str]
    at: re.Pattern[str]
    near: int
    far: int

    @classmethod
    def taught(cls, said: Mapping[str, str], language: str) -> "Sign":
        """A sign as the word list describes it; Chinese says more in fewer characters."""
        near, far = (10, 26) if language == "zh" else (40, 90)
        seen, beside, at = (_pattern(said[each], language) for each in ("seen", "beside", "at"))
        return cls(seen, beside, at, near, far)

    def find(self, text: str) -> Iterator[re.Match[str]]:
        """Every place in `text` where the sign stands beside the words that make it one."""
        for tried, found in enumerate(self.seen.finditer(text)):
            if tried == _TRIED:
                return
            start, end = found.span()
            first, last = self._sentence(text, start, end)
            near = (max(first, start - self.near), start), (end, min(last, end + self.near))
            if _around(self.beside, text, *near) and _around(self.at, text, (first, start), (end, last)):
                yield found

    def _sentence(self, text: str, start: int, end: int) -> tuple[int, int]:
        """The part of the sentence around the sign that is looked at."""
        first, last = max(0, start - self.far), min(len(text), end + self.far)
        for closed in _ENDS.finditer(text, first, start):
            first = closed.end()
        closing = _ENDS.search(text, end, last)
        return first, closing.start() if closing else last


def find_signs(signs: Sequence[Sign], text: str) -> Iterator[re.Match[str]]:
    """Every sign of danger in `text`."""
    for sign in signs:
        yield from sign.find(text)


def _pattern(words: str, language: str) -> re.Pattern[str]:
    """The words, looked for only where a character of theirs, or a Latin word, begins."""
    own = "".join(sorted({char for char in words if char.isalnum()}))
    return re.compile(f"(?=[{own}])(?:{words})" if language == "zh" else rf"\b(?=[a-z])(?:{words})")


def _around(pattern: re.Pattern[str], text: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    return bool(pattern.search(text, *before) or pattern.search(text, *after))

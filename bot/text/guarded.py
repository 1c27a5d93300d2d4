"""Dangers that the guard hears in words that no list of symptoms has, as symptoms of the same class. Pure."""

import re

from bot.text.hazard import Hazard, hazards
from bot.text.lexicon import Term, effects
from bot.text.normal import normal

_CLASSES = {
    "shock": "shock", "tingling": "tingling", "smoke": "smoke", "burning": "burning", "fire": "fire", "burst": "burst",
    "protection_light": "protection_light", "scald": "too_hot",
}  # fmt: skip
"""Who is hurt is no fault of a heater; what scalded somebody is water too hot."""
_CLAUSE = re.compile(r"[^,，。.!！?？;；]+")
_WITHIN_WORD = re.compile("[A-Za-z]{2}")
_SHORTEST, _LONGEST, _SEARCHED = 2, 40, 1_000


def heard_dangers(text: str) -> list[Term]:
    """What the guard hears in `text`, each class once."""
    heard: dict[str, Term] = {}
    for danger in hazards(text[:_SEARCHED]):
        term = _term(danger, text)
        if term:
            heard.setdefault(term.value, term)
    return list(heard.values())


def _term(danger: Hazard, text: str) -> Term | None:
    """The last clause of what was heard: the guard also takes in what stands before it ("手去关水，麻得我一哆嗦")."""
    value = _CLASSES.get(danger.kind)
    clauses = [each[0].strip() for each in _CLAUSE.finditer(danger.text)]
    words = next((each for each in reversed(clauses) if len(each) >= _SHORTEST), danger.text)
    if value is None or len(words) > _LONGEST or effects().search(normal(words).text):
        return None
    start = danger.start + danger.text.rindex(words)
    if _is_cut(text, start) or _is_cut(text, start + len(words)):
        return None
    return Term(start, start + len(words), words, value)


def _is_cut(text: str, at: int) -> bool:
    """Whether a word of Latin letters goes on at `at`: pinyin typed in one go has no words to show."""
    return bool(_WITHIN_WORD.fullmatch(text[max(0, at - 1) : at + 1]))

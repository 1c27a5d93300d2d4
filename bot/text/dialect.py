"""Words of dialects put into the common language, so that what was learned of one is known of all. Pure.

For understanding only: values, danger and what is stored or shown are read from the customer's own words.
"""

import re
from functools import lru_cache
from pathlib import Path

import yaml

_TABLE = Path(__file__).resolve().parents[2] / "data" / "lexicon" / "dialects.yaml"


def plain(text: str) -> str:
    """`text`, a normal form, with the words of `dialects.yaml` in the common language: 啷个弄 → 怎么弄."""
    pattern, meant = _words()
    return pattern.sub(lambda found: meant[found[0]], text)


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern for every word, the longest first, by first character, which is fast; and what the words mean."""
    table: dict[str, list[str]] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))["words"]
    meant: dict[str, str] = {}
    by_first: dict[str, list[str]] = {}
    for word, common in sorted(
        ((word, common) for common, words in table.items() for word in words), key=lambda pair: -len(_bare(pair[0]))
    ):
        meant[_bare(word)] = common
        by_first.setdefault(word[0], []).append(word[1:])
    return re.compile("|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in by_first.items())), meant


def _bare(word: str) -> str:
    """The word without what must or must not follow it."""
    return word.partition("(")[0]

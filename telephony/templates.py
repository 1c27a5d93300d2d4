"""Approved texts of a gateway that carries no others: which of them a text is, and with which values. All pure.

The wording is that of `data/messages.yaml`, so a text that was reworded since its approval fits none of them any more.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

_SIGNATURE = re.compile(r"^【[^】]{1,20}】")
LONGEST_VALUE = 60


@dataclass(frozen=True)
class Template:
    """An approved text.

    Attributes:
        id: the gateway's name for it.
        wording: with variables in braces, and without the signature, which the gateway sets before it.
    """

    id: str
    wording: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a text of this wording looks like; the values are its groups, in order."""
        parts = []
        for literal, name, _, _ in string.Formatter().parse(self.wording):
            parts.append(re.escape(literal))
            if name is not None:
                parts.append(f"(.{{1,{LONGEST_VALUE}}}?)")
        return re.compile("".join(parts))

    @property
    def numbered(self) -> str:
        """The wording as it is handed in for approval: variables are {1}, {2}, …"""
        said, count = [], 0
        for literal, name, _, _ in string.Formatter().parse(self.wording):
            said.append(literal)
            if name is not None:
                count += 1
                said.append(f"{{{count}}}")
        return "".join(said)

    @property
    def weight(self) -> int:
        """How much of it is fixed: of two that fit, the heavier one is meant."""
        return sum(len(literal) for literal, *_ in string.Formatter().parse(self.wording))


@dataclass(frozen=True)
class Filled:
    """A template and its values, in order."""

    id: str
    values: tuple[str, ...]


def unsigned(text: str) -> str:
    """A text without the signature at its head."""
    return _SIGNATURE.sub("", text, count=1)


def approved(ids: Mapping[str, Mapping[str, str]], wording: Mapping[tuple[str, str], str]) -> tuple[Template, ...]:
    """The templates that have an id. Addresses are not carried: `{link}` stands empty in them.

    Args:
        ids: by our name of the text, by language; empty for one that is not approved.
        wording: by our name and language, as in `data/messages.yaml`.
    """
    found = (
        Template(id_, unsigned(wording[name, language]).replace("{link}", ""))
        for name, of_language in ids.items()
        for language, id_ in of_language.items()
        if id_
    )
    return tuple(sorted(found, key=lambda each: -each.weight))


def fit(templates: Iterable[Template], text: str) -> Filled | None:
    """The approved template a text is, with its values; None when it is none of them."""
    words = unsigned(text)
    for template in templates:
        if found := template.pattern.fullmatch(words):
            return Filled(template.id, found.groups())
    return None

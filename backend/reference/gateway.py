"""`data/gateway.yaml`: which texts a domestic gateway may carry."""

from __future__ import annotations

from functools import cache
from typing import ClassVar

from pydantic import Field

from backend.reference.base import DATA, Language, Table, read_table
from backend.reference.texts import Messages
from telephony import templates
from telephony.templates import Template


class Gateway(Table):
    """Ids of approved texts, by our name of the text and by language; empty: not approved."""

    file: ClassVar = "gateway.yaml"
    signature: str = Field(min_length=2, max_length=20)
    templates: dict[str, dict[Language, str]]

    @property
    def ids(self) -> dict[str, dict[str, str]]:
        """The ids by name and language."""
        return {name: {str(language): id_ for language, id_ in each.items()} for name, each in self.templates.items()}


@cache
def current() -> Gateway:
    """The ids in force.

    Raises:
        BadReference: the file is missing or wrong.
    """
    return read_table(DATA, Gateway)


def approved(gateway: Gateway, messages: Messages) -> tuple[Template, ...]:
    """The texts it may carry.

    Raises:
        KeyError: an id is given to a text that does not exist.
    """
    return templates.approved(gateway.ids, wording(gateway, messages))


def wording(gateway: Gateway, messages: Messages) -> dict[tuple[str, str], str]:
    """The words of each text that may be handed in, by name and language."""
    found = {name: messages.messages[name] for name in gateway.templates}
    return {(name, language): getattr(text, language) for name, text in found.items() for language in ("zh", "en")}

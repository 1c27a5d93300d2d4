"""`hotline gateway`: the texts a domestic gateway must approve, worded as they are handed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from backend.reference.gateway import Gateway


def gateway() -> None:
    """The texts a domestic gateway must approve, worded as they are handed in, and the ids they have got."""
    from backend import reference  # noqa: PLC0415 (the command line opens sooner)
    from backend.reference import gateway as table  # noqa: PLC0415

    known, messages = table.current(), reference.current().messages
    for line in _lines(known, table.wording(known, messages)):
        typer.echo(line)


def _lines(known: Gateway, wording: dict[tuple[str, str], str]) -> Iterator[str]:
    from telephony.templates import Template, unsigned  # noqa: PLC0415

    yield f"签名 signature: {known.signature}"
    for (name, language), words in wording.items():
        id_ = known.ids[name].get(language, "")
        template = Template(id_, unsigned(words).replace("{link}", ""))
        yield f"\n{name} ({language})  {id_ or '– data/gateway.yaml has no id yet'}\n  {template.numbered}"

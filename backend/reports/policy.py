"""What complaints are about: `data/complaints.yaml`."""

from __future__ import annotations

from functools import cache
from typing import Annotated, ClassVar

from pydantic import Field

from backend.reference.base import DATA, Frozen, Table, Text, read_table


class Reason(Frozen):
    """A reason of complaints, and the words that betray it (lower case)."""

    name: Text
    words: Annotated[tuple[str, ...], Field(min_length=1)]


class Complaints(Table):
    """The reasons, in the order they are looked for."""

    file: ClassVar = "complaints.yaml"
    reasons: dict[str, Reason]


@cache
def complaints() -> Complaints:
    """The reasons in force.

    Raises:
        BadReference: the file is missing or wrong.
    """
    return read_table(DATA, Complaints)

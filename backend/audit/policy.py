"""`data/privacy.yaml` as frozen policy."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import ClassVar

from pydantic import Field

from backend.reference.base import DATA, Table, read_table


class Privacy(Table):
    """How long the audit log is kept, and how long a deletion can be taken back."""

    file: ClassVar = "privacy.yaml"
    audit_keep_days: int = Field(ge=180)
    audit_again_minutes: int = Field(ge=0, le=1440)
    deletion_undo_hours: int = Field(ge=0, le=360)

    @property
    def keep(self) -> timedelta:
        """How long an entry is kept."""
        return timedelta(days=self.audit_keep_days)

    @property
    def again(self) -> timedelta:
        """Within which time the same look again is the same entry."""
        return timedelta(minutes=self.audit_again_minutes)

    @property
    def undo(self) -> timedelta:
        """How long a deletion can be taken back."""
        return timedelta(hours=self.deletion_undo_hours)


@cache
def current() -> Privacy:
    """The numbers in force.

    Raises:
        BadReference: the file is missing or wrong.
    """
    return read_table(DATA, Privacy)

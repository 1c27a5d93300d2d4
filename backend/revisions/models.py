"""Table of the revisions room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base, words
from backend.revisions.rules import Status


class Revision(Base):
    """A whole table of `data/` as somebody at the desk wants it. Its body is never changed.

    Attributes:
        table: the table's file name, such as `calendar.yaml`.
        body: the table as plain data, in the shape of the file.
        based_on: the revision that was in force when this one was written; None for the file.
        approval: counts approvals, of whatever table; a table's approved revision with the highest is in force.
    """

    __tablename__ = "revisions"
    __table_args__ = (Index("ix_revisions_table", "table", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    table: Mapped[str] = mapped_column(String(40))
    body: Mapped[dict[str, Any]]
    status: Mapped[Status] = mapped_column(words(Status))
    note: Mapped[str] = mapped_column(Text, default="")
    based_on: Mapped[int | None]
    author: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    approval: Mapped[int | None] = mapped_column(unique=True)
    approved_by: Mapped[str | None] = mapped_column(String(60))
    approved_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(60))
    withdrawn_at: Mapped[datetime | None]

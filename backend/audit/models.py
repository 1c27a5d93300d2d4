"""Table of the audit room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.audit.rules import Kind, What
from backend.db import Base, words


class AuditEntry(Base):
    """One look at, or change of, personal data.

    Attributes:
        agent_id: who did it; None for the house itself.
        who: their name at that time.
        subject: the number of the thing, in the form `rules.is_name_of` knows; of a search, its sign.
        customer_id: whose data, where that is known; None after their deletion.
        pseudonym: what stands for that customer after the deletion.
        count: how many things, where it was a list.
        why: the reason given, where one is asked for.
    """

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"), index=True)
    who: Mapped[str] = mapped_column(String(60))
    what: Mapped[What] = mapped_column(words(What))
    kind: Mapped[Kind] = mapped_column(words(Kind))
    subject: Mapped[str] = mapped_column(String(40), index=True)
    customer_id: Mapped[int | None] = mapped_column(index=True)
    pseudonym: Mapped[str | None] = mapped_column(String(16))
    count: Mapped[int | None]
    why: Mapped[str] = mapped_column(String(200), default="")

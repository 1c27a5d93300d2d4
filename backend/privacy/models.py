"""Table of the privacy room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base


class DeletionRequest(Base):
    """A customer wants their data deleted. The row is the schedule: the tick carries it out once `due_at` has passed.

    Attributes:
        customer_id: whose; 0 once their data are deleted.
        why: how the customer asked, without longer numbers; empty once their data are deleted.
        due_at: until then it can be taken back.
        done_at: when the data were deleted; from then on the row holds nothing that leads to the customer.
        pseudonym: what stands for the customer in the audit log after that.
        counts: how many rows of each kind were deleted.
        bot_conversations: conversations the bot has still to forget; emptied as it does.
    """

    __tablename__ = "deletion_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(60))
    why: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[datetime] = mapped_column(index=True)
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None] = mapped_column(String(60))
    done_at: Mapped[datetime | None]
    pseudonym: Mapped[str | None] = mapped_column(String(16))
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    bot_conversations: Mapped[list[Any]] = mapped_column(default=list)

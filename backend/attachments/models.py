"""Tables of the attachments room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base


class Picture(Base):
    """A customer's picture, as we have drawn it anew.

    Attributes:
        seq: the message that is this picture.
        client_message_id: the sender's own id; the same one again stores nothing.
        file: its random name in the data directory; says nothing of whom or what it shows.
        size: of the file in bytes; width and height in pixels.
    """

    __tablename__ = "pictures"
    __table_args__ = (UniqueConstraint("conversation_id", "client_message_id", name="uq_pictures_client_message_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    seq: Mapped[int]
    client_message_id: Mapped[str] = mapped_column(String(80))
    file: Mapped[str] = mapped_column(String(40), unique=True)
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    received_at: Mapped[datetime]

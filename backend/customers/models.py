"""Tables of the customers room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Base


class Customer(Base):
    """A person, known by the number they are called back on (E.164)."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str | None] = mapped_column(String(60))
    language: Mapped[str | None] = mapped_column(String(2))
    opted_out_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

"""Tables of the agents room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.agents.permissions import Role
from backend.db import Base, words


class Agent(Base):
    """A person at the desk; the role decides what they may do (`permissions`).

    Attributes:
        phone, email: by which the house reaches them when something must not wait; E.164, and checked.
        must_change_password: whether the password is a start password, which opens nothing but the page to change it.
    """

    __tablename__ = "agents"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(words(Role), default=Role.AGENT, server_default=Role.AGENT)
    phone: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(120))
    active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime]


class AgentSession(Base):
    """One sign-in. Only a hash of its token is stored.

    Attributes:
        device: browser and system, as far as the browser says.
        address: where it came from, so that its owner can tell it from a stranger's.
    """

    __tablename__ = "agent_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(40), default="", server_default="")
    address: Mapped[str] = mapped_column(String(45), default="", server_default="")
    agent: Mapped[Agent] = relationship(lazy="joined", innerjoin=True)

    @property
    def handle(self) -> str:
        """Names the session on a page; opens nothing."""
        return self.token_hash[:16]


class OwnReply(Base):
    """Words an agent writes again and again, offered to them alone beside the house's canned replies.

    Attributes:
        taken_out_at: since when it is offered no more; until it is written over it can be brought back.
    """

    __tablename__ = "own_replies"

    id: Mapped[int] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    taken_out_at: Mapped[datetime | None]

"""Shapes of the simulated phone's routes."""

from __future__ import annotations

from datetime import datetime

from pydantic import AliasChoices, BaseModel, Field

from backend.outbox.rules import OutboxKind


class WhatCame(BaseModel):
    """Which texts a simulated phone asks for: those to its number after the last one it knows."""

    phone: str = Field(max_length=40, validation_alias=AliasChoices("phone", "to"))
    after: int = Field(0, ge=0, le=1_000_000, description="`id` of the last text known; 0 for all.")


class TextOut(BaseModel):
    """A text as the phone shows it; `id` counts the texts to this number."""

    id: int
    text: str
    kind: OutboxKind
    sent_at: datetime


class TextsOut(BaseModel):
    """Texts in the order they came."""

    messages: list[TextOut]

"""Keep customers' pictures and find them again. Flushes, never commits."""

from __future__ import annotations

import os
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.attachments.drawing import Drawn
from backend.attachments.models import Picture
from backend.conversations import service as conversations
from backend.conversations.models import Conversation
from backend.conversations.rules import Author, Mode
from backend.errors import NotFound
from backend.outbox.rules import OutboxKind
from backend.reference import Reference

FOLDER = "pictures"


def receive(
    session: Session,
    conversation: Conversation,
    client_message_id: str,
    drawn: Drawn,
    *,
    data_dir: Path,
    reference: Reference,
    now: datetime,
) -> tuple[Picture, bool]:
    """Keep a picture as a message of its customer; the same client id again keeps nothing. The caller holds the row.

    The bot is not asked about pictures. Who keeps one may thank for it (`thank`).

    Returns:
        The picture, and whether it is new: then its file is there, and goes if the unit of work fails (`discard`).
    """
    known = select(Picture).where(
        Picture.conversation_id == conversation.id, Picture.client_message_id == client_message_id
    )
    if found := session.scalar(known):
        return found, False
    picture = Picture(
        id=uuid.uuid4().hex,
        conversation_id=conversation.id,
        client_message_id=client_message_id,
        file=f"{secrets.token_hex(16)}.jpg",
        size=len(drawn.content),
        width=drawn.width,
        height=drawn.height,
        received_at=now,
    )
    said = conversations.hear(
        session,
        conversation,
        reference.messages.render("picture", conversation.language),
        now=now,
        client_message_id=client_message_id,
        answered_at=now,
        picture={"id": picture.id, "width": drawn.width, "height": drawn.height},
    )
    picture.seq = said.seq
    session.add(picture)
    session.flush()
    _write(path_of(data_dir, picture), drawn.content)
    return picture, True


def thank(
    session: Session,
    conversation: Conversation,
    *,
    heard_at: datetime,
    reply_to: int | None,
    reference: Reference,
    now: datetime,
) -> None:
    """Where the bot answers, tell the customer that what they sent has arrived; an agent tells them otherwise."""
    if conversation.mode not in (Mode.BOT, Mode.WAITING):
        return
    words = reference.messages.render("picture_received", conversation.language)
    said = conversations.say(session, conversation, Author.BOT, words, now=now, reply_to=reply_to)
    conversations.send_out(session, conversation, said, OutboxKind.REPLY, answering=heard_at, now=now)


def discard(data_dir: Path, picture: Picture) -> None:
    """Delete the file of a picture whose row was not kept."""
    path_of(data_dir, picture).unlink(missing_ok=True)


def in_conversation(session: Session, conversation_id: str, picture_id: str) -> Picture:
    """A picture of one conversation.

    Raises:
        NotFound: there is none of this id in it.
    """
    picture = get(session, picture_id)
    if picture.conversation_id != conversation_id:
        raise NotFound("There is no such picture.")
    return picture


def get(session: Session, picture_id: str) -> Picture:
    """A picture, for whoever may see all of them.

    Raises:
        NotFound: there is none of this id.
    """
    picture = session.get(Picture, picture_id)
    if picture is None:
        raise NotFound("There is no such picture.")
    return picture


def of_conversation(session: Session, conversation_id: str, limit: int = 50) -> Sequence[Picture]:
    """The pictures of a conversation, oldest first."""
    query = select(Picture).where(Picture.conversation_id == conversation_id)
    return session.scalars(query.order_by(Picture.seq).limit(limit)).all()


def path_of(data_dir: Path, picture: Picture) -> Path:
    """Where a picture's file is."""
    return data_dir / FOLDER / picture.file[:2] / picture.file


def _write(path: Path, content: bytes) -> None:
    """The whole file or none, readable by the house alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_suffix(".part")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    half.replace(path)

"""Customers send pictures and see their own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Path, UploadFile
from starlette.responses import FileResponse

from backend import db, limits
from backend.attachments import rules, service
from backend.attachments.drawing import Drawn, draw
from backend.attachments.models import Picture
from backend.conversations import service as conversations
from backend.conversations.routes import Token
from backend.conversations.schemas import Answer, answer
from backend.depends import House, InHouse, ReadDb, bearer
from backend.errors import NotFound

router = APIRouter(prefix="/api/chat/conversations", tags=["chat"])

PictureId = Annotated[str, Path(max_length=32, pattern="^[0-9a-f]{32}$")]
HEADERS = {
    "cache-control": "private, max-age=3600",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
}


@router.post("/{conversation_id}/attachments", status_code=201)
def send_picture(
    conversation_id: str,
    file: Annotated[UploadFile, File()],
    client_message_id: Annotated[str, Form(min_length=1, max_length=80)],
    house: InHouse,
    authorization: Token = None,
) -> Answer:
    """Send a photo (JPEG, PNG or WebP, 10 MB at most) as a message. The same `client_message_id` again changes nothing.

    It is drawn anew: position, device and all else the camera noted are gone.
    """
    token = bearer(authorization)
    with db.read_scope(house.sessions) as session:
        conversations.for_customer(session, conversation_id, token)
    limits.hit(limits.PICTURES_BY_CONVERSATION, "picture", conversation_id)
    drawn = draw(file.file.read(rules.LARGEST_BYTES + 1), file.filename or "")
    said = _keep(house, conversation_id, token, client_message_id, drawn)
    house.bus.publish(f"conversation:{conversation_id}", type="changed")
    house.bus.publish("desk", conversation=conversation_id)
    return said


def _keep(house: House, conversation_id: str, token: str, client_message_id: str, drawn: Drawn) -> Answer:
    kept: Picture | None = None
    try:
        with db.session_scope(house.sessions) as session:
            conversation = conversations.for_customer(session, conversation_id, token, hold=True)
            picture, is_new = service.receive(
                session,
                conversation,
                client_message_id,
                drawn,
                data_dir=house.settings.data_dir,
                reference=house.reference,
                now=house.clock.now(),
            )
            kept = picture if is_new else None
            if is_new:
                service.thank(
                    session,
                    conversation,
                    heard_at=picture.received_at,
                    reply_to=picture.seq,
                    reference=house.reference,
                    now=house.clock.now(),
                )
            said = conversations.from_message(session, conversation_id, picture.seq)
            return answer(conversation, [each for each in said if picture.seq in (each.seq, each.reply_to)])
    except BaseException:
        if kept is not None:
            service.discard(house.settings.data_dir, kept)
        raise


@router.get("/{conversation_id}/attachments/{picture_id}")
def see_picture(
    conversation_id: str, picture_id: PictureId, session: ReadDb, house: InHouse, authorization: Token = None
) -> FileResponse:
    """One's own picture."""
    conversations.for_customer(session, conversation_id, bearer(authorization))
    return file_of(house, service.in_conversation(session, conversation_id, picture_id))


def file_of(house: House, picture: Picture) -> FileResponse:
    """A picture's file as an answer.

    Raises:
        NotFound: the file is gone.
    """
    path = service.path_of(house.settings.data_dir, picture)
    if not path.is_file():
        raise NotFound("The picture is not kept any more.")
    return FileResponse(path, media_type="image/jpeg", headers=HEADERS)

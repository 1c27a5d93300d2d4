"""Customers' pictures at the desk: for whoever is signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from backend.attachments import service as attachments
from backend.attachments.routes import PictureId, file_of
from backend.console.page import ConsoleRoute, ReadPage
from backend.tickets import service as tickets

router = APIRouter(route_class=ConsoleRoute)


@router.get("/pictures/{picture_id}")
def picture(page: ReadPage, picture_id: PictureId) -> Response:
    """One picture."""
    return file_of(page.house, attachments.get(page.session, picture_id))


@router.get("/tickets/{ticket_no}/pictures")
def of_ticket(page: ReadPage, ticket_no: Annotated[str, Path(max_length=20)]) -> Response:
    """The pictures of the conversation a ticket comes from."""
    ticket = tickets.find(page.session, ticket_no)
    found = attachments.of_conversation(page.session, ticket.conversation_id) if ticket.conversation_id else []
    return page.show("inbox/_pictures.html", pictures=found)

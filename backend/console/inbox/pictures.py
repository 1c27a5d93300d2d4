"""Customers' pictures at the desk: for whoever is signed in."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from backend.attachments import service as attachments
from backend.attachments.routes import PictureId, file_of
from backend.console.page import ConsoleRoute, ReadPage

router = APIRouter(route_class=ConsoleRoute)


@router.get("/pictures/{picture_id}")
def picture(page: ReadPage, picture_id: PictureId) -> Response:
    """One picture."""
    return file_of(page.house, attachments.get(page.session, picture_id))

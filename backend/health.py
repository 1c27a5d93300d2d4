"""Alive, ready, measured: what an operator's tools ask."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from backend import db, scheduler
from backend.depends import House, InHouse
from backend.outbox import service as outbox

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process is alive."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request, response: Response, house: InHouse) -> dict[str, Any]:
    """Whether the house can serve: 503 when the database is away or the scheduler stands still.

    A bot that is warming or down does not count: messages are kept and safety texts are given without it.
    """
    report: dict[str, Any] = {"database": "ok", "bot": request.app.state.turns.state.value}
    try:
        report["scheduler"], is_ticking = _scheduler(house)
    except SQLAlchemyError:
        report |= {"database": "down", "scheduler": None}
        is_ticking = False
    if not is_ticking:
        response.status_code = 503
    return report


def _scheduler(house: House) -> tuple[dict[str, Any], bool]:
    now = house.clock.now()
    with db.read_scope(house.sessions) as session:
        session.execute(text("SELECT 1"))
        oldest = outbox.oldest_due_age(session, now=now)
    last = scheduler.last_tick(house.sessions)
    is_ticking = last is None or now - last < scheduler.STALE_AFTER
    return {"last_tick": last.isoformat() if last else None, "oldest_due_age_s": oldest}, is_ticking


@router.get("/metrics")
def metrics() -> Response:
    """Prometheus."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

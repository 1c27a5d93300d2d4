"""Alive, ready, measured: what an operator's tools ask."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from backend import db, scheduler
from backend.depends import House, InHouse
from backend.errors import TooLarge
from backend.outbox import service as outbox
from backend.web_guard import CSP

router = APIRouter(tags=["health"])
CSP_REPORTS = Counter("hotline_csp_reports", "Breaches of the content security policy browsers report", ["directive"])
DIRECTIVES = frozenset(part.split()[0] for part in CSP.split(";"))
LARGEST_REPORT = 16_384


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


@router.post("/csp-reports", status_code=204)
async def csp_report(request: Request) -> None:
    """Count a breach of the content security policy. Only the directive is kept, no address."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_REPORT:
            raise TooLarge("The report is too long.")
    CSP_REPORTS.labels(_directive_of(body)).inc()


def _directive_of(body: bytes) -> str:
    """The directive a report names; `other` for what no policy of ours has, or what is no report."""
    try:
        report = json.loads(body)["csp-report"]
        told = str(report.get("effective-directive") or report.get("violated-directive") or "").split()
    except (ValueError, KeyError, TypeError, AttributeError):
        return "other"
    name = told[0] if told else ""
    return next(
        (each for each in (name, name.removesuffix("-elem").removesuffix("-attr")) if each in DIRECTIVES), "other"
    )

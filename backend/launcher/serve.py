"""The web's process. A module of its own: importing the whole service takes longer than anything `hotline up` does."""

from __future__ import annotations

import gc

import uvicorn
from fastapi import FastAPI

from backend import db, main
from backend.agents import service as agents
from backend.clock import WallClock
from backend.launcher import embedded
from backend.settings import Settings

DRAIN_S = 20


def web(settings: Settings, *, host: str, port: int, prepare: bool) -> None:
    """Run the web in this process until a signal; open requests get 20 s to end.

    Args:
        prepare: bring the tables up to date and make the first agent before opening, as `hotline up` wants it.

    Raises:
        Obstacle: the port is taken.
        BadSettings: a secret is missing.
    """
    settings.require_secrets()
    embedded.require_port(host, port)
    if prepare:
        _prepare(settings)
    uvicorn.run(
        _application,
        factory=True,
        host=host,
        port=port,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=DRAIN_S,
    )


def _application() -> FastAPI:
    """What stays for good is not searched by each garbage collection: that took a sixth of a page of the inbox."""
    app = main.create_app()
    gc.collect()
    gc.freeze()
    return app


def _prepare(settings: Settings) -> None:
    db.migrate(settings.database)
    engine = db.make_engine(settings.database)
    with db.session_scope(db.make_sessions(engine)) as session:
        agents.ensure_first_agent(session, settings.data_dir, now=WallClock(settings.start_at).now())
    engine.dispose()

"""The composition root: builds the house and the application. The only file that knows everyone."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import structlog
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from backend import db, health, logs, problems, reference, scheduler
from backend.agents import routes as agents
from backend.appointments import jobs as appointment_jobs
from backend.appointments.answering import Answering
from backend.appointments.links import Links
from backend.bus import Bus
from backend.callbacks import jobs as callback_jobs
from backend.callbacks import routes as callbacks
from backend.clock import Clock, WallClock
from backend.console import routes as console
from backend.conversations import jobs as conversation_jobs
from backend.conversations import routes as conversations
from backend.conversations import sms_routes, socket
from backend.conversations.bot_client import BotState, RasaBot
from backend.conversations.turn import Turns
from backend.depends import House
from backend.knowledge import routes as knowledge
from backend.outbox import jobs as outbox_jobs
from backend.outbox import routes as outbox
from backend.reviews import jobs as review_jobs
from backend.reviews import service as reviews
from backend.settings import ROOT, Settings, load
from backend.tickets import routes as tickets
from backend.web import routes as web
from backend.web import visit_routes
from backend.web_guard import Guard
from telephony.console_carrier import ConsoleCarrier
from telephony.ports import Carrier

log = structlog.get_logger(__name__)


def build_carrier(settings: Settings) -> Carrier:
    """The carrier the settings name."""
    if settings.carrier == "console":
        return ConsoleCarrier(own_numbers=settings.numbers_of_ours)
    from telephony.twilio_carrier import TwilioCarrier  # noqa: PLC0415 (a house without Twilio opens sooner)

    return TwilioCarrier(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        sender=settings.twilio_from,
        status_url=f"{settings.public_base_url.rstrip('/')}/telephony/status",
        api_url=settings.twilio_api_url or None,
        own_numbers=settings.numbers_of_ours,
    )


def build_house(settings: Settings, clock: Clock | None = None) -> House:
    """The parts every room asks for."""
    return House(
        settings=settings,
        sessions=db.make_sessions(db.make_engine(settings.database)),
        clock=clock or WallClock(settings.start_at),
        reference=reference.current(),
        carrier=build_carrier(settings),
        bus=Bus(),
    )


def build_jobs(house: House, turns: Turns, loop: asyncio.AbstractEventLoop) -> list[scheduler.Job]:
    """One tick a room."""
    owner = f"{os.uname().nodename}:{os.getpid()}"

    def converse(now: datetime) -> int:
        work = conversation_jobs.run_due(house.sessions, now, turns)
        taken_up: int = asyncio.run_coroutine_threadsafe(work, loop).result()
        return taken_up

    def call_back(now: datetime) -> int:
        return callback_jobs.run_due(house.sessions, now, house.reference)

    def visit(now: datetime) -> int:
        return appointment_jobs.run_due(house.sessions, now, house.reference, Links.of(house))

    def send(now: datetime) -> int:
        return outbox_jobs.run_due(house.sessions, now, house.carrier, house.reference, owner, clock=house.clock.now)

    def review(now: datetime) -> int:
        return review_jobs.run_due(house.sessions, now)

    return [
        scheduler.Job("conversations", converse, every_s=1),
        scheduler.Job("callbacks", call_back, every_s=2),
        scheduler.Job("appointments", visit, every_s=2),
        scheduler.Job("outbox", send, every_s=1),
        scheduler.Job("reviews", review, every_s=5),
    ]


async def watch_bot(turns: Turns) -> None:
    """Know whether the bot is ready: look every second until it is, then every five."""
    while True:
        state = await turns.look()
        await asyncio.sleep(5 if state is BotState.READY else 1)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    house: House = app.state.house
    turns: Turns = app.state.turns
    for warning in house.reference.warnings(house.clock.now()):
        log.warning("reference data runs out", what=warning)
    ticks = scheduler.Scheduler(house.sessions, house.clock, build_jobs(house, turns, asyncio.get_running_loop()))
    ticks.start()
    watcher = asyncio.create_task(watch_bot(turns))
    yield
    watcher.cancel()
    with suppress(asyncio.CancelledError):
        await watcher
    await asyncio.to_thread(ticks.stop)
    await turns.close()
    house.sessions.kw["bind"].dispose()


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> FastAPI:
    """The application.

    Raises:
        BadSettings: a secret is missing.
        BadReference: a file in data/ cannot be used.
    """
    settings = settings or load()
    settings.require_secrets()
    logs.configure(settings.log_level)
    house = build_house(settings, clock)
    app = FastAPI(
        title="Hotline",
        version="0.1.0",
        summary="An open after-sales hotline",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.house = house
    bot = RasaBot(settings.bot_url, settings.bot_token, settings.bot_timeout_s)
    app.state.turns = Turns(house, bot, reviews.note, Answering(house.reference, Links.of(house)))
    problems.install(app)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=sorted(settings.origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Retry-After"],
        )
    app.add_middleware(Guard)
    for router in (
        web.router,
        visit_routes.router,
        conversations.router,
        conversations.bot_router,
        socket.router,
        sms_routes.router,
        outbox.router,
        agents.router,
        tickets.router,
        callbacks.router,
        knowledge.router,
        console.router,
        health.router,
    ):
        app.include_router(router)
    app.mount("/console/static", console.static_files(ROOT / "backend" / "console" / "static"))
    return app

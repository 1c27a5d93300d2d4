"""The composition root: builds the house and the application. The only file that knows everyone."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial

import structlog
from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError
from starlette.middleware.cors import CORSMiddleware

from backend import db, health, logs, problems, reference, scheduler
from backend.agents import routes as agents
from backend.appointments import jobs as appointment_jobs
from backend.appointments.answering import Answering
from backend.appointments.links import Links
from backend.attachments import fetching
from backend.attachments import jobs as attachment_jobs
from backend.attachments import policy as picture_policy
from backend.attachments import routes as attachments
from backend.attachments.rules import LARGEST_BYTES
from backend.audit import jobs as audit_jobs
from backend.bus import Bus
from backend.callbacks import jobs as callback_jobs
from backend.callbacks import outgoing_routes
from backend.callbacks import routes as callbacks
from backend.calls import jobs as call_jobs
from backend.calls import outgoing_routes as call_taking
from backend.calls import routes as calls
from backend.clock import Clock, WallClock
from backend.console import routes as console
from backend.console.outbox import api as outbox_api
from backend.conversations import jobs as conversation_jobs
from backend.conversations import letterbox, sms_routes, socket
from backend.conversations import routes as conversations
from backend.conversations.bot_client import BotState, RasaBot
from backend.conversations.turn import Turns, first_of
from backend.depends import House
from backend.errors import BadPhone, BadSettings
from backend.escalations import jobs as escalation_jobs
from backend.escalations import mails
from backend.escalations import routes as escalations
from backend.escalations.mailer import ConsoleMailer, Mailer, Security, SmtpMailer
from backend.escalations.telling import Staff
from backend.followups import jobs as followup_jobs
from backend.followups.answering import answer as answer_followup
from backend.kernel import phone as phones
from backend.knowledge import routes as knowledge
from backend.outbox import housekeeping as outbox_housekeeping
from backend.outbox import jobs as outbox_jobs
from backend.outbox import policy as outbox_policy
from backend.outbox import routes as outbox
from backend.outbox import service as outbox_service
from backend.privacy import jobs as privacy_jobs
from backend.reference import gateway
from backend.relay import Relay
from backend.reviews import jobs as review_jobs
from backend.reviews import masking
from backend.reviews import service as reviews
from backend.revisions import jobs as revision_jobs
from backend.revisions import service as revisions
from backend.settings import ROOT, Settings, load
from backend.tickets import jobs as ticket_jobs
from backend.tickets import routes as tickets
from backend.web import routes as web
from backend.web import visit_routes
from backend.web_guard import Guard
from bot.text.hazard import hazard
from telephony.console_carrier import ConsoleCarrier
from telephony.media import MediaSource, NoMedia, TwilioMedia
from telephony.ports import Carrier, Feature, Letterbox
from telephony.recordings import NoRecordings, Recordings, TwilioRecordings

log = structlog.get_logger(__name__)


def build_carrier(settings: Settings, policy: reference.Reference) -> Carrier:
    """The carrier the settings name."""
    if settings.carrier == "console":
        return ConsoleCarrier(own_numbers=settings.numbers_of_ours)
    if settings.carrier == "tencent":
        from telephony.tencent_carrier import TencentCarrier  # noqa: PLC0415 (likewise)

        table = gateway.current()
        return TencentCarrier(
            secret_id=settings.tencent_secret_id,
            secret_key=settings.tencent_secret_key.get_secret_value(),
            app_id=settings.tencent_app_id,
            signature=table.signature,
            approved=gateway.approved(table, policy.messages),
            texts_per_second=settings.tencent_texts_per_second,
            api_url=settings.tencent_api_url,
            own_numbers=settings.numbers_of_ours,
        )
    from telephony.twilio_carrier import TwilioCarrier  # noqa: PLC0415 (a house without Twilio opens sooner)

    return TwilioCarrier(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        sender=settings.twilio_from,
        caller=settings.twilio_caller,
        texts_per_second=settings.twilio_texts_per_second,
        calls_per_second=settings.twilio_calls_per_second,
        status_url=f"{settings.public_base_url.rstrip('/')}/telephony/status",
        outgoing_url=f"{settings.public_base_url.rstrip('/')}/telephony/outgoing",
        api_url=settings.twilio_api_url or None,
        own_numbers=settings.numbers_of_ours,
    )


def build_media(settings: Settings) -> MediaSource:
    """Where photos of texts come from."""
    if settings.carrier != "twilio":
        return NoMedia()
    pictures = picture_policy.current()
    return TwilioMedia(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        most_bytes=LARGEST_BYTES,
        timeout_s=pictures.silence_seconds,
        whole_s=pictures.whole_seconds,
    )


def build_recordings(settings: Settings, policy: reference.Reference) -> Recordings:
    """Where the messages callers leave lie."""
    if settings.carrier != "twilio":
        return NoRecordings()
    account, token = settings.twilio_account_sid, settings.twilio_auth_token.get_secret_value()
    most_bytes = policy.voice.largest_message_mb * 1024 * 1024
    source = TwilioMedia(account_sid=account, auth_token=token, most_bytes=most_bytes)
    return TwilioRecordings(account_sid=account, auth_token=token, source=source)


def build_mailer(settings: Settings) -> Mailer:
    """Who carries mails to staff."""
    if not settings.smtp_host:
        return ConsoleMailer()
    return SmtpMailer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.smtp_from,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value(),
        security=Security(settings.smtp_security),
    )


def build_staff(settings: Settings, policy: reference.Reference) -> Staff:
    """By what staff are reached.

    Raises:
        BadSettings: the duty phone is no number we can ring.
    """
    duty = settings.duty_phone or (policy.escalations.demo_duty_phone if settings.carrier == "console" else "")
    try:
        number = outbox_service.number(duty, own_numbers=settings.numbers_of_ours).e164 if duty else ""
    except BadPhone as error:
        raise BadSettings(f"HOTLINE_DUTY_PHONE: {error}") from None
    base = settings.public_base_url.rstrip("/")
    return Staff(number, settings.numbers_of_ours, f"{base}/console/escalations" if base else "")


def build_house(settings: Settings, clock: Clock | None = None) -> House:
    """The parts every room asks for."""
    policy = reference.current()
    return House(
        settings=settings,
        sessions=db.make_sessions(db.make_engine(settings.database)),
        clock=clock or WallClock(settings.start_at),
        reference=policy,
        carrier=build_carrier(settings, policy),
        bus=Bus(),
        recordings=build_recordings(settings, policy),
    )


def letterbox_job(house: House, turns: Turns, loop: asyncio.AbstractEventLoop) -> list[scheduler.Job]:
    """The tick that asks a carrier which does not call back what has come of texts, and what came in."""
    box = house.carrier
    if not isinstance(box, Letterbox):
        return []
    held = letterbox.Held()

    def empty(now: datetime) -> int:
        found = letterbox.run_due(house.sessions, now, box, house.carrier.name, house.reference, held)
        for conversation_id in found.answer:
            house.bus.publish("desk", conversation=conversation_id)
            asyncio.run_coroutine_threadsafe(turns.answer(conversation_id), loop)
        return found.handled

    return [scheduler.Job("letterbox", empty, every_s=5)]


def photo_job(house: House) -> Callable[[datetime], int]:
    """The tick that fetches photos of texts."""
    source = build_media(house.settings)

    def fetch(now: datetime) -> int:
        means = fetching.Means(source, house.settings.data_dir, house.reference)
        changed = fetching.run_due(house.sessions, now, means, clock=house.clock.now)
        for conversation_id in changed:
            house.bus.publish(f"conversation:{conversation_id}", type="changed")
            house.bus.publish("desk", conversation=conversation_id)
        return len(changed)

    return fetch


def build_jobs(
    house: House,
    turns: Turns,
    loop: asyncio.AbstractEventLoop,
    closing: threading.Event,
    *,
    hands: int | None = None,
) -> list[scheduler.Job]:
    """One tick a room; what takes long stops early once `closing` is set.

    Args:
        hands: calls to the carrier under way at once; default: as the outbox's policy says.
    """
    owner = f"{os.uname().nodename}:{os.getpid()}"

    def converse(now: datetime) -> int:
        work = conversation_jobs.run_due(house.sessions, now, turns)
        taken_up: int = asyncio.run_coroutine_threadsafe(work, loop).result()
        returned = conversation_jobs.return_lost(house.sessions, now)
        for conversation_id in returned:
            house.bus.publish(f"conversation:{conversation_id}", type="changed")
            house.bus.publish("desk", conversation=conversation_id, ring="asked")
        return taken_up + len(returned)

    def send(now: datetime) -> int:
        tidied = outbox_housekeeping.run_due(house.sessions, now, house.reference.calendar)
        return tidied + outbox_jobs.run_due(
            house.sessions,
            now,
            house.carrier,
            house.reference,
            owner,
            clock=house.clock.now,
            wait=closing.wait,
            hands=hands or outbox_policy.current().hands,
        )

    staff, mailer = build_staff(house.settings, house.reference), build_mailer(house.settings)

    def escalate(now: datetime) -> int:
        handled = escalation_jobs.run_due(house.sessions, now, house.reference, staff=staff)
        if handled:
            house.bus.publish("desk", escalations="changed")
        return handled

    def take_over_policy(now: datetime) -> int:
        changed = revision_jobs.run_due(house, now)
        return changed + (ticket_jobs.recount(house.sessions, now, house.reference) if changed else 0)

    def forget_in_bot(conversation_id: str) -> None:
        asyncio.run_coroutine_threadsafe(turns.bot.forget(conversation_id), loop).result()

    def delete_on_request(now: datetime) -> int:
        key = house.settings.secret_key.get_secret_value().encode()
        done = privacy_jobs.run_due(house.sessions, now, key=key, forget=forget_in_bot)
        return done + (attachment_jobs.run_due(house.sessions, now, house.settings.data_dir) if done else 0)

    sessions = house.sessions
    return [
        scheduler.Job("conversations", converse, every_s=1),
        scheduler.Job("attachments", photo_job(house), every_s=2),
        scheduler.Job("callbacks", lambda now: callback_jobs.run_due(sessions, now, house.reference), every_s=2),
        scheduler.Job(
            "appointments",
            lambda now: appointment_jobs.run_due(sessions, now, house.reference, Links.of(house)),
            every_s=2,
        ),
        scheduler.Job("escalations", escalate, every_s=2),
        scheduler.Job("mails", lambda now: mails.send_due(sessions, mailer, now, clock=house.clock.now), every_s=2),
        scheduler.Job("calls", lambda now: call_jobs.run_due(house, now), every_s=5),
        scheduler.Job("followups", partial(_follow_up, house), every_s=5),
        scheduler.Job("outbox", send, every_s=1),
        scheduler.Job("reviews", lambda now: review_jobs.run_due(sessions, now), every_s=5),
        scheduler.Job("revisions", take_over_policy, every_s=3),
        scheduler.Job("audit", lambda now: audit_jobs.run_due(sessions, now), every_s=10),
        scheduler.Job("privacy", delete_on_request, every_s=10),
        *letterbox_job(house, turns, loop),
    ]


def _follow_up(house: House, now: datetime) -> int:
    def announce(conversation_id: str) -> None:
        house.bus.publish(f"conversation:{conversation_id}", type="changed")

    return followup_jobs.run_due(house.sessions, now, house.reference, announce=announce)


async def watch_bot(turns: Turns) -> None:
    """Know whether the bot is ready: look every second until it is, then every five."""
    while True:
        state = await turns.look()
        await asyncio.sleep(5 if state is BotState.READY else 1)


def _take_over_policy(house: House) -> None:
    try:
        revisions.refresh(house)
        ticket_jobs.recount(house.sessions, house.clock.now(), house.reference)
    except DBAPIError as error:  # the web opens all the same; the tick looks again
        log.warning("revisions cannot be read yet", kind=type(error).__name__)


def _lacks_duty_phone(number: str, carrier: Carrier) -> str | None:
    """Why danger out of hours rings nobody, or None when somebody is rung."""
    if not number:
        return "HOTLINE_DUTY_PHONE is not set: danger out of hours rings nobody"
    if not carrier.capabilities.can(Feature.VOICE, phones.stored(number).region):
        return f"{carrier.name} makes no calls to the country of HOTLINE_DUTY_PHONE: danger out of hours rings nobody"
    return None


def _read_dictionaries() -> None:
    """Read at the opening what is else read with the first words: neither danger nor a carrier waits for it then."""
    hazard("漏电")
    masking.mask("漏电")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    house: House = app.state.house
    turns: Turns = app.state.turns
    await asyncio.to_thread(_take_over_policy, house)
    for warning in house.reference.warnings(house.clock.now()):
        log.warning("reference data runs out", what=warning)
    if lacking := _lacks_duty_phone(build_staff(house.settings, house.reference).duty_phone, house.carrier):
        log.warning(lacking)
    closing = threading.Event()
    jobs = build_jobs(house, turns, asyncio.get_running_loop(), closing)
    ticks = scheduler.Scheduler(house.sessions, house.clock, jobs)
    ticks.start()
    relay = Relay.of(house.bus, house.sessions.kw["bind"])
    if relay:
        relay.start()
    watcher = asyncio.create_task(watch_bot(turns))
    reading = asyncio.create_task(asyncio.to_thread(_read_dictionaries))
    yield
    await reading
    watcher.cancel()
    with suppress(asyncio.CancelledError):
        await watcher
    closing.set()
    await asyncio.to_thread(ticks.stop)
    await turns.close()
    if relay:
        await asyncio.to_thread(relay.stop)
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
    build_staff(settings, house.reference)  # refuses to open with a duty phone nobody can ring
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
    app.state.turns = Turns(house, bot, reviews.note, first_of(Answering(Links.of(house)), answer_followup))
    problems.install(app, lost=web.lost)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=sorted(settings.origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Retry-After"],
        )
    app.add_middleware(Guard)
    app.mount("/console/static", console.static_files(ROOT / "backend" / "console" / "static"))
    for router in (
        web.router,
        visit_routes.router,
        conversations.router,
        conversations.bot_router,
        attachments.router,
        socket.router,
        sms_routes.router,
        calls.router,
        call_taking.router,
        outbox.router,
        outbox_api.router,
        agents.router,
        tickets.router,
        callbacks.router,
        outgoing_routes.router,
        escalations.router,
        knowledge.router,
        console.router,
        health.router,
    ):
        app.include_router(router)
    return app

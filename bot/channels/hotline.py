"""The input channel `hotline`: the service's turns in, replies out, over loopback with a shared token.

POST /webhooks/hotline/webhook   one turn; the same message_id again returns the same answer without a second effect
GET  /webhooks/hotline/health    200 once a model is loaded, 503 before
POST /webhooks/hotline/erase    forget a conversation whole, on the person's request
POST /webhooks/hotline/explain   why the last turn of a conversation was answered as it was (for writers, not customers)
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.actions.action import ActionSessionStart
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, Sanic
from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.actions.forms import interrupted
from bot.channels.explain import explanation
from bot.channels.ledger import Ledger
from bot.channels.payload import LONGEST_BODY, BadPayload, TurnRequest, turn_request
from bot.channels.reply import expects, messages, told_by_customer, understood
from bot.channels.tracker_store import LedgerTrackerStore
from bot.components.values import spoken_now
from bot.text import script
from bot.text.language import follow
from bot.text.numerals import in_figures
from bot.text.stammer import without_repeats
from bot.text.values import read_values

logger = logging.getLogger(__name__)

WARM_UP = "您好，我是王小明，电话 13800138000，明天下午三点，广州市天河区体育西路5号，热水器不加热。"

_AS_IN_PAPERS = ("name", "address")

OnMessage = Callable[[UserMessage], Awaitable[Any]]


class TurnOutput(CollectingOutputChannel):
    """Collects a turn's utterances; its name chooses the channel's variation of a response."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel

    def name(self) -> str:  # type: ignore[override]
        return self._channel

    async def send_text_message(self, recipient_id: str, text: str, **_kwargs: Any) -> None:
        await self._persist_message(self._message(recipient_id, text=text))


class HotlineInput(InputChannel):
    """Customer text goes in as text: it cannot name an intent, set a slot or restart a conversation."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    def name(cls) -> str:
        return "hotline"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> HotlineInput:
        token = (credentials or {}).get("token") or ""
        if not token or str(token).startswith("${"):
            raise ValueError("The hotline channel needs a token: set HOTLINE_BOT_TOKEN.")
        return cls(str(token))

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        webhook = Blueprint("hotline_channel", __name__)

        @webhook.listener("after_server_start")
        async def warm_up(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
            """The first customer does not wait for dictionaries to be read."""
            agent = _ready_agent(app)
            if agent is not None:
                await agent.parse_message(WARM_UP)

        @webhook.route("/health", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            ready = _ready_agent(request.app) is not None
            return json({"status": "ok" if ready else "warming"}, status=200 if ready else 503)

        @webhook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            return await self._receive(request, on_new_message)

        @webhook.route("/explain", methods=["POST"])
        async def explain(request: Request) -> HTTPResponse:
            return await self._explain(request)

        @webhook.route("/erase", methods=["POST"])
        async def erase(request: Request) -> HTTPResponse:
            return await self._erase(request)

        return webhook

    async def _receive(self, request: Request, on_new_message: OnMessage) -> HTTPResponse:
        if not self._may_speak(request):
            return _problem(401, "unauthorized")
        if len(request.body) > LONGEST_BODY:
            return _problem(413, "too_large")
        try:
            turn = turn_request(request.json)
        except BadPayload as error:
            return _problem(422, f"bad_{error}")
        except InvalidUsage:
            return _problem(400, "not_json")
        agent = _ready_agent(request.app)
        if agent is None:
            return _problem(503, "warming")
        return json(await self._answer(agent, turn, on_new_message))

    async def _explain(self, request: Request) -> HTTPResponse:
        if not self._may_speak(request):
            return _problem(401, "unauthorized")
        agent = _ready_agent(request.app)
        if agent is None:
            return _problem(503, "warming")
        asked = request.json if isinstance(request.json, dict) else {}
        tracker = await agent.tracker_store.retrieve(str(asked.get("conversation_id")))
        return _problem(404, "no_such_conversation") if tracker is None else json(explanation(tracker))

    async def _erase(self, request: Request) -> HTTPResponse:
        if not self._may_speak(request):
            return _problem(401, "unauthorized")
        agent = _ready_agent(request.app)
        if agent is None:
            return _problem(503, "warming")
        conversation_id = request.json.get("conversation_id") if isinstance(request.json, dict) else None
        if not isinstance(conversation_id, str) or not conversation_id:
            return _problem(422, "bad_conversation_id")
        async with self._turns.setdefault(conversation_id, asyncio.Lock()):
            _store(agent).erase(conversation_id)
        return json({"erased": True})

    def _may_speak(self, request: Request) -> bool:
        header = request.headers.get("authorization", "")
        return hmac.compare_digest(header.encode("utf-8", "replace"), b"Bearer " + self._token)

    async def _answer(self, agent: Agent, turn: TurnRequest, on_new_message: OnMessage) -> dict[str, Any]:
        """One turn at a time per conversation, so that Rasa's lock, which polls once a second, never waits."""
        lock = self._turns.setdefault(turn.conversation_id, asyncio.Lock())
        async with lock:
            ledger = _store(agent).ledger
            given = ledger.answer(turn.conversation_id, turn.message_id)
            return given if given is not None else await self._take_turn(agent, turn, on_new_message, ledger)

    async def _take_turn(
        self, agent: Agent, turn: TurnRequest, on_new_message: OnMessage, ledger: Ledger
    ) -> dict[str, Any]:
        said = in_figures(without_repeats(turn.text)) if turn.channel == "voice" else turn.text
        turn = replace(turn, text=said, language=_language_of(turn))
        output = TurnOutput(turn.channel)
        try:
            await _set_the_scene(agent, turn, output)
            await on_new_message(
                UserMessage(
                    turn.text,
                    output,
                    turn.conversation_id,
                    input_channel=self.name(),
                    message_id=turn.message_id,
                    metadata={"now": turn.now, "language": turn.language, "channel": turn.channel},
                )
            )
        except BaseException:
            _store(agent).forget(turn.conversation_id)
            raise
        tracker = await agent.tracker_store.retrieve(turn.conversation_id)
        if not output.messages:
            await _apologise(agent, tracker, output)
        answer = _reply(turn, tracker, output)
        ledger.keep_answer(turn.conversation_id, turn.message_id, answer)
        return answer


def _ready_agent(app: Sanic) -> Agent | None:
    agent = getattr(app.ctx, "agent", None)
    return agent if agent is not None and agent.is_ready() else None


def _store(agent: Agent) -> LedgerTrackerStore:
    store = agent.tracker_store
    inner = getattr(store, "_tracker_store", store)
    if not isinstance(inner, LedgerTrackerStore):
        raise TypeError("The hotline channel needs bot.channels.tracker_store.LedgerTrackerStore (endpoints.yml).")
    return inner


async def _set_the_scene(agent: Agent, turn: TurnRequest, output: TurnOutput) -> None:
    """Language, channel and script as slots; a fresh session once the last one has done its work."""
    processor = agent.processor
    before = await agent.tracker_store.retrieve(turn.conversation_id)
    left = _left_at(before, turn.now) if before else None
    tracker = await processor.fetch_tracker_and_update_session(turn.conversation_id, output)
    events = []
    if left and not tracker.active_loop_name:  # hours of silence have ended the session, not the matter
        events += [SlotSet(interrupted.SLOT, left), SlotSet("requested_slot", None)]
    if tracker.get_slot("conversation_over"):
        events += await ActionSessionStart().run(output, processor.nlg, tracker, processor.domain)
        events.append(SlotSet("conversation_over", None))
    scene = {"language": turn.language, "channel": turn.channel, "script": _script_of(turn, before or tracker)}
    events += [SlotSet(slot, value) for slot, value in scene.items() if tracker.get_slot(slot) != value]
    if events:
        tracker.update_with_events(events, processor.domain)
        await agent.tracker_store.save(tracker)


def _language_of(turn: TurnRequest) -> str:
    """The customer's language, which may change in the middle of a conversation."""
    spoken = spoken_now({"now": turn.now})
    values = [(value["start"], value["end"]) for value in read_values(turn.text, spoken)]
    return follow(turn.text, turn.language, values)


def _script_of(turn: TurnRequest, tracker: DialogueStateTracker) -> str | None:
    """The customer's script of Chinese, which may change, too. What a button says in the customer's place is ours, and
    a name or a place that was asked for is written as it stands in papers."""
    held: str | None = tracker.get_slot("script")
    asked = expects(tracker.get_slot("requested_slot")) if tracker.active_loop_name else None
    if _was_offered(turn.text, tracker) or (held and asked in _AS_IN_PAPERS):
        return held
    values = read_values(turn.text, spoken_now({"now": turn.now}))
    return script.follow(turn.text, held, [(v["start"], v["end"]) for v in values if v["entity"] in _AS_IN_PAPERS])


def _was_offered(text: str, tracker: DialogueStateTracker) -> bool:
    """Whether a button of the bot's last turn says just this."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, BotUttered):
            buttons = event.data.get("buttons") or ()
            if any(button.get("payload") == text for button in buttons):
                return True
    return False


def _left_at(tracker: DialogueStateTracker, now: str) -> dict[str, str] | None:
    """The form under way and when its customer was last heard, by the clock of the turns; None without a form."""
    said = tracker.latest_message
    heard = (said.metadata if said and said.metadata else {}).get("now")
    return interrupted.noted(tracker.active_loop_name, tracker.get_slot("requested_slot"), str(heard or now))


async def _apologise(agent: Agent, tracker: DialogueStateTracker, output: TurnOutput) -> None:
    """Nothing was said: the action server is away. The customer hears so, and what was told is kept."""
    logger.error("A turn produced no answer; is the action server running?")
    draft = await agent.processor.nlg.generate("utter_backend_down", tracker, output.name())
    await output.send_response(tracker.sender_id, draft or {})


def _reply(turn: TurnRequest, tracker: DialogueStateTracker, output: TurnOutput) -> dict[str, Any]:
    said = tracker.latest_message
    intent, entities, slots = said.intent if said else {}, said.entities if said else [], tracker.current_slot_values()
    said_before = (event.text or "" for event in tracker.events if isinstance(event, UserUttered))
    told = told_by_customer(entities, slots, said_before)
    return {
        "messages": messages(output.messages, turn.channel, turn.language, slots.get("script"), told),
        "expects": expects(tracker.get_slot("requested_slot")) if tracker.active_loop_name else None,
        "language": turn.language,
        "intent": intent.get("name"),
        "confidence": round(float(intent.get("confidence") or 0.0), 4),
        **understood(tracker.active_loop_name, entities, slots),
    }


def _problem(status: int, code: str) -> HTTPResponse:
    return json(
        {"type": "about:blank", "title": code.replace("_", " "), "status": status, "code": code},
        status=status,
        content_type="application/problem+json",
    )

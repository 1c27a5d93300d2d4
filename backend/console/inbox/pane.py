"""What the conversation pane shows beside the words: notes, advice, canned replies, appliances, who else it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from backend.agents import replies
from backend.calls import desk_view
from backend.calls.desk_view import CallView
from backend.console import queries
from backend.console.inbox import pane_rules
from backend.console.inbox.pane_rules import Advice, Situation, Step
from backend.console.page import Page
from backend.console.views import OpenConversation
from backend.console.words import Times, mark
from backend.conversations import notes
from backend.conversations.models import Message, Note
from backend.conversations.rules import Author, Channel, Mode
from backend.kernel import phone as phones
from backend.knowledge import service as knowledge
from backend.knowledge.rules import Cover
from backend.reference import Reference
from backend.reviews import policy as reviews
from backend.tickets.models import Ticket

ADVICE = {
    Step.TAKE: (mark("Take it over"), mark("The customer waits for a person.")),
    Step.SAFETY: (mark("Say the safety words first"), mark("Danger was reported and no colleague has answered yet.")),
    Step.LATE: (mark("Say how it stands with the promise"), mark("A promise is overdue or nearly so.")),
    Step.SOOTHE: (mark("Apologise, then listen"), mark("It is a complaint and no colleague has answered yet.")),
    Step.ASK: (mark("Ask for what is missing"), mark("The bot’s form still lacks:")),
    Step.CLARIFY: (mark("Ask what is wanted"), mark("The bot was not sure; it understood:")),
    Step.CALL: (mark("Book a call"), mark("There is a ticket with an open promise, and no call is booked.")),
    Step.WRAP_UP: (mark("Wrap up"), mark("You have answered, and no promise is open.")),
}
FIELDS = {
    "symptom": mark("what is wrong"),
    "model": mark("model"),
    "purchase_date": mark("date of purchase"),
    "name": mark("name"),
    "phone": mark("phone"),
    "address": mark("address"),
    "wanted_time": mark("wished time"),
    "delivered": mark("delivered or not"),
    "readiness": mark("readiness of the place"),
    "complaint_about": mark("what it is about"),
    "complaint_ticket": mark("ticket number"),
    "ticket_no": mark("ticket number"),
    "wanted": mark("what is wished"),
    "move_what": mark("what is moved"),
    "return_reason": mark("why it goes back"),
    "anyone_hurt": mark("anybody hurt"),
    "capacity": mark("capacity"),
    "time": mark("time"),
    "serial_no": mark("serial number"),
    "correction": mark("what is corrected"),
}
COVER_TONES = {Cover.COVERED: "green", Cover.EXPIRED: "red", Cover.UNSURE: "orange", Cover.CONSUMABLE: "grey"}
COVERS = {
    Cover.COVERED: mark("Under warranty"),
    Cover.EXPIRED: mark("Out of warranty"),
    Cover.UNSURE: mark("Warranty uncertain"),
    Cover.UNKNOWN: mark("Warranty unknown"),
    Cover.CONSUMABLE: mark("Consumable"),
}


@dataclass(frozen=True)
class Canned:
    """A canned reply with what is known put in; `found_by` is what the search looks in."""

    code: str
    title: str
    text: str
    found_by: str
    is_own: bool = False


@dataclass(frozen=True)
class Appliance:
    """A heater of the customer's, with the warranty verdict and its reason."""

    ticket: Ticket
    cover: str
    tone: str
    why: str


@dataclass(frozen=True)
class Told:
    """One advice in words, with the canned reply that takes it."""

    advice: Advice
    title: str
    why: str
    reply: Canned | None


@dataclass(frozen=True)
class Pane:
    """What stands around the words of an open conversation.

    Attributes:
        thread: messages and notes in the order they came.
        call: the telephone call it is, if it came in as one.
        understood: intent in plain words, its confidence, and what the bot read and collected.
    """

    thread: list[Message | Note]
    canned: list[Canned]
    told: Told | None
    appliances: list[Appliance]
    intent: str | None
    confidence: int | None
    collected: list[tuple[str, str]]
    missing: list[str]
    colleagues: dict[int, str]
    snoozes: list[tuple[datetime, str]]
    call: CallView | None


def pane(page: Page, opened: OpenConversation, reference: Reference, now: datetime) -> Pane:
    """Everything around an open conversation, with a fixed number of queries."""
    found = opened.conversation
    language = page.words.language
    times = Times(reference.calendar, language, now)
    canned = _canned(page, opened, reference, times)
    understood = found.understood or {}
    written = notes.of(page.session, found.id)
    known = {each["entity"]: each["value"] for each in understood.get("entities") or ()}
    known |= understood.get("collected") or {}
    confidence = understood.get("confidence")
    return Pane(
        thread=_in_order(opened.messages, written),
        canned=canned,
        told=_advice(page, opened, understood, canned),
        appliances=_appliances(opened, reference, now, language),
        intent=_intent(understood.get("intent"), language),
        confidence=round(confidence * 100) if confidence is not None else None,
        collected=[(_field(page, name), _masked(name, value)) for name, value in known.items()],
        missing=[_field(page, name) for name in understood.get("missing") or ()],
        colleagues={each: name for each, name in queries.active_agents(page.session).items() if each != page.agent.id},
        snoozes=[
            (now + timedelta(minutes=minutes), times.lasting(timedelta(minutes=minutes)))
            for minutes in reference.desk.snooze_minutes
        ],
        call=desk_view.of_conversation(page.session, found, now) if found.channel is Channel.VOICE else None,
    )


def _in_order(messages: Sequence[Message], written: Sequence[Note]) -> list[Message | Note]:
    first = messages[0].seq if messages else 0
    keyed = [((each.seq, 0, each.id), each) for each in messages]
    keyed += [((each.after_seq, 1, each.id), each) for each in written if each.after_seq >= first]  # type: ignore[misc]
    return [each for _, each in sorted(keyed, key=lambda pair: pair[0])]


def _canned(page: Page, opened: OpenConversation, reference: Reference, times: Times) -> list[Canned]:
    spoken = "en" if opened.conversation.language == "en" else "zh"
    spoken_times = Times(reference.calendar, spoken, times.now)  # type: ignore[arg-type]
    view = next((each for each in opened.tickets if each.next), None) or next(iter(opened.tickets), None)
    due = view.next.pledge.due_at if view and view.next else None
    call = next((each for each in opened.callbacks if each.status == "booked"), None)
    values = {
        "name": opened.name or "",
        "agent": page.agent.name,
        "ticket_no": view.ticket.ticket_no if view else "",
        "visit_code": view.ticket.visit_code if view else "",
        "due": spoken_times.full(due) if due else "",
        "window": f"{spoken_times.full(call.window_start)}–{spoken_times.clock(call.window_end)}" if call else "",
    }
    mine = page.words.language
    own = [
        Canned(
            f"own_{each.id}",
            each.title,
            pane_rules.fill(each.text, values, spoken),
            f"{each.title} {each.text}".casefold(),
            True,
        )
        for each in replies.of(page.session, page.agent.id)
    ]
    return own + [
        Canned(
            code,
            getattr(each.title, mine),
            pane_rules.fill(getattr(each, spoken), values, spoken),
            f"{code} {each.title.zh} {each.title.en} {getattr(each, spoken)}".casefold(),
        )
        for code, each in reference.canned.replies.items()
        if not each.roles or page.agent.role in each.roles
    ]


def _advice(page: Page, opened: OpenConversation, understood: dict[str, object], canned: list[Canned]) -> Told | None:
    found = opened.conversation
    nexts = [view.next for view in opened.tickets if view.next]
    confidence, missing = understood.get("confidence"), understood.get("missing")
    taken_at = max((m.seq for m in opened.messages if m.author is Author.SYSTEM), default=0)
    advice = pane_rules.advise(
        Situation(
            is_held=found.mode is Mode.HUMAN,
            reason=found.handoff_reason if found.mode in (Mode.WAITING, Mode.HUMAN) else None,
            intent=str(understood.get("intent") or "") or None,
            confidence=confidence if isinstance(confidence, float) else None,
            missing=missing if isinstance(missing, list) else [],
            has_ticket=any(view.next or view.callback for view in opened.tickets),
            is_call_booked=any(each.status == "booked" for each in opened.callbacks),
            promise=min((each.look.value for each in nexts), key=_by_look, default=None),
            has_answered=any(m.author is Author.AGENT and m.seq > taken_at for m in opened.messages),
        )
    )
    if advice is None or found.mode not in (Mode.WAITING, Mode.HUMAN):
        return None
    title, why = ADVICE[advice.step]
    names = ""
    if advice.step is Step.ASK:
        names = " " + _field(page, advice.names)
    elif advice.step is Step.CLARIFY:
        names = " " + (_intent(advice.names, page.words.language) or "—")
    reply = next((each for each in canned if each.code == advice.reply), None)
    return Told(advice, page.say(title), page.say(why) + names, reply)


def _by_look(look: str) -> int:
    return ("overdue", "near", "ok", "undated", "paused").index(look)


def _appliances(opened: OpenConversation, reference: Reference, now: datetime, language: str) -> list[Appliance]:
    """Each heater once: by serial number, else by model and date of purchase; the newest ticket speaks for it."""
    seen: dict[tuple[str | None, ...], Appliance] = {}
    for view in opened.tickets:
        ticket = view.ticket
        if not (ticket.model or ticket.serial_no or ticket.purchase_date):
            continue
        key = (ticket.serial_no,) if ticket.serial_no else (ticket.model, ticket.purchase_date)
        if key in seen:
            continue
        question = knowledge.Question(
            text="",
            channel="web",
            now=now,
            model=ticket.model,
            purchase_date=ticket.purchase_date,
            symptom=ticket.symptom,
            fault_code=ticket.fault_code,
        )
        cover, why = knowledge.explained_verdict(question, reference)
        seen[key] = Appliance(
            ticket, COVERS[cover], COVER_TONES.get(cover, "grey"), why.en if language == "en" else why.zh
        )
    return list(seen.values())


def _intent(intent: object, language: str) -> str | None:
    words = reviews.intents().intents.get(str(intent)) if intent else None
    return (words.en if language == "en" else words.zh) if words else (str(intent) if intent else None)


def _field(page: Page, name: str) -> str:
    return page.say(FIELDS[name]) if name in FIELDS else name


def _masked(name: str, value: str) -> str:
    return phones.mask(value) if name == "phone" else value

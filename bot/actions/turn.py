"""One customer turn as the actions see it: words, meaning and circumstances, read off the tracker once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk import Tracker

from bot.actions.reading import afterthought, answers, manner, questions, story
from bot.text.time import ASKED, GIVEN_UP
from bot.text.values import is_meant

Entity = dict[str, Any]


@dataclass(frozen=True)
class Turn:
    """`now` is an aware ISO instant, or empty when the caller gave none; `entities` are the NLU's, in order; `others`
    are the intents it thought of besides, each with its share."""

    conversation_id: str
    message_id: str
    text: str
    intent: str
    confidence: float
    entities: tuple[Entity, ...]
    language: str
    channel: str
    now: str
    others: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        message = tracker.latest_message or {}
        metadata = message.get("metadata") or {}
        intent = message.get("intent") or {}
        told, text = list(_counted(message)), (message.get("text") or "").strip()
        now = metadata.get("now") or ""
        return cls(
            conversation_id=tracker.sender_id,
            message_id=str(message.get("message_id") or ""),
            text=text,
            intent=intent.get("name") or "",
            confidence=float(intent.get("confidence") or 0.0),
            entities=(*told, *afterthought.values(text, told, now)),
            language=metadata.get("language") or tracker.get_slot("language") or "zh",
            channel=metadata.get("channel") or tracker.get_slot("channel") or "web",
            now=now,
            others=tuple(
                (each["name"], float(each["confidence"])) for each in (message.get("intent_ranking") or ())[1:]
            ),
        )

    def wants(self, name: str) -> bool:
        """Whether that is what the message wants, first or also."""
        return self.intent == name or self.also_wants((name,), 0.25) is not None

    def also_wants(self, names: Iterable[str], at_least: float) -> str | None:
        """Another intent of these names that the message carries beside its first, or None."""
        return next((name for name, share in self.others if name in names and share >= at_least), None)

    def with_words(self, text: str) -> Turn:
        """The same turn with other words in it, of which no values are known."""
        return replace(self, text=text, entities=())

    def entity(self, name: str) -> Entity | None:
        """The last entity of that name: who corrects himself in one sentence means the latter.

        A time that stands beside the one that is meant (`is_meant`) is passed over.
        """
        found = [entity for entity in self.entities if entity.get("entity") == name and is_meant(entity)]
        return found[-1] if found else None

    def all(self, name: str) -> list[Entity]:
        """All entities of that name, in order."""
        return [entity for entity in self.entities if entity.get("entity") == name]

    def value(self, name: str) -> Any:
        entity = self.entity(name)
        return entity.get("value") if entity else None

    def beside(self, names: tuple[str, ...]) -> str:
        """The customer's words without the entities of these names."""
        kept, at = [], 0
        spans = sorted((e["start"], e["end"]) for e in self.entities if e.get("entity") in names and "start" in e)
        for start, end in spans:
            kept.append(self.text[at:start])
            at = max(at, end)
        return " ".join([*kept, self.text[at:]])

    def span(self, name: str) -> str | None:
        """The customer's own words for an entity."""
        entity = self.entity(name)
        if entity is None:
            return None
        start, end = entity.get("start"), entity.get("end")
        if isinstance(start, int) and isinstance(end, int) and self.text[start:end].strip():
            return self.text[start:end].strip()
        return str(entity.get("text") or entity.get("value") or "").strip() or None


def earlier_entities(tracker: Tracker) -> Iterator[Entity]:
    """Entities of the customer's earlier messages in this session, oldest first; what was told for a ticket that has
    been saved since is not told for the next one."""
    for event in _said_before(tracker):
        yield from _entities(event)


def earlier_fault(tracker: Tracker) -> str | None:
    """The words of the last earlier message that told of a fault, without what it asked; None when none did."""
    told = next((event for event in reversed(_said_before(tracker)) if _tells_of_a_fault(event)), None)
    if told is None:
        return None
    text, faults = str(told.get("text") or ""), [each for each in _entities(told) if each.get("entity") == "symptom"]
    spans = [(int(each["start"]), int(each["end"])) for each in faults if "start" in each]
    return (story.clauses_with(text, spans, []) if questions.is_question(text) else None) or text


def earlier_part(tracker: Tracker) -> str | None:
    """The words of the last earlier message that spoke of a part of the heater; None when none did."""
    told = (event for event in reversed(_said_before(tracker)) if _names(event, "product_part"))
    return next((str(event.get("text") or "") for event in told), None)


def _said_before(tracker: Tracker) -> list[dict[str, Any]]:
    saved = (at for at, event in enumerate(tracker.events) if event.get("name") in _ENDS_A_MATTER)
    return [event for event in tracker.events[max(saved, default=0) :] if event.get("event") == "user"][:-1]


def _entities(event: dict[str, Any]) -> Iterable[Entity]:
    return (event.get("parse_data") or {}).get("entities") or ()


def _counted(message: Mapping[str, Any]) -> Iterator[Entity]:
    """The entities of a message without the times that tell the dialogue nothing: those that opening hours are asked
    for, and those that are given up where no visit is moved."""
    is_move = (message.get("intent") or {}).get("name") == "reschedule"
    for entity in message.get("entities") or ():
        if entity.get("role") != ASKED and (is_move or entity.get("role") != GIVEN_UP):
            yield entity


def _tells_of_a_fault(event: dict[str, Any]) -> bool:
    return _names(event, "symptom")


def _names(event: dict[str, Any], entity: str) -> bool:
    return any(each.get("entity") == entity for each in _entities(event))


_ENDS_A_MATTER = ("action_save_ticket", "action_cancel_ticket")


def words_of(tracker: Tracker, message_id: str | None) -> str | None:
    """The customer's words in an earlier message, or None when it is no longer remembered."""
    for event in reversed(tracker.events):
        if event.get("event") == "user" and message_id and str(event.get("message_id")) == message_id:
            return str(event.get("text") or "")
    return None


def said_last(tracker: Tracker) -> str:
    """What the bot said between the customer's message before the last and the last one."""
    said: list[str] = []
    is_before = False
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            if is_before:
                break
            is_before = True
        elif event.get("event") == "bot" and is_before:
            said.append(str(event.get("text") or ""))
    return "\n".join(reversed(said))


def answered_already(tracker: Tracker, form: str) -> bool:
    """Whether another action has spoken since the customer's last words (the form is only resumed)."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") not in (form, "action_listen"):
            return True
    return False


_LOOKS_UP = frozenset({"action_tell_status", "action_chase", "action_cancel_ticket"})


def looked_up_in_vain(tracker: Tracker) -> bool:
    """Whether a ticket has been looked for since the customer's last words; where a form goes on, in vain."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") in _LOOKS_UP:
            return True
    return False


def intents_in_a_row(tracker: Tracker, intents: Collection[str]) -> int:
    """How many of the customer's latest messages all meant one of these."""
    times = 0
    for event in reversed(tracker.events):
        if event.get("event") != "user":
            continue
        if ((event.get("parse_data") or {}).get("intent") or {}).get("name") not in intents:
            break
        times += 1
    return times


def latest_words(tracker: Tracker, count: int) -> list[str]:
    """The customer's so many latest messages, oldest first."""
    return [str(event.get("text") or "") for event in tracker.events if event.get("event") == "user"][-count:]


def was_in_danger(tracker: Tracker) -> bool:
    """Whether a danger was reported in this conversation."""
    return any(
        event.get("event") == "action" and event.get("name") == "action_report_hazard" for event in tracker.events
    )


def dropped_last(tracker: Tracker) -> str | None:
    """The form that was dropped with the customer's message before this one; None when none was."""
    events = list(tracker.events)
    latest = max((at for at, event in enumerate(events) if event.get("event") == "user"), default=0)
    told = [at for at, event in enumerate(events[:latest]) if event.get("event") == "user"]
    since = told[-1] if told else 0
    if not any(_says(event) == "utter_form_cancelled" for event in events[since:latest]):
        return None
    begun = (event.get("name") for event in reversed(events[:latest]) if event.get("event") == "active_loop")
    return next((str(name) for name in begun if name), None)


_CALLED = ("utter_handed_over", "utter_handed_over_stuck", "utter_still_calling")
"""What is said when a person has been called."""


def waits_for_person(tracker: Tracker) -> bool:
    """Whether a person was called in this conversation, and not called off since."""
    for event in reversed(tracker.events):
        if _says(event) in _CALLED:
            return True
        if event.get("event") == "action" and event.get("name") == "action_withdraw_hand_over":
            return False
    return False


def _says(event: dict[str, Any]) -> str | None:
    return (event.get("metadata") or {}).get("utter_action") if event.get("event") == "bot" else None


def asks_for_the_called(tracker: Tracker) -> bool:
    """Whether somebody who waits for a person asks where they stay."""
    return waits_for_person(tracker) and manner.asks_where_the_person_is(Turn.of(tracker).text)


def of_the_called(tracker: Tracker) -> str | None:
    """The action for somebody who asks where the person stays that was called, or needs none any more; that any no
    says where calling one was the last that was spoken of."""
    if asks_for_the_called(tracker):
        return "action_hand_over"
    text = Turn.of(tracker).text
    is_no_more = manner.wants_no_person(text)
    if waits_for_person(tracker):
        is_no_more = is_no_more or manner.waits_no_longer(text) or (_just_called(tracker) and answers.gives_up(text))
    return "action_withdraw_hand_over" if is_no_more else None


def waits_on(tracker: Tracker) -> bool:
    """Whether somebody for whom a person was just called only says that they wait: "嗯", "I'm holding"."""
    text = Turn.of(tracker).text
    is_meant = manner.only_waits(text) or answers.is_particle(text) or answers.is_yes(text)
    return is_meant and _just_called(tracker) and waits_for_person(tracker)


def _just_called(tracker: Tracker) -> bool:
    said = (_says(event) for event in reversed(tracker.events) if event.get("event") == "bot")
    return next(said, None) in (*_CALLED, "utter_called_comes")

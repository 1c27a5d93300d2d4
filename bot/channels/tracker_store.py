"""A tracker store that writes only what is new and keeps live trackers in memory.

Rasa's SQL store reads and replays a whole conversation at every turn. Here a turn costs one insert: the tracker of a
running conversation stays in memory, only its last session is kept there, and after a restart it is rebuilt from the
ledger. One Rasa process owns the file; conversations are turned one message at a time by the channel.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels import graph, remote_action
from bot.channels.ledger import Ledger, data_file

remote_action.check_results_with_compiled_schemas()
remote_action.keep_the_connection()
graph.run_without_scheduler()

LIVE_TRACKERS = 2_000
"""Conversations kept in memory; the least recently used leaves first and is read back when needed."""


@dataclass
class _Live:
    tracker: DialogueStateTracker
    written: int


class LedgerTrackerStore(TrackerStore):
    """Durable and fast; see the module's words. Configured by `endpoints.yml`."""

    def __init__(self, domain: Domain | None = None, event_broker: EventBroker | None = None, **kwargs: Any) -> None:
        super().__init__(domain, event_broker)
        self.ledger: Ledger = kwargs.get("ledger") or Ledger(data_file())
        self._live: OrderedDict[str, _Live] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        live = self._live.get(tracker.sender_id)
        written = live.written if live is not None and live.tracker is tracker else 0
        fresh = list(tracker.events)[written:]
        if fresh:
            self.ledger.append(tracker.sender_id, [event.as_dict() for event in fresh])
        if any(isinstance(event, SessionStarted) for event in fresh):
            tracker = self._last_session_of(tracker)
        self._keep(tracker.sender_id, _Live(tracker, len(tracker.events)))

    async def stream_events(self, tracker: DialogueStateTracker) -> None:
        if self.event_broker is not None:
            await super().stream_events(tracker)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        live = self._live.get(sender_id)
        if live is None:
            tracker = self._rebuilt(sender_id, last_session=True)
            if tracker is None:
                return None
            live = _Live(tracker, len(tracker.events))
        self._keep(sender_id, live)
        return live.tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        return self._rebuilt(conversation_id, last_session=False)

    async def keys(self) -> Iterable[str]:
        return self.ledger.conversations()

    def forget(self, sender_id: str) -> None:
        """Drops a live tracker, with what a failed turn left unsaved; the ledger has the last good state."""
        self._live.pop(sender_id, None)

    def erase(self, sender_id: str) -> None:
        """A conversation is gone, from memory and from the ledger (a person asked for it)."""
        self.forget(sender_id)
        self.ledger.erase(sender_id)

    def _keep(self, sender_id: str, live: _Live) -> None:
        self._live[sender_id] = live
        self._live.move_to_end(sender_id)
        while len(self._live) > LIVE_TRACKERS:
            self._live.popitem(last=False)

    def _rebuilt(self, sender_id: str, *, last_session: bool) -> DialogueStateTracker | None:
        bodies = self.ledger.events(sender_id, last_session=last_session)
        events = [event for event in (Event.from_parameters(body) for body in bodies) if event is not None]
        return DialogueStateTracker.from_events(sender_id, events, slots=self.domain.slots) if events else None

    def _last_session_of(self, tracker: DialogueStateTracker) -> DialogueStateTracker:
        events = list(tracker.events)
        start = max(index for index, event in enumerate(events) if isinstance(event, SessionStarted))
        shorter = DialogueStateTracker.from_events(tracker.sender_id, events[start:], slots=self.domain.slots)
        shorter.model_id, shorter.assistant_id = tracker.model_id, tracker.assistant_id
        return shorter

"""The bot's edge in parts: payloads, the ledger, the tracker store, the schema check, the quick start, the client."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_backend import FakeBackend
from house import ROOT, free_port
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions.backend_client import Backend, BackendDown, Refused
from bot.channels import launch, payload, reply
from bot.channels.ledger import Ledger
from bot.channels.tracker_store import LedgerTrackerStore

DOMAIN = Domain.from_yaml("version: '3.1'\nintents: [greet]\nslots: {phone: {type: any, mappings: [{type: custom}]}}\n")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "bot.sqlite3")
    yield ledger
    ledger.close()


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("/restart", "restart"),
        (" ／／inform{}", "inform{}"),
        ("a/b", "a/b"),
        ("\x00\x1b[2J好", "[2J好"),
        ("\ud83d", "\ufffd"),
        ("   ", payload.NOTHING_SAID),
        ("/", payload.NOTHING_SAID),
    ],
)
def test_customer_text_is_made_harmless(text: str, harmless: str) -> None:
    assert payload.harmless(text) == harmless


def test_a_text_message_is_one_message_in_plain_signs() -> None:
    collected = [{"text": "“Hello” – there", "buttons": [{"title": "A", "payload": "a"}]}, {"text": "Bye…"}]
    assert reply.messages(collected, "sms", "en") == [{"text": '"Hello" - there. Bye...', "buttons": []}]
    assert len(reply.messages(collected, "web", "en")) == 2


def test_choices_are_said_on_the_telephone_and_sent_as_written() -> None:
    offered = {"title": "11月24日（周二）13:00–18:00", "payload": "11月24日13:00-18:00"}
    [message] = reply.messages([{"text": "哪个方便？", "buttons": [offered]}], "voice", "zh")
    assert message["buttons"] == [{"title": "11月24日周二下午1点到6点", "payload": offered["payload"]}]


@pytest.mark.parametrize(
    ("slot", "expected"),
    [
        ("phone_again", "phone"),
        ("address_city", "address"),
        ("address_locality", "address"),
        ("wanted_time_choice", "time"),
        ("confirm", "confirm"),
    ],
)
def test_what_is_expected_is_named_by_the_entity(slot: str, expected: str) -> None:
    assert reply.expects(slot) == expected


def test_the_ledger_gives_back_the_last_session_or_all(ledger: Ledger) -> None:
    first = [{"event": "session_started"}, {"event": "user", "text": "1"}]
    ledger.append("c", first)
    ledger.append("c", [{"event": "session_started"}, {"event": "user", "text": "2"}])
    ledger.append("other", first)
    assert [event.get("text") for event in ledger.events("c", last_session=True)] == [None, "2"]
    assert len(ledger.events("c", last_session=False)) == 4
    ledger.erase("c")
    assert ledger.events("c", last_session=False) == []
    assert ledger.conversations() == ["other"]


def test_an_answer_once_kept_is_never_replaced(ledger: Ledger) -> None:
    ledger.keep_answer("c", "m", {"messages": [1]})
    ledger.keep_answer("c", "m", {"messages": [2]})
    assert ledger.answer("c", "m") == {"messages": [1]}
    assert ledger.answer("c", "n") is None


def test_a_tracker_is_written_once_and_read_back_after_a_restart(tmp_path: Path) -> None:
    async def live() -> None:
        store = LedgerTrackerStore(DOMAIN, ledger=Ledger(tmp_path / "bot.sqlite3"))
        tracker = await store.get_or_create_tracker("c", append_action_listen=False)
        tracker.update_with_events([ActionExecuted("action_session_start"), SessionStarted()], DOMAIN)
        await store.save(tracker)
        tracker = await store.retrieve("c") or tracker
        tracker.update_with_events([UserUttered("hi"), SlotSet("phone", "+86138")], DOMAIN)
        await store.save(tracker)
        await store.save(tracker)
        store.ledger.close()

    async def restarted() -> DialogueStateTracker | None:
        store = LedgerTrackerStore(DOMAIN, ledger=Ledger(tmp_path / "bot.sqlite3"))
        whole, last = await store.retrieve_full_tracker("c"), await store.retrieve("c")
        assert whole is not None
        assert len(whole.events) == 4
        store.ledger.close()
        return last

    asyncio.run(live())
    tracker = asyncio.run(restarted())
    assert tracker is not None
    assert [type(event) for event in tracker.events] == [SessionStarted, UserUttered, SlotSet]
    assert tracker.get_slot("phone") == "+86138"


def test_a_failed_turn_leaves_no_trace(ledger: Ledger) -> None:
    async def turn() -> Any:
        store = LedgerTrackerStore(DOMAIN, ledger=ledger)
        tracker = await store.get_or_create_tracker("c", append_action_listen=False)
        tracker.update_with_events([SessionStarted()], DOMAIN)
        await store.save(tracker)
        half = await store.retrieve("c")
        assert half is not None
        half.update(SlotSet("phone", "half done"))
        store.forget("c")
        kept = await store.retrieve("c")
        return kept.get_slot("phone") if kept else "gone"

    assert asyncio.run(turn()) is None


def test_action_results_are_still_checked() -> None:
    action = RemoteAction("action_x", None)
    assert action._validate_action_result({"events": [{"event": "slot", "name": "a", "value": 1}], "responses": []})
    with pytest.raises(ValidationError, match="Failed to validate Action server response"):
        action._validate_action_result({"events": "none"})
    with pytest.raises(ValidationError):
        action._validate_action_result({"events": [{"event": "slot", "timestamp": "yesterday"}]})
    with pytest.raises(ValidationError):
        action._validate_action_result({"events": [{"event": "no such kind"}]})


@pytest.mark.parametrize(
    ("metadata", "needs"),
    [
        ('{"uses": "bot.components.intents.IntentModel"}', False),
        ('{"uses": "rasa…DIETClassifier"}', True),
        (None, True),
    ],
)
def test_tensorflow_is_left_out_only_where_the_model_does_not_name_it(
    tmp_path: Path, metadata: str | None, needs: bool
) -> None:
    model = tmp_path / "model.tar.gz"
    with tarfile.open(model, "w:gz") as archive:
        if metadata:
            (tmp_path / "metadata.json").write_text(metadata)
            archive.add(tmp_path / "metadata.json", "metadata.json")
    assert launch.needs_tensorflow(model) is needs
    assert launch.needs_tensorflow(tmp_path / "nowhere.tar.gz")


def test_a_hollow_library_can_be_imported_and_subclassed_but_not_used() -> None:
    program = """
from bot.channels.launch import HollowLibrary, leave_out
leave_out(["tensorflow"])
import tensorflow as tf
from tensorflow.keras.layers import Layer
class Mine(Layer):
    @tf.function
    def call(self, x: tf.Tensor) -> int: return 1
assert Mine().call(0) == 1
assert not isinstance(1, tf.Tensor)
try: tf.constant(1)
except HollowLibrary: print("hollow")
"""
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "hollow"


def test_the_client_tells_a_refusal_from_a_failure() -> None:
    async def ask(url: str, token: str) -> Any:
        client = Backend(url, token)
        try:
            return await client.check_phone("123")
        finally:
            await client.close()

    fake = FakeBackend("secret")
    with pytest.raises(Refused, match="too_short"):
        asyncio.run(ask(fake.url, "secret"))
    with pytest.raises(BackendDown):
        asyncio.run(ask(fake.url, "wrong"))
    fake.down = True
    with pytest.raises(BackendDown):
        asyncio.run(ask(fake.url, "secret"))
    fake.close()
    with pytest.raises(BackendDown):
        asyncio.run(ask(f"http://127.0.0.1:{free_port()}", "secret"))


def test_every_response_speaks_both_languages_and_no_other_variation_hides_one() -> None:
    domain = Domain.load(ROOT / "bot" / "domain")
    for name, variations in domain.responses.items():
        languages = {variation["condition"][0]["value"] for variation in variations if "channel" not in variation}
        assert languages == {"zh", "en"}, name


SPOKEN_WITH_ITS_CHOICES = {"visit_time"}
"""Questions that name what there is to choose: `actions/visits.py` speaks them, whatever they are about to name."""


def test_every_question_of_every_form_has_its_words() -> None:
    domain = Domain.load(ROOT / "bot" / "domain")
    for form in domain.form_names:
        for slot in set(domain.required_slots_for_form(form)) - SPOKEN_WITH_ITS_CHOICES:
            assert {f"utter_ask_{form}_{slot}", f"utter_ask_{slot}"} & set(domain.responses), (form, slot)


def test_no_english_text_message_is_doubled_by_a_fancy_sign() -> None:
    domain = Domain.load(ROOT / "bot" / "domain")
    english = json.dumps(
        [v["text"] for each in domain.responses.values() for v in each if v["condition"][0]["value"] == "en"],
        ensure_ascii=False,
    )
    assert english.isascii()

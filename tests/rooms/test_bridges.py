"""An agent calls from the card: the house rings the agent, then the customer, and neither sees the other's number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import quote
from xml.etree import ElementTree as ET

import httpx2
import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from backend import db
from backend.agents import service as agents
from backend.agents.models import Agent
from backend.audit.models import AuditEntry
from backend.audit.rules import What
from backend.callbacks import bridging, service
from backend.callbacks.bridge_rules import Hitch, Progress, Stage, progress
from backend.callbacks.bridging import Ours
from backend.callbacks.models import Bridge, Callback
from backend.callbacks.rules import Status
from backend.errors import Conflict, Refused
from backend.outbox import service as outbox
from backend.outbox.rules import OutboxKind
from backend.outbox.rules import Status as Sending
from conftest import at
from rooms.line import OURS, Line, said
from rooms.visits import PHONE, REFERENCE
from rooms.web import Web, open_web
from telephony.ports import Capabilities, CarrierStatus, DeliveryStatus, Feature, Unknown

AGENT = "+8613900139000"
RINGS = Capabilities(frozenset(Feature))


@pytest.fixture
def web(committed: db.Sessions, engine: Engine, now: datetime) -> Iterator[Web]:
    with open_web(committed, engine, now, ticking=False) as web:
        yield web


@pytest.fixture
def line(web: Web) -> Line:
    return Line(web)


@pytest.fixture
def call(web: Web) -> int:
    """A callback in the hand of Chen, who has a telephone."""
    now = web.clock.now()
    with db.session_scope(web.sessions) as session:
        chen = agents.add(session, "chen", "correct horse", name="陈晓", now=now)
        chen.phone = AGENT
        callback = service.book(session, PHONE, reference=REFERENCE, now=now).callback
        service.take(session, callback.id, chen, own_numbers=(), reference=REFERENCE, now=now)
        return callback.id


def begin(web: Web, call: int, capabilities: Capabilities = RINGS, caller: str = OURS) -> int:
    with db.session_scope(web.sessions) as session:
        chen = session.scalars(select(Agent)).one()
        ours = Ours(caller, {OURS}, "")
        now = web.clock.now()
        return bridging.begin(
            session, call, chen, capabilities=capabilities, ours=ours, language="zh", reference=REFERENCE, now=now
        ).id


def stands(web: Web, bridge_id: int) -> Progress:
    with db.read_scope(web.sessions) as session:
        bridge = session.get_one(Bridge, bridge_id)
        return bridging.progress(session, bridge, web.clock.now())


def dialled(document: ET.Element) -> ET.Element:
    dial = document.find("Dial")
    assert dial is not None
    return dial


def test_the_agent_is_rung_first_and_hears_the_last_digits_only(web: Web, line: Line, call: int) -> None:
    begin(web, call)
    line.send()
    [rung] = line.carrier.calls
    assert (rung.to, rung.script) == (AGENT, "bridge")
    greeting = line.pick_up("bridge")
    assert "8 0 0 0" in said(greeting)
    assert PHONE not in ET.tostring(greeting, "unicode")
    assert greeting.find("Dial") is None


def test_after_the_key_the_customer_is_rung_with_our_number(web: Web, line: Line, call: int) -> None:
    bridge = begin(web, call)
    line.send()
    dial = dialled(line.answer(line.pick_up("bridge"), Digits="1"))
    assert dial.get("callerId") == OURS
    assert dial[0].text == PHONE
    assert stands(web, bridge) == Progress(Stage.RINGING_CUSTOMER, True)
    line.post(dial.get("action", ""), DialCallStatus="completed", DialCallDuration="95")
    assert stands(web, bridge) == Progress(Stage.TALKED, False, suggested=Status.DONE)
    with db.read_scope(web.sessions) as session:
        assert session.get_one(Bridge, bridge).seconds == 95
        assert session.get_one(Callback, call).status is Status.BOOKED  # the outcome is the agent's to say


@pytest.mark.parametrize(
    ("word", "stage", "suggested"),
    [
        ("no-answer", Stage.NO_ANSWER, Status.NO_ANSWER),
        ("busy", Stage.BUSY, Status.BUSY),
        ("failed", Stage.FAILED, None),
        ("canceled", Stage.FAILED, None),
    ],
)
def test_what_came_of_ringing_the_customer_is_suggested(
    web: Web, line: Line, call: int, word: str, stage: Stage, suggested: Status | None
) -> None:
    bridge = begin(web, call)
    line.send()
    dial = dialled(line.answer(line.pick_up("bridge"), Digits="1"))
    assert "登记结果" in said(line.post(dial.get("action", ""), DialCallStatus=word))
    assert stands(web, bridge) == Progress(stage, False, suggested=suggested)


def test_repeated_webhooks_get_the_same_answer_and_a_late_one_changes_nothing(web: Web, line: Line, call: int) -> None:
    bridge = begin(web, call)
    line.send()
    greeting = line.pick_up("bridge")
    first, again = (line.answer(greeting, Digits="1") for _ in range(2))
    assert ET.tostring(first) == ET.tostring(again)
    end = dialled(first).get("action", "")
    ends = [line.post(end, DialCallStatus=word) for word in ("busy", "completed")]
    assert ET.tostring(ends[0]) == ET.tostring(ends[1])
    assert stands(web, bridge).stage is Stage.BUSY
    assert [each.tag for each in line.answer(greeting, Digits="1")] == ["Hangup"]


@pytest.mark.parametrize("keys", ["", "2", "*"])
def test_without_the_key_nobody_is_rung(web: Web, line: Line, call: int, keys: str) -> None:
    bridge = begin(web, call)
    line.send()
    answer = line.answer(line.pick_up("bridge"), Digits=keys)
    assert answer.find("Dial") is None
    assert stands(web, bridge) == Progress(Stage.DECLINED, False)


def test_a_call_that_is_not_theirs_any_more_is_not_made(web: Web, line: Line, call: int) -> None:
    begin(web, call)
    line.send()
    greeting = line.pick_up("bridge")
    with db.session_scope(web.sessions) as session:
        service.give_back(session, call, session.scalars(select(Agent)).one())
    assert line.answer(greeting, Digits="1").find("Dial") is None


def test_after_closing_time_nobody_is_rung_although_the_agent_has_picked_up(web: Web, line: Line, call: int) -> None:
    begin(web, call)
    line.send()
    greeting = line.pick_up("bridge")
    with db.session_scope(web.sessions) as session:
        session.get_one(Callback, call).lease_until = at("2026-11-24 19:00")
    web.clock.set(at("2026-11-24 18:00"))
    assert line.answer(greeting, Digits="1").find("Dial") is None


def test_pressing_twice_rings_once(web: Web, line: Line, call: int) -> None:
    assert begin(web, call) == begin(web, call)
    line.send()
    assert len(line.carrier.calls) == 1


def test_an_agent_whose_telephone_nobody_picks_up_is_told_and_nobody_else_need_decide(
    web: Web, line: Line, call: int
) -> None:
    bridge = begin(web, call)
    line.send()
    [row] = line.rows()
    with db.session_scope(web.sessions) as session:
        from backend.outbox.sending import apply_status

        status = DeliveryStatus(row.sid or "", CarrierStatus.NO_ANSWER, None)
        apply_status(session, status, ref=line.reference, carrier="fake", now=web.clock.now())
        assert outbox.attention(session, now=web.clock.now()) == []
    assert stands(web, bridge) == Progress(Stage.RINGING_AGENT, False, Hitch.AGENT_AWAY)
    assert begin(web, call) != bridge


def test_a_carrier_that_never_says_a_word_does_not_hold_the_card_for_ever(web: Web, line: Line, call: int) -> None:
    bridge = begin(web, call)
    line.send()
    assert stands(web, bridge).is_running
    web.clock.move(timedelta(minutes=4))
    assert stands(web, bridge) == Progress(Stage.RINGING_AGENT, False, Hitch.NO_WORD)


@pytest.mark.parametrize(
    ("sending", "reason", "hitch"),
    [
        (Sending.EXPIRED, "too_late", Hitch.NOT_RUNG),
        (Sending.REFUSED, "voice", Hitch.NOT_RUNG),
        (Sending.REFUSED, "busy", Hitch.AGENT_AWAY),
        (Sending.DELIVERED, None, Hitch.AGENT_AWAY),
        (None, None, Hitch.NOT_RUNG),
        (Sending.UNKNOWN, "ReadTimeout", None),
    ],
)
def test_what_hinders_a_call_is_said(sending: Sending | None, reason: str | None, hitch: Hitch | None) -> None:
    begun = at("2026-11-24 10:05")
    assert progress(Stage.RINGING_AGENT, sending, reason, begun, begun).hitch is hitch


@pytest.mark.parametrize(
    ("spoil", "code"), [("phone", "no_phone"), ("caller", "no_caller"), ("voice", "no_voice"), ("night", "closed")]
)
def test_what_a_call_needs_is_said_before_anybody_is_rung(web: Web, call: int, spoil: str, code: str) -> None:
    with db.session_scope(web.sessions) as session:
        if spoil == "phone":
            session.scalars(select(Agent)).one().phone = None
        session.get_one(Callback, call).lease_until = at("2026-11-24 23:00")
    if spoil == "night":
        web.clock.set(at("2026-11-24 20:00"))
    deaf = Capabilities(frozenset({Feature.SMS}))
    with pytest.raises(Refused) as refused:
        begin(web, call, deaf if spoil == "voice" else RINGS, "" if spoil == "caller" else OURS)
    assert refused.value.reason == code


def test_nobody_calls_what_is_not_in_their_hand(web: Web, call: int) -> None:
    with db.session_scope(web.sessions) as session:
        service.give_back(session, call, session.scalars(select(Agent)).one())
    with pytest.raises(Conflict):
        begin(web, call)


def test_webhooks_of_nothing_we_know_are_answered_with_the_end(web: Web, line: Line, call: int) -> None:
    begin(web, call)
    with db.session_scope(web.sessions) as session:
        outbox.queue(session, to=PHONE, text="x", kind=OutboxKind.REPLY, key="k", language="zh", now=web.clock.now())
    line.send()
    for ref in ("999.1", "1.9", "2.1"):
        for step in ("", "/key", "/end"):
            document = line.post(f"/telephony/outgoing/bridge{step}?ref={ref}", Digits="1")
            assert [each.tag for each in document] == ["Hangup"]


def test_an_unsigned_webhook_rings_nobody(web: Web, line: Line, call: int) -> None:
    begin(web, call)
    line.send()
    path = f"/telephony/outgoing/bridge/key?ref={line.reference}"
    assert web.client.post(path, data={"CallSid": line.sid, "Digits": "1"}).status_code == 403


class Twilioish:
    """Rings, and is not the console."""

    name = "twilio"
    capabilities = RINGS
    own_numbers = frozenset({OURS})


def test_the_card_rings_the_agent_and_says_how_it_goes(web: Web, line: Line, call: int) -> None:
    house = web.client.app.state.house  # type: ignore[attr-defined]
    web.client.post("/api/session", json={"username": "chen", "password": "correct horse"})
    htmx = {"HX-Request": "true", "sec-fetch-site": "same-origin"}
    assert "自行拨号" in web.client.get("/console/callbacks").text
    house.carrier = Twilioish()
    assert 'id="ring-me"' in web.client.get("/console/callbacks").text
    path = f"/console/callbacks/{call}/bridge"
    rung = web.client.post(path, headers=htmx)
    assert rung.status_code == 200
    assert "every 2s" in rung.text
    line.send()
    dial = dialled(line.answer(line.pick_up("bridge"), Digits="1"))
    assert "正在接通" in web.client.get(path).text
    line.post(dial.get("action", ""), DialCallStatus="no-answer")
    over = web.client.get(path).text
    assert "登记为“无人接听”" in over
    assert "every 2s" not in over
    assert PHONE not in over + rung.text
    with db.session_scope(web.sessions) as session:
        session.scalars(select(Agent)).one().phone = None
    assert "hotline agent contact" in web.client.get("/console/callbacks").text


class Desk:
    """The card of Chen, who is signed in, before a carrier that rings."""

    def __init__(self, web: Web, line: Line, call: int) -> None:
        self.web, self.line, self.path = web, line, f"/console/callbacks/{call}/bridge"
        web.client.app.state.house.carrier = line.carrier  # type: ignore[attr-defined]
        web.client.post("/api/session", json={"username": "chen", "password": "correct horse"})

    def press(self, step: str = "") -> httpx2.Response:
        return self.web.client.post(self.path + step, headers={"HX-Request": "true", "sec-fetch-site": "same-origin"})

    def see(self) -> str:
        return self.web.client.get(self.path).text

    def bridge(self) -> Bridge:
        with db.read_scope(self.web.sessions) as session:
            return session.scalars(select(Bridge)).one()

    def log(self) -> list[tuple[str, str, str]]:
        with db.read_scope(self.web.sessions) as session:
            entries = session.scalars(select(AuditEntry).where(AuditEntry.what == What.HUNG_UP))
            return [(each.who, each.kind, each.subject) for each in entries]


@pytest.fixture
def desk(web: Web, line: Line, call: int) -> Desk:
    desk = Desk(web, line, call)
    assert desk.press().status_code == 200
    return desk


def talk(desk: Desk) -> ET.Element:
    """The agent's telephone is picked up, and the customer rung."""
    desk.line.send()
    return dialled(desk.line.answer(desk.line.pick_up("bridge"), Digits="1"))


def test_hanging_up_on_the_screen_ends_the_call_at_the_carrier_and_stands_in_the_log(desk: Desk, call: int) -> None:
    dial = talk(desk)
    assert 'id="hang-up"' in desk.see()
    over = desk.press("/end").text
    assert desk.line.carrier.ended == [desk.line.sid]
    assert "通话已结束" in over
    assert "every 2s" not in over
    assert 'id="hang-up"' not in over
    assert desk.log() == [("陈晓", "callback", str(call))]
    assert desk.bridge().stage is Stage.HUNG_UP
    assert [each.tag for each in desk.line.post(dial.get("action", ""), DialCallStatus="canceled")][-1] == "Hangup"
    assert desk.bridge().stage is Stage.HUNG_UP


def test_of_a_call_that_was_ended_it_is_kept_that_the_two_have_talked(desk: Desk) -> None:
    dial = talk(desk)
    desk.press("/end")
    desk.line.post(dial.get("action", ""), DialCallStatus="completed", DialCallDuration="42")
    assert (desk.bridge().stage, desk.bridge().seconds) == (Stage.TALKED, 42)
    assert "登记为“已接通”" in desk.see()


def test_a_call_that_has_not_left_yet_does_not_leave_after_hanging_up(desk: Desk) -> None:
    assert desk.press("/end").status_code == 200
    desk.line.send()
    assert (desk.line.carrier.calls, desk.line.carrier.ended) == ([], [])
    assert desk.press("/end").status_code == 409
    assert desk.press().status_code == 200
    desk.line.send()
    assert len(desk.line.carrier.calls) == 1


def test_a_call_nobody_knows_the_id_of_ends_when_it_is_picked_up(desk: Desk) -> None:
    desk.line.carrier.results.append(Unknown("ReadTimeout"))
    desk.line.send()
    assert desk.press("/end").status_code == 200
    assert desk.line.carrier.ended == []
    assert [each.tag for each in desk.line.pick_up("bridge")] == ["Hangup"]


def test_a_carrier_that_cannot_be_asked_leaves_the_call_as_it_stands(desk: Desk) -> None:
    dial = talk(desk)
    desk.line.carrier.is_away = True
    refused = desk.press("/end")
    assert refused.status_code == 503
    assert quote("请直接挂断您自己的电话") in refused.headers["x-toast"]
    assert desk.bridge().stage is Stage.RINGING_CUSTOMER
    assert desk.log() == []
    desk.line.post(dial.get("action", ""), DialCallStatus="no-answer")
    assert desk.bridge().stage is Stage.NO_ANSWER


def test_nobody_ends_a_colleagues_call(desk: Desk, web: Web) -> None:
    talk(desk)
    with db.session_scope(web.sessions) as session:
        agents.add(session, "lin", "correct horse", name="林悦", now=web.clock.now())
    web.client.post("/api/session", json={"username": "lin", "password": "correct horse"})
    assert desk.press("/end").status_code == 409
    assert desk.line.carrier.ended == []


def test_an_agent_who_has_put_the_telephone_down_is_not_shown_as_talking_for_ever() -> None:
    begun = at("2026-11-24 10:05")
    for sending, is_running in ((Sending.SENT, True), (Sending.DELIVERED, False)):
        assert progress(Stage.RINGING_CUSTOMER, sending, None, begun, begun).is_running is is_running


def test_two_calls_of_one_agent_ring_the_customer_once(web: Web, line: Line, call: int) -> None:
    """The first one was late: the carrier said nothing for so long that the agent had themselves rung again."""
    begin(web, call)
    line.send()
    late = line.reference
    web.clock.move(timedelta(minutes=4))
    second = begin(web, call)
    line.send(web.clock.now())
    assert dialled(line.answer(line.pick_up("bridge"), Digits="1"))[0].text == PHONE
    line.sid = "CA" + "9" * 32
    greeting = line.post(f"/telephony/outgoing/bridge?ref={late}")
    assert line.answer(greeting, Digits="1").find("Dial") is None
    assert stands(web, second).is_running

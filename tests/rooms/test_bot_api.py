"""What bot and agents reach over HTTP: shapes, refusals, and who may ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import select

from backend import db, limits, problems, reference
from backend.agents import routes as agent_routes
from backend.agents import service as agents
from backend.bus import Bus
from backend.callbacks import routes as callbacks
from backend.callbacks.models import Callback
from backend.conversations import service as conversations
from backend.customers import service as customers
from backend.depends import House
from backend.settings import Settings
from backend.tickets import routes as tickets
from backend.tickets.models import Ticket
from conftest import at
from fakes import HandClock
from telephony.console_carrier import ConsoleCarrier

TOKEN = "t" * 32
PASSWORD = "correct horse battery"
PHONE = "+8613800138000"
ADDRESS = "佛山市顺德区大良街道新宁路1号302房"
Body = dict[str, Any]


class Caller:
    """The bot and an agent in front of a small house."""

    def __init__(self, sessions: db.Sessions, now: datetime) -> None:
        limits.forget()
        secret = SecretStr(TOKEN)
        self.clock, self.sessions = HandClock(now), sessions
        app = FastAPI()
        app.state.house = House(
            settings=Settings(secret_key=secret, bot_token=secret, own_numbers="+8675788880000"),
            sessions=sessions,
            clock=self.clock,
            reference=reference.current(),
            carrier=ConsoleCarrier(),
            bus=Bus(),
        )
        problems.install(app)
        for router in (agent_routes.router, tickets.router, callbacks.router):
            app.include_router(router)
        self.http = TestClient(app, raise_server_exceptions=False)
        with db.session_scope(sessions) as session:
            self.conversation = conversations.open_web(session, language="zh", reference=reference.current(), now=now)[
                0
            ].id
            self.texting = conversations.text_conversation(session, PHONE, language="zh", now=now).id

    def bot(self, path: str, body: Body, status: int = 200) -> Body:
        answer = self.http.post(f"/api/bot{path}", json=body, headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == status, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def ask(self, path: str) -> Body:
        answer = self.http.get(f"/api/bot{path}", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def sign_in(self) -> None:
        with db.session_scope(self.sessions) as session:
            agents.add(session, "first", PASSWORD, name="值班客服", now=self.clock.now())
        signed = self.http.post("/api/session", json={"username": "first", "password": PASSWORD})
        assert signed.status_code == 200

    def ticket(self, status: int = 201, **more: Any) -> Body:
        body = {
            "conversation_id": self.conversation,
            "form_id": "f1",
            "type": "repair",
            "name": "李梅",
            "phone": "138 0013 8000",
            "address": ADDRESS,
            "symptom": "不加热",
            "language": "zh",
            "channel": "web",
        }
        return self.bot("/tickets", body | more, status)


@pytest.fixture
def caller(sessions: db.Sessions, now: datetime) -> Iterator[Caller]:
    limits.forget()
    caller = Caller(sessions, now)
    with caller.http:
        yield caller


def test_without_the_service_token_nothing_is_told(caller: Caller) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}):
        answer = caller.http.post("/api/bot/phones/check", json={"text": PHONE}, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_number_is_checked(caller: Caller) -> None:
    assert caller.bot("/phones/check", {"text": "１３８-0013-8000"}) == {
        "e164": PHONE,
        "masked": "138****8000",
        "kind": "mobile",
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1380013800", "too_short"),
        ("138001380001", "too_long"),
        ("13800ab8000", "letters"),
        ("", "letters"),
        ("110", "short_code"),
        ("+1 202 555 0143", "foreign"),
        ("+8675788880000", "own_number"),
        ("sip:a@b", "letters"),
        ("9" * 10_000, "too_long"),
        ("{0.__class__}", "letters"),
    ],
)
def test_a_number_we_cannot_call_is_refused_with_its_reason(caller: Caller, text: str, code: str) -> None:
    assert caller.bot("/phones/check", {"text": text}, 422)["code"] == code


def test_an_address_is_checked_and_says_what_is_missing(caller: Caller) -> None:
    checked = caller.bot("/addresses/check", {"text": ADDRESS, "conversation_id": caller.conversation})
    assert checked["missing"] is None
    assert checked["outlet"] == {"name": "顺德大良经销商服务网点"}
    assert checked["address"]["tier"] == "central_city"
    assert checked["asks_locality"] is False
    assert caller.bot("/addresses/check", {"text": "佛山市顺德区龙江镇5号"})["asks_locality"] is True
    assert caller.bot("/addresses/check", {"text": "佛山市"})["missing"] == "district"
    assert caller.bot("/addresses/check", {"text": "火星"}, 422)["code"] == "unknown_region"


def test_the_answer_to_town_or_village_decides_the_tier_and_is_known_afterwards(caller: Caller) -> None:
    checked = caller.bot("/addresses/check", {"text": "佛山市顺德区龙江镇5号"})["address"]
    saved = caller.ticket(address={**checked, "locality": "village"})["ticket"]
    assert saved["address"]["tier"] == "remote_rural"
    known = caller.ask(f"/conversations/{caller.conversation}/known")
    assert known["address"]["locality"] == "village"


def test_a_time_is_checked_and_read_back(caller: Caller) -> None:
    wanted = {"start": "2026-11-25T15:00:00+08:00", "end": "2026-11-25T18:00:00+08:00", "purpose": "callback"}
    checked = caller.bot("/times/check", wanted)
    assert datetime.fromisoformat(checked["window"]["start"]) == at("2026-11-25 15:00")
    assert checked["exact"] is True
    assert checked["why"] is None
    assert checked["words"]["zh"] == "明天11月25日（周三）15:00–15:30"
    visit = caller.bot("/times/check", wanted | {"purpose": "visit"})
    assert datetime.fromisoformat(visit["window"]["end"]) == at("2026-11-25 18:00")


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("2026-11-24T09:00:00+08:00", "past"),
        ("2026-11-24T20:00:00+08:00", "closed"),
        ("2027-06-01T10:00:00+08:00", "too_far"),
        ("9999-12-31T23:59:59+00:00", "too_far"),
        ("0001-01-01T00:00:00+14:00", "past"),
    ],
)
def test_a_time_that_cannot_be_had_is_refused_with_alternatives(caller: Caller, start: str, code: str) -> None:
    for purpose in ("callback", "visit"):
        refused = caller.bot("/times/check", {"start": start, "purpose": purpose}, 422)
        assert refused["code"] == code
        assert refused["alternatives"][0]["words"]["zh"]


def test_a_time_without_a_zone_is_malformed(caller: Caller) -> None:
    for body in ({"start": "2026-11-25T15:00:00"}, {"start": "tomorrow"}, {}, {"start": None}):
        assert caller.bot("/times/check", body, 422)["code"] == "malformed"


def test_a_confirmed_form_becomes_a_ticket_with_promise_call_and_code(caller: Caller) -> None:
    saved = caller.ticket()
    assert saved["ticket"]["ticket_no"] == "WY261124-0001"
    assert saved["visit_code"] == saved["ticket"]["visit_code"]
    assert saved["duplicate"] is False
    assert saved["callback"]["words"]["zh"] == "今天11月24日（周二）10:30–11:00"
    assert saved["promise"]["onsite"]["words"] == {"zh": "11月25日（周三）18:00", "en": "Wed 25 Nov, 18:00"}
    assert saved["promise"]["reply"]["words"]["zh"] == "11月24日（周二）11:05"
    assert saved["ticket"]["callbacks"][0]["id"] == saved["callback"]["id"]


def test_the_ticket_has_the_documented_shape(caller: Caller) -> None:
    ticket = caller.ticket()["ticket"]
    documented = {
        "ticket_no", "type", "status", "priority", "customer", "address", "product", "fault", "promises", "callbacks",
        "appointment", "outlet", "conversation_id", "channel", "language", "handoff", "timeline",
    }  # fmt: skip
    assert documented <= ticket.keys()
    assert ticket["customer"] == {"name": "李梅", "phone": PHONE}
    levels = {"raw", "province", "city", "district", "town", "village", "detail", "tier"}
    assert ticket["address"].keys() == levels
    assert ticket["product"].keys() == {"model", "serial_no", "capacity", "purchase_date"}
    assert ticket["fault"].keys() == {"code", "class", "description"}
    assert {"kind", "due_at", "met_at", "paused_s", "why"} <= ticket["promises"][0].keys()
    assert {"at", "who", "what"} <= ticket["timeline"][0].keys()
    assert ticket["handoff"] is None


def test_an_address_checked_before_is_taken_as_it_was_checked(caller: Caller) -> None:
    checked = caller.bot("/addresses/check", {"text": ADDRESS})["address"]
    assert caller.ticket(address=checked)["ticket"]["address"] == checked


def test_the_same_form_again_returns_the_same_ticket_and_call(caller: Caller) -> None:
    first, again = caller.ticket(), caller.ticket()
    assert again["ticket"]["ticket_no"] == first["ticket"]["ticket_no"]
    assert again["callback"] == first["callback"]
    assert again["duplicate"] is False
    other_form = caller.ticket(form_id="f2")
    assert other_form["duplicate"] is True
    assert other_form["ticket"]["ticket_no"] == first["ticket"]["ticket_no"]


def test_a_wanted_time_is_booked(caller: Caller) -> None:
    wanted = {"start": "2026-11-25T15:00:00+08:00", "end": None}
    saved = caller.ticket(wanted_time=wanted)
    assert datetime.fromisoformat(saved["callback"]["start"]) == at("2026-11-25 15:00")
    assert datetime.fromisoformat(saved["promise"]["reply"]["due_at"]) == at("2026-11-25 15:30")
    refused = caller.ticket(422, form_id="f2", phone="13900139000", wanted_time={"start": "2026-11-24T03:00:00+08:00"})
    assert refused["code"] == "past"


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE tickets; --",
    "{0.__class__}",
    "{{7*7}}",
    "=cmd|' /C calc'!A0",
    "\u202egnp.exe",
    "👩‍🔧" * 50,
    "\x00\x07\ud800正常",
    "长" * 10_000,
    "/restart",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field_is_stored_literally_and_cut(caller: Caller, text: str) -> None:
    written = ("name", "model", "serial_no", "capacity", "purchase_date", "fault_code", "symptom", "description")
    more = ("complaint_about", "related_ticket_no", "wanted", "channel")
    body = {
        "conversation_id": caller.conversation,
        "form_id": "f1",
        "type": "repair",
        "phone": PHONE,
        "address": {"raw": text, "city": text, "district": text, "detail": text},
        "install": {"delivered": True, "readiness": text},
    } | dict.fromkeys((*written, *more), text)
    answer = caller.http.post(
        "/api/bot/tickets",
        content=json.dumps(body),
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
    )
    assert answer.status_code == 201, answer.text
    stored = answer.json()["ticket"]["fault"]["description"]
    expected = text.replace("\x00\x07\ud800", "")[:2000]
    assert stored == expected


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "dance"},
        {"wanted_time": {"start": "never"}},
        {"form_id": ""},
        {"conversation_id": " "},
        {"language": "fr"},
        {"name": {"a": 1}},
        {"address": ["x"]},
        {"install": "yes"},
    ],
)
def test_what_is_not_of_the_documented_shape_is_malformed_and_not_echoed(caller: Caller, broken: Body) -> None:
    refused = caller.ticket(422, **broken)
    assert refused["code"] == "malformed"
    assert "李梅" not in json.dumps(refused, ensure_ascii=False)


def test_a_bad_phone_and_an_unknown_conversation_open_nothing(caller: Caller) -> None:
    assert caller.ticket(422, phone="9501")["code"] in ("short_code", "too_short")
    assert caller.ticket(404, conversation_id="f" * 32)["code"] == "not_found"


def test_floods_are_answered_with_too_many(caller: Caller) -> None:
    for index in range(5):
        caller.ticket(form_id=f"f{index}", serial_no=f"SN{index}")
    assert caller.ticket(429, form_id="f9", serial_no="SN9")["code"] == "too_many"


def test_a_ticket_is_looked_up_by_number_and_phone(caller: Caller) -> None:
    number = caller.ticket()["ticket"]["ticket_no"]
    found = caller.bot("/tickets/lookup", {"ticket_no": "wy 261124-0001", "phone": "13800138000"})
    assert found["ticket_no"] == number
    assert found["words"]["zh"] == "已登记，等待回电；最晚 11月25日（周三）18:00 前上门。"
    refusals = [
        caller.bot("/tickets/lookup", body, 404)
        for body in (
            {"ticket_no": number, "phone": "13900139000"},
            {"ticket_no": "WY261124-9999", "phone": PHONE},
            {"ticket_no": "\x00", "phone": "\x00"},
        )
    ]
    assert all(refused == refusals[0] for refused in refusals)
    assert refusals[0]["code"] == "ticket_unknown"


def test_a_ticket_is_pressed_for_and_cancelled(caller: Caller) -> None:
    number = caller.ticket()["ticket"]["ticket_no"]
    chased = caller.bot(f"/tickets/{number}/chase", {"conversation_id": caller.conversation, "text": "催一下"})
    assert chased["words"]["zh"]
    raised = caller.bot(f"/tickets/{number}/chase", {"conversation_id": caller.conversation, "text": "我要打12315"})
    assert "经理" in raised["words"]["zh"]
    assert caller.bot(f"/tickets/{number}/cancel", {"phone": "13900139000"}, 404)["code"] == "ticket_unknown"
    assert caller.bot(f"/tickets/{number}/cancel", {"phone": PHONE})["words"]["en"]
    assert caller.bot("/tickets/lookup", {"ticket_no": number, "phone": PHONE})["status"] == "cancelled"


def test_a_call_is_booked_and_then_moved(caller: Caller) -> None:
    body = {"conversation_id": caller.conversation, "phone": PHONE, "ticket_no": None, "wanted": None, "reason": "x"}
    first = caller.bot("/callbacks", body, 201)
    moved = caller.bot("/callbacks", body | {"wanted": {"start": "2026-11-25T09:00:00+08:00"}}, 201)
    assert (first["moved"], moved["moved"]) == (False, True)
    assert moved["id"] == first["id"]
    assert moved["words"]["en"] == "tomorrow, Wed 25 Nov, 09:00–09:30"


@pytest.mark.parametrize("phone", ["+8613800138000;ext=9", "sip:x@y", "12315", "+882 16 1234 5678", "4008888888"])
def test_numbers_that_cost_or_lead_elsewhere_are_refused_before_booking(caller: Caller, phone: str) -> None:
    body = {"conversation_id": caller.conversation, "phone": phone}
    answer = caller.http.post("/api/bot/callbacks", json=body, headers={"Authorization": f"Bearer {TOKEN}"})
    if answer.status_code == 201:
        caller.sign_in()
        [callback] = caller.http.get("/api/callbacks").json()
        assert callback["phone"] == PHONE
    else:
        assert answer.status_code == 422


def test_known_tells_what_need_not_be_asked_again(caller: Caller) -> None:
    assert caller.ask(f"/conversations/{caller.conversation}/known")["tickets"] == []
    caller.ticket()
    known = caller.ask(f"/conversations/{caller.conversation}/known")
    assert (known["phone"], known["name"], known["language"]) == (PHONE, "李梅", "zh")
    assert known["address"]["district"] == "顺德区"
    [ticket] = known["tickets"]
    assert ticket == {
        "ticket_no": "WY261124-0001",
        "type": "repair",
        "status": "new",
        "is_open": True,
        "phone": PHONE,
        "words": {"zh": "维修，11月24日", "en": "repair, 24 Nov"},
    }


def test_an_opt_out_reaches_the_number_that_writes_and_those_given_in_the_conversation(caller: Caller) -> None:
    assert caller.bot("/opt-outs", {"conversation_id": caller.conversation}) == {"numbers": 0}
    assert caller.bot("/opt-outs", {"conversation_id": caller.texting}) == {"numbers": 1}
    caller.ticket(phone="+8613912345678")
    assert caller.bot("/opt-outs", {"conversation_id": caller.conversation}) == {"numbers": 1}
    with db.read_scope(caller.sessions) as session:
        assert all(customers.opted_out(session, phone) for phone in (PHONE, "+8613912345678"))


def test_danger_is_reported_with_the_least_there_is(caller: Caller) -> None:
    body = {
        "conversation_id": caller.conversation,
        "message_id": "m1",
        "text": "冒烟了",
        "phone": None,
        "kind": "smoke",
    }
    first, again = caller.bot("/hazards", body), caller.bot("/hazards", body)
    assert first["ticket_no"] == again["ticket_no"]
    assert "留下您的电话" in first["ring_words"]["zh"]
    with_bad_phone = body | {"phone": "not a number", "conversation_id": caller.texting}
    assert caller.bot("/hazards", with_bad_phone)["ring_words"]["en"]


def test_a_number_told_after_a_report_of_danger_is_rung(caller: Caller) -> None:
    report = {"conversation_id": caller.conversation, "message_id": "m1", "text": "水龙头麻手", "kind": "tingling"}
    assert caller.bot("/hazards", report)["needs_phone"]
    added = caller.bot("/hazards", report | {"message_id": "m2", "text": "打这个", "kind": "number", "phone": PHONE})
    assert not added["needs_phone"]
    with db.read_scope(caller.sessions) as session:
        [ticket] = session.scalars(select(Ticket)).all()
        [call] = session.scalars(select(Callback)).all()
        conversation = conversations.get(session, caller.conversation)
    assert (ticket.contact_phone, ticket.danger, call.phone) == (PHONE, "tingling", PHONE)
    assert conversation.handoff_summary == "水龙头麻手"


def test_agents_only_see_tickets_and_callbacks(caller: Caller) -> None:
    number = caller.ticket()["ticket"]["ticket_no"]
    for path in ("/api/tickets", f"/api/tickets/{number}", "/api/callbacks"):
        for headers in ({}, {"Authorization": f"Bearer {TOKEN}"}):
            assert caller.http.get(path, headers=headers).status_code == 401
    assert caller.http.patch("/api/callbacks/1", json={"action": "cancel"}).status_code == 401


def test_an_agent_lists_searches_and_opens_tickets(caller: Caller) -> None:
    number = caller.ticket()["ticket"]["ticket_no"]
    caller.sign_in()
    for query in ({}, {"phone": PHONE}, {"phone": "13800138000"}, {"status": "new", "type": "repair"}, {"q": "大良"}):
        listed = caller.http.get("/api/tickets", params=query)
        assert [each["ticket_no"] for each in listed.json()] == [number]
    for query in ({"phone": "nobody"}, {"q": "%"}, {"status": "done"}, {"q": "\x00没有"}):
        assert caller.http.get("/api/tickets", params=query).json() == []
    assert caller.http.get("/api/tickets", params={"status": "odd"}).status_code == 422
    one = caller.http.get(f"/api/tickets/{number.lower()}").json()
    assert one["ticket_no"] == number
    for unknown in ("WY261124-9999", "%00", "..%2f..", "x" * 500):
        assert caller.http.get(f"/api/tickets/{unknown}").status_code == 404


def test_an_agent_books_moves_and_settles_a_call(caller: Caller) -> None:
    number = caller.ticket()["ticket"]["ticket_no"]
    caller.sign_in()
    [callback] = caller.http.get("/api/callbacks", params={"from": "2026-11-24", "to": "2026-11-24"}).json()
    assert caller.http.get("/api/callbacks", params={"from": "2026-11-25"}).json() == []
    assert len(caller.http.get("/api/callbacks?from=2026-11-24T10:00+08:00&to=2026-11-24T11:00%2B08:00").json()) == 1
    address = f"/api/callbacks/{callback['id']}"
    move = {"action": "move", "start": "2026-11-25T09:00:00+08:00", "customer_asked": True, "version": 1}
    assert caller.http.patch(address, json=move).json()["version"] == 2
    assert caller.http.patch(address, json=move).status_code == 409
    night = caller.http.patch(address, json={"action": "move", "start": "2026-11-24T23:00:00+08:00"})
    assert (night.status_code, night.json()["code"]) == (422, "closed")
    done = caller.http.patch(address, json={"action": "outcome", "outcome": "done", "note": "约好周四上午"}).json()
    assert (done["status"], done["agent"], done["outcome"]) == ("done", "值班客服", "约好周四上午")
    ticket = caller.http.get(f"/api/tickets/{number}").json()
    assert next(each for each in ticket["promises"] if each["kind"] == "reply")["met_at"]
    booked = caller.http.post("/api/callbacks", json={"phone": "13800138000", "ticket_no": number})
    assert booked.status_code == 201
    assert booked.json()["ticket_no"] == number
    assert caller.http.patch(f"/api/callbacks/{booked.json()['id']}", json={"action": "cancel"}).status_code == 200


def test_an_agent_is_handed_the_next_call_tries_again_and_takes_it_back(caller: Caller) -> None:
    caller.ticket()
    caller.sign_in()
    early = caller.http.post("/api/callbacks/next").json()
    assert (early["callback"], early["next_at"]) == (None, "2026-11-24T02:30:00Z")
    assert early["why"]["zh"] == "现在没有要打的电话。"
    caller.clock.set(at("2026-11-24 10:31"))
    handed = caller.http.post("/api/callbacks/next").json()
    call = handed["callback"]
    assert (call["caller"], call["attempt"], handed["why"]["en"]) == ("值班客服", 1, "its window has begun")
    assert caller.http.post("/api/callbacks/next").json()["callback"]["id"] == call["id"]
    address = f"/api/callbacks/{call['id']}"
    outcome = {"action": "outcome", "outcome": "busy", "version": call["version"]}
    assert caller.http.patch(address, json=outcome).json()["status"] == "busy"
    again = caller.http.get("/api/callbacks").json()[-1]
    assert (again["attempt"], again["dial_at"], again["first_start"]) == (2, "2026-11-24T02:41:00Z", call["start"])
    assert caller.http.patch(address, json={"action": "take_back"}).json()["status"] == "booked"
    assert [each["id"] for each in caller.http.get("/api/callbacks").json()] == [call["id"]]
    assert caller.http.patch(address, json={"action": "give_back"}).json()["caller"] is None
    assert caller.http.patch(address, json={"action": "take"}).json()["caller"] == "值班客服"


def test_a_wrong_number_is_replaced_by_another_that_can_be_called(caller: Caller) -> None:
    number = caller.ticket()["ticket"]["ticket_no"]
    caller.sign_in()
    [call] = caller.http.get("/api/callbacks").json()
    address = f"/api/callbacks/{call['id']}"
    caller.http.patch(address, json={"action": "outcome", "outcome": "wrong_number"})
    for bad, code in (("400-888-8888", "premium"), ("+85298765432", "foreign"), ("0757 8888 0000", "own_number")):
        answer = caller.http.patch(address, json={"action": "number", "phone": bad})
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    given = caller.http.patch(address, json={"action": "number", "phone": "139 0013 9000"}).json()
    assert (given["phone"], given["attempt"], given["ticket_no"]) == ("+8613900139000", 2, number)
    ticket = caller.http.get(f"/api/tickets/{number}").json()
    assert ticket["customer"]["phone"] == "+8613900139000"
    assert "139****9000" in ticket["timeline"][-2]["what"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"action": "move"}, "no_start"),
        ({"action": "number"}, "no_phone"),
        ({"action": "outcome"}, "no_outcome"),
        ({"action": "explode"}, "malformed"),
        ({"action": "outcome", "outcome": "cancelled"}, "malformed"),
    ],
)
def test_a_change_that_says_too_little_is_refused(caller: Caller, body: Body, code: str) -> None:
    caller.ticket()
    caller.sign_in()
    answer = caller.http.patch("/api/callbacks/1", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_bad_spans_and_unknown_calls_are_refused(caller: Caller) -> None:
    caller.sign_in()
    for span in ("yesterday", "2026-13-45", "0001-01-01T00:00+14:00"):
        assert caller.http.get("/api/callbacks", params={"from": span}).status_code == 422
    assert caller.http.patch("/api/callbacks/999999", json={"action": "cancel"}).status_code == 404
    assert caller.http.patch("/api/callbacks/99999999999999999999", json={"action": "cancel"}).status_code in (404, 422)

"""A small backend for the bot's tests: every `/api/bot` endpoint, a fixed clock, and a switch to turn it off.

It is a fake of the port, not of the rules: four towns, one calendar day, fixed promises.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import fake_knowledge
import fake_visits
from fake_visits import Refusal

CODE = "482913"
NOW = datetime.fromisoformat("2026-11-24T10:05:00+08:00")
OPENS, CLOSES = 8, 18
_TOWNS = {
    "广州": ("广东省", "广州市", ("天河区", "越秀区")),
    "佛山": ("广东省", "佛山市", ("顺德区", "南海区")),
    "重庆": ("重庆市", "重庆市", ("云阳县",)),
    "Chongqing": ("Chongqing", "Chongqing", ("Yunyang",)),
    "guang zhou": ("广东省", "广州市", ("tian he qu",)),
    "Guangzhou": ("Guangdong", "Guangzhou", ("Tianhe", "Yuexiu")),
}
_WEEKDAYS = "一二三四五六日"

Body = dict[str, Any]


def words(start: datetime) -> dict[str, str]:
    local = start.astimezone(NOW.tzinfo)
    return {
        "zh": f"{local.month}月{local.day}日（周{_WEEKDAYS[local.weekday()]}）{local:%H:%M}",
        "en": f"{local:%a} {local.day} {local:%b}, {local:%H:%M}",
    }


class FakeBackend:
    """Runs on a free loopback port. `calls` lists (path, body); `tickets` what was saved, by (conversation, form)."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.calls: list[tuple[str, Body]] = []
        self.tickets: dict[tuple[str, str], Body] = {}
        self.known: dict[str, Body] = {}
        self.verified: dict[str, str] = {}
        self.code_problem: str | None = None
        self.down = False
        self.night = False
        self.dispatched = False
        self.quietly_joined = False
        self.visits = fake_visits.Visits()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def called(self, path: str) -> list[Body]:
        return [body for called, body in self.calls if called == path]

    def answer(self, path: str, body: Body) -> tuple[int, Body]:
        self.calls.append((path, body))
        if self.down:
            return 503, {"code": "unavailable"}
        try:
            for pattern, endpoint in _ENDPOINTS:
                found = re.fullmatch(pattern, path)
                if found:
                    return endpoint(self, body, *found.groups())
        except Refusal as refusal:
            return refusal.status, refusal.problem
        return 404, {"code": "not_found"}

    def check_phone(self, body: Body) -> tuple[int, Body]:
        text = re.sub(r"[\s-]", "", str(body["text"])).removeprefix("+86")
        if re.search(r"[A-Za-z]", text):
            raise Refusal(422, "letters")
        digits = re.sub(r"\D", "", text)
        if len(digits) < 11:
            raise Refusal(422, "too_short")
        if len(digits) > 12:
            raise Refusal(422, "too_long")
        if not re.fullmatch(r"1[3-9]\d{9}", digits):
            raise Refusal(422, "unknown")
        return 200, {"e164": f"+86{digits}", "masked": f"{digits[:3]}****{digits[7:]}", "kind": "mobile"}

    def check_address(self, body: Body) -> tuple[int, Body]:
        text = str(body["text"])
        town = next((name for name in _TOWNS if name in text), None)
        districts = {d: town_of for town_of in _TOWNS.values() for d in town_of[2]}
        district = next((name for name in districts if name in text or name.rstrip("区") in text), None)
        detail = re.search(
            r"[^市区县 ,]*?\d+(?:号|栋|室|楼)[^，,。]*|\d+ [A-Z]\w+ (?:Road|Street|Farm)|\w+ lu \d+ hao", text
        )
        if town is None and district is None and detail is None:
            raise Refusal(422, "unknown_region")
        if town is not None and district is not None and district not in _TOWNS[town][2]:
            district = None
        province, city = ("", "") if town is None else _TOWNS[town][:2]
        parts = (("city", town), ("district", district), ("detail", detail))
        missing = next((level for level, found in parts if not found), None)
        address = {
            "raw": text,
            "province": province,
            "city": city,
            "district": district,
            "town": None,
            "village": None,
            "detail": detail.group() if detail else None,
            "tier": "central_city",
        }
        in_a_county = missing is None and bool(re.search("县|Yunyang", str(district)))
        return 200, {
            "address": address,
            "missing": missing,
            "asks_locality": in_a_county and not re.search("[路街村]|Road|Street", text),
            "outlet": None,
        }

    def check_time(self, body: Body) -> tuple[int, Body]:
        start = datetime.fromisoformat(body["start"])
        if start < NOW or not OPENS <= start.astimezone(NOW.tzinfo).hour < CLOSES:
            free = [NOW.replace(hour=15, minute=0), NOW.replace(hour=9, minute=0) + timedelta(days=1)]
            raise Refusal(422, "past" if start < NOW else "closed", alternatives=[_window(at) for at in free])
        window = _window(start)
        bare = {"start": window["start"], "end": window["end"]}
        return 200, {"window": bare, "words": window["words"], "exact": True}

    def known_of(self, body: Body, conversation_id: str) -> tuple[int, Body]:
        nothing = {"phone": None, "name": None, "address": None, "language": None, "tickets": []}
        return 200, {**nothing, **self.known.get(conversation_id, {}), **self._shown_to(conversation_id)}

    def _shown_to(self, conversation_id: str) -> Body:
        phone = self.verified.get(conversation_id)
        if phone is None:
            return {}
        own = [_in_one_line(ticket) for ticket in reversed(self.tickets.values()) if ticket["phone"] == phone]
        return {"phone": phone, "verified_phone": phone, "tickets": own}

    def send_code(self, body: Body) -> tuple[int, Body]:
        return 200, {"sent": True}

    def check_code(self, body: Body) -> tuple[int, Body]:
        if self.code_problem or body["code"] != CODE:
            raise Refusal(422, self.code_problem or "code_wrong")
        self.verified[body["conversation_id"]] = body["phone"]
        return 200, {"verified": True}

    def save_ticket(self, body: Body) -> tuple[int, Body]:
        key = (body["conversation_id"], body["form_id"])
        again = key in self.tickets
        if not again:
            self.tickets[key] = {**body, "ticket_no": f"WY261124-{len(self.tickets) + 1:04d}", "status": "new"}
        visits = body["type"] in ("repair", "install", "relocation")
        due = NOW.replace(hour=18, minute=0) + timedelta(days=1)
        wanted = body["wanted_time"]
        call = datetime.fromisoformat(wanted["start"]) if wanted else NOW.replace(minute=30)
        return 201, {
            "ticket": {"ticket_no": self.tickets[key]["ticket_no"], "type": body["type"], "status": "new"},
            "visit_code": "0427",
            "callback": {"id": 1, **_window(call)},
            "promise": {
                "reply": {"due_at": NOW.replace(hour=11).isoformat(), "words": words(NOW.replace(hour=11))},
                "onsite": {"due_at": due.isoformat(), "words": words(due)} if visits else None,
            },
            "duplicate": self.quietly_joined,
            "disclosed": not self.quietly_joined,
        }

    def look_up(self, body: Body) -> tuple[int, Body]:
        for ticket in self.tickets.values():
            if ticket["ticket_no"] == body["ticket_no"] and ticket["phone"] == body["phone"]:
                said = {"zh": "已受理，等待师傅上门。", "en": "accepted, the visit is being arranged."}
                self.verified[body["conversation_id"]] = body["phone"]
                return 200, {"ticket_no": ticket["ticket_no"], "status": ticket["status"], "words": said}
        raise Refusal(404, "ticket_unknown")

    def chase(self, body: Body, ticket_no: str) -> tuple[int, Body]:
        return 200, {"words": {"zh": "已经帮您催了，同事会尽快给您答复。", "en": "A colleague will answer you soon."}}

    def cancel(self, body: Body, ticket_no: str) -> tuple[int, Body]:
        return 200, {"words": {"zh": "", "en": ""}}

    def correct(self, body: Body, ticket_no: str) -> tuple[int, Body]:
        if self.dispatched:
            raise Refusal(409, "conflict")
        return 200, {"ticket_no": ticket_no, "changed": [name for name in body if name != "conversation_id"]}

    def book_callback(self, body: Body) -> tuple[int, Body]:
        wanted = body["wanted"]
        start = datetime.fromisoformat(wanted["start"]) if wanted else NOW.replace(minute=30)
        return 201, {"id": 7, **_window(start), "moved": False}

    def hand_over(self, body: Body) -> tuple[int, Body]:
        return 200, {"open": not self.night, "words": {"zh": "请稍等，马上就来。", "en": "One moment, please."}}

    def withdraw(self, body: Body) -> tuple[int, Body]:
        in_danger = any(each["conversation_id"] == body["conversation_id"] for each in self.called("/hazards"))
        return 200, {"withdrawn": not in_danger}

    def report_hazard(self, body: Body) -> tuple[int, Body]:
        said = {"zh": "同事马上给您打电话。", "en": "A colleague will ring you right away."}
        phone = body["phone"] or self.known.get(body["conversation_id"], {}).get("phone")
        return 200, {"ticket_no": "WY261124-9001", "ring_words": said, "needs_phone": phone is None}

    def opt_out(self, body: Body) -> tuple[int, Body]:
        return 200, {"numbers": int(bool(self.called("/tickets")))}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one packet an answer

            def do_POST(self) -> None:
                self._respond(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

            def do_GET(self) -> None:
                self._respond({})

            def _respond(self, body: Body) -> None:
                if self.headers["Authorization"] != f"Bearer {fake.token}":
                    status, answer = 401, {"code": "unauthorized"}
                else:
                    status, answer = fake.answer(self.path.removeprefix("/api/bot"), body)
                payload = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)
                self.wfile.flush()

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        return Handler


def _in_one_line(ticket: Body) -> Body:
    name = {"repair": ("维修", "repair"), "complaint": ("投诉", "complaint"), "install": ("安装", "installation")}
    zh, en = name[ticket["type"]]
    words_of_it = {"zh": f"{zh}，11月24日", "en": f"{en}, 24 Nov"}
    shown = {each: ticket[each] for each in ("ticket_no", "type", "status", "phone")}
    return {**shown, "is_open": ticket["status"] == "new", "words": words_of_it}


def _window(start: datetime) -> Body:
    end = start + timedelta(minutes=30)
    return {"start": start.isoformat(), "end": end.isoformat(), "words": words(start)}


_Endpoint = Callable[..., tuple[int, Body]]
_ENDPOINTS: tuple[tuple[str, _Endpoint], ...] = (
    (r"/phones/check", FakeBackend.check_phone),
    (r"/addresses/check", FakeBackend.check_address),
    (r"/times/check", FakeBackend.check_time),
    (r"/conversations/([^/]+)/known", FakeBackend.known_of),
    (r"/tickets", FakeBackend.save_ticket),
    (r"/tickets/lookup", FakeBackend.look_up),
    (r"/tickets/([^/]+)/chase", FakeBackend.chase),
    (r"/tickets/([^/]+)/cancel", FakeBackend.cancel),
    (r"/tickets/([^/]+)/correct", FakeBackend.correct),
    (r"/codes", FakeBackend.send_code),
    (r"/codes/check", FakeBackend.check_code),
    (r"/callbacks", FakeBackend.book_callback),
    (r"/handoffs", FakeBackend.hand_over),
    (r"/handoffs/withdraw", FakeBackend.withdraw),
    (r"/hazards", FakeBackend.report_hazard),
    (r"/opt-outs", FakeBackend.opt_out),
    *fake_knowledge.ENDPOINTS,
    *fake_visits.ENDPOINTS,
)

"""The part of the fake backend that agrees visits: windows as the tests put them up, and one that may be taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Body = dict[str, Any]


class Refusal(Exception):
    """A no of the backend, as a problem document."""

    def __init__(self, status: int, code: str, **more: Any) -> None:
        super().__init__(code)
        self.status, self.problem = status, {"type": "about:blank", "status": status, "code": code, **more}


def window(start: str, end: str, zh: str, en: str) -> Body:
    """window("2026-11-25T08:00", "12:00", …): both local."""
    day = start[:10]
    return {
        "start": f"{start}:00+08:00",
        "end": f"{day}T{end}:00+08:00",
        "words": {"zh": zh, "en": en},
        "inside_promise": day <= "2026-11-25",
    }


MORNING = window("2026-11-25T08:00", "12:00", "明天11月25日（周三）08:00–12:00", "tomorrow, Wed 25 Nov, 08:00–12:00")
AFTERNOON = window("2026-11-25T13:00", "18:00", "明天11月25日（周三）13:00–18:00", "tomorrow, Wed 25 Nov, 13:00–18:00")
THURSDAY = window("2026-11-26T08:00", "12:00", "11月26日（周四）08:00–12:00", "Thu 26 Nov, 08:00–12:00")


@dataclass
class Visits:
    """`free` is what can be had; `taken` names starts that somebody else takes at the last moment."""

    free: list[Body] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    why: str = "inside"
    current: Body | None = None
    called_off: bool = False
    booked: list[tuple[str, Body]] = field(default_factory=list)
    confirming_fails: bool = False

    def clear(self) -> None:
        self.__init__()  # type: ignore[misc]


def offers(fake: Any, body: Body) -> tuple[int, Body]:
    visits: Visits = fake.visits
    if body["ticket_no"] is None and visits.current is None and not visits.called_off:
        raise Refusal(404, "ticket_unknown")
    wanted = body.get("wanted")
    fitting = [each for each in visits.free if wanted and _fits(each, wanted)]
    ticket_no = body["ticket_no"] or "WY261124-0001"
    return 200, {
        "ticket_no": ticket_no,
        "windows": fitting or visits.free,
        "fits": bool(visits.free) and (bool(fitting) or not wanted),
        "inside_promise": visits.why == "inside",
        "why": visits.why,
        "appointment": visits.current,
    }


def _fits(each: Body, wanted: Body) -> bool:
    start = datetime.fromisoformat(wanted["start"])
    end = datetime.fromisoformat(wanted["end"]) if wanted.get("end") else start
    return datetime.fromisoformat(each["start"]) < max(end, start) and start < datetime.fromisoformat(each["end"])


def hold(fake: Any, body: Body) -> tuple[int, Body]:
    _refuse_taken(fake.visits, body)
    fake.visits.booked.append(("held", body))
    return 201, {"id": 31, "start": body["start"], "end": body["end"]}


def confirm(fake: Any, body: Body, _number: str) -> tuple[int, Body]:
    if fake.visits.confirming_fails:
        return 503, {"code": "unavailable"}
    held = fake.visits.booked[-1][1]
    fake.visits.booked.append(("confirmed", held))
    return 200, _agreed(fake.visits, held, callback_cancelled=True)


def move(fake: Any, body: Body, _number: str) -> tuple[int, Body]:
    _refuse_taken(fake.visits, body)
    fake.visits.booked.append(("moved", body))
    return 200, _agreed(fake.visits, body, callback_cancelled=False)


def _refuse_taken(visits: Visits, body: Body) -> None:
    if body["start"] in visits.taken:
        visits.free = [each for each in visits.free if each["start"] not in visits.taken]
        raise Refusal(422, "full", alternatives=visits.free)


def _agreed(visits: Visits, body: Body, *, callback_cancelled: bool) -> Body:
    chosen = next(each for each in visits.free if each["start"] == body["start"])
    return {
        "words": chosen["words"],
        "visit_code": "0427",
        "link": "http://127.0.0.1:8000/v/MQ.abc",
        "callback_cancelled": callback_cancelled,
    }


ENDPOINTS = (
    (r"/appointments/offers", offers),
    (r"/appointments", hold),
    (r"/appointments/(\d+)/confirm", confirm),
    (r"/appointments/(\d+)/move", move),
)

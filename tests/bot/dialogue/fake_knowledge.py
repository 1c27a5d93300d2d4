"""The knowledge endpoints of the fake backend: one series, a handful of answers, the shapes of the real ones."""

from __future__ import annotations

from typing import Any

Body = dict[str, Any]

HERE = {"zh": "我们每天 8:00–18:00 都在。", "en": "We are here from 8:00 to 18:00 every day."}
USUAL = {"zh": "热线每天 8:00–18:00 有人接听。", "en": "The hotline is staffed from 8:00 to 18:00 every day."}
_VISIT = {"zh": "登记好后，市区1个工作日内上门。", "en": "Once registered, within one working day in town."}
_ASK_BOTH = {"zh": "您的是什么型号，大概哪年哪月买的？", "en": "Which model is it, and when did you buy it?"}
_ASK_MODEL = {"zh": "您的是什么型号？", "en": "Which model is it?"}
_FEE = {"zh": "修一次要看具体情况，上门前先报价。", "en": "It depends; you hear the price before the visit."}
_PART = {"zh": "配件要按型号配，价格先报给您。", "en": "Parts must match the model."}
_UNKNOWN_CODE = {"zh": "同一个代码各型号意思不一样。", "en": "The same code differs by model."}
_LEAKAGE = {"zh": "这个代码是检测到漏电，有危险。", "en": "This code means leakage current: danger."}
_CHILD_LOCK = {"zh": "长按带锁标记的键3秒左右。", "en": "Hold the key with the lock sign for about 3 seconds."}
_KNOWS_NOT = {"zh": "要细问，说“给我回电话”。", "en": 'For details say "call me back".'}
_PERMIT = {"zh": "上门的师傅会带工作证。", "en": "The technician shows a work permit."}
_PLAINLY_ASKED = {
    "是你们师傅": {"zh": "上门码对上了才开门。", "en": "Check the visit code."},
    "for the code": {"zh": "验证码别告诉别人。", "en": "The code is for me only; tell it to nobody else."},
    "资质": _PERMIT,
    "certified": _PERMIT,
    "以旧换新": {"zh": "以旧换新我这里没有资料。", "en": "I have no information on trade-ins."},
    "无理由": {"zh": "网上买的，签收7天内可以无理由退。", "en": "Bought online, within 7 days."},
    "trade-in": {"zh": "以旧换新我这里没有资料。", "en": "I have no information on trade-ins."},
    "私人微信": {"zh": "修好了再付钱，私人的码先别付。", "en": "Do not pay to a private account."},
}
_AID = {
    "not_heating": {"zh": "不热，先看插头上的灯亮不亮。", "en": "No hot water: see if the light on the plug is on."},
    "leak": {"zh": "漏水先停用。", "en": "With a leak please stop using it."},
}


def _answer(words: Body, *, found: bool = True, ask: Body | None = None, expects: tuple[str, ...] = ()) -> Body:
    return {"words": words, "found": found, "ask": ask, "expects": list(expects), "danger": None}


def _is_yls(body: Body) -> bool:
    told = f"{body.get('model') or ''} {body.get('text') or ''}"
    return "YLS" in told.upper() or "雅丽诗" in told


def answer(_backend: object, body: Body, kind: str) -> tuple[int, Body]:
    return 200, _ANSWERS[kind](body)


def _warranty(body: Body) -> Body:
    if body.get("purchase_date") and _is_yls(body):
        when = body["purchase_date"]
        return _answer({"zh": f"{when}买的雅丽诗，现在在保。", "en": f"Bought {when}: under warranty."})
    missing = ("model",) if body.get("purchase_date") else ("model", "purchase_date")
    return _answer({"zh": "整机保1到3年。", "en": "1 to 3 years by model."}, ask=_ASK_BOTH, expects=missing)


def _howto(body: Body) -> Body:
    code = body.get("fault_code")
    if code == "E1" and _is_yls(body):
        return _answer(_LEAKAGE) | {"danger": "leakage_current"}
    if code:
        return _answer(_UNKNOWN_CODE, ask=_ASK_MODEL, expects=("model",))
    knows = "童锁" in body["text"] or "child lock" in body["text"]
    return _answer(_CHILD_LOCK) if knows else _answer({"zh": "", "en": ""}, found=False)


def _any(body: Body) -> Body:
    told = next((words for said, words in _PLAINLY_ASKED.items() if said in body["text"]), None)
    return _answer(told or _KNOWS_NOT, found=told is not None)


_ANSWERS = {
    "any": _any,
    "visit": lambda _body: _answer(_VISIT),
    "hours": lambda _body: _answer(USUAL),
    "fee": lambda _body: _answer(_FEE),
    "parts": lambda _body: _answer(_PART),
    "warranty": _warranty,
    "howto": _howto,
}


def hours(_backend: object, _body: Body, _channel: str) -> tuple[int, Body]:
    return 200, {"open": True, "words": USUAL, "here": HERE}


def first_aid(_backend: object, body: Body) -> tuple[int, Body]:
    told = {"danger": None, "ask": None, "fault_class": None}
    if body.get("fault_code") == "E1" and _is_yls(body):
        return 200, {**told, "words": _LEAKAGE, "danger": "leakage_current", "fault_class": "leakage_current"}
    symptom = str(body.get("symptom") or "")
    kind = "leak" if "漏水" in symptom or "leak" in symptom else "not_heating" if "热" in symptom else None
    if kind:
        return 200, {**told, "words": _AID[kind], "ask": "leak_where" if kind == "leak" else None}
    if body.get("fault_code"):
        return 200, {**told, "words": _UNKNOWN_CODE, "ask": "code_symptom"}
    return 404, {"code": "no_first_aid"}


def readiness(_backend: object, body: Body) -> tuple[int, Body]:
    hollow = "空心" in body["text"] or "hollow" in body["text"]
    words = {"zh": "空心墙挂不住，请备一面实心墙。", "en": "A hollow wall cannot carry it."}
    return 200, {"failed": ["wall"] if hollow else [], "words": words if hollow else None}


def solved(_backend: object, body: Body) -> tuple[int, Body]:
    return 201, {"ticket_no": "WY261124-0900" if body.get("phone") else None}


ENDPOINTS = (
    (r"/knowledge/hours\?channel=(web|sms|voice)", hours),
    (r"/knowledge/first-aid", first_aid),
    (r"/knowledge/readiness", readiness),
    (r"/knowledge/(warranty|fee|hours|visit|howto|parts|any)", answer),
    (r"/tickets/solved", solved),
)

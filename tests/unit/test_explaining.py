"""`hotline chat --explain`: a note follows each answer of the bot, and the bot's token never reaches the web."""

from __future__ import annotations

from backend.launcher.explaining import ExplainedLine, worded
from backend.launcher.terminal import Heard

WHY = {
    "intent": "request_repair",
    "confidence": 0.91,
    "ranking": [
        {"name": "request_repair", "confidence": 0.91},
        {"name": "report_hazard", "confidence": 0.06},
        {"name": "complain", "confidence": 0.01},
    ],
    "entities": [{"entity": "symptom", "text": "不热", "value": "not_heating"}],
    "actions": ["repair_form"],
    "form": "repair_form",
    "rules": ["A fault opens the repair form"],
}


class OneAnswer:
    is_with_bot = True

    def __init__(self, *heard: Heard) -> None:
        self._heard = list(heard)

    def open(self) -> list[Heard]:
        return []

    def send(self, text: str) -> list[Heard]:
        return self._heard

    def news(self) -> list[Heard]:
        return []


def test_a_note_follows_the_bots_answer_and_keeps_its_quick_replies() -> None:
    line = ExplainedLine(OneAnswer(Heard("bot", "对吗？", [("确认", "确认")])), lambda: "because")
    answer, note = line.send("嗯")
    assert (answer.text, note.author, note.text, note.buttons) == ("对吗？", "why", "because", [("确认", "确认")])


def test_what_a_person_says_is_not_explained() -> None:
    said = [Heard("agent", "您好，我是小林")]
    assert ExplainedLine(OneAnswer(*said), lambda: "because").send("人工") == said


def test_silence_is_not_explained() -> None:
    assert ExplainedLine(OneAnswer(), lambda: "because").news() == []


def test_an_explanation_names_intent_rivals_values_form_and_rule() -> None:
    told = worded(WHY).splitlines()
    assert told == [
        "intent   request_repair 0.91   (or report_hazard 0.06)",
        "entity   symptom 不热 → not_heating",
        "form     repair_form",
        "rule     A fault opens the repair form",
        "actions  repair_form",
    ]

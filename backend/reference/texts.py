"""What the house itself says: messages, and the approved words in danger."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from backend.reference.base import Frozen, Language, Table, Text

SAID_BY_THE_HOUSE: Mapping[str, frozenset[str]] = {
    "greeting": frozenset(),
    "warming": frozenset(),
    "bot_down": frozenset(),
    "empty": frozenset(),
    "too_long": frozenset(),
    "taken_over": frozenset({"agent"}),
    "handed_back": frozenset(),
    "passed_on": frozenset(),
    "conversation_closed": frozenset(),
    "picture": frozenset(),
    "picture_received": frozenset(),
    "picture_unusable": frozenset({"count"}),
    "waiting_in_hours": frozenset({"opening"}),
    "waiting_out_of_hours": frozenset({"opening"}),
    "opted_in": frozenset(),
    "sms_help": frozenset(),
    "code": frozenset({"code", "minutes"}),
    "reminder.callback": frozenset({"ticket_no", "window"}),
    **dict.fromkeys(
        ("appointment.agreed", "appointment.moved", "appointment.evening", "appointment.soon"),
        frozenset({"window", "visit_code", "link"}),
    ),
    "appointment.absent": frozenset({"window", "link"}),
    "appointment.late": frozenset({"window", "minutes"}),
    **dict.fromkeys(
        ("appointment.cancelled", "appointment.thanks", "appointment.kept", "appointment.cancel_done"),
        frozenset({"window"}),
    ),
    **dict.fromkeys(("appointment.choose", "appointment.choose_new", "appointment.taken"), frozenset({"choices"})),
    **dict.fromkeys(("appointment.none_free", "appointment.later", "appointment.gone"), frozenset()),
    "appointment.changed": frozenset({"window", "visit_code"}),
    "callback.unreached": frozenset({"times"}),
    "followup.ask": frozenset({"ticket_no"}),
    "followup.ask_web": frozenset({"ticket_no"}),
    **dict.fromkeys(("followup.thanks", "followup.sorry", "followup.noted"), frozenset()),
    "call.visit": frozenset({"window"}),
    **dict.fromkeys(("call.confirmed", "call.changed"), frozenset({"window", "visit_code"})),
    **dict.fromkeys(("call.choose", "call.taken"), frozenset({"choices"})),
    "call.person": frozenset({"window"}),
    **dict.fromkeys(
        ("call.again", "call.reason", "call.gone", "call.later", "call.machine", "call.broken"), frozenset()
    ),
    "bridge.agent": frozenset({"digits"}),
    **dict.fromkeys(
        tuple(
            f"bridge.{each}"
            for each in (
                "connecting",
                "not_connected",
                "gone",
                "talked",
                "no_answer",
                "busy",
                "failed",
                "declined",
            )
        ),
        frozenset(),
    ),
    "ticket.noted": frozenset({"ticket_no", "onsite"}),
    "ticket.confirmation": frozenset({"ticket_no", "onsite", "visit_code"}),
    **dict.fromkeys(
        (
            "voice.greeting",
            "voice.ask",
            "voice.keys",
            "voice.cantonese",
            "voice.silence",
            "voice.unclear",
            "voice.wrong_key",
            "voice.wait",
            "voice.confirm_keys",
            "voice.finish_key",
            "voice.text_for_address",
            "voice.ticket_texted",
            "voice.queued",
            "voice.shut_choice",
            "voice.ask_number",
            "voice.bad_number",
            "voice.no_number",
            "voice.record",
            "voice.message_kept",
            "voice.message_empty",
            "voice.served",
            "voice.nobody_there",
            "answer.agent",
            "answer.connecting",
            "answer.declined",
            "answer.gone",
            "voice.rung",
            "voice.hung_up",
            "voice.address_text",
        ),
        frozenset(),
    ),
    **dict.fromkeys(("voice.greeting_closed", "voice.shut", "voice.duty"), frozenset({"opening"})),
    "voice.pressed": frozenset({"keys"}),
    "voice.read_back": frozenset({"digits"}),
    "voice.position": frozenset({"position"}),
    "voice.called_back": frozenset({"window"}),
    "voice.message": frozenset({"seconds"}),
}
"""The templates the rooms render, with the values they give."""


Channel = Literal["web", "sms", "voice"]


class Limits(Frozen):
    """What a channel carries."""

    max_segments: int = Field(ge=1)
    urls: bool


class Button(Frozen):
    """A quick reply: what it shows, and the plain words it says for the customer."""

    title: str = Field(min_length=1, max_length=24)
    payload: str = Field(min_length=1, max_length=80, pattern=r"^[^/]")


class Template(Frozen):
    """A text in both languages, with the variables it may use and the channels it leaves by."""

    zh: str
    en: str
    variables: frozenset[str] = frozenset()
    channels: tuple[Channel, ...] = ("web", "sms")
    buttons: dict[Language, tuple[Button, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _only_declared_variables(self) -> Template:
        for text in (self.zh, self.en):
            used = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
            if undeclared := used - self.variables:
                raise ValueError(f"uses {', '.join(sorted(undeclared))} without declaring it under `variables`")
        return self


class Messages(Table):
    """What the house itself says."""

    file: ClassVar = "messages.yaml"
    limits: dict[Channel, Limits] = Field(default_factory=dict)
    samples: dict[str, Text] = Field(default_factory=dict)
    messages: dict[str, Template]

    @model_validator(mode="after")
    def _has_what_the_house_says(self) -> Messages:
        if missing := set(SAID_BY_THE_HOUSE) - set(self.messages):
            raise ValueError(f"messages lacks {', '.join(sorted(missing))}")
        for template, given in SAID_BY_THE_HOUSE.items():
            if unknown := self.messages[template].variables - given:
                raise ValueError(f"{template} asks for {', '.join(sorted(unknown))}, which nobody knows there")
        return self

    def completed(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        written = body.get("messages")
        if not isinstance(written, Mapping):
            return body
        return {**body, "messages": self.model_dump(mode="json")["messages"] | written}

    def sample(self, variable: str, language: Language) -> str:
        """What may stand for a variable, to show a text as it will read."""
        known = self.samples.get(variable)
        if known is None:
            return "示例" if language == "zh" else "sample"
        return known.zh if language == "zh" else known.en

    def render(self, template: str, language: str, **values: object) -> str:
        """A text by its id. Values are put in as they are; braces in them mean nothing."""
        found = self.messages[template]
        return (found.en if language == "en" else found.zh).format(**values)

    def buttons(self, template: str, language: str) -> list[dict[str, str]]:
        """The quick replies that go with a text."""
        buttons = self.messages[template].buttons.get("en" if language == "en" else "zh", ())
        return [button.model_dump() for button in buttons]


class SafetyText(Frozen):
    """One approved text."""

    zh: str
    en: str


class Safety(Table):
    """What is said at once when people are in danger."""

    file: ClassVar = "safety.yaml"
    texts: dict[str, SafetyText]
    spoken: dict[str, SafetyText]

    @model_validator(mode="after")
    def _has_a_default(self) -> Safety:
        for table, texts in (("texts", self.texts), ("spoken", self.spoken)):
            if "default" not in texts:
                raise ValueError(f"{table}.default is missing: there must be something to say in any danger")
        return self

    def text(self, kind: str, language: str, *, aloud: bool = False) -> str:
        """The approved text for a kind of danger, or its form for a voice; an unknown kind gets the general one."""
        texts = self.spoken if aloud else self.texts
        found = texts.get(kind, texts["default"])
        return found.en if language == "en" else found.zh

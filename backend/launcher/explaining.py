"""`hotline chat --explain`: beside each answer what the bot understood and which rule or form spoke."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx2
from pydantic import SecretStr

from backend.launcher.bot_env import Obstacle
from backend.launcher.terminal import Heard, Line, WebLine

LIKELY = 0.05  # other intents are named from this probability on


class ExplainedLine:
    """A customer's line on which a note follows every answer of the bot."""

    def __init__(self, line: Line, why: Callable[[], str]) -> None:
        self._line, self._why = line, why

    @property
    def is_with_bot(self) -> bool:
        """As of the line underneath."""
        return self._line.is_with_bot

    def open(self) -> list[Heard]:
        """Connect; a greeting needs no explanation."""
        return self._line.open()

    def send(self, text: str) -> list[Heard]:
        """Say something; what is heard at once, explained."""
        return self._explained(self._line.send(text))

    def news(self) -> list[Heard]:
        """What arrived since, explained."""
        return self._explained(self._line.news())

    def _explained(self, heard: list[Heard]) -> list[Heard]:
        if not any(message.author == "bot" for message in heard):
            return heard
        last = heard[-1]  # its quick replies stay on offer
        return [*heard, Heard("why", self._why(), last.buttons)]


class Inquiry:
    """Asks the bot itself about a conversation, with the token that service and bot share."""

    def __init__(self, bot_url: str, token: SecretStr) -> None:
        self._url = f"{bot_url.rstrip('/')}/webhooks/hotline/explain"
        self._headers = {"Authorization": f"Bearer {token.get_secret_value()}"}

    def about(self, conversation_id: str) -> str:
        """The last turn of a conversation, explained in a few lines.

        Raises:
            Obstacle: the bot does not answer at `HOTLINE_BOT_URL`, or refuses the token.
        """
        try:
            answer = httpx2.post(
                self._url,
                json={"conversation_id": conversation_id},
                headers=self._headers,
                timeout=10,
                trust_env=False,
            )
        except httpx2.HTTPError as error:
            raise Obstacle(f"The bot does not explain itself at {self._url}: set HOTLINE_BOT_URL.") from error
        if answer.status_code != httpx2.codes.OK:
            raise Obstacle(f"The bot does not explain itself: HTTP {answer.status_code}.")
        return worded(answer.json())


def explained(line: WebLine, bot_url: str, token: SecretStr) -> ExplainedLine:
    """A web customer's line with explanations."""
    inquiry = Inquiry(bot_url, token)
    return ExplainedLine(line, lambda: inquiry.about(line.conversation_id))


def worded(why: Mapping[str, Any]) -> str:
    """`report_hazard 1.00 · phone 138… → +86138… · form repair_form · rule A danger is reported`, a line each."""
    others = [
        f"{each['name']} {each['confidence']:.2f}"
        for each in why["ranking"]
        if each["name"] != why["intent"] and each["confidence"] >= LIKELY
    ]
    lines = [f"intent   {why['intent']} {why['confidence']:.2f}" + (f"   (or {', '.join(others)})" if others else "")]
    lines += [f"entity   {each['entity']} {each['text']} → {each['value']}" for each in why["entities"]]
    lines += _line("form", [why["form"]] if why["form"] else [])
    lines += _line("rule", why["rules"])
    lines += _line("actions", why["actions"])
    return "\n".join(lines)


def _line(name: str, words: Sequence[str]) -> list[str]:
    return [f"{name:<8} {', '.join(words)}"] if words else []

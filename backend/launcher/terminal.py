"""`hotline chat`: a customer in the terminal, on the chat API or by text, through the doors real ones use."""

from __future__ import annotations

import secrets
import sys
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx2
from rich.console import Console
from rich.markup import escape

from backend.launcher import door as doors
from backend.launcher import embedded
from backend.launcher.bot_env import Obstacle
from backend.launcher.door import Door
from backend.outbox import service as outbox
from backend.settings import Settings
from telephony import simulator, sms
from telephony.handset import Fetch
from telephony.ports import OptWord

POLL_S = 0.7
PATIENCE_S = 60.0  # how long a script waits for an answer, a warming bot included
QUIET_S = 1.5  # a script takes an answer for complete after this long without another message

NAMES = {
    "zh": {"bot": "热线", "agent": "客服", "system": "提示", "why": "因为", "customer": "您"},
    "en": {"bot": "Hotline", "agent": "Agent", "system": "Note", "why": "Because", "customer": "You"},
}
OPTED_OUT = {
    "zh": "已退订，热线不再给这个号码发短信；真实的运营商会自己回一条确认。发“恢复”可重新订阅。",
    "en": "Opted out: the hotline texts this number no more; a real carrier confirms that itself. START undoes it.",
}


@dataclass(frozen=True)
class Heard:
    """One message that reached the customer."""

    author: str
    text: str
    buttons: Sequence[tuple[str, str]] = field(default=())  # title, payload


class Line(Protocol):
    """A customer's connection to the house."""

    @property
    def is_with_bot(self) -> bool:
        """Whether an answer is to be expected at once."""
        ...

    def open(self) -> list[Heard]:
        """Connect; what is heard first."""
        ...

    def send(self, text: str) -> list[Heard]:
        """Say something; what is heard at once."""
        ...

    def news(self) -> list[Heard]:
        """What arrived since."""
        ...


class WebLine:
    """The chat API, as the widget uses it."""

    def __init__(self, client: httpx2.Client, language: str) -> None:
        self._client, self._language = client, language
        self.conversation_id, self._path, self._last = "", "", 0
        self._headers: dict[str, str] = {}
        self._lock = threading.Lock()
        self.is_with_bot = True

    def open(self) -> list[Heard]:
        opened = _checked(self._client.post("/api/chat/conversations", json={"language": self._language}))
        self.conversation_id = str(opened["conversation_id"])
        self._path = f"/api/chat/conversations/{self.conversation_id}/messages"
        self._headers = {"Authorization": f"Bearer {opened['token']}"}
        return self._new(opened["messages"])

    def send(self, text: str) -> list[Heard]:
        form = {"client_message_id": uuid.uuid4().hex, "text": text}
        _checked(self._client.post(self._path, json=form, headers=self._headers))
        return self.news()

    def news(self) -> list[Heard]:
        with self._lock:
            answer = _checked(self._client.get(self._path, params={"after": self._last}, headers=self._headers))
            self.is_with_bot = answer["mode"] == "bot"
            return self._new(answer["messages"])

    def _new(self, messages: list[dict[str, Any]]) -> list[Heard]:
        fresh = [message for message in messages if int(message["id"]) > self._last]
        self._last = max([self._last, *(int(message["id"]) for message in fresh)])
        return [
            Heard(m["author"], m["text"], [(button["title"], button["payload"]) for button in m["buttons"]])
            for m in fresh
            if m["author"] != "customer"
        ]


class TextLine:
    """A mobile phone: texts go to the webhook signed as Twilio signs them, answers come from the console carrier."""

    def __init__(self, client: httpx2.Client, door: Door, number: str, language: str) -> None:
        self._client, self._door, self._number, self._language = client, door, number, language
        self._last = 0
        self.is_with_bot = True

    def open(self) -> list[Heard]:
        self.news()  # texts of earlier conversations are not heard again
        return []

    def send(self, text: str) -> list[Heard]:
        sid = "SM" + secrets.token_hex(16)
        form = simulator.inbound_form(sid=sid, sender=self._number, body=text, account=self._door.account)
        fetch = Fetch(f"{self._door.signed_as}/telephony/sms", "POST", form)
        headers = simulator.signed(fetch, self._door.token)
        answer = self._client.post(f"{self._door.url}/telephony/sms", data=form, headers=headers)
        if answer.status_code >= 400:
            raise Obstacle(f"The text was not taken: HTTP {answer.status_code}. {answer.text[:200]}")
        self.is_with_bot = sms.classify(text) is not OptWord.STOP
        return [] if self.is_with_bot else [Heard("system", OPTED_OUT[self._language])]

    def news(self) -> list[Heard]:
        answer = self._client.post(
            f"{self._door.url}/telephony/simulator/messages",
            json={"phone": self._number, "after": self._last},
            headers={"Authorization": f"Bearer {self._door.token}"},
        )
        if answer.status_code == 404:
            raise Obstacle("That house has a live carrier: its answers leave by it and cannot be shown here.")
        texts = _checked(answer)["messages"]
        self._last = max([self._last, *(int(text["id"]) for text in texts)])
        return [Heard("bot", text["text"]) for text in texts]


class Screen:
    """What the customer sees; remembers the quick replies on offer."""

    def __init__(self, language: str, console: Console | None = None) -> None:
        self._names = NAMES[language]
        self._console = console or Console(highlight=False, soft_wrap=True)
        self._buttons: Sequence[tuple[str, str]] = ()

    @property
    def prompt(self) -> str:
        """Stands before what the customer types."""
        return f"{self._names['customer']}> "

    def show(self, heard: Sequence[Heard]) -> None:
        """Print messages; the last one's quick replies get numbers."""
        for message in heard:
            style = {"bot": "cyan", "agent": "green"}.get(message.author, "dim")
            name = self._names.get(message.author, message.author)
            self._console.print(f"[{style}]{name}>[/] {escape(message.text)}")
            self._buttons = message.buttons
        if heard and self._buttons:
            numbered = "   ".join(f"{n} {title}" for n, (title, _) in enumerate(self._buttons, start=1))
            self._console.print(f"  [dim]{escape(numbered)}[/]")

    def echo(self, text: str) -> None:
        """Print what a script says in the customer's place."""
        self._console.print(f"{self.prompt}{escape(text)}")

    def meant(self, typed: str) -> str:
        """What the customer means: the number of a quick reply stands for its payload."""
        if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(self._buttons):
            return self._buttons[int(typed) - 1][1]
        return typed


def chat(
    settings: Settings,
    *,
    url: str,
    language: str,
    number: str,
    token: str = "",
    lines: Sequence[str],
    explain: Callable[[WebLine], Line] | None = None,
) -> None:
    """Talk to a house. Reads the keyboard, or says `lines`, or (no terminal) each line of standard input, and leaves.

    With a `number`, by text message; `token` is that of another deployment (`door.find`). `explain` puts notes beside
    the bot's answers on the web line.

    Raises:
        Obstacle: no house answers, it refused something, or it has a live carrier (with `number`).
        BadPhone: `number` is no number that can text.
    """
    if language not in NAMES:
        raise Obstacle("--language is zh or en.")
    base = url or embedded.running(settings.data_dir).get("url") or settings.backend_url
    with httpx2.Client(base_url=base, timeout=70, trust_env=False) as client:
        line: Line
        web = WebLine(client, language)
        line = explain(web) if explain else web
        if number:
            door = doors.find(settings, url=url, token=token)
            line = TextLine(client, door, outbox.number(number).e164, language)
        screen = Screen(language)
        with doors.reaching(base):
            screen.show(line.open())
            if lines or not sys.stdin.isatty():
                recite(line, screen, lines or [text for text in sys.stdin.read().splitlines() if text.strip()])
            else:
                converse(line, screen)


def recite(line: Line, screen: Screen, lines: Sequence[str], *, patience_s: float = PATIENCE_S) -> None:
    """Say each line, then wait for the answer before the next.

    Raises:
        Obstacle: no answer came in time.
    """
    for text in lines:
        meant = screen.meant(text)
        screen.echo(meant)
        heard = line.send(meant)
        screen.show(heard)
        _hear_out(line, screen, answered=_is_answer(heard), patience_s=patience_s)


def _hear_out(line: Line, screen: Screen, *, answered: bool, patience_s: float) -> None:
    deadline, quiet_since = time.monotonic() + patience_s, time.monotonic()
    while not ((answered or not line.is_with_bot) and time.monotonic() - quiet_since > QUIET_S):
        if time.monotonic() > deadline:
            raise Obstacle("No answer came in time.")
        time.sleep(POLL_S / 2)
        if heard := line.news():
            screen.show(heard)
            answered, quiet_since = answered or _is_answer(heard), time.monotonic()


def _is_answer(heard: Sequence[Heard]) -> bool:
    return any(message.author in ("bot", "agent") for message in heard)


def converse(line: Line, screen: Screen) -> None:
    """Talk at the keyboard until Ctrl-D or Ctrl-C; what arrives meanwhile is shown as it comes."""
    leaving = threading.Event()

    def listen() -> None:
        is_lost = False
        while not leaving.wait(POLL_S):
            try:
                heard, is_lost = line.news(), False
            except (httpx2.HTTPError, Obstacle) as error:  # told once; the next look may do better
                heard = [] if is_lost else [Heard("system", f"… {error}")]
                is_lost = True
            if heard:
                print("\r", end="")
                screen.show(heard)
                print(screen.prompt, end="", flush=True)

    threading.Thread(target=listen, daemon=True).start()
    try:
        while True:
            if typed := input(screen.prompt).strip():
                screen.show(line.send(screen.meant(typed)))
    except (EOFError, KeyboardInterrupt):
        print()
    finally:
        leaving.set()


def _checked(answer: httpx2.Response) -> Any:
    """The JSON of a good answer.

    Raises:
        Obstacle: the house refused; the message is its own.
    """
    if answer.status_code < 400:
        return answer.json()
    problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    raise Obstacle(problem.get("detail") or problem.get("title") or f"The house answered HTTP {answer.status_code}.")

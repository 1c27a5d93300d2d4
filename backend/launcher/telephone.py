"""`hotline call`: a telephone in the terminal, through the webhooks a real carrier calls."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import httpx2
from rich.console import Console

from backend.errors import BadPhone
from backend.launcher import door as doors
from backend.launcher.bot_env import Obstacle
from backend.launcher.door import Door
from backend.launcher.handpiece import Handpiece, Keyboard, Script, Source
from backend.launcher.speaker import Speaker
from backend.launcher.terminal import NAMES, TextLine
from backend.outbox import service as outbox
from backend.settings import Settings
from telephony import simulator
from telephony.handset import Answer, Call, Cue, Event, Fetch, HangUp, Kind, Listen, Turn, advance, begin
from telephony.handset.stage import RETRIEVAL_FAILED

VOICE_PATH = "/telephony/voice"
PATIENCE_S = 15.0
"""Twilio gives a webhook up after this long."""
TEXTS_S = 4.0  # a text promised in the call leaves within a tick or two
HIDDEN = frozenset({"anonymous", "unknown", "restricted"})


@dataclass
class Telephone:
    """Drives one simulated call over HTTP, and keeps its figures."""

    client: httpx2.Client
    door: Door
    call: Call
    clock: Callable[[], float] = time.monotonic
    waits_s: list[float] = field(default_factory=list)

    def ring(self) -> Iterator[Turn]:
        """Dial; turn after turn until the caller is to do something, or the call is over."""
        return self._go_on(begin(self.call, self.door.signed_as + VOICE_PATH))

    def tell(self, event: Event) -> Iterator[Turn]:
        """The caller does something; turn after turn likewise. Time between two turns is the caller's hearing."""
        return self._go_on(advance(self.call, event, self.clock()))

    def _go_on(self, turn: Turn) -> Iterator[Turn]:
        while True:
            self.call = turn.call
            yield replace(turn, cues=(*turn.cues, *self._run(turn.errands)))
            if not isinstance(turn.call.waits_for, Fetch):
                return
            turn = advance(turn.call, self._send(turn.call.waits_for), self.clock())

    def _run(self, errands: Sequence[Fetch]) -> list[Cue]:
        """Tell the house what it wants to know on the side; what goes wrong there is a trouble as well."""
        failed = [answer for errand in errands if not 200 <= (answer := self._send(errand)).status < 300]
        return [Cue(Kind.TROUBLE, f"a callback met HTTP {each.status}", code=RETRIEVAL_FAILED) for each in failed]

    def _send(self, fetch: Fetch) -> Answer:
        target = self.door.url + fetch.url.removeprefix(self.door.signed_as)
        headers, asked_at = simulator.signed(fetch, self.door.token), self.clock()
        try:
            answer = self.client.request(fetch.method, target, data=fetch.form or None, headers=headers)
        except httpx2.TimeoutException:
            return Answer(0, "", f"no answer within {PATIENCE_S:.0f} s")
        self.waits_s.append(self.clock() - asked_at)
        if answer.status_code == 403:
            raise Obstacle("The house refused the signature: is --token this deployment's, and --url its own address?")
        if answer.status_code == 404 and fetch.url.endswith(VOICE_PATH):
            raise Obstacle(f"The Hotline at {self.door.url} takes no calls.")
        return Answer(answer.status_code, answer.headers.get("content-type", ""), answer.text)


def call(
    settings: Settings,
    *,
    url: str,
    token: str,
    account: str,
    caller: str,
    language: str,
    script: Sequence[str] | None,
    speak: bool,
    in_real_time: bool,
) -> int:
    """Ring a house. Plays `script`, or reads the keyboard; returns how many troubles Twilio would have listed.

    Raises:
        Obstacle: no house answers, it refuses the token, or `speak` finds no voice.
        BadPhone: `caller` is no number.
    """
    if language not in NAMES:
        raise Obstacle("--language is zh or en.")
    number = caller if caller in HIDDEN else outbox.number(caller).e164
    door = doors.find(settings, url=url, token=token, account=account)
    speaker = Speaker.find() if speak else None
    source: Source = Script(script) if script is not None else Keyboard(in_real_time=in_real_time)
    piece = Handpiece(language, source, Console(highlight=False, soft_wrap=True), speaker)
    with httpx2.Client(timeout=PATIENCE_S, trust_env=False) as client, doors.reaching(door.url):
        new = simulator.new_call(caller=number, now=time.monotonic(), base=door.signed_as, account=door.account)
        telephone = Telephone(client, door, new)
        texts = _texts(client, door, number, language)
        piece.explain(number)
        talk(telephone, piece)
        piece.sum_up(telephone.call, telephone.clock(), telephone.waits_s)
        _show_texts(texts, piece)
    return piece.troubles


def talk(telephone: Telephone, piece: Handpiece) -> None:
    """From ringing to hanging up; Ctrl-C, the end of the keyboard or of the script hang up."""
    try:
        turns = telephone.ring()
        while True:
            for turn in turns:
                piece.perform(turn.cues)
            waiting = telephone.call.waits_for
            if not isinstance(waiting, Listen):
                return
            turns = telephone.tell(piece.ask(waiting, in_queue=telephone.call.queue is not None))
    except (EOFError, KeyboardInterrupt):
        piece.leave_prompt()
        for turn in telephone.tell(HangUp()):
            piece.perform(turn.cues)


def _texts(client: httpx2.Client, door: Door, number: str, language: str) -> TextLine | None:
    """The caller's text messages, where the house lets a simulated phone see them."""
    try:
        outbox.number(number)
    except BadPhone:
        return None  # a hidden number gets no texts
    line = TextLine(client, door, number, language)
    try:
        line.open()
    except Obstacle:
        return None  # a live carrier: texts leave by it
    return line


def _show_texts(line: TextLine | None, piece: Handpiece) -> None:
    until = time.monotonic() + TEXTS_S
    while line is not None and time.monotonic() < until:
        for heard in line.news():
            piece.show_text(heard.text)
        time.sleep(0.5)


def read_script(lines: str) -> list[str]:
    """The lines of a script; an empty one is silence, one that begins with `//` a remark."""
    return [line.strip() for line in lines.splitlines() if not line.startswith("//")]


def typed_ahead() -> list[str] | None:
    """What stands in standard input when it is no keyboard."""
    return None if sys.stdin.isatty() else read_script(sys.stdin.read())

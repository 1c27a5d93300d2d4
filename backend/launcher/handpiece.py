"""What a caller sees and types in the terminal: words and keys to events, cues to lines."""

from __future__ import annotations

import re
import select
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from backend.launcher.bot_env import Obstacle
from backend.launcher.speaker import Speaker
from backend.launcher.terminal import NAMES
from telephony.handset import Call, Cue, Event, For, HangUp, Keys, Kind, Listen, Rung, Silence, Speech

MUSIC_S: Final = 8.0
_KEYS: Final = re.compile(r"[0-9*#]+")

WORDS: Final = {
    "zh": {
        "title": "热线电话（模拟），您的号码 {number}",
        "legend": (
            ("说话", "直接打字，回车"),
            ("按键", "只打数字、* 或 #，回车：1　0　13800138000#"),
            ("不出声", "直接按回车"),
            ("念数字，不按键", "/say 138 0013 8000"),
            ("说得含糊", "/mumble 嗯那个"),
            ("挂断", "/hangup 或 Ctrl-C；再看说明 /help"),
        ),
        "both": "（说话或按键）",
        "keys": "（按键）",
        "keys #": "（按键，# 结束）",
        "speech": "（说话）",
        "record": "（留言；# 或空行结束）",
        "ring": "（接通按回车，占线 /busy，没人接 /noanswer）",
        "nothing": "（等待中，/hangup 挂断）",
        "play": "♪ 音乐",
        "beep": "嘀——",
        "queued": "进入排队",
        "left": "离开排队",
        "ringing": "正在拨 {text}",
        "ignored": "没人在听：{text}",
        "over": "通话结束",
        "silence": "（不出声）",
        "text": "短信",
        "sum": "时长 {seconds:.0f} 秒 · 您说了或按了 {turns} 次 · 应答最慢 {slowest:.2f} 秒",
    },
    "en": {
        "title": "The hotline's telephone (simulated), your number {number}",
        "legend": (
            ("speak", "type, Enter"),
            ("press keys", "type digits, * or # only, Enter: 1   0   13800138000#"),
            ("say nothing", "Enter alone"),
            ("say digits, not press", "/say 138 0013 8000"),
            ("speak unclearly", "/mumble er well"),
            ("hang up", "/hangup or Ctrl-C; this help again: /help"),
        ),
        "both": " (speak or press keys)",
        "keys": " (press keys)",
        "keys #": " (press keys, # at the end)",
        "speech": " (speak)",
        "record": " (your message; # or an empty line ends it)",
        "ring": " (Enter: it is answered; /busy, /noanswer)",
        "nothing": " (waiting; /hangup to hang up)",
        "play": "♪ music",
        "beep": "beep",
        "queued": "waiting in the queue",
        "left": "out of the queue",
        "ringing": "ringing {text}",
        "ignored": "nobody listens: {text}",
        "over": "the call is over",
        "silence": "(silence)",
        "text": "Text",
        "sum": "{seconds:.0f} s · you spoke or pressed {turns} times · slowest answer {slowest:.2f} s",
    },
}


class Source(Protocol):
    """Where the caller's lines come from."""

    is_echoed: bool
    """Whether a line read must be shown, because nobody typed it here."""

    def read(self, prompt: str, timeout_s: float | None, *, in_real_time: bool) -> str | None:
        """The next line, or None when the time is up.

        Raises:
            EOFError: there is no further line.
        """
        ...

    def is_waiting(self) -> bool:
        """Whether a line waits to be read."""
        ...


class Keyboard:
    """A person: has all the time they want to type, unless the clock is to run (`in_real_time`)."""

    is_echoed = False

    def __init__(self, *, in_real_time: bool = False) -> None:
        self._in_real_time = in_real_time

    def read(self, prompt: str, timeout_s: float | None, *, in_real_time: bool) -> str | None:
        """As of the protocol."""
        if timeout_s is None or not (in_real_time or self._in_real_time):
            return input(prompt)
        sys.stdout.write(prompt)
        sys.stdout.flush()
        ready, _, _ = select.select([sys.stdin], [], [], timeout_s)
        if not ready:
            sys.stdout.write("\n")
            return None
        if not (line := sys.stdin.readline()):
            raise EOFError
        return line.rstrip("\n")

    def is_waiting(self) -> bool:
        """As of the protocol."""
        return bool(select.select([sys.stdin], [], [], 0)[0])


class Script:
    """Lines written beforehand; nothing is waited for but what the house itself is waiting for."""

    is_echoed = True

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines: Iterator[str] = iter(lines)

    def read(self, prompt: str, timeout_s: float | None, *, in_real_time: bool) -> str | None:  # noqa: ARG002
        """As of the protocol."""
        try:
            return next(self._lines)
        except StopIteration:
            raise EOFError from None

    def is_waiting(self) -> bool:
        """As of the protocol."""
        return False


class Handpiece:
    """Shows what is heard, asks what to do, and counts."""

    def __init__(self, language: str, source: Source, console: Console, speaker: Speaker | None = None) -> None:
        self._words, self._names = WORDS[language], NAMES[language]
        self._source, self._console, self._speaker = source, console, speaker
        self._number = ""
        self.turns = self.troubles = 0

    def explain(self, number: str = "") -> None:
        """How to use it."""
        self._number = number = number or self._number
        self._console.print(f"[bold]{escape(self._word('title', number=number))}[/]")
        legend = Table.grid(padding=(0, 2))
        for what, how in self._words["legend"]:
            legend.add_row("", f"[dim]{escape(what)}[/]", escape(how))
        self._console.print(legend)

    def perform(self, cues: Sequence[Cue]) -> None:
        """What is heard, in its order and, where that matters, its time."""
        for cue in cues:
            if cue.kind is Kind.SAY:
                self._console.print(f"[cyan]{self._names['bot']}>[/] {escape(cue.text)}")
                if self._speaker is not None:
                    self._speaker.say(cue.text, cue.language, is_interrupted=self._source.is_waiting)
            elif cue.kind is Kind.PAUSE:
                time.sleep(cue.seconds)
            elif cue.kind is Kind.TROUBLE:
                self.troubles += 1
                name = f"Twilio {cue.code}" if cue.code else "!"
                self._console.print(f"[red]{name}> {escape(cue.text)}[/]")
            else:
                self._console.print(f"[dim]{escape(self._word(cue.kind, text=cue.text))}[/]")
                if cue.kind is Kind.PLAY and not self._source.is_echoed:
                    self._rest(MUSIC_S)

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self._source.is_waiting():
            time.sleep(0.1)

    def ask(self, listen: Listen, *, in_queue: bool = False) -> Event:
        """What the caller does now. In a queue the clock runs: there, time itself changes things.

        Raises:
            EOFError: nothing more will come.
        """
        prompt = f"{self._names['customer']}{self._words[_hint(listen)]}> "
        while True:
            typed = self._source.read(prompt, listen.timeout_s, in_real_time=in_queue)
            if typed is not None and typed.strip() in ("/help", "/?"):
                self.explain()
                continue
            try:
                event = meant("" if typed is None else typed, listen)
            except Obstacle as error:
                if self._source.is_echoed:
                    raise
                self._console.print(f"[red]{escape(str(error))}[/]")
                continue
            if self._source.is_echoed:
                self._console.print(f"{prompt}{escape(typed or str(self._words['silence']))}")
            self.turns += not isinstance(event, HangUp | Rung)
            return event

    def leave_prompt(self) -> None:
        """A fresh line, where the cursor still stands behind a prompt."""
        if not self._source.is_echoed:
            self._console.print()

    def show_text(self, text: str) -> None:
        """A text message that came to the caller's phone."""
        self._console.print(f"[green]{self._words['text']}>[/] {escape(text)}")

    def sum_up(self, call: Call, now: float, waits_s: Sequence[float]) -> None:
        """The call in figures."""
        figures = self._word("sum", seconds=now - call.began, turns=self.turns, slowest=max(waits_s, default=0.0))
        self._console.print(f"[dim]{escape(figures)}[/]")

    def _word(self, name: str, **values: object) -> str:
        return str(self._words[name]).format(**values)


def _hint(listen: Listen) -> str:
    if listen.what is not For.GATHER:
        return listen.what.value
    if listen.keys and listen.speech:
        return "both"
    if not listen.keys:
        return "speech"
    return "keys #" if listen.finish_on_key == "#" and listen.num_digits != 1 else "keys"


def meant(typed: str, listen: Listen) -> Event:
    """What a typed line is: silence, keys, speech, or a command.

    Raises:
        Obstacle: a command that does not exist.
    """
    line = unicodedata.normalize("NFKC", typed).strip()
    if not line:
        return Rung("completed") if listen.what is For.RING else Silence()
    if _KEYS.fullmatch(pressed := re.sub(r"[\s-]", "", line)):
        return Keys(pressed)
    if not line.startswith("/"):
        return Speech(typed.strip())
    command, _, rest = line.partition(" ")
    if command not in _COMMANDS:
        raise Obstacle(f"{command} is no command: {', '.join(_COMMANDS)}, /help.")
    return _COMMANDS[command](rest.strip())


_COMMANDS: Final[Mapping[str, Callable[[str], Event]]] = {
    "/say": Speech,
    "/mumble": lambda words: Speech(words, confidence=0.1),
    "/hangup": lambda _: HangUp(),
    "/busy": lambda _: Rung("busy"),
    "/noanswer": lambda _: Rung("no-answer"),
}

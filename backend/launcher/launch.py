"""`hotline up`: the whole house under one command. The web opens first, the bot is made ready behind it."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn, Protocol

from rich.console import Console
from rich.markup import escape

from backend.clock import WallClock
from backend.launcher import bot_env, embedded, training
from backend.launcher.bot_env import Obstacle
from backend.launcher.supervisor import Child, Program, Supervisor, tail
from backend.settings import ROOT, Settings, load

WEB = (sys.executable, "-m", "backend.cli", "web", "--prepare")
WEB_PATIENCE_S = 60.0
DRAIN_S = 25.0


class Voice(Protocol):
    """Where progress is told."""

    def say(self, text: str) -> None:
        """A line that stays."""

    def step(self, text: str) -> None:
        """What is being done right now; the next step takes its place."""

    def rest(self) -> None:
        """Nothing is being done any more."""


class TerminalVoice:
    """Speaks on a terminal: lasting lines, and a spinner for the current step (plain lines when it is no terminal)."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, soft_wrap=True)
        self._status = self._console.status("")
        self._lock = threading.RLock()

    def say(self, text: str) -> None:
        with self._lock:
            self._console.print(escape(text))

    def step(self, text: str) -> None:
        with self._lock:
            if not self._console.is_terminal:
                self._console.print(f"  · {escape(text)}")
                return
            self._status.update(escape(text))
            self._status.start()

    def rest(self) -> None:
        with self._lock:
            self._status.stop()


class House:
    """One run of `hotline up`, from the first line to the last child's end."""

    def __init__(self, settings: Settings, *, host: str, port: int, with_bot: bool, voice: Voice) -> None:
        self.host, self.port, self.with_bot, self.voice = host, port, with_bot, voice
        self.settings = embedded.settle(settings, make=True)
        self.clock = WallClock(self.settings.start_at)
        self.supervisor = Supervisor(voice.say)
        self.stopping, self.hurry = threading.Event(), threading.Event()
        self.began = time.monotonic()

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the web."""
        host = self.host if self.host.strip("0.:") else embedded.LOOPBACK  # 0.0.0.0 and :: are everywhere
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def run(self) -> int:
        """Start everything, wait for the signal to stop, stop everything. The process's exit code.

        Raises:
            Obstacle: something stands in the way of the web; the message says what to do.
        """
        embedded.require_port(self.host, self.port)
        with ExitStack() as held:
            held.enter_context(embedded.owned(self.settings.data_dir, self.url))
            held.enter_context(self._signals())
            try:
                self._choose_ports(held)
                self._open()
                while not self.stopping.wait(1.0):
                    pass
            finally:
                stopped = self._stop()
        return 0 if stopped else 1

    def _open(self) -> None:
        self._wait_for(self.supervisor.start(self._web()))
        seconds = time.monotonic() - self.began
        self.voice.rest()
        if self.stopping.is_set():
            return
        if not self.with_bot:
            self.voice.say(self._ready_words())
            return
        self.voice.say(f"The web is up after {seconds:.1f} s: {self.url}/ (the bot is warming; messages wait for it)")
        threading.Thread(target=self._warm_the_bot, name="warming", daemon=True).start()

    def _choose_ports(self, held: ExitStack) -> None:
        """Point web, bot and actions at each other; another house on this machine may have the usual ports."""
        wanted = (self.settings.bot_url, self.settings.actions_url)
        bot, actions = (
            held.enter_context(embedded.reserved_port(int(bot_env.port_of(url)), besides=self.port)) for url in wanted
        )
        self.settings = self.settings.model_copy(
            update={
                "bot_url": f"http://{embedded.LOOPBACK}:{bot}",
                "actions_url": f"http://{embedded.LOOPBACK}:{actions}/webhook",
                "backend_url": self.url,
            }
        )

    def _web(self) -> Program:
        def environment() -> dict[str, str]:
            variables = dict(os.environ) | bot_env.addresses(self.settings)
            if self.settings.start_at:  # a restarted web must not live the same hour twice
                variables["HOTLINE_NOW"] = self.clock.now().isoformat()
            return variables

        return Program(
            name="web",
            command=[*WEB, "--host", self.host, "--port", str(self.port)],
            log=self.settings.data_dir / "logs" / "web.log",
            environment=environment,
            echo=self.voice.say,
        )

    def _wait_for(self, web: Child) -> None:
        self.voice.step("preparing the database and opening the web")
        deadline = time.monotonic() + WEB_PATIENCE_S
        while embedded.status(f"{self.url}/healthz") != 200 and not self.stopping.wait(0.05):
            if web.starts > 2 or time.monotonic() > deadline:
                raise Obstacle(f"The web does not start:\n{tail(web.program.log)}\nThe whole log: {web.program.log}")

    def _warm_the_bot(self) -> None:
        try:
            model = self._model()
            if self.stopping.is_set():
                return
            self.supervisor.start(bot_env.actions_program(self.settings))
            self.supervisor.start(bot_env.rasa_program(self.settings, model))
            self.voice.step("starting the bot")
            actions = self.settings.actions_url.removesuffix("/webhook")
            health = (f"{self.settings.bot_url}/webhooks/hotline/health", f"{actions}/health")
            while not all(embedded.status(url) == 200 for url in health):
                if self.stopping.wait(0.3):
                    return
            self.voice.rest()
            self.voice.say(self._ready_words())
        except Obstacle as obstacle:
            if not self.stopping.is_set():
                self.voice.rest()
                self.voice.say(f"{obstacle}\nThe web goes on without the bot; put this right and start again.")

    def _model(self) -> Path:
        """The model to serve: of the present sources, or the last good one when these cannot be trained."""
        self.voice.step("checking the bot's environment")
        log = self.settings.data_dir / "logs" / "install.log"
        bot_env.install(log, self.voice.step, stop=self.stopping)
        try:
            return training.train(self.settings, self.voice.step, check=False, stop=self.stopping)
        except Obstacle as obstacle:
            kept = training.last_good(self.settings)
            if kept is None or self.stopping.is_set():
                raise
            self.voice.say(f"{obstacle}\nThe bot speaks with its last good model; your changes are NOT in it.")
            return kept

    def _ready_words(self) -> str:
        lines = [
            "",
            "Hotline is ready",
            f"  customers' page  {self.url}/",
            f"  agents' console  {self.url}/console/",
            f"  outgoing texts   {self.url}/console/outbox",
        ]
        if login := embedded.first_login(self.settings.data_dir):
            lines.append(f"  sign in as       {login[0]}   password {login[1]}")
        lines.append("  be a customer    uv run hotline call     (telephone)")
        lines.append("                   uv run hotline chat     (by text: uv run hotline chat --sms +8613800138000)")
        if self.settings.start_at:
            now = self.clock.now().astimezone(self.settings.start_at.tzinfo)
            lines.append(f"  the clock says   {now.isoformat(' ', 'minutes')} (HOTLINE_NOW)")
        return "\n".join([*lines, "  stop             Ctrl-C", ""])

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """The first signal asks to stop, the second to hurry."""

        def handle(_number: int, _frame: FrameType | None) -> None:
            (self.hurry if self.stopping.is_set() else self.stopping).set()

        numbers = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
        if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # started with nohup
            numbers = numbers[:2]
        former = {number: signal.signal(number, handle) for number in numbers}
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def _stop(self) -> bool:
        self.stopping.set()
        self.voice.step("stopping (Ctrl-C again to hurry)")
        stopped = self.supervisor.stop(DRAIN_S, self.hurry)
        self.voice.rest()
        self.voice.say("Hotline has stopped.")
        return stopped


def up(*, host: str, port: int, with_bot: bool, voice: Voice | None = None) -> int:
    """Run the house until it is told to stop; the exit code.

    Raises:
        Obstacle: it cannot start; the message says what to do.
    """
    return House(load(), host=host, port=port, with_bot=with_bot, voice=voice or TerminalVoice()).run()


def become(program: Program) -> NoReturn:
    """Turn this process into one process of the bot, in the foreground; its output is ours."""
    sys.stdout.flush()
    os.chdir(program.cwd or ROOT)
    os.execvpe(program.command[0], list(program.command), dict(program.environment()))

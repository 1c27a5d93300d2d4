"""`hotline test`: the suites of both environments, with what they need installed, trained and found beforehand."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from backend.launcher import bot_env, embedded, training
from backend.launcher.bot_env import Obstacle
from backend.launcher.launch import TerminalVoice
from backend.settings import ROOT, load

BROWSER = "tests/browser"
SPREAD = ("-n", "auto", "--dist", "worksteal")  # over all processors; the rest stays with whoever is free
NO_TESTS = 5  # pytest's exit code when nothing was selected
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Suite:
    """One run of pytest."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


def run(*, fast: bool, names: str) -> int:
    """Run all suites, also after one has failed, and close with a summary. Exit code 1 if anything failed.

    With `fast`, only the service's environment: no browser, no trained bot.

    Raises:
        Obstacle: an environment is incomplete, training failed, or CI has no browser.
    """
    chromium = None if fast else find_chromium()
    if chromium is None and not fast:
        if os.environ.get("CI", "").lower() == "true":
            raise Obstacle("CI needs Chromium for tests/browser: install it, or name it in HOTLINE_CHROMIUM.")
        typer.echo("No Chromium found: tests/browser is left out (install it, or name it in HOTLINE_CHROMIUM).")
    results: list[tuple[str, int, float]] = []
    for suite in suites(fast=fast, names=names, chromium=chromium):
        typer.secho(f"\n{suite.name}", bold=True)
        began = time.monotonic()
        code = subprocess.run(suite.command, env=dict(suite.environment), cwd=ROOT, check=False).returncode
        if code == 1 and BROWSER in suite.command:
            typer.echo("What failed in the browser is run once more: a busy machine may have been too slow.")
            again = [*suite.command, "--last-failed"]
            code = subprocess.run(again, env=dict(suite.environment), cwd=ROOT, check=False).returncode
        results.append((suite.name, code, time.monotonic() - began))
    return summarise(results, names=names)


def summarise(results: Sequence[tuple[str, int, float]], *, names: str) -> int:
    """Print one line a suite and one for all; the exit code. A name filter may leave a suite empty, but not all."""
    typer.echo("")
    empty = [code == NO_TESTS for _, code, _ in results]
    failed = [name for name, code, _ in results if code and not (names and code == NO_TESTS)]
    for name, code, seconds in results:
        words = "passed" if code == 0 else "no test selected" if code == NO_TESTS else f"FAILED (pytest says {code})"
        typer.echo(f"{name}: {words}, {seconds:.0f} s")
    if failed or all(empty):
        typer.secho(f"Not good: {', '.join(failed) or f'no test matches {names!r}'}.", fg="red")
        return 1
    typer.secho("All tests passed.", fg="green")
    return 0


def suites(*, fast: bool, names: str, chromium: str | None) -> list[Suite]:
    """What to run; installs the bot's environment with its test tools and trains the bot unless `fast`.

    Raises:
        Obstacle: pytest is missing here, or the bot's environment or model cannot be made.
    """
    if not importlib.util.find_spec("pytest"):
        raise Obstacle("pytest is not installed here: run the tests as `uv run hotline test`.")
    chosen = ["-k", names] if names else []
    environment = clean_environment()
    if not fast:
        environment["HOTLINE_TEST_MODEL"] = str(_model())
    if chromium:
        environment["HOTLINE_CHROMIUM"] = chromium
    service = [sys.executable, "-m", "pytest", *SPREAD, *paths_of_service(), *chosen]
    # The language library serves both environments; the bot's conftest has no business in this one.
    language = [sys.executable, "-m", "pytest", *SPREAD, "--confcutdir", "tests/bot/text", "tests/bot/text", *chosen]
    found = [
        Suite("Tests of the service", service, environment),
        Suite("Tests of the language library in the service", language, environment),
    ]
    if chromium:
        # A process of its own: the browser's driver keeps an event loop running in the main thread.
        found.append(Suite("Tests in the browser", [sys.executable, "-m", "pytest", BROWSER, *chosen], environment))
    if not fast:
        # The service's conftest needs packages this environment does not have; its own settings need none of them.
        command = [str(bot_env.python()), "-m", "pytest", "-c", "bot/pyproject.toml", "--rootdir", "."]
        command += ["--confcutdir", "tests/bot", "-p", "no:cacheprovider", "tests/bot", *chosen]
        inside = {k: v for k, v in bot_env.environment(load()).items() if not k.startswith("HOTLINE_")}
        found.append(Suite("Tests of the bot", command, inside | environment_of_tests(environment)))
    return found


def paths_of_service() -> list[str]:
    """What the service's environment runs in one go: everything but the bot's and the browser's tests."""
    left_out = {"bot", Path(BROWSER).name}
    found = [path for path in sorted((ROOT / "tests").iterdir()) if path.name not in left_out]
    runs = [path for path in found if (path.is_dir() and path.name[0] not in "._") or path.match("test_*.py")]
    return [path.relative_to(ROOT).as_posix() for path in runs]


def clean_environment() -> dict[str, str]:
    """This process's environment without the operator's settings: tests choose their own."""
    ours = {key: value for key, value in os.environ.items() if not key.startswith("HOTLINE_")}
    return ours | environment_of_tests(os.environ)


def environment_of_tests(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables meant for tests."""
    kept = ("HOTLINE_TEST_", "HOTLINE_CHROMIUM")
    return {key: value for key, value in environment.items() if key.startswith(kept)}


def find_chromium() -> str | None:
    """The browser for tests/browser: HOTLINE_CHROMIUM, or one of the usual names on PATH.

    Raises:
        Obstacle: HOTLINE_CHROMIUM names something that cannot be run.
    """
    if named := os.environ.get("HOTLINE_CHROMIUM"):
        if found := shutil.which(named):
            return found
        raise Obstacle("HOTLINE_CHROMIUM names no program that can be run.")
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _model() -> str:
    settings, voice = load(), TerminalVoice()
    folder = embedded.make_folder(settings)
    try:
        bot_env.install(folder / "logs" / "install.log", voice.step, dev=True)
        return str(training.train(settings, voice.step).resolve())
    finally:
        voice.rest()

"""The command line, `hotline …`. Thin: each command says what it is for and calls the module that does it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from backend.errors import HotlineError
from backend.settings import ROOT, Settings

app = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False, help="An open after-sales hotline.")
agent_app = typer.Typer(no_args_is_help=True, help="The people at the desk.")
nlu_app = typer.Typer(no_args_is_help=True, help="What the bot understands.")
app.add_typer(agent_app, name="agent")
app.add_typer(nlu_app, name="nlu")

HELD_OUT = ROOT / "tests" / "bot" / "nlu" / "heldout.jsonl"
Host = Annotated[str, typer.Option(help="Address the web listens on; 0.0.0.0 opens it to the network.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port of the web.")]


@contextmanager
def kind_errors() -> Iterator[None]:
    """Turn an expected error into one clear message and exit code 1."""
    try:
        yield
    except HotlineError as error:
        typer.secho(str(error), fg="red", err=True)
        raise typer.Exit(1) from None


@app.command()
def up(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    bot: Annotated[bool, typer.Option(help="Install, train and start the bot as well.")] = True,
) -> None:
    """Start the whole house here: web, bot and action server, installed and trained as needed. Ctrl-C stops it."""
    from backend.launcher import launch

    with kind_errors():
        raise typer.Exit(launch.up(host=host, port=port, with_bot=bot))


@app.command()
def web(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Migrate and make the first agent before opening.")
    ] = False,
) -> None:
    """Run the web alone: chat, console, webhooks and due work, in the foreground."""
    from backend import settings
    from backend.launcher import serve

    with kind_errors():
        serve.web(_settled(settings.load()), host=host, port=port, prepare=prepare)


@app.command()
def bot() -> None:
    """Run the Rasa server alone, on loopback, in the foreground; installs and trains first when needed."""
    from backend import settings
    from backend.launcher import bot_env, launch

    with kind_errors():
        here = _settled(settings.load())
        launch.become(bot_env.rasa_program(here, _trained()))


@app.command()
def actions() -> None:
    """Run the bot's action server alone, on loopback, in the foreground."""
    from backend import settings
    from backend.launcher import bot_env, launch

    with kind_errors():
        here = _settled(settings.load())
        bot_env.install(here.data_dir / "logs" / "install.log", typer.echo)
        launch.become(bot_env.actions_program(here))


@app.command()
def train(force: Annotated[bool, typer.Option("--force", help="Train even if nothing changed.")] = False) -> None:
    """Train the bot if its sources changed since the last time, and say where the model lies."""
    with kind_errors():
        typer.echo(_trained(force=force))


@app.command()
def chat(
    say: Annotated[list[str] | None, typer.Option(help="Say this and leave; may be repeated.")] = None,
    sms: Annotated[str, typer.Option(help="Play a customer who texts from this number (E.164).")] = "",
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    url: Annotated[str, typer.Option(help="Where the house is; default: the one running from here.")] = "",
) -> None:
    """Talk to a running house in the terminal, as a customer on the web or, with --sms, by text message."""
    from backend import settings
    from backend.launcher import terminal

    with kind_errors():
        terminal.chat(_settled(settings.load()), url=url, language=language, sms=sms, lines=say or [])


@app.command()
def seed() -> None:
    """Fill the database with a small fictional town: customers, tickets, callbacks, agents."""
    from backend import seed as town
    from backend import settings

    with kind_errors():
        typer.echo(town.fill(settings.load()))


@app.command()
def migrate(
    revision: Annotated[str, typer.Argument(help="Where to go; `base` empties the database.")] = "head",
) -> None:
    """Bring the database's tables to the newest revision (or to another one)."""
    from backend import db, settings
    from backend.launcher import embedded

    with kind_errors():
        here = settings.load()
        embedded.make_folder(here)
        db.migrate(here.database, revision)


@agent_app.command("add")
def agent_add(
    username: Annotated[str, typer.Argument(help="What the agent types to sign in.")],
    name: Annotated[str, typer.Option(help="How customers and colleagues see the agent.")] = "",
    password: Annotated[
        str, typer.Option(envvar="HOTLINE_AGENT_PASSWORD", prompt=True, hide_input=True, confirmation_prompt=True)
    ] = "",
) -> None:
    """Add an agent. The password is asked for, or taken from HOTLINE_AGENT_PASSWORD."""
    from backend import clock, db, settings
    from backend.agents import service

    with kind_errors():
        here = settings.load()
        with db.session_scope(db.make_sessions(db.make_engine(here.database))) as session:
            service.add(session, username, password, name=name, now=clock.WallClock(here.start_at).now())
        typer.echo(f"{username} may sign in.")


@nlu_app.command("parse")
def nlu_parse(
    source: Annotated[Path, typer.Argument(metavar="IN.jsonl", exists=True, dir_okay=False)],
    target: Annotated[Path, typer.Argument(metavar="OUT.jsonl", dir_okay=False)],
) -> None:
    """Understand each line {"id","text"} of IN with the bot's own pipeline and write what was found to OUT."""
    with kind_errors():
        _nlu("parse", str(source.resolve()), str(target.resolve()))


@nlu_app.command("report")
def nlu_report(
    heldout: Annotated[Path, typer.Argument(metavar="HELDOUT.jsonl", exists=True, dir_okay=False)] = HELD_OUT,
) -> None:
    """How well the bot understands sentences it was not trained on: accuracy, confusions, F1 of each entity."""
    with kind_errors():
        _nlu("report", str(heldout.resolve()))


@app.command("test")
def run_tests(
    fast: Annotated[bool, typer.Option("--fast", help="Leave out the browser and the trained bot.")] = False,
    k: Annotated[str, typer.Option("-k", help="Only tests whose names match, as in pytest.")] = "",
) -> None:
    """Run all tests of both environments; installs and trains what is missing."""
    from backend.launcher import suites

    with kind_errors():
        raise typer.Exit(suites.run(fast=fast, names=k))


@app.command()
def locks(write: Annotated[bool, typer.Option("--write", help="Write them anew.")] = False) -> None:
    """Check that the hash-pinned requirement files of both environments agree with their pyproject files."""
    from backend.launcher import locks as files

    with kind_errors():
        raise typer.Exit(files.write() if write else files.check())


def _settled(settings: Settings) -> Settings:
    from backend.launcher import embedded

    return embedded.settle(settings, make=False)


def _trained(*, force: bool = False) -> Path:
    """The model of the present sources; installs and trains with progress as needed."""
    from backend import settings as settings_
    from backend.launcher import bot_env, embedded, launch, training

    here = settings_.load()
    voice = launch.TerminalVoice()
    try:
        bot_env.install(embedded.make_folder(here) / "logs" / "install.log", voice.step)
        return training.train(here, voice.step, force=force)
    finally:
        voice.rest()


def _nlu(task: str, *files: str) -> None:
    """Run `bot.nlu_tool` in the bot's environment with the present model; ends with that process's exit code."""
    from backend import settings as settings_
    from backend.launcher import bot_env

    here = settings_.load()
    model = _trained()
    command = [str(bot_env.python()), "-W", "ignore", "-m", "bot.nlu_tool", task, str(model), *files]
    raise typer.Exit(subprocess.run(command, env=bot_env.environment(here), cwd=ROOT, check=False).returncode)


if __name__ == "__main__":
    sys.exit(app())

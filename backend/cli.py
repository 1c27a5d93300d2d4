"""The command line, `hotline …`. Thin: each command says what it is for and calls the module that does it."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from backend import cli_customer
from backend.agents.permissions import Role
from backend.launcher import approvals
from backend.launcher.kind import kind_errors
from backend.settings import ROOT, Settings

app = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False, help="An open after-sales hotline.")
agent_app = typer.Typer(no_args_is_help=True, help="The people at the desk.")
calendar_app = typer.Typer(no_args_is_help=True, help="When the hotline is open, and which days are working days.")
nlu_app = typer.Typer(no_args_is_help=True, help="What the bot understands.")
app.add_typer(agent_app, name="agent")
app.add_typer(calendar_app, name="calendar")
app.add_typer(nlu_app, name="nlu")
app.command("gateway")(approvals.gateway)

HELD_OUT, DEVELOPMENT = (ROOT / "tests" / "bot" / "nlu" / f"{name}.jsonl" for name in ("heldout", "development"))
Host = Annotated[str, typer.Option(help="Address the web listens on; 0.0.0.0 opens it to the network.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port of the web.")]


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


app.command()(cli_customer.chat)
app.command()(cli_customer.call)


@app.command()
def seed(
    big: Annotated[bool, typer.Option("--big", help="Hundred thousands of conversations, for measurements.")] = False,
    conversations: Annotated[int, typer.Option(min=1, help="How many with --big.")] = 100_000,
    messages: Annotated[int, typer.Option(min=2, help="How many with --big.")] = 1_000_000,
) -> None:
    """Fill the database with a small fictional town: customers, tickets, callbacks, agents."""
    from backend import big_seed, settings
    from backend import seed as town
    from backend.clock import WallClock

    with kind_errors():
        loaded = settings.load()
        if big:
            now = WallClock(loaded.start_at).now()
            typer.echo(big_seed.fill(loaded, conversations=conversations, messages=messages, now=now))
        else:
            typer.echo(town.fill(loaded))


@app.command()
def simulate(
    days: Annotated[int | None, typer.Option(min=1, max=366, help="How many days customers come.")] = None,
    customers: Annotated[str, typer.Option(help="How many on average, such as 200/day.")] = "",
    agents: Annotated[
        int | None, typer.Option(min=1, max=200, help="How many are on shift at most; default: shifts.yaml.")
    ] = None,
    start: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The first day.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed draws the same customers.")] = None,
    html: Annotated[Path | None, typer.Option(dir_okay=False, help="Draw the figures as a page, too.")] = None,
    compare_agents: Annotated[
        str, typer.Option(help="Such as 2,3,4: the same customers with each number of agents, in one table.")
    ] = "",
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    database_url: Annotated[
        str, typer.Option(help="An empty database that keeps the month; default: a temporary one.")
    ] = "",
) -> None:
    """Run the whole house through a month of customers on simulated time: what is promised, kept, missed, and why.

    What is not given stands in data/simulation.yaml. Ctrl-C ends it with the figures of the days so far. Ends with 1
    when the house broke a promise of its own: a text outside hours, sent twice, or lost.
    """
    from backend import reference, settings
    from backend.simulation import assumptions, command, course, report

    with kind_errors():
        numbers = assumptions.several(compare_agents)
        plan = assumptions.plan(
            assumptions.current(),
            start=start.date() if start else None,
            days=days,
            customers=customers,
            agents=agents or command.agents_of(reference.current()),
            seed=seed,
        )
        here = settings.load()
        begun = time.monotonic()

        def tell(so_far: course.Course) -> None:
            typer.echo(course.says(so_far, time.monotonic() - begun), err=True)

        with course.until_interrupted() as stop:
            if numbers:
                found = command.compare(plan, numbers, settings=here, progress=tell, stop=stop)
            else:
                found = [command.simulate(plan, settings=here, database_url=database_url, progress=tell, stop=stop)]
        typer.echo(report.compared(found, language) if numbers else report.printed(found[0], language), nl=False)
        if html:
            command.write_page(found[-1], html, language)
        if any(each.broken.any for each in found):
            raise typer.Exit(1)


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
    role: Annotated[
        Role | None, typer.Option(help="What the agent may do; default: agent, and admin for the first of a house.")
    ] = None,
    phone: Annotated[str, typer.Option(help="Where the agent is rung and texted when something must not wait.")] = "",
    email: Annotated[str, typer.Option(help="Where the agent is mailed.")] = "",
    start_password: Annotated[
        bool, typer.Option("--start-password", help="Make a password, show it once, have it changed at once.")
    ] = False,
    password: Annotated[str, typer.Option(envvar="HOTLINE_AGENT_PASSWORD", help="Default: it is asked for.")] = "",
) -> None:
    """Add an agent. The password is theirs to type, taken from HOTLINE_AGENT_PASSWORD, or made (--start-password)."""
    from backend import clock, db, settings
    from backend.agents import people, service

    with kind_errors():
        here = settings.load()
        with db.opened(here.database) as sessions, db.session_scope(sessions) as session:
            now = clock.WallClock(here.start_at).now()
            if start_password:
                added, made = people.add(session, username, name=name, role=role, now=now)
            else:
                made = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
                added = service.add(session, username, made, name=name, role=role, now=now)
            service.set_contact(session, added.username, phone=phone, email=email)
        typer.echo(f"{added.username} may sign in, as {added.role}.")
        if start_password:
            typer.echo(f"Start password, shown only now: {made}")


@agent_app.command("role")
def agent_role(
    username: Annotated[str, typer.Argument(help="Who.")],
    role: Annotated[Role, typer.Argument(help="What they may do from now on.")],
) -> None:
    """Give an agent another role; it holds from their next click on."""
    from backend import db, settings
    from backend.agents import people

    with kind_errors():
        with db.opened(settings.load().database) as sessions, db.session_scope(sessions) as session:
            agent = people.by_username(session, username)
            people.give_role(session, agent, role)
        typer.echo(f"{agent.username} is {agent.role} now.")


@agent_app.command("contact")
def agent_contact(
    username: Annotated[str, typer.Argument(help="Whose.")],
    phone: Annotated[
        str | None, typer.Option(help="Where the agent is rung and texted when something must not wait.")
    ] = None,
    email: Annotated[str | None, typer.Option(help="Where the agent is mailed.")] = None,
) -> None:
    """Change the number and address an agent is reached by; an empty one takes it away."""
    from backend import db, settings
    from backend.agents import service

    with kind_errors(), db.opened(settings.load().database) as sessions, db.session_scope(sessions) as session:
        agent = service.set_contact(session, username, phone=phone, email=email)
        ways = [name for name, known in (("telephone", agent.phone), ("mail", agent.email)) if known]
        typer.echo(f"{agent.username} is told at the console" + "".join(f", by {way}" for way in ways) + ".")


@calendar_app.command("check")
def calendar_check(
    year: Annotated[int | None, typer.Option(min=2000, max=2100, help="Which year; default: this one.")] = None,
) -> None:
    """Draw the year and say what is missing in it. Exit code 1 when the calendar does not cover today."""
    from rich.console import Console

    from backend import clock, settings
    from backend.launcher import almanac

    with kind_errors():
        here = settings.load()
        found, note = almanac.in_force(here)
        now = clock.WallClock(here.start_at).now()
        if not almanac.check(found, now, year, note=note, console=Console(highlight=False)):
            raise typer.Exit(1)


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
    file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Labelled lines; default: the held-out ones of tests/bot/nlu."),
    ] = None,
    html: Annotated[Path | None, typer.Option(dir_okay=False, help="Write the report as a page, too.")] = None,
    figures: Annotated[Path | None, typer.Option("--json", dir_okay=False, help="Write the figures, too.")] = None,
    hide_lines: Annotated[bool, typer.Option("--hide-lines", help="Print no customer's words.")] = False,
    cross_validation: Annotated[
        bool, typer.Option("--cross-validation", help="Add figures on the training data; takes minutes.")
    ] = False,
    folds: Annotated[int, typer.Option(min=2, max=20, help="Of the cross-validation.")] = 5,
) -> None:
    """How well the bot understands sentences it was not trained on: accuracy, danger, confusions, entities, speed.

    Ends with 1 when a reported danger was missed.
    """
    options = ["--html", str(html.resolve())] if html else []
    options += ["--json", str(figures.resolve())] if figures else []
    options += ["--hide-lines"] if hide_lines else []
    options += ["--cross-validation", "--folds", str(folds)] if cross_validation else []
    with kind_errors():
        _nlu("report", str((file or _labelled()).resolve()), *options)


@nlu_app.command("compare")
def nlu_compare(
    file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Labelled lines; default: the held-out ones of tests/bot/nlu."),
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="ours, sklearn or diet; may be repeated.")] = None,
    epochs: Annotated[int, typer.Option(min=1, help="Of DIET.")] = 15,
) -> None:
    """Our pipeline beside scikit-learn's and DIET, trained on the same data: one table. DIET takes most of an hour."""
    from backend import settings as settings_
    from backend.launcher import bot_env

    chosen = [word for name in only or [] for word in ("--only", name)]
    with kind_errors():
        here = settings_.load()
        bot_env.install(here.data_dir / "logs" / "install.log", typer.echo)
        _nlu_tool(here, "compare", str((file or _labelled()).resolve()), "--epochs", str(epochs), *chosen)


@nlu_app.command("export-reviews")
def nlu_export_reviews(
    file: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="Its end decides: .jsonl, .yml, .yaml.")],
    language: Annotated[str, typer.Option(help="zh or en; default: all, for .yml and .yaml zh.")] = "",
) -> None:
    """Write the lines labelled at the desk: as JSON lines, or as training data ready for bot/nlu/zh or bot/nlu/en."""
    from backend import db, settings
    from backend.reviews import export, service

    as_yaml = file.suffix in (".yml", ".yaml")
    if not (as_yaml or file.suffix == ".jsonl") or language not in ("", "zh", "en"):
        raise typer.BadParameter("FILE ends in .jsonl, .yml or .yaml; the language is zh or en.")
    with kind_errors():
        with db.opened(_settled(settings.load()).database) as sessions, db.read_scope(sessions) as session:
            examples = service.examples(session, language or ("zh" if as_yaml else None))
        file.write_text(export.as_yaml(examples) if as_yaml else export.as_jsonl(examples), encoding="utf-8")
        typer.echo(f"{len(examples)} labelled lines written to {file}")


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


def _labelled() -> Path:
    """The held-out lines, else the lines the pipeline was developed with."""
    return HELD_OUT if HELD_OUT.exists() else DEVELOPMENT


def _nlu(task: str, *arguments: str) -> None:
    """Run `bot.nlu_tool` with the present model, trained as needed."""
    from backend import settings as settings_

    model = _trained()
    _nlu_tool(settings_.load(), task, str(model), *arguments)


def _nlu_tool(here: Settings, *arguments: str) -> None:
    """Run `bot.nlu_tool` in the bot's environment; ends with that process's exit code."""
    from backend.launcher import bot_env

    command = [str(bot_env.python()), "-W", "ignore", "-m", "bot.nlu_tool", *arguments]
    raise typer.Exit(subprocess.run(command, env=bot_env.environment(here), cwd=ROOT, check=False).returncode)


if __name__ == "__main__":
    sys.exit(app())

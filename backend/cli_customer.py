"""`hotline chat` and `hotline call`: the commands in which one plays a customer."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from backend.launcher.kind import kind_errors

Url = Annotated[str, typer.Option(help="Where the house is; default: the one running from here.")]
Token = Annotated[
    str,
    typer.Option(
        envvar="HOTLINE_PHONE_TOKEN", help="For texts and calls to another deployment at --url: its HOTLINE_BOT_TOKEN."
    ),
]


def chat(
    say: Annotated[list[str] | None, typer.Option(help="Say this and leave; may be repeated.")] = None,
    sms: Annotated[str, typer.Option(help="Play a customer who texts from this number (E.164).")] = "",
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    url: Url = "",
    token: Token = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Beside each answer: intent, entities, form and rule (not with --sms).")
    ] = False,
) -> None:
    """Talk to a running house in the terminal, as a customer on the web or, with --sms, by text message."""
    from backend import settings
    from backend.launcher import embedded, explaining, terminal

    with kind_errors():
        here = embedded.settle(settings.load(), make=False)
        notes = partial(explaining.explained, bot_url=here.bot_url, token=here.bot_token) if explain else None
        terminal.chat(here, url=url, language=language, number=sms, token=token, lines=say or [], explain=notes)


def call(
    caller: Annotated[str, typer.Option("--from", help="Your number (E.164), or anonymous.")] = "+8613800138000",
    language: Annotated[
        str, typer.Option("--language", "--lang", help="What this telephone's own notes are in: zh or en.")
    ] = "zh",
    url: Url = "",
    token: Token = "",
    account: Annotated[str, typer.Option(help="With a Twilio auth token as --token: its account, AC….")] = "",
    script: Annotated[
        typer.FileText | None,
        typer.Option(help="Say and press these lines; an empty one is silence, one with // a remark."),
    ] = None,
    speak: Annotated[bool, typer.Option("--speak", help="Say aloud what is heard (espeak-ng).")] = False,
    real_time: Annotated[
        bool, typer.Option("--real-time", help="Let silence run out while you think; else Enter alone is silence.")
    ] = False,
) -> None:
    """Ring a running house with a simulated telephone: what it says, in words; what you say and press, typed.

    Ends with 1 when Twilio would have listed an error.
    """
    from backend import settings
    from backend.launcher import embedded, telephone

    with kind_errors():
        lines = telephone.read_script(script.read()) if script else telephone.typed_ahead()
        troubles = telephone.call(
            embedded.settle(settings.load(), make=False),
            url=url,
            token=token,
            account=account,
            caller=caller,
            language=language,
            script=lines,
            speak=speak,
            in_real_time=real_time,
        )
    if troubles:
        raise typer.Exit(1)

"""The telephone in the terminal, against a house of a few lines."""

from __future__ import annotations

import io
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx2
import pytest
from pydantic import SecretStr
from rich.console import Console
from starlette.datastructures import ImmutableMultiDict

from backend.launcher import door as doors
from backend.launcher import speaker as speakers
from backend.launcher import telephone, terminal
from backend.launcher.bot_env import Obstacle
from backend.launcher.door import Door
from backend.launcher.handpiece import Handpiece, Script, meant
from backend.launcher.speaker import Speaker
from backend.launcher.telephone import Telephone
from backend.settings import Settings
from telephony import signature, simulator
from telephony.handset import Event, For, HangUp, Keys, Listen, Rung, Silence, Speech

BASE, TOKEN = "http://house.example", "t" * 32
GATHER = Listen(For.GATHER, keys=True, speech=True, timeout_s=5, finish_on_key="#")
RING = Listen(For.RING)


def settings(tmp_path: Path, **more: Any) -> Settings:
    return Settings(data_dir=tmp_path, secret_key=SecretStr("k" * 32), **more)


@pytest.mark.parametrize(
    ("typed", "listen", "event"),
    [
        ("热水器不热", GATHER, Speech("热水器不热")),
        ("0", GATHER, Keys("0")),
        ("138 0013-8000#", GATHER, Keys("13800138000#")),
        ("１＃", GATHER, Keys("1#")),
        ("", GATHER, Silence()),
        ("   ", GATHER, Silence()),
        ("/say 138 0013 8000", GATHER, Speech("138 0013 8000")),
        ("/mumble 嗯", GATHER, Speech("嗯", 0.1)),
        ("/hangup", GATHER, HangUp()),
        ("3楼2号", GATHER, Speech("3楼2号")),
        ("", RING, Rung("completed")),
        ("/busy", RING, Rung("busy")),
        ("/noanswer", RING, Rung("no-answer")),
    ],
)
def test_a_typed_line_is_speech_keys_silence_or_a_command(typed: str, listen: Listen, event: Event) -> None:
    assert meant(typed, listen) == event


def test_a_command_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(Obstacle, match="/hangup"):
        meant("/fly", GATHER)


Reply = Callable[[str, dict[str, str]], str | int]


class House:
    """Answers by a function of path and form; checks every signature, remembers every request."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        self.asked: list[tuple[str, dict[str, str]]] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        form = dict(parse_qsl(request.content.decode(), keep_blank_values=True))
        path = request.url.path
        signed = request.headers.get(signature.HEADER)
        if not signature.verify(BASE, path, "", ImmutableMultiDict(form), signature=signed, tokens=[TOKEN]):
            return httpx2.Response(403)
        self.asked.append((path, form))
        if path.endswith("/status"):
            return httpx2.Response(204)
        answer = self.reply(path, form)
        if isinstance(answer, int):
            return httpx2.Response(answer)
        return httpx2.Response(200, text=f"<Response>{answer}</Response>", headers={"content-type": "text/xml"})


def ring(house: House, lines: list[str], language: str = "zh", token: str = TOKEN) -> tuple[Handpiece, str]:
    paper = io.StringIO()
    piece = Handpiece(language, Script(lines), Console(file=paper, soft_wrap=True, highlight=False))
    with httpx2.Client(transport=httpx2.MockTransport(house)) as client:
        phone = Telephone(client, Door(BASE, BASE, token), simulator.new_call(caller="anonymous", now=0, base=BASE))
        phone.clock = lambda: 1.0
        telephone.talk(phone, piece)
        piece.sum_up(phone.call, 1.0, phone.waits_s)
    return piece, paper.getvalue()


def menu(path: str, form: dict[str, str]) -> str:
    if path == "/telephony/voice":
        return '<Gather input="speech dtmf" action="/telephony/voice/turn"><Say>请说</Say></Gather><Say>没听到</Say>'
    return f"<Say>收到{form.get('SpeechResult') or form.get('Digits')}</Say>"


def test_a_script_speaks_presses_and_hears() -> None:
    house = House(menu)
    piece, paper = ring(house, ["热水器不热"])
    assert "热线> 请说" in paper
    assert "您（说话或按键）> 热水器不热" in paper
    assert paper.index("请说") < paper.index("您（说话") < paper.index("收到热水器不热") < paper.index("通话结束")
    assert (piece.turns, piece.troubles) == (1, 0)
    assert [path for path, _ in house.asked][-1] == "/telephony/voice/status"
    assert house.asked[-1][1]["CallStatus"] == "completed"


def test_an_empty_line_of_a_script_is_silence() -> None:
    assert "没听到" in ring(House(menu), [""])[1]


def test_when_the_script_is_over_the_caller_hangs_up() -> None:
    house = House(menu)
    _, paper = ring(house, [])
    assert "通话结束" in paper
    assert [path for path, _ in house.asked] == ["/telephony/voice", "/telephony/voice/status"]


def test_the_notes_can_be_english() -> None:
    assert "You (speak or press keys)> 1" in ring(House(menu), ["1"], "en")[1]


def test_a_trouble_twilio_would_list_is_shown_and_counted() -> None:
    piece, paper = ring(House(lambda path, form: '<Say loudness="3">喂</Say>'), [])
    assert "Twilio 12200> <Say> has no attribute loudness" in paper
    assert piece.troubles == 1


def test_a_house_that_fails_is_a_trouble_too() -> None:
    house = House(lambda path, form: 500)
    piece, paper = ring(house, [])
    assert "Twilio 11200" in paper
    assert piece.troubles == 2  # the fallback is asked, and fails as well
    assert [path for path, _ in house.asked][1] == "/telephony/voice/fallback"


def test_a_wrong_token_is_told_with_the_next_step() -> None:
    with pytest.raises(Obstacle, match="--token"):
        ring(House(menu), [], token="wrong")


def test_a_house_that_takes_no_calls_says_so() -> None:
    with pytest.raises(Obstacle, match="takes no calls"):
        ring(House(lambda path, form: 404), [])


def test_a_house_that_is_not_there_is_told_with_the_next_step(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    options: dict[str, Any] = {"account": "", "caller": "anonymous", "language": "zh", "script": [], "speak": False}
    with pytest.raises(Obstacle, match="uv run hotline up"):
        telephone.call(settings(tmp_path), url=url, token=TOKEN, in_real_time=False, **options)
    with pytest.raises(Obstacle, match="uv run hotline up"):
        terminal.chat(settings(tmp_path), url=url, language="zh", number="+8613800138000", lines=["喂"])


def test_remarks_of_a_script_are_passed_over_and_empty_lines_kept() -> None:
    assert telephone.read_script("// 报修\n热水器不热\n\n1#\n") == ["热水器不热", "", "1#"]


def test_a_door_is_found_from_the_secret_key_or_a_token(tmp_path: Path) -> None:
    here = settings(tmp_path, public_base_url="https://public.example/", backend_url="http://127.0.0.1:8000")
    assert doors.find(here) == Door("http://127.0.0.1:8000", "https://public.example", simulator.token("k" * 32))
    there = doors.find(here, url="https://other.example/", token="x", account="AC1")
    assert there == Door("https://other.example", "https://other.example", "x", "AC1")


def test_without_anything_to_sign_with_the_door_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(Obstacle, match="--token"):
        doors.find(Settings(data_dir=tmp_path, secret_key=SecretStr("")))


def test_a_house_with_a_live_carrier_is_not_played_with(tmp_path: Path) -> None:
    live = settings(tmp_path).model_copy(update={"carrier": "twilio"})
    with pytest.raises(Obstacle, match="live carrier"):
        doors.find(live)


def test_without_a_voice_on_the_machine_the_way_to_one_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Obstacle, match="apt install espeak-ng"):
        Speaker.find()


def program(tmp_path: Path, script: str) -> str:
    path = tmp_path / "espeak-ng"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_words_are_spoken_in_their_language(tmp_path: Path) -> None:
    speaker = Speaker(program(tmp_path, f'(echo "$2"; cat) > {tmp_path}/said'))
    speaker.say("您好", "cmn-CN", is_interrupted=lambda: False)
    assert (tmp_path / "said").read_text().split() == ["cmn", "您好"]


def test_typing_cuts_the_voice_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speakers, "LOOK_EVERY_S", 0.01)
    Speaker(program(tmp_path, "exec sleep 60")).say("很长", "en", is_interrupted=lambda: True)


def texts(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, json={"messages": []})


@pytest.mark.parametrize(("word", "language", "told"), [("退订", "zh", "已退订"), ("STOP", "en", "Opted out")])
def test_whoever_opts_out_by_text_is_told_why_it_is_silent(
    word: str, language: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "QUIET_S", 0.02)
    monkeypatch.setattr(terminal, "POLL_S", 0.01)
    paper = io.StringIO()
    with httpx2.Client(transport=httpx2.MockTransport(texts)) as client:
        line = terminal.TextLine(client, Door(BASE, BASE, TOKEN), "+8613800138000", language)
        terminal.recite(line, terminal.Screen(language, Console(file=paper, soft_wrap=True)), [word], patience_s=2)
    assert told in paper.getvalue()


def test_texts_of_a_house_with_a_live_carrier_cannot_be_shown() -> None:
    with httpx2.Client(transport=httpx2.MockTransport(lambda _: httpx2.Response(404))) as client:
        line = terminal.TextLine(client, Door(BASE, BASE, TOKEN), "+8613800138000", "zh")
        with pytest.raises(Obstacle, match="live carrier"):
            line.open()

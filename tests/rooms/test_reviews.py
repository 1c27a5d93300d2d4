"""From a turn the bot was not up to, to a labelled line in a file: collected once, masked, labelled, deleted."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import select
from structlog.testing import capture_logs
from typer.testing import CliRunner

from backend import cli, db, reference
from backend.agents import service as agents
from backend.bus import Bus
from backend.conversations import service as conversations
from backend.conversations.bot_client import BotAnswer, BotMessage, Question
from backend.conversations.turn import Turns
from backend.depends import House
from backend.errors import NotFound, Refused
from backend.reviews import jobs, masking, service
from backend.reviews.models import Review, ReviewCandidate
from backend.reviews.rules import Order, Reason, State
from backend.settings import Settings
from fakes import FakeBot, HandClock
from telephony.console_carrier import ConsoleCarrier
from tests.browser.console_fixtures import OTHER_USERNAME, USERNAME, Desk, make_app

REFERENCE = reference.current()
HTMX = {"HX-Request": "true"}
UNDERSTOOD = {
    "热水器不热": ("request_repair", 0.97),
    "转人工": ("ask_human", 0.99),
    "不是这个意思": ("deny", 0.95),
    "帮我订张票": ("out_of_scope", 0.9),
}


def answer(question: Question) -> BotAnswer:
    """Unsure of whatever is not listed above."""
    intent, confidence = UNDERSTOOD.get(question.text, ("ask_status", 0.31))
    return BotAnswer(messages=[BotMessage(text="好的，请稍等。")], language="zh", intent=intent, confidence=confidence)


class Scene:
    """A house whose turns are listened to, and one web conversation in it."""

    def __init__(self, sessions: db.Sessions, now: datetime) -> None:
        self.clock, self.sessions = HandClock(now), sessions
        secret = SecretStr("x" * 32)
        self.house = House(
            settings=Settings(secret_key=secret, bot_token=secret, public_base_url=""),
            sessions=sessions,
            clock=self.clock,
            reference=REFERENCE,
            carrier=ConsoleCarrier(),
            bus=Bus(),
        )
        self.bot = FakeBot(answer)
        self.turns = Turns(self.house, self.bot, service.note)
        self.id = self.talk()
        self.said = 0

    def talk(self) -> str:
        with db.session_scope(self.sessions) as session:
            now = self.clock.now()
            return conversations.open_web(session, language="zh", reference=REFERENCE, now=now)[0].id

    def say(self, text: str, conversation_id: str | None = None) -> None:
        self.said += 1
        where = conversation_id or self.id
        with db.session_scope(self.sessions) as session:
            conversation = conversations.hold(session, where)
            now = self.clock.now()
            conversations.accept(session, conversation, f"c{self.said}", text, reference=REFERENCE, now=now)
        asyncio.run(self.turns.answer(where))

    def tick(self, after: timedelta = timedelta()) -> int:
        self.clock.move(after)
        return jobs.run_due(self.sessions, self.clock.now())

    def lines(self) -> list[Review]:
        with db.read_scope(self.sessions) as session:
            return list(session.scalars(select(Review).order_by(Review.id)))

    def collect(self, *texts: str) -> list[Review]:
        """Say some things the bot is unsure of, each in a conversation of its own, and judge them."""
        for text in texts:
            self.say(text, self.talk())
        self.tick(after=timedelta(minutes=6))
        return self.lines()

    def do(self, work: Callable[..., object], *args: object, **more: object) -> object:
        with db.session_scope(self.sessions) as session:
            return work(session, *args, **more)


@pytest.fixture
def scene(committed: db.Sessions, now: datetime) -> Scene:
    return Scene(committed, now)


class TestCollecting:
    def test_an_unsure_turn_is_kept_masked_with_what_was_understood(self, scene: Scene, now: datetime) -> None:
        [line] = scene.collect("我是张先生，13800138000，那个弄好没")
        assert line.text == "我是⟨name⟩，⟨phone⟩，那个弄好没"
        assert (line.language, line.channel, line.intent) == ("zh", "web", "ask_status")
        assert (line.confidence, line.reason, line.count) == (0.31, Reason.UNSURE, 1)
        assert (line.answer, line.state, line.label) == ("好的，请稍等。", State.OPEN, None)
        assert line.last_at == now + timedelta(minutes=6)

    def test_it_waits_for_what_the_customer_says_next_but_not_for_long(self, scene: Scene) -> None:
        scene.say("那个弄好没")
        assert scene.tick() == 0
        assert scene.tick(after=timedelta(minutes=4, seconds=59)) == 0
        assert scene.tick(after=timedelta(seconds=1)) == 1
        assert len(scene.lines()) == 1

    def test_with_the_next_answer_it_is_judged_at_once_and_only_once(self, scene: Scene) -> None:
        scene.say("那个弄好没")
        scene.say("热水器不热")
        assert scene.tick() == 1
        assert [line.count for line in scene.lines()] == [1]
        assert scene.tick(after=timedelta(minutes=10)) == 1  # the second message, which was understood
        assert scene.tick(after=timedelta(minutes=10)) == 0
        assert [line.count for line in scene.lines()] == [1]

    @pytest.mark.parametrize(("text", "reason"), [("转人工", Reason.WANTED_A_PERSON), ("不是这个意思", Reason.DENIED)])
    def test_what_the_customer_says_next_tells_on_a_sure_turn(self, scene: Scene, text: str, reason: Reason) -> None:
        scene.say("热水器不热")
        scene.say(text)
        scene.tick(after=timedelta(minutes=6))
        assert [(line.text, line.reason) for line in scene.lines()] == [("热水器不热", reason)]

    def test_none_of_our_business_is_collected_and_what_was_understood_is_not(self, scene: Scene) -> None:
        assert [(line.text, line.reason) for line in scene.collect("热水器不热", "帮我订张票")] == [
            ("帮我订张票", Reason.OUT_OF_SCOPE)
        ]

    def test_the_same_masked_line_again_is_counted(self, scene: Scene) -> None:
        scene.collect("我姓王，那个弄好没")
        scene.collect("我姓李，那个弄好没", "别的话")
        assert [(line.text, line.count) for line in scene.lines()] == [("我姓⟨name⟩，那个弄好没", 2), ("别的话", 1)]

    def test_what_is_said_to_an_agent_is_never_collected(self, scene: Scene, now: datetime) -> None:
        def take() -> None:
            with db.session_scope(scene.sessions) as session:
                agent = agents.add(session, "first", "correct horse", name="客服", now=now)
                conversations.take_over(session, scene.id, agent, reference=REFERENCE, now=now)

        take()
        scene.say("那个弄好没")
        scene.tick(after=timedelta(hours=1))
        assert scene.lines() == []

    def test_a_line_that_is_nothing_but_data_is_not_kept(self, scene: Scene) -> None:
        assert scene.collect("13800138000", "张先生 13800138000") == []

    def test_two_processes_judge_a_turn_once(self, scene: Scene) -> None:
        scene.say("那个弄好没")
        scene.clock.move(timedelta(minutes=6))
        now, policy = scene.clock.now(), service.policy.current()
        with db.read_scope(scene.sessions) as session:
            [waiting] = service.waiting(session, now=now, policy=policy)
        finding = service.judge(waiting, policy)
        settled = [scene.do(service.settle, waiting.message_id, finding, policy=policy, now=now) for _ in range(2)]
        assert settled == [True, False]
        assert [line.count for line in scene.lines()] == [1]

    def test_a_line_nobody_can_mask_is_not_kept_and_holds_nothing_up(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mask = masking.mask

        def fragile(text: str) -> str:
            if "张先生" in text:
                raise ValueError(text)
            return mask(text)

        monkeypatch.setattr(masking, "mask", fragile)
        with capture_logs() as logs:
            assert [line.text for line in scene.collect("张先生说那个弄好没", "别的话")] == ["别的话"]
        assert [entry["event"] for entry in logs] == ["turn cannot be judged"]
        assert "张先生" not in str(logs)
        assert scene.tick() == 0

    def test_no_word_of_a_customer_is_logged(self, scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        with capture_logs() as logs:
            scene.collect("我是张先生，13800138000，那个弄好没")
        told = caplog.text + str(logs)
        assert not re.search("张先生|13800138000|弄好没", told)


class TestDeciding:
    def test_a_line_is_labelled_and_opened_again(self, scene: Scene, now: datetime) -> None:
        [line] = scene.collect("那个弄好没")
        assert scene.do(service.label, line.id, "chase", who="陈晓", now=now) is True
        [labelled] = scene.lines()
        assert (labelled.state, labelled.label, labelled.labelled_by) == (State.LABELLED, "chase", "陈晓")
        scene.do(service.undo, line.id)
        [opened] = scene.lines()
        assert (opened.state, opened.label, opened.labelled_by, opened.labelled_at) == (State.OPEN, None, None, None)

    def test_of_two_agents_the_first_decides(self, scene: Scene, now: datetime) -> None:
        [line] = scene.collect("那个弄好没")
        assert scene.do(service.label, line.id, "chase", who="陈晓", now=now) is True
        assert scene.do(service.label, line.id, "chase", who="林悦", now=now) is True
        assert scene.do(service.label, line.id, "complain", who="林悦", now=now) is False
        assert scene.do(service.put_aside, line.id, who="林悦", now=now) is False
        assert scene.lines()[0].label == "chase"

    def test_only_an_intent_of_the_bot_is_a_label(self, scene: Scene, now: datetime) -> None:
        [line] = scene.collect("那个弄好没")
        with pytest.raises(Refused):
            scene.do(service.label, line.id, "order_pizza", who="陈晓", now=now)
        with pytest.raises(NotFound):
            scene.do(service.label, line.id + 1, "chase", who="陈晓", now=now)

    def test_a_label_stays_when_the_line_is_heard_again(self, scene: Scene, now: datetime) -> None:
        [line] = scene.collect("那个弄好没")
        scene.do(service.label, line.id, "chase", who="陈晓", now=now)
        [again] = scene.collect("那个弄好没")
        assert (again.count, again.state, again.label) == (2, State.LABELLED, "chase")

    def test_most_frequent_lines_come_first_when_asked_for(self, scene: Scene) -> None:
        scene.collect("那个弄好没", "那个弄好没")
        scene.collect("别的话")
        with db.read_scope(scene.sessions) as session:
            newest, often = (
                [line.text for line in service.listing(session, order=order)] for order in (Order.NEWEST, Order.OFTEN)
            )
        assert newest == ["别的话", "那个弄好没"]
        assert often == ["那个弄好没", "别的话"]


class TestDeleting:
    def test_a_line_is_deleted_180_days_after_it_was_last_heard(self, scene: Scene) -> None:
        [line] = scene.collect("那个弄好没")
        assert line.delete_at == scene.clock.now() + timedelta(days=180)
        scene.tick(after=timedelta(days=179, hours=23))
        assert len(scene.lines()) == 1
        scene.tick(after=timedelta(hours=1))
        assert scene.lines() == []

    def test_a_line_heard_again_is_kept_as_long_as_a_new_one(self, scene: Scene) -> None:
        scene.collect("那个弄好没")
        scene.clock.move(timedelta(days=170))
        scene.collect("那个弄好没")
        scene.tick(after=timedelta(days=170))
        assert [line.count for line in scene.lines()] == [2]

    def test_no_turn_waits_for_ever(self, scene: Scene) -> None:
        scene.collect("那个弄好没", "热水器不热", "13800138000")
        with db.read_scope(scene.sessions) as session:
            assert session.scalars(select(ReviewCandidate)).all() == []


@pytest.fixture
def client(scene: Scene) -> TestClient:
    Desk(scene.house).agents()
    return client_of(scene, USERNAME)


def client_of(scene: Scene, username: str | None) -> TestClient:
    client = TestClient(make_app(scene.house), follow_redirects=False, raise_server_exceptions=False)
    if username:
        client.cookies.set("hotline", Desk(scene.house).signed_in(username))
    return client


def told(response: object) -> str:
    tone, text = response.headers["x-toast"].split(";")  # type: ignore[attr-defined]
    return f"{tone} {unquote(text)}"


class TestPage:
    def test_nobody_sees_it_without_signing_in(self, scene: Scene, client: TestClient) -> None:
        [line] = scene.collect("那个弄好没")
        stranger = client_of(scene, None)
        for address in ("/console/reviews", "/console/reviews/export"):
            refused = stranger.get(address)
            assert refused.status_code == 401
            assert "那个弄好没" not in refused.text
        assert 'name="password"' in stranger.post(f"/console/reviews/{line.id}/label", data={"intent": "chase"}).text
        assert scene.lines()[0].state is State.OPEN

    def test_an_empty_list_says_so(self, client: TestClient) -> None:
        assert "没有要标注的" in client.get("/console/reviews").text

    @pytest.mark.parametrize(("language", "words"), [("zh", "问进度"), ("en", "asks how a request stands")])
    def test_a_line_shows_what_was_understood_in_the_agents_language(
        self, scene: Scene, client: TestClient, language: str, words: str
    ) -> None:
        scene.collect("我姓王，那个弄好没")
        client.cookies.set("hotline_language", language)
        page = client.get("/console/reviews").text
        assert words in page
        assert "31 %" in page
        assert "好的，请稍等。" in page
        assert "⟨name⟩" not in page
        assert page.count("<option") > 2 * 27

    def test_hostile_words_stay_words(self, scene: Scene, client: TestClient) -> None:
        scene.collect('<img src=x onerror=alert(1)> "{{ 7*7 }}"')
        page = client.get("/console/reviews").text
        assert "<img" not in page
        assert "&lt;img src=x onerror=alert(1)&gt;" in page
        assert "{{ 7*7 }}" in page

    def test_filters_by_state_reason_and_intent(self, scene: Scene, client: TestClient, now: datetime) -> None:
        first, _second = scene.collect("那个弄好没", "帮我订张票")
        scene.do(service.label, first.id, "chase", who="陈晓", now=now)

        def shown(query: str) -> set[str]:
            page = client.get(f"/console/reviews?{query}", headers=HTMX).text
            return {text for text in ("那个弄好没", "帮我订张票") if text in page}

        assert shown("") == {"帮我订张票"}
        assert shown("state=labelled") == {"那个弄好没"}
        assert shown("state=all") == {"那个弄好没", "帮我订张票"}
        assert shown("state=all&reason=unsure") == {"那个弄好没"}
        assert shown("state=all&intent=chase") == {"那个弄好没"}
        assert shown("state=all&intent=out_of_scope") == {"帮我订张票"}
        assert shown("state=nonsense&reason=nonsense&intent=nonsense&order=nonsense") == {"帮我订张票"}

    def test_labelling_shows_the_line_as_it_stands_now_and_undo_opens_it(
        self, scene: Scene, client: TestClient
    ) -> None:
        [line] = scene.collect("那个弄好没")
        address = f"/console/reviews/{line.id}"
        labelled = client.post(f"{address}/label", data={"intent": "chase"}, headers=HTMX)
        assert told(labelled) == "green 已标注。"
        assert 'data-state="labelled"' in labelled.text
        assert "陈晓" in labelled.text
        assert 'data-state="open"' in client.post(f"{address}/undo", headers=HTMX).text
        assert 'data-state="unusable"' in client.post(f"{address}/unusable", headers=HTMX).text

    def test_an_agent_who_comes_too_late_is_told_and_shown_how_it_stands(
        self, scene: Scene, client: TestClient
    ) -> None:
        [line] = scene.collect("那个弄好没")
        client.post(f"/console/reviews/{line.id}/label", data={"intent": "chase"})
        late = client_of(scene, OTHER_USERNAME).post(
            f"/console/reviews/{line.id}/label", data={"intent": "complain"}, headers=HTMX
        )
        assert told(late).startswith("orange ")
        assert "chase" in late.text

    def test_without_scripts_the_list_comes_back(self, scene: Scene, client: TestClient) -> None:
        [line] = scene.collect("那个弄好没")
        answered = client.post(f"/console/reviews/{line.id}/label", data={"intent": "chase"})
        assert (answered.status_code, answered.headers["location"]) == (303, "/console/reviews")

    def test_another_sites_page_cannot_label(self, scene: Scene, client: TestClient) -> None:
        [line] = scene.collect("那个弄好没")
        foreign = {"Sec-Fetch-Site": "cross-site"}
        for action in ("label", "unusable", "undo"):
            form = {"intent": "chase"}
            assert client.post(f"/console/reviews/{line.id}/{action}", data=form, headers=foreign).status_code == 403
        assert scene.lines()[0].state is State.OPEN

    def test_a_label_nobody_knows_and_a_line_nobody_has_are_refused(self, scene: Scene, client: TestClient) -> None:
        [line] = scene.collect("那个弄好没")
        assert client.post(f"/console/reviews/{line.id}/label", data={"intent": "x"}, headers=HTMX).status_code == 422
        assert client.post(f"/console/reviews/{line.id + 1}/undo", headers=HTMX).status_code == 404


class TestExport:
    @pytest.fixture
    def labelled(self, scene: Scene, now: datetime) -> None:
        chinese, english, unused, _open = scene.collect("我姓王，那个弄好没", "is it done or what", "嗯哼", "别的话")
        scene.do(service.label, chinese.id, "chase", who="陈晓", now=now)
        scene.do(service.label, english.id, "ask_status", who="陈晓", now=now)
        scene.do(service.put_aside, unused.id, who="陈晓", now=now)

    @pytest.mark.usefixtures("labelled")
    def test_json_lines_hold_what_was_labelled_and_nothing_else(self, client: TestClient) -> None:
        answered = client.get("/console/reviews/export?format=jsonl")
        assert 'filename="reviews.jsonl"' in answered.headers["content-disposition"]
        lines = [json.loads(line) for line in answered.text.splitlines()]
        assert [(line["intent"], line["language"], line["style"]) for line in lines] == [
            ("chase", "zh", "real"),
            ("ask_status", "en", "real"),
        ]
        assert re.fullmatch("我姓[^⟨⟩]，那个弄好没", lines[0]["text"])

    @pytest.mark.usefixtures("labelled")
    @pytest.mark.parametrize(("language", "intent"), [("zh", "chase"), ("en", "ask_status")])
    def test_training_data_is_of_one_language(self, client: TestClient, language: str, intent: str) -> None:
        answered = client.get(f"/console/reviews/export?format=yaml&language={language}")
        assert f'filename="reviews-{language}.yml"' in answered.headers["content-disposition"]
        assert [each["intent"] for each in yaml.safe_load(answered.text)["nlu"]] == [intent]

    def test_another_format_is_refused(self, client: TestClient) -> None:
        assert client.get("/console/reviews/export?format=exe").status_code == 422

    @pytest.mark.usefixtures("labelled")
    def test_the_command_writes_the_same_files(
        self, client: TestClient, committed: db.Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = committed.kw["bind"].url.render_as_string(hide_password=False)
        monkeypatch.setenv("HOTLINE_DATABASE_URL", url)
        monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path / "data"))
        for name, query in (("lines.jsonl", "format=jsonl"), ("zh.yml", "format=yaml")):
            done = CliRunner().invoke(cli.app, ["nlu", "export-reviews", str(tmp_path / name)])
            assert done.exit_code == 0, done.output
            assert (tmp_path / name).read_text(encoding="utf-8") == client.get(f"/console/reviews/export?{query}").text
        refused = CliRunner().invoke(cli.app, ["nlu", "export-reviews", str(tmp_path / "lines.txt")])
        assert refused.exit_code == 2

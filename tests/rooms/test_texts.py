"""What the house says, reworded at the desk: checked, approved by somebody else, in force at once, taken back."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend import db, reference
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.console.settings import text_names
from backend.depends import House
from backend.errors import Conflict, Forbidden, NotFound, Refused
from backend.reference.texts import SAID_BY_THE_HOUSE
from backend.revisions import rules, service, texts
from backend.revisions.models import Revision
from backend.revisions.rules import Flaw, FlawKind, Status
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock

MESSAGES = reference.current().messages
REMINDER = "reminder.callback"
ZH = "【威雅电器】工单{ticket_no}：{window}给您回电，请保持畅通。退订回复TD"
EN = "Weiya hotline: we ring you about {ticket_no} {window}. Reply TD to opt out."
BOTH = {"zh": ZH, "en": EN}
HTMX = {"HX-Request": "true"}


def propose(session: Session, now: datetime, text_id: str = REMINDER, *, zh: str = ZH) -> Revision:
    """The Chinese text is reworded."""
    in_force = service.in_force(session).messages
    both = {"zh": zh, "en": in_force.messages[text_id].en}
    return texts.propose(session, in_force, text_id, both, author="林悦", now=now)  # type: ignore[arg-type]


def words(session: Session, text_id: str = REMINDER) -> str:
    return service.in_force(session).messages.messages[text_id].zh


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("您好{window}{ticket_no}", []),
        ("您好{window}", [Flaw(FlawKind.UNUSED, "{ticket_no}")]),
        ("{window}{ticket_no}{name}{0}", [Flaw(FlawKind.UNDECLARED, "{0}, {name}")]),
        ("{a.__class__}{window}{ticket_no}", [Flaw(FlawKind.UNDECLARED, "{a.__class__}")]),
        ("{window!r}{ticket_no}", [Flaw(FlawKind.BRACES)]),
        ("{window:>9}{ticket_no}", [Flaw(FlawKind.BRACES)]),
        ("{window{ticket_no}", [Flaw(FlawKind.BRACES)]),
        ("window}", [Flaw(FlawKind.BRACES)]),
        ("  ", [Flaw(FlawKind.EMPTY)]),
        ("见 https://a.cn {window}{ticket_no}", [Flaw(FlawKind.URL)]),
        ("见 WWW.a.cn {window}{ticket_no}", [Flaw(FlawKind.URL)]),
        ("{{括号}}{window}{ticket_no}", []),
    ],
)
def test_what_is_wrong_with_the_words_is_named(text: str, expected: list[Flaw]) -> None:
    assert list(rules.wording_flaws(text, {"window", "ticket_no"}, allows_urls=False)) == expected


@given(st.text(max_size=40))
def test_a_text_without_a_grave_flaw_can_always_be_filled_in(text: str) -> None:
    flaws = rules.wording_flaws(text, {"a"}, allows_urls=True)
    if not any(flaw.is_grave for flaw in flaws):
        text.format(a="x")


def test_addresses_are_allowed_where_no_text_message_goes() -> None:
    assert rules.wording_flaws("https://a.cn", (), allows_urls=True) == ()
    assert rules.length_flaws(3, 2) == (Flaw(FlawKind.TOO_LONG, "3 > 2"),)
    assert rules.length_flaws(3, None) == rules.length_flaws(2, 2) == ()


@pytest.mark.parametrize(
    ("author", "who", "approvers", "expected"),
    [
        ("林悦", "陈晓", ["陈晓", "林悦"], True),
        ("林悦", "林悦", ["陈晓", "林悦"], False),
        ("林悦", "林悦", ["林悦"], True),
        ("林悦", "林悦", [], True),
    ],
)
def test_nobody_approves_their_own_words_while_somebody_else_could(
    author: str, who: str, approvers: list[str], expected: bool
) -> None:
    assert rules.may_approve(author, who, approvers) is expected


@pytest.mark.parametrize("text_id", sorted(SAID_BY_THE_HOUSE))
def test_every_text_of_the_house_is_without_flaw_and_fits_its_channel(text_id: str) -> None:
    for language, each in texts.look(MESSAGES, text_id).items():
        assert [flaw for flaw in each.flaws if flaw.is_grave] == [], language


def test_a_look_counts_segments_as_the_carrier_will() -> None:
    looks = texts.look(MESSAGES, REMINDER, {"zh": "水" * 71 + "{window}{ticket_no}", "en": "a" * 153 + "{ticket_no}"})
    assert "明天11月25日（周三）15:00–15:30" in looks["zh"].shown
    assert looks["zh"].segments == 2
    assert looks["en"].segments == 2
    assert texts.look(MESSAGES, "greeting")["zh"].segments is None


def test_an_approved_text_is_in_force_and_others_are_untouched(session: Session, now: datetime) -> None:
    drafted = propose(session, now)
    assert words(session) == MESSAGES.messages[REMINDER].zh
    assert list(texts.open_drafts(session)) == [REMINDER]
    texts.approve(session, drafted.id, who="陈晓", now=now)
    assert words(session) == ZH
    assert texts.open_drafts(session) == {}
    assert texts.changed_ids(session) == {REMINDER}
    found = service.in_force(session).messages
    assert {name for name in found.messages if found.messages[name] != MESSAGES.messages[name]} == {REMINDER}


@pytest.mark.parametrize(
    ("zh", "code"),
    [
        ("{name}您好", "bad_text"),
        ("", "bad_text"),
        ("水" * 140 + "{ticket_no}{window}", "bad_text"),
        ("见 https://a.cn {ticket_no}{window}", "bad_text"),
        (MESSAGES.messages[REMINDER].zh, "unchanged"),
    ],
)
def test_a_text_with_a_flaw_or_without_a_change_is_not_drafted(
    session: Session, now: datetime, zh: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        propose(session, now, zh=zh)
    assert refused.value.reason == code
    assert texts.open_drafts(session) == {}
    with pytest.raises(NotFound):
        texts.look(MESSAGES, "nothing")


def test_a_second_draft_takes_the_place_of_the_first(session: Session, now: datetime) -> None:
    first, second = propose(session, now), propose(session, now, zh=ZH + "谢谢")
    assert (first.status, second.status) == (Status.WITHDRAWN, Status.DRAFT)
    with pytest.raises(Conflict):
        texts.approve(session, first.id, who="陈晓", now=now)


def test_drafts_of_two_texts_are_approved_in_any_order(session: Session, now: datetime) -> None:
    one, other = propose(session, now), propose(session, now, "handed_back", zh="智能客服继续为您服务。")
    texts.approve(session, other.id, who="陈晓", now=now)
    approved = texts.approve(session, one.id, who="陈晓", now=now)
    assert (words(session), words(session, "handed_back")) == (ZH, "智能客服继续为您服务。")
    assert (approved.author, approved.approved_by) == ("林悦", "陈晓")


def test_a_draft_of_a_text_changed_meanwhile_is_refused(session: Session, now: datetime) -> None:
    theirs = propose(session, now)
    body = service.body(session, texts.TABLE)
    body["messages"][REMINDER]["zh"] = "【威雅电器】{ticket_no}{window}"
    service.approve(session, service.draft(session, texts.TABLE, body, "王", now).id, "陈晓", now)
    with pytest.raises(Conflict) as refused:
        texts.approve(session, theirs.id, who="陈晓", now=now)
    assert refused.value.reason == "outdated"


def test_undoing_touches_one_text_only_and_can_be_undone(session: Session, now: datetime) -> None:
    for text_id, zh in ((REMINDER, ZH), ("handed_back", "智能客服继续为您服务。")):
        texts.approve(session, propose(session, now, text_id, zh=zh).id, who="陈晓", now=now)
    texts.undo(session, REMINDER, who="陈晓", now=now)
    assert words(session) == MESSAGES.messages[REMINDER].zh
    assert words(session, "handed_back") == "智能客服继续为您服务。"
    texts.undo(session, REMINDER, who="陈晓", now=now)
    assert words(session) == ZH
    assert [each.after["zh"] == ZH for each in texts.history(session, REMINDER)] == [True, False, True]
    with pytest.raises(Conflict):
        texts.undo(session, "opted_in", who="陈晓", now=now)


def test_the_author_waits_for_a_second_pair_of_eyes_where_there_is_one(session: Session, now: datetime) -> None:
    for username, name in (("chen", "陈晓"), ("lin", "林悦")):
        session.add(Agent(username=username, name=name, password_hash="", role=Role.MANAGER, created_at=now))
    drafted = propose(session, now)
    with pytest.raises(Forbidden) as refused:
        texts.approve(session, drafted.id, who="林悦", now=now)
    assert refused.value.reason == "own_text"
    session.execute(update(Agent).where(Agent.username == "chen").values(active=False))
    texts.approve(session, drafted.id, who="林悦", now=now)
    assert words(session) == ZH


def test_what_was_changed_at_the_desk_outlives_a_release_with_a_new_text(session: Session, now: datetime) -> None:
    drafted = propose(session, now)
    without = {**drafted.body, "messages": dict(drafted.body["messages"])}
    del without["messages"]["opted_in"]
    overlays = {texts.TABLE: reference.Overlay(drafted.id, without)}
    found = reference.overlay(reference.current(), overlays)
    assert found.unusable == {}
    assert found.messages.messages["opted_in"] == MESSAGES.messages["opted_in"]
    assert found.messages.messages[REMINDER].zh == ZH


def test_a_revision_of_another_table_is_no_text(session: Session, now: datetime) -> None:
    other = service.draft(session, "calendar.yaml", service.body(session, "calendar.yaml"), "林悦", now)
    for act in (texts.approve, texts.withdraw):
        with pytest.raises(NotFound):
            act(session, other.id, who="陈晓", now=now)


class TestAtTheDesk:
    @pytest.fixture
    def house(self, sessions: db.Sessions) -> House:
        return make_house(sessions, HandClock(NOW))

    @pytest.fixture
    def desk(self, house: House) -> Desk:
        desk = Desk(house)
        desk.agents()
        with db.session_scope(house.sessions) as session:
            session.execute(update(Agent).values(role=Role.MANAGER))
        return desk

    @pytest.fixture
    def client(self, house: House, desk: Desk) -> TestClient:
        client = TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)
        client.cookies.set("hotline", desk.signed_in(USERNAME))
        return client

    def test_the_list_shows_variables_channels_segments_and_state(self, client: TestClient) -> None:
        page = client.get("/console/templates").text
        assert all(f'href="/console/templates/{text_id}"' in page for text_id in SAID_BY_THE_HOUSE)
        assert "{visit_code}" in page
        assert "出厂内容" in page
        assert '<span class="nowrap">1 / 1</span>' in page
        client.post(f"/console/templates/{REMINDER}/draft", data=BOTH)
        assert "待批准" in client.get("/console/templates").text

    def test_texts_are_called_by_names_and_told_apart(self, client: TestClient) -> None:
        known = reference.current().messages.messages
        named = [(text_names.group_of(each), text_names.name_of(each)) for each in known]
        assert len(set(named)) == len(named)
        assert set(text_names.NAMES) == set(known)
        page = client.get("/console/templates").text
        assert f'href="/console/templates/{REMINDER}">回电提醒</a>' in page
        one = client.get(f"/console/templates/{REMINDER}").text
        assert "<h1>回电提醒</h1>" in one
        assert "<title>回电提醒 ·" in one

    def test_a_preview_fills_in_counts_and_complains(self, client: TestClient) -> None:
        form = {"zh": "工单{ticket_no}{nobody}", "en": "a" * 400 + "{ticket_no}{window} https://a.cn"}
        shown = client.post(f"/console/templates/{REMINDER}/preview", data=form, headers=HTMX).text
        assert "这里没有这个变量：" in shown
        assert "{nobody}" in shown
        assert "没有用到变量：" in shown
        assert "短信过长" in shown
        assert "不允许出现网址" in shown
        assert "WY261124-0001" in shown
        assert client.get(f"/console/templates/{REMINDER}").text.count("待批准") == 0

    def test_from_draft_to_force_with_two_people(self, house: House, desk: Desk, client: TestClient) -> None:
        base = f"/console/templates/{REMINDER}"
        handed_in = client.post(f"{base}/draft", data=BOTH | {"note": "更短"}, headers=HTMX)
        assert "已提交" in unquote(handed_in.headers["x-toast"])
        assert "须由他人批准" in handed_in.text
        with house.sessions() as session:
            [draft] = texts.open_drafts(session)[REMINDER]
        approve = f"{base}/drafts/{draft.revision.id}/approve"
        assert client.post(approve, headers=HTMX).status_code == 403
        client.cookies.set("hotline", desk.signed_in(OTHER_USERNAME))
        approved = client.post(approve, headers=HTMX)
        assert "已生效" in unquote(approved.headers["x-toast"])
        assert "林悦 批准" in approved.text
        assert "更短" in approved.text
        assert house.reference.messages.messages[REMINDER].zh == ZH
        client.post(f"{base}/undo", headers=HTMX)
        assert house.reference.messages.messages[REMINDER].zh == MESSAGES.messages[REMINDER].zh
        assert client.post(approve, headers=HTMX).status_code == 409

    def test_what_is_wrong_stays_in_the_form(self, client: TestClient) -> None:
        form = {"zh": "<b>{oops}", "en": EN}
        answer = client.post(f"/console/templates/{REMINDER}/draft", data=form, headers=HTMX)
        assert answer.headers["x-toast"].startswith("red")
        assert "&lt;b&gt;{oops}</textarea>" in answer.text
        assert client.post("/console/templates/nothing/draft", data=form, headers=HTMX).status_code == 404
        assert client.get("/console/templates/nothing").status_code == 404

    def test_a_draft_can_be_given_up(self, client: TestClient, house: House) -> None:
        client.post(f"/console/templates/{REMINDER}/draft", data=BOTH)
        with house.sessions() as session:
            [draft] = texts.open_drafts(session)[REMINDER]
        client.post(f"/console/templates/{REMINDER}/drafts/{draft.revision.id}/withdraw", headers=HTMX)
        with house.sessions() as session:
            assert texts.open_drafts(session) == {}

    def test_who_may_not_write_reads_only(self, house: House, client: TestClient) -> None:
        with db.session_scope(house.sessions) as session:
            session.execute(update(Agent).values(role=Role.AGENT))
        page = client.get(f"/console/templates/{REMINDER}")
        assert page.status_code == 200
        assert "<textarea" not in page.text
        assert client.post(f"/console/templates/{REMINDER}/draft", data=BOTH, headers=HTMX).status_code == 403

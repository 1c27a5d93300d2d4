"""What did not leave is shown with why, and a person decides, once, whether it is tried again or dropped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from backend import db
from backend.agents import service as agents
from backend.agents.permissions import Role
from backend.customers import service as customers
from backend.errors import Conflict, NotFound
from backend.outbox import deciding, service
from backend.outbox.models import OutboxMessage
from backend.outbox.rules import OutboxKind, Status, Verdict
from conftest import at
from rooms.web import Web
from telephony.ports import Action, Refused, Unknown
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock
from tests.rooms.outbox_bench import (  # noqa: F401  asked for by name
    PERSON,
    POLICY,
    Queue,
    Tick,
    callback,
    carrier_fixture,
    fresh,
    queue_fixture,
    tick_fixture,
)
from tests.telephony.fake_carrier import FakeCarrier

HTMX = {"HX-Request": "true"}
Fail = Callable[..., OutboxMessage]


@pytest.fixture
def fail(session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime) -> Fail:
    """Queue something and let the carrier answer."""

    def let(answer: object = Refused(30005, Action.SHOW), text: str = "您好", **more: object) -> OutboxMessage:
        row = queue(text, **{"kind": OutboxKind.NOTICE} | more)
        carrier.results.append(answer)  # type: ignore[arg-type]
        tick(now)
        return fresh(session, row)

    return let


def decide(
    session: Session, row: OutboxMessage, verdict: Verdict, now: datetime, seen: int = 0, who: str = "陈晓"
) -> OutboxMessage:
    decided = deciding.decide(session, row.id, verdict, seen=seen, who=who, now=now)
    session.commit()
    return decided


def history(session: Session, row: OutboxMessage) -> list[tuple[str, str, str, str | None]]:
    return [(each.verdict, each.who, each.status, each.reason) for each in deciding.decided(session, [row])[row.id]]


def test_what_was_refused_is_sent_anyway_and_who_decided_is_kept(
    session: Session, fail: Fail, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = fail()
    assert service.attention_count(session, now=now) == 1
    decide(session, row, Verdict.AGAIN, now + timedelta(minutes=1))
    assert service.attention(session, now=now) == []
    tick(now + timedelta(minutes=1))
    assert fresh(session, row).status is Status.SENT
    assert carrier.bodies == ["您好", "您好"]
    assert history(session, row) == [("again", "陈晓", "refused", "show")]


def test_a_second_click_has_no_second_effect_even_after_it_fell_again(
    session: Session, fail: Fail, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = fail()
    carrier.results.append(Refused(30005, Action.SHOW))
    for _ in range(2):
        decide(session, row, Verdict.AGAIN, now)
        tick(now)
    assert fresh(session, row).status is Status.REFUSED
    assert len(carrier.sent) == 2
    decide(session, row, Verdict.AGAIN, now, seen=1)
    tick(now)
    assert len(carrier.sent) == 3
    assert len(history(session, row)) == 2


def test_of_two_agents_one_wins(session: Session, fail: Fail, now: datetime) -> None:
    row = fail()
    decide(session, row, Verdict.DROP, now)
    for verdict in Verdict:
        with pytest.raises(Conflict):
            decide(session, row, verdict, now, who="林悦")
    assert history(session, row) == [("drop", "陈晓", "refused", "show")]


def test_of_two_agents_at_once_one_wins(committed: db.Sessions, now: datetime) -> None:
    with db.session_scope(committed) as session:
        row = service.queue(
            session, to="12", text="您好", kind=OutboxKind.NOTICE, now=now, key="k", language="zh", own_numbers=()
        )
        row.reason, row.status = "show", Status.REFUSED
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def click(who: str) -> None:
        start.wait()
        try:
            with db.session_scope(committed) as session:
                deciding.decide(session, row.id, Verdict.AGAIN, seen=0, who=who, now=now)
            outcomes.append("won")
        except Conflict:
            outcomes.append("late")

    threads = [threading.Thread(target=click, args=[who]) for who in ("陈晓", "林悦")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["late", "won"]


def test_what_was_dropped_is_gone_from_the_list_and_can_still_be_sent(
    session: Session, fail: Fail, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = fail()
    dropped = decide(session, row, Verdict.DROP, now)
    assert service.attention(session, now=now) == []
    assert deciding.verdicts(dropped) == (Verdict.AGAIN,)
    tick(now + timedelta(days=1))
    assert len(carrier.sent) == 1
    decide(session, row, Verdict.AGAIN, now, seen=1)
    tick(now)
    assert len(carrier.sent) == 2


def test_hours_opt_out_and_number_still_hold(
    session: Session, fail: Fail, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = fail()
    night = at("2026-11-24 19:00")
    decide(session, row, Verdict.AGAIN, night)
    tick(night)
    assert (fresh(session, row).status, fresh(session, row).reason) == (Status.PENDING, "closed")
    customers.find_or_add(session, PERSON, now=now)
    customers.set_opt_out(session, PERSON, night)
    session.commit()
    tick(at("2026-11-25 08:00"))
    assert (fresh(session, row).status, fresh(session, row).reason) == (Status.SUPPRESSED, "opted_out")
    assert len(carrier.sent) == 1
    ours = fail(text="另一条", to="+8613900139000")
    carrier.own_numbers = frozenset({ours.to})
    decide(session, ours, Verdict.AGAIN, now)
    tick(now)
    assert fresh(session, ours).reason == "own_number"


def test_what_came_too_late_has_no_end_any_more(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = queue(kind=OutboxKind.REMINDER, valid_until=now)
    tick(now)
    assert fresh(session, row).status is Status.EXPIRED
    decide(session, row, Verdict.AGAIN, now)
    tick(now)
    assert fresh(session, row).status is Status.SENT


def test_a_dead_row_gets_all_its_attempts_anew(session: Session, fail: Fail, tick: Tick, now: datetime) -> None:
    row = fail()
    row.status, row.reason, row.failures = Status.DEAD, "attempts", POLICY.attempts
    session.commit()
    assert decide(session, row, Verdict.AGAIN, now).failures == 0
    tick(now)
    assert fresh(session, row).status is Status.SENT


def test_an_unknown_outcome_that_clears_up_before_it_is_sent_again_is_not_sent_again(
    session: Session, fail: Fail, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = fail(Unknown("HTTP 503"))
    decide(session, row, Verdict.AGAIN, now)
    assert callback(session, row, "delivered", now)
    tick(now)
    assert len(carrier.sent) == 1
    assert fresh(session, row).status is Status.DELIVERED


def test_after_the_second_sending_the_first_ones_fate_counts_no_more(
    session: Session, fail: Fail, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = fail(Unknown("HTTP 503"))
    decide(session, row, Verdict.AGAIN, now)
    tick(now)
    assert not callback(session, row, "failed", now, attempt=1)
    assert callback(session, row, "delivered", now, attempt=2)
    assert [text.reference for text in carrier.sent] == [f"{row.id}.1", f"{row.id}.2"]


def test_a_message_of_several_texts_is_sent_whole(
    session: Session, fail: Fail, tick: Tick, carrier: FakeCarrier, now: datetime
) -> None:
    row = fail(text="请先关闭进水阀，再拔下插头。" * 20)
    tick(now)
    decide(session, row, Verdict.AGAIN, now)
    for _ in range(3):
        tick(now)
    assert "".join(carrier.bodies[1:]) == "请先关闭进水阀，再拔下插头。" * 20


@pytest.mark.parametrize(
    ("status", "reason", "more", "expected"),
    [
        (Status.REFUSED, "show", {}, [Verdict.AGAIN, Verdict.DROP]),
        (Status.UNKNOWN, "HTTP 503", {}, [Verdict.AGAIN, Verdict.DROP]),
        (Status.EXPIRED, "too_late", {}, [Verdict.AGAIN, Verdict.DROP]),
        (Status.DEAD, "attempts", {}, [Verdict.AGAIN, Verdict.DROP]),
        (Status.EXPIRED, "too_late", {"message_key": "code:7"}, [Verdict.DROP]),
        (Status.REFUSED, "filtered", {}, [Verdict.DROP]),
        (Status.REFUSED, "premium", {}, [Verdict.DROP]),
        (Status.REFUSED, "fixed_line", {}, [Verdict.DROP]),
        (Status.REFUSED, "empty", {}, [Verdict.DROP]),
        (Status.PENDING, "outside_calendar", {}, [Verdict.DROP]),
        (Status.PENDING, "closed", {}, []),
        (Status.SUPPRESSED, "opted_out", {}, []),
        (Status.SENT, None, {}, []),
        (Status.SENDING, None, {}, []),
        (Status.DELIVERED, None, {}, []),
    ],
)
def test_only_what_could_do_good_can_be_decided(
    session: Session,
    queue: Queue,
    now: datetime,
    status: Status,
    reason: str | None,
    more: dict[str, str],
    expected: list[Verdict],
) -> None:
    row = queue()
    row.status, row.reason = status, reason
    for name, value in more.items():
        setattr(row, name, value)
    session.commit()
    assert list(deciding.verdicts(row)) == expected
    for verdict in set(Verdict) - set(expected):
        with pytest.raises(Conflict):
            decide(session, row, verdict, now)


def test_what_the_calendar_leaves_undecided_can_be_dropped(
    session: Session, queue: Queue, tick: Tick, carrier: FakeCarrier
) -> None:
    then = at("2031-01-06 10:00")
    row = queue(kind=OutboxKind.NOTICE, now=then)
    tick(then)
    decide(session, row, Verdict.DROP, then)
    tick(then + timedelta(hours=2))
    assert (fresh(session, row).status, carrier.sent) == (Status.SUPPRESSED, [])


def test_nothing_can_be_decided_about_nothing(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        deciding.decide(session, 999, Verdict.DROP, seen=0, who="陈晓", now=now)


class TestAtTheDesk:
    @pytest.fixture
    def desk(self, sessions: db.Sessions) -> Desk:
        desk = Desk(make_house(sessions, HandClock(NOW)))
        desk.agents()
        return desk

    @pytest.fixture
    def client(self, desk: Desk) -> TestClient:
        client = TestClient(make_app(desk.house), follow_redirects=False, raise_server_exceptions=False)
        client.cookies.set("hotline", desk.signed_in(USERNAME))
        return client

    @pytest.fixture
    def lost(self, sessions: db.Sessions) -> OutboxMessage:
        """A text nobody knows about, and one to a landline."""
        with db.session_scope(sessions) as session:
            more = {"kind": OutboxKind.REMINDER, "now": NOW, "language": "zh"}
            row = service.queue(session, to=PERSON, text="提醒您", key="a", **more)  # type: ignore[arg-type]
            row.status, row.reason, row.attempts = Status.UNKNOWN, "HTTP 503", 1
            row.unknown_at = row.sending_at = NOW - timedelta(minutes=5)
            service.queue(session, to="0757-87654321", text="提醒您", key="b", **more)  # type: ignore[arg-type]
        return row

    def test_the_list_says_why_and_warns_of_what_may_arrive_twice(
        self, client: TestClient, lost: OutboxMessage
    ) -> None:
        page = client.get("/console/outbox?state=attention").text
        assert "待处理 2" in page
        assert "不知道是否已发出" in page
        assert "HTTP 503" in page
        assert "固定电话收不到短信" in page
        assert page.count("客户也许会收到两次") == 1
        assert page.count('value="again"') == 1
        assert page.count('value="drop"') == 2
        client.cookies.set("hotline_language", "en")
        assert "the customer may get it twice" in client.get("/console/outbox?state=attention").text

    def test_a_click_decides_and_shows_what_is_left(
        self, client: TestClient, sessions: db.Sessions, lost: OutboxMessage
    ) -> None:
        form = {"verdict": "again", "seen": "0", "state": "attention"}
        answer = client.post(f"/console/outbox/{lost.id}/decision", data=form, headers=HTMX)
        assert "时间和号码允许时就会发出" in unquote(answer.headers["x-toast"])
        assert "HTTP 503" not in answer.text
        assert "待处理 1" in answer.text
        with sessions() as session:
            assert fresh(session, lost).status is Status.PENDING
        assert client.post(f"/console/outbox/{lost.id}/decision", data=form).status_code == 303
        assert "陈晓：仍然发送" in client.get("/console/outbox").text

    def test_who_comes_too_late_is_told_so(self, desk: Desk, client: TestClient, lost: OutboxMessage) -> None:
        form = {"verdict": "drop", "seen": "0"}
        client.post(f"/console/outbox/{lost.id}/decision", data=form, headers=HTMX)
        client.cookies.set("hotline", desk.signed_in(OTHER_USERNAME))
        answer = client.post(f"/console/outbox/{lost.id}/decision", data=form, headers=HTMX)
        assert answer.headers["x-toast"].startswith("orange")
        assert client.post(f"/console/outbox/{lost.id}/decision", data=form).status_code == 409
        assert client.post("/console/outbox/999/decision", data=form, headers=HTMX).status_code == 404
        assert client.post(f"/console/outbox/{lost.id}/decision", data={"verdict": "x"}).status_code == 422


def test_a_program_decides_over_json(web: Web, now: datetime) -> None:
    with db.session_scope(web.sessions) as session:
        agents.add(session, "chen", "correct horse", name="陈晓", role=Role.AGENT, now=now)
        row = service.queue(
            session, to=PERSON, text="提醒您", kind=OutboxKind.REMINDER, now=now, key="a", language="zh"
        )
        row.status, row.reason = Status.REFUSED, "show"
    assert web.client.get("/api/outbox/attention").status_code == 401
    web.client.post("/api/session", json={"username": "chen", "password": "correct horse"})
    [shown] = web.client.get("/api/outbox/attention").json()
    assert shown["to"] == "138****8000"
    assert shown["why"] == {"zh": "运营商拒绝受理。", "en": "The carrier refused it."}
    assert (shown["may"], shown["may_arrive_twice"], shown["decisions"]) == (["again", "drop"], False, [])
    address = f"/api/outbox/{shown['id']}/decisions"
    dropped = web.client.post(address, json={"verdict": "drop", "seen": 0}).json()
    assert [(each["verdict"], each["who"]) for each in dropped["decisions"]] == [("drop", "陈晓")]
    assert dropped["may"] == ["again"]
    assert web.client.get("/api/outbox/attention").json() == []
    assert web.client.post(address, json={"verdict": "again", "seen": 0}).status_code == 409
    assert web.client.post(address, json={"verdict": "again", "seen": 1}).json()["status"] == "pending"

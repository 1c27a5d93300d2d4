"""Tickets worked on at the desk: by hand, edited, given away, merged and taken back, split, filtered, on the board."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update

from backend import db, limits
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status as CallStatus
from backend.depends import House
from backend.tickets import editing, service
from backend.tickets.models import Promise, Ticket, TicketFilter, TicketMerge, TimelineEntry
from backend.tickets.rules import Status, TicketType
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock

HTMX = {"HX-Request": "true"}
FIRST, SECOND, THIRD = "WY261124-0001", "WY261124-0002", "WY261124-0003"
BASE = "/console/tickets"
FORM_ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def house(sessions: db.Sessions) -> House:
    limits.forget()
    house = make_house(sessions, HandClock(NOW))
    desk = Desk(house)
    desk.agents()
    desk.morning()
    return house


@pytest.fixture
def client(house: House) -> TestClient:
    client = TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set("hotline", Desk(house).signed_in(USERNAME))
    return client


def ticket(house: House, number: str) -> Ticket:
    with db.read_scope(house.sessions) as session:
        return service.find(session, number)


def codes(house: House, number: str) -> list[str]:
    with db.read_scope(house.sessions) as session:
        query = select(TimelineEntry.code).join(Ticket, Ticket.id == TimelineEntry.ticket_id)
        return list(session.scalars(query.where(Ticket.ticket_no == number).order_by(TimelineEntry.id)))


def call_of(house: House, number: str) -> Callback | None:
    with db.read_scope(house.sessions) as session:
        query = select(Callback).join(Ticket, Ticket.id == Callback.ticket_id)
        return session.scalar(query.where(Ticket.ticket_no == number, Callback.status == CallStatus.BOOKED))


def count(house: House) -> int:
    with db.read_scope(house.sessions) as session:
        return session.scalar(select(func.count()).select_from(Ticket)) or 0


def told(answer: object) -> str:
    return unquote(answer.headers.get("x-toast", ""))  # type: ignore[attr-defined]


def new(client: TestClient, **more: str) -> object:
    form = {"form_id": FORM_ID, "kind": "repair", "phone": "13900139000", "contact_name": "赵女士"}
    form |= {"address": "广东省佛山市顺德区大良街道凤翔路15号", "symptom": "不出热水", "priority": "normal"}
    return client.post(f"{BASE}/new", data=form | more, headers=HTMX)


class TestByHand:
    def test_it_gets_its_number_promises_call_place_and_agent(self, client: TestClient, house: House) -> None:
        answer = new(client)
        assert answer.status_code == 200, answer.text  # type: ignore[attr-defined]
        number = re.search(r"WY261124-\d{4}", answer.headers["hx-push-url"])[0]  # type: ignore[attr-defined, index]
        made = ticket(house, number)
        assert (made.contact_phone, made.channel, made.tier is not None) == ("+8613900139000", "voice", True)
        assert made.phone_confirmed is False
        assert made.assignee_id is not None
        assert call_of(house, number) is not None
        with db.read_scope(house.sessions) as session:
            kinds = set(session.scalars(select(Promise.kind).where(Promise.ticket_id == made.id)))
        assert kinds == {"reply", "onsite"}

    def test_sent_twice_it_is_one_ticket(self, client: TestClient, house: House) -> None:
        before = count(house)
        assert new(client).headers["hx-push-url"] == new(client).headers["hx-push-url"]  # type: ignore[attr-defined]
        assert count(house) == before + 1

    def test_an_open_one_of_the_same_case_is_added_to(self, client: TestClient, house: House) -> None:
        before = count(house)
        answer = new(client, phone="13800138002")
        assert answer.headers["hx-push-url"].endswith(SECOND)  # type: ignore[attr-defined]
        assert "同一事项已有未结工单" in told(answer)
        assert (count(house), ticket(house, SECOND).contacts) == (before, 2)

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [("phone", "1380013", "号码太短"), ("phone", "+12125550123", "该国家或地区"), ("address", "火星", "地址")],
    )
    def test_what_the_bot_would_refuse_is_refused_with_the_reason(
        self, client: TestClient, house: House, field: str, value: str, words: str
    ) -> None:
        before = count(house)
        answer = new(client, **{field: value})
        assert answer.status_code == 422  # type: ignore[attr-defined]
        assert words in told(answer)
        assert count(house) == before

    def test_a_time_outside_the_hours_opens_nothing(self, client: TestClient, house: House) -> None:
        before = count(house)
        answer = new(client, start="2026-11-24T23:00:00+08:00")
        assert (answer.status_code, count(house)) == (422, before)  # type: ignore[attr-defined]

    def test_the_check_shows_place_and_open_tickets_before_saving(self, client: TestClient) -> None:
        form = {"form_id": FORM_ID, "kind": "repair", "phone": "13800138002", "address": "佛山市顺德区大良锦绣路8号"}
        shown = client.post(f"{BASE}/new/check", data=form, headers=HTMX).text
        assert SECOND in shown
        assert "138****8002" in shown
        assert "13800138002" not in shown


class TestEditing:
    def edit(self, client: TestClient, house: House, number: str = SECOND, **more: str) -> object:
        here = ticket(house, number)
        form = {name: getattr(here, name) or "" for name in editing.PLAIN} | {"priority": here.priority.value}
        form |= {"address": here.address_text, "phone": "", "seen": editing.stamp(here)} | more
        return client.post(f"{BASE}/{number}/edit", data=form, headers=HTMX)

    def test_each_change_stands_in_the_timeline_with_the_old_value(self, client: TestClient, house: House) -> None:
        answer = self.edit(client, house, model="VY80-D5", symptom="完全不加热")
        assert "客服修改型号：VY60-D3 → VY80-D5" in answer.text  # type: ignore[attr-defined]
        assert codes(house, SECOND).count("edited") == 2

    def test_nothing_different_writes_nothing(self, client: TestClient, house: House) -> None:
        assert "没有改动" in told(self.edit(client, house))
        assert "edited" not in codes(house, SECOND)

    def test_another_number_is_checked_masked_and_gets_the_call(self, client: TestClient, house: House) -> None:
        assert self.edit(client, house, phone="1380013").status_code == 422  # type: ignore[attr-defined]
        answer = self.edit(client, house, phone="13900139111")
        assert "13900139111" not in answer.text  # type: ignore[attr-defined]
        moved = call_of(house, SECOND)
        assert moved is not None
        assert moved.phone == "+8613900139111"

    def test_another_address_decides_tier_and_outlet_anew(self, client: TestClient, house: House) -> None:
        before = ticket(house, SECOND)
        self.edit(client, house, address="佛山市高明区更合镇白石村委会12号")
        after = ticket(house, SECOND)
        assert after.address_text != before.address_text
        assert after.place_reason != before.place_reason

    def test_what_somebody_else_has_changed_meanwhile_is_not_written_over(
        self, client: TestClient, house: House
    ) -> None:
        seen = editing.stamp(ticket(house, SECOND))
        self.edit(client, house, model="VY80-D5")
        answer = self.edit(client, house, model="VY50-A1", seen=seen)
        assert answer.status_code == 409  # type: ignore[attr-defined]
        assert ticket(house, SECOND).model == "VY80-D5"


def test_a_ticket_is_given_to_a_colleague_who_works_here(client: TestClient, house: House) -> None:
    with db.session_scope(house.sessions) as session:
        other = session.scalars(select(Agent).where(Agent.username == OTHER_USERNAME)).one()
        agent_id = other.id
    answer = client.post(f"{BASE}/{SECOND}/assign", data={"agent_id": str(agent_id)}, headers=HTMX)
    assert "交给林悦" in answer.text
    with db.session_scope(house.sessions) as session:
        session.execute(update(Agent).where(Agent.id == agent_id).values(active=False))
    client.post(f"{BASE}/{SECOND}/assign", data={"agent_id": "0"}, headers=HTMX)
    assert client.post(f"{BASE}/{SECOND}/assign", data={"agent_id": str(agent_id)}, headers=HTMX).status_code == 422
    assert client.post(f"{BASE}/{SECOND}/assign", data={"agent_id": "9999"}, headers=HTMX).status_code == 404


class TestMerging:
    def merge(self, client: TestClient, ticket_no: str = SECOND, other: str = FIRST) -> object:
        return client.post(f"{BASE}/{ticket_no}/merge", data={"other": other}, headers=HTMX)

    def merge_id(self, house: House) -> int:
        with db.read_scope(house.sessions) as session:
            return session.scalars(select(TicketMerge.id).order_by(TicketMerge.id.desc())).first() or 0

    def undo(self, client: TestClient, house: House, number: str = SECOND) -> object:
        return client.post(f"{BASE}/{number}/merges/{self.merge_id(house)}/undo", headers=HTMX)

    def test_the_case_goes_on_in_the_other_with_its_call_and_contacts(self, client: TestClient, house: House) -> None:
        call = call_of(house, SECOND)
        assert self.merge(client).status_code == 200  # type: ignore[attr-defined]
        merged, into = ticket(house, SECOND), ticket(house, FIRST)
        assert (merged.status, merged.merged_into_id) == (Status.CANCELLED, into.id)
        assert into.contacts == 2
        with db.read_scope(house.sessions) as session:
            assert session.get_one(Callback, call.id).ticket_id == into.id  # type: ignore[union-attr]

    def test_taken_back_everything_stands_as_before(self, client: TestClient, house: House) -> None:
        before = [(each.status, each.contacts, each.priority) for each in (ticket(house, FIRST), ticket(house, SECOND))]
        call = call_of(house, SECOND)
        self.merge(client)
        assert self.undo(client, house).status_code == 200  # type: ignore[attr-defined]
        after = [(each.status, each.contacts, each.priority) for each in (ticket(house, FIRST), ticket(house, SECOND))]
        assert after == before
        assert call_of(house, SECOND).id == call.id  # type: ignore[union-attr]
        assert self.undo(client, house).status_code == 422  # type: ignore[attr-defined]

    def test_what_cannot_be_one_case_says_why(self, client: TestClient, house: House) -> None:
        assert "这就是本单" in told(self.merge(client, SECOND, SECOND))
        assert self.merge(client, SECOND, "WY261124-9999").status_code == 404  # type: ignore[attr-defined]
        self.merge(client)
        assert "已被合并" in told(self.merge(client))

    def test_once_the_case_is_closed_the_merge_stays(self, client: TestClient, house: House) -> None:
        self.merge(client)
        client.post(f"{BASE}/{FIRST}/status", data={"status": "done"}, headers=HTMX)
        assert self.undo(client, house).status_code == 422  # type: ignore[attr-defined]

    def test_another_tickets_merge_is_not_taken_back_from_here(self, client: TestClient, house: House) -> None:
        self.merge(client)
        assert self.undo(client, house, THIRD).status_code == 404  # type: ignore[attr-defined]


def test_tickets_are_linked_once_and_apart_again(client: TestClient, house: House) -> None:
    for _ in range(2):
        answer = client.post(f"{BASE}/{SECOND}/link", data={"other": THIRD}, headers=HTMX)
    assert THIRD in answer.text
    assert codes(house, THIRD).count("linked") == 1
    client.post(f"{BASE}/{THIRD}/unlink", data={"other": SECOND}, headers=HTMX)
    assert codes(house, SECOND)[-1] == "unlinked"


def test_another_matter_is_split_off_and_the_same_one_is_not(client: TestClient, house: House) -> None:
    before = count(house)
    same = client.post(f"{BASE}/{SECOND}/split", data={"kind": "repair", "description": "还是不热"}, headers=HTMX)
    assert (same.status_code, count(house)) == (422, before)
    answer = client.post(f"{BASE}/{SECOND}/split", data={"kind": "install", "description": "再装一台"}, headers=HTMX)
    made = ticket(house, answer.headers["hx-push-url"].rsplit("/", 1)[1])
    assert (made.type, made.contact_phone) == (TicketType.INSTALL, "+8613800138002")
    assert made.address_text == ticket(house, SECOND).address_text
    assert codes(house, SECOND)[-1] == "split"


class TestTheList:
    def numbers(self, client: TestClient, query: str) -> list[str]:
        return re.findall(r'id="t-([^"]+)"', client.get(f"{BASE}?{query}").text)

    def test_filters_choose_and_the_order_orders(self, client: TestClient) -> None:
        assert self.numbers(client, "kind=complaint") == [THIRD]
        assert self.numbers(client, "status=in_progress") == [THIRD]
        assert self.numbers(client, "order=oldest&status=all") == [FIRST, SECOND, THIRD]
        assert self.numbers(client, "order=newest&status=all") == [THIRD, SECOND, FIRST]
        assert self.numbers(client, "assignee=mine") == []
        assert len(self.numbers(client, "assignee=nobody&status=all")) == 3
        assert self.numbers(client, "tier=none") == []

    def test_a_kept_filter_is_ones_own_until_it_is_shared(self, client: TestClient, house: House) -> None:
        wanted = {"name": "投诉", "wanted": "kind=complaint&q=13800138000"}
        assert client.post(f"{BASE}/filters", data=wanted).headers["location"] == f"{BASE}?kind=complaint"
        other = TestClient(client.app, follow_redirects=False)
        other.cookies.set("hotline", Desk(house).signed_in(OTHER_USERNAME))
        assert "?kind=complaint" not in other.get(BASE).text
        client.post(f"{BASE}/filters", data=wanted | {"shared": "true"})
        assert "?kind=complaint" in other.get(BASE).text
        with db.read_scope(house.sessions) as session:
            [kept] = session.scalars(select(TicketFilter))
        assert kept.wanted == {"kind": "complaint"}
        assert other.post(f"{BASE}/filters/{kept.id}/delete").status_code == 404
        assert client.post(f"{BASE}/filters/{kept.id}/delete").status_code == 303

    def test_the_board_moves_a_card_by_the_table_only(self, client: TestClient, house: House) -> None:
        shown = client.get(f"{BASE}/board").text
        assert 'data-to="scheduled in_progress waiting done cancelled"' in shown
        form = {"ticket_no": SECOND, "status": "in_progress"}
        assert client.post(f"{BASE}/board/move", data=form, headers=HTMX).status_code == 200
        assert ticket(house, SECOND).status is Status.IN_PROGRESS
        assert client.post(f"{BASE}/board/move", data=form | {"status": "new"}, headers=HTMX).status_code == 409
        no_reason = client.post(f"{BASE}/board/move", data=form | {"status": "waiting"}, headers=HTMX)
        assert no_reason.status_code == 422

    def test_the_paper_has_no_whole_number(self, client: TestClient) -> None:
        paper = client.get(f"{BASE}/{SECOND}/print").text
        assert "138****8002" in paper
        assert "13800138002" not in paper


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("new", {"form_id": FORM_ID, "phone": "13900139000"}),
        ("new/check", {"form_id": FORM_ID}),
        ("filters", {"name": "x"}),
        ("filters/1/delete", {}),
        ("board/move", {"ticket_no": SECOND, "status": "done"}),
        (f"{SECOND}/edit", {}),
        (f"{SECOND}/assign", {}),
        (f"{SECOND}/link", {"other": THIRD}),
        (f"{SECOND}/unlink", {"other": THIRD}),
        (f"{SECOND}/merge", {"other": FIRST}),
        (f"{SECOND}/merges/1/undo", {}),
        (f"{SECOND}/split", {"kind": "install", "description": "x"}),
    ],
)
def test_who_only_looks_on_changes_nothing(client: TestClient, house: House, path: str, form: dict[str, str]) -> None:
    with db.session_scope(house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == USERNAME).values(role=Role.READ_ONLY))
    assert client.post(f"{BASE}/{path}", data=form, headers=HTMX).status_code == 403
    assert client.get(f"{BASE}/board").status_code == 200

"""Canned replies, fees and answers changed by form: drafted, gone on with, approved, told beside the field."""

from __future__ import annotations

import re
from typing import ClassVar

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from backend import db, limits
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.depends import House
from backend.revisions import service as revisions
from backend.revisions.rules import Status
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock

CANNED = "/console/settings/canned_replies"
WAIT = {
    "code": "wait",
    "title.zh": "请稍等",
    "title.en": "One moment",
    "zh": "{name}请稍等。",
    "en": "One moment, {name}.",
}
FEE = {
    "code": "visit",
    "zh": "上门检测费",
    "en": "visit and inspection",
    "words": "上门费\n检测",
    "fen": "50",
    "warranty": "yes",
}


@pytest.fixture
def house(sessions: db.Sessions) -> House:
    limits.forget()
    house = make_house(sessions, HandClock(NOW))
    Desk(house).agents()
    return house


def signed_in(house: House, role: Role, username: str = USERNAME) -> TestClient:
    with db.session_scope(house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == username).values(role=role))
    client = TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set("hotline", Desk(house).signed_in(username))
    return client


@pytest.fixture
def manager(house: House) -> TestClient:
    return signed_in(house, Role.MANAGER)


@pytest.fixture
def lead(house: House) -> TestClient:
    return signed_in(house, Role.LEAD, OTHER_USERNAME)


def save(client: TestClient, address: str, **form: str) -> str:
    """Draft a change; returns the draft's address."""
    answer = client.post(address, data={"based_on": ""} | form)
    assert answer.status_code == 303, re.findall(r"field-fault.*?>(.*?)<", answer.text)
    return str(answer.headers["location"])


class TestACannedReply:
    def test_a_lead_rewords_one_and_a_manager_puts_it_in_force(
        self, house: House, lead: TestClient, manager: TestClient
    ) -> None:
        listed = lead.get(CANNED).text
        assert f'href="{CANNED}/entries/replies/wait"' in listed
        assert 'settings-text"' not in listed
        assert "请稍等" in lead.get(f"{CANNED}/entries/replies/wait").text
        draft = save(lead, f"{CANNED}/entries/replies", **WAIT)
        shown = manager.get(draft).text
        assert "<ins>{name}请稍等。</ins>" in shown
        manager.post(f"{draft}/approve")
        assert house.reference.canned.replies["wait"].zh == "{name}请稍等。"
        assert house.reference.canned.replies["wait"].variables == {"name"}
        assert house.reference.canned.replies["hello"].variables == {"name", "agent"}

    def test_one_is_added_and_one_is_taken_out_in_the_same_draft(
        self, house: House, lead: TestClient, manager: TestClient
    ) -> None:
        first = save(lead, f"{CANNED}/entries/replies", **WAIT | {"code": "thanks", "is_new": "yes"}, note="客户要求")
        number = first.rpartition("/")[2]
        assert f'href="{CANNED}?draft={number}"' in lead.get(first).text
        on = lead.get(f"{CANNED}?draft={number}").text
        assert f'href="{CANNED}/entries/replies/thanks?draft={number}"' in on
        second = save(lead, f"{CANNED}/entries/replies/leak/delete", draft=number)
        with db.read_scope(house.sessions) as session:
            assert revisions.get(session, int(number)).status is Status.WITHDRAWN
        assert "客户要求" in lead.get(second).text
        manager.post(f"{second}/approve")
        assert "thanks" in house.reference.canned.replies
        assert "leak" not in house.reference.canned.replies

    def test_what_is_wrong_is_told_beside_its_field_with_what_was_typed(self, lead: TestClient) -> None:
        answer = lead.post(f"{CANNED}/entries/replies", data=WAIT | {"based_on": "", "zh": "", "en": "kept words"})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
        assert "kept words" in answer.text
        unknown = lead.post(f"{CANNED}/entries/replies", data=WAIT | {"based_on": "", "zh": "{price}元"})
        assert unknown.status_code == 422
        assert "price" in unknown.text

    @pytest.mark.parametrize("code", ["", "Wait", "1st", "a b", "../x", "wait"])
    def test_a_new_one_needs_a_name_of_its_own(self, lead: TestClient, code: str) -> None:
        form = WAIT | {"based_on": "", "is_new": "yes", "code": code}
        answer = lead.post(f"{CANNED}/entries/replies", data=form)
        assert answer.status_code == 422
        assert 'id="wrong-code"' in answer.text

    def test_one_for_some_roles_is_offered_to_them_only(
        self, house: House, lead: TestClient, manager: TestClient
    ) -> None:
        draft = save(lead, f"{CANNED}/entries/replies", **WAIT | {"roles": "technical"})
        manager.post(f"{draft}/approve")
        talk = Desk(house).talk(("customer", "你好"), ("bot", "您好"))
        for role, is_offered in ((Role.TECHNICAL, True), (Role.AGENT, False)):
            client = signed_in(house, role)
            shown = client.post(f"/console/conversations/{talk}/take", headers={"HX-Request": "true"}).text
            assert ('data-found-by="wait ' in shown) is is_offered

    def test_the_preview_puts_examples_in(self, lead: TestClient) -> None:
        shown = lead.post(f"{CANNED}/preview", data={"zh": "您好{name}，{due}", "en": "a { b"}).text
        assert "{name}" not in shown.partition('lang="en"')[0]
        assert "花括号" in shown
        assert lead.post("/console/settings/fees/preview", data={"zh": "x"}).status_code == 404


class TestOthers:
    def test_a_price_is_set_in_yuan(self, house: House, lead: TestClient, manager: TestClient) -> None:
        draft = save(lead, "/console/settings/fees/entries/fees", **FEE)
        manager.post(f"{draft}/approve")
        assert house.reference.knowledge.fees.fees["visit"].fen == 5000
        assert "¥50.00" in manager.get("/console/settings/fees").text

    def test_what_the_house_needs_is_not_taken_out(self, lead: TestClient) -> None:
        refused = lead.post("/console/settings/safety/entries/texts/default/delete", data={"based_on": ""})
        assert refused.status_code == 422
        assert "texts.default is missing" in refused.text
        assert lead.post("/console/settings/fees/entries/texts/exclusions/delete", data={}).status_code == 404
        assert lead.get("/console/settings/fees/new/texts").status_code == 404

    def test_a_form_opened_before_a_colleagues_change_does_not_undo_it(
        self, lead: TestClient, manager: TestClient
    ) -> None:
        manager.post(f"{save(manager, '/console/settings/fees/entries/fees', **FEE)}/approve")
        late = lead.post("/console/settings/fees/entries/fees", data=FEE | {"based_on": "", "fen": "60"})
        assert late.status_code == 422
        assert "有人刚刚修改了此表" in late.text

    def test_what_changes_nothing_is_no_draft(self, house: House, lead: TestClient) -> None:
        page = lead.get("/console/settings/desk/entries/wrap_ups/solved").text
        assert "已解决" in page
        form = {"code": "solved", "zh": "已解决", "en": "Solved", "based_on": ""}
        assert "没有区别" in lead.post("/console/settings/desk/entries/wrap_ups", data=form).text

    @pytest.mark.parametrize(
        "address",
        [
            "fees/entries/fees/nothing",
            "fees/entries/nothing/visit",
            "nothing/entries/fees/visit",
            "fees/entries/fees/visit?draft=99",
        ],
    )
    def test_what_does_not_exist_is_not_found(self, lead: TestClient, address: str) -> None:
        assert lead.get(f"/console/settings/{address}").status_code == 404

    def test_an_agent_sees_none_of_it(self, house: House) -> None:
        agent = signed_in(house, Role.AGENT)
        assert agent.get(f"{CANNED}/entries/replies/wait").status_code == 403
        assert agent.post(f"{CANNED}/entries/replies", data=WAIT).status_code == 403

    def test_markup_stays_text(self, lead: TestClient) -> None:
        draft = save(lead, f"{CANNED}/entries/replies", **WAIT | {"zh": "<script>alert(1)</script>"})
        shown = lead.get(draft).text
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)" in shown


class TestShifts:
    GROUP = "/console/settings/shifts/groups/general"
    MONDAY = {"monday.0.from": "08:00", "monday.0.to": "18:00", "monday.0.people": "4", "monday.0.who": USERNAME} | {
        f"{day}.as_monday": "yes" for day in ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    }

    def test_a_lead_drafts_them_and_calls_are_booked_for_as_many_once_approved(
        self, house: House, lead: TestClient, manager: TestClient
    ) -> None:
        assert f'href="{self.GROUP}"' in lead.get("/console/settings/shifts").text
        assert 'value="08:00"' in lead.get(self.GROUP).text
        draft = save(lead, self.GROUP, **self.MONDAY)
        assert "与文件对比" in lead.get(draft).text
        manager.post(f"{draft}/approve")
        [shift] = house.reference.rosters["general"].week[6]
        assert (shift.people, shift.who) == (4, {USERNAME})

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"monday.0.who": "nobody1"}, "没有这个用户名的同事：nobody1"),
            ({"monday.0.people": "many"}, "week.monday.0.people"),
            ({"monday.0.to": "07:00"}, "week.monday.0.hours"),
        ],
    )
    def test_what_is_wrong_is_told_and_what_was_typed_stays(
        self, lead: TestClient, changed: dict[str, str], told: str
    ) -> None:
        answer = lead.post(self.GROUP, data={"based_on": ""} | self.MONDAY | changed)
        assert answer.status_code == 422
        assert told in answer.text
        assert f'value="{next(iter(changed.values()))}"' in answer.text

    def test_no_other_group_and_nobody_else(self, house: House, lead: TestClient) -> None:
        assert lead.get("/console/settings/shifts/groups/nothing").status_code == 404
        assert signed_in(house, Role.AGENT).get(self.GROUP).status_code == 403


class TestAnOutlet:
    ADDRESS = "/console/settings/outlets/entries/outlets"
    SHUNDE: ClassVar = {
        "code": "fs-sd", "name": "顺德大良经销商服务网点", "kind": "dealer", "phone": "+8675788880004",
        "covers": "440606 广东省佛山市顺德区\n佛山市高明区", "visits": "3", "skills": "repair", "works": "daily",
    }  # fmt: skip

    def test_its_regions_are_named_and_a_change_counts(
        self, house: House, lead: TestClient, manager: TestClient
    ) -> None:
        listed = lead.get("/console/settings/outlets").text
        assert "广东省佛山市顺德区" in listed
        assert 'settings-text"' not in listed
        shown = lead.get(f"{self.ADDRESS}/hq").text
        assert ">全国</textarea>" in shown
        draft = save(lead, self.ADDRESS, **self.SHUNDE)
        assert "fs-sd" in manager.get(draft).text
        manager.post(f"{draft}/approve")
        outlets = {each.id: each for each in house.reference.outlets.outlets}
        assert outlets["fs-sd"].covers == ("440606", "440608")
        assert (outlets["fs-sd"].visits, outlets["fs-sd"].skills, outlets["fs-sd"].works) == (3, {"repair"}, "daily")
        assert outlets["hq"].covers == ("",)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [({"covers": "火星市"}, "covers"), ({"visits": "-1"}, "visits"), ({"visits": "x"}, "visits")],
    )
    def test_what_is_wrong_is_told_beside_its_field(self, lead: TestClient, wrong: dict[str, str], field: str) -> None:
        answer = lead.post(self.ADDRESS, data=self.SHUNDE | {"based_on": ""} | wrong)
        assert answer.status_code == 422
        [told] = re.findall(r'id="wrong-(entry-\d+)"', answer.text)
        assert re.search(rf'id="{told}" name="{field}"', answer.text)

    def test_one_is_added_and_taken_out(self, house: House, lead: TestClient, manager: TestClient) -> None:
        added = save(lead, self.ADDRESS, **self.SHUNDE | {"code": "gaoming", "is_new": "yes", "covers": "高明区"})
        manager.post(f"{added}/approve")
        assert "gaoming" in {each.id for each in house.reference.outlets.outlets}
        with db.read_scope(house.sessions) as session:
            in_force = str(revisions.in_force(session).revisions["outlets.yaml"])
        gone = save(lead, f"{self.ADDRESS}/gaoming/delete", based_on=in_force)
        manager.post(f"{gone}/approve")
        assert "gaoming" not in {each.id for each in house.reference.outlets.outlets}

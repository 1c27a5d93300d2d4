"""Settings without code: drafted as a form or as text, told at the line, approved, compared, undone."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from backend import db, limits
from backend.agents.models import Agent
from backend.agents.permissions import Role
from backend.console.labels import FIELDS, TABLES
from backend.console.settings import text as settings_text
from backend.console.settings.routes import PAGES_OF_THEIR_OWN
from backend.depends import House
from backend.reference import DATA, REVISABLE
from backend.reference.base import read_body
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock

BOMB = "a0: &a0 [1]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
EDITED = [name.removesuffix(".yaml") for name in REVISABLE if name not in PAGES_OF_THEIR_OWN]


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


def promises_form(**changed: str) -> dict[str, str]:
    fields = settings_text.fields_of(REVISABLE["promises.yaml"])
    assert fields
    values = settings_text.values_of(fields, read_body(DATA, "promises.yaml"))
    return values | {"based_on": "", "note": "more people"} | changed


def save(client: TestClient, **changed: str) -> str:
    """Draft a change of the promises; returns the draft's address."""
    answer = client.post("/console/settings/promises", data=promises_form(**changed))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


class TestTheWay:
    def test_a_draft_changes_nothing_an_approval_is_in_force_at_once_and_undo_brings_back(
        self, house: House, manager: TestClient
    ) -> None:
        draft = save(manager, quality_working_days="9")
        shown = manager.get(draft).text
        assert re.search(r'diff-out">- quality_working_days: 4<', shown)
        assert re.search(r'diff-in">\+ quality_working_days: 9<', shown)
        assert house.reference.promises.quality_working_days == 4
        assert manager.post(f"{draft}/approve").headers["location"] == "/console/settings/promises?said=approved"
        assert house.reference.promises.quality_working_days == 9
        number = draft.rpartition("/")[2]
        page = manager.get("/console/settings/promises?said=approved").text
        assert "已生效" in page
        assert "more people" in page
        assert manager.post("/console/settings/promises/undo", data={"based_on": number}).status_code == 303
        assert house.reference.promises.quality_working_days == 4

    def test_a_lead_drafts_and_a_manager_approves(self, house: House, manager: TestClient) -> None:
        lead = signed_in(house, Role.LEAD, OTHER_USERNAME)
        draft = save(lead, quality_working_days="7")
        assert "由经理或管理员批准" in lead.get(draft).text
        assert lead.post(f"{draft}/approve").status_code == 403
        assert manager.post(f"{draft}/approve").status_code == 303
        assert "林悦" in manager.get("/console/settings/promises").text

    def test_of_two_drafts_on_the_same_state_one_is_approved_and_the_other_says_why_not(
        self, manager: TestClient
    ) -> None:
        first, second = save(manager, quality_working_days="7"), save(manager, quality_working_days="8")
        manager.post(f"{first}/approve")
        assert manager.post(f"{second}/approve").status_code == 409
        assert "不能批准" in manager.get(second).text
        assert manager.post(f"{second}/withdraw").status_code == 303

    def test_a_form_opened_before_a_colleagues_change_does_not_undo_it(self, house: House, manager: TestClient) -> None:
        manager.post(f"{save(manager, quality_working_days='7')}/approve")
        late = manager.post("/console/settings/promises", data=promises_form(parts_calendar_days="10"))
        assert late.status_code == 422
        assert "有人刚刚修改了此表" in late.text
        assert 'value="10"' in late.text
        assert manager.post("/console/settings/promises/undo", data={"based_on": ""}).status_code == 409
        assert house.reference.promises.quality_working_days == 7

    def test_what_changes_nothing_is_no_draft(self, manager: TestClient) -> None:
        assert "没有区别" in manager.post("/console/settings/promises", data=promises_form()).text

    def test_a_revision_is_found_under_its_own_table_only(self, manager: TestClient) -> None:
        number = save(manager, quality_working_days="7").rpartition("/")[2]
        assert manager.get(f"/console/settings/callbacks/revisions/{number}").status_code == 404
        assert manager.post(f"/console/settings/callbacks/revisions/{number}/approve").status_code == 404


class TestPages:
    def test_every_table_that_may_be_changed_is_listed_by_name_and_opens(self, manager: TestClient) -> None:
        listed = manager.get("/console/settings").text
        assert 'href="/console/calendar"' in listed
        assert 'href="/console/templates"' in listed
        for name in EDITED:
            assert f'href="/console/settings/{name}"' in listed
            assert manager.get(f"/console/settings/{name}").status_code == 200
        assert set(TABLES) >= {name.removesuffix(".yaml") for name in REVISABLE}

    @pytest.mark.parametrize("name", ["calendar", "messages", "models", "nothing", "limits"])
    def test_others_are_not_changed_here(self, manager: TestClient, name: str) -> None:
        assert manager.get(f"/console/settings/{name}").status_code == 404

    def test_simple_tables_are_forms_with_names_and_others_are_text(self, manager: TestClient) -> None:
        for name in ("promises",):
            page = manager.get(f"/console/settings/{name}").text
            assert "settings-text" not in page.replace("settings-text.", "")
            fields = settings_text.fields_of(REVISABLE[f"{name}.yaml"])
            assert fields
            assert {each.name for each in fields} <= set(FIELDS)
        assert '<textarea class="form-control settings-text"' in manager.get("/console/settings/promises?text=1").text
        assert "# Service points." in manager.get("/console/settings/outlets?text=1").text

    def test_a_value_that_cannot_be_is_told_beside_what_was_typed(self, manager: TestClient) -> None:
        answer = manager.post(
            "/console/settings/promises", data=promises_form(quality_working_days="none", parts_calendar_days="-1")
        )
        assert answer.status_code == 422
        faults = re.findall(r"<code>(\w+)</code> <span lang=\"en\">", answer.text)
        assert faults == ["quality_working_days", "parts_calendar_days"]
        assert 'value="none"' in answer.text


class TestText:
    def put(self, client: TestClient, name: str, text: str) -> tuple[int, list[tuple[str, str]]]:
        answer = client.post(f"/console/settings/{name}", data={"text": text, "based_on": ""})
        told = re.findall(r'data-line="(\d+)".*?<span lang="en">(.*?)</span>', answer.text, re.DOTALL)
        return answer.status_code, told

    def test_outlets_are_changed_as_text_and_kept_as_they_stand(self, house: House, manager: TestClient) -> None:
        text = (DATA / "outlets.yaml").read_text(encoding="utf-8").replace("顺德大良经销商服务网点", "顺德新网点")
        answer = manager.post("/console/settings/outlets", data={"text": text, "based_on": ""})
        manager.post(f"{answer.headers['location']}/approve")
        assert "顺德新网点" in [each.name for each in house.reference.outlets.outlets]

    def test_the_line_of_a_wrong_value_is_named(self, manager: TestClient) -> None:
        text = (DATA / "outlets.yaml").read_text(encoding="utf-8")
        lines = text.splitlines()
        line = next(number for number, each in enumerate(lines, 1) if "fs-sd" in each)
        status, told = self.put(manager, "outlets", text.replace("kind: dealer", "kind: shop", 1))
        assert status == 422
        assert [int(each[0]) for each in told] == [line]

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("source: x\nvalid_through: [", 2),
            ("source: x\nsource: y\n", 2),
            ("source: &a x\nvalid_through: 2027-01-01\noutlets: []\nextra: 1\n", 4),
            ("a: &a [*a]\n", 1),
            (BOMB, 1),
            ("- 1\n- 2\n", 1),
            ("", 1),
            ("[" * 500, 1),
            ("\x00", 1),
        ],
    )
    def test_what_is_no_such_table_is_told_and_never_a_fault_of_ours(
        self, manager: TestClient, text: str, line: int
    ) -> None:
        status, told = self.put(manager, "outlets", text)
        assert status == 422
        assert told
        assert line in [int(each[0]) for each in told] or text.startswith("[")

    def test_markup_in_a_table_stays_text(self, manager: TestClient) -> None:
        hostile = 'source: "<script>alert(1)</script>{{7*7}}"'
        text = (DATA / "outlets.yaml").read_text(encoding="utf-8").replace("source: fictional", hostile)
        answer = manager.post("/console/settings/outlets", data={"text": text, "based_on": ""})
        shown = manager.get(answer.headers["location"]).text
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in shown

    @pytest.mark.parametrize("name", EDITED)
    def test_every_table_survives_being_written_and_read(self, name: str) -> None:
        kind = REVISABLE[f"{name}.yaml"]
        body, faults = settings_text.read(kind, (DATA / kind.file).read_text(encoding="utf-8"))
        assert faults == []
        assert body is not None
        assert settings_text.read(kind, settings_text.as_text(body)) == (body, [])

"""Signing in over HTTP: guessing, start passwords, one's own sessions, cookies, and people who come and go."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client import REGISTRY
from sqlalchemy import func, select, update
from starlette.requests import Request
from starlette.responses import Response
from typer.testing import CliRunner

from backend import cli, db, guessing, limits
from backend.agents import people, service
from backend.agents import routes as sessions
from backend.agents.models import Agent, AgentSession
from backend.agents.permissions import Role
from backend.agents.rules import IDLE, device_of
from backend.callbacks import routes as callbacks
from backend.db import Base
from backend.depends import House
from backend.errors import NotSignedIn, TooMany
from backend.settings import load
from tests.browser.console_fixtures import NOW, OTHER_USERNAME, PASSWORD, USERNAME, Desk, make_app, make_house
from tests.fakes import HandClock

HTMX = {"HX-Request": "true"}
FRESH = "quite another phrase"


@pytest.fixture
def house(sessions: db.Sessions) -> Iterator[House]:
    limits.forget()
    house = make_house(sessions, HandClock(NOW))
    Desk(house).agents()
    yield house
    limits.forget()


@pytest.fixture
def stranger(house: House) -> TestClient:
    return TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)


def signed_in(house: House, username: str = USERNAME, role: Role = Role.AGENT) -> TestClient:
    with db.session_scope(house.sessions) as session:
        session.execute(update(Agent).where(Agent.username == username).values(role=role))
    client = TestClient(make_app(house), follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set("hotline", Desk(house).signed_in(username))
    return client


def agent_id(house: House, username: str = OTHER_USERNAME) -> int:
    with db.read_scope(house.sessions) as session:
        return session.scalars(select(Agent.id).where(Agent.username == username)).one()


def request_from(address: str, cookie: str = "") -> Request:
    headers = [(b"cookie", cookie.encode())] if cookie else []
    return Request({"type": "http", "client": (address, 1), "headers": headers})


def check(*, is_right: bool) -> None:
    if not is_right:
        raise NotSignedIn


def tries(house: House, request: Request, username: str, *, is_right: bool = False) -> bool:
    """One try; returns whether the password was looked at."""
    try:
        with guessing.slowed(request, house, username):
            check(is_right=is_right)
    except TooMany:
        return False
    except NotSignedIn:
        return True
    return True


def mark_for(house: House, username: str) -> str:
    """The cookie of a browser in which an agent has signed in."""
    response = Response()
    guessing.mark(response, house, username)
    return response.headers["set-cookie"].partition(";")[0]


class TestGuessing:
    def test_a_thousand_guesses_over_many_names_and_addresses_are_slowed_and_raise_one_alarm(
        self, house: House
    ) -> None:
        before = REGISTRY.get_sample_value("hotline_sign_in_alarms_total") or 0
        looked_at = sum(
            tries(house, request_from(f"10.0.{number % 250}.{number // 250}"), f"agent{number % 40}")
            for number in range(1000)
        )
        assert looked_at == limits.WRONG_SIGN_INS.amount
        assert REGISTRY.get_sample_value("hotline_sign_in_alarms_total") == before + 1
        assert guessing.is_alarmed()

    def test_guessing_at_one_name_from_everywhere_stops_at_ten(self, house: House) -> None:
        looked_at = sum(tries(house, request_from(f"10.0.0.{number}"), USERNAME) for number in range(50))
        assert looked_at == limits.WRONG_SIGN_INS_BY_NAME.amount
        assert not guessing.is_alarmed()
        assert tries(house, request_from("10.0.1.1"), OTHER_USERNAME)

    def test_nobody_is_locked_out_where_they_have_signed_in_before(self, house: House) -> None:
        kept = mark_for(house, USERNAME)
        for number in range(1000):
            tries(house, request_from(f"10.0.{number % 250}.{number // 250}"), USERNAME)
        assert tries(house, request_from("10.9.9.9", kept), USERNAME, is_right=True)
        assert not tries(house, request_from("10.9.9.9"), USERNAME, is_right=True)

    def test_a_mark_helps_for_its_own_name_only_and_cannot_be_made_up(self, house: House) -> None:
        for number in range(20):
            tries(house, request_from(f"10.0.0.{number}"), USERNAME)
        theirs = mark_for(house, OTHER_USERNAME)
        name, _, value = mark_for(house, USERNAME).partition("=")
        for cookie in (theirs, f"{name}={value[:-2]}xx", f"{name}=nonsense"):
            assert not tries(house, request_from("10.9.9.9", cookie), USERNAME)

    def test_a_stolen_mark_allows_ten_guesses_too(self, house: House) -> None:
        kept = mark_for(house, USERNAME)
        assert sum(tries(house, request_from(f"10.0.0.{n}", kept), USERNAME) for n in range(50)) == 10

    def test_the_browser_is_known_after_signing_in(self, house: House, stranger: TestClient) -> None:
        stranger.post("/console/sign-in", data={"username": USERNAME, "password": PASSWORD})
        for number in range(limits.WRONG_SIGN_INS_BY_NAME.amount):
            tries(house, request_from(f"10.0.0.{number}"), USERNAME)
        again = stranger.post("/console/sign-in", data={"username": USERNAME, "password": PASSWORD})
        assert again.status_code == 303
        stranger.cookies.delete("hotline-device")
        assert stranger.post("/console/sign-in", data={"username": USERNAME, "password": PASSWORD}).status_code == 429

    def test_an_admin_sees_that_somebody_guesses(self, house: House) -> None:
        admin = signed_in(house, role=Role.ADMIN)
        assert "有人在试密码" not in admin.get("/console/people").text
        for number in range(limits.WRONG_SIGN_INS.amount):
            tries(house, request_from(f"10.0.0.{number}"), f"agent{number}")
        assert "有人在试密码" in admin.get("/console/people").text


class TestSessions:
    def test_signing_in_never_takes_up_a_token_that_was_there_before(self, house: House, stranger: TestClient) -> None:
        planted = Desk(house).signed_in(OTHER_USERNAME)
        stranger.cookies.set("hotline", planted)
        answer = stranger.post("/console/sign-in", data={"username": USERNAME, "password": PASSWORD})
        fresh = answer.cookies["hotline"]
        assert fresh != planted
        thief = TestClient(make_app(house), follow_redirects=False)
        thief.cookies.set("hotline", planted)
        assert thief.get("/console/tickets").status_code == 401

    @pytest.mark.parametrize("ends", ["sign-out", "password", "idle", "end-others", "let-go"])
    def test_a_stolen_cookie_opens_nothing_once_its_session_has_ended(self, house: House, ends: str) -> None:
        victim = signed_in(house)
        thief = TestClient(make_app(house), follow_redirects=False)
        thief.cookies.set("hotline", victim.cookies["hotline"])
        assert thief.get("/console/tickets").status_code == 200
        match ends:
            case "sign-out":
                victim.post("/console/sign-out")
            case "password":
                change_password(victim)
            case "idle":
                house.clock.move(IDLE)  # type: ignore[attr-defined]
            case "end-others":
                signed_in(house).post("/console/account/sessions/end-others")
            case "let-go":
                admin = signed_in(house, OTHER_USERNAME, Role.ADMIN)
                admin.post(f"/console/people/{agent_id(house, USERNAME)}/let-go")
        assert thief.get("/console/tickets").status_code == 401

    def test_whoever_changes_the_password_stays_signed_in_under_a_fresh_token(self, house: House) -> None:
        client = signed_in(house)
        former = client.cookies["hotline"]
        answer = change_password(client)
        assert answer.status_code == 303
        assert client.cookies.get("hotline", domain="testserver.local") != former
        assert "密码已更改" in client.get(answer.headers["location"]).text

    def test_ones_own_sessions_are_listed_and_one_is_ended(self, house: House) -> None:
        client, elsewhere = signed_in(house), signed_in(house)
        page = client.get("/console/account").text
        handles = re.findall(r"sessions/([0-9a-f]{16})/end\"", page)
        [other] = set(handles)
        assert elsewhere.cookies["hotline"] not in page
        assert client.post(f"/console/account/sessions/{other}/end", headers=HTMX).status_code == 200
        assert elsewhere.get("/console/tickets").status_code == 401
        assert client.get("/console/tickets").status_code == 200

    def test_somebody_elses_session_is_not_ones_own_to_end(self, house: House) -> None:
        theirs = signed_in(house, OTHER_USERNAME)
        with db.read_scope(house.sessions) as session:
            handle = session.scalars(
                select(AgentSession).where(AgentSession.agent_id == agent_id(house))
            ).one().handle  # fmt: skip
        assert signed_in(house).post(f"/console/account/sessions/{handle}/end").status_code == 404
        assert theirs.get("/console/tickets").status_code == 200

    def test_device_is_read_from_what_the_browser_says(self) -> None:
        said = (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537"
        )
        assert device_of(said) == "Chrome · Windows"
        assert device_of("curl/8") == ""


def change_password(client: TestClient, present: str = PASSWORD, wanted: str = FRESH, again: str = FRESH) -> Response:
    form = {"present": present, "wanted": wanted, "again": again}
    return client.post("/console/account/password", data=form)  # type: ignore[return-value]


class TestPasswords:
    @pytest.mark.parametrize(
        ("form", "told"),
        [
            (("wrong", FRESH, FRESH), "现在的密码不对"),
            ((PASSWORD, FRESH, "something else"), "两次输入的新密码不一样"),
            ((PASSWORD, "short", "short"), "至少要有 10 个字符"),
            ((PASSWORD, "aaaaaaaaaaaa", "aaaaaaaaaaaa"), "至少要有 4 个不同的字符"),
            ((PASSWORD, f"{USERNAME} and more", f"{USERNAME} and more"), "不能包含用户名"),
            ((PASSWORD, PASSWORD, PASSWORD), "必须与原来的不同"),
        ],
    )
    def test_what_cannot_be_a_password_is_told_in_place(
        self, house: House, form: tuple[str, str, str], told: str
    ) -> None:
        client = signed_in(house)
        answer = change_password(client, *form)
        assert answer.status_code == 422
        assert told in answer.text  # type: ignore[attr-defined]
        assert client.get("/console/tickets").status_code == 200

    def test_a_start_password_opens_nothing_but_its_change(self, house: House, stranger: TestClient) -> None:
        with db.session_scope(house.sessions) as session:
            _agent, start = people.add(session, "newcomer", name="新人", role=Role.ADMIN, now=NOW)
        stranger.post("/console/sign-in", data={"username": "newcomer", "password": start})
        for page in ("/console/", "/console/people", "/console/tickets"):
            assert stranger.get(page).headers["location"] == "/console/account"
        assert stranger.post("/console/inbox", headers=HTMX).headers["hx-redirect"] == "/console/account"
        assert stranger.post("/console/people", data={"username": "friend"}).status_code == 303
        assert stranger.get("/console/stream").status_code == 303
        page = stranger.get("/console/account").text
        assert "初始密码" in page
        assert 'href="/console/tickets"' not in page
        assert change_password(stranger, present=start).status_code == 303
        assert stranger.get("/console/people").status_code == 200
        with db.read_scope(house.sessions) as session:
            assert session.scalar(select(func.count()).where(Agent.username == "friend")) == 0

    def test_over_json_too(self, house: House, web_client: TestClient, start: str) -> None:
        signed = web_client.post("/api/session", json={"username": "newcomer", "password": start})
        assert signed.json()["must_change_password"] is True
        refused = web_client.get("/api/callbacks")
        assert refused.status_code == 403
        assert refused.json()["code"] == "start_password"

    @pytest.fixture
    def start(self, house: House) -> str:
        with db.session_scope(house.sessions) as session:
            return people.add(session, "newcomer", name="", role=Role.AGENT, now=NOW)[1]

    @pytest.fixture
    def web_client(self, house: House) -> TestClient:
        app = make_app(house)
        app.include_router(sessions.router)
        app.include_router(callbacks.router)
        return TestClient(app)


class TestPeople:
    def test_an_admin_adds_somebody_and_sees_the_start_password_once(self, house: House) -> None:
        admin = signed_in(house, role=Role.ADMIN)
        form = {"username": "Wei", "name": "韦宁", "role": "parts"}
        added = admin.post("/console/people", data=form, headers=HTMX)
        [start] = re.findall(r"<code>([a-z0-9-]{19})</code>", added.text)
        assert added.headers["cache-control"] == "no-store"
        assert start not in admin.get("/console/people").text
        newcomer = TestClient(make_app(house), follow_redirects=False)
        entered = newcomer.post("/console/sign-in", data={"username": "wei", "password": start})
        assert entered.status_code == 303

    def test_a_lowered_role_holds_from_the_next_click_on(self, house: House) -> None:
        lowered = signed_in(house, OTHER_USERNAME, Role.MANAGER)
        assert lowered.get("/console/calendar").status_code == 200
        admin = signed_in(house, role=Role.ADMIN)
        admin.post(f"/console/people/{agent_id(house)}/role", data={"role": "agent"}, headers=HTMX)
        assert lowered.get("/console/calendar").status_code == 403

    def test_the_only_admin_can_neither_leave_nor_step_down(self, house: House) -> None:
        admin = signed_in(house, role=Role.ADMIN)
        own = agent_id(house, USERNAME)
        for step, form in (("role", {"role": "agent"}), ("let-go", {})):
            refused = admin.post(f"/console/people/{own}/{step}", data=form)
            assert refused.status_code == 409
            assert "唯一的管理员" in refused.text

    def test_who_was_let_go_comes_back_with_the_same_password(self, house: House, stranger: TestClient) -> None:
        admin = signed_in(house, role=Role.ADMIN)
        form = {"username": OTHER_USERNAME, "password": PASSWORD}
        admin.post(f"/console/people/{agent_id(house)}/let-go")
        assert stranger.post("/console/sign-in", data=form).status_code == 401
        admin.post(f"/console/people/{agent_id(house)}/take-back")
        assert stranger.post("/console/sign-in", data=form).status_code == 303

    def test_a_new_start_password_ends_the_sessions_of_whoever_lost_theirs(self, house: House) -> None:
        theirs, admin = signed_in(house, OTHER_USERNAME), signed_in(house, role=Role.ADMIN)
        admin.post(f"/console/people/{agent_id(house)}/start-password", headers=HTMX)
        assert theirs.get("/console/tickets").status_code == 401


class TestTheBrowser:
    def test_over_https_cookies_are_bound_to_the_host(self, house: House) -> None:
        house.settings = house.settings.model_copy(update={"public_base_url": "https://hotline.example"})
        client = TestClient(make_app(house), base_url="https://hotline.example", follow_redirects=False)
        answer = client.post("/console/sign-in", data={"username": USERNAME, "password": PASSWORD})
        cookies = answer.headers.get_list("set-cookie")
        assert len(cookies) == 2
        for cookie in cookies:
            assert cookie.startswith("__Host-hotline")
            assert {"HttpOnly", "Path=/", "Secure", "SameSite=lax"} <= set(cookie.split("; "))
            assert "Domain" not in cookie

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null"},
        ],
    )
    def test_no_other_page_signs_anybody_in_or_changes_anything(self, house: House, headers: dict[str, str]) -> None:
        client = signed_in(house, role=Role.ADMIN)
        for path in ("sign-in", "sign-out", "people", "account/password", "account/sessions/end-others"):
            assert client.post(f"/console/{path}", data={"username": "x"}, headers=headers).status_code == 403

    def test_breaches_of_the_policy_are_counted_by_directive_and_nothing_else_is_kept(
        self, stranger: TestClient
    ) -> None:
        policy = stranger.get("/console/").headers["content-security-policy"]
        assert "report-uri /csp-reports" in policy
        assert "unsafe" not in policy
        before = counted("script-src"), counted("other")
        report = {"csp-report": {"effective-directive": "script-src-elem", "blocked-uri": "https://evil.example/"}}
        assert stranger.post("/csp-reports", content=json.dumps(report)).status_code == 204
        for nonsense in (
            b"",
            b"[]",
            b'{"csp-report": 1}',
            b'{"csp-report": {"effective-directive": "phone"}}',
            b"\xff",
        ):
            assert stranger.post("/csp-reports", content=nonsense).status_code == 204
        assert (counted("script-src"), counted("other")) == (before[0] + 1, before[1] + 5)
        assert stranger.post("/csp-reports", content=b"x" * 20_000).status_code == 413


def counted(directive: str) -> float:
    return REGISTRY.get_sample_value("hotline_csp_reports_total", {"directive": directive}) or 0


def test_the_command_line_gives_a_start_password_or_takes_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    url = f"sqlite:///{tmp_path / 'hotline.db'}"
    engine = db.make_engine(url)
    Base.metadata.create_all(engine)
    monkeypatch.setenv("HOTLINE_DATABASE_URL", url)
    load.cache_clear()
    made = CliRunner().invoke(cli.app, ["agent", "add", "wei", "--role", "parts", "--start-password"])
    own = CliRunner().invoke(cli.app, ["agent", "add", "lin"], env={"HOTLINE_AGENT_PASSWORD": PASSWORD})
    load.cache_clear()
    start = re.search(r"shown only now: (\S+)", made.output)
    assert start, made.output
    assert own.exit_code == 0, own.output
    with db.session_scope(db.make_sessions(engine)) as session:
        newcomer, _token = service.sign_in(session, "wei", start[1], now=now)
        agent, _token = service.sign_in(session, "lin", PASSWORD, now=now)
        assert (newcomer.must_change_password, newcomer.role) == (True, Role.PARTS)
        assert agent.must_change_password is False
    engine.dispose()


def test_the_command_line_says_that_the_house_was_never_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_DATABASE_URL", f"sqlite:///{tmp_path / 'hotline.db'}")
    load.cache_clear()
    refused = CliRunner().invoke(cli.app, ["agent", "role", "wei", "parts"])
    load.cache_clear()
    assert refused.exit_code == 1
    assert "uv run hotline up" in refused.output


def test_a_first_login_whose_password_was_changed_is_thrown_away(
    sessions: db.Sessions, tmp_path: Path, now: datetime
) -> None:
    with db.session_scope(sessions) as session:
        login = service.ensure_first_agent(session, tmp_path, now=now)
        assert login
        agent, token = service.sign_in(session, *login, now=now)
        service.change_password(session, agent, login[1], FRESH, token=token, now=now)
        assert service.ensure_first_agent(session, tmp_path, now=now) is None
    assert not (tmp_path / "first-agent").exists()

"""Whoever opens an address that leads nowhere reads a page; a program that asks is told a problem."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from backend import db
from tests.browser.console_fixtures import NOW, make_app, make_house
from tests.fakes import HandClock

A_BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def client(sessions: db.Sessions) -> TestClient:
    return TestClient(make_app(make_house(sessions, HandClock(NOW))))


@pytest.mark.parametrize("address", ["/nothing", "/v/", "/consol", "/console.html"])
def test_a_person_reads_in_both_languages_where_to_go(client: TestClient, address: str) -> None:
    answer = client.get(address, headers=A_BROWSER)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "没有这个页面" in answer.text
    assert "There is no such page" in answer.text
    assert 'href="/"' in answer.text


@pytest.mark.parametrize(
    ("address", "headers"), [("/nothing", {}), ("/api/nothing", A_BROWSER), ("/telephony/nothing", A_BROWSER)]
)
def test_a_program_is_told_a_problem(client: TestClient, address: str, headers: dict[str, str]) -> None:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"

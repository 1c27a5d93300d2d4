"""What all pages of the console have in common: words, times, errors, weight, policy; and the outbox."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient

from backend import console
from backend.console import labels, queries
from backend.console.page import WHY
from backend.console.words import Language, Times, catalogue
from tests.browser.console_fixtures import (
    NOW,
    REFERENCE,
)
from tests.conftest import at
from tests.rooms.console_bench import (  # noqa: F401  asked for by name
    client_fixture,
    house_fixture,
    ids_fixture,
    no_limits_from_before_fixture,
)

CONSOLE = Path(console.__file__).parent
TEMPLATES = sorted((CONSOLE / "templates").rglob("*.html"))


class TestOutbox:
    def test_texts_show_their_words_state_and_segments(self, client: TestClient) -> None:
        page = client.get("/console/outbox").text
        assert "请先断电 5 分钟再试" in page
        assert "待发送" in page
        assert "1 段" in page

    def test_filters_by_state_and_kind(self, client: TestClient) -> None:
        assert "请先断电" not in client.get("/console/outbox?kind=reminder").text
        assert "还没有发出短信" in client.get("/console/outbox?state=left").text

    def test_more_than_a_page_is_read_page_by_page(self, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "page_no=1" not in client.get("/console/outbox").text
        monkeypatch.setattr(queries, "PAGE", 1)
        first, second = (client.get(f"/console/outbox?state=all&page_no={page_no}").text for page_no in (0, 1))
        assert 'href="/console/outbox?state=all&amp;page_no=1"' in first
        assert 'page_no=-1"' not in first
        assert 'href="/console/outbox?state=all&amp;page_no=0"' in second


class TestLanguageAndErrors:
    def test_language_and_theme_are_kept_in_cookies(self, client: TestClient) -> None:
        back = client.post("/console/preferences", data={"language": "en", "next": "/console/tickets"})
        client.post("/console/preferences", data={"theme": "dark"})
        page = client.get(back.headers["location"]).text
        assert 'lang="en"' in page
        assert 'data-bs-theme="dark"' in page
        assert "Next promise" in page
        client.post("/console/preferences", data={"language": "xx", "theme": "<b>"})
        assert 'data-bs-theme="dark"' in client.get("/console/").text

    def test_an_unknown_page_is_told_as_a_page(self, client: TestClient) -> None:
        answer = client.get("/console/nothing")
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")

    @pytest.mark.parametrize("address", ["people/x", "a/b/c", "tickets/WY261124-0001/status"])
    def test_an_address_nobody_has_given_out_is_told_as_a_page(self, client: TestClient, address: str) -> None:
        answer = client.get(f"/console/{address}")
        assert answer.status_code == 404
        assert "没有找到" in answer.text
        assert client.get("/console/static/console.css").headers["content-type"].startswith("text/css")

    def test_the_address_a_failed_sign_in_leaves_leads_to_the_front_door(self, client: TestClient) -> None:
        answer = client.get("/console/sign-in", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/console/")

    def test_a_fault_of_ours_is_told_without_details(self, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_args: object, **_more: object) -> None:
            raise RuntimeError("secret detail")

        monkeypatch.setattr(queries, "texts", broken)
        answer = client.get("/console/outbox")
        assert answer.status_code == 500
        assert "系统出了点问题" in answer.text
        assert "secret detail" not in answer.text

    def test_every_message_has_chinese_words_with_the_same_places(self) -> None:
        keywords = {"_": None, "mark": None, "ngettext": (1, 2)}
        methods = [("**.py", "python"), ("templates/**.html", "jinja2")]
        used = {found[2] for found in extract_from_dir(CONSOLE, methods, keywords=keywords)}
        with (CONSOLE / "translations" / "zh" / "console.po").open("rb") as file:
            translated = {message.id: message.string for message in read_po(file, locale="zh") if message.id}
        assert used == set(translated)
        for message, words in translated.items():
            english, chinese = (each[0] if isinstance(each, tuple) else each for each in (message, words))
            assert chinese, message
            places = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
            assert sorted(places.findall(english)) == sorted(places.findall(chinese)), message

    def test_reasons_are_told_in_both_languages(self) -> None:
        for message in [*WHY.values(), *labels.TICKET_STATUSES.values(), *labels.CALLBACK_STATUSES.values()]:
            assert re.search(r"[一-鿿]", catalogue("zh").gettext(message)), message
            assert catalogue("en").gettext(message) == message

    def test_times_are_the_hotlines_whatever_the_servers_zone(self) -> None:
        expected_words: dict[Language, list[str]] = {
            "zh": ["15:30", "昨天 18:00", "12月1日 08:00"],
            "en": ["15:30", "yesterday 18:00", "1 Dec 08:00"],
        }
        for language, expected in expected_words.items():
            times = Times(REFERENCE.calendar, language, NOW)
            instants = [at("2026-11-24 15:30"), at("2026-11-23 18:00"), at("2026-12-01 08:00")]
            assert [times.short(instant) for instant in instants] == expected

    def test_durations_name_no_unit_with_nothing_in_it(self) -> None:
        durations = [timedelta(seconds=40), timedelta(minutes=45), timedelta(hours=3), timedelta(minutes=204)]
        durations += [timedelta(days=1), timedelta(hours=51)]
        expected_words: dict[Language, list[str]] = {
            "zh": ["不到 1 分钟", "45 分钟", "3 小时", "3 时 24 分", "1 天", "2 天 3 时"],
            "en": ["less than 1 min", "45 min", "3 h", "3 h 24 min", "1 d", "2 d 3 h"],
        }
        for language, expected in expected_words.items():
            times = Times(REFERENCE.calendar, language, NOW)
            assert [times.lasting(duration) for duration in durations] == expected


class TestTemplates:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
    def test_nothing_in_them_breaks_the_strict_policy(self, path: Path) -> None:
        text = path.read_text()
        assert not re.search(r"\sstyle=|\son\w+=|hx-on|js:|javascript:|<style|hx-trigger=\"[^\"]*\[", text)
        assert not re.search(r"<script(?![^>]*\ssrc=)", text)
        assert "| safe" not in text
        assert "http://" not in text
        assert "https://" not in text

    def test_static_files_are_kept_by_their_hash_and_travel_compressed(self, client: TestClient) -> None:
        [address] = re.findall(r'href="(/console/static/vendor/tabler/[^"]+)"', client.get("/console/").text)
        kept = client.get(address)
        assert "immutable" in kept.headers["cache-control"]
        assert kept.headers["content-encoding"] == "gzip"
        assert client.get("/console/static/console.js").headers["cache-control"] == "no-cache"

    @pytest.mark.parametrize(
        "page", ["", "tickets", "tickets/board", "callbacks", "escalations", "outbox", "dashboard"]
    )
    def test_a_page_weighs_little_when_it_is_opened_for_the_first_time(self, client: TestClient, page: str) -> None:
        """A hundred kilobytes on the way, without fonts; what comes later is kept by the browser."""
        answer = client.get(f"/console/{page}", headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        weight = int(answer.headers["content-length"])
        for address in set(re.findall(r'(?:href|src)="(/console/static/[^"#]+)', answer.text)):
            weight += len(gzip.compress(client.get(address).content))
        assert weight < 100 * 1000

    def test_everything_vendored_has_its_licence_beside_it(self) -> None:
        for folder in (CONSOLE / "static" / "vendor").iterdir():
            assert folder.is_file() or (folder / "LICENSE").exists(), folder.name

    def test_every_icon_in_use_is_in_the_sprite(self) -> None:
        sprite = (CONSOLE / "static" / "vendor" / "tabler-icons" / "icons.svg").read_text()
        used = {name for path in TEMPLATES for name in re.findall(r"icon\('([\w-]+)'", path.read_text())}
        assert used
        assert [name for name in used if f'<symbol id="{name}"' not in sprite] == []

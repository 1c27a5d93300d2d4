"""The files in data/: they load, they hold together, and what is wrong in them is named."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import smsutil
import yaml
from pydantic import ValidationError

from backend import reference
from backend.errors import BadReference
from backend.kernel.phone import parse
from bot.text import hazard
from bot.text.regions import regions
from conftest import at

REFERENCE = reference.load()
BACKEND = Path(reference.__file__).parents[1]
LONGEST_SAFETY_TEXT = 2
SAMPLES = {
    "ticket_no": "WY261124-0001",
    "visit_code": "0427",
    "code": "482913",
    "minutes": "10",
    "agent": "李晓",
    "times": "4",
    "count": "2",
    "digits": "8 0 0 0",
    "keys": "1",
    "position": "2",
    "seconds": "14",
    "opening": "11月25日（周三）08:00",
    "window": "11月25日（周三）15:00–15:30",
    "onsite": "最晚11月25日（周三）18:00前上门",
    "link": "https://hotline.example.com/v/MTIz.hHLefcaRlK1BzyOEoT4Rifez-Hs ",
    "choices": "1 11月25日（周三）13:00-18:00；2 11月26日（周四）08:00-12:00",
}

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of data/ to spoil."""
    for file in reference.DATA.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    return tmp_path


def spoil(folder: Path, file: str, change: Change) -> None:
    data = yaml.safe_load((folder / file).read_text(encoding="utf-8"))
    change(data)
    (folder / file).write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def shift(data: dict[str, Any]) -> dict[str, Any]:
    first: dict[str, Any] = data["groups"]["general"]["week"]["monday"][0]
    return first


def test_the_data_is_read_once_and_cannot_be_changed() -> None:
    assert reference.current() is reference.current()
    with pytest.raises(FrozenInstanceError):
        REFERENCE.promises = None  # type: ignore[misc]
    with pytest.raises(ValidationError):
        REFERENCE.promises.reply_minutes = 5


def test_the_promises_are_those_of_the_service_manual() -> None:
    promises = REFERENCE.promises
    assert (promises.reply_minutes, promises.opinion_minutes) == (60, 180)
    assert promises.onsite_working_days == {"central_city": 1, "township": 2, "remote_rural": 2}


def test_a_call_can_be_booked_inside_the_promised_hour() -> None:
    callbacks, promises = REFERENCE.callbacks, REFERENCE.promises
    assert callbacks.lead_minutes + callbacks.window_minutes < promises.reply_minutes


@pytest.mark.parametrize(
    ("file", "change", "named"),
    [
        ("promises.yaml", lambda data: data.update(reply_minutes="soon"), "reply_minutes"),
        ("promises.yaml", lambda data: data.update(reply_minutes=0), "reply_minutes"),
        ("promises.yaml", lambda data: data.update(extra=1), "extra"),
        ("promises.yaml", lambda data: data.pop("source"), "source"),
        ("promises.yaml", lambda data: data["onsite_working_days"].pop("township"), "township"),
        ("appointments.yaml", lambda data: data.pop("hold_minutes"), "hold_minutes"),
        ("appointments.yaml", lambda data: data.update(half_days={}), "half_days"),
        ("appointments.yaml", lambda data: data["half_days"]["morning"].update(hours="12:00-08:00"), "hours"),
        ("appointments.yaml", lambda data: data["half_days"]["morning"].update(windows=["07:00-09:00"]), "inside"),
        ("appointments.yaml", lambda data: data["half_days"]["afternoon"].update(hours="11:00-18:00"), "overlap"),
        ("callbacks.yaml", lambda data: data.pop("calls_per_person"), "calls_per_person"),
        ("callbacks.yaml", lambda data: data.update(group="night shift"), "night shift"),
        ("shifts.yaml", lambda data: data.update(groups={}), "groups"),
        ("shifts.yaml", lambda data: shift(data).pop("people"), "people"),
        ("shifts.yaml", lambda data: shift(data).update(who=["a", "b", "c", "d"]), "names 4"),
        ("shifts.yaml", lambda data: shift(data).update(hours="12:00-08:00"), "hours"),
        ("calendar.yaml", lambda data: data.update(hours={}), "never opens"),
        ("calendar.yaml", lambda data: data["hours"].update(monday="18:00-08:00"), "hours.monday"),
        ("calendar.yaml", lambda data: data["hours"].update(monday="early"), "hours.monday"),
        ("calendar.yaml", lambda data: data["hours"].update(funday="08:00-18:00"), "funday"),
        ("calendar.yaml", lambda data: data.update(zone="Asia/Atlantis"), "Atlantis"),
        ("calendar.yaml", lambda data: data.update(zone="America/New_York"), "summer time"),
        ("calendar.yaml", lambda data: data["working_days"]["holidays"].append(date(2026, 10, 3)), "2026-10-03"),
        ("calendar.yaml", lambda data: data["working_days"]["make_up_days"].append(date(2026, 10, 9)), "2026-10-09"),
        ("messages.yaml", lambda data: data["messages"].pop("greeting"), "greeting"),
        ("messages.yaml", lambda data: data["messages"]["warming"].update(zh="{who}"), "who"),
        ("messages.yaml", lambda data: data["messages"]["warming"].update(zh="{0.__class__}"), "__class__"),
        ("messages.yaml", lambda data: data["messages"]["warming"].update(zh="{"), "warming"),
        ("messages.yaml", lambda data: data["messages"]["taken_over"].update(variables=["boss", "agent"]), "boss"),
        ("messages.yaml", lambda data: data["messages"]["warming"].pop("en"), "warming.en"),
        ("safety.yaml", lambda data: data["texts"].pop("default"), "default"),
        ("safety.yaml", lambda data: data["texts"]["shock"].pop("en"), "shock.en"),
        ("outlets.yaml", lambda data: data.update(outlets=[]), "outlets"),
        ("outlets.yaml", lambda data: data["outlets"].append(data["outlets"][0]), "hq"),
        ("outlets.yaml", lambda data: data["outlets"][0].update(tier="moon"), "outlets.0.tier"),
        ("outlets.yaml", lambda data: data["outlets"][0].update(visits=-1), "outlets.0.visits"),
        ("outlets.yaml", lambda data: data["outlets"][0].update(skills=["juggling"]), "outlets.0.skills"),
        ("fees.yaml", lambda data: data["fees"]["visit"].update(fen=-1), "fees.visit.fen"),
        ("warranty.yaml", lambda data: data["months"].pop("default"), "default"),
    ],
)
def test_what_is_wrong_is_named_with_its_file_its_place_and_what_to_do(
    folder: Path, file: str, change: Change, named: str
) -> None:
    spoil(folder, file, change)
    with pytest.raises(BadReference) as refused:
        reference.load(folder)
    assert f"data/{file}" in str(refused.value)
    assert named in str(refused.value)
    assert "start again" in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"a: [", b"- 1", b"\xff\xfe\x00", b"just words"])
def test_a_broken_file_is_named(folder: Path, content: bytes) -> None:
    (folder / "promises.yaml").write_bytes(content)
    with pytest.raises(BadReference, match=r"data/promises\.yaml"):
        reference.load(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "safety.yaml").unlink()
    with pytest.raises(BadReference, match=r"data/safety\.yaml cannot be read"):
        reference.load(folder)


def test_tables_that_end_within_sixty_days_are_announced() -> None:
    assert REFERENCE.warnings(at("2026-10-31 09:00")) == []
    [warning] = REFERENCE.warnings(at("2026-11-24 09:00"))
    assert warning == "data/calendar.yaml (working days) is valid through 2026-12-31: replace it in time"
    [warning] = REFERENCE.warnings(at("2027-01-01 00:00"))
    assert "ended on 2026-12-31" in warning


def test_every_text_the_house_says_exists() -> None:
    said = {
        found
        for file in BACKEND.rglob("*.py")
        for found in re.findall(r"""messages\s*\.render\(\s*"([\w.]+)\"""", file.read_text(encoding="utf-8"))
    }
    assert said
    assert said <= set(reference.SAID_BY_THE_HOUSE)


@pytest.mark.parametrize("template", sorted(REFERENCE.messages.messages))
def test_every_text_is_complete_in_both_languages(template: str) -> None:
    values = {name: SAMPLES[name] for name in REFERENCE.messages.messages[template].variables}
    zh, en = (REFERENCE.messages.render(template, language, **values) for language in ("zh", "en"))
    assert re.search(r"[\u4e00-\u9fff]", zh)
    assert not re.search(r"[\u4e00-\u9fff]", REFERENCE.messages.messages[template].en)
    assert "{" not in zh + en


@pytest.mark.parametrize("template", ["reminder.callback", "ticket.confirmation", "opted_in", "sms_help"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_goes_out_by_text_fits_three_segments(template: str, language: str) -> None:
    values = {name: SAMPLES[name] for name in REFERENCE.messages.messages[template].variables}
    assert len(smsutil.split(REFERENCE.messages.render(template, language, **values)).parts) <= 3


def test_braces_in_a_value_mean_nothing() -> None:
    assert "{0.__class__}" in REFERENCE.messages.render("taken_over", "zh", agent="{0.__class__}")


def test_the_quick_replies_of_the_greeting_are_plain_words_in_both_languages() -> None:
    zh, en = (REFERENCE.messages.buttons("greeting", language) for language in ("zh", "en"))
    assert len(zh) == len(en) == 5
    assert not [button for button in zh + en if button["payload"].startswith("/")]
    assert REFERENCE.messages.buttons("warming", "zh") == []


def test_every_kind_of_danger_the_hotline_recognises_has_its_own_text() -> None:
    words = yaml.safe_load((reference.DATA / "safety_words.yaml").read_text(encoding="utf-8"))
    assert set(words["kinds"]) <= set(REFERENCE.safety.texts)
    found = hazard.hazard("水龙头麻手")
    assert found is not None
    assert REFERENCE.safety.text(found.kind, "zh") == REFERENCE.safety.texts["tingling"].zh


def test_an_unknown_danger_gets_the_general_text() -> None:
    assert REFERENCE.safety.text("meteorite", "en") == REFERENCE.safety.texts["default"].en


@pytest.mark.parametrize("kind", sorted(REFERENCE.safety.texts))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_safety_text_fits_two_segments(kind: str, language: str) -> None:
    assert len(smsutil.split(REFERENCE.safety.text(kind, language)).parts) <= LONGEST_SAFETY_TEXT


@pytest.mark.parametrize("kind", ["default", "shock", "tingling"])
def test_where_current_may_flow_the_text_says_all_that_saves_lives(kind: str) -> None:
    zh, en = (REFERENCE.safety.text(kind, language) for language in ("zh", "en"))
    for words in (
        "用水",
        "不要",
        "水龙头",
        "总电闸",
        "手是干的",
        "够得着",
        "不一定够",
        "120",
        "95598",
        "不要拆机壳",
        "给您回电话",
    ):
        assert words in zh, words
    for words in (
        "using water",
        "taps",
        "MAIN breaker",
        "dry hands",
        "unplugging",
        "120",
        "95598",
        "casing",
        "call you",
    ):
        assert words in en, words


@pytest.mark.parametrize("kind", sorted(REFERENCE.safety.texts))
def test_no_safety_text_asks_anybody_to_open_the_heater(kind: str) -> None:
    zh = REFERENCE.safety.text(kind, "zh")
    assert "拆" not in zh.replace("不要拆机壳", "")


def test_outlets_cover_regions_that_exist_in_several_provinces() -> None:
    outlets = REFERENCE.outlets.outlets
    covered = [code for outlet in outlets for code in outlet.covers]
    assert len(outlets) >= 12
    assert len({code[:2] for code in covered if code}) >= 5
    assert [code for code in covered if code and code not in regions().names] == []
    assert "" in covered


def test_outlets_have_telephone_numbers_that_can_be_called() -> None:
    assert [outlet.id for outlet in REFERENCE.outlets.outlets if parse(outlet.phone).e164 != outlet.phone] == []


def test_regions_are_sorted_and_every_region_lies_in_a_known_one() -> None:
    names = regions().names
    assert list(names) == sorted(names)
    assert {len(code) for code in names} == {2, 4, 6, 9}
    inner = {9: 6, 6: 4, 4: 2}
    assert [code for code in names if len(code) > 2 and code[: inner[len(code)]] not in names] == []
    assert (names["44"], names["4406"], names["440606"], names["440606005"]) == (
        "广东省",
        "佛山市",
        "顺德区",
        "大良街道",
    )
    assert {"71", "81", "82"} <= set(names)


def test_what_has_no_price_yet_is_quoted_and_never_free() -> None:
    assert [name for name, fee in REFERENCE.knowledge.fees.fees.items() if fee.fen == 0] == []


def test_no_part_of_a_heater_is_covered_shorter_than_the_guarantees_take() -> None:
    guarantees = REFERENCE.knowledge.warranty.three_guarantees
    assert guarantees.return_days <= guarantees.exchange_days
    for terms in REFERENCE.knowledge.warranty.months.values():
        assert timedelta(days=30 * terms.whole_unit) > timedelta(days=guarantees.exchange_days)
        assert terms.tank >= terms.whole_unit

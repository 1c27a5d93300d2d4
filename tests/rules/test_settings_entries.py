"""Alike things of a table as forms: what a form asks for, and that reading it back changes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from backend.console.settings import entry_forms as entries
from backend.console.settings import labels as settings_labels
from backend.console.settings import places
from backend.console.settings import text as settings_text
from backend.reference import DATA, REVISABLE
from backend.reference.base import read_body

LISTS = [(file, each) for file, kind in REVISABLE.items() for each in entries.collections_of(kind)]


def collection(file: str, name: str) -> entries.Collection:
    return next(each for each in entries.collections_of(REVISABLE[file]) if each.name == name)


@pytest.mark.parametrize(("file", "found"), LISTS, ids=[f"{file}-{each.name}" for file, each in LISTS])
def test_an_entry_shown_and_sent_again_is_the_same(file: str, found: entries.Collection) -> None:
    body = read_body(DATA, file)
    for entry in entries.entries_of(body, found).values():
        again = entries.entry_of(found.fields, entries.values_of(found.fields, entry), entry)
        assert again == entry
    assert entries.with_entries(body, found, entries.entries_of(body, found)) == body


@pytest.mark.parametrize(("file", "found"), LISTS, ids=[f"{file}-{each.name}" for file, each in LISTS])
def test_every_list_and_every_field_has_a_name(file: str, found: entries.Collection) -> None:
    assert found.name in settings_labels.COLLECTIONS
    known = set(settings_labels.ENTRY_FIELDS)
    if file not in ("messages.yaml", "install.yaml"):  # the first has pages of its own
        assert {part for each in found.fields for part in each.name.split(".")} <= known


def test_what_people_use_most_has_forms() -> None:
    with_forms = {(file, each.name) for file, each in LISTS}
    assert with_forms >= {
        ("canned_replies.yaml", "replies"), ("fees.yaml", "fees"), ("fees.yaml", "topics"), ("howto.yaml", "topics"),
        ("warranty.yaml", "topics"), ("parts.yaml", "parts"), ("desk.yaml", "queues"), ("desk.yaml", "wrap_ups"),
        ("diagnosis.yaml", "symptoms"), ("safety.yaml", "texts"), ("outlets.yaml", "outlets"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "fen"),
    [
        ("50", 5000),
        ("49.90", 4990),
        ("0", 0),
        ("", None),
        ("fifty", "fifty"),
        ("-1", -100),
        ("NaN", "NaN"),
        ("0.005", 0.5),
    ],
)
def test_a_price_is_typed_in_yuan_and_kept_in_fen(given: str, fen: object) -> None:
    fees = collection("fees.yaml", "fees")
    entry = read_body(DATA, "fees.yaml")["fees"]["visit"]
    form = entries.values_of(fees.fields, entry) | {"fen": given}
    changed = entries.entry_of(fees.fields, form, entry)
    assert changed["fen"] == fen
    wrong = settings_text.wrongs(REVISABLE["fees.yaml"], _fees(changed))
    assert bool(wrong) is (given in ("fifty", "-1", "NaN", "0.005"))


def _fees(visit: dict[str, Any]) -> dict[str, Any]:
    body = read_body(DATA, "fees.yaml")
    return body | {"fees": body["fees"] | {"visit": visit}}


def test_a_new_fee_without_a_price_is_one_that_is_quoted() -> None:
    fees = collection("fees.yaml", "fees")
    made = entries.entry_of(fees.fields, {"zh": "加急费", "en": "express", "words": "加急\r\n急\r\n"}, {})
    assert made == {"zh": "加急费", "en": "express", "words": ["加急", "急"], "fen": None}
    assert settings_text.wrongs(REVISABLE["fees.yaml"], _fees(made)) == []


def test_the_variables_of_a_reply_are_read_off_its_words() -> None:
    replies = collection("canned_replies.yaml", "replies")
    form = {"title.zh": "到期", "title.en": "Due", "zh": "您好{name}，最晚{due}", "en": "By {due}, {agent}"}
    assert entries.entry_of(replies.fields, form, {})["variables"] == ["name", "due", "agent"]
    broken = entries.entry_of(replies.fields, form | {"en": "a { b"}, {})
    assert broken["variables"] == ["name", "due"]


def test_differences_are_told_value_by_value() -> None:
    before = {"a": {"x": {"zh": "一", "words": ["p", "q"]}, "gone": {"zh": "二"}}, "n": 1}
    after = {"a": {"x": {"zh": "一", "words": ["p"]}, "new": {"zh": "三"}}, "n": 2}
    assert [(each.place, each.before, each.after) for each in entries.differences(before, after)] == [
        (("a", "x", "words"), "p\nq", "p"),
        (("a", "new", "zh"), None, "三"),
        (("n",), "1", "2"),
        (("a", "gone", "zh"), "二", None),
    ]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("", "全国"),
        ("44", "44 广东省"),
        ("4401", "4401 广东省广州市"),
        ("440606", "440606 广东省佛山市顺德区"),
        ("310104", "310104 上海市徐汇区"),
        ("9999", "9999"),
    ],
)
def test_a_region_is_shown_by_its_name_and_read_back(code: str, name: str) -> None:
    assert places.written(code) == name
    assert places.code_of(name) == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [("佛山市顺德区", "440606"), ("广东", "44"), ("深圳市", "4403"), ("everywhere", ""), ("火星", "火星")],
)
def test_a_region_may_be_typed_by_its_name(typed: str, code: str) -> None:
    assert places.code_of(typed) == code
    assert places.is_known(code) is (typed != "火星")


def test_an_outlet_says_nothing_of_what_is_as_usual() -> None:
    outlets = collection("outlets.yaml", "outlets")
    form = entries.values_of(outlets.fields, {}) | {
        "name": "新网点",
        "kind": "dealer",
        "phone": "+86757",
        "covers": "44",
    }
    assert entries.entry_of(outlets.fields, form, {}) == {
        "name": "新网点", "kind": "dealer", "phone": "+86757", "covers": ["44"],
    }  # fmt: skip
    assert entries.entry_of(outlets.fields, form | {"skills": ""}, {"skills": ["repair"]})["skills"] == [
        "install", "repair", "relocation",
    ]  # fmt: skip
    assert form["skills"].split() == ["install", "repair", "relocation"]
    assert (form["visits"], form["works"], form["tier"]) == ("2", "working_days", "")

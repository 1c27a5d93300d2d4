"""Nothing of the bot is left over and nothing is missing: intents, rules, actions, forms, slots and responses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

BOT = Path(__file__).resolve().parents[3] / "bot"
OWN_CODE = ("actions", "channels")
OF_RASA = {"action_listen", "action_session_start", "action_restart", "action_default_fallback"}
LANGUAGES = ("zh", "en")

# What the dialogue does with these lies in the code: a form reads its `requested_slot` from Rasa.
SLOTS_OF_RASA = {"requested_slot"}


def merged(section: str) -> dict[str, Any]:
    """A section of all domain files; lists become keys."""
    found: dict[str, Any] = {}
    for file in sorted((BOT / "domain").glob("*.yml")):
        part = yaml.safe_load(file.read_text(encoding="utf-8")).get(section) or {}
        for name in part:
            assert name not in found, f"{name} stands twice in the domain"
            found[name] = part[name] if isinstance(part, dict) else None
    return found


def rules() -> list[dict[str, Any]]:
    return [
        rule
        for file in sorted((BOT / "dialogue").glob("*.yml"))
        for rule in yaml.safe_load(file.read_text(encoding="utf-8")).get("rules", [])
    ]


def steps(key: str) -> set[str]:
    """Every value of a kind of step (`intent`, `action`, `active_loop`) in the rules."""

    def values(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            yield from (value for name, value in node.items() if name == key and isinstance(value, str))
            for child in node.values():
                yield from values(child)
        elif isinstance(node, list):
            for child in node:
                yield from values(child)

    return set(values(rules()))


@lru_cache(maxsize=1)
def code() -> tuple[ast.AST, ...]:
    """Every node of the bot's own code."""
    files = [file for folder in OWN_CODE for file in sorted((BOT / folder).rglob("*.py"))]
    return tuple(node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


@pytest.fixture(scope="module")
def words() -> set[str]:
    """Every string in the bot's code."""
    return {node.value for node in code() if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.fixture(scope="module")
def shapes() -> list[re.Pattern[str]]:
    """Names that the code puts together, such as f"utter_phone_{reason}", as patterns."""
    found = []
    for node in code():
        if isinstance(node, ast.JoinedStr):
            parts = [re.escape(p.value) if isinstance(p, ast.Constant) else r"\w+" for p in node.values]
            if str(parts[0]).startswith(("utter_", "validate_", "action_", "promise_")) and len(parts) > 1:
                found.append(re.compile("".join(parts)))
    return found


def examples() -> dict[tuple[str, str], int]:
    """How many examples an intent has in a language."""
    counts: dict[tuple[str, str], int] = {}
    for file in sorted((BOT / "nlu").rglob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            key = (block["intent"], file.parent.name)
            counts[key] = counts.get(key, 0) + len(block["examples"].splitlines())
    return counts


def test_every_intent_has_examples_in_both_languages_and_no_other_intent_has_any() -> None:
    assert {intent for intent, _ in examples()} == set(merged("intents"))
    assert {(intent, language) for intent in merged("intents") for language in LANGUAGES} == set(examples())
    assert min(examples().values()) >= 10


def test_every_intent_is_answered_by_a_rule_and_every_rule_by_an_intent_that_exists() -> None:
    assert steps("intent") == set(merged("intents"))


def test_every_action_of_a_rule_exists() -> None:
    known = {*merged("actions"), *merged("forms"), *merged("responses"), *OF_RASA}
    assert steps("action") - known == set()


def test_every_action_is_used_and_has_its_code(words: set[str], shapes: list[re.Pattern[str]]) -> None:
    for action in merged("actions"):
        is_coded = action in words or any(shape.fullmatch(action) for shape in shapes)
        assert is_coded, f"{action} has no code"
        form = action.removeprefix("validate_")
        followed = _calls_for(action)
        assert action in steps("action") or form in merged("forms") or followed, f"{action} is never taken"


def _calls_for(action: str) -> bool:
    """Whether the code asks for an action by `FollowupAction`, in which its name stands apart from its own class."""
    mentions = [node for node in code() if isinstance(node, ast.Constant) and node.value == action]
    return len(mentions) > 1


def test_every_form_is_opened_by_a_rule_and_validated() -> None:
    assert steps("active_loop") == set(merged("forms"))
    assert {f"validate_{form}" for form in merged("forms")} <= set(merged("actions"))


def test_every_slot_is_read_or_written(words: set[str]) -> None:
    from bot.actions.forms.fields import ASKED_FOR, FORMS

    asked = {field for form in FORMS.values() for field in form.takes} | set(ASKED_FOR)
    known = words | asked | SLOTS_OF_RASA
    assert {slot for slot in merged("slots") if slot not in known} == set()


def test_every_response_is_spoken(words: set[str], shapes: list[re.Pattern[str]]) -> None:
    from bot.actions.forms.fields import ASKED_FOR

    forms = "|".join(merged("forms"))
    fields = {*merged("slots"), *ASKED_FOR, "confirm", *words}
    named = words | steps("action")

    def is_named(name: str) -> bool:
        return name in named or any(shape.fullmatch(name) for shape in shapes)

    def is_spoken(name: str) -> bool:
        phrase = name.removeprefix("utter_phrase_")
        question = re.sub(rf"^utter_ask_(?:(?:{forms})_)?", "", name)
        return is_named(name) or (phrase != name and (is_named(phrase) or phrase in fields)) or question in fields

    assert [name for name in merged("responses") if not is_spoken(name)] == []


def test_every_response_the_code_names_exists(words: set[str]) -> None:
    named = {word for word in words if re.fullmatch(r"utter_\w+[a-z]", word)} - {"utter_action"}  # a key of Rasa's own
    assert named
    assert named - set(merged("responses")) == set()

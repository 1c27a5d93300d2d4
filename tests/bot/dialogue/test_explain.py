"""Why the bot answered as it did: told to who has the token, never part of an answer to a customer."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from house import TOKEN, House


def why(house: House, conversation_id: str, token: str = TOKEN) -> tuple[int, Any]:
    body = json.dumps({"conversation_id": conversation_id}).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return house._ask(urllib.request.Request(f"{house.url}/explain", body, headers))


def test_a_request_is_explained_by_intent_entities_form_and_rule(house: House) -> None:
    customer = house.conversation()
    customer.say("热水器坏了，一直不加热，麻烦来修")
    status, told = why(house, customer.id)
    assert status == 200
    assert (told["intent"], told["form"]) == ("request_repair", "repair_form")
    assert 0 < told["confidence"] <= 1
    assert told["ranking"][0]["name"] == "request_repair"
    assert "不加热" in [entity["text"] for entity in told["entities"]]
    assert "repair_form" in told["actions"]
    assert told["rules"] == ["A repair is collected in its form"]


def test_a_question_is_explained_by_the_action_of_its_rule(house: House) -> None:
    customer = house.conversation()
    customer.say("你们几点下班")
    _, told = why(house, customer.id)
    assert told["actions"][0] == "action_answer_hours"
    assert told["rules"] == ["Opening hours are told"]
    assert told["form"] is None


def test_who_has_no_token_gets_no_explanation(house: House) -> None:
    customer = house.conversation()
    customer.say("你好")
    assert why(house, customer.id, "wrong")[0] == 401


def test_a_conversation_that_never_was_is_not_explained(house: House) -> None:
    assert why(house, "nobody-ever-said-this")[0] == 404


def test_an_answer_says_what_the_desk_needs_and_nothing_of_how_it_was_found(house: House) -> None:
    customer = house.conversation()
    customer.say("热水器坏了")
    said = {"messages", "expects", "language", "intent", "confidence"}
    assert set(customer.answer) == said | {"entities", "form", "collected", "missing"}

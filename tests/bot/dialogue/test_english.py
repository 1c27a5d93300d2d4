"""Customers in English: pieces told late, corrections after saving, names between fillers, a change of language."""

from __future__ import annotations

import pytest
from fake_visits import MORNING, Visits
from house import Conversation, House

from bot.actions.forms import requests
from bot.actions.reading import answers, corrections, heater, manner, people

REPAIR = ("no hot water", "I don't know", "in 2022", "John Smith", "13800138000")
HOME = "12 Longkou Road, Tianhe, Guangzhou"


def repair(house: House, *lines: str, channel: str = "web") -> Conversation:
    customer = house.conversation("en", channel)
    for line in (*REPAIR, *lines):
        customer.say(line)
    return customer


@pytest.mark.parametrize(("told", "room"), [("room 1502", "Room 1502"), ("it's flat 7", "Flat 7"), ("502", "Room 502")])
def test_a_room_told_after_the_address_is_added_to_it(house: House, told: str, room: str) -> None:
    customer = repair(house, HOME, told)
    assert customer.expects == "time"
    customer.say("as soon as possible")
    assert f"{HOME}, {room}" in customer.heard


def test_a_room_is_put_right_at_the_read_back(house: House) -> None:
    customer = repair(house, f"{HOME}, Room 1502", "as soon as possible", "sorry, the apartment is 1503 not 1502")
    assert f"{HOME}, Apartment 1503" in customer.heard
    assert "1502" not in customer.heard


def test_a_new_street_keeps_the_city_as_it_was_spelled(house: House) -> None:
    customer = repair(house, HOME, "as soon as possible", "no, the address is 30 Tianhe Road")
    assert "30 Tianhe Road, Tianhe, Guangzhou" in customer.heard


def test_a_number_put_right_while_the_address_is_asked_for_is_no_place(house: House) -> None:
    customer = repair(house, "no hang on that's my old one, it's 139 2255 7711")
    assert "could not find" not in customer.heard
    assert customer.expects == "address"
    customer.say(HOME)
    customer.say("as soon as possible")
    assert "139 2255 7711" in customer.heard


@pytest.mark.parametrize(
    ("correction", "field", "value"),
    [
        ("my phone is wrong, the last number is 7 not 0", "phone", "+8613800138007"),
        ("sorry, it's room 1503", "address", f"{HOME}, Room 1503"),
    ],
)
def test_a_correction_reaches_the_saved_ticket_while_the_visit_is_asked_for(
    house: House, visits: Visits, correction: str, field: str, value: str
) -> None:
    customer = repair(house, HOME, "as soon as possible", "yes")
    assert customer.expects == "time"
    (ticket,) = customer.tickets
    customer.say(correction)
    amended = house.backend.called(f"/tickets/{ticket['ticket_no']}/correct")[-1][field]
    assert (amended["raw"] if isinstance(amended, dict) else amended) == value
    assert "which time for the visit" in customer.heard
    customer.say(MORNING["words"]["en"])
    assert [what for what, _ in visits.booked] == ["held", "confirmed"]


def test_a_name_that_was_told_before_the_question_for_it_is_taken(house: House) -> None:
    customer = house.conversation("en")
    for line in ("I need a repair", "no hot water", "John Smith"):
        customer.say(line)
    assert customer.expects == "model"
    customer.say("I don't know")
    customer.say("2022")
    assert customer.expects == "phone"


def test_the_same_name_again_is_no_misunderstanding(house: House) -> None:
    customer = repair(house, "John Smith")
    assert "did not" not in customer.heard
    assert customer.expects == "address"


def test_who_asks_for_english_in_a_form_gets_the_same_question_in_english(house: House) -> None:
    customer = house.conversation("zh")
    customer.say("热水器不加热")
    customer.say("actually can we do this in English? my Chinese is bad")
    customer.language = customer.answer["language"]
    assert customer.heard.startswith("Of course, let us go on in English.")
    assert "Which model" in customer.heard
    customer.say("no idea")
    customer.say("2022")
    customer.say("李明 Li Ming")
    assert customer.answer["language"] == "en"
    assert customer.expects == "phone"


def test_who_is_back_hears_the_question_again(house: House) -> None:
    customer = house.conversation("en")
    for line in ("no hot water", "one sec, doorbell", "back"):
        customer.say(line)
    assert customer.expects == "model"
    assert "go on where we stopped" in customer.heard


def test_not_knowing_the_model_is_no_answer_to_the_date(house: House) -> None:
    customer = house.conversation("en")
    for line in ("no hot water", "John Smith", "no idea", "don't know the model"):
        customer.say(line)
    assert customer.expects == "purchase_date"


def test_who_wants_no_robot_gets_a_person_even_where_a_wish_was_asked(house: House) -> None:
    customer = house.conversation("en")
    customer.say("I want to complain about your technician, he was rude and left a mess")
    customer.say("no")
    customer.say("Are you a robot? I don't want to talk to a robot")
    assert house.backend.called("/handoffs")[-1]["conversation_id"] == customer.id


def test_more_of_a_story_is_joined_in_its_own_language(house: House) -> None:
    customer = house.conversation("en")
    for line in ("I want to complain, the technician was rude", "and he left a mess in the bathroom", "no"):
        customer.say(line)
    assert "；" not in str(customer.answer)


def test_who_asks_for_a_call_instead_of_showing_a_ticket_is_called(house: House) -> None:
    customer = house.conversation("en")
    customer.say("nobody called me back yesterday")
    assert customer.expects == "ticket_no"
    customer.say("just have someone call me")
    assert "On which number?" in customer.heard


def test_who_would_rather_not_tell_their_number_hears_what_it_is_for(house: House) -> None:
    customer = house.conversation("en")
    for line in (*REPAIR[:-1], "I'd rather not give it"):
        customer.say(line)
    assert "for the technician to reach you and for nothing else" in customer.heard
    assert customer.expects == "phone"


def test_a_smell_of_gas_is_none_of_ours_but_is_answered_with_what_to_do(house: House) -> None:
    customer = house.conversation("en")
    customer.say("My gas boiler smells like gas, it's a Bosch")
    assert "119" in customer.heard


def test_numbers_said_in_english_words_are_understood_on_the_telephone(house: House) -> None:
    caller = house.conversation("en", "voice")
    for line in ("no hot water", "no idea", "twenty twenty two I think", "John Smith"):
        caller.say(line)
    assert caller.expects == "phone"


def test_another_day_keeps_the_hour_that_was_agreed(house: House) -> None:
    customer = repair(house, HOME, "tomorrow at 2 pm", "sorry, I meant the day after tomorrow")
    assert customer.expects == "confirm"
    customer.say("yes")
    (ticket,) = customer.tickets
    assert ticket["wanted_time"]["start"].startswith("2026-11-26T14:00")


def test_a_former_request_is_taken_up_with_what_was_told_for_it(house: House) -> None:
    customer = house.conversation("en")
    for line in ("the heater trips the breaker", "actually it's an installation, not a repair"):
        customer.say(line)
    assert customer.expects == "delivered"
    customer.say("sorry forget that, repair is right")
    assert customer.expects == "model"


def test_a_wrong_number_is_no_symptom(house: House) -> None:
    customer = house.conversation("en")
    house.backend.known[customer.id] = {"phone": "+8613800138000"}
    customer.say("I need a repair")
    assert customer.expects == "symptom"
    customer.say("the number is wrong")
    assert customer.expects == "phone"


def test_a_yes_with_a_remark_is_a_yes(house: House) -> None:
    customer = repair(house, HOME, "as soon as possible", "yes, that one is mine")
    assert len(customer.tickets) == 1


def test_a_yes_is_no_name(house: House) -> None:
    customer = house.conversation("en")
    for line in ("no hot water", "I don't know", "2022", "Y"):
        customer.say(line)
    assert customer.expects == "name"


def test_who_wants_to_go_on_hears_the_question_again(house: House) -> None:
    customer = house.conversation("en")
    for line in ("no hot water", "I don't know", "2022", "ok. thanks. can we go on with the repair"):
        customer.say(line)
    assert "did not" not in customer.heard
    assert customer.expects == "name"


def test_now_is_a_time_for_a_call(house: House) -> None:
    customer = house.conversation("en")
    for line in ("please call me back", "13800138000", "now"):
        customer.say(line)
    assert customer.expects == "confirm"


@pytest.mark.parametrize(
    "words",
    [
        "no it's still in the box, the movers left it there",
        "there's a big box with your brand on it in the hallway",
        "htr delivd 2day",
        "箱子还没拆",
    ],
)
def test_a_heater_in_its_box_has_been_delivered(words: str) -> None:
    assert heater.delivered(words) is True


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("fine whatever. Zhang", "Zhang"),
        ("J. R. Smith", "J. R. Smith"),
        ("no, Smith", "Smith"),
        ("Will Smith", "Will Smith"),
        ("um", None),
        ("this no is ok", None),
        ("我想改到", None),
        ("what now", None),
    ],
)
def test_a_name_is_found_between_fillers_and_a_sentence_is_none(answer: str, name: str | None) -> None:
    assert people.whole_name(answer) == name


@pytest.mark.parametrize(
    ("words", "may"),
    [("like popcorn", False), ("back", False), ("the white one", True), ("ZS-60", True), ("60L", True)],
)
def test_english_words_are_a_model_only_with_what_stands_on_a_label(words: str, may: bool) -> None:
    assert heater.may_name_a_model(words) is may


@pytest.mark.parametrize("words", ["I haven't got a clue what the model is", "wouldn't know the model", "no clue"])
def test_not_knowing_has_many_words(words: str) -> None:
    assert heater.has_no_model(words) or answers.is_unknown(words)


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("my phone is wrong, last number is 7 no 6", "8007"),
        ("the last digit should be seven", "8007"),
        ("last two should be 45", "8045"),
        ("it ends in 4", "8004"),
        ("no the number ends in five", "8005"),
        ("不对 电话最后是二", "8002"),
        ("尾号八零零一", "8001"),
    ],
)
def test_a_new_end_of_the_number_is_read_in_words_and_figures(words: str, end: str) -> None:
    assert corrections.phone_with_new_end(words, "+8613800138000") == "+861380013" + end


@pytest.mark.parametrize("words", ["电话最后是下午打", "最后是两点", "后面三天都行", "last two years"])
def test_a_time_is_no_new_end_of_the_number(words: str) -> None:
    assert corrections.phone_with_new_end(words, "+8613800138000") is None


def test_the_former_request_is_meant_again() -> None:
    assert requests.meant_instead("sorry forget that, repair is right", "install_form") == "repair_form"


def test_going_on_can_be_asked_for_politely_and_a_hot_back_panel_is_none() -> None:
    assert manner.goes_on("ok. thanks. can we go on with the repair")
    assert not manner.goes_on("back panel is hot")

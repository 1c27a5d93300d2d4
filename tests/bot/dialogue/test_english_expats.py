"""English in China: places in pieces, feasts as dates, jobs beside names, questions nobody can answer."""

from __future__ import annotations

from typing import Any

import pytest
from fake_visits import AFTERNOON, MORNING, THURSDAY, Visits
from house import Conversation, House

REPAIR = ("no hot water", "DSZF-60", "in 2022", "John Smith", "13800138000")
HOME = "12 Longkou Road, Tianhe, Guangzhou"


def said(house: House, *lines: str, language: str = "en") -> Conversation:
    customer = house.conversation(language)
    for line in lines:
        customer.say(line)
    return customer


def address_of(customer: Conversation) -> Any:
    return customer.tickets[0]["address"]


@pytest.mark.parametrize("told", ["it's on Longkou Road", "Longkou Road"])
def test_a_street_without_a_number_is_asked_for_the_number_and_kept(house: House, told: str) -> None:
    customer = said(house, *REPAIR, "Guangzhou, Tianhe", told)
    assert "house number" in customer.heard
    customer.say("number 532, flat 4B")
    customer.say("as soon as possible")
    assert "Longkou Road number 532, flat 4B, Guangzhou, Tianhe" in customer.heard


def test_a_house_told_before_its_town_is_not_lost(house: House) -> None:
    customer = said(house, *REPAIR, "It's the teachers' dormitory of No. 2 Middle School")
    assert "Which city" in customer.heard
    customer.say("Tianhe, Guangzhou")
    customer.say("as soon as possible")
    assert "teachers' dormitory of No. 2 Middle School, Tianhe, Guangzhou" in customer.heard


@pytest.mark.parametrize(
    "other", ["weekends only, I'm teaching on weekdays", "I no sabi the model", "we have the invoice"]
)
def test_what_tells_no_place_is_no_address(house: House, other: str) -> None:
    customer = said(house, *REPAIR, "Guangzhou, Tianhe", other, HOME)
    customer.say("as soon as possible")
    address = next(line for line in customer.heard.splitlines() if line.startswith("Address"))
    assert other not in address
    assert HOME in address


def test_a_whole_address_takes_the_place_of_one_that_could_not_be_found(house: House) -> None:
    customer = said(house, *REPAIR, "Nowhere Garden", "behind the mosque", "behind the mosque")
    assert customer.expects == "time"
    customer.say(HOME)
    customer.say("as soon as possible")
    assert HOME in customer.heard


def test_of_two_places_of_a_move_the_new_one_is_the_address(house: House) -> None:
    customer = said(
        house, "we are moving and want our heater taken along to the new home", "Anna Schmidt", "13800138000"
    )
    customer.say("old address is 30 Tianhe Road, Yuexiu, Guangzhou, new one 12 Longkou Road, Tianhe, Guangzhou")
    assert "Address: 12 Longkou Road, Tianhe, Guangzhou" in customer.heard


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Marcus Lee, General Manager", "Marcus Lee"),
        ("Tan Wei Ming, hp 18612345670", "Tan Wei Ming"),
    ],
)
def test_a_name_is_neither_a_job_nor_the_word_for_a_telephone(house: House, told: str, kept: str) -> None:
    customer = said(house, *REPAIR[:3], told)
    assert (
        not house.backend.called("/handoffs") or house.backend.called("/handoffs")[-1]["conversation_id"] != customer.id
    )
    for line in (HOME,) if customer.expects == "address" else ("13800138000", HOME):
        customer.say(line)
    customer.say("as soon as possible")
    assert f"Name: {kept}" in customer.heard


def test_one_s_own_number_is_called_and_the_other_is_noted(house: House) -> None:
    customer = said(house, *REPAIR[:4], "my mobile 13800138000 and the front desk is 0898-88881234", HOME)
    customer.say("as soon as possible")
    assert "Phone: 138 0013 8000" in customer.heard
    assert "the front desk is 0898-88881234" in customer.heard


def test_how_long_it_has_been_so_is_no_model_but_part_of_the_story(house: House) -> None:
    customer = said(house, "no hot water", "it's been 2 weeks already")
    assert customer.expects == "model"
    assert "did not" not in customer.heard
    for line in REPAIR[1:]:
        customer.say(line)
    customer.say(HOME)
    customer.say("as soon as possible")
    assert "2 weeks already" in customer.heard


def test_who_knows_no_model_but_how_old_it_is_is_asked_for_neither(house: House) -> None:
    customer = said(house, "no hot water", "I honestly don't know, the landlord bought it. Maybe 5 years ago?")
    assert customer.expects == "name"


def test_another_year_is_heard_while_something_else_is_asked(house: House) -> None:
    customer = said(house, *REPAIR[:4], "no wait, it was May 2021")
    assert customer.expects == "phone"
    assert "letters" not in customer.heard
    for line in ("13800138000", HOME, "as soon as possible"):
        customer.say(line)
    assert "Bought: 2021-05" in customer.heard


def test_a_question_nobody_can_answer_is_kept_for_the_call(house: House) -> None:
    customer = said(house, *REPAIR, HOME, "Can the technician look at all eight on one visit?")
    assert "noted your question" in customer.heard
    assert customer.expects == "time"
    customer.say("as soon as possible")
    assert "all eight on one visit" in customer.heard


def test_a_day_that_is_ruled_out_is_read_back(house: House) -> None:
    customer = said(house, *REPAIR, HOME, "any day but Friday please")
    assert customer.expects == "confirm"
    assert "any day but Friday" in customer.heard


def test_who_is_tired_of_telling_it_again_hears_that_it_is_noted(house: House) -> None:
    customer = said(house, "This is the fourth time I contact you, the heater still fails, ridiculous")
    customer.say("How many times do I have to explain? It's not heating!")
    assert "need not say it again" in customer.heard
    assert "not sure" not in customer.heard


def test_times_that_were_offered_are_named_again_after_a_digression(house: House) -> None:
    customer = said(house, *REPAIR, HOME, "tomorrow at 9pm")
    offered = customer.buttons[0]
    customer.say("how much will it cost?")
    assert offered in customer.heard
    customer.say("thanks")
    assert customer.heard
    customer.say("the first one")
    assert customer.expects == "confirm"
    assert offered in customer.heard


def test_an_hour_told_alone_moves_the_call_and_another_day_keeps_it(house: House) -> None:
    customer = said(house, "can someone call me back at 3 pm today", "13800138000", "actually make it 5")
    assert "17:00" in customer.heard
    customer.say("yes")
    customer.say("can you make it tomorrow instead, same time")
    assert "25 Nov, 17:00" in customer.heard


def test_money_instead_of_another_heater_is_added_to_the_return(house: House) -> None:
    customer = said(house, "it leaks after a week, I want to exchange it for a new one", "DSZF-60", "on 15 November")
    for line in ("Ben Carter", "13800138000", "can I get the money back instead?"):
        customer.say(line)
    assert customer.expects == "confirm"
    assert "get the money back instead" in customer.heard


def test_what_to_bring_is_added_to_the_saved_ticket(house: House, visits: Visits) -> None:
    customer = said(house, *REPAIR, HOME, "as soon as possible", "yes")
    customer.say("also tell him to bring a ladder")
    (ticket,) = customer.tickets
    amended = house.backend.called(f"/tickets/{ticket['ticket_no']}/correct")[-1]
    assert "bring a ladder" in amended["wanted"]
    assert "which time for the visit" in customer.heard


def test_after_a_danger_the_booking_goes_on_and_nothing_is_cancelled(house: House) -> None:
    customer = said(house, *REPAIR[:3], "when my kid touched the tap his fingers went all pins and needles")
    for line in ("13800138000", HOME, "no, he's fine"):
        customer.say(line)
    customer.say("ok it's off now. can we carry on with the repair booking?")
    assert "cancel" not in customer.heard
    assert customer.expects == "name"


def test_the_number_given_in_danger_can_be_put_right_afterwards(house: House) -> None:
    customer = said(house, "the tap gives me electric shocks", "13800138000", HOME, "nobody is hurt")
    customer.say("the last four digits of my mobile are 8001 not 8000")
    amended = house.backend.called("/tickets/WY261124-9001/correct")[-1]
    assert amended == {"conversation_id": customer.id, "phone": "+8613800138001"}


def test_another_number_in_the_middle_of_a_danger_is_the_one_that_rings(house: House) -> None:
    customer = said(house, "the tap gives me electric shocks", "13800138000", "no sorry, it's 13900139000")
    amended = house.backend.called("/tickets/WY261124-9001/correct")[-1]
    assert amended == {"conversation_id": customer.id, "phone": "+8613900139000"}


@pytest.mark.parametrize("words", ["kindly do the needful, my name is Rajesh", "ok then morning"])
def test_courtesies_in_danger_are_more_of_what_is_told(house: House, words: str) -> None:
    customer = said(house, "the tap gives me electric shocks", words)
    assert "Noted" in customer.heard
    assert customer.expects == "phone"


def test_what_to_do_in_danger_is_told_again(house: House) -> None:
    customer = said(house, "the tap gives me electric shocks")
    approved = customer.answer["messages"][0]["text"]
    customer.say("what should I do now??")
    assert approved in customer.heard


def test_who_complains_about_the_ticket_just_saved_is_not_asked_for_its_number(house: House) -> None:
    customer = said(house, *REPAIR, HOME, "as soon as possible", "yes")
    (ticket,) = customer.tickets
    customer.say("I want to complain, your colleague on the phone was rude to me")
    customer.say("an apology")
    assert ticket["ticket_no"] in customer.heard


def test_another_street_number_reaches_the_saved_ticket(house: House, visits: Visits) -> None:
    customer = said(house, *REPAIR, HOME, "as soon as possible", "yes")
    customer.say("oh no, I gave you the wrong street number, it's 110")
    (ticket,) = customer.tickets
    amended = house.backend.called(f"/tickets/{ticket['ticket_no']}/correct")[-1]
    assert amended["address"]["raw"] == "110 Longkou Road, Tianhe, Guangzhou"


def test_windows_on_days_that_are_ruled_out_are_not_named(house: House, visits: Visits) -> None:
    visits.free = [MORNING, AFTERNOON, THURSDAY]
    customer = said(house, *REPAIR, HOME, "any day but Wednesday", "yes")
    assert THURSDAY["words"]["en"] in customer.heard
    assert MORNING["words"]["en"] not in customer.heard


def test_an_address_left_open_is_taken_as_it_was_told_when_other_things_are_answered(house: House) -> None:
    customer = said(house, *REPAIR, "Longkou Road 5, east building")
    for other in ("DSZF-60", "it is from 2021", "my name is John Smith"):
        customer.say(other)
    assert customer.expects == "time"


def test_who_orders_the_part_he_asked_about_is_called(house: House) -> None:
    customer = said(house, "where can I buy a magnesium rod", "ok order it")
    assert customer.expects == "phone"


def test_danger_is_heard_in_a_startled_hand(house: House) -> None:
    customer = said(house, "please look at my heater, it makes me jump every time I touch the shower handle")
    assert house.backend.called("/hazards")[-1]["conversation_id"] == customer.id

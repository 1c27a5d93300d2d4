"""Written words as they are said; forms of voice webhooks as values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from telephony import speech, voice
from telephony.ports import BadForm, CarrierStatus

SID = "CA" + "5" * 32


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("登记好了，工单号 WY261125-0001。", "登记好了，工单号 W Y, 2 6 1, 1 2 5, 0 0 0 1。"),
        ("电话：139 0013 9000，对吗？", "电话：1 3 9, 0 0 1 3, 9 0 0 0，对吗？"),
        ("上门验证码 7553：师傅报对了再开门", "上门验证码 7 5 5 3：师傅报对了再开门"),
        ("我们8:00–18:00都在", "我们8点到18点都在"),
        ("明天11月26日（周四）15:00–15:30打给您", "明天11月26日，周四，15点到15点半打给您"),
        ("请拨 120，火警119，线路95598。", "请拨 1 2 0，火警1 1 9，线路9 5 5 9 8。"),
        ("120升的热水器，收费120元", "120升的热水器，收费120元"),
        ("详情见 https://example.com/v/abc?x=1 。", "详情见 。"),
        ("1. 不热\n2. 漏水", "不热；漏水"),
        ("**请注意** 【威雅电器】", "请注意 威雅电器"),
    ],
)
def test_chinese_is_said_as_a_person_would_read_it(written: str, said: str) -> None:
    assert speech.speakable(written, "zh") == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Your visit code 7553.", "Your visit code 7 5 5 3."),
        ("We call you 15:00–15:30.", "We call you 15:00 to 15:30."),
        ("Open www.example.com now", "Open now"),
    ],
)
def test_english_is_said_as_a_person_would_read_it(written: str, said: str) -> None:
    assert speech.speakable(written, "en") == said


@given(some.text(max_size=200), some.sampled_from(["zh", "en"]))
def test_nothing_said_holds_an_address_or_a_mark_of_the_screen(text: str, language: str) -> None:
    said = speech.speakable(f"{text} https://example.com/a?b=c **x**", language)
    assert "example.com" not in said
    assert not set(said) & set("*_#`~|<>[]{}")


@pytest.mark.parametrize(
    ("number", "said"),
    [("13800138000", "1 3 8, 0 0 1 3, 8 0 0 0"), ("482913", "4 8 2, 9 1 3"), ("2611270001", "2 6 1 1 2 7, 0 0 0 1")],
)
def test_numbers_are_read_in_groups(number: str, said: str) -> None:
    assert speech.digits(number) == said


def test_what_must_be_written_down_is_known_and_cut_out() -> None:
    words = speech.speakable("登记好了，工单号 WY261125-0001。师傅明天到。都好吗？", "zh")
    cut = speech.sentences(words)
    assert [speech.is_dictated(each) for each in cut] == [True, False, False]
    assert not speech.is_dictated("明天15点到15点半打给您，120升")


def test_choices_become_one_sentence() -> None:
    assert speech.offer(["不热", "漏水"], "zh") == "您可以说，或者按键：不热，按1，漏水，按2。"
    assert speech.offer(["Relief valve", "I don't know"], "en") == (
        "Say it, or press 1 for relief valve, 2 for I don't know."
    )


def test_choices_that_were_just_named_are_not_said_at_length_once_more() -> None:
    named = "The technician can come Monday 30 November, 8 am to noon or 1 pm to 6 pm. Which suits you?"
    titles = ["Monday 30 November, 8 am to noon", "1 pm to 6 pm", "Call me instead"]
    assert "press 1 for yes, both" in speech.offer(["Yes, both", "Not sure"], "en", "Say yes, both, or not sure.")
    assert speech.offer(titles, "en", named) == (
        "Say it, or press 1 for the first, 2 for the second, 3 for call me instead."
    )
    assert speech.offer(["11月30日周一上午8点到12点", "打电话"], "zh", "11月30日周一上午8点到12点方便吗？") == (
        "您可以说，或者按键：第一个，按1，打电话，按2。"
    )


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("登记好了。都对吗？", "都对吗？"),
        ("Roughly when was it bought? It decides the warranty; the year is enough.", "Roughly when was it bought?"),
        ("我们先打电话约时间。您几点方便？我们每天8点到18点都在。", "您几点方便？"),
        ("收到后把六位数字念给我；没收到就说没收到。", "收到后把六位数字念给我；没收到就说没收到。"),
    ],
)
def test_after_silence_the_question_is_asked_again_and_not_what_was_said_behind_it(words: str, question: str) -> None:
    assert speech.question(words) == question


def test_a_landline_is_read_digit_by_digit_as_well() -> None:
    assert speech.speakable("电话：028 8555 1234。", "zh") == "电话：0 2 8, 8 5 5 5, 1 2 3 4。"


@pytest.mark.parametrize(
    ("caller", "known"),
    [("+8613800138000", "+8613800138000"), ("anonymous", None), ("", None), ("Restricted", None), ("client:x", None)],
)
def test_a_caller_is_a_number_or_nobody(caller: str, known: str | None) -> None:
    assert voice.parse_inbound({"CallSid": SID, "From": caller}) == voice.InboundCall(SID, known)


@pytest.mark.parametrize("sid", ["", "SM" + "5" * 32, "CA5", SID + "0", "ca" + "5" * 32])
def test_a_form_without_a_calls_id_is_refused(sid: str) -> None:
    for parse in (voice.parse_inbound, voice.parse_turn, voice.parse_status, voice.parse_recorded):
        with pytest.raises(BadForm):
            parse({"CallSid": sid})


def test_a_turn_is_words_with_their_confidence_or_keys_or_silence() -> None:
    spoken = voice.parse_turn({"CallSid": SID, "SpeechResult": " 热水器\x00不热 ", "Confidence": "0.83", "New": "x"})
    assert (spoken.words, spoken.confidence, spoken.is_silent) == ("热水器不热", 0.83, False)
    assert voice.parse_turn({"CallSid": SID, "Digits": "13800138000"}).keys == "13800138000"
    assert voice.parse_turn({"CallSid": SID, "Digits": "<b>", "Confidence": "nan"}).is_silent
    assert voice.parse_turn({"CallSid": SID, "QueueResult": "leave"}).left_queue == "leave"


@given(
    some.dictionaries(some.sampled_from(["SpeechResult", "Digits", "Confidence", "From", "QueueResult"]), some.text())
)
def test_whatever_a_form_holds_it_is_read(form: dict[str, str]) -> None:
    voice.parse_turn({"CallSid": SID, **form})
    voice.parse_inbound({"CallSid": SID, **form})


def test_a_recording_is_known_by_its_id_alone() -> None:
    form = {"CallSid": SID, "RecordingSid": "RE" + "a" * 32, "RecordingDuration": "7", "RecordingUrl": "https://evil"}
    assert voice.parse_recorded(form) == voice.Recorded(SID, "RE" + "a" * 32, 7)
    assert voice.parse_recorded({"CallSid": SID, "RecordingSid": "RE../../x"}) is None


def test_a_status_we_do_not_know_is_passed_over() -> None:
    assert voice.parse_status({"CallSid": SID, "CallStatus": "completed"}).status is CarrierStatus.COMPLETED
    assert voice.parse_status({"CallSid": SID, "CallStatus": "novel"}).status is None

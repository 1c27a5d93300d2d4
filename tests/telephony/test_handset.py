"""The simulated telephone plays TwiML as Twilio documents it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony import simulator
from telephony.handset import (
    Answer,
    Call,
    Cue,
    Event,
    Fetch,
    For,
    HangUp,
    Keys,
    Kind,
    Listen,
    Rung,
    Silence,
    Speech,
    Turn,
    advance,
    begin,
)
from telephony.handset.stage import MOST_BARREN, SORRY

HOUSE = "https://hotline.example"
GATHER = '<Gather input="speech dtmf" action="/turn?n=1" timeout="4"><Say language="cmn-CN">请说</Say></Gather>'


def new(**more: Any) -> Call:
    made = simulator.new_call(caller="+8613800138000", now=0, base=HOUSE)
    return Call(**(vars(made) | {"fallback_url": ""} | more))


def play(verbs: str, call: Call | None = None) -> Turn:
    """The house answers the first request with these verbs."""
    ringing = begin(call or new(), f"{HOUSE}/telephony/voice").call
    return answered(ringing, verbs)


def answered(call: Call, verbs: str, now: float = 1) -> Turn:
    assert isinstance(call.waits_for, Fetch)
    return advance(call, Answer(200, "text/xml; charset=utf-8", f"<Response>{verbs}</Response>"), now)


def heard(turn: Turn) -> list[tuple[Kind, str]]:
    return [(cue.kind, cue.text) for cue in turn.cues]


def fetched(turn: Turn) -> Fetch:
    assert isinstance(turn.call.waits_for, Fetch)
    return turn.call.waits_for


def test_the_first_request_is_what_twilio_sends() -> None:
    fetch = fetched(begin(new(), f"{HOUSE}/telephony/voice"))
    assert (fetch.url, fetch.method) == (f"{HOUSE}/telephony/voice", "POST")
    form = fetch.form
    assert (form["CallStatus"], form["Direction"], form["From"]) == ("ringing", "inbound", "+8613800138000")
    assert form["CallSid"].startswith("CA")
    assert form["FromCity"] == ""


def test_verbs_are_played_in_their_order_and_the_call_ends_behind_the_last() -> None:
    turn = play('<Say>您好</Say><Play>/hold.mp3</Play><Pause length="2"/>')
    assert heard(turn) == [(Kind.SAY, "您好"), (Kind.PLAY, "/hold.mp3"), (Kind.PAUSE, ""), (Kind.OVER, "completed")]
    assert turn.cues[2].seconds == 2
    assert turn.call.is_over


def test_the_end_is_reported_with_its_duration() -> None:
    [told] = play("<Hangup/>").errands
    assert told.url == f"{HOUSE}/telephony/voice/status"
    assert (told.form["CallStatus"], told.form["CallDuration"]) == ("completed", "1")


def test_a_gather_speaks_its_prompts_and_listens() -> None:
    turn = play(GATHER)
    assert turn.cues == (Cue(Kind.SAY, "请说", "cmn-CN"),)
    assert turn.call.waits_for == Listen(For.GATHER, True, True, 4, 0, "#", "")


def test_speech_is_sent_with_its_confidence_to_the_action() -> None:
    fetch = fetched(advance(play(GATHER).call, Speech("热水器不热", 0.25), 2))
    assert fetch.url == f"{HOUSE}/turn?n=1"
    assert (fetch.form["SpeechResult"], fetch.form["Confidence"]) == ("热水器不热", "0.25")
    assert "Digits" not in fetch.form
    assert fetch.form["CallStatus"] == "in-progress"


@pytest.mark.parametrize(
    ("attributes", "keys", "digits", "ended_by", "left"),
    [
        ("", "138#", "138", "#", []),
        ("", "138", "138", "", []),
        ('numDigits="1"', "0", "0", "", []),
        ('numDigits="1"', "012", "0", "", ["12"]),
        ('finishOnKey="*"', "1#2*", "1#2", "*", []),
        ('finishOnKey=""', "1#", "1#", "", []),
        ('actionOnEmptyResult="true"', "#", "", "#", []),
    ],
)
def test_keys_end_as_the_gather_says(attributes: str, keys: str, digits: str, ended_by: str, left: list[str]) -> None:
    turn = advance(play(f"<Gather {attributes}/>").call, Keys(keys), 2)
    form = fetched(turn).form
    assert (form["Digits"], form["FinishedOnKey"]) == (digits, ended_by)
    assert [cue.text for cue in turn.cues if cue.kind is Kind.IGNORED] == left


def test_a_gather_without_an_action_asks_the_same_document_again() -> None:
    assert fetched(advance(play("<Gather/>").call, Keys("1"), 2)).url == f"{HOUSE}/telephony/voice"


@pytest.mark.parametrize(("kinds", "event"), [("dtmf", Speech("喂")), ("speech", Keys("1"))])
def test_what_a_gather_does_not_listen_for_is_ignored_and_it_goes_on_listening(kinds: str, event: Event) -> None:
    turn = advance(play(f'<Gather input="{kinds}"/>').call, event, 2)
    assert [cue.kind for cue in turn.cues] == [Kind.IGNORED]
    assert isinstance(turn.call.waits_for, Listen)


def test_silence_falls_through_to_the_next_verb() -> None:
    turn = advance(play(f"{GATHER}<Say>没听到</Say>").call, Silence(), 6)
    assert heard(turn) == [(Kind.SAY, "没听到"), (Kind.OVER, "completed")]


def test_silence_is_sent_where_the_gather_wants_it() -> None:
    form = fetched(advance(play('<Gather action="/turn" actionOnEmptyResult="true"/>').call, Silence(), 6)).form
    assert {"SpeechResult", "Digits"} & set(form) == set()


def test_a_redirect_is_followed_relative_to_its_document() -> None:
    turn = play('<Redirect method="GET">voice/turn?poll=1</Redirect>')
    fetch = fetched(turn)
    assert fetch.method == "GET"
    assert fetch.form == {}
    assert urlsplit(fetch.url).path == "/telephony/voice/turn"
    assert parse_qs(urlsplit(fetch.url).query)["poll"] == ["1"]
    assert parse_qs(urlsplit(fetch.url).query)["CallSid"] == [turn.call.sid]


def test_redirects_in_a_circle_end_the_call() -> None:
    turn = play("<Redirect>/again</Redirect>")
    for _ in range(MOST_BARREN):
        if not turn.call.is_over:
            turn = answered(turn.call, "<Redirect>/again</Redirect>")
    assert turn.call.is_over
    assert "circle" in turn.cues[0].text


def test_polling_with_pauses_is_no_circle() -> None:
    turn = play('<Pause length="1"/><Redirect>/poll</Redirect>')
    for _ in range(3 * MOST_BARREN):
        turn = answered(turn.call, '<Pause length="1"/><Redirect>/poll</Redirect>')
    assert not turn.call.is_over


def test_another_houses_address_is_not_followed_with_a_signature() -> None:
    turn = play("<Redirect>https://elsewhere.example/x</Redirect>")
    assert turn.call.is_over
    assert turn.cues[0].kind is Kind.TROUBLE


def queue(attributes: str = 'waitUrl="/queue" action="/after"') -> Turn:
    return play(f"<Enqueue {attributes}>agents</Enqueue><Say>后面</Say>")


def test_a_queue_plays_its_wait_document_over_and_over() -> None:
    waiting = queue()
    assert heard(waiting) == [(Kind.QUEUED, "agents")]
    form = fetched(waiting).form
    assert (form["QueuePosition"], form["QueueTime"]) == ("1", "0")
    again = answered(waiting.call, "<Say>您是第一位</Say><Play>/music</Play>", now=31)
    assert fetched(again).url == f"{HOUSE}/queue"
    assert fetched(again).form["QueueTime"] == "30"


def test_a_queue_without_a_wait_document_plays_music_until_somebody_hangs_up() -> None:
    waiting = queue("")
    assert [cue.kind for cue in waiting.cues] == [Kind.QUEUED, Kind.PLAY]
    assert waiting.call.waits_for == Listen(For.NOTHING)
    assert advance(waiting.call, HangUp(), 9).call.is_over


def test_leaving_the_queue_leads_to_its_action() -> None:
    left = answered(queue().call, "<Leave/>", now=21)
    assert heard(left) == [(Kind.LEFT, "agents")]
    assert fetched(left).url == f"{HOUSE}/after"
    assert (fetched(left).form["QueueResult"], fetched(left).form["QueueTime"]) == ("leave", "20")
    assert left.call.queue is None


def test_leaving_a_queue_without_an_action_goes_on_behind_it() -> None:
    left = answered(queue('waitUrl="/queue"').call, "<Leave/>")
    assert (Kind.SAY, "后面") in heard(left)
    assert left.call.is_over


def test_leave_outside_a_queue_is_told() -> None:
    assert play("<Leave/>").cues[0].kind is Kind.TROUBLE


def test_one_key_leaves_the_queue() -> None:
    listening = answered(queue().call, '<Gather numDigits="1" action="/out"><Say>按1</Say></Gather>')
    asked = advance(listening.call, Keys("1"), 5)
    assert fetched(asked).form["Digits"] == "1"
    assert heard(answered(asked.call, "<Leave/>")) == [(Kind.LEFT, "agents")]


def test_hanging_up_in_the_queue_tells_its_action_and_the_status() -> None:
    told = advance(queue().call, HangUp(), 9).errands
    assert [errand.url for errand in told] == [f"{HOUSE}/after", f"{HOUSE}/telephony/voice/status"]
    assert told[0].form["QueueResult"] == "hangup"


RECORD = '<Record action="/done" finishOnKey="#" recordingStatusCallback="/kept"/><Say>空的</Say>'


@pytest.mark.parametrize(("end", "digits"), [(Keys("#"), "#"), (Silence(), "")])
def test_a_recording_is_handed_over_when_it_ends(end: Event, digits: str) -> None:
    speaking = advance(play(RECORD).call, Speech("请回电"), 2)
    assert speaking.call.waits_for == play(RECORD).call.waits_for
    turn = advance(speaking.call, end, 5)
    form = fetched(turn).form
    assert form["Digits"] == digits
    assert form["RecordingUrl"].endswith(f"/Recordings/RE{turn.call.sid[2:]}")
    [told] = turn.errands
    assert (told.url, told.form["RecordingStatus"]) == (f"{HOUSE}/kept", "completed")


def test_an_empty_recording_is_passed_over() -> None:
    assert (Kind.SAY, "空的") in heard(advance(play(RECORD).call, Silence(), 9))


def test_whoever_hangs_up_in_a_recording_has_left_a_message() -> None:
    speaking = advance(play(RECORD).call, Speech("请回电"), 2)
    told = advance(speaking.call, HangUp(), 5).errands
    assert [urlsplit(errand.url).path for errand in told] == ["/kept", "/done", "/telephony/voice/status"]
    assert told[1].form["Digits"] == "hangup"


@pytest.mark.parametrize(("end", "status"), [(Rung("completed"), "completed"), (Silence(), "no-answer")])
def test_a_dialled_call_reports_how_it_ended(end: Event, status: str) -> None:
    ringing = play('<Dial action="/dialled"><Number>+8613900139000</Number></Dial>')
    assert heard(ringing) == [(Kind.RINGING, "+8613900139000")]
    assert fetched(advance(ringing.call, end, 9)).form["DialCallStatus"] == status


@pytest.mark.parametrize(("attributes", "status"), [("", "no-answer"), ('reason="busy"', "busy")])
def test_a_rejected_call_never_was_one(attributes: str, status: str) -> None:
    assert play(f"<Reject {attributes}/>").call.status == status


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(500, "text/html", "oops"), 11200),
        (Answer(0, "", "timed out"), 11200),
        (Answer(302, "", ""), 11200),
        (Answer(200, "application/json", "{}"), 12300),
        (Answer(200, "text/xml", "<Response><Say>"), 12100),
    ],
)
def test_a_document_that_cannot_be_played_is_a_trouble_and_ends_with_twilios_words(answer: Answer, code: int) -> None:
    turn = advance(begin(new(), f"{HOUSE}/telephony/voice").call, answer, 1)
    assert turn.cues[0].code == code
    assert (Kind.SAY, SORRY) in heard(turn)
    assert turn.call.is_over


def test_the_fallback_is_asked_once() -> None:
    call = new(fallback_url=f"{HOUSE}/fallback")
    turn = advance(begin(call, f"{HOUSE}/telephony/voice").call, Answer(500, "", ""), 1)
    assert fetched(turn).url == f"{HOUSE}/fallback"
    assert fetched(turn).form["ErrorCode"] == "11200"
    assert advance(turn.call, Answer(500, "", ""), 2).call.is_over


def test_a_verb_this_telephone_does_not_play_is_told() -> None:
    turn = play("<Pay/><Say>接着</Say>")
    assert "<Pay>" in turn.cues[0].text
    assert (Kind.SAY, "接着") in heard(turn)


def test_what_comes_after_hanging_up_has_no_effect() -> None:
    over = advance(play(GATHER).call, HangUp(), 3)
    assert over.call.is_over
    for late in (Keys("1"), Speech("喂"), Answer(200, "text/xml", "<Response/>"), HangUp()):
        assert advance(over.call, late, 4) == Turn(over.call)


EVENTS = st.one_of(
    st.builds(Keys, st.text("0123456789*#", min_size=1, max_size=12)),
    st.builds(Speech, st.text(max_size=20)),
    st.just(Silence()),
    st.just(Rung("busy")),
    st.sampled_from(
        [GATHER, RECORD, "<Leave/>", '<Enqueue waitUrl="/q">a</Enqueue>', "<Dial>1</Dial>", "<Pause/>", "<Redirect/>"]
    ).map(lambda verbs: Answer(200, "text/xml", f"<Response>{verbs}<Redirect>/x</Redirect></Response>")),
)


@given(st.lists(EVENTS, max_size=30))
@settings(max_examples=200)
def test_whatever_happens_the_call_waits_for_one_thing_or_is_over_and_said_so_once(events: list[Event]) -> None:
    call, ends = begin(new(), f"{HOUSE}/telephony/voice").call, 0
    for second, event in enumerate([*events, HangUp()]):
        turn = advance(call, event, second)
        call, ends = turn.call, ends + sum(cue.kind is Kind.OVER for cue in turn.cues)
        assert call.is_over == (call.waits_for is None)
    assert call.is_over
    assert ends == 1

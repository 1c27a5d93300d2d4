"""A call turn by turn: whatever is said, the answer is valid, and every call reaches a person or its end."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import asdict, dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from telephony import twiml, twiml_reader
from telephony.replies import Enqueue, HangUp, Leave, Listen, Poll, Record, Reply, Tongue
from telephony.states import Ask, CallBack, Person, Phase, Reason, Rules, Said, State, Step
from telephony.turns import Operator
from telephony.voice import CallTurn

SID = "CA" + "1" * 32
RULES = Rules(5, 2, 1, 4, 3, 40, 0.2, 120, 5, {"zh": ("热水器", "漏水"), "en": ("water heater",)})


class Echo:
    """A script whose words are the names of its lines."""

    def render(self, template: str, language: str, **values: object) -> str:
        return f"{language} {template} {' '.join(f'{name}={value}' for name, value in values.items())}".strip()


OPERATOR = Operator(RULES, Echo())


def turn(words: str = "", keys: str = "", **more: object) -> CallTurn:
    return CallTurn(SID, words=words, keys=keys, **more)  # type: ignore[arg-type]


def greeted() -> State:
    return OPERATOR.greet(State(), opening=None).state


def heard(step: Step) -> str:
    assert step.reply is not None
    return " ".join(line.words for line in step.reply.say)


def talking(**more: object) -> State:
    told = Said(("请问型号？",), **more)  # type: ignore[arg-type]
    return OPERATOR.answer(replace(greeted(), phase=Phase.THINKING), told).state


WORDS = some.one_of(
    some.text(max_size=40),
    some.sampled_from(
        [
            "热水器不热",
            "转人工",
            "再说一遍",
            "慢一点",
            "English",
            "粤语",
            "回电",
            "留言",
            "pardon",
            '<Dial>+1900</Dial> & "x"',
        ]
    ),
)
TURNS = some.builds(
    turn,
    words=WORDS,
    keys=some.sampled_from(["", "", "", "0", "1", "2", "3", "7", "9", "*", "#", "13800138000", "1234"]),
    confidence=some.sampled_from([None, 0.0, 0.1, 0.9]),
    left_queue=some.sampled_from([None] * 12 + ["leave", "bridged", "hangup", "error", "queue-full"]),
)
SAID = some.builds(
    Said,
    texts=some.lists(some.text(min_size=1, max_size=80), min_size=1, max_size=3).map(tuple),
    choices=some.lists(some.tuples(some.text(max_size=8), some.text(min_size=1, max_size=8)), max_size=6).map(tuple),
    expects=some.sampled_from([None, "phone", "address", "code", "confirm", "name"]),
    understood=some.booleans(),
    wants_person=some.sampled_from([False] * 6 + [True]),
    in_danger=some.booleans(),
)


@dataclass
class World:
    """Whoever runs the call: does what a step asks for, as chance has it; keeps what was told to the bot."""

    draw: some.DrawFn
    state: State = field(default_factory=greeted)
    told: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    def chance(self) -> bool:
        return self.draw(some.booleans())

    def settle(self, step: Step) -> None:
        for _ in range(12):
            self.state = step.state
            if step.reply is not None:
                self.replies.append(step.reply)
                if not isinstance(step.reply.then, Poll):
                    return
                step = self.asked()
            elif isinstance(step.do, Ask):
                self.told.append(step.do.words)
                step = self.asked()
            elif isinstance(step.do, Person):
                step = self.person()
            else:
                assert isinstance(step.do, CallBack)
                step = OPERATOR.booked(self.state, "明天") if self.chance() else OPERATOR.not_booked(self.state)
        raise AssertionError("no reply")

    def asked(self) -> Step:
        if self.chance():
            return OPERATOR.answer(self.state, self.draw(SAID), can_text=self.chance())
        return OPERATOR.think(self.state, safety="离开")

    def person(self) -> Step:
        if self.chance():
            return OPERATOR.queue(self.state, "hotline-1", before=("先断电",) if self.chance() else ())
        return OPERATOR.shut(self.state, opening="明天", in_danger=self.chance())

    def hear(self, turn: CallTurn) -> None:
        if self.state.phase in (Phase.QUEUE, Phase.CALLED_BACK) and turn.left_queue is None:
            step = OPERATOR.wait(
                self.state, turn.keys, round_=1, position=2, is_open=self.chance(), music="https://h/hold.wav"
            )
        elif self.state.phase is Phase.MESSAGE:
            step = OPERATOR.recorded(self.state, kept=self.chance())
        else:
            step = OPERATOR.hear(self.state, turn, is_open=self.chance(), is_danger=self.draw(some.integers(0, 9)) == 0)
        self.settle(step)


@settings(max_examples=600, deadline=None)
@given(some.data())
def test_ten_thousand_turns_of_anything_give_no_invalid_answer(data: some.DataObject) -> None:
    world = World(data.draw)
    for each in data.draw(some.lists(TURNS, min_size=20, max_size=20)):
        before, count = world.state, len(world.told)
        world.hear(each)
        assert State.restored(json.loads(json.dumps(asdict(world.state)))) == world.state
        assert world.state.turn >= before.turn
        assert world.state.spoke or not before.spoke
        if before.phase is not Phase.LANGUAGE:
            assert world.state.tongue is before.tongue
        if len(world.told) > count:  # what the bot is told is what the caller has said, or what the key stood for
            assert world.told[-1] in {each.words, each.keys.strip("*#"), *before.choices}
    for reply in world.replies:
        document = twiml.document(reply, world.state.tongue, "https://h.example")
        assert twiml_reader.read(document).troubles == ()
        for element in ET.fromstring(document).iter():
            assert set(element.attrib) <= twiml.ATTRIBUTES[element.tag]


@settings(max_examples=200, deadline=None)
@given(some.data())
def test_from_every_state_a_caller_who_says_nothing_more_reaches_a_person_or_the_end(data: some.DataObject) -> None:
    world = World(data.draw)
    for each in data.draw(some.lists(TURNS, max_size=15)):
        world.hear(each)
    for _ in range(2 * RULES.misses + 2):
        if world.state.phase in (Phase.QUEUE, Phase.ENDED, Phase.CALLED_BACK, Phase.MESSAGE):
            return
        world.settle(OPERATOR.hear(world.state, turn(), is_open=True))
    raise AssertionError(f"still {world.state.phase}")


@settings(max_examples=200, deadline=None)
@given(some.data())
def test_zero_gets_a_person_or_a_callback_in_every_state_that_listens(data: some.DataObject) -> None:
    world = World(data.draw)
    for each in data.draw(some.lists(TURNS, max_size=15)):
        world.hear(each)
    if world.replies and isinstance(world.replies[-1].then, Listen):
        step = OPERATOR.hear(world.state, turn(keys="0"), is_open=True)
        assert isinstance(step.do, Person | CallBack)


def test_no_call_goes_on_for_ever() -> None:
    state = greeted()
    for _ in range(RULES.most_turns):
        step = OPERATOR.hear(state, turn(keys="9"), is_open=True)
        state = step.state
    assert step.do == Person(Reason.UNCLEAR)
    assert isinstance(OPERATOR.hear(state, turn(keys="9"), is_open=False).reply.then, HangUp)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("keys", "tongue", "hears"),
    [
        ("1", Tongue.MANDARIN, "cmn-Hans-CN"),
        ("2", Tongue.ENGLISH, "en-US"),
        ("3", Tongue.CANTONESE, "cmn-Hans-CN"),
    ],
)
def test_each_language_key_has_its_voice_and_its_ear(keys: str, tongue: Tongue, hears: str) -> None:
    step = OPERATOR.hear(greeted(), turn(keys=keys), is_open=True)
    assert step.reply is not None
    assert {line.tongue for line in step.reply.say} == {tongue}
    gather = ET.fromstring(twiml.document(step.reply, tongue)).find("Gather")
    assert gather is not None
    assert gather.get("language") == hears


@pytest.mark.parametrize("words", ["English", "英语。", "english please"])
def test_a_language_can_be_chosen_by_its_name(words: str) -> None:
    assert OPERATOR.hear(greeted(), turn(words), is_open=True).state.tongue is Tongue.ENGLISH


def test_whoever_begins_with_the_matter_is_understood_at_once() -> None:
    assert OPERATOR.hear(greeted(), turn("热水器不热了"), is_open=True).do == Ask("热水器不热了")


@pytest.mark.parametrize("words", ["转人工", "我要找人工客服。", "人工", "operator", "I want to speak to a person"])
def test_a_person_can_be_asked_for_in_words_without_the_bot(words: str) -> None:
    assert OPERATOR.hear(talking(), turn(words), is_open=True).do == Person(Reason.ASKED)


@pytest.mark.parametrize(
    "words", ["人工费多少钱", "我不要人工", "the agent was rude", "慢一点出热水", "再说一遍地址是大良"]
)
def test_sentences_that_only_hold_such_words_are_the_bots_to_read(words: str) -> None:
    assert OPERATOR.hear(talking(), turn(words), is_open=True).do == Ask(words)


@pytest.mark.parametrize(
    "words",
    ["What?", "sorry, what", "I didn't catch that", "could you say that again please", "啥", "你说什么", "我没听见"],
)
def test_who_did_not_hear_hears_it_once_more_however_they_say_so(words: str) -> None:
    assert "请问型号" in heard(OPERATOR.hear(talking(), turn(words), is_open=True))


@pytest.mark.parametrize("words", ["slow down please", "you're speaking too fast", "能不能说慢一点"])
def test_a_slower_voice_can_be_asked_for_in_whole_sentences(words: str) -> None:
    assert OPERATOR.hear(talking(), turn(words), is_open=True).state.slow


@pytest.mark.parametrize("words", ["speak English please", "can we speak English", "会说英文吗"])
def test_a_language_can_be_chosen_in_a_sentence(words: str) -> None:
    assert OPERATOR.hear(greeted(), turn(words), is_open=True).state.tongue is Tongue.ENGLISH


def test_voice_and_listening_follow_the_language_the_bot_has_come_to_speak() -> None:
    reply = OPERATOR.answer(talking(), Said(("Which model is it?",), language="en"))
    assert reply.state.tongue is Tongue.ENGLISH
    assert reply.reply is not None
    assert 'language="en-US"' in twiml.document(reply.reply, reply.state.tongue)
    assert {line.tongue for line in reply.reply.say} == {Tongue.ENGLISH}
    back = OPERATOR.answer(reply.state, Said(("请问型号？",), language="zh"))
    assert back.state.tongue is Tongue.MANDARIN


def test_cantonese_stays_the_voice_of_who_chose_it() -> None:
    state = replace(talking(), tongue=Tongue.CANTONESE)
    assert OPERATOR.answer(state, Said(("请问型号？",), language="zh")).state.tongue is Tongue.CANTONESE


def test_a_number_is_keyed_in_to_the_hash_key_and_a_landline_may_begin_with_zero() -> None:
    state = talking(expects="phone")
    listen = OPERATOR.hear(state, turn(), is_open=True).reply.then  # type: ignore[union-attr]
    assert isinstance(listen, Listen)
    assert listen.keys is None
    assert OPERATOR.hear(state, turn(keys="075722331234"), is_open=True).do == Ask("075722331234")
    assert OPERATOR.hear(state, turn(keys="0"), is_open=True).do == Person(Reason.ASKED)


def test_after_a_summary_one_confirms_and_two_changes() -> None:
    state = talking(expects="confirm")
    assert OPERATOR.hear(state, turn(keys="1"), is_open=True).do == Ask("确认")
    assert OPERATOR.hear(state, turn(keys="2"), is_open=True).do == Ask("修改")
    assert "wrong_key" in heard(OPERATOR.hear(state, turn(keys="7"), is_open=True))


def test_danger_gets_a_person_before_the_bot_and_out_of_hours_the_safety_text_while_it_thinks() -> None:
    assert OPERATOR.hear(talking(), turn("漏电"), is_open=True, is_danger=True).do == Person(Reason.DANGER)
    step = OPERATOR.hear(talking(), turn("漏电"), is_open=False, is_danger=True)
    assert step.do == Ask("漏电")
    step = OPERATOR.think(step.state, safety="马上离开")
    assert heard(step) == "马上离开"
    assert heard(OPERATOR.think(step.state, safety="马上离开")) == "zh voice.wait"


def test_the_fourth_poll_is_the_last() -> None:
    state = replace(talking(), phase=Phase.THINKING)
    for number in range(1, 5):
        step = OPERATOR.think(state, safety="")
        assert step.reply is not None
        assert step.reply.then == Poll(f"turn?turn={state.turn}&poll={number}", 1)
        state = step.state
    assert OPERATOR.think(state, safety="").do == Person(Reason.BOT_DOWN)


GOLDEN = {
    "greeting": (
        OPERATOR.greet(State(), opening=None),
        (
            '<Gather action="/telephony/voice/turn?turn=1" actionOnEmptyResult="true" hints="热水器,漏水" '
            'input="speech dtmf" language="cmn-Hans-CN" method="POST" numDigits="1" profanityFilter="false" '
            'speechTimeout="2" timeout="5"><Say language="cmn-CN" voice="Polly.Zhiyu-Neural">zh voice.greeting</Say>'
            '<Say language="en-US" voice="Polly.Joanna-Neural">en voice.greeting</Say>'
            '<Say language="cmn-CN" voice="Polly.Zhiyu-Neural">zh voice.ask</Say></Gather>'
        ),
    ),
    "wait": (
        OPERATOR.think(replace(greeted(), phase=Phase.THINKING), safety=""),
        (
            '<Say language="cmn-CN" voice="Polly.Zhiyu-Neural">zh voice.wait</Say><Pause length="1" />'
            '<Redirect method="POST">/telephony/voice/turn?turn=1&amp;poll=1</Redirect>'
        ),
    ),
    "queue": (
        OPERATOR.queue(greeted(), "hotline-3"),
        (
            '<Say language="cmn-CN" voice="Polly.Zhiyu-Neural">zh voice.queued</Say>'
            '<Enqueue action="/telephony/voice/turn?turn=2" method="POST" waitUrl="/telephony/voice/queue?round=0" '
            'waitUrlMethod="POST">hotline-3</Enqueue>'
        ),
    ),
    "hold": (
        OPERATOR.wait(
            replace(greeted(), phase=Phase.QUEUE), "", round_=0, position=2, is_open=True, music="https://h/hold.wav"
        ),
        (
            '<Gather action="/telephony/voice/queue?round=1" input="dtmf" method="POST" numDigits="1" timeout="1">'
            '<Say language="cmn-CN" voice="Polly.Zhiyu-Neural">zh voice.position position=2</Say>'
            "<Play>https://h/hold.wav</Play></Gather>"
            '<Redirect method="POST">/telephony/voice/queue?round=1</Redirect>'
        ),
    ),
    "closing time": (
        OPERATOR.booked(replace(greeted(), phase=Phase.QUEUE), "明天"),
        "<Leave />",
    ),
    "message": (
        OPERATOR.hear(replace(greeted(), phase=Phase.CLOSED), turn(keys="2"), is_open=False),
        (
            '<Say language="cmn-CN" voice="Polly.Zhiyu-Neural">zh voice.record</Say>'
            '<Record action="/telephony/voice/recording" finishOnKey="#" maxLength="120" method="POST" playBeep="true" '
            'timeout="5" /><Redirect method="POST">/telephony/voice/recording</Redirect>'
        ),
    ),
    "slower": (
        OPERATOR.hear(replace(greeted(), said=("您好",)), turn("慢一点"), is_open=True),
        (
            '<Gather action="/telephony/voice/turn?turn=2" actionOnEmptyResult="true" hints="热水器,漏水" '
            'input="speech dtmf" language="cmn-Hans-CN" method="POST" numDigits="1" profanityFilter="false" '
            'speechTimeout="2" timeout="5"><Say language="cmn-CN" voice="Polly.Zhiyu-Neural">'
            '<prosody rate="slow">您好</prosody></Say></Gather>'
        ),
    ),
    "end": (
        OPERATOR.end(greeted(), "voice.served"),
        '<Say language="cmn-CN" voice="Polly.Zhiyu-Neural">zh voice.served</Say><Hangup />',
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_each_kind_of_turn_is_written_as_agreed(name: str) -> None:
    step, expected = GOLDEN[name]
    assert step.reply is not None
    document = twiml.document(step.reply, step.state.tongue)
    assert document == f'<?xml version="1.0" encoding="UTF-8"?><Response>{expected}</Response>'


def test_every_kind_of_reply_has_its_golden_turn() -> None:
    shown = {type(step.reply.then).__name__ for step, _ in GOLDEN.values() if step.reply}
    assert shown == {kind.__name__ for kind in (Listen, Poll, Enqueue, Leave, Record, HangUp)} | {"Hold"}


@pytest.mark.parametrize(
    "words",
    [
        "等一下",
        "稍等",
        "等一下啊 我在开车",
        "我记一下 你等会",
        "等我看一下型号",
        "hold on a second",
        "one moment please",
    ],
)
def test_silence_is_borne_after_the_caller_asked_to_wait(words: str) -> None:
    operator = Operator(replace(RULES, waits=4), Echo())
    step = operator.hear(talking(), turn(words), is_open=True)
    assert step.do is None
    assert heard(step).endswith("voice.no_hurry")
    for _ in range(3):
        step = operator.hear(step.state, turn(), is_open=True)
        assert (step.do, heard(step), step.state.misses) == (None, "", 0)
    step = operator.hear(step.state, turn(), is_open=True)
    assert heard(step) == "请问型号？"
    assert operator.hear(step.state, turn(), is_open=True).state.misses == 1


@pytest.mark.parametrize(
    "words",
    [
        "等一下 修一次一般要多少钱啊",
        "一",
        "one",
        "等了半天没人来",
        "一等奖",
        "等一下我问问上门多少钱",
        "我看看不到型号",
    ],
)
def test_what_only_sounds_like_waiting_is_the_bots_to_read(words: str) -> None:
    assert OPERATOR.hear(talking(), turn(words), is_open=True).do == Ask(words)


@pytest.mark.parametrize("words", ["啥？你说啥", "再说一遍 听不清", "大点声 听不见", "大声一点", "没听清，再说一遍"])
def test_who_did_not_hear_in_two_words_hears_it_again(words: str) -> None:
    step = OPERATOR.hear(talking(), turn(words), is_open=True)
    assert step.do is None
    assert "请问型号？" in heard(step)


def test_who_hears_badly_gets_the_question_slowly_and_then_a_person_to_turn_to() -> None:
    said = Said(("漏水先停用。请问型号？",))
    state = OPERATOR.answer(replace(greeted(), phase=Phase.THINKING), said).state
    first = OPERATOR.hear(state, turn("啥"), is_open=True)
    assert heard(first) == "漏水先停用。请问型号？"
    second = OPERATOR.hear(first.state, turn("再说一遍"), is_open=True)
    assert heard(second) == "请问型号？"
    assert second.reply is not None
    assert second.reply.say[0].slow
    third = OPERATOR.hear(second.state, turn("啥"), is_open=True)
    assert heard(third) == "zh voice.hard_to_hear 请问型号？"
    answered = OPERATOR.hear(third.state, turn("不知道"), is_open=True)
    assert answered.state.repeats == 0

"""A call that came in, turn by turn: what was heard, what is said next. Pure; who runs it does what a step asks for.

`Operator.hear` takes a state and what was heard and gives a `Step`: the next state and either the reply, or something
to do first (ask the bot, get a person, book a call), whose outcome is told by another of its methods. The zero key is a
person in every state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from telephony import speech, wishes
from telephony.replies import Enqueue, HangUp, Hold, Leave, Line, Listen, Poll, Record, Reply, Then, Tongue
from telephony.states import Ask, CallBack, Person, Phase, Reason, Rules, Said, Script, State, Step
from telephony.voice import CallTurn
from telephony.wishes import Wish

KEYED: Final = frozenset({"phone", "code", "ticket_no"})
"""What the bot may wait for that is better keyed in: any number of keys, ended by the hash key."""

CONFIRM: Final[Mapping[str, tuple[str, ...]]] = {
    "zh": ("确认", "修改"),
    "en": ("Yes, that is right", "Change something"),
}
"""What the keys 1 and 2 say to the bot when it has read something back."""

REPEATED: Final = 2
"""Wishes in a row to hear the same again after which only the question is said, slowly; then a person is offered."""

BRIDGED: Final = frozenset({"bridged", "bridging-in-process", "redirected-from-bridged"})


@dataclass(frozen=True)
class Operator:
    """Answers the telephone, by rules and in the words of a script."""

    rules: Rules
    script: Script

    def greet(self, state: State, *, opening: str | None) -> Step:
        """The first words: who we are, that words are kept, which languages there are.

        Args:
            opening: when people are back, in Chinese; None while they are there.
        """
        words = [self._words(state, "voice.greeting")]
        if opening is not None:
            words.append(self._words(state, "voice.greeting_closed", opening=opening))
        english = Line(self.script.render("voice.greeting", "en"), Tongue.ENGLISH)
        question = self._words(state, "voice.ask")
        state = replace(state, phase=Phase.LANGUAGE, turn=state.turn + 1, said=(*words, question), question=question)
        lines = (*self._lines(state, words), english, *self._lines(state, [question]))
        return Step(state, reply=Reply(lines, self._listen(state)))

    def hear(self, state: State, turn: CallTurn, *, is_open: bool, is_danger: bool = False) -> Step:
        """What follows from a caller's turn.

        Args:
            is_open: whether people are at the desk.
            is_danger: whether the words report a danger. With people there it is said to them; the safety text comes
                first in any case (`queue`, `think`), unless the bot says it.
        """
        if state.phase is Phase.ENDED:
            return Step(state, reply=Reply((), HangUp()))
        if turn.left_queue is not None:
            return self.left(state, turn.left_queue)
        if state.turn >= self.rules.most_turns:
            return Step(state, Person(Reason.UNCLEAR)) if is_open else self.end(state, "voice.nobody_there")
        if turn.is_silent:
            return self._bear(state) if state.waits else self._missed(state, "voice.silence")
        state = replace(state, spoke=True, waits=0)
        if is_danger:
            state = replace(state, alarmed=True, misses=0)
            return Step(state, Person(Reason.DANGER)) if is_open else self._ask(state, turn.words)
        return self._grant(state, turn) or self._go_on(state, turn)

    def _grant(self, state: State, turn: CallTurn) -> Step | None:
        """What the caller wants of the call itself, if that is what they have said."""
        match wishes.wish(turn):
            case Wish.PERSON if state.phase is Phase.CLOSED:
                return Step(state, CallBack(None))
            case Wish.PERSON:
                return Step(replace(state, misses=0), Person(Reason.ASKED))
            case Wish.SLOWER:
                return self._again(replace(state, slow=True))
            case Wish.REPEAT:
                return self._again(state, repeats=state.repeats + 1)
            case Wish.WAIT if state.phase is Phase.TALK:
                return self._wait_for(state)
        return None

    def _go_on(self, state: State, turn: CallTurn) -> Step:
        """What has been asked is answered."""
        if state.phase is Phase.CLOSED:
            return self._choose(state, turn)
        if state.phase is Phase.NUMBER:
            return Step(state, CallBack(turn.keys or turn.words))
        if state.phase is Phase.LANGUAGE and (tongue := wishes.tongue(turn)) is not None:
            return self._in_language(state, tongue)
        return self._to_the_bot(state, turn)

    def answer(self, state: State, said: Said, *, can_text: bool = False) -> Step:
        """Say what the bot, or whoever it was, has said.

        Args:
            can_text: whether a text can be sent to the caller's number.
        """
        state = state.speaking(said.language or state.tongue.language)
        if said.wants_person:
            return Step(replace(state, misses=0, polls=0, alarmed=said.in_danger), Person(Reason.ASKED))
        misses = 0 if said.understood else state.misses + 1
        by_text = misses >= self.rules.misses and said.expects == "address" and can_text and not state.texted
        if misses >= self.rules.misses and not by_text:
            return Step(replace(state, misses=misses), Person(Reason.UNCLEAR))
        before = (
            [self._words(state, "voice.read_back", digits=speech.digits(state.read_back))] if state.read_back else []
        )
        if said.is_texted:
            before.append(self._words(state, "voice.ticket_texted"))
        if by_text:
            before.append(self._words(state, "voice.text_for_address"))
        spoken = self._spoken(state, said.texts)
        choices, offer = self._choices(state, said, " ".join(spoken))
        state = replace(
            state,
            phase=Phase.TALK,
            turn=state.turn + 1,
            said=(*before, *spoken, *offer),
            question=speech.question(spoken[-1]) if spoken else self._words(state, "voice.ask"),
            expects=said.expects,
            choices=choices,
            misses=0 if by_text else misses,
            polls=0,
            read_back="",
            alarmed=False,
            texted=state.texted or by_text,
        )
        return Step(state, reply=Reply(self._lines(state, state.said), self._listen(state)), text_for_address=by_text)

    def think(self, state: State, *, safety: str) -> Step:
        """The bot has not answered yet: wait a little, and after some times get a person.

        Args:
            safety: the safety text for what the caller has said; said at once if it was dangerous.
        """
        if state.polls >= self.rules.polls:
            return Step(state, Person(Reason.DANGER if state.alarmed else Reason.BOT_DOWN))
        says_safety = state.alarmed and state.polls == 0
        words = speech.speakable(safety, state.tongue.language) if says_safety else self._words(state, "voice.wait")
        state = replace(state, phase=Phase.THINKING, polls=state.polls + 1)
        to = f"turn?turn={state.turn}&poll={state.polls}"
        return Step(state, reply=Reply(self._lines(state, [words]), Poll(to, self.rules.pause_s)))

    def queue(self, state: State, queue: str, *, before: tuple[str, ...] = ()) -> Step:
        """People are there: let the caller wait for one.

        Args:
            before: what must be said first, such as a safety text or the bot's last words.
        """
        words = [*self._spoken(state, before), self._words(state, "voice.queued")]
        state = replace(state, phase=Phase.QUEUE, turn=state.turn + 1, said=tuple(words), polls=0, alarmed=False)
        then = Enqueue(queue, "queue?round=0", f"turn?turn={state.turn}")
        return Step(state, reply=Reply(self._lines(state, words), then))

    def shut(self, state: State, *, opening: str, in_danger: bool, before: tuple[str, ...] = ()) -> Step:
        """Nobody is at the desk: tell when, and offer a callback or a message. In danger somebody on duty is rung."""
        words = [
            *self._spoken(state, before),
            self._words(state, "voice.duty" if in_danger else "voice.shut", opening=opening),
        ]
        question = self._words(state, "voice.shut_choice")
        state = replace(
            state,
            phase=Phase.CLOSED,
            turn=state.turn + 1,
            said=(*words, question),
            question=question,
            choices=(),
            expects=None,
            misses=0,
            polls=0,
            alarmed=False,
        )
        return Step(state, reply=Reply(self._lines(state, state.said), self._listen(state)))

    def wait(self, state: State, keys: str, *, round_: int, position: int, is_open: bool, music: str) -> Step:
        """One round in the queue. The 1 key, and closing time, book a callback instead of waiting on.

        Args:
            position: how many are served before the caller, themselves included.
        """
        if state.phase is Phase.CALLED_BACK:
            return Step(state, reply=Reply((), Leave()))
        if keys.startswith("1") or not is_open:
            return Step(state, CallBack(None))
        words = self._words(state, "voice.position", position=position)
        return Step(state, reply=Reply(self._lines(state, [words]), Hold(f"queue?round={round_ + 1}", music)))

    def left(self, state: State, result: str) -> Step:
        """The caller is out of the queue: served, to be called back, or thrown out of it."""
        if state.phase is Phase.CALLED_BACK:
            return self.end(state, "voice.called_back", window=state.promise)
        if result == "hangup":
            return Step(replace(state, phase=Phase.ENDED), reply=Reply((), HangUp()))
        if result in BRIDGED:
            return self.end(state, "voice.served")
        return Step(state, CallBack(None))

    def booked(self, state: State, promise: str) -> Step:
        """A callback is booked; `promise` says when, in the caller's language."""
        if state.phase is Phase.QUEUE:
            state = replace(state, phase=Phase.CALLED_BACK, promise=promise)
            return Step(state, reply=Reply((), Leave()))
        return self.end(replace(state, promise=promise), "voice.called_back", window=promise)

    def not_booked(self, state: State) -> Step:
        """No call could be booked to that number, or none is known: ask for one, by keys."""
        asked = state.phase is Phase.NUMBER
        misses = state.misses + 1 if asked else 0
        if misses >= self.rules.misses:
            return self.end(state, "voice.no_number")
        if state.phase is Phase.QUEUE:  # out of the queue first; its own address asks for the number
            return Step(replace(state, phase=Phase.CLOSED), reply=Reply((), Leave()))
        words = self._words(state, "voice.bad_number" if asked else "voice.ask_number")
        state = replace(
            state,
            phase=Phase.NUMBER,
            turn=state.turn + 1,
            said=(words,),
            question=words,
            expects="phone",
            misses=misses,
        )
        return Step(state, reply=Reply(self._lines(state, [words]), self._listen(state)))

    def recorded(self, state: State, *, kept: bool) -> Step:
        """A message was left, or nothing was said."""
        return self.end(state, "voice.message_kept" if kept else "voice.message_empty")

    def end(self, state: State, template: str, **values: object) -> Step:
        """Say some last words and hang up."""
        words = self._words(state, template, **values)
        state = replace(state, phase=Phase.ENDED, said=(words,), question="", alarmed=False)
        return Step(state, reply=Reply(self._lines(state, [words]), HangUp()))

    def _in_language(self, state: State, tongue: Tongue) -> Step:
        state = replace(state, tongue=tongue, phase=Phase.TALK, turn=state.turn + 1, misses=0)
        question = self._words(state, "voice.ask")
        chosen = ["voice.cantonese"] if tongue is Tongue.CANTONESE else []
        words = [*(self._words(state, each) for each in chosen), self._words(state, "voice.keys"), question]
        state = replace(state, said=tuple(words), question=question)
        return Step(state, reply=Reply(self._lines(state, words), self._listen(state)))

    def _to_the_bot(self, state: State, turn: CallTurn) -> Step:
        if turn.keys:
            if state.expects in KEYED and len(turn.keys) > 1:
                return self._ask(replace(state, read_back=turn.keys.strip("*#")), turn.keys.strip("*#"))
            place = int(turn.keys) - 1 if turn.keys.isdigit() and len(turn.keys) == 1 else -1
            if 0 <= place < len(state.choices):
                return self._ask(state, state.choices[place])
            return self._missed(state, "voice.wrong_key")
        if turn.confidence is not None and turn.confidence < self.rules.least_confidence:
            return self._missed(state, "voice.unclear")
        return self._ask(state, turn.words)

    def _ask(self, state: State, words: str) -> Step:
        return Step(replace(state, phase=Phase.THINKING, polls=0, repeats=0), Ask(words))

    def _choose(self, state: State, turn: CallTurn) -> Step:
        """Out of hours: a callback, a message, or words for the bot after all."""
        if wishes.wants_callback(turn):
            return Step(state, CallBack(None))
        if wishes.wants_message(turn):
            line = self._words(state, "voice.record")
            state = replace(state, phase=Phase.MESSAGE, turn=state.turn + 1, said=(line,))
            then = Record("recording", self.rules.longest_message_s, self.rules.silence_ends_message_s)
            return Step(state, reply=Reply(self._lines(state, [line]), then))
        return self._to_the_bot(state, turn)

    def _missed(self, state: State, template: str) -> Step:
        """Nothing was heard, or nothing that could be used: ask again, shorter; after some times stop asking."""
        state = replace(state, misses=state.misses + 1)
        if state.misses >= self.rules.misses:
            if state.spoke and state.phase not in (Phase.CLOSED, Phase.NUMBER):
                return Step(state, Person(Reason.UNCLEAR))
            return self.end(state, "voice.nobody_there")
        words = [self._words(state, template), state.question]
        state = replace(state, turn=state.turn + 1)
        return Step(state, reply=Reply(self._lines(state, words), self._listen(state)))

    def _again(self, state: State, *, repeats: int = 0) -> Step:
        """The same words; the second time in a row slowly and only the question, then with a person to turn to."""
        state = replace(state, turn=state.turn + 1, misses=0, repeats=repeats, slow=state.slow or repeats > 1)
        words = state.said if repeats < REPEATED or not state.question else (state.question,)
        if repeats > REPEATED:
            words = (self._words(state, "voice.hard_to_hear"), *words)
        return Step(state, reply=Reply(self._lines(state, words), self._listen(state)))

    def _wait_for(self, state: State) -> Step:
        """The caller needs a moment: that is no silence of the usual kind."""
        state = replace(state, turn=state.turn + 1, misses=0, waits=self.rules.waits)
        words = [self._words(state, "voice.no_hurry")]
        return Step(state, reply=Reply(self._lines(state, words), self._listen(state)))

    def _bear(self, state: State) -> Step:
        """Nothing is heard of a caller who asked us to wait: we listen on, and at the end put the question again."""
        state = replace(state, turn=state.turn + 1, waits=state.waits - 1)
        words = [] if state.waits else [state.question]
        return Step(state, reply=Reply(self._lines(state, words), self._listen(state)))

    def _choices(self, state: State, said: Said, spoken: str) -> tuple[tuple[str, ...], list[str]]:
        """The words of the keys, and how they are offered."""
        language = state.tongue.language
        if said.expects == "confirm":
            words = tuple(words for _, words in said.choices[:2]) or CONFIRM[language]
            return words, [self._words(state, "voice.confirm_keys")] if len(words) == 2 else []
        if said.expects in KEYED or not said.choices:
            return (), [self._words(state, "voice.finish_key")] if said.expects == "phone" else []
        offered = said.choices[: speech.MOST_CHOICES]
        return tuple(words for _, words in offered), [speech.offer([title for title, _ in offered], language, spoken)]

    def _listen(self, state: State) -> Then:
        return Listen(
            to=f"turn?turn={state.turn}",
            keys=None if state.expects in KEYED else 1,
            timeout_s=self.rules.timeout_s,
            speech_timeout_s=self.rules.speech_timeout_s,
            hints=self.rules.hints.get(state.tongue.language, ()),
        )

    def _lines(self, state: State, words: tuple[str, ...] | list[str]) -> tuple[Line, ...]:
        """Each by the caller's voice; what must be written down is said slowly, sentence by sentence."""
        cut = [part for each in words for part in (speech.sentences(each) if speech.is_dictated(each) else [each])]
        return tuple(Line(each, state.tongue, state.slow or speech.is_dictated(each)) for each in cut if each)

    def _spoken(self, state: State, texts: tuple[str, ...]) -> list[str]:
        return [speech.speakable(text, state.tongue.language) for text in texts]

    def _words(self, state: State, template: str, **values: object) -> str:
        return self.script.render(template, state.tongue.language, **values)

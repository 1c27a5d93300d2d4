"""How each verb is played."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urljoin

from telephony import twiml_reader
from telephony.handset.stage import NOT_PLAYED, Stage
from telephony.handset.values import Call, For, Kind, Listen, Queue
from telephony.twiml_reader import Verb

GATHER_TIMEOUT_S: Final = 5
RING_TIMEOUT_S: Final = 30
HOLD_MUSIC: Final = "http://com.twilio.sounds.music.s3.amazonaws.com/index.xml"


def play_on(stage: Stage) -> None:
    """Verb after verb, until the call waits for something or is over."""
    verbs = twiml_reader.read(stage.call.document).verbs
    while stage.call.waits_for is None and not stage.call.is_over:
        place = stage.call.place
        if place >= len(verbs):
            _run_out(stage)
            return
        verb = verbs[place]
        stage.change(place=place + 1)
        if verb.name in ("Redirect", "Enqueue", "Leave"):  # these leave the document
            _LEAVING[verb.name](stage, verb)
            return
        _PLAYED.get(verb.name, _not_played)(stage, verb)


def _run_out(stage: Stage) -> None:
    """Nothing is left to play: the wait in a queue begins anew, any other call ends."""
    queue = stage.call.queue
    if queue is None:
        stage.end("completed")
    else:
        _wait(stage, queue)


def _say(stage: Stage, verb: Verb) -> None:
    for _ in range(max(1, min(verb.whole("loop", 1), 10))):
        stage.cue(Kind.SAY, verb.text, language=verb.get("language"))


def _play(stage: Stage, verb: Verb) -> None:
    stage.cue(Kind.PLAY, verb.text)
    if verb.whole("loop", 1) == 0:
        stage.change(waits_for=Listen(For.NOTHING))


def _pause(stage: Stage, verb: Verb) -> None:
    stage.cue(Kind.PAUSE, seconds=verb.whole("length", 1))


def _gather(stage: Stage, verb: Verb) -> None:
    for noun in verb.nouns:
        _PLAYED[noun.name](stage, noun)
    kinds = verb.get("input", "dtmf").split()
    stage.change(
        waits_for=Listen(
            For.GATHER,
            keys="dtmf" in kinds,
            speech="speech" in kinds,
            timeout_s=verb.whole("timeout", GATHER_TIMEOUT_S),
            num_digits=verb.whole("numDigits", 0),
            finish_on_key=verb.get("finishOnKey", "#"),
            language=verb.get("language"),
        )
    )


def _record(stage: Stage, verb: Verb) -> None:
    if verb.get("playBeep", "true") == "true":
        stage.cue(Kind.BEEP)
    ends = verb.get("finishOnKey", "1234567890*#")
    timeout = verb.whole("timeout", GATHER_TIMEOUT_S)
    stage.change(recorded="", waits_for=Listen(For.RECORD, True, True, timeout, finish_on_key=ends))


def _dial(stage: Stage, verb: Verb) -> None:
    names = [noun.text or noun.name for noun in verb.nouns] or [verb.text]
    stage.cue(Kind.RINGING, ", ".join(names))
    stage.change(waits_for=Listen(For.RING, timeout_s=verb.whole("timeout", RING_TIMEOUT_S)))


def _reject(stage: Stage, verb: Verb) -> None:
    stage.end("busy" if verb.get("reason") == "busy" else "no-answer")


def _not_played(stage: Stage, verb: Verb) -> None:
    stage.trouble(NOT_PLAYED, f"this telephone does not play <{verb.name}>")


def _redirect(stage: Stage, verb: Verb) -> None:
    stage.fetch(verb.text, verb.get("method", "POST"))


def _enqueue(stage: Stage, verb: Verb) -> None:
    call = stage.call
    queue = Queue(
        name=verb.text,
        wait_url=urljoin(call.address, verb.get("waitUrl")) if verb.get("waitUrl") else "",
        wait_method=verb.get("waitUrlMethod", "POST"),
        action=urljoin(call.address, verb.get("action")) if verb.get("action") else "",
        method=verb.get("method", "POST"),
        document=call.document,
        address=call.address,
        place=call.place,
        since=stage.now,
    )
    stage.cue(Kind.QUEUED, queue.name)
    stage.change(queue=queue)
    _wait(stage, queue)


def _wait(stage: Stage, queue: Queue) -> None:
    if not queue.wait_url:
        stage.cue(Kind.PLAY, HOLD_MUSIC)
        stage.change(waits_for=Listen(For.NOTHING))
        return
    waited = str(max(0, round(stage.now - queue.since)))
    in_queue = {"QueuePosition": "1", "CurrentQueueSize": "1", "QueueTime": waited, "AvgQueueTime": waited}
    stage.fetch(queue.wait_url, queue.wait_method, QueueSid=queue_sid(stage.call), **in_queue)


def _leave(stage: Stage, _verb: Verb) -> None:
    if stage.call.queue is None:
        stage.trouble(twiml_reader.NOT_IN_SCHEMA, "<Leave> outside a queue")
        play_on(stage)
        return
    _leave_queue(stage, stage.call.queue)


def _leave_queue(stage: Stage, queue: Queue) -> None:
    """Out of the queue: to its action, or to the verb behind <Enqueue>."""
    sid, waited = queue_sid(stage.call), str(max(0, round(stage.now - queue.since)))
    stage.cue(Kind.LEFT, queue.name)
    stage.change(queue=None, document=queue.document, address=queue.address, place=queue.place, waits_for=None)
    if queue.action:
        stage.fetch(queue.action, queue.method, QueueResult="leave", QueueSid=sid, QueueTime=waited)
    else:
        play_on(stage)


def queue_sid(call: Call) -> str:
    """The id of the queue a call waits in."""
    return "QU" + call.sid[2:]


_PLAYED: Final[Mapping[str, Callable[[Stage, Verb], None]]] = {
    "Say": _say,
    "Play": _play,
    "Pause": _pause,
    "Gather": _gather,
    "Record": _record,
    "Dial": _dial,
    "Reject": _reject,
    "Hangup": lambda stage, _: stage.end("completed"),
}
_LEAVING: Final[Mapping[str, Callable[[Stage, Verb], None]]] = {
    "Redirect": _redirect,
    "Enqueue": _enqueue,
    "Leave": _leave,
}

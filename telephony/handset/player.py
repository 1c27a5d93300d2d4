"""From event to turn: the beginning of a call, documents that arrive, and what the caller does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from telephony import twiml_reader
from telephony.handset.stage import RETRIEVAL_FAILED, WRONG_TYPE, Stage, bare
from telephony.handset.values import (
    Answer,
    Call,
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
)
from telephony.handset.verbs import play_on, queue_sid
from telephony.twiml_reader import Trouble, Verb

XML_TYPES: Final = frozenset({"text/xml", "application/xml", "text/html"})


def begin(call: Call, url: str) -> Turn:
    """The telephone rings: ask for the first document at the number's webhook."""
    stage = Stage(replace(call, address=url), call.began)
    stage.fetch(url)
    return stage.turn()


def advance(call: Call, event: Event, now: float) -> Turn:
    """What happens next. An event that comes too late, such as an answer after hanging up, has no effect."""
    stage = Stage(call, now)
    if not call.is_over:
        match event, call.waits_for:
            case HangUp(), _:
                _hang_up(stage)
            case Answer(), waiting:
                if isinstance(waiting, Fetch):
                    _take_document(stage, event, waiting)
            case Keys() | Speech() | Silence() | Rung(), Listen() as listen:
                _LISTENING[listen.what](stage, event, listen)
            case Keys(heard) | Speech(heard), _:
                stage.cue(Kind.IGNORED, heard)
    return stage.turn()


def _gathering(stage: Stage, event: Event, listen: Listen) -> None:
    match event:
        case Keys(keys) if listen.keys:
            _take_keys(stage, keys, listen)
        case Speech(words, confidence) if listen.speech:
            _answer_gather(stage, {"SpeechResult": words, "Confidence": f"{confidence:.6g}"})
        case Silence():
            _fall_silent(stage)
        case _:
            _nothing(stage, event, listen)


def _recording_on(stage: Stage, event: Event, listen: Listen) -> None:
    match event:
        case Speech(words):
            stage.change(recorded=f"{stage.call.recorded} {words}".strip())
        case Keys(keys) if ends := [key for key in keys if key in listen.finish_on_key]:
            _end_recording(stage, ends[0])
        case Silence():
            _end_recording(stage, "")
        case _:
            _nothing(stage, event, listen)


def _ringing(stage: Stage, event: Event, listen: Listen) -> None:
    match event:
        case Rung(status):
            _end_ringing(stage, status)
        case Silence():
            _end_ringing(stage, "no-answer")
        case _:
            _nothing(stage, event, listen)


def _nothing(stage: Stage, event: Event, _listen: Listen) -> None:
    if isinstance(event, Keys | Speech):
        stage.cue(Kind.IGNORED, event.keys if isinstance(event, Keys) else event.words)


_LISTENING: Final[Mapping[For, Callable[[Stage, Event, Listen], None]]] = {
    For.GATHER: _gathering,
    For.RECORD: _recording_on,
    For.RING: _ringing,
    For.NOTHING: _nothing,
}


def _take_document(stage: Stage, answer: Answer, fetch: Fetch) -> None:
    stage.change(waits_for=None, status="in-progress")
    kind = answer.content_type.partition(";")[0].strip().lower()
    if answer.status == 0:
        trouble = Trouble(RETRIEVAL_FAILED, f"{bare(fetch.url)}: {answer.body}")
    elif not 200 <= answer.status < 300:
        trouble = Trouble(RETRIEVAL_FAILED, f"{bare(fetch.url)} answered HTTP {answer.status}")
    elif kind not in XML_TYPES:
        trouble = Trouble(WRONG_TYPE, f"{bare(fetch.url)} answered {kind or 'without a content type'}, not XML")
    else:
        read = twiml_reader.read(answer.body)
        for each in read.troubles:
            stage.trouble(each.code, each.what)
        if read.is_fatal:
            stage.fail(fetch.url, read.troubles[0].code)
        else:
            address = fetch.url if fetch.method == "POST" else bare(fetch.url)
            stage.change(document=answer.body, address=address, place=0)
            play_on(stage)
        return
    stage.trouble(trouble.code, trouble.what)
    stage.fail(fetch.url, trouble.code)


def _verb(call: Call) -> Verb:
    """The verb that is waiting for the caller."""
    return twiml_reader.read(call.document).verbs[call.place - 1]


def _take_keys(stage: Stage, keys: str, listen: Listen) -> None:
    digits, ended_by = "", ""
    for place, key in enumerate(keys, start=1):
        if key == listen.finish_on_key:
            ended_by = key
        else:
            digits += key
        if ended_by or len(digits) == listen.num_digits:
            if place < len(keys):
                stage.cue(Kind.IGNORED, keys[place:])
            break
    if digits or (ended_by and _verb(stage.call).is_on("actionOnEmptyResult")):
        _answer_gather(stage, {"Digits": digits, "FinishedOnKey": ended_by})
    else:
        _fall_silent(stage)


def _answer_gather(stage: Stage, fields: Mapping[str, str]) -> None:
    gather = _verb(stage.call)
    stage.change(waits_for=None, barren=0)
    stage.fetch(gather.get("action"), gather.get("method", "POST"), **fields)


def _fall_silent(stage: Stage) -> None:
    gather = _verb(stage.call)
    stage.change(barren=0)
    if gather.is_on("actionOnEmptyResult"):
        _answer_gather(stage, {})
    else:
        stage.change(waits_for=None)
        play_on(stage)


def _end_recording(stage: Stage, key: str) -> None:
    record, said = _verb(stage.call), stage.call.recorded
    stage.change(waits_for=None, recorded="", barren=0)
    if not said:  # Twilio asks for nothing after an empty recording
        play_on(stage)
        return
    fields = _recording(stage, record, said)
    stage.fetch(record.get("action"), record.get("method", "POST"), Digits=key, **fields)


def _recording(stage: Stage, record: Verb, said: str) -> dict[str, str]:
    """The fields that name a recording; whoever asked for its callback is told as well."""
    sid = "RE" + stage.call.sid[2:]
    account = f"https://api.twilio.com/2010-04-01/Accounts/{stage.call.account}"
    fields = {"RecordingUrl": f"{account}/Recordings/{sid}", "RecordingDuration": str(max(1, len(said) // 4))}
    if target := record.get("recordingStatusCallback"):
        told = fields | {"RecordingSid": sid, "RecordingStatus": "completed", "RecordingChannels": "1"}
        stage.errands.append(stage.request(target, record.get("recordingStatusCallbackMethod", "POST"), **told))
    return fields | {"RecordingSid": sid}


def _end_ringing(stage: Stage, status: str) -> None:
    dial = _verb(stage.call)
    stage.change(waits_for=None, barren=0)
    if not dial.get("action"):
        play_on(stage)
        return
    ended = {"DialCallStatus": status, "DialCallSid": "CA" + stage.call.sid[2:][::-1]}
    stage.fetch(dial.get("action"), dial.get("method", "POST"), **ended)


def _hang_up(stage: Stage) -> None:
    call = stage.call
    if isinstance(call.waits_for, Listen) and call.waits_for.what is For.RECORD and call.recorded:
        record = _verb(call)
        fields = _recording(stage, record, call.recorded)
        stage.change(status="completed")
        action = record.get("action")
        stage.errands.append(stage.request(action, record.get("method", "POST"), Digits="hangup", **fields))
    if call.queue is not None and call.queue.action:
        queue, sid = call.queue, queue_sid(call)
        stage.change(status="completed")
        stage.errands.append(stage.request(queue.action, queue.method, QueueResult="hangup", QueueSid=sid))
    stage.end("completed")

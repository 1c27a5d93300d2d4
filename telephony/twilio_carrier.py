"""Twilio as a carrier.

Twilio has no idempotency key for texts or calls, so every answer is sorted into exactly one of: accepted, definitely
refused, provably not processed, unknown. What is unknown is never sent again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from telephony import calls, connections, error_codes, outgoing, sms
from telephony.ports import (
    Capabilities,
    CarrierAway,
    CarrierStatus,
    Feature,
    FoundCall,
    FoundText,
    NotProcessed,
    OutgoingCall,
    OutgoingText,
    Refused,
    SendResult,
    Sent,
    Unknown,
)

TIMEOUT_S: Final = 5.0
TOO_FAST: Final = 20429
ENDED_ALREADY: Final = (20404, 21220)
"""There is no such call (any more), or none that could be changed."""
LONGEST_VALIDITY_S: Final = 36_000
MOST_FOUND: Final = 50
T = TypeVar("T")
LONGEST_CALL_S: Final = 120
CALL_EVENTS: Final = ["initiated", "ringing", "answered", "completed"]

# Twilio's own pages: mainland China has no two-way texts, no MMS, no addresses in texts, no calls since 2023-11-30.
TWILIO: Final = Capabilities(features=frozenset(Feature), not_in={"CN": frozenset(Feature) - {Feature.SMS}})


class TwilioCarrier:
    """Twilio's Messages and Calls API, over Twilio's own client."""

    name = "twilio"
    capabilities = TWILIO

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        sender: str,
        caller: str = "",
        texts_per_second: float | None = None,
        calls_per_second: float | None = None,
        status_url: str = "",
        outgoing_url: str = "",
        api_url: str | None = None,
        own_numbers: Collection[str] = (),
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Args:
        sender: our number in E.164, or a Messaging Service (MG…).
        caller: our number calls come from; default the sender, if it is a number. Without one there are no calls.
        texts_per_second: the rate of the sender, as bought from Twilio; None for any.
        calls_per_second: likewise for calls.
        status_url: where status callbacks go; empty means none are asked for.
        outgoing_url: what the addresses of scripts' webhooks begin with.
        api_url: another address for the API (tests, proxies).
        own_numbers: further numbers of ours.
        timeout_s: longest wait for a connection, and again for the answer.
        """
        quiet = logging.getLogger("telephony.twilio_carrier.wire")
        quiet.disabled = True  # Twilio's client logs addresses and numbers
        # A new connection for each text: one kept alive may be closed under a request, and that outcome is unknown.
        http = TwilioHttpClient(pool_connections=False, timeout=timeout_s, logger=quiet)
        self._client = Client(account_sid, auth_token, http_client=http)
        if api_url:
            self._client.api.base_url = api_url.rstrip("/")
        self._sender = {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}
        self._caller = caller or ("" if sender.startswith("MG") else sender)
        self.capabilities = replace(
            TWILIO,
            features=TWILIO.features - (frozenset() if self._caller else {Feature.VOICE}),
            texts_per_second=texts_per_second,
            calls_per_second=calls_per_second,
        )
        self._status_url = status_url
        self._outgoing_url = outgoing_url
        self.own_numbers = frozenset(own_numbers) | {ours for ours in (sender, caller) if ours.startswith("+")}

    def send_text(self, text: OutgoingText) -> SendResult:
        options = self._sender | self._callback(text.reference)
        valid_for_s = max(1, min(text.valid_for_s, LONGEST_VALIDITY_S))
        return _outcome(
            lambda: self._client.messages.create(to=text.to, body=text.body, validity_period=valid_for_s, **options),
            sms.SID,
        )

    def call(self, call: OutgoingCall) -> SendResult:
        options = self._callback(call.reference)
        if options:
            options["status_callback_event"] = CALL_EVENTS
        return _outcome(
            lambda: self._client.calls.create(
                to=call.to,
                from_=self._caller,
                timeout=call.ring_for_s,
                **self._said(call),
                **options,
            ),
            calls.SID,
        )

    def _said(self, call: OutgoingCall) -> dict[str, Any]:
        """Who says what in a call, and for how long at most."""
        if not call.script:
            return {"twiml": calls.twiml(call.words, call.language), "time_limit": LONGEST_CALL_S}
        script = outgoing.SCRIPTS[call.script]
        machines = {"machine_detection": "DetectMessageEnd"} if script.finds_machines else {}
        url = f"{self._outgoing_url}/{call.script}?ref={call.reference}"
        return {"url": url, "method": "POST", "time_limit": script.longest_s, **machines}

    def _callback(self, reference: str) -> dict[str, Any]:
        return {"status_callback": f"{self._status_url}?ref={reference}"} if self._status_url else {}

    def hang_up(self, sid: str) -> None:
        try:
            self._client.calls(sid).update(status="completed")
        except TwilioRestException as error:
            if error.code not in ENDED_ALREADY:
                raise CarrierAway(str(error.code or error.status)) from None
        except (TwilioException, requests.RequestException, ValueError, TypeError, AttributeError) as error:
            raise CarrierAway(type(error).__name__) from None

    def find(self, *, to: str, since: datetime) -> Sequence[FoundText]:
        # Not filtered by date over there: that date is the day of sending, and a queued text has none yet.
        found = _asked(lambda: [_found(message) for message in self._client.messages.list(to=to, limit=MOST_FOUND)])
        return [text for text in found if text.created_at >= since.replace(microsecond=0)]

    def find_calls(self, *, to: str, since: datetime) -> Sequence[FoundCall]:
        found = _asked(
            lambda: [
                _found_call(call)
                for call in self._client.calls.list(to=to, limit=MOST_FOUND)
                if call.direction == "outbound-api"
            ]
        )
        return [call for call in found if call.created_at >= since.replace(microsecond=0)]


def _outcome(create: Callable[[], Any], sid: re.Pattern[str]) -> SendResult:
    """Ask Twilio to make a text or call, and sort its answer into one of the four outcomes."""
    try:
        made = create()
    except (TwilioRestException, TwilioServiceException) as error:
        return _of_answer(error.status, error.code)
    except requests.RequestException as error:
        return connections.outcome(error)
    except (TwilioException, ValueError, TypeError, AttributeError) as error:
        return Unknown(type(error).__name__)  # the request has left and its answer makes no sense
    if made.sid is None or not sid.fullmatch(made.sid):
        return Unknown("no id")
    return Sent(made.sid)


def _asked(ask: Callable[[], list[T]]) -> list[T]:
    try:
        return ask()
    except (TwilioException, requests.RequestException, ValueError, TypeError, AttributeError, KeyError) as error:
        raise CarrierAway(type(error).__name__) from None


def _of_answer(status: int, code: int | None) -> SendResult:
    """What an error answer proves. Only a code of Twilio's own (five digits) shows that Twilio has decided."""
    if code == TOO_FAST:
        return NotProcessed("too fast")
    if 400 <= status < 500 and code is not None and code >= 10_000:
        return Refused(code, error_codes.action(code))
    return Unknown(f"HTTP {status}")


def _found(message: Any) -> FoundText:
    status = message.status
    return FoundText(
        sid=message.sid,
        body=message.body or "",
        status=CarrierStatus(status) if status in set(CarrierStatus) else None,
        error_code=message.error_code,
        created_at=(message.date_created or message.date_sent).astimezone(UTC),
    )


def _found_call(call: Any) -> FoundCall:
    status = call.status
    return FoundCall(
        sid=call.sid,
        status=CarrierStatus(status) if status in set(CarrierStatus) else None,
        created_at=(call.date_created or call.start_time).astimezone(UTC),
    )

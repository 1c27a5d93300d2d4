"""The sound of messages callers have left: from the carrier's own host alone, by ids, deleted there for good."""

from __future__ import annotations

import httpx2
import pytest

from telephony.media import Fetched, NotNow, TwilioMedia, Useless
from telephony.recordings import NoRecordings, TwilioRecordings

ACCOUNT, SID = "AC" + "1" * 32, "RE" + "a" * 32
PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Recordings/{SID}"


def recordings(answer: httpx2.Response, seen: list[httpx2.Request] | None = None) -> TwilioRecordings:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if seen is not None:
            seen.append(request)
        return answer

    transport = httpx2.MockTransport(handle)
    source = TwilioMedia(account_sid=ACCOUNT, auth_token="t", most_bytes=100, transport=transport)
    return TwilioRecordings(account_sid=ACCOUNT, auth_token="t", source=source, transport=transport)


def test_sound_comes_from_the_address_made_of_the_ids() -> None:
    seen: list[httpx2.Request] = []
    assert recordings(httpx2.Response(200, stream=httpx2.ByteStream(b"mp3")), seen).fetch(SID) == Fetched(b"mp3")
    assert (seen[0].url.host, seen[0].url.path) == ("api.twilio.com", f"{PATH}.mp3")
    assert "authorization" in seen[0].headers


def test_what_is_too_large_or_elsewhere_is_not_fetched() -> None:
    assert recordings(httpx2.Response(200, stream=httpx2.ByteStream(b"x" * 101))).fetch(SID) == Useless("too large")
    away = httpx2.Response(302, headers={"location": "https://evil.example/x.mp3"})
    assert recordings(away).fetch(SID) == Useless("redirect")
    assert isinstance(recordings(httpx2.Response(503)).fetch(SID), NotNow)


@pytest.mark.parametrize("sid", ["", "RE1", "../../x", SID + "/../x"])
def test_what_is_no_id_reaches_nobody(sid: str) -> None:
    seen: list[httpx2.Request] = []
    assert recordings(httpx2.Response(200), seen).fetch(sid) == Useless("no id")
    assert recordings(httpx2.Response(204), seen).delete(sid)
    assert seen == []


@pytest.mark.parametrize(("status", "gone"), [(204, True), (404, True), (500, False), (401, False)])
def test_a_deletion_counts_once_the_carrier_says_so(status: int, gone: bool) -> None:
    assert recordings(httpx2.Response(status)).delete(SID) is gone


def test_a_simulated_telephone_has_no_sound() -> None:
    assert not NoRecordings().has_sound
    assert isinstance(NoRecordings().fetch(SID), Useless)
    assert NoRecordings().delete(SID)

"""Photos are fetched from the carrier's hosts alone, within limits, and its password goes nowhere else."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest

from telephony.media import Fetch, Fetched, NoMedia, NotNow, TwilioMedia, Useless

URL = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
STORE = "https://mms.twiliocdn.com/AC1/abc?Expires=1&Signature=s"
MOST = 1000

Answer = Callable[[httpx2.Request], httpx2.Response]


class Drip(httpx2.SyncByteStream):
    """A body that comes piece by piece."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces


class Hosts:
    """Answers by address, and remembers what it was asked with."""

    def __init__(self, answers: dict[str, Answer | httpx2.Response]) -> None:
        self.answers = answers
        self.asked: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self.answers[str(request.url)]
        return answer if isinstance(answer, httpx2.Response) else answer(request)


def fetch(hosts: Hosts, url: str = URL, whole_s: float = 5.0) -> Fetch:
    source = TwilioMedia(
        account_sid="AC1",
        auth_token="token",
        most_bytes=MOST,
        whole_s=whole_s,
        transport=httpx2.MockTransport(hosts),
    )
    return source.fetch(url)


def body(content: bytes) -> httpx2.Response:
    return httpx2.Response(200, stream=Drip(iter([content])))


def moved(to: str, status: int = 307) -> httpx2.Response:
    return httpx2.Response(status, headers={"location": to})


def test_a_photo_comes_from_the_store_the_api_names_and_the_password_stays_with_the_api() -> None:
    hosts = Hosts({URL: moved(STORE), STORE: body(b"photo")})
    assert fetch(hosts) == Fetched(b"photo")
    at_api, at_store = hosts.asked
    assert at_api.headers["authorization"].startswith("Basic ")
    assert "authorization" not in at_store.headers


def test_a_photo_the_api_hands_over_itself_is_taken() -> None:
    assert fetch(Hosts({URL: body(b"x" * MOST)})) == Fetched(b"x" * MOST)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.twilio.com/x",
        "https://api.twilio.com.evil.example/x",
        "https://169.254.169.254/latest/meta-data",
        "https://api.twilio.com:8443/x",
        "https://api.twilio.com@evil.example/x",
        "https://user:password@api.twilio.com/x",
        "file:///etc/passwd",
        "https://[bad",
        "",
    ],
)
def test_other_addresses_are_not_even_asked(url: str) -> None:
    hosts = Hosts({})
    assert fetch(hosts, url) == Useless("foreign host")
    assert hosts.asked == []


@pytest.mark.parametrize(
    "target",
    [
        "http://mms.twiliocdn.com/x",
        "https://evil.example/x",
        "http://127.0.0.1:8000/console/",
        "https://169.254.169.254/latest",
        "/2010-04-01/Accounts/AC1/Messages.json",
        "",
    ],
)
def test_a_redirect_to_anywhere_but_the_store_ends_there(target: str) -> None:
    hosts = Hosts({URL: moved(target)})
    assert fetch(hosts) == Useless("redirect")
    assert len(hosts.asked) == 1


def test_the_store_sends_nobody_on() -> None:
    hosts = Hosts({URL: moved(STORE), STORE: moved("https://media.twiliocdn.com/next")})
    assert fetch(hosts) == Useless("redirect")
    assert len(hosts.asked) == 2


def test_what_is_too_large_is_not_read_to_its_end() -> None:
    read = itertools.count()

    def endless() -> Iterator[bytes]:
        for _ in read:
            yield b"x" * 100_000

    assert fetch(Hosts({URL: httpx2.Response(200, stream=Drip(endless()))})) == Useless("too large")
    assert next(read) < 5


def test_what_drips_is_given_up_in_time() -> None:
    def slow() -> Iterator[bytes]:
        while True:
            time.sleep(0.02)
            yield b"x"

    assert isinstance(fetch(Hosts({URL: httpx2.Response(200, stream=Drip(slow()))}), whole_s=0.1), NotNow)


@pytest.mark.parametrize("status", [404, 408, 429, 500, 503])
def test_what_may_pass_is_tried_again(status: int) -> None:
    assert fetch(Hosts({URL: httpx2.Response(status)})) == NotNow(f"HTTP {status}")


@pytest.mark.parametrize("status", [400, 401, 403, 410, 204])
def test_what_will_not_pass_is_given_up(status: int) -> None:
    assert fetch(Hosts({URL: httpx2.Response(status)})) == Useless(f"HTTP {status}")


def test_a_broken_connection_is_tried_again() -> None:
    def broken(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadTimeout("slow", request=request)

    assert fetch(Hosts({URL: broken})) == NotNow("ReadTimeout")


def test_a_carrier_without_photos_has_none() -> None:
    assert isinstance(NoMedia().fetch(URL), Useless)

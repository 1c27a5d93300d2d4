"""What we say to Twilio, and what its fake says to us, is what Twilio documents.

The document is fetched once (`fake_twilio.contract`). Without a way to it these tests fail where CI is set, and are
skipped on a developer's machine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from telephony.ports import Action, OutgoingCall, OutgoingText, Refused, Sent
from telephony.twilio_carrier import TwilioCarrier
from tests.telephony.fake_twilio import ACCOUNT, NUMBER, TOKEN, Contract, FakeTwilio, contract, serving

NOW = datetime(2026, 11, 24, 2, 5, tzinfo=UTC)
TEXT = OutgoingText(to="+6591234567", body="您好，师傅明天上午到。", reference="17.1", valid_for_s=900)
CALL = OutgoingCall(to="+6591234567", words="有客户报告漏电。", language="zh", reference="18.1", ring_for_s=40)
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
GOOD = {"To": TEXT.to, "From": NUMBER, "Body": "x", "ValidityPeriod": "900"}


@pytest.fixture(scope="module", autouse=True)
def document() -> None:
    try:
        contract.document()
    except contract.Unavailable as error:
        reason = f"Twilio's OpenAPI document cannot be fetched: {error}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture
def fake() -> Iterator[FakeTwilio]:
    with serving(FakeTwilio(lambda: NOW, contract=Contract())) as fake:
        yield fake


def twilio(fake: FakeTwilio, **more: Any) -> TwilioCarrier:
    options = {"sender": NUMBER, "status_url": "https://hotline.example/telephony/status"} | more
    return TwilioCarrier(account_sid=ACCOUNT, auth_token=TOKEN, api_url=fake.base_url, **options)


def watched(fake: FakeTwilio) -> Contract:
    assert fake.contract is not None
    return fake.contract


@pytest.mark.parametrize("sender", [{}, {"sender": "MG" + "2" * 32, "caller": NUMBER}, {"status_url": ""}])
def test_everything_the_carrier_does_is_as_twilio_documents_it(fake: FakeTwilio, sender: dict[str, str]) -> None:
    carrier = twilio(fake, **sender)
    assert isinstance(carrier.send_text(TEXT), Sent)
    assert isinstance(carrier.call(CALL), Sent)
    assert len(carrier.find(to=TEXT.to, since=NOW - timedelta(minutes=1))) == 1
    assert len(carrier.find_calls(to=CALL.to, since=NOW - timedelta(minutes=1))) == 1
    carrier.hang_up(fake.calls[0]["sid"])
    assert watched(fake).broken == []
    assert watched(fake).checked == 10  # five requests, five answers


@pytest.mark.parametrize("valid_for_s", [-5, 0, 1, 36_000, 1_000_000])
def test_the_validity_stays_inside_twilios_limits(fake: FakeTwilio, valid_for_s: int) -> None:
    assert isinstance(twilio(fake).send_text(replace(TEXT, valid_for_s=valid_for_s)), Sent)
    assert watched(fake).broken == []


@pytest.mark.parametrize("words", ["漏水" * 1000, "5" * 3000, "<&>" * 900, ""])
def test_however_long_the_words_of_a_call_its_twiml_is_valid_and_short_enough(fake: FakeTwilio, words: str) -> None:
    twilio(fake).call(replace(CALL, words=words))
    assert watched(fake).broken == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (replace(TEXT, to="13800138000"), 21211),
        (replace(TEXT, to="+86138a"), 21211),
        (replace(TEXT, body=""), 21602),
        (replace(TEXT, body="x" * 1601), 21617),
    ],
)
def test_what_twilio_would_refuse_is_refused_with_its_code(fake: FakeTwilio, text: OutgoingText, code: int) -> None:
    found = twilio(fake).send_text(text)
    assert isinstance(found, Refused)
    assert found.code == code
    assert found.action in set(Action)


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        (GOOD, None),
        ({"From": NUMBER, "Body": "x"}, "'To' is a required property"),
        (GOOD | {"ValidityPeriod": "soon"}, "integer"),
        (GOOD | {"MessagingServiceSid": "MG1"}, "MG1"),
        (GOOD | {"RiskCheck": "perhaps"}, "perhaps"),
        (GOOD | {"Colour": "red"}, "no field Colour"),
        (GOOD | {"From": "13800138000"}, "From is no E.164"),
        (GOOD | {"To": "+0123456789"}, "To is no E.164"),
        (GOOD | {"ValidityPeriod": "36001"}, "ValidityPeriod is out of"),
        (GOOD | {"Body": "x" * 1601}, "Body is longer"),
    ],
)
def test_the_contract_notices_what_is_wrong_with_a_request(form: dict[str, str], complaint: str | None) -> None:
    watching = Contract()
    watching.request("POST", MESSAGES, "", list(form.items()))
    assert any(complaint in each for each in watching.broken) if complaint else watching.broken == []


@pytest.mark.parametrize(
    ("twiml", "complaint"),
    [("<Response><Say>喂</Say></Response>", None), ("<Response><Sing/></Response>", "<Sing>"), ("<Say>", "no XML")],
)
def test_the_contract_reads_the_twiml_of_a_call(twiml: str, complaint: str | None) -> None:
    watching = Contract()
    path = MESSAGES.replace("Messages", "Calls")
    watching.request("POST", path, "", [("To", CALL.to), ("From", NUMBER), ("Twiml", twiml)])
    assert any(complaint in each for each in watching.broken) if complaint else watching.broken == []


def test_the_contract_notices_a_field_twice() -> None:
    watching = Contract()
    watching.request("POST", MESSAGES, "", [*GOOD.items(), ("To", TEXT.to)])
    assert watching.broken == [f"POST {MESSAGES}: To twice"]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [(b'{"sid": "SM1"}', "SM1"), (b'{"status": "nonsense"}', "nonsense"), (b'{"error_code": "none"}', "none")],
)
def test_the_contract_notices_what_twilio_would_not_answer(body: bytes, complaint: str) -> None:
    watching = Contract()
    watching.answer("POST", MESSAGES, "", list(GOOD.items()), 201, body)
    assert any(complaint in each for each in watching.broken)


def npm(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An `npm` that does what a shell script says; it is called with the folder to pack into as its last word."""
    program = folder / "npm"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_another_package_than_the_pinned_one_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm(tmp_path, 'echo "something else" > "$5/other.tgz"', monkeypatch)
    with pytest.raises(contract.WrongPackage):
        contract.package(tmp_path / "cache")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / contract.KEPT_AS).write_bytes(b"spoiled")  # a spoiled cache is fetched anew, not trusted
    with pytest.raises(contract.WrongPackage):
        contract.package(tmp_path / "cache")


def test_without_a_way_to_the_package_the_reason_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm(tmp_path, "echo 'no route to the registry' >&2; exit 1", monkeypatch)
    with pytest.raises(contract.Unavailable, match="no route to the registry"):
        contract.package(tmp_path / "cache")
    (tmp_path / "npm").unlink()
    with pytest.raises(contract.Unavailable, match="npm is not installed"):
        contract.package(tmp_path / "cache")

"""Tencent Cloud SMS as a carrier: mainland China, approved templates only, no calls.

It is asked for reports and for what came in (`Letterbox`): what it pushes is not signed. It knows no end of validity:
what it has taken it delivers when it can.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import requests
import yaml
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.sms.v20210111 import models
from tencentcloud.sms.v20210111.sms_client import SmsClient

from telephony import connections, sms, templates
from telephony.ports import (
    Action,
    Capabilities,
    CarrierAway,
    CarrierStatus,
    DeliveryStatus,
    Feature,
    FoundCall,
    FoundText,
    InboundText,
    NotProcessed,
    OutgoingCall,
    OutgoingText,
    Refused,
    Report,
    SendResult,
    Sent,
    Unknown,
)
from telephony.templates import Template

FILE = Path(__file__).resolve().parents[1] / "data" / "tencent_errors.yaml"
TIMEOUT_S: Final = 5
REGION: Final = "ap-guangzhou"
MOST_AT_ONCE: Final = 100
LONGEST_SID: Final = 40
DAILY_PER_NUMBER: Final = 10
"""What Tencent sends one number a day unless its console says otherwise."""

TOO_FAST: Final = frozenset({"RequestLimitExceeded", "LimitExceeded.DeliveryFrequencyLimit"})
_NOBODY_KNOWS: Final = ("InternalError", "ServerNetworkError", "ClientError", "FailedOperation.OtherError")
_DECIDED: Final = (
    "AuthFailure", "FailedOperation", "InvalidParameter", "LimitExceeded", "MissingParameter", "RequestLimitExceeded",
    "ResourceInsufficient", "ResourceUnavailable", "UnauthorizedOperation", "UnknownParameter", "UnsupportedOperation",
)  # fmt: skip
T = TypeVar("T")


@cache
def errors() -> Mapping[str, tuple[int, Action]]:
    """Code to Tencent's number for it and to what is done, as listed in the data.

    Raises:
        ValueError: the file names an action that does not exist.
    """
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {str(code): (int(entry["number"]), Action(entry["action"])) for code, entry in data["codes"].items()}


class TencentCarrier:
    """Tencent Cloud's SMS API, over Tencent's own client."""

    name = "tencent"

    def __init__(
        self,
        *,
        secret_id: str,
        secret_key: str,
        app_id: str,
        signature: str,
        approved: Sequence[Template],
        texts_per_second: float | None = None,
        api_url: str = "",
        own_numbers: Collection[str] = (),
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Args:
        app_id: SdkAppId of the SMS application.
        signature: what stands before each text, without brackets, as approved.
        approved: the texts it may carry.
        api_url: another address for the API (tests, proxies).
        own_numbers: numbers of ours.
        timeout_s: longest wait for a connection, and again for the answer.
        """
        logging.getLogger("tencentcloud_sdk_common").disabled = True  # it logs numbers
        parts = urlsplit(api_url)
        profile = ClientProfile(
            httpProfile=HttpProfile(
                protocol=parts.scheme or "https",
                endpoint=parts.netloc or "sms.tencentcloudapi.com",
                reqTimeout=timeout_s,
            )
        )
        self._client = SmsClient(Credential(secret_id, secret_key), REGION, profile)
        self._app_id, self._signature = app_id, signature
        self.own_numbers = frozenset(own_numbers)
        self.capabilities = Capabilities(
            features=frozenset({Feature.SMS}),
            only_in=frozenset({"CN"}),
            max_segments=8,
            needs_templates=True,
            approved=tuple(approved),
            daily_per_number=DAILY_PER_NUMBER,
            texts_per_second=texts_per_second,
        )

    def send_text(self, text: OutgoingText) -> SendResult:
        filled = templates.fit(self.capabilities.approved, text.body)
        if filled is None:
            return Refused(0, Action.SHOW)
        request = models.SendSmsRequest()
        request.PhoneNumberSet = [text.to]
        request.SmsSdkAppId, request.SignName = self._app_id, self._signature
        request.TemplateId, request.TemplateParamSet = filled.id, list(filled.values)
        request.SessionContext = text.reference
        try:
            answer = self._client.SendSms(request)
        except TencentCloudSDKException as error:
            return _of_error(error)
        statuses = answer.SendStatusSet
        if not isinstance(statuses, list) or len(statuses) != 1:
            return Unknown("no status")
        return _of_code(statuses[0].Code, statuses[0].SerialNo)

    def call(self, call: OutgoingCall) -> SendResult:  # noqa: ARG002  the port's shape
        return Refused(0, Action.SHOW)

    def find(self, *, to: str, since: datetime) -> Sequence[FoundText]:
        """Texts to a number whose report is there. They are known by our reference, if Tencent hands that back."""
        request = models.PullSmsSendStatusByPhoneNumberRequest()
        request.SmsSdkAppId, request.PhoneNumber = self._app_id, to
        request.BeginTime, request.EndTime = int(since.timestamp()), int(since.timestamp()) + 86_400
        request.Offset, request.Limit = 0, MOST_AT_ONCE
        found = _asked(lambda: self._client.PullSmsSendStatusByPhoneNumber(request).PullSmsSendStatusSet)
        return [
            FoundText(
                sid=each.SerialNo,
                body="",
                status=_status(each.ReportStatus),
                error_code=None,
                created_at=datetime.fromtimestamp(each.UserReceiveTime or since.timestamp(), UTC),
                reference=each.SessionContext or "",
            )
            for each in found
            if each.SessionContext and each.SerialNo
        ]

    def find_calls(self, *, to: str, since: datetime) -> Sequence[FoundCall]:  # noqa: ARG002  the port's shape
        return ()

    def hang_up(self, sid: str) -> None:
        """It makes no calls: there is none to end."""

    def reports(self) -> Sequence[Report]:
        request = models.PullSmsSendStatusRequest()
        request.SmsSdkAppId, request.Limit = self._app_id, MOST_AT_ONCE
        found = _asked(lambda: self._client.PullSmsSendStatus(request).PullSmsSendStatusSet)
        return [
            Report(DeliveryStatus(each.SerialNo, _status(each.ReportStatus), None), each.SessionContext or "")
            for each in found
            if each.SerialNo
        ]

    def texts(self) -> Sequence[InboundText]:
        request = models.PullSmsReplyStatusRequest()
        request.SmsSdkAppId, request.Limit = self._app_id, MOST_AT_ONCE
        found = _asked(lambda: self._client.PullSmsReplyStatus(request).PullSmsReplyStatusSet)
        return [_inbound(each) for each in found if each.PhoneNumber]


def _of_code(code: str | None, serial: str | None) -> SendResult:
    """What the answer for one number means."""
    if code == "Ok":
        is_id = bool(serial) and len(serial or "") <= LONGEST_SID
        return Sent(serial or "") if is_id else Unknown("no id")
    if not code:
        return Unknown("no code")
    if code in TOO_FAST:
        return NotProcessed("too fast")
    known = errors().get(code)
    if known is not None:
        return Refused(*known)
    if code.startswith(_NOBODY_KNOWS) or not code.startswith(_DECIDED):
        return Unknown(code[:40])
    return Refused(0, Action.STOP if code.startswith(("AuthFailure", "UnauthorizedOperation")) else Action.SHOW)


def _of_error(error: TencentCloudSDKException) -> SendResult:
    """What an error of the client proves. It keeps a broken connection's reason as the context only."""
    if isinstance(error.__context__, requests.RequestException):
        return connections.outcome(error.__context__)
    return _of_code(str(error.code or ""), None)


def _asked(ask: Callable[[], list[T] | None]) -> list[T]:
    try:
        return ask() or []
    except TencentCloudSDKException as error:
        raise CarrierAway(str(error.code)) from None


def _status(word: str | None) -> CarrierStatus | None:
    return {"SUCCESS": CarrierStatus.DELIVERED, "FAIL": CarrierStatus.UNDELIVERED}.get(word or "")


def _inbound(reply: Any) -> InboundText:
    """A reply has no id of its own; who said what when is one."""
    body = sms.clean(reply.ReplyContent or "").strip()
    told = f"{reply.PhoneNumber}|{reply.ReplyTime}|{reply.ReplyContent}"
    return InboundText(
        sid=f"TC{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:32]}",
        sender=reply.PhoneNumber,
        to=reply.ExtendCode or "",
        body=body,
        media=(),
        left_out=0,
        opt=sms.classify(body),
        answerable=sms.is_number(reply.PhoneNumber),
    )

"""The bot's only HTTP client: the backend's `/api/bot`.

Every call takes at most `TIMEOUT_S` seconds. A refused value raises `Refused` with the backend's code; a backend that
is away, slow or broken raises `BackendDown`, so that an action can apologise and keep what the customer said.
"""

from __future__ import annotations

import asyncio
import json
import os
from typing import Any

import aiohttp

TIMEOUT_S = 3.0
DEFAULT_BASE_URL = "http://127.0.0.1:8000"

Body = dict[str, Any]


class BackendDown(Exception):
    """The backend did not give a usable answer in time."""


class Refused(Exception):
    """The backend understood and said no.

    `code` names the reason (`too_short`, `unknown_region`, `past`, `ticket_unknown`, …); `problem` is the whole
    problem document, for what stands beside it (alternatives for a time).
    """

    def __init__(self, code: str, problem: Body) -> None:
        super().__init__(code)
        self.code = code
        self.problem = problem


class Backend:
    """A thin, reusable client. One instance serves one event loop; `close` frees its connections."""

    def __init__(self, base_url: str | None = None, token: str | None = None) -> None:
        self._base = (base_url or os.environ.get("HOTLINE_BACKEND_URL") or DEFAULT_BASE_URL).rstrip("/")
        self._token = token if token is not None else os.environ.get("HOTLINE_BOT_TOKEN", "")
        self._session: aiohttp.ClientSession | None = None

    async def check_phone(self, text: str) -> Body:
        return await self._call("POST", "/phones/check", {"text": text})

    async def check_address(self, text: str, conversation_id: str) -> Body:
        return await self._call("POST", "/addresses/check", {"text": text, "conversation_id": conversation_id})

    async def check_time(self, start: str, end: str | None, purpose: str = "callback") -> Body:
        return await self._call("POST", "/times/check", {"start": start, "end": end, "purpose": purpose})

    async def known(self, conversation_id: str) -> Body:
        return await self._call("GET", f"/conversations/{conversation_id}/known")

    async def save_ticket(self, ticket: Body) -> Body:
        return await self._call("POST", "/tickets", ticket)

    async def look_up(self, ticket_no: str, phone: str, conversation_id: str) -> Body:
        return await self._call(
            "POST", "/tickets/lookup", {"ticket_no": ticket_no, "phone": phone, "conversation_id": conversation_id}
        )

    async def send_code(self, conversation_id: str, phone: str) -> Body:
        return await self._call("POST", "/codes", {"conversation_id": conversation_id, "phone": phone})

    async def check_code(self, conversation_id: str, phone: str, code: str) -> Body:
        told = {"conversation_id": conversation_id, "phone": phone, "code": code}
        return await self._call("POST", "/codes/check", told)

    async def chase(self, ticket_no: str, conversation_id: str, text: str) -> Body:
        return await self._call(
            "POST", f"/tickets/{ticket_no}/chase", {"conversation_id": conversation_id, "text": text}
        )

    async def cancel(self, ticket_no: str, phone: str) -> Body:
        return await self._call("POST", f"/tickets/{ticket_no}/cancel", {"phone": phone})

    async def correct(self, ticket_no: str, conversation_id: str, right: Body) -> Body:
        return await self._call("POST", f"/tickets/{ticket_no}/correct", {"conversation_id": conversation_id, **right})

    async def book_callback(self, callback: Body) -> Body:
        return await self._call("POST", "/callbacks", callback)

    async def visit_offers(self, conversation_id: str, ticket_no: str | None, wanted: Body | None = None) -> Body:
        """Windows of a visit to name; without a ticket number, those of the visit this conversation may change."""
        asked = {"conversation_id": conversation_id, "ticket_no": ticket_no, "wanted": wanted}
        return await self._call("POST", "/appointments/offers", asked)

    async def hold_visit(self, conversation_id: str, ticket_no: str, start: str, end: str) -> Body:
        held = {"conversation_id": conversation_id, "ticket_no": ticket_no, "start": start, "end": end}
        return await self._call("POST", "/appointments", held)

    async def confirm_visit(self, conversation_id: str, appointment_id: int) -> Body:
        path = f"/appointments/{appointment_id}/confirm"
        return await self._call("POST", path, {"conversation_id": conversation_id})

    async def move_visit(self, conversation_id: str, appointment_id: int, start: str, end: str) -> Body:
        wanted = {"conversation_id": conversation_id, "start": start, "end": end}
        return await self._call("POST", f"/appointments/{appointment_id}/move", wanted)

    async def hand_over(self, conversation_id: str, reason: str, summary: str) -> Body:
        return await self._call(
            "POST", "/handoffs", {"conversation_id": conversation_id, "reason": reason, "summary": summary}
        )

    async def withdraw_hand_over(self, conversation_id: str) -> Body:
        return await self._call("POST", "/handoffs/withdraw", {"conversation_id": conversation_id})

    async def report_hazard(self, hazard: Body) -> Body:
        return await self._call("POST", "/hazards", hazard)

    async def opt_out(self, conversation_id: str) -> Body:
        return await self._call("POST", "/opt-outs", {"conversation_id": conversation_id})

    async def answer(self, kind: str, question: Body) -> Body:
        """`kind` is warranty, fee, hours, howto or parts."""
        return await self._call("POST", f"/knowledge/{kind}", question)

    async def first_aid(self, trouble: Body) -> Body:
        return await self._call("POST", "/knowledge/first-aid", trouble)

    async def readiness(self, text: str, delivered: bool | None) -> Body:
        return await self._call("POST", "/knowledge/readiness", {"text": text, "delivered": delivered})

    async def hours(self, channel: str) -> Body:
        return await self._call("GET", f"/knowledge/hours?channel={channel}")

    async def record_solved(self, case: Body) -> Body:
        return await self._call("POST", "/tickets/solved", case)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _call(self, method: str, path: str, body: Body | None = None) -> Body:
        try:
            async with self._open_session().request(method, f"{self._base}/api/bot{path}", json=body) as response:
                payload = json.loads(await response.read())
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise BackendDown(type(error).__name__) from error
        if not isinstance(payload, dict):
            raise BackendDown("not an object")
        if 400 <= status < 500 and status not in (401, 403, 429):
            raise Refused(str(payload.get("code") or status), payload)
        if status >= 300:
            raise BackendDown(f"status {status}")
        return payload

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                headers={"Authorization": f"Bearer {self._token}"},
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
            )
        return self._session


_shared: dict[int, Backend] = {}


def backend() -> Backend:
    """The client of the running event loop."""
    loop = id(asyncio.get_running_loop())
    if loop not in _shared:
        _shared[loop] = Backend()
    return _shared[loop]

"""What tests of calls we make share: the application without ticks, a carrier that rings, and its signed webhooks."""

from __future__ import annotations

import itertools
from datetime import datetime
from xml.etree import ElementTree as ET

from sqlalchemy import select

from backend import db
from backend.outbox import jobs as outbox_jobs
from backend.outbox.models import OutboxMessage
from rooms.visits import REFERENCE
from rooms.web import SECRET, Web
from telephony import signature
from telephony.outgoing import ATTRIBUTES
from tests.telephony.fake_carrier import FakeCarrier

OURS = "+8675788880000"
_SIDS = itertools.count(1)


class Line:
    """The carrier: sends what is due, and calls the house back."""

    def __init__(self, web: Web) -> None:
        self.web, self.carrier = web, FakeCarrier(own_numbers=[OURS])
        self.sid = f"CA{next(_SIDS):032x}"
        web.client.app.state.house.settings.own_numbers = OURS  # type: ignore[attr-defined]

    def send(self, moment: datetime | None = None) -> None:
        """What is due leaves."""
        now = moment or self.web.clock.now()
        outbox_jobs.run_due(self.web.sessions, now, self.carrier, REFERENCE, "test")

    @property
    def reference(self) -> str:
        """Of the last call."""
        return self.carrier.calls[-1].reference

    def post(self, path: str, **form: str) -> ET.Element:
        """A webhook, signed; returns its TwiML, checked for what it may hold."""
        form = {"CallSid": self.sid, "AccountSid": "AC" + "0" * 32} | form
        signed = signature.sign(f"http://testserver{path}", form, SECRET)
        answer = self.web.client.post(path, data=form, headers={signature.HEADER: signed})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("application/xml")
        document = ET.fromstring(answer.text)
        for element in document.iter():
            assert set(element.attrib) <= ATTRIBUTES[element.tag]
        return document

    def pick_up(self, script: str, **form: str) -> ET.Element:
        """Somebody picks up the last call."""
        return self.post(f"/telephony/outgoing/{script}?ref={self.reference}", **form)

    def answer(self, asked: ET.Element, **form: str) -> ET.Element:
        """A key or words in answer to a question."""
        gather = asked.find("Gather")
        assert gather is not None, ET.tostring(asked, "unicode")
        return self.post(gather.get("action", ""), **form)

    def rows(self) -> list[OutboxMessage]:
        with db.read_scope(self.web.sessions) as session:
            return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def said(document: ET.Element) -> str:
    """All words of a document."""
    return " ".join(say.text or "" for say in document.iter("Say"))

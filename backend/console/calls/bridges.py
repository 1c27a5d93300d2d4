"""What the card of a call says of having the house ring one: whether it can be had, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from backend import db
from backend.audit import service as audit
from backend.audit.rules import Kind, What
from backend.callbacks import bridging, outgoing_routes
from backend.callbacks.models import Callback
from backend.callbacks.rules import Status
from backend.console.looks import whose
from backend.console.page import Page
from backend.console.words import mark
from backend.errors import Unavailable
from telephony.ports import CarrierAway

BRIDGES = {
    "ringing_agent": mark("Your telephone rings. Pick up and press 1."),
    "ringing_customer": mark("You are being connected, or are talking."),
    "talked": mark("The call is over."),
    "no_answer": mark("The customer did not answer."),
    "busy": mark("The customer’s line was busy."),
    "failed": mark("The call did not get through."),
    "declined": mark("Not connected: nobody pressed 1."),
    "hung_up": mark("The call has been ended."),
    "agent_away": mark("Nobody picked up your telephone."),
    "not_rung": mark("Your telephone could not be rung."),
    "no_word": mark("The carrier has said nothing more of this call."),
    "no_phone": mark("To be rung here, have your telephone set with `hotline agent contact`."),
    "no_caller": mark("The hotline has no number of its own to call from; dial the number yourself."),
    "no_voice": mark("The carrier makes no calls to this number; dial it yourself."),
    "console": mark("The console carrier rings no telephone; dial the number yourself."),
}


AWAY = mark("The carrier cannot be asked. Hang up your own telephone.")


@dataclass(frozen=True)
class BridgeView:
    """How having the house ring agent and customer stands.

    Attributes:
        said: how it stands, in words to be translated; None before the first try.
        is_running: whether it goes on, so that the page looks again.
        hitch: whether the agent's side of it went wrong.
        suggested: the outcome it seems to have had, once it is over.
        missing: what it lacks, in words to be translated.
        may_ring: whether the agent may have themselves rung now.
    """

    said: str | None = None
    is_running: bool = False
    hitch: bool = False
    suggested: Status | None = None
    missing: str | None = None
    may_ring: bool = False


def end_call(page: Page, sid: str, kind: Kind, subject: str, now: datetime) -> None:
    """Have the carrier end a call, with both its lines, and record that. What was stored before is committed first: the
    database does not wait for a carrier.

    Args:
        kind, subject: what the call is about, for the audit log.

    Raises:
        Unavailable: the carrier cannot be asked; the call goes on.
    """
    db.commit_so_far(page.session)
    try:
        page.house.carrier.hang_up(sid)
    except CarrierAway:
        raise Unavailable(page.say(AWAY), code="told") from None
    found = whose(page.session, kind, subject)
    audit.record(
        page.session, page.agent, What.HUNG_UP, kind, subject, customer_id=found[0] if found else None, now=now
    )


def view(page: Page, call: Callback, now: datetime) -> BridgeView:
    """What to show beside the number of a call in the agent's hand."""
    house = page.house
    if house.carrier.name == "console":
        return BridgeView(missing=BRIDGES["console"])
    ours = outgoing_routes.ours(house)
    if lack := bridging.lacking(page.session, call, page.agent, house.carrier.capabilities, ours):
        return BridgeView(missing=BRIDGES[lack])
    last = bridging.latest(page.session, call, page.agent)
    if last is None:
        return BridgeView(may_ring=True)
    stands = bridging.progress(page.session, last, now)
    word = stands.hitch.value if stands.hitch else stands.stage.value
    return BridgeView(
        said=BRIDGES[word],
        is_running=stands.is_running,
        hitch=stands.hitch is not None,
        suggested=stands.suggested,
        may_ring=not stands.is_running,
    )

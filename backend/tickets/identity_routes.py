"""One-time codes over HTTP, for the bot; part of `routes.router`, which asks for its token."""

from __future__ import annotations

from fastapi import APIRouter, Response

from backend.customers.rules import CodeVerdict
from backend.depends import Db, InHouse, Now, Ref
from backend.outbox import service as outbox
from backend.problems import problem
from backend.tickets import identity
from backend.tickets.identity_schemas import CodeIn, CodeSent, CodeTold, CodeVerified

router = APIRouter(prefix="/codes")

WHY = {
    CodeVerdict.WRONG: "This is not the code.",
    CodeVerdict.EXPIRED: "The code is no longer valid.",
    CodeVerdict.USED_UP: "There were too many wrong codes.",
}


@router.post("")
def send_code(form: CodeIn, session: Db, now: Now, reference: Ref, house: InHouse) -> CodeSent:
    """Text a one-time code to a number that has a ticket with us. The answer is the same for every number."""
    own_numbers = house.settings.numbers_of_ours
    phone = outbox.number(form.phone, own_numbers=own_numbers).e164
    identity.send_code(session, form.conversation_id, phone, reference=reference, own_numbers=own_numbers, now=now)
    return CodeSent()


@router.post("/check", response_model=CodeVerified)
def check_code(form: CodeTold, session: Db, now: Now) -> CodeVerified | Response:
    """The right code opens the tickets of its number here; 422 `code_wrong`, `code_expired` or `code_used_up`."""
    phone = outbox.number(form.phone).e164
    verdict = identity.check_code(session, form.conversation_id, phone, form.code, now=now)
    if verdict is CodeVerdict.RIGHT:
        return CodeVerified()
    return problem(422, verdict, WHY[verdict])  # returned, not raised: the attempt must be committed

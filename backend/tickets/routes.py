"""What the bot asks while a form is filled in and about tickets that exist.

Whatever shows or changes a ticket together with its callbacks is served one stair up, in `callbacks/ticket_routes.py`.
"""

from __future__ import annotations

from fastapi import APIRouter

from backend.depends import Announce, BotOnly, Db, InHouse, Now, ReadDb, Ref
from backend.kernel import phone as phones
from backend.outbox import service as outbox
from backend.outlets import service as outlets
from backend.tickets import identity_routes, schemas, service, solved
from backend.tickets.bot_schemas import ChaseIn, OptOutIn, OptOutOut, SolvedIn, SolvedOut, TextIn
from backend.tickets.identity_schemas import KnownOut, known_ticket
from backend.tickets.schemas import AddressChecked, AddressHeld, OutletOut, PhoneOut, WordsOut
from backend.tickets.service import TicketRequest

router = APIRouter(prefix="/api/bot", tags=["bot"], dependencies=[BotOnly])
router.include_router(identity_routes.router)


@router.post("/phones/check")
def check_phone(form: TextIn, house: InHouse) -> PhoneOut:
    """Whether we can call a number; 422 with the reason when not."""
    phone = outbox.number(form.text, own_numbers=house.settings.numbers_of_ours)
    return PhoneOut(e164=phone.e164, masked=phones.mask(phone.e164), kind=phone.kind)


@router.post("/addresses/check")
def check_address(form: TextIn, reference: Ref) -> AddressChecked:
    """What an address says, and what to ask for next; 422 when it names nothing we know."""
    placed = outlets.check(form.text, reference)
    return AddressChecked.model_validate(
        {
            "address": placed.as_dict(),
            "missing": placed.missing,
            "asks_locality": placed.asks_locality and placed.missing is None,
            "outlet": OutletOut(name=placed.outlet.outlet.name) if placed.outlet else None,
        }
    )


@router.get("/conversations/{conversation_id}/known")
def known(conversation_id: str, session: ReadDb, reference: Ref) -> KnownOut:
    """What need not be asked again: of this conversation's tickets, and of the number shown to be its writer's.

    Of the number a text comes from, only the number itself.
    """
    conversation, tickets = service.known(session, conversation_id)
    latest = next((ticket for ticket in tickets if ticket.contact_phone), None)
    addressed = next((ticket for ticket in tickets if ticket.address), None)
    return KnownOut(
        phone=conversation.phone or conversation.verified_phone or (latest.contact_phone if latest else None),
        verified_phone=conversation.verified_phone,
        name=latest.contact_name if latest else None,
        address=AddressHeld.model_validate({**addressed.address, "tier": addressed.tier}) if addressed else None,
        language=conversation.language,
        tickets=[known_ticket(each, reference.calendar) for each in tickets],
    )


@router.post("/opt-outs")
def opt_out(form: OptOutIn, session: Db, now: Now) -> OptOutOut:
    """The customer wants no more texts; zero numbers when we know none of theirs."""
    return OptOutOut(numbers=service.opt_out(session, form.conversation_id, now=now))


@router.post("/tickets/solved", status_code=201)
def record_solved(
    form: SolvedIn, session: Db, now: Now, reference: Ref, house: InHouse, announce: Announce
) -> SolvedOut:
    """The fault is gone after first aid by telephone: a closed repair, or a note where no number is known."""
    phone = outbox.number(form.phone, own_numbers=house.settings.numbers_of_ours).e164 if form.phone else ""
    address = form.address if isinstance(form.address, str) or form.address is None else form.address.model_dump()
    request = TicketRequest(
        conversation_id=form.conversation_id,
        form_id=form.form_id,
        type=form.type,
        phone=phone,
        name=form.name,
        address=address,
        language=form.language,
        channel=form.channel and form.channel[:12],
        facts={name: getattr(form, name) for name in ("model", "purchase_date", "fault_code", "symptom")},
    )
    ticket = solved.record_solved(session, request, reference=reference, now=now)
    if ticket:
        announce("desk", ticket=ticket.ticket_no)
    return SolvedOut(ticket_no=ticket.ticket_no if ticket else None)


@router.post("/tickets/{ticket_no}/chase")
def chase(ticket_no: str, form: ChaseIn, session: Db, now: Now, reference: Ref, announce: Announce) -> WordsOut:
    """The customer presses; the second contact is a chase, the third goes to a manager."""
    ticket, words = service.chase(
        session, ticket_no, form.conversation_id, form.text or "", reference=reference, now=now
    )
    announce("desk", ticket=ticket.ticket_no)
    return WordsOut(words=schemas.as_bilingual(words))

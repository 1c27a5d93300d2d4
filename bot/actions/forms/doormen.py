"""The forms' doormen: one `validate_<form>` each, called once a turn."""

from __future__ import annotations

from abc import ABC, abstractmethod

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.actions.appointments.visits import Agreeing
from bot.actions.escalations.hazards import Responding
from bot.actions.forms.collecting import Collecting
from bot.actions.tickets.amend import Amending
from bot.actions.tickets.identity import Proving
from bot.actions.tickets.repairing import Repairing


class _ValidateForm(Action, ABC):
    """Abstract, so that the action server registers only the named ones."""

    collecting: type[Collecting] = Collecting

    @property
    @abstractmethod
    def form(self) -> str:
        """The form this action validates."""

    def name(self) -> str:
        return f"validate_{self.form}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: DomainDict) -> list[EventType]:
        return await self.collecting(self.form, dispatcher, tracker).events()


class ValidateRepairForm(_ValidateForm):
    form = "repair_form"
    collecting = Repairing


class ValidateInstallForm(_ValidateForm):
    form = "install_form"


class ValidateComplaintForm(_ValidateForm):
    form = "complaint_form"


class ValidateRelocationForm(_ValidateForm):
    form = "relocation_form"


class ValidateReturnForm(_ValidateForm):
    form = "return_form"


class ValidateCallbackForm(_ValidateForm):
    form = "callback_form"


class ValidateStatusForm(_ValidateForm):
    form = "status_form"
    collecting = Proving


class ValidateChaseForm(_ValidateForm):
    form = "chase_form"
    collecting = Proving


class ValidateCancelForm(_ValidateForm):
    form = "cancel_form"
    collecting = Proving


class ValidateHazardForm(_ValidateForm):
    form = "hazard_form"
    collecting = Responding


class ValidateVisitForm(_ValidateForm):
    form = "visit_form"
    collecting = Agreeing


class ValidateAmendForm(_ValidateForm):
    form = "amend_form"
    collecting = Amending

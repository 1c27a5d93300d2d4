"""One tree of errors. The class says the HTTP status and the code; its docstring is the default message."""

from __future__ import annotations

from typing import Any, ClassVar


class HotlineError(Exception):
    """Something went wrong."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"

    def __init__(self, message: str | None = None, *, code: str | None = None, **details: Any) -> None:
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])
        self.reason = code or type(self).code
        self.details = details


class NotFound(HotlineError):
    """There is nothing under this address."""

    status = 404
    code = "not_found"


class TicketUnknown(NotFound):
    """No ticket goes by this number and phone."""

    code = "ticket_unknown"


class NotSignedIn(HotlineError):
    """Sign in first."""

    status = 401
    code = "not_signed_in"


class Forbidden(HotlineError):
    """This is not yours to do."""

    status = 403
    code = "forbidden"


class BadSignature(Forbidden):
    """The request is not signed by the carrier."""

    code = "bad_signature"


class Conflict(HotlineError):
    """Somebody else was faster; look again."""

    status = 409
    code = "conflict"


class TooLarge(HotlineError):
    """The text is too long."""

    status = 413
    code = "too_large"


class UnsupportedForm(HotlineError):
    """The body is not of the kind expected here."""

    status = 415
    code = "unsupported_form"


class Refused(HotlineError):
    """The value cannot be accepted."""

    status = 422
    code = "refused"


class BadPhone(Refused):
    """This is not a number we can call."""

    code = "unknown"


class BadAddress(Refused):
    """This address is not known to us."""

    code = "unknown_region"


class BadTime(Refused):
    """We cannot call at this time."""

    code = "closed"


class OutsideCalendar(Refused):
    """The calendar has no data for this date; the date is to be confirmed."""

    code = "outside_calendar"


class TooMany(HotlineError):
    """Too many requests; wait a little."""

    status = 429
    code = "too_many"


class Unavailable(HotlineError):
    """Not available right now; try again in a moment."""

    status = 503
    code = "unavailable"


class BadReference(HotlineError):
    """A file of reference data cannot be used."""

    code = "bad_reference"


class BadSettings(HotlineError):
    """A setting is missing or wrong."""

    code = "bad_settings"

"""The signed address of a visit's page: no sign-in, no personal data in it, worthless once changed by a letter."""

from __future__ import annotations

from dataclasses import dataclass, field

from itsdangerous import BadSignature, URLSafeSerializer

from backend.depends import House
from backend.errors import NotFound
from backend.kernel import phone as phones
from telephony.ports import Capabilities, Feature

_SALT = "visit"


@dataclass(frozen=True)
class Links:
    """Makes and reads addresses.

    Attributes:
        secret: signs them.
        public_url: the address customers reach us by; empty: texts carry no link.
        here: the address used in the chat when there is no public one.
        capabilities: what the carrier can do; where it carries no addresses, texts have none.
    """

    secret: str = field(repr=False)
    public_url: str
    here: str
    capabilities: Capabilities

    @classmethod
    def of(cls, house: House) -> Links:
        """Those of this installation."""
        settings = house.settings
        return cls(
            secret=settings.secret_key.get_secret_value(),
            public_url=settings.public_base_url,
            here=settings.backend_url,
            capabilities=house.carrier.capabilities,
        )

    def token(self, appointment_id: int) -> str:
        """The name of an appointment's page."""
        return self._serializer.dumps(appointment_id)

    def appointment_id(self, token: str) -> int:
        """Whose page that is.

        Raises:
            NotFound: we have not signed this.
        """
        try:
            named = self._serializer.loads(token)
        except BadSignature:
            raise NotFound("There is no such page.") from None
        if not isinstance(named, int):
            raise NotFound("There is no such page.")
        return named

    def in_chat(self, appointment_id: int) -> str:
        """The address for a message on the web."""
        return f"{(self.public_url or self.here).rstrip('/')}/v/{self.token(appointment_id)}"

    def in_text(self, appointment_id: int, phone: str) -> str:
        """The address for a text to a number; empty where it would not arrive."""
        region = phones.stored(phone).region
        if not self.public_url or not self.capabilities.can(Feature.URLS, region):
            return ""
        return self.in_chat(appointment_id)

    @property
    def _serializer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt=_SALT)

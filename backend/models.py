"""All tables in one import, for migrations and tests."""

from backend import scheduler
from backend.agents import models as agents
from backend.appointments import models as appointments
from backend.attachments import models as attachments
from backend.audit import models as audit
from backend.callbacks import models as callbacks
from backend.calls import models as calls
from backend.conversations import models as conversations
from backend.customers import models as customers
from backend.db import Base
from backend.escalations import models as escalations
from backend.followups import models as followups
from backend.outbox import models as outbox
from backend.privacy import models as privacy
from backend.reviews import models as reviews
from backend.revisions import models as revisions
from backend.tickets import models as tickets

__all__ = [
    "Base",
    "agents",
    "appointments",
    "attachments",
    "audit",
    "callbacks",
    "calls",
    "conversations",
    "customers",
    "escalations",
    "followups",
    "outbox",
    "privacy",
    "reviews",
    "revisions",
    "scheduler",
    "tickets",
]

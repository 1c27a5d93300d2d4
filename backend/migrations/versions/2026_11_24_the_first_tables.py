"""the first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.db

revision = "2026_11_24"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agents")),
        sa.UniqueConstraint("username", name=op.f("uq_agents_username")),
    )
    op.create_table(
        "booking_turns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_turns")),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("opted_out_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("phone", name=op.f("uq_customers_phone")),
    )
    op.create_table(
        "outbox_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("message_key", sa.String(length=120), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("to", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("reply", "safety", "agent", "reminder", "notice", name="outboxkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("lane", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "claimed",
                "sending",
                "sent",
                "delivered",
                "refused",
                "unknown",
                "expired",
                "suppressed",
                "dead",
                name="status",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("queued_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answering", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("send_after", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("valid_until", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("claim", sa.String(length=32), nullable=True),
        sa.Column("lease_until", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("sending_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("unknown_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sid", sa.String(length=40), nullable=True),
        sa.Column("carrier_status", sa.String(length=16), nullable=True),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("had_second_try", sa.Boolean(), nullable=False),
        sa.Column("seen_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_messages_key")),
    )
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_messages_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_messages_digest"), ["digest"], unique=False)
        batch_op.create_index("ix_outbox_messages_due", ["status", "send_after"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_messages_message_key"), ["message_key"], unique=False)
        batch_op.create_index("ix_outbox_messages_order", ["to", "lane", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_messages_sid"), ["sid"], unique=False)

    op.create_table(
        "sender_pauses",
        sa.Column("carrier", sa.String(length=20), nullable=False),
        sa.Column("since", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("until", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("carrier", name=op.f("pk_sender_pauses")),
    )
    op.create_table(
        "ticket_counters",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ticket_counters")),
    )
    op.create_table(
        "ticks",
        sa.Column("room", sa.String(length=40), nullable=False),
        sa.Column("at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("room", name=op.f("pk_ticks")),
    )
    op.create_table(
        "webhook_receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_receipts")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_webhook_receipts_kind")),
    )
    op.create_table(
        "agent_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("created_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_agent_sessions_agent_id_agents"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_agent_sessions")),
    )
    with op.batch_alter_table("agent_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agent_sessions_agent_id"), ["agent_id"], unique=False)

    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column(
            "channel", sa.Enum("web", "sms", "voice", name="channel", native_enum=False, length=24), nullable=False
        ),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "mode",
            sa.Enum("bot", "waiting", "human", "closed", name="mode", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("handoff_requested_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("handoff_reason", sa.String(length=24), nullable=True),
        sa.Column("handoff_summary", sa.Text(), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("seen_seq", sa.Integer(), nullable=False),
        sa.Column("turn_owner", sa.String(length=32), nullable=True),
        sa.Column("turn_until", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_message_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_conversations_agent_id_agents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversations_last_message_at"), ["last_message_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_conversations_mode"), ["mode"], unique=False)
        batch_op.create_index(batch_op.f("ix_conversations_phone"), ["phone"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "author",
            sa.Enum("customer", "bot", "agent", "system", name="author", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("agent_name", sa.String(length=60), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("buttons", sa.JSON(), nullable=False),
        sa.Column("expects", sa.String(length=40), nullable=True),
        sa.Column("client_message_id", sa.String(length=80), nullable=True),
        sa.Column("reply_to", sa.Integer(), nullable=True),
        sa.Column("sent_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_messages_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("conversation_id", "client_message_id", name="uq_messages_client_message_id"),
        sa.UniqueConstraint("conversation_id", "seq", name=op.f("uq_messages_conversation_id")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_retry_at"), ["retry_at"], unique=False)

    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_no", sa.String(length=20), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "install",
                "repair",
                "complaint",
                "relocation",
                "return",
                name="tickettype",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "new",
                "scheduled",
                "in_progress",
                "waiting",
                "done",
                "cancelled",
                name="status",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "priority",
            sa.Enum("normal", "urgent", "critical", name="priority", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("visit_code", sa.String(length=8), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("contact_name", sa.String(length=60), nullable=True),
        sa.Column("contact_phone", sa.String(length=20), nullable=True),
        sa.Column("phone_confirmed", sa.Boolean(), nullable=False),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("address_text", sa.Text(), nullable=False),
        sa.Column("address_key", sa.String(length=32), nullable=True),
        sa.Column("tier", sa.String(length=20), nullable=True),
        sa.Column("place_reason", sa.JSON(), nullable=False),
        sa.Column("outlet", sa.String(length=80), nullable=True),
        sa.Column("model", sa.String(length=60), nullable=True),
        sa.Column("serial_no", sa.String(length=60), nullable=True),
        sa.Column("capacity", sa.String(length=20), nullable=True),
        sa.Column("purchase_date", sa.String(length=20), nullable=True),
        sa.Column("fault_code", sa.String(length=20), nullable=True),
        sa.Column("fault_class", sa.String(length=40), nullable=True),
        sa.Column("symptom", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("complaint_about", sa.String(length=200), nullable=True),
        sa.Column("related_ticket_no", sa.String(length=20), nullable=True),
        sa.Column("wanted", sa.Text(), nullable=True),
        sa.Column("install", sa.JSON(), nullable=False),
        sa.Column("danger", sa.String(length=24), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("form_id", sa.String(length=80), nullable=True),
        sa.Column("contacts", sa.Integer(), nullable=False),
        sa.Column("created_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_tickets_conversation_id_conversations"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_tickets_customer_id_customers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("conversation_id", "form_id", name="uq_tickets_form"),
        sa.UniqueConstraint("ticket_no", name=op.f("uq_tickets_ticket_no")),
    )
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.create_index("ix_tickets_address_day", ["address_key", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_tickets_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_tickets_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index("ix_tickets_phone_type", ["contact_phone", "type"], unique=False)
        batch_op.create_index(batch_op.f("ix_tickets_serial_no"), ["serial_no"], unique=False)
        batch_op.create_index(batch_op.f("ix_tickets_status"), ["status"], unique=False)

    op.create_table(
        "callbacks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("phone_confirmed", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("window_start", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("window_end", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "booked", "done", "no_answer", "wrong_number", "cancelled", name="status", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("over_capacity", sa.Boolean(), nullable=False),
        sa.Column("remind_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("agent", sa.String(length=60), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("closed_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_callbacks_conversation_id_conversations"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_callbacks_ticket_id_tickets"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callbacks")),
    )
    with op.batch_alter_table("callbacks", schema=None) as batch_op:
        batch_op.create_index("ix_callbacks_due", ["status", "remind_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_callbacks_ticket_id"), ["ticket_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_callbacks_window_start"), ["window_start"], unique=False)
        batch_op.create_index(
            "uq_callbacks_open_phone",
            ["phone"],
            unique=True,
            sqlite_where=sa.text("status = 'booked'"),
            postgresql_where=sa.text("status = 'booked'"),
        )

    op.create_table(
        "promises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("reply", "onsite", "opinion", name="promisekind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("due_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("met_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("missed_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("paused_s", sa.Integer(), nullable=False),
        sa.Column("paused_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=True),
        sa.Column("calendar", sa.String(length=80), nullable=False),
        sa.Column("why_zh", sa.Text(), nullable=False),
        sa.Column("why_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_promises_ticket_id_tickets"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
        sa.UniqueConstraint("ticket_id", "kind", name=op.f("uq_promises_ticket_id")),
    )
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promises_due_at"), ["due_at"], unique=False)

    op.create_table(
        "timeline_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=140), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_timeline_entries_ticket_id_tickets"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline_entries")),
        sa.UniqueConstraint("ticket_id", "key", name=op.f("uq_timeline_entries_ticket_id")),
    )
    with op.batch_alter_table("timeline_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timeline_entries_ticket_id"), ["ticket_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("timeline_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timeline_entries_ticket_id"))

    op.drop_table("timeline_entries")
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promises_due_at"))

    op.drop_table("promises")
    with op.batch_alter_table("callbacks", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_callbacks_open_phone",
            sqlite_where=sa.text("status = 'booked'"),
            postgresql_where=sa.text("status = 'booked'"),
        )
        batch_op.drop_index(batch_op.f("ix_callbacks_window_start"))
        batch_op.drop_index(batch_op.f("ix_callbacks_ticket_id"))
        batch_op.drop_index("ix_callbacks_due")

    op.drop_table("callbacks")
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tickets_status"))
        batch_op.drop_index(batch_op.f("ix_tickets_serial_no"))
        batch_op.drop_index("ix_tickets_phone_type")
        batch_op.drop_index(batch_op.f("ix_tickets_customer_id"))
        batch_op.drop_index(batch_op.f("ix_tickets_created_at"))
        batch_op.drop_index("ix_tickets_address_day")

    op.drop_table("tickets")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messages_retry_at"))

    op.drop_table("messages")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversations_phone"))
        batch_op.drop_index(batch_op.f("ix_conversations_mode"))
        batch_op.drop_index(batch_op.f("ix_conversations_last_message_at"))

    op.drop_table("conversations")
    with op.batch_alter_table("agent_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agent_sessions_agent_id"))

    op.drop_table("agent_sessions")
    op.drop_table("webhook_receipts")
    op.drop_table("ticks")
    op.drop_table("ticket_counters")
    op.drop_table("sender_pauses")
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_messages_sid"))
        batch_op.drop_index("ix_outbox_messages_order")
        batch_op.drop_index(batch_op.f("ix_outbox_messages_message_key"))
        batch_op.drop_index("ix_outbox_messages_due")
        batch_op.drop_index(batch_op.f("ix_outbox_messages_digest"))
        batch_op.drop_index(batch_op.f("ix_outbox_messages_conversation_id"))

    op.drop_table("outbox_messages")
    op.drop_table("customers")
    op.drop_table("booking_turns")
    op.drop_table("agents")

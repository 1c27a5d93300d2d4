"""reviews: turns the bot was not up to, masked, for labelling."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import backend.db

revision = "2026_11_24_reviews"
down_revision = "2026_11_24_codes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_candidates",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("intent", sa.String(length=40), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("answered_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_review_candidates_message_id_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_review_candidates")),
    )
    with op.batch_alter_table("review_candidates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_candidates_answered_at"), ["answered_at"], unique=False)

    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "channel", sa.Enum("web", "sms", "voice", name="channel", native_enum=False, length=24), nullable=False
        ),
        sa.Column("intent", sa.String(length=40), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "unsure",
                "out_of_scope",
                "lost",
                "wanted_person",
                "corrected",
                "denied",
                name="reason",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("delete_at", backend.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "labelled", "unusable", name="state", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=40), nullable=True),
        sa.Column("labelled_by", sa.String(length=60), nullable=True),
        sa.Column("labelled_at", backend.db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("digest", name=op.f("uq_reviews_digest")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        for column in ("last_at", "delete_at", "state"):
            batch_op.create_index(batch_op.f(f"ix_reviews_{column}"), [column], unique=False)


def downgrade() -> None:
    op.drop_table("reviews")
    op.drop_table("review_candidates")

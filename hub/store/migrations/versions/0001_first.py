"""The first tables."""

import sqlalchemy as sa
from alembic import op

from hub.store import types

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "alarms",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("raised_at", types.Utc(), nullable=False),
        sa.Column("closed_at", types.Utc(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_alarms")),
    )
    op.create_index(
        "uq_alarms_open",
        "alarms",
        ["tenant_id", "code", "subject"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "batches",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("begun", sa.Boolean(), nullable=False),
        sa.Column("started_at", types.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_batches")),
    )
    op.create_index(
        op.f("ix_batches_tenant_id_step_started_at"), "batches", ["tenant_id", "step", "started_at"], unique=False
    )
    op.create_table(
        "blocks",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("number", types.Long, nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", types.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_blocks")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_blocks_tenant_id_number")),
    )
    op.create_table(
        "companies",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("country", sa.String(length=64), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_companies")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_companies_tenant_id_code")),
    )
    op.create_table(
        "counters",
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", types.Long, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counters")),
        sa.UniqueConstraint("name", name=op.f("uq_counters_name")),
    )
    op.create_table(
        "data_keys",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", types.Utc(), nullable=False),
        sa.Column("dropped_at", types.Utc(), nullable=True),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_data_keys")),
    )
    op.create_table(
        "hub",
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("key_check", sa.Text(), nullable=False),
        sa.Column("created_at", types.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub")),
    )
    op.create_table(
        "items",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("precision", sa.Integer(), nullable=False),
        sa.Column("weight_grams", sa.Integer(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("made_at", types.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_items")),
        sa.UniqueConstraint("tenant_id", "sku", name=op.f("uq_items_tenant_id_sku")),
    )
    op.create_table(
        "steps",
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("stopped_at", types.Utc(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steps")),
        sa.UniqueConstraint("name", name=op.f("uq_steps_name")),
    )
    op.create_table(
        "tenants",
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", types.Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants")),
    )
    op.create_table(
        "blobs",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("key_id", types.Long, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("media", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", types.Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "key_id"], ["data_keys.tenant_id", "data_keys.id"], name=op.f("fk_blobs_tenant_id_key_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_blobs")),
    )
    op.create_index(op.f("ix_blobs_tenant_id_digest"), "blobs", ["tenant_id", "digest"], unique=False)
    op.create_table(
        "connections",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("connector", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("company_id", types.Long, nullable=False),
        sa.Column("settings", sa.LargeBinary(), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("orders_in", sa.String(length=64), nullable=False),
        sa.Column("stock_out", sa.String(length=64), nullable=False),
        sa.Column("status_out", sa.String(length=64), nullable=False),
        sa.Column("documents_out", sa.String(length=64), nullable=False),
        sa.Column("cut_over_at", types.Utc(), nullable=False),
        sa.Column("paused_at", types.Utc(), nullable=True),
        sa.Column("paused_code", sa.Text(), nullable=True),
        sa.Column("heard_at", types.Utc(), nullable=True),
        sa.Column("habit_seconds", sa.Integer(), nullable=True),
        sa.Column("made_at", types.Utc(), nullable=False),
        sa.CheckConstraint("documents_out IN ('off', 'watch', 'on')", name=op.f("ck_connections_documents_out")),
        sa.CheckConstraint("orders_in IN ('off', 'watch', 'on')", name=op.f("ck_connections_orders_in")),
        sa.CheckConstraint("status_out IN ('off', 'watch', 'on')", name=op.f("ck_connections_status_out")),
        sa.CheckConstraint("stock_out IN ('off', 'watch', 'on')", name=op.f("ck_connections_stock_out")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "company_id"],
            ["companies.tenant_id", "companies.id"],
            name=op.f("fk_connections_tenant_id_company_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_connections")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_connections_tenant_id_name")),
        sa.UniqueConstraint("uid", name=op.f("uq_connections_uid")),
    )
    op.create_table(
        "parties",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("key_id", types.Long, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_index", sa.String(length=64), nullable=True),
        sa.Column("phone_index", sa.String(length=64), nullable=True),
        sa.Column("made_at", types.Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "key_id"], ["data_keys.tenant_id", "data_keys.id"], name=op.f("fk_parties_tenant_id_key_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_parties")),
    )
    op.create_index(op.f("ix_parties_tenant_id_email_index"), "parties", ["tenant_id", "email_index"], unique=False)
    op.create_index(op.f("ix_parties_tenant_id_phone_index"), "parties", ["tenant_id", "phone_index"], unique=False)
    op.create_table(
        "chores",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("connection_id", types.Long, nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("due_at", types.Utc(), nullable=True),
        sa.Column("lease_until", types.Utc(), nullable=True),
        sa.Column("every_seconds", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("ran_at", types.Utc(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_chores_tenant_id_connection_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_chores")),
        sa.UniqueConstraint("tenant_id", "name", "subject", name=op.f("uq_chores_tenant_id_name_subject")),
    )
    op.create_index(op.f("ix_chores_tenant_id_due_at"), "chores", ["tenant_id", "due_at"], unique=False)
    op.create_table(
        "circuits",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("tokens", types.Long, nullable=False),
        sa.Column("refilled_at", types.Utc(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("open_until", types.Utc(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "id"], ["connections.tenant_id", "connections.id"], name=op.f("fk_circuits_tenant_id_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_circuits")),
    )
    op.create_table(
        "cursors",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("connection_id", types.Long, nullable=False),
        sa.Column("resource", sa.String(length=64), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("moved_at", types.Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_cursors_tenant_id_connection_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_cursors")),
        sa.UniqueConstraint(
            "tenant_id", "connection_id", "resource", name=op.f("uq_cursors_tenant_id_connection_id_resource")
        ),
    )
    op.create_table(
        "effects",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("connection_id", types.Long, nullable=False),
        sa.Column("capability", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("subject_id", types.Long, nullable=False),
        sa.Column("part_id", types.Long, nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("after_id", types.Long, nullable=True),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("due_at", types.Utc(), nullable=True),
        sa.Column("lease_until", types.Utc(), nullable=True),
        sa.Column("sent_at", types.Utc(), nullable=True),
        sa.Column("kept_at", types.Utc(), nullable=True),
        sa.Column("settled_at", types.Utc(), nullable=True),
        sa.Column("watched", sa.String(length=64), nullable=False),
        sa.Column("key_id", types.Long, nullable=False),
        sa.Column("request_id", types.Long, nullable=True),
        sa.Column("answer_id", types.Long, nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("params", sa.Text(), nullable=True),
        sa.Column("made_at", types.Utc(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'sending', 'submitted', 'confirmed', 'refused', 'in_doubt', 'withdrawn')",
            name=op.f("ck_effects_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "after_id"], ["effects.tenant_id", "effects.id"], name=op.f("fk_effects_tenant_id_after_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "answer_id"], ["blobs.tenant_id", "blobs.id"], name=op.f("fk_effects_tenant_id_answer_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_effects_tenant_id_connection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "key_id"], ["data_keys.tenant_id", "data_keys.id"], name=op.f("fk_effects_tenant_id_key_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "request_id"], ["blobs.tenant_id", "blobs.id"], name=op.f("fk_effects_tenant_id_request_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_effects")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_effects_tenant_id_key")),
    )
    op.create_index(
        "ix_effects_due",
        "effects",
        ["tenant_id", "connection_id", "lane", "due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_effects_kept",
        "effects",
        ["tenant_id", "connection_id", "id"],
        unique=False,
        sqlite_where=sa.text("kept_at IS NOT NULL"),
        postgresql_where=sa.text("kept_at IS NOT NULL"),
    )
    op.create_index(
        "ix_effects_leased",
        "effects",
        ["tenant_id", "lease_until"],
        unique=False,
        sqlite_where=sa.text("lease_until IS NOT NULL"),
        postgresql_where=sa.text("lease_until IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_effects_tenant_id_subject_subject_id"), "effects", ["tenant_id", "subject", "subject_id"], unique=False
    )
    op.create_index(op.f("ix_effects_tenant_id_token"), "effects", ["tenant_id", "token"], unique=False)
    op.create_table(
        "external_ids",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("connection_id", types.Long, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("subject_id", types.Long, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_external_ids_tenant_id_connection_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_external_ids")),
        sa.UniqueConstraint(
            "tenant_id",
            "subject",
            "subject_id",
            "connection_id",
            "kind",
            "value",
            name="uq_external_ids_subject_connection_value",
        ),
    )
    op.create_index(op.f("ix_external_ids_tenant_id_value"), "external_ids", ["tenant_id", "value"], unique=False)
    op.create_table(
        "fetches",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("connection_id", types.Long, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("fetched_hints", sa.Integer(), nullable=False),
        sa.Column("due_at", types.Utc(), nullable=True),
        sa.Column("lease_until", types.Utc(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_fetches_tenant_id_connection_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fetches")),
        sa.UniqueConstraint(
            "tenant_id",
            "connection_id",
            "kind",
            "external_id",
            name=op.f("uq_fetches_tenant_id_connection_id_kind_external_id"),
        ),
    )
    op.create_index(
        "ix_fetches_due",
        "fetches",
        ["tenant_id", "connection_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "inbox",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("connection_id", types.Long, nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("blob_id", types.Long, nullable=False),
        sa.Column("key_id", types.Long, nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("due_at", types.Utc(), nullable=True),
        sa.Column("asked_at", types.Utc(), nullable=False),
        sa.Column("received_at", types.Utc(), nullable=False),
        sa.Column("settled_at", types.Utc(), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("params", sa.Text(), nullable=True),
        sa.Column("order_id", types.Long, nullable=True),
        sa.CheckConstraint("state IN ('new', 'applied', 'dropped', 'parked')", name=op.f("ck_inbox_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "blob_id"], ["blobs.tenant_id", "blobs.id"], name=op.f("fk_inbox_tenant_id_blob_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_inbox_tenant_id_connection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "key_id"], ["data_keys.tenant_id", "data_keys.id"], name=op.f("fk_inbox_tenant_id_key_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inbox")),
        sa.UniqueConstraint(
            "tenant_id",
            "connection_id",
            "topic",
            "delivery_id",
            name=op.f("uq_inbox_tenant_id_connection_id_topic_delivery_id"),
        ),
    )
    op.create_index(
        "ix_inbox_due",
        "inbox",
        ["tenant_id", "connection_id", "lane", "id"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_inbox_parked",
        "inbox",
        ["tenant_id", "code"],
        unique=False,
        sqlite_where=sa.text("state = 'parked'"),
        postgresql_where=sa.text("state = 'parked'"),
    )
    op.create_index(
        op.f("ix_inbox_tenant_id_connection_id_external_id"),
        "inbox",
        ["tenant_id", "connection_id", "external_id"],
        unique=False,
    )
    op.create_table(
        "listings",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("connection_id", types.Long, nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("item_id", types.Long, nullable=True),
        sa.Column("factor", types.Long, nullable=False),
        sa.Column("made_at", types.Utc(), nullable=False),
        sa.CheckConstraint("factor > 0", name=op.f("ck_listings_factor")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_listings_tenant_id_connection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"], ["items.tenant_id", "items.id"], name=op.f("fk_listings_tenant_id_item_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_listings")),
        sa.UniqueConstraint(
            "tenant_id", "connection_id", "external_id", name=op.f("uq_listings_tenant_id_connection_id_external_id")
        ),
    )
    op.create_index(op.f("ix_listings_tenant_id_item_id"), "listings", ["tenant_id", "item_id"], unique=False)
    op.create_table(
        "locations",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("company_id", types.Long, nullable=False),
        sa.Column("country", sa.String(length=64), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("hands_over", sa.String(length=64), nullable=False),
        sa.Column("carrier_id", types.Long, nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("made_at", types.Utc(), nullable=False),
        sa.CheckConstraint("hands_over IN ('label', 'scan', 'hand')", name=op.f("ck_locations_hands_over")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "carrier_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_locations_tenant_id_carrier_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "company_id"],
            ["companies.tenant_id", "companies.id"],
            name=op.f("fk_locations_tenant_id_company_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_locations")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_locations_tenant_id_code")),
    )
    op.create_table(
        "orders",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("connection_id", types.Long, nullable=False),
        sa.Column("company_id", types.Long, nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", types.Utc(), nullable=True),
        sa.Column("open_holds", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("placed_at", types.Utc(), nullable=True),
        sa.Column("received_at", types.Utc(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", types.Long, nullable=False),
        sa.Column("country", sa.String(length=64), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("ship_complete", sa.Boolean(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("asked_at", types.Utc(), nullable=False),
        sa.Column("channel_version", sa.Text(), nullable=True),
        sa.Column("key_id", types.Long, nullable=False),
        sa.Column("party_id", types.Long, nullable=False),
        sa.Column("cancel_code", sa.String(length=64), nullable=True),
        sa.Column("cancel_params", sa.Text(), nullable=True),
        sa.CheckConstraint("open_holds >= 0", name=op.f("ck_orders_open_holds")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "company_id"],
            ["companies.tenant_id", "companies.id"],
            name=op.f("fk_orders_tenant_id_company_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_orders_tenant_id_connection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "key_id"], ["data_keys.tenant_id", "data_keys.id"], name=op.f("fk_orders_tenant_id_key_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "party_id"], ["parties.tenant_id", "parties.id"], name=op.f("fk_orders_tenant_id_party_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_orders")),
        sa.UniqueConstraint(
            "tenant_id", "connection_id", "external_id", name=op.f("uq_orders_tenant_id_connection_id_external_id")
        ),
    )
    op.create_index(
        "ix_orders_cancelling",
        "orders",
        ["tenant_id", "connection_id", "id"],
        unique=False,
        sqlite_where=sa.text("cancel_code IS NOT NULL AND due_at IS NOT NULL"),
        postgresql_where=sa.text("cancel_code IS NOT NULL AND due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_orders_due",
        "orders",
        ["tenant_id", "connection_id", "state", "lane", "id"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL AND open_holds = 0"),
        postgresql_where=sa.text("due_at IS NOT NULL AND open_holds = 0"),
    )
    op.create_index(op.f("ix_orders_tenant_id_external_id"), "orders", ["tenant_id", "external_id"], unique=False)
    op.create_index(op.f("ix_orders_tenant_id_number"), "orders", ["tenant_id", "number"], unique=False)
    op.create_index(op.f("ix_orders_tenant_id_state_id"), "orders", ["tenant_id", "state", "id"], unique=False)
    op.create_table(
        "channel_locations",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("connection_id", types.Long, nullable=False),
        sa.Column("location_id", types.Long, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_channel_locations_tenant_id_connection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["locations.tenant_id", "locations.id"],
            name=op.f("fk_channel_locations_tenant_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_channel_locations")),
        sa.UniqueConstraint(
            "tenant_id",
            "connection_id",
            "location_id",
            name=op.f("uq_channel_locations_tenant_id_connection_id_location_id"),
        ),
    )
    op.create_table(
        "events",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("subject_id", types.Long, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("inbox_id", types.Long, nullable=True),
        sa.Column("at", types.Utc(), nullable=False),
        sa.Column("block_id", types.Long, nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "block_id"], ["blocks.tenant_id", "blocks.id"], name=op.f("fk_events_tenant_id_block_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "inbox_id"], ["inbox.tenant_id", "inbox.id"], name=op.f("fk_events_tenant_id_inbox_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_events")),
        sa.UniqueConstraint(
            "tenant_id", "subject", "subject_id", "seq", name=op.f("uq_events_tenant_id_subject_subject_id_seq")
        ),
    )
    op.create_index(op.f("ix_events_tenant_id_block_id"), "events", ["tenant_id", "block_id"], unique=False)
    op.create_index(
        "ix_events_unsealed",
        "events",
        ["tenant_id", "id"],
        unique=False,
        sqlite_where=sa.text("block_id IS NULL"),
        postgresql_where=sa.text("block_id IS NULL"),
    )
    op.create_table(
        "feeds",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("connection_id", types.Long, nullable=False),
        sa.Column("listing_id", types.Long, nullable=False),
        sa.Column("wanted", types.Long, nullable=False),
        sa.Column("version", types.Long, nullable=False),
        sa.Column("sent", types.Long, nullable=True),
        sa.Column("sent_version", types.Long, nullable=False),
        sa.Column("seen", types.Long, nullable=True),
        sa.Column("seen_at", types.Utc(), nullable=True),
        sa.Column("changed_at", types.Utc(), nullable=False),
        sa.Column("due_at", types.Utc(), nullable=True),
        sa.Column("lease_until", types.Utc(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_feeds_tenant_id_connection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "listing_id"],
            ["listings.tenant_id", "listings.id"],
            name=op.f("fk_feeds_tenant_id_listing_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_feeds")),
        sa.UniqueConstraint(
            "tenant_id", "connection_id", "listing_id", name=op.f("uq_feeds_tenant_id_connection_id_listing_id")
        ),
    )
    op.create_index(
        "ix_feeds_due",
        "feeds",
        ["tenant_id", "connection_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "fulfilments",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("company_id", types.Long, nullable=False),
        sa.Column("location_id", types.Long, nullable=False),
        sa.Column("connection_id", types.Long, nullable=False),
        sa.Column("party_id", types.Long, nullable=False),
        sa.Column("key_id", types.Long, nullable=False),
        sa.Column("carrier_id", types.Long, nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("due_at", types.Utc(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", types.Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "carrier_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_fulfilments_tenant_id_carrier_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "company_id"],
            ["companies.tenant_id", "companies.id"],
            name=op.f("fk_fulfilments_tenant_id_company_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_fulfilments_tenant_id_connection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "key_id"],
            ["data_keys.tenant_id", "data_keys.id"],
            name=op.f("fk_fulfilments_tenant_id_key_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["locations.tenant_id", "locations.id"],
            name=op.f("fk_fulfilments_tenant_id_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "party_id"],
            ["parties.tenant_id", "parties.id"],
            name=op.f("fk_fulfilments_tenant_id_party_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fulfilments")),
    )
    op.create_index(
        "ix_fulfilments_due",
        "fulfilments",
        ["tenant_id", "connection_id", "state", "lane", "id"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_fulfilments_tenant_id_state_id"), "fulfilments", ["tenant_id", "state", "id"], unique=False
    )
    op.create_table(
        "order_lines",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("order_id", types.Long, nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("listing_id", types.Long, nullable=True),
        sa.Column("item_id", types.Long, nullable=True),
        sa.Column("factor", types.Long, nullable=False),
        sa.Column("carries_stock", sa.Boolean(), nullable=False),
        sa.Column("total", types.Long, nullable=False),
        sa.Column("ordered", types.Long, nullable=False),
        sa.Column("to_cancel", types.Long, nullable=False),
        sa.Column("cancelled", types.Long, nullable=False),
        sa.Column("reserved", types.Long, nullable=False),
        sa.Column("planned", types.Long, nullable=False),
        sa.Column("handed_over", types.Long, nullable=False),
        sa.Column("returned", types.Long, nullable=False),
        sa.CheckConstraint("cancelled >= 0", name=op.f("ck_order_lines_cancelled")),
        sa.CheckConstraint("handed_over >= 0", name=op.f("ck_order_lines_handed_over")),
        sa.CheckConstraint("ordered >= 0", name=op.f("ck_order_lines_ordered")),
        sa.CheckConstraint("planned >= 0", name=op.f("ck_order_lines_planned")),
        sa.CheckConstraint("reserved + planned + handed_over + cancelled <= ordered", name=op.f("ck_order_lines_open")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_order_lines_reserved")),
        sa.CheckConstraint("returned <= handed_over", name=op.f("ck_order_lines_returned_goods")),
        sa.CheckConstraint("returned >= 0", name=op.f("ck_order_lines_returned")),
        sa.CheckConstraint("to_cancel >= 0", name=op.f("ck_order_lines_to_cancel")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"], ["items.tenant_id", "items.id"], name=op.f("fk_order_lines_tenant_id_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "listing_id"],
            ["listings.tenant_id", "listings.id"],
            name=op.f("fk_order_lines_tenant_id_listing_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"], ["orders.tenant_id", "orders.id"], name=op.f("fk_order_lines_tenant_id_order_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_order_lines")),
        sa.UniqueConstraint(
            "tenant_id", "order_id", "external_id", name=op.f("uq_order_lines_tenant_id_order_id_external_id")
        ),
    )
    op.create_index(
        "ix_order_lines_unmatched",
        "order_lines",
        ["tenant_id", "sku"],
        unique=False,
        sqlite_where=sa.text("item_id IS NULL AND carries_stock"),
        postgresql_where=sa.text("item_id IS NULL AND carries_stock"),
    )
    op.create_table(
        "positions",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("item_id", types.Long, nullable=False),
        sa.Column("location_id", types.Long, nullable=False),
        sa.Column("lot", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("on_hand", types.Long, nullable=False),
        sa.Column("reserved", types.Long, nullable=False),
        sa.CheckConstraint(
            "kind IN ('shelf', 'quarantine', 'transit', 'incoming', 'virtual')", name=op.f("ck_positions_kind")
        ),
        sa.CheckConstraint("reserved <= on_hand", name=op.f("ck_positions_oversold")),
        sa.CheckConstraint("reserved >= 0", name=op.f("ck_positions_reserved")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"], ["items.tenant_id", "items.id"], name=op.f("fk_positions_tenant_id_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "location_id"],
            ["locations.tenant_id", "locations.id"],
            name=op.f("fk_positions_tenant_id_location_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_positions")),
        sa.UniqueConstraint(
            "tenant_id",
            "item_id",
            "location_id",
            "lot",
            "kind",
            name=op.f("uq_positions_tenant_id_item_id_location_id_lot_kind"),
        ),
        postgresql_with={"fillfactor": 70},
    )
    op.create_table(
        "fulfilment_lines",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("fulfilment_id", types.Long, nullable=False),
        sa.Column("order_line_id", types.Long, nullable=False),
        sa.Column("quantity", types.Long, nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_fulfilment_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "fulfilment_id"],
            ["fulfilments.tenant_id", "fulfilments.id"],
            name=op.f("fk_fulfilment_lines_tenant_id_fulfilment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_line_id"],
            ["order_lines.tenant_id", "order_lines.id"],
            name=op.f("fk_fulfilment_lines_tenant_id_order_line_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fulfilment_lines")),
    )
    op.create_index(
        op.f("ix_fulfilment_lines_tenant_id_fulfilment_id"),
        "fulfilment_lines",
        ["tenant_id", "fulfilment_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_fulfilment_lines_tenant_id_order_line_id"),
        "fulfilment_lines",
        ["tenant_id", "order_line_id"],
        unique=False,
    )
    op.create_table(
        "holds",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("order_id", types.Long, nullable=False),
        sa.Column("order_line_id", types.Long, nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("opened_at", types.Utc(), nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("closed_at", types.Utc(), nullable=True),
        sa.Column("closed_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"], ["orders.tenant_id", "orders.id"], name=op.f("fk_holds_tenant_id_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_line_id"],
            ["order_lines.tenant_id", "order_lines.id"],
            name=op.f("fk_holds_tenant_id_order_line_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_holds")),
    )
    op.create_index(
        "ix_holds_open",
        "holds",
        ["tenant_id", "order_id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_holds_open_code",
        "holds",
        ["tenant_id", "code"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "movements",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("item_id", types.Long, nullable=False),
        sa.Column("quantity", types.Long, nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("source_id", types.Long, nullable=True),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("target_id", types.Long, nullable=True),
        sa.Column("unit_cost", types.Long, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("at", types.Utc(), nullable=False),
        sa.CheckConstraint("(source = 'position') = (source_id IS NOT NULL)", name=op.f("ck_movements_source")),
        sa.CheckConstraint("(target = 'position') = (target_id IS NOT NULL)", name=op.f("ck_movements_target")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_movements_quantity")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"], ["items.tenant_id", "items.id"], name=op.f("fk_movements_tenant_id_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "source_id"],
            ["positions.tenant_id", "positions.id"],
            name=op.f("fk_movements_tenant_id_source_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "target_id"],
            ["positions.tenant_id", "positions.id"],
            name=op.f("fk_movements_tenant_id_target_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_movements")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_movements_tenant_id_key")),
    )
    op.create_index(op.f("ix_movements_tenant_id_source_id"), "movements", ["tenant_id", "source_id"], unique=False)
    op.create_index(op.f("ix_movements_tenant_id_target_id"), "movements", ["tenant_id", "target_id"], unique=False)
    op.create_table(
        "receivables",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("company_id", types.Long, nullable=False),
        sa.Column("order_id", types.Long, nullable=False),
        sa.Column("fulfilment_id", types.Long, nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", types.Long, nullable=False),
        sa.Column("due", types.Long, nullable=False),
        sa.Column("rounding", types.Long, nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("made_at", types.Utc(), nullable=False),
        sa.CheckConstraint("kind IN ('invoice', 'credit_note')", name=op.f("ck_receivables_kind")),
        sa.CheckConstraint("state IN ('open', 'posted', 'settled', 'refused')", name=op.f("ck_receivables_state")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "company_id"],
            ["companies.tenant_id", "companies.id"],
            name=op.f("fk_receivables_tenant_id_company_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "fulfilment_id"],
            ["fulfilments.tenant_id", "fulfilments.id"],
            name=op.f("fk_receivables_tenant_id_fulfilment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"], ["orders.tenant_id", "orders.id"], name=op.f("fk_receivables_tenant_id_order_id")
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_receivables")),
        sa.UniqueConstraint(
            "tenant_id", "order_id", "kind", "sequence", name=op.f("uq_receivables_tenant_id_order_id_kind_sequence")
        ),
    )
    op.create_index(
        op.f("ix_receivables_tenant_id_fulfilment_id"), "receivables", ["tenant_id", "fulfilment_id"], unique=False
    )
    op.create_table(
        "shipments",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("fulfilment_id", types.Long, nullable=False),
        sa.Column("connection_id", types.Long, nullable=False),
        sa.Column("effect_id", types.Long, nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("cost", types.Long, nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("booked_at", types.Utc(), nullable=False),
        sa.Column("handed_over_at", types.Utc(), nullable=True),
        sa.Column("delivered_at", types.Utc(), nullable=True),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "state IN ('bought', 'void_requested', 'voided', 'void_refused')", name=op.f("ck_shipments_state")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_shipments_tenant_id_connection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "fulfilment_id"],
            ["fulfilments.tenant_id", "fulfilments.id"],
            name=op.f("fk_shipments_tenant_id_fulfilment_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_shipments")),
        sa.UniqueConstraint("tenant_id", "effect_id", name=op.f("uq_shipments_tenant_id_effect_id")),
    )
    op.create_index(
        op.f("ix_shipments_tenant_id_fulfilment_id"), "shipments", ["tenant_id", "fulfilment_id"], unique=False
    )
    op.create_table(
        "parcels",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("shipment_id", types.Long, nullable=False),
        sa.Column("connection_id", types.Long, nullable=False),
        sa.Column("parcel_no", sa.Integer(), nullable=False),
        sa.Column("tracking_number", sa.Text(), nullable=False),
        sa.Column("tracking_id", sa.Text(), nullable=False),
        sa.Column("tracking_url", sa.Text(), nullable=True),
        sa.Column("label_id", types.Long, nullable=True),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("asked_at", types.Utc(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "connection_id"],
            ["connections.tenant_id", "connections.id"],
            name=op.f("fk_parcels_tenant_id_connection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "label_id"], ["blobs.tenant_id", "blobs.id"], name=op.f("fk_parcels_tenant_id_label_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "shipment_id"],
            ["shipments.tenant_id", "shipments.id"],
            name=op.f("fk_parcels_tenant_id_shipment_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_parcels")),
        sa.UniqueConstraint(
            "tenant_id", "shipment_id", "parcel_no", name=op.f("uq_parcels_tenant_id_shipment_id_parcel_no")
        ),
    )
    op.create_index(
        op.f("ix_parcels_tenant_id_connection_id_tracking_id"),
        "parcels",
        ["tenant_id", "connection_id", "tracking_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_parcels_tenant_id_tracking_number"), "parcels", ["tenant_id", "tracking_number"], unique=False
    )
    op.create_table(
        "reservations",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("order_line_id", types.Long, nullable=False),
        sa.Column("position_id", types.Long, nullable=False),
        sa.Column("quantity", types.Long, nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("fulfilment_line_id", types.Long, nullable=True),
        sa.Column("made_at", types.Utc(), nullable=False),
        sa.Column("settled_at", types.Utc(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'shipped', 'released')", name=op.f("ck_reservations_state")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservations_quantity")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "fulfilment_line_id"],
            ["fulfilment_lines.tenant_id", "fulfilment_lines.id"],
            name=op.f("fk_reservations_tenant_id_fulfilment_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_line_id"],
            ["order_lines.tenant_id", "order_lines.id"],
            name=op.f("fk_reservations_tenant_id_order_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "position_id"],
            ["positions.tenant_id", "positions.id"],
            name=op.f("fk_reservations_tenant_id_position_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reservations")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index(
        "ix_reservations_open_line",
        "reservations",
        ["tenant_id", "order_line_id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_reservations_open_position",
        "reservations",
        ["tenant_id", "position_id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "tracking_events",
        sa.Column("tenant_id", types.Long, autoincrement=False, nullable=False),
        sa.Column("id", types.Long, autoincrement=False, nullable=False),
        sa.Column("parcel_id", types.Long, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("at", types.Utc(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("received_at", types.Utc(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parcel_id"],
            ["parcels.tenant_id", "parcels.id"],
            name=op.f("fk_tracking_events_tenant_id_parcel_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_tracking_events")),
        sa.UniqueConstraint(
            "tenant_id", "parcel_id", "digest", name=op.f("uq_tracking_events_tenant_id_parcel_id_digest")
        ),
    )

    if op.get_context().dialect.name == "postgresql":
        for table in [
            "alarms",
            "batches",
            "blobs",
            "blocks",
            "channel_locations",
            "chores",
            "circuits",
            "companies",
            "connections",
            "counters",
            "cursors",
            "data_keys",
            "effects",
            "events",
            "external_ids",
            "feeds",
            "fetches",
            "fulfilment_lines",
            "fulfilments",
            "holds",
            "hub",
            "inbox",
            "items",
            "listings",
            "locations",
            "movements",
            "order_lines",
            "orders",
            "parcels",
            "parties",
            "positions",
            "receivables",
            "reservations",
            "shipments",
            "steps",
            "tenants",
            "tracking_events",
        ]:
            op.execute(f"CREATE SEQUENCE {table}_ids")

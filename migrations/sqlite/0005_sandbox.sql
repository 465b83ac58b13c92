-- Made-up phones. Written in transactions of their own: they are the witness of what arrived.
CREATE TABLE sandbox_phones (
    session_id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    -- Digits of the linked phone.
    number TEXT NOT NULL UNIQUE,
    -- SHA-256 of the credentials that a linked session connects with; NULL: not linked.
    credentials_hash TEXT,
    restricted_until BIGINT,
    -- The ticks of plain messages come in their order, so two marks tell them all: up to this
    -- seq the session has heard that they were delivered, and that they were read.
    delivered_upto BIGINT NOT NULL DEFAULT 0,
    read_upto BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE sandbox_messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    -- The customer's digits or a group's JID.
    number TEXT NOT NULL,
    -- to_customer, from_customer, or from_phone: typed on the linked phone itself.
    direction TEXT NOT NULL,
    name TEXT,
    body TEXT,
    media_kind TEXT,
    media_id TEXT,
    filename TEXT,
    at BIGINT NOT NULL,
    -- 1: delivered at once, read after a second; told by the phone's marks, and the rest of the
    -- row is not used. 0: a fault or a person wants it otherwise, or somebody wrote it to us.
    plain BIGINT NOT NULL,
    tick TEXT NOT NULL,
    -- When the next receipt (or the message itself, from a customer) must reach the session; NULL: nothing is left to tell.
    next_at BIGINT,
    -- How long after the delivered tick the read tick comes; NULL: the usual second, -1: never.
    read_after_ms BIGINT,
    -- 1: each receipt comes twice.
    doubled BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX sandbox_messages_by_number ON sandbox_messages (session_id, number, seq);
CREATE INDEX sandbox_messages_by_id ON sandbox_messages (session_id, message_id);
CREATE INDEX sandbox_messages_by_media ON sandbox_messages (media_id) WHERE media_id IS NOT NULL;
CREATE INDEX sandbox_messages_plain ON sandbox_messages (session_id, seq) WHERE plain = 1;
CREATE INDEX sandbox_messages_due ON sandbox_messages (session_id, next_at, seq) WHERE next_at IS NOT NULL;

CREATE TABLE sandbox_faults (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    left_count BIGINT NOT NULL,
    delay_ms BIGINT,
    created_at BIGINT NOT NULL
);

CREATE INDEX sandbox_faults_by_session ON sandbox_faults (session_id, created_at);

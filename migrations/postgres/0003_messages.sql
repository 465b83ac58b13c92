-- Messages, in and out. A queue entry is a message on its way out: one row for its whole life.
CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    -- NULL while no session could be chosen.
    session_id TEXT,
    -- Follows from session and recipient; NULL as long as there is no session.
    chat_id TEXT,
    -- Counted per organization; NULL for messages that never were in the queue.
    queue_id BIGINT,
    reference_id TEXT,
    -- WhatsApp's id of an incoming message; an outgoing one's is its own id.
    wire_id TEXT,
    from_me BIGINT NOT NULL,
    -- JID of the other side.
    recipient TEXT NOT NULL,
    body TEXT,
    media_id TEXT,
    media_url TEXT,
    media_kind TEXT,
    -- Holds later messages to the same recipient: 1 its attachment is being fetched, 2 it is tried again; 0 does not hold.
    held BIGINT NOT NULL DEFAULT 0,
    -- Since when; without it, since it was accepted.
    held_at BIGINT,
    class TEXT NOT NULL,
    state TEXT NOT NULL,
    error TEXT,
    attempts BIGINT NOT NULL DEFAULT 0,
    -- The random delay, drawn once.
    delay_ms BIGINT NOT NULL DEFAULT 0,
    -- Planned to leave; NULL while it has no session.
    due_at BIGINT,
    -- Marked before the network is touched: after a crash, marked is uncertain.
    wire_at BIGINT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    delivered_at BIGINT,
    read_at BIGINT,
    -- Sent, failed or cancelled; orders the history.
    settled_at BIGINT,
    -- Sent or received; orders a chat.
    chat_at BIGINT
);

CREATE UNIQUE INDEX messages_queue ON messages (organization_id, queue_id) WHERE queue_id IS NOT NULL;
CREATE INDEX messages_open ON messages (organization_id, queue_id) WHERE state IN ('pending', 'processing', 'uncertain');
-- An expression of its own, so that no plan made over a small table takes another index instead.
CREATE INDEX messages_unassigned ON messages ((organization_id || ''), queue_id) WHERE state = 'pending' AND session_id IS NULL;
CREATE INDEX messages_fetch ON messages (organization_id, created_at, id) WHERE held = 1;
CREATE INDEX messages_lane ON messages (session_id, due_at, queue_id) WHERE state = 'pending';
CREATE INDEX messages_wire ON messages (session_id, wire_at) WHERE state IN ('processing', 'uncertain');
CREATE INDEX messages_held ON messages (session_id, recipient, queue_id) WHERE held > 0;
CREATE INDEX messages_history ON messages (organization_id, settled_at, id) WHERE settled_at IS NOT NULL;
CREATE INDEX messages_reference ON messages (organization_id, reference_id, created_at) WHERE reference_id IS NOT NULL;
CREATE INDEX messages_chat ON messages (chat_id, chat_at, id) WHERE chat_at IS NOT NULL;
CREATE UNIQUE INDEX messages_incoming ON messages (session_id, wire_id) WHERE wire_id IS NOT NULL;

CREATE TABLE chats (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    jid TEXT NOT NULL,
    name TEXT,
    last_text TEXT,
    last_from_me BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    UNIQUE (session_id, jid)
);

CREATE INDEX chats_by_session ON chats (session_id, last_at, id);
CREATE INDEX chats_by_recipient ON chats (organization_id, jid);

-- Kept, not counted.
CREATE TABLE queue_counters (
    organization_id TEXT PRIMARY KEY,
    next_queue_id BIGINT NOT NULL,
    waiting BIGINT NOT NULL,
    sent BIGINT NOT NULL,
    failed BIGINT NOT NULL
);

CREATE TABLE day_counters (
    organization_id TEXT NOT NULL,
    -- Empty for what failed before a session was chosen.
    session_id TEXT NOT NULL,
    -- YYYY-MM-DD in the organization's time zone.
    day TEXT NOT NULL,
    sent BIGINT NOT NULL DEFAULT 0,
    delivered BIGINT NOT NULL DEFAULT 0,
    read BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, day, session_id)
);

CREATE TABLE idempotency_keys (
    organization_id TEXT NOT NULL,
    api_key_id TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, api_key_id, key)
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- WhatsApp numbers that are linked here, and the attachments they carry.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    channel TEXT NOT NULL,
    number TEXT,
    -- 1: should be connected; 0: stopped by a person.
    wanted BIGINT NOT NULL DEFAULT 1,
    state TEXT NOT NULL,
    reason TEXT,
    state_since BIGINT NOT NULL,
    -- What the transport needs to connect again; encrypted.
    credentials TEXT,
    -- When the last planned message of this lane leaves, and when the last one really left.
    lane_free_at BIGINT NOT NULL DEFAULT 0,
    last_left_at BIGINT,
    sent BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    linked_at BIGINT,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);

CREATE INDEX sessions_by_organization ON sessions (organization_id, created_at);

-- The newest 50 changes of state of each session.
CREATE TABLE session_transitions (
    -- Time-ordered, so that changes within one millisecond keep their order.
    id TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id),
    organization_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT
);

CREATE INDEX session_transitions_by_session ON session_transitions (session_id, id);

CREATE TABLE media (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    sha256 TEXT NOT NULL,
    kind TEXT NOT NULL,
    mime TEXT NOT NULL,
    filename TEXT,
    bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX media_by_content ON media (organization_id, sha256);

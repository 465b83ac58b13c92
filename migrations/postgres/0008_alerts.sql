-- What a person should know of without having looked.
CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    session_id TEXT,
    kind TEXT NOT NULL,
    -- What of this kind it is about: a session, one of its limits, or the organization.
    subject TEXT NOT NULL,
    severity TEXT NOT NULL,
    -- open, acknowledged, resolved
    status TEXT NOT NULL,
    happened TEXT NOT NULL,
    means TEXT NOT NULL,
    advice TEXT NOT NULL,
    raised_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    -- When open pages last heard that it happened again.
    told_at BIGINT NOT NULL,
    times_seen BIGINT NOT NULL DEFAULT 1,
    acknowledged_at BIGINT,
    acknowledged_by TEXT,
    resolved_at BIGINT,
    -- NULL when it ended by itself; then the resolution says how.
    resolved_by TEXT,
    resolution TEXT
);

-- What happens again while it stands is the same alert.
CREATE UNIQUE INDEX alerts_standing ON alerts (organization_id, kind, subject) WHERE status <> 'resolved';
CREATE INDEX alerts_looked_at ON alerts (kind, id) WHERE status <> 'resolved';
CREATE INDEX alerts_by_organization ON alerts (organization_id, id);
CREATE INDEX alerts_by_status ON alerts (organization_id, status, id);
CREATE INDEX alerts_by_severity ON alerts (organization_id, severity, id);
CREATE INDEX alerts_by_kind ON alerts (organization_id, kind, id);
CREATE INDEX alerts_by_session ON alerts (session_id, id) WHERE session_id IS NOT NULL;

-- Kept, not counted.
CREATE TABLE alert_counters (
    organization_id TEXT NOT NULL,
    severity TEXT NOT NULL,
    open BIGINT NOT NULL,
    acknowledged BIGINT NOT NULL,
    PRIMARY KEY (organization_id, severity)
);

-- How far the watcher has read the event log; what was there before it is not looked at.
CREATE TABLE alert_places (
    name TEXT PRIMARY KEY,
    seq BIGINT NOT NULL
);

INSERT INTO alert_places (name, seq) SELECT 'events', COALESCE(MAX(seq), 0) FROM events;

-- Sessions that should be connected and are not, until they are or somebody was told.
CREATE TABLE alert_downs (
    session_id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    since BIGINT NOT NULL,
    told BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX alert_downs_untold ON alert_downs (since) WHERE told = 0;

-- The few events that the watcher reads, out of very many. An expression of its own, so that no
-- plan made over a small table walks the whole log instead.
CREATE INDEX events_watched ON events ((seq + 0)) WHERE type IN ('session.status', 'message.failed');

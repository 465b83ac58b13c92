-- The event log: written in the transaction of the change it tells of.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    session_id TEXT,
    type TEXT NOT NULL,
    at BIGINT NOT NULL,
    data TEXT NOT NULL
);

CREATE INDEX events_by_organization ON events (organization_id, seq);

-- Calls of the API as they came and as they were answered, without their secrets.
CREATE TABLE request_log (
    -- Empty for calls whose key nobody knows: they are nobody's, and nobody sees them.
    organization_id TEXT NOT NULL,
    -- The request's id, which begins with its time: lists and the clean-up need no other order.
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    method TEXT NOT NULL,
    url TEXT NOT NULL,
    -- 0 when the caller went away before there was an answer.
    status BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    ip TEXT NOT NULL,
    key_id TEXT,
    key_prefix TEXT,
    session_id TEXT,
    -- 1: the key belongs to the session; 0: the session is the one that was sent through.
    pinned BIGINT NOT NULL DEFAULT 0,
    -- The queue entries that the answer names.
    first_queue_id BIGINT,
    last_queue_id BIGINT,
    queued BIGINT NOT NULL DEFAULT 0,
    -- Wide columns stand last: a list does not read them.
    request_bytes BIGINT NOT NULL,
    response_bytes BIGINT NOT NULL,
    request_headers TEXT NOT NULL,
    response_headers TEXT NOT NULL,
    request_body TEXT,
    response_body TEXT,
    PRIMARY KEY (organization_id, id)
);

CREATE INDEX request_log_entries ON request_log (organization_id, last_queue_id, id) WHERE last_queue_id IS NOT NULL;

-- Kept, not counted.
CREATE TABLE request_log_numbers (
    organization_id TEXT PRIMARY KEY,
    entries BIGINT NOT NULL DEFAULT 0,
    -- Answered but not logged, because too many came at once.
    dropped BIGINT NOT NULL DEFAULT 0,
    last_dropped_at BIGINT
);

-- NULL inherits the platform's value; 0 logs nothing.
ALTER TABLE organizations ADD COLUMN request_log_days BIGINT;

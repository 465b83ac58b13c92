-- Send many: a list of recipients that was handed over at once, and what became of its rows.
ALTER TABLE messages ADD COLUMN batch_id TEXT;

CREATE INDEX messages_batch ON messages (organization_id, batch_id, state, queue_id) WHERE batch_id IS NOT NULL;

CREATE TABLE batches (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL,
    -- The key that made it may act for that session alone.
    pin_session_id TEXT,
    -- What rows that name no session are sent through; NULL lets one be chosen for each.
    session_id TEXT,
    name TEXT NOT NULL,
    file_name TEXT,
    -- The name of who made it, as it was then.
    made_by TEXT,
    state TEXT NOT NULL,
    -- JSON: how the file was read.
    found TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    valid BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    invalid BIGINT NOT NULL,
    -- How many of the valid rows were handed to the queue, and where the next one begins in its file.
    next_row BIGINT NOT NULL DEFAULT 0,
    next_byte BIGINT NOT NULL DEFAULT 0,
    accepted BIGINT NOT NULL DEFAULT 0,
    refused BIGINT NOT NULL DEFAULT 0,
    -- Why it does not go on just now.
    problem TEXT,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    finished_at BIGINT
);

CREATE INDEX batches_by_organization ON batches (organization_id, id);
CREATE INDEX batches_cancelled ON batches (finished_at) WHERE state = 'cancelled';
CREATE INDEX batches_open ON batches (state, id) WHERE state IN ('draft', 'queueing');

CREATE TABLE batch_errors (
    batch_id TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    row_number BIGINT NOT NULL,
    -- Counts the errors of one row.
    place BIGINT NOT NULL,
    column_name TEXT NOT NULL,
    value TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (batch_id, row_number, place)
);

-- What people wrote to us, by day. Days are those of the organization's zone, which SQL cannot tell
-- on every engine, so it is counted from now on.
ALTER TABLE day_counters ADD COLUMN received BIGINT NOT NULL DEFAULT 0;

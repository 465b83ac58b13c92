-- The sending engine: limits at every level, a queue that is planned when it leaves, and what a
-- session must remember of its past.

-- What a level sets, as a JSON object by name; what is not in it is blank.
ALTER TABLE organizations ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';
UPDATE organizations SET limits = '{"delay_min_ms":' || delay_min_ms || ',"delay_max_ms":' || delay_max_ms || '}'
WHERE delay_min_ms IS NOT NULL AND delay_max_ms IS NOT NULL;
UPDATE organizations SET limits = '{"delay_min_ms":' || delay_min_ms || '}'
WHERE delay_min_ms IS NOT NULL AND delay_max_ms IS NULL;
UPDATE organizations SET limits = '{"delay_max_ms":' || delay_max_ms || '}'
WHERE delay_min_ms IS NULL AND delay_max_ms IS NOT NULL;
ALTER TABLE organizations DROP COLUMN delay_min_ms;
ALTER TABLE organizations DROP COLUMN delay_max_ms;

-- A platform without a delay was one without pacing.
INSERT INTO platform (key, value)
SELECT 'limits', '{"delay_min_ms":0,"delay_max_ms":0,"hourly_limit":0,"daily_limit":0,"organization_daily_limit":0,"window":0,"recipient_gap_ms":0,"pause_after":0,"pause_ms":0,"warm_up":0,"cold_daily_limit":0,"typing_ms_per_character":0,"typing_max_ms":0,"read_before_reply":0,"repeated_text_after":0,"repeated_text_pause_ms":0}'
FROM platform WHERE key = 'delay_max_ms' AND value = '0';
DELETE FROM platform WHERE key IN ('delay_min_ms', 'delay_max_ms');

-- Who wants no messages from an organization.
CREATE TABLE opt_outs (
    organization_id TEXT NOT NULL,
    jid TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, jid)
);

ALTER TABLE sessions ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';
-- Single and bulk messages since the last break, and the pause after too many.
ALTER TABLE sessions ADD COLUMN in_row BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN paused_until BIGINT;
-- WhatsApp's own requests: nothing at all, or nothing to people who never wrote to us.
ALTER TABLE sessions ADD COLUMN held_until BIGINT;
ALTER TABLE sessions ADD COLUMN cold_until BIGINT;
-- The last hundred attempts, newest last: 1 sent, 0 failed.
ALTER TABLE sessions ADD COLUMN outcomes TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions DROP COLUMN lane_free_at;

-- When we last wrote to them, and when they last wrote to us.
ALTER TABLE chats ADD COLUMN left_at BIGINT;
ALTER TABLE chats ADD COLUMN in_at BIGINT;
UPDATE chats SET
    left_at = (SELECT MAX(m.sent_at) FROM messages m WHERE m.chat_id = chats.id AND m.chat_at IS NOT NULL AND m.from_me = 1),
    in_at = (SELECT MAX(m.chat_at) FROM messages m WHERE m.chat_id = chats.id AND m.chat_at IS NOT NULL AND m.from_me = 0);

-- What counts towards a day's limits: what went on the wire, and how much of it to people who
-- never wrote to us.
ALTER TABLE day_counters ADD COLUMN used BIGINT NOT NULL DEFAULT 0;
ALTER TABLE day_counters ADD COLUMN cold BIGINT NOT NULL DEFAULT 0;
UPDATE day_counters SET used = sent + failed;

-- An organization's day, reserved when messages are claimed; only where it has a limit.
CREATE TABLE organization_days (
    organization_id TEXT NOT NULL,
    day TEXT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (organization_id, day)
);

DROP INDEX messages_lane;
DROP INDEX messages_unassigned;
DROP INDEX messages_held;
-- 0 sent now by a person, 1 reply, 2 single, 3 bulk.
ALTER TABLE messages ADD COLUMN rank BIGINT NOT NULL DEFAULT 2;
-- 0: takes its turn. Else steps aside until then.
ALTER TABLE messages ADD COLUMN parked_until BIGINT NOT NULL DEFAULT 0;
-- Drawn once, for the random delay.
ALTER TABLE messages ADD COLUMN chance BIGINT NOT NULL DEFAULT 0;
-- Length of its text, for the time it takes to type it.
ALTER TABLE messages ADD COLUMN chars BIGINT NOT NULL DEFAULT 0;
-- 1: its session was named; 0: any session may take it.
ALTER TABLE messages ADD COLUMN named BIGINT NOT NULL DEFAULT 0;
UPDATE messages SET
    rank = CASE class WHEN 'reply' THEN 1 WHEN 'bulk' THEN 3 ELSE 2 END,
    parked_until = CASE held WHEN 1 THEN 9000000000000000 WHEN 2 THEN COALESCE(due_at, 0) ELSE 0 END,
    chars = COALESCE(LENGTH(body), 0)
WHERE state = 'pending';
ALTER TABLE messages DROP COLUMN due_at;
ALTER TABLE messages DROP COLUMN delay_ms;

CREATE INDEX messages_lane ON messages (session_id, parked_until, rank, queue_id) WHERE state = 'pending';
-- An expression of its own, so that no plan made over a small table takes another index instead.
CREATE INDEX messages_pool ON messages ((organization_id || ''), parked_until, rank, queue_id) WHERE state = 'pending' AND session_id IS NULL;
CREATE INDEX messages_parked ON messages (organization_id, recipient) WHERE state = 'pending' AND parked_until > 0;
CREATE INDEX messages_held ON messages (organization_id, recipient, queue_id) WHERE held > 0;

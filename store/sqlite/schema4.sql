-- Version 4: what is of the message stands in its row, once, and not in each of its events. An event has room for what it
-- reports, so that the same is recognised when it is reported again, and a message for when the mail that it reports on
-- was sent.

-- one column a row of event_fields that is of the message, in its order, but for source, which is there already
ALTER TABLE messages ADD COLUMN reporting_mta TEXT;
ALTER TABLE messages ADD COLUMN dialect TEXT;
ALTER TABLE messages ADD COLUMN feedback_type TEXT;
ALTER TABLE messages ADD COLUMN user_agent TEXT;
ALTER TABLE messages ADD COLUMN source_ip TEXT;
ALTER TABLE messages ADD COLUMN original_mail_from TEXT;
ALTER TABLE messages ADD COLUMN reported_domain TEXT;
ALTER TABLE messages ADD COLUMN auth_failure TEXT;
ALTER TABLE messages ADD COLUMN incidents INTEGER;
ALTER TABLE messages ADD COLUMN sender TEXT;
ALTER TABLE messages ADD COLUMN message_id TEXT;
ALTER TABLE messages ADD COLUMN subject TEXT;
ALTER TABLE messages ADD COLUMN list_id TEXT;
ALTER TABLE messages ADD COLUMN feedback_id TEXT;
ALTER TABLE messages ADD COLUMN stream TEXT;
-- when the mail that is reported on was sent, as far as the report tells; NULL: unknown
ALTER TABLE messages ADD COLUMN mailed INTEGER;
-- how many recipients it reports on beside those that have an event
ALTER TABLE messages ADD COLUMN left_out INTEGER NOT NULL DEFAULT 0;
CREATE INDEX messages_received ON messages (received);

CREATE TABLE first_events (message INTEGER PRIMARY KEY, event INTEGER NOT NULL) STRICT;
INSERT OR IGNORE INTO first_events SELECT message, id FROM events ORDER BY id;
UPDATE messages SET
    reporting_mta = substr(e.reporting_mta, 1, 1000), dialect = e.dialect,
    feedback_type = substr(e.feedback_type, 1, 1000), user_agent = substr(e.user_agent, 1, 1000),
    source_ip = substr(e.source_ip, 1, 1000), original_mail_from = substr(e.original_mail_from, 1, 1000),
    reported_domain = substr(e.reported_domain, 1, 1000), auth_failure = substr(e.auth_failure, 1, 1000),
    incidents = e.incidents, sender = substr(e.sender, 1, 1000), message_id = substr(e.message_id, 1, 1000),
    subject = substr(e.subject, 1, 1000), list_id = substr(e.list_id, 1, 1000),
    feedback_id = substr(e.feedback_id, 1, 1000), stream = substr(e.stream, 1, 1000)
    FROM first_events f JOIN events e ON e.id = f.event WHERE f.message = messages.id;
DROP TABLE first_events;

CREATE TABLE slim_events (
    id           INTEGER PRIMARY KEY,
    message      INTEGER NOT NULL REFERENCES messages (id),
    received     INTEGER NOT NULL,
    rule_version TEXT,
    effect       TEXT NOT NULL,
    policy       TEXT,
    failures     INTEGER, -- as many had been counted with it, when its policy waits for several
    -- 1: it is a failure that a policy counts, and the first of its reason and recipient in its message
    counts       INTEGER NOT NULL CHECK (counts IN (0, 1)),
    may_suppress INTEGER NOT NULL CHECK (may_suppress IN (0, 1)),
    command      TEXT,
    -- when and by whom it was last judged again, and what it was taken for before
    revised      INTEGER,
    revised_by   TEXT,
    revised_from TEXT,
    fingerprint  BLOB, -- of what it reports; NULL: nothing that could be recognised

    -- one column a row of event_fields that is of the recipient, in its order
    kind            TEXT NOT NULL,
    recipient       TEXT COLLATE NOCASE,
    recipient_from  TEXT,
    final_recipient TEXT,
    verdict         TEXT NOT NULL,
    reason          TEXT,
    party           TEXT,
    rule            TEXT,
    action          TEXT,
    status          TEXT,
    reply           INTEGER,
    diagnostic      TEXT,
    remote_mta      TEXT,
    blocklist       TEXT,
    occurred        INTEGER,
    evidence        TEXT NOT NULL
) STRICT;
INSERT INTO slim_events
    SELECT id, message, received, rule_version, effect, policy, failures, counts, may_suppress, command, revised,
        revised_by, revised_from, NULL, kind, recipient, recipient_from, final_recipient, verdict, reason, party, rule,
        action, status, reply, substr(diagnostic, 1, 1000), substr(remote_mta, 1, 1000), blocklist, occurred, evidence
    FROM events ORDER BY id;
DROP TABLE events;
ALTER TABLE slim_events RENAME TO events;
-- What happened to an address, and how often it failed for a reason: the policy's question for every event.
CREATE INDEX events_recipient ON events (recipient, counts, reason, received) WHERE recipient IS NOT NULL;
CREATE INDEX events_received ON events (received);
CREATE INDEX events_message ON events (message);
CREATE INDEX events_fingerprint ON events (fingerprint) WHERE fingerprint IS NOT NULL;

PRAGMA user_version = 4;

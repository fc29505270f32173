-- Version 8: the list has entries for addresses, domains and sub-domains, each with its scope; and rows are small, for
-- ten million addresses.

-- What many rows of the list and of its log have in common, once. '': none.
CREATE TABLE causes (
    id      INTEGER PRIMARY KEY,
    reason  TEXT NOT NULL, -- '': the operator's own entry
    verdict TEXT NOT NULL,
    policy  TEXT NOT NULL, -- the row that decided
    who     TEXT NOT NULL,
    door    TEXT NOT NULL, -- the way that it came by
    note    TEXT NOT NULL,
    batch   TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX causes_all ON causes (note, batch, who, policy, reason, verdict, door);

INSERT INTO causes (reason, verdict, policy, who, door, note, batch)
    VALUES ('', 'none', '', 'policy', 'policy', 'the clock was set back', '');
INSERT OR IGNORE INTO causes (reason, verdict, policy, who, door, note, batch)
    SELECT coalesce(reason, ''), verdict, coalesce(policy, ''), who, iif(who = 'policy', 'policy', 'cli'),
        coalesce(note, ''), '' FROM suppressions
    UNION SELECT coalesce(reason, ''), verdict, '', who, iif(who = 'policy', 'policy', 'cli'), coalesce(note, ''), ''
        FROM changes;

-- A subject is an address, "@example.org" for a domain or ".example.org" for its sub-domains, in lower case, and is
-- compared octet by octet. A scope is "tenant=NAME", "stream=NAME", or '' for all.
CREATE TABLE new_suppressions (
    subject  TEXT NOT NULL,
    scope    TEXT NOT NULL,
    until    INTEGER NOT NULL, -- 0: for good
    wave     INTEGER,          -- that holds it: it is not in force; NULL: it is
    since    INTEGER NOT NULL,
    cause    INTEGER NOT NULL REFERENCES causes (id),
    event    INTEGER REFERENCES events (id),
    spelling TEXT,             -- the subject as it was first given, when that is another
    PRIMARY KEY (subject, scope)
) STRICT, WITHOUT ROWID;
INSERT INTO new_suppressions
    SELECT lower(s.recipient), '', s.until, NULL, s.since, c.id, s.event,
        iif(s.recipient COLLATE BINARY <> lower(s.recipient), s.recipient, NULL)
    FROM suppressions s JOIN causes c ON c.note = coalesce(s.note, '') AND c.batch = '' AND c.who = s.who
        AND c.policy = coalesce(s.policy, '') AND c.reason = coalesce(s.reason, '') AND c.verdict = s.verdict
    ORDER BY 1;

-- Each row has the whole entry as the change left it, or as it was when it went: the last one of an entry is the
-- entry. An address stands here as the list shows it.
CREATE TABLE new_changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at       INTEGER NOT NULL,
    change   TEXT NOT NULL CHECK (change IN ('add', 'update', 'hold', 'confirm', 'remove', 'expire', 'forget')),
    subject  TEXT NOT NULL,
    scope    TEXT NOT NULL,
    since    INTEGER,          -- NULL: `at`
    until    INTEGER NOT NULL,
    cause    INTEGER NOT NULL REFERENCES causes (id), -- of the entry
    author   INTEGER REFERENCES causes (id),          -- of the change; NULL: the same
    wave     INTEGER,
    event    INTEGER,          -- which may be gone
    message  INTEGER REFERENCES messages (id)
) STRICT;
INSERT INTO new_changes
    SELECT h.sequence, h.at, h.change, h.recipient, '',
        nullif(s.since, h.at), h.until, coalesce(e.id, c.id),
        CASE WHEN s.who = h.who AND coalesce(s.note, '') = coalesce(h.note, '') THEN NULL ELSE nullif(c.id, e.id) END,
        NULL, s.event, h.message
    FROM changes h
    JOIN causes c ON c.note = coalesce(h.note, '') AND c.batch = '' AND c.who = h.who AND c.policy = ''
        AND c.reason = coalesce(h.reason, '') AND c.verdict = h.verdict
    LEFT JOIN suppressions s ON s.recipient = h.recipient AND h.change IN ('add', 'update') AND s.until = h.until
        AND s.verdict = h.verdict AND coalesce(s.reason, '') = coalesce(h.reason, '')
        AND h.sequence = (SELECT max(sequence) FROM changes WHERE recipient = h.recipient)
    LEFT JOIN causes e ON e.note = coalesce(s.note, '') AND e.batch = '' AND e.who = s.who
        AND e.policy = coalesce(s.policy, '') AND e.reason = coalesce(s.reason, '') AND e.verdict = s.verdict
    ORDER BY h.sequence;
UPDATE new_changes SET author = NULL WHERE author = cause;
DELETE FROM sqlite_sequence WHERE name = 'new_changes';
INSERT INTO sqlite_sequence SELECT 'new_changes', seq FROM sqlite_sequence WHERE name = 'changes';

DROP TABLE changes;
DROP TABLE suppressions;
ALTER TABLE new_suppressions RENAME TO suppressions;
ALTER TABLE new_changes RENAME TO changes;
CREATE INDEX suppressions_until ON suppressions (until) WHERE until > 0;
CREATE INDEX suppressions_since ON suppressions (since) WHERE until > 0;
CREATE INDEX suppressions_event ON suppressions (event) WHERE event IS NOT NULL;
CREATE INDEX suppressions_wave ON suppressions (wave) WHERE wave IS NOT NULL;
CREATE INDEX changes_subject ON changes (lower(subject));
CREATE INDEX changes_message ON changes (message) WHERE message IS NOT NULL;
CREATE TRIGGER changes_update BEFORE UPDATE ON changes BEGIN
    SELECT raise(ABORT, 'the change log is append-only');
END;
CREATE TRIGGER changes_delete BEFORE DELETE ON changes
WHEN OLD.at >= (SELECT before FROM log_end) OR (
    EXISTS (SELECT 1 FROM suppressions s WHERE s.subject = lower(OLD.subject) AND s.scope = OLD.scope) AND
    NOT EXISTS (SELECT 1 FROM changes c WHERE lower(c.subject) = lower(OLD.subject) AND c.scope = OLD.scope
        AND c.sequence > OLD.sequence))
BEGIN
    SELECT raise(ABORT, 'the change log is append-only');
END;

-- Failures up to `event` count no more. Of scope '*', for all scopes: mail went through. Of others: an operator took
-- the entry off the list, after the event `removed`; 0: never.
CREATE TABLE new_forgiven (
    recipient TEXT NOT NULL COLLATE NOCASE,
    scope     TEXT NOT NULL,
    event     INTEGER NOT NULL,
    removed   INTEGER NOT NULL,
    PRIMARY KEY (recipient, scope)
) STRICT, WITHOUT ROWID;
INSERT INTO new_forgiven SELECT recipient, '', removed, removed FROM forgiven WHERE removed > 0;
INSERT INTO new_forgiven SELECT recipient, '*', event, 0 FROM forgiven WHERE event > removed;
DROP TABLE forgiven;
ALTER TABLE new_forgiven RENAME TO forgiven;

-- whose the stream is
ALTER TABLE messages ADD COLUMN tenant TEXT;
-- the scope of the entry that it makes or counts towards
ALTER TABLE events ADD COLUMN scope TEXT NOT NULL DEFAULT '';
-- who takes the recipient's mail: a mailbox provider, or else the owner of its domain
ALTER TABLE events ADD COLUMN receiver TEXT;
-- the batch by which it was undone: it counts no more
ALTER TABLE events ADD COLUMN doubted TEXT;

PRAGMA user_version = 8;

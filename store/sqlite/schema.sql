-- Version 1 of the store. A file that was released is never edited: a change of the schema is another file beside this
-- one, which ends with its own user_version (see migrate.h).
--
-- Times are seconds since 1970 UTC. Enums are kept by their names. Addresses compare without regard to the case of ASCII
-- letters (NOCASE), since senders' lists do not keep the case of local parts.

-- One row a message. The digest is what says that a delivery was already counted.
CREATE TABLE messages (
    id        INTEGER PRIMARY KEY,
    digest    BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    received  INTEGER NOT NULL,
    source    TEXT NOT NULL,
    mail_from TEXT,
    rcpt_to   TEXT,
    size      INTEGER NOT NULL
) STRICT;

-- The messages themselves, compressed by zstd, for as long as they are kept: apart from their rows, so that these stay
-- small and dropping one frees whole pages.
CREATE TABLE raws (
    message  INTEGER PRIMARY KEY REFERENCES messages (id),
    received INTEGER NOT NULL,
    bytes    BLOB NOT NULL
) STRICT;
CREATE INDEX raws_received ON raws (received);

CREATE TABLE events (
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

    -- one column a row of event_fields, in its order
    source             TEXT,
    kind               TEXT NOT NULL,
    recipient          TEXT COLLATE NOCASE,
    recipient_from     TEXT,
    final_recipient    TEXT,
    verdict            TEXT NOT NULL,
    reason             TEXT,
    party              TEXT,
    rule               TEXT,
    action             TEXT,
    status             TEXT,
    reply              INTEGER,
    diagnostic         TEXT,
    reporting_mta      TEXT,
    remote_mta         TEXT,
    dialect            TEXT,
    blocklist          TEXT,
    feedback_type      TEXT,
    user_agent         TEXT,
    source_ip          TEXT,
    original_mail_from TEXT,
    reported_domain    TEXT,
    auth_failure       TEXT,
    incidents          INTEGER,
    sender             TEXT,
    message_id         TEXT,
    subject            TEXT,
    list_id            TEXT,
    feedback_id        TEXT,
    occurred           INTEGER,
    stream             TEXT,
    evidence           TEXT NOT NULL
) STRICT;
-- What happened to an address, and how often it failed for a reason: the policy's question for every event.
CREATE INDEX events_recipient ON events (recipient, counts, reason, received) WHERE recipient IS NOT NULL;
CREATE INDEX events_received ON events (received);

-- Failures up to `event` count no more: mail went through, or an operator took the address off the list. The latter
-- happened after the event `removed`; 0: never.
CREATE TABLE forgiven (
    recipient TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
    event     INTEGER NOT NULL,
    removed   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE suppressions (
    recipient TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
    reason    TEXT,             -- NULL: the operator's own entry
    verdict   TEXT NOT NULL,
    policy    TEXT,
    who       TEXT NOT NULL,
    note      TEXT,
    since     INTEGER NOT NULL,
    until     INTEGER NOT NULL, -- 0: for good
    event     INTEGER REFERENCES events (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX suppressions_until ON suppressions (until) WHERE until > 0;

-- The log that feeds read: what was written stays as it is.
CREATE TABLE changes (
    sequence  INTEGER PRIMARY KEY AUTOINCREMENT,
    at        INTEGER NOT NULL,
    change    TEXT NOT NULL CHECK (change IN ('add', 'update', 'remove', 'expire')),
    recipient TEXT NOT NULL COLLATE NOCASE,
    reason    TEXT,
    verdict   TEXT NOT NULL,
    until     INTEGER NOT NULL,
    who       TEXT NOT NULL,
    note      TEXT,
    message   INTEGER REFERENCES messages (id)
) STRICT;
CREATE INDEX changes_recipient ON changes (recipient);
CREATE TRIGGER changes_update BEFORE UPDATE ON changes BEGIN
    SELECT raise(ABORT, 'the change log is append-only');
END;
CREATE TRIGGER changes_delete BEFORE DELETE ON changes BEGIN
    SELECT raise(ABORT, 'the change log is append-only');
END;

CREATE TABLE counters (
    day              TEXT NOT NULL,
    stream           TEXT NOT NULL,
    sender_domain    TEXT NOT NULL,
    recipient_domain TEXT NOT NULL,
    kind             TEXT NOT NULL,
    verdict          TEXT NOT NULL,
    reason           TEXT NOT NULL,
    count            INTEGER NOT NULL,
    PRIMARY KEY (day, stream, sender_domain, recipient_domain, kind, verdict, reason)
) STRICT, WITHOUT ROWID;

PRAGMA application_id = 1112425284; -- "BNCD"
PRAGMA user_version = 1;

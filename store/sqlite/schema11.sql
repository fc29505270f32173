-- Version 11: an address is forgotten: what is left of it is a keyed hash, by which its entries hold on.
CREATE TABLE tombstones (
    hash      BLOB NOT NULL CHECK (length(hash) = 32),
    scope     TEXT NOT NULL,    -- as that of the entry was
    reason    TEXT NOT NULL,
    verdict   TEXT NOT NULL,
    since     INTEGER NOT NULL,
    until     INTEGER NOT NULL, -- 0: for good
    forgotten INTEGER NOT NULL, -- when
    PRIMARY KEY (hash, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstones_until ON tombstones (until) WHERE until > 0;

-- Whose changes go, in the transaction that forgets it; empty outside of it.
CREATE TABLE forgetting (subject TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
DROP TRIGGER changes_delete;
CREATE TRIGGER changes_delete BEFORE DELETE ON changes
WHEN (OLD.at >= (SELECT before FROM log_end) OR (
    EXISTS (SELECT 1 FROM suppressions s WHERE s.subject = lower(OLD.subject) AND s.scope = OLD.scope) AND
    NOT EXISTS (SELECT 1 FROM changes c WHERE lower(c.subject) = lower(OLD.subject) AND c.scope = OLD.scope
        AND c.sequence > OLD.sequence)))
    AND NOT EXISTS (SELECT 1 FROM forgetting f WHERE f.subject = lower(OLD.subject))
BEGIN
    SELECT raise(ABORT, 'the change log is append-only');
END;

PRAGMA user_version = 11;

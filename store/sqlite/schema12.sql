-- Version 12: what a batch of an operator's changed, as it was before, so that it can be undone.
CREATE TABLE batches (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE,
    undone_by TEXT -- the batch that undid it, or is about to; NULL: it stands
) STRICT;
CREATE INDEX batches_undone_by ON batches (undone_by) WHERE undone_by IS NOT NULL;

CREATE TABLE event_images (
    batch        INTEGER NOT NULL REFERENCES batches (id),
    event        INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    scope        TEXT NOT NULL,
    effect       TEXT NOT NULL,
    policy       TEXT,
    failures     INTEGER,
    counts       INTEGER NOT NULL,
    may_suppress INTEGER NOT NULL,
    revised      INTEGER,
    revised_by   TEXT,
    revised_from TEXT,
    PRIMARY KEY (batch, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_images_event ON event_images (event);

CREATE TABLE forgiven_images (
    batch     INTEGER NOT NULL REFERENCES batches (id),
    recipient TEXT NOT NULL COLLATE NOCASE,
    scope     TEXT NOT NULL,
    event     INTEGER, -- NULL: there was no row
    removed   INTEGER,
    last      INTEGER NOT NULL, -- the last event at that time
    PRIMARY KEY (recipient, scope, batch)
) STRICT, WITHOUT ROWID;
CREATE INDEX forgiven_images_batch ON forgiven_images (batch) WHERE scope = '*';

PRAGMA user_version = 12;

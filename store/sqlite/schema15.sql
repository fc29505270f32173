-- Version 15: whom a feed told that somebody did not get his mail: of each item of the feed, for two days.
CREATE TABLE tellings (
    id     TEXT NOT NULL PRIMARY KEY,
    author BLOB NOT NULL, -- a keyed hash, as the next
    pair   BLOB NOT NULL, -- of the author and of the recipient
    at     INTEGER NOT NULL,
    ended  INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX tellings_author ON tellings (author, at);
CREATE INDEX tellings_pair ON tellings (pair, at);
CREATE INDEX tellings_at ON tellings (at);

PRAGMA user_version = 15;

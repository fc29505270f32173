-- Version 14: the tokens of programs that use the API. A secret is not kept: its SHA-256 is.
CREATE TABLE tokens (
    name    TEXT NOT NULL PRIMARY KEY,
    tenant  TEXT, -- NULL: it is for all
    rights  INTEGER NOT NULL, -- 1 read, 2 write, 4 ingest, 8 admin
    made    INTEGER NOT NULL,
    expires INTEGER NOT NULL, -- 0: it does not
    used    INTEGER NOT NULL, -- the beginning of a day; 0: never
    key     BLOB NOT NULL, -- the first octets of the digest
    digest  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_key ON tokens (key);

PRAGMA user_version = 14;

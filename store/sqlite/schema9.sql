-- Version 9: the secret of which the keys are made for hashes of addresses.
CREATE TABLE secrets (
    name   TEXT NOT NULL PRIMARY KEY,
    octets BLOB NOT NULL
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 9;

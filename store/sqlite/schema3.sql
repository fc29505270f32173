-- Version 3: what proves an event, and claims: messages whose signatures are still to be verified. Both are written in
-- the transaction that stores the message.
CREATE TABLE proofs (
    event   INTEGER PRIMARY KEY REFERENCES events (id),
    message INTEGER NOT NULL REFERENCES messages (id),
    signers TEXT, -- the domains of whom one must have signed, blanks between; NULL: that is settled
    proof   TEXT  -- what proves the event; NULL: nothing yet
) STRICT;
CREATE INDEX proofs_message ON proofs (message) WHERE signers IS NOT NULL;

CREATE TABLE claims (
    message  INTEGER PRIMARY KEY REFERENCES messages (id),
    signers  TEXT NOT NULL,    -- those of its events
    attempts INTEGER NOT NULL, -- that were begun
    next     INTEGER NOT NULL  -- when it is its turn
) STRICT;
CREATE INDEX claims_next ON claims (next);

PRAGMA user_version = 3;

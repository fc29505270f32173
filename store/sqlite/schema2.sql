-- Version 2: the outbox. A row says that a message goes on to a person, and is written in the transaction that stores
-- the message; what became of it stays.
CREATE TABLE outbox (
    message   INTEGER NOT NULL REFERENCES messages (id),
    recipient TEXT NOT NULL,    -- whom it goes on to
    came_to   TEXT NOT NULL,    -- the envelope recipient that it came for
    state     TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed', 'withheld')),
    queued    INTEGER NOT NULL, -- when it came, or an operator sent it on its way again
    attempts  INTEGER NOT NULL,
    next      INTEGER NOT NULL, -- of 'waiting': when it is tried
    tried     INTEGER NOT NULL, -- when it was last tried; 0: never
    said      TEXT,             -- what the last attempt came to, or why it is withheld
    PRIMARY KEY (message, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_next ON outbox (next) WHERE state = 'waiting';
CREATE INDEX outbox_queued ON outbox (queued);
-- A flood of what is withheld does not make it dearer to count the others.
CREATE INDEX outbox_going ON outbox (queued) WHERE state <> 'withheld';

PRAGMA user_version = 2;

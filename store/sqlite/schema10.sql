-- Version 10: waves: receivers that fail far more mail than they used to, and are not believed meanwhile.

-- What is counted of a receiver and a rule. The first is of all together.
CREATE TABLE tallies (
    id       INTEGER PRIMARY KEY,
    receiver TEXT NOT NULL,
    rule     TEXT NOT NULL,
    first    INTEGER NOT NULL,           -- when it was made
    wave     INTEGER,                    -- that is on
    day      INTEGER NOT NULL DEFAULT 0, -- since 1970; on which its busiest hour was looked for last, ...
    busiest  INTEGER NOT NULL DEFAULT 0, -- ... and was this
    UNIQUE (receiver, rule)
) STRICT;
CREATE INDEX tallies_wave ON tallies (wave) WHERE wave IS NOT NULL;
INSERT INTO tallies (id, receiver, rule, first) VALUES (1, '', '', 0);

-- Addresses that newly failed in a bucket of five minutes; and the busiest hour of a day whose buckets are gone.
CREATE TABLE tally_counts (
    tally  INTEGER NOT NULL,
    bucket INTEGER NOT NULL, -- since 1970
    count  INTEGER NOT NULL,
    PRIMARY KEY (tally, bucket)
) STRICT, WITHOUT ROWID;
CREATE TABLE tally_days (
    tally   INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    busiest INTEGER NOT NULL,
    PRIMARY KEY (tally, day)
) STRICT, WITHOUT ROWID;

-- One row: when the first failure was, NULL: there was none; and how many tallies were made on a day.
CREATE TABLE tally_watch (since INTEGER, day INTEGER NOT NULL, made INTEGER NOT NULL) STRICT;
INSERT INTO tally_watch VALUES (NULL, 0, 0);

CREATE TABLE waves (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    receiver  TEXT NOT NULL,
    rule      TEXT NOT NULL,
    began     INTEGER NOT NULL, -- the hour before the alarm is part of it
    raised    INTEGER NOT NULL,
    last      INTEGER NOT NULL, -- when it was kept up last
    ended     INTEGER,
    closed    INTEGER,          -- it holds nothing any more
    level     INTEGER NOT NULL, -- the failures of an hour by which it became one
    baseline  INTEGER NOT NULL,
    failures  INTEGER NOT NULL,
    confirmed INTEGER NOT NULL,
    dropped   INTEGER NOT NULL,
    told      INTEGER NOT NULL  -- 0: nothing was said of it; 1: that it began; 2: that it ended
) STRICT;
CREATE INDEX waves_ended ON waves (ended) WHERE closed IS NULL;
CREATE INDEX waves_told ON waves (id) WHERE told < 2;

-- the wave that held what the event did
ALTER TABLE events ADD COLUMN wave INTEGER;
CREATE INDEX events_receiver ON events (receiver, rule, received)
    WHERE receiver IS NOT NULL AND counts = 1 AND verdict = 'hard';

PRAGMA user_version = 10;

-- Version 13: those who follow the log and the events do so by positions, and feeds have theirs here.

-- One row: the greatest numbers of rows that are gone, which are never used again; those of them that went since they
-- were old, for one who is further back has missed something; and which line of time this is: a backup that is restored
-- begins another one.
CREATE TABLE marks (
    last_event     INTEGER NOT NULL,
    last_change    INTEGER NOT NULL,
    dropped_event  INTEGER NOT NULL,
    dropped_change INTEGER NOT NULL,
    timeline       INTEGER NOT NULL
) STRICT;
INSERT INTO marks VALUES (0, 0, 0, 0, abs(random() % 4294967295) + 1);
CREATE TRIGGER marks_event AFTER DELETE ON events BEGIN
    UPDATE marks SET last_event = max(last_event, OLD.id),
        dropped_event = iif(EXISTS (SELECT 1 FROM forgetting), dropped_event, max(dropped_event, OLD.id));
END;
CREATE TRIGGER marks_change AFTER DELETE ON changes BEGIN
    UPDATE marks SET last_change = max(last_change, OLD.sequence),
        dropped_change = iif(EXISTS (SELECT 1 FROM forgetting), dropped_change, max(dropped_change, OLD.sequence));
END;

-- What is asked of a feed is the operator's: paused, asked and turn. The rest is its own, and it writes that for the
-- turn alone that it knows: another begins when the operator sends it on its way again, or to another place.
CREATE TABLE feeds (
    name      TEXT NOT NULL PRIMARY KEY,
    turn      INTEGER NOT NULL,
    paused    INTEGER NOT NULL CHECK (paused IN (0, 1)),
    asked     INTEGER NOT NULL, -- when a test was asked for last; 0: never
    tested    INTEGER NOT NULL, -- the value of `asked` that was answered
    event     INTEGER NOT NULL, -- its position
    change    INTEGER NOT NULL,
    dead      INTEGER NOT NULL CHECK (dead IN (0, 1)),
    failing   INTEGER NOT NULL, -- since when; 0: it is not
    attempts  INTEGER NOT NULL, -- that failed since
    tried     INTEGER NOT NULL, -- last; 0: never
    next      INTEGER NOT NULL, -- when it is tried again; 0: nothing waits for that
    delivered INTEGER NOT NULL, -- when something was delivered last; 0: never
    error     TEXT              -- the last one; NULL: it went well
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 13;

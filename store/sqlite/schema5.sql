-- Version 5: what is old goes. These indexes are what rows are found by that refer to one that is to go.
CREATE INDEX suppressions_event ON suppressions (event) WHERE event IS NOT NULL;
CREATE INDEX changes_message ON changes (message) WHERE message IS NOT NULL;
DROP INDEX proofs_message;
CREATE INDEX proofs_message ON proofs (message);

-- Changes from before this time may go; but the last one of an address that is on the list stays, so that the list is
-- what the log gives.
CREATE TABLE log_end (before INTEGER NOT NULL) STRICT;
INSERT INTO log_end VALUES (0);
DROP TRIGGER changes_delete;
CREATE TRIGGER changes_delete BEFORE DELETE ON changes
WHEN OLD.at >= (SELECT before FROM log_end) OR (
    EXISTS (SELECT 1 FROM suppressions s WHERE s.recipient = OLD.recipient) AND
    NOT EXISTS (SELECT 1 FROM changes c WHERE c.recipient = OLD.recipient AND c.sequence > OLD.sequence))
BEGIN
    SELECT raise(ABORT, 'the change log is append-only');
END;

PRAGMA user_version = 5;

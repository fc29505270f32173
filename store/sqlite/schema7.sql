-- Version 7: a run of `bouncectl ingest` is a batch, which can be undone. NULL: mail that came by itself.
ALTER TABLE messages ADD COLUMN batch TEXT;
CREATE INDEX messages_batch ON messages (batch) WHERE batch IS NOT NULL;

PRAGMA user_version = 7;

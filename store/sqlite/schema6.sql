-- Version 6: entries are found that began at a time that is still to come, since the clock was set back.
CREATE INDEX suppressions_since ON suppressions (since) WHERE until > 0;

PRAGMA user_version = 6;

-- Version 16: a batch has who made it, when and why, so that it can be told and goes when it is old; an event as it was
-- before a batch has its wave, too; and a wave has when its first failure was.
ALTER TABLE batches ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN who TEXT;  -- NULL: not known
ALTER TABLE batches ADD COLUMN note TEXT;
ALTER TABLE batches ADD COLUMN wave INTEGER; -- whose entries it decided about; NULL: none
UPDATE batches SET at = c.at, who = c.who, note = nullif(c.note, '')
    FROM (SELECT c.batch, max(h.at) AS at, c.who, c.note FROM changes h
        JOIN causes c ON c.id = coalesce(h.author, h.cause) WHERE c.batch <> '' GROUP BY c.batch) c
    WHERE c.batch = batches.name;
UPDATE batches SET at = max(at, coalesce((SELECT max(e.revised) FROM event_images i JOIN events e ON e.id = i.event
    WHERE i.batch = batches.id), 0));
DROP INDEX forgiven_images_batch;
CREATE INDEX forgiven_images_batch ON forgiven_images (batch, scope);

ALTER TABLE event_images ADD COLUMN wave INTEGER;

ALTER TABLE waves ADD COLUMN first INTEGER; -- NULL: not known

PRAGMA user_version = 16;

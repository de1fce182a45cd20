-- How much of a document was accepted, so that one document cannot fill everybody's disk. The bodies
-- counted here for what is there already are a little longer than the payloads counted from now on.
ALTER TABLE document ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN ops INTEGER NOT NULL DEFAULT 0;
UPDATE document SET
    bytes = (SELECT coalesce(sum(length(body)), 0) FROM op WHERE op.document = document.id AND seq IS NOT NULL),
    ops = (SELECT count(*) FROM op WHERE op.document = document.id AND seq IS NOT NULL);

DROP INDEX attachments_wanted;
DROP INDEX replies_author;
CREATE INDEX replies_author ON replies (author_id);
DROP INDEX replies_parent;
DROP TABLE mentions;

DROP INDEX attachments_wanted;
DROP INDEX replies_parent;
DROP TABLE mentions;

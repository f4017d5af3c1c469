ALTER TABLE revisions DROP COLUMN plain_summary;
ALTER TABLE documents DROP COLUMN plain_summary;
ALTER TABLE post_versions DROP COLUMN plain_summary;
ALTER TABLE threads DROP COLUMN plain_summary;
ALTER TABLE networks DROP COLUMN plain_summary;
DROP TABLE attachment_holds;
DROP TABLE drafts;

DROP TABLE digests;
DROP TABLE digest_preferences;
ALTER TABLE accounts DROP COLUMN password_changed_at;

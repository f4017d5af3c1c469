ALTER TABLE networks DROP COLUMN federation;
DROP TABLE peer_rules;
DROP TABLE federation_settings;

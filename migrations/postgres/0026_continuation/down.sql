DROP INDEX activities_post;
ALTER TABLE activities DROP COLUMN post_id;
ALTER TABLE peers DROP COLUMN told_at;
ALTER TABLE peers DROP COLUMN continuable_at;
ALTER TABLE peers DROP COLUMN silent_since;
ALTER TABLE peers DROP COLUMN looked_at;
DROP TABLE network_moves;
DROP TABLE coordinators;
DROP TABLE network_addresses;

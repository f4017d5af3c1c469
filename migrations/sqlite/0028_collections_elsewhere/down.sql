ALTER TABLE remote_actors DROP COLUMN backfilled_at;
ALTER TABLE remote_actors DROP COLUMN backfilling_since;
ALTER TABLE remote_actors DROP COLUMN moderators;
ALTER TABLE remote_actors DROP COLUMN featured;
ALTER TABLE remote_actors DROP COLUMN followers;
ALTER TABLE remote_actors DROP COLUMN outbox;

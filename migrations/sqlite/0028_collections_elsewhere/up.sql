-- Where the collections of an actor are, as it tells.
ALTER TABLE remote_actors ADD COLUMN outbox TEXT;
ALTER TABLE remote_actors ADD COLUMN followers TEXT;
ALTER TABLE remote_actors ADD COLUMN featured TEXT;
ALTER TABLE remote_actors ADD COLUMN moderators TEXT;
-- of networks: since when what was written in it before is being taken over, and when that was done
ALTER TABLE remote_actors ADD COLUMN backfilling_since TIMESTAMP;
ALTER TABLE remote_actors ADD COLUMN backfilled_at TIMESTAMP;

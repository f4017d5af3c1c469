-- Up to where something is for it, of activities: it waits for something where that is behind its position.
ALTER TABLE peers ADD COLUMN wanted BIGINT NOT NULL DEFAULT 0;
UPDATE peers SET wanted = (SELECT COALESCE(MAX(position), 0) FROM activities);
-- What it took already behind its position, as numbers with spaces between them.
ALTER TABLE peers ADD COLUMN ahead TEXT NOT NULL DEFAULT '';
-- Something that was parked for it is to be tried again, since then.
ALTER TABLE peers ADD COLUMN again_at TIMESTAMP;
-- Where it takes what is for its followers.
ALTER TABLE peers ADD COLUMN inbox TEXT;
UPDATE peers SET inbox = (
    SELECT delivery FROM remote_actors WHERE remote_actors.host = peers.host ORDER BY fetched_at DESC LIMIT 1
);
-- What it runs, as it says itself (NodeInfo), and when it is asked next.
ALTER TABLE peers ADD COLUMN software TEXT;
ALTER TABLE peers ADD COLUMN software_version TEXT;
ALTER TABLE peers ADD COLUMN software_due_at TIMESTAMP;
DROP INDEX peers_due;
CREATE INDEX peers_due ON peers (next_try_at) WHERE position < wanted OR again_at IS NOT NULL;
CREATE INDEX peers_software ON peers (software_due_at);

-- What an instance fell over, time and again.
DROP TABLE parked_deliveries;
CREATE TABLE parked_deliveries (
    id INTEGER PRIMARY KEY NOT NULL,
    activity_id BIGINT NOT NULL REFERENCES activities (id),
    host TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    -- null while it is tried
    parked_at TIMESTAMP,
    UNIQUE (activity_id, host)
);
CREATE INDEX parked_deliveries_host ON parked_deliveries (host);
CREATE INDEX parked_deliveries_parked ON parked_deliveries (id) WHERE parked_at IS NOT NULL;
CREATE INDEX inbox_messages_parked ON inbox_messages (id) WHERE parked_at IS NOT NULL;

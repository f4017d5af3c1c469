DROP INDEX inbox_messages_parked;
DROP TABLE parked_deliveries;
CREATE TABLE parked_deliveries (
    activity_id BIGINT NOT NULL REFERENCES activities (id),
    host TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    -- null while it is tried
    parked_at TIMESTAMP,
    PRIMARY KEY (activity_id, host)
);
DROP INDEX peers_software;
DROP INDEX peers_due;
ALTER TABLE peers DROP COLUMN software_due_at;
ALTER TABLE peers DROP COLUMN software_version;
ALTER TABLE peers DROP COLUMN software;
ALTER TABLE peers DROP COLUMN inbox;
ALTER TABLE peers DROP COLUMN again_at;
ALTER TABLE peers DROP COLUMN ahead;
ALTER TABLE peers DROP COLUMN wanted;
CREATE INDEX peers_due ON peers (next_try_at);

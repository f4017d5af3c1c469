-- With whom this instance exchanges anything: one row, once an admin chose.
CREATE TABLE federation_settings (
    id BIGINT PRIMARY KEY NOT NULL,
    -- none, named, open
    reach TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    updated_by BIGINT NOT NULL REFERENCES persons (id)
);

-- Instances that an admin allowed or blocked.
CREATE TABLE peer_rules (
    host TEXT PRIMARY KEY NOT NULL,
    -- allow, block
    rule TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    created_by BIGINT NOT NULL REFERENCES persons (id)
);

-- With whom a network exchanges what is written in it: none, open, or a list of hosts (JSON).
ALTER TABLE networks ADD COLUMN federation TEXT NOT NULL DEFAULT 'none';

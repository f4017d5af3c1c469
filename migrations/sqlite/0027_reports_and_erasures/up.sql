-- What was reported to those who moderate a network.
CREATE TABLE reports (
    id BIGINT PRIMARY KEY NOT NULL,
    network_id BIGINT NOT NULL REFERENCES networks (id),
    -- thread, reply, document
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    -- null where an instance reports for somebody whom it does not name
    reporter_id BIGINT REFERENCES persons (id),
    -- the instance that it came from; empty for this one
    host TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- open, resolved
    state TEXT NOT NULL,
    -- what was done about it, for whoever reported it
    decision TEXT,
    decided_by BIGINT REFERENCES persons (id),
    decided_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX reports_network ON reports (network_id, id);
CREATE INDEX reports_reporter ON reports (reporter_id, id);

-- Instances that hold what was written in a network, or may.
CREATE TABLE copies (
    network_id BIGINT NOT NULL REFERENCES networks (id),
    host TEXT NOT NULL,
    since TIMESTAMP NOT NULL,
    -- they were asked to delete all of it
    asked_at TIMESTAMP,
    PRIMARY KEY (network_id, host)
);
CREATE INDEX copies_host ON copies (host);
INSERT INTO copies (network_id, host, since)
SELECT memberships.network_id, persons.host, MIN(memberships.created_at) FROM memberships
JOIN persons ON persons.id = memberships.person_id JOIN networks ON networks.id = memberships.network_id
WHERE persons.host <> '' AND networks.host = '' GROUP BY memberships.network_id, persons.host;

-- What other instances were asked to delete.
CREATE TABLE erasures (
    id BIGINT PRIMARY KEY NOT NULL,
    -- null where somebody is gone
    network_id BIGINT REFERENCES networks (id),
    -- whose it was: who wrote it, or is gone; null for all of a network
    person_id BIGINT REFERENCES persons (id),
    -- thread, reply, document, network, person
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    -- deleted, narrowed, closed
    reason TEXT NOT NULL,
    -- how many things they are asked to delete
    objects BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    -- when all of it was asked
    asked_at TIMESTAMP
);
CREATE INDEX erasures_network ON erasures (network_id, id);
CREATE INDEX erasures_person ON erasures (person_id, id);

-- Who was asked, and how that stands.
CREATE TABLE erasure_hosts (
    erasure_id BIGINT NOT NULL REFERENCES erasures (id),
    host TEXT NOT NULL,
    -- how many of the things it did not take
    refused BIGINT NOT NULL,
    last_error TEXT,
    -- it answered to all of it
    settled_at TIMESTAMP,
    PRIMARY KEY (erasure_id, host)
);
CREATE INDEX erasure_hosts_open ON erasure_hosts (host) WHERE settled_at IS NULL;

-- For the instances that this erasure is asked of, whatever is exchanged with them.
ALTER TABLE activities ADD COLUMN erasure_id BIGINT;
CREATE INDEX activities_erasure ON activities (erasure_id) WHERE erasure_id IS NOT NULL;
-- The address of what it tells the text of: that goes when the text goes.
ALTER TABLE activities ADD COLUMN tells TEXT;
CREATE INDEX activities_tells ON activities (tells) WHERE tells IS NOT NULL;

-- Addresses that lead to a network besides the one in its row: where it lived before, and one that is kept for it.
CREATE TABLE network_addresses (
    slug TEXT PRIMARY KEY NOT NULL,
    network_id BIGINT NOT NULL REFERENCES networks (id),
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX network_addresses_network ON network_addresses (network_id);

-- Since when each coordinator of a network is one.
CREATE TABLE coordinators (
    network_id BIGINT NOT NULL REFERENCES networks (id),
    person_id BIGINT NOT NULL REFERENCES persons (id),
    since TIMESTAMP NOT NULL,
    PRIMARY KEY (network_id, person_id)
);
INSERT INTO coordinators (network_id, person_id, since)
SELECT network_id, person_id, COALESCE(joined_at, created_at) FROM memberships
WHERE role = 'coordinator' AND state = 'active';

-- Networks that moved, or are to, from one instance to another.
CREATE TABLE network_moves (
    id BIGINT PRIMARY KEY NOT NULL,
    network_id BIGINT NOT NULL REFERENCES networks (id),
    -- the addresses of the two groups
    from_uri TEXT NOT NULL,
    to_uri TEXT NOT NULL,
    -- the second as people write it: haltes@kring.example, and without the host where that is this instance
    to_address TEXT NOT NULL,
    -- prepared: an address is kept here for a network that is to come; kept: told, but its home may still come back;
    -- done: it lives there now; elsewhere: it lives here, and is continued there all the same
    state TEXT NOT NULL,
    -- who continues it, by their address; null where its home itself said so
    by_uri TEXT,
    -- the Move as it was signed: empty before there is one
    activity TEXT NOT NULL,
    -- who coordinated it by the last copy (JSON): what decides where two continue it
    coordinators TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX network_moves_network ON network_moves (network_id);
CREATE INDEX network_moves_from ON network_moves (from_uri);

-- When an instance where networks live that people here belong to was looked at last, since when it is silent, and from
-- when on its networks can be continued elsewhere.
ALTER TABLE peers ADD COLUMN looked_at TIMESTAMP;
ALTER TABLE peers ADD COLUMN silent_since TIMESTAMP;
ALTER TABLE peers ADD COLUMN continuable_at TIMESTAMP;
-- when coordinators here were told that
ALTER TABLE peers ADD COLUMN told_at TIMESTAMP;

-- The thread or reply that is told of to the home of its network, so that people see whether it got there.
ALTER TABLE activities ADD COLUMN post_id BIGINT;
CREATE INDEX activities_post ON activities (post_id) WHERE post_id IS NOT NULL;

-- Other instances that anything was exchanged with.
CREATE TABLE peers (
    host TEXT PRIMARY KEY NOT NULL,
    -- of activities: every one up to here is done with
    position BIGINT NOT NULL,
    -- signatures of RFC 9421 worked, or its actors say that they do
    takes_rfc9421 BOOLEAN NOT NULL,
    attempts BIGINT NOT NULL,
    next_try_at TIMESTAMP NOT NULL,
    failing_since TIMESTAMP,
    last_success_at TIMESTAMP,
    last_error TEXT,
    -- who sends to it now, and until when
    claimed_by TEXT,
    claimed_until TIMESTAMP,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX peers_due ON peers (next_try_at);

-- Actors of other instances: people and networks, which have rows of their own, and instances.
CREATE TABLE remote_actors (
    uri TEXT PRIMARY KEY NOT NULL,
    host TEXT NOT NULL,
    person_id BIGINT REFERENCES persons (id),
    network_id BIGINT REFERENCES networks (id),
    inbox TEXT NOT NULL,
    -- the inbox that its instance shares, else its own
    delivery TEXT NOT NULL,
    key_id TEXT NOT NULL,
    public_key TEXT NOT NULL,
    -- the key that proves objects, kept so that copies can be proved when its address is gone
    proof_key_id TEXT,
    proof_key TEXT,
    fetched_at TIMESTAMP NOT NULL
);
CREATE INDEX remote_actors_key ON remote_actors (key_id);
CREATE INDEX remote_actors_person ON remote_actors (person_id);
CREATE INDEX remote_actors_network ON remote_actors (network_id);

-- What people of other instances wrote, by its own id.
CREATE TABLE remote_objects (
    uri TEXT PRIMARY KEY NOT NULL,
    -- thread, reply
    kind TEXT NOT NULL,
    object_id BIGINT NOT NULL,
    -- of the version that stands here, as its author says
    updated_at TIMESTAMP NOT NULL,
    -- the activity that brought it, as it came: for telling on, and as proof
    activity TEXT NOT NULL
);
CREATE INDEX remote_objects_id ON remote_objects (object_id);

-- Who follows which network across instances, and the activity that asked for it.
CREATE TABLE follows (
    uri TEXT PRIMARY KEY NOT NULL,
    network_id BIGINT NOT NULL REFERENCES networks (id),
    person_id BIGINT NOT NULL REFERENCES persons (id),
    created_at TIMESTAMP NOT NULL,
    UNIQUE (network_id, person_id)
);

-- What actors of this instance did, to be told to others.
CREATE TABLE activities (
    id INTEGER PRIMARY KEY NOT NULL,
    -- given after commit under one lock, like that of events
    position BIGINT UNIQUE,
    uri TEXT NOT NULL UNIQUE,
    -- who signs it
    owner_kind TEXT NOT NULL,
    owner_id BIGINT NOT NULL,
    payload TEXT NOT NULL,
    -- for whom: every instance that follows this network, or
    network_id BIGINT REFERENCES networks (id),
    -- this inbox of this instance; with a network: for as long as that goes there
    host TEXT,
    inbox TEXT,
    -- those of one thread go out in their order
    order_key TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX activities_network ON activities (network_id, position);
CREATE INDEX activities_host ON activities (host, position);
CREATE INDEX activities_new ON activities (id) WHERE position IS NULL;

-- What an instance did not take, time and again.
CREATE TABLE parked_deliveries (
    activity_id BIGINT NOT NULL REFERENCES activities (id),
    host TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    -- null while it is tried
    parked_at TIMESTAMP,
    PRIMARY KEY (activity_id, host)
);

-- What others sent, each once.
CREATE TABLE inbox_messages (
    id INTEGER PRIMARY KEY NOT NULL,
    uri TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    -- whose signature it came with
    signer TEXT NOT NULL,
    body TEXT NOT NULL,
    -- those of one thread are taken in their order
    order_key TEXT NOT NULL,
    run_at TIMESTAMP NOT NULL,
    attempts BIGINT NOT NULL,
    claimed_by TEXT,
    claimed_until TIMESTAMP,
    last_error TEXT,
    -- kept for a week after, so that the same is not taken twice
    done_at TIMESTAMP,
    -- given up: an admin looks
    parked_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX inbox_messages_due ON inbox_messages (run_at, id) WHERE done_at IS NULL AND parked_at IS NULL;
CREATE INDEX inbox_messages_order ON inbox_messages (order_key, id) WHERE done_at IS NULL AND parked_at IS NULL;
CREATE INDEX inbox_messages_done ON inbox_messages (done_at);

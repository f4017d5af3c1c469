-- What happened, written in the transaction of the write it tells of.
CREATE TABLE events (
    id INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    network_id BIGINT REFERENCES networks (id),
    subject_id BIGINT NOT NULL,
    actor_id BIGINT REFERENCES persons (id),
    payload TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    -- order of arrival, given after commit under one lock: ids commit out of order, positions do not
    position BIGINT UNIQUE
);
CREATE INDEX events_new ON events (id) WHERE position IS NULL;
CREATE INDEX events_network ON events (network_id, position);

-- How far each consumer of events has come.
CREATE TABLE event_cursors (
    consumer TEXT PRIMARY KEY NOT NULL,
    position BIGINT NOT NULL
);

-- Events that a consumer could not handle. One that it tried often enough is set aside, for a person to look at, so
-- that those behind it have their turn.
CREATE TABLE event_failures (
    consumer TEXT NOT NULL,
    event_id BIGINT NOT NULL REFERENCES events (id),
    attempts BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    set_aside_at TIMESTAMP,
    PRIMARY KEY (consumer, event_id)
);

-- Work for later. Gone when done; kept with its error when given up.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    run_at TIMESTAMP NOT NULL,
    attempts BIGINT NOT NULL,
    -- whose it is and until when; after that it is anybody's again
    claimed_by TEXT,
    claimed_until TIMESTAMP,
    last_error TEXT,
    failed_at TIMESTAMP,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE failed_at IS NULL;

-- First answers to requests that carried an Idempotency-Key, for 24 hours.
CREATE TABLE idempotency_keys (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status BIGINT NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

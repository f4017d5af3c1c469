-- A mail is a row first. Its Message-ID is chosen before it goes out.
CREATE TABLE mails (
    id INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    person_id BIGINT REFERENCES persons (id),
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- the whole message, RFC 5322; emptied once sent, as it may hold a token
    message TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    -- queued, sending, sent, failed, unknown
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at TIMESTAMP NOT NULL,
    claimed_by TEXT,
    claimed_until TIMESTAMP,
    last_error TEXT,
    created_at TIMESTAMP NOT NULL,
    sent_at TIMESTAMP
);
CREATE INDEX mails_due ON mails (state, next_attempt_at, id);

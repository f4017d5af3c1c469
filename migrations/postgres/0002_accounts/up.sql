-- Somebody who acts. Handles are addresses: rows are never deleted and handles never used again.
CREATE TABLE persons (
    id BIGINT PRIMARY KEY NOT NULL,
    handle TEXT NOT NULL,
    -- empty for persons of this instance
    host TEXT NOT NULL,
    display_name TEXT NOT NULL,
    bio TEXT NOT NULL,
    municipality TEXT REFERENCES municipalities (code),
    languages TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    closed_at TIMESTAMP,
    UNIQUE (handle, host)
);

-- The login of a person of this instance.
CREATE TABLE accounts (
    id BIGINT PRIMARY KEY NOT NULL,
    person_id BIGINT NOT NULL UNIQUE REFERENCES persons (id),
    -- as its owner writes it; null once closed
    email TEXT,
    -- in small letters: what two spellings of one mailbox share
    email_key TEXT UNIQUE,
    email_verified_at TIMESTAMP,
    password_hash TEXT NOT NULL,
    language TEXT NOT NULL,
    -- member, admin
    role TEXT NOT NULL,
    approved_at TIMESTAMP,
    -- health data: private; shown in a network only by the membership's own choice
    expert_by_experience BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    closed_at TIMESTAMP
);

CREATE TABLE sessions (
    id BIGINT PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    -- what the person sees in the list: the browser's own words, cut short
    device TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP
);
CREATE INDEX sessions_account ON sessions (account_id);

-- One row a refresh token, hashed. A used one names no successor: it is derived from the token itself.
CREATE TABLE refresh_tokens (
    hash TEXT PRIMARY KEY NOT NULL,
    session_id BIGINT NOT NULL REFERENCES sessions (id),
    created_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

-- Words sent by mail, hashed: to verify an address, to reset a password, to change the address.
CREATE TABLE email_tokens (
    hash TEXT PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    purpose TEXT NOT NULL,
    email TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX email_tokens_account ON email_tokens (account_id);
